/*
 * delivered.h - what a service tells of a message after it took it: for a webhook, a script and lp-send status.
 */
#ifndef LP_SENDER_DELIVERED_H
#define LP_SENDER_DELIVERED_H

#include "base/json.h"
#include "store/delivery.h"

/*
 * delivery_status(db, d, err): on record, and what follows from it: a failure that is the address's, the person's or ours is acted on as a refusal is
 * (sender/volume.h); a message of which it wasn't known whether it left, did. Twice is once, and late is never back. The caller holds a transaction.
 * 1 news; 0 known already, overtaken, or of no message of ours; -1: LP_DATA: no such status, no id.
 */
int delivery_status(struct lp_db *, const struct delivery *, struct lp_err *);

/* delivery_caught_up(db, account, service_id, err): the service's answer is on record: what it had told before is acted on now. 0, -1. */
int delivery_caught_up(struct lp_db *, int64_t account, const char *service_id, struct lp_err *);

struct delivered {
	long seen, news, bad;
};
/* delivered_lines(db, lines, account, dry, refused, sum, err): JSON Lines {"account","id","status","code","text","to","at"}, to their end; `account` (0: none) for those that
 * name none. Bad lines are told of and passed over. Commits, some at a time. 0, -1. */
int delivered_lines(struct lp_db *, struct lines *, int64_t account, bool dry, void (*refused)(size_t line, const struct lp_err *), struct delivered *,
    struct lp_err *);

#endif
