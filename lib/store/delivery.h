/*
 * delivery.h - what became of a message after its service took it: the statuses that it tells of later, in any order, some twice, some before its own answer was on
 * record.  Rows only: what follows from a failure is sender/delivered.h's.  Nothing here commits.
 */
#ifndef LP_STORE_DELIVERY_H
#define LP_STORE_DELIVERY_H

#include <stdint.h>

#include "store/db.h"

struct delivery {
	int64_t account;
	const char *service_id;         /* as the service's answer named it (outbox.service_id) */
	const char *status;             /* the service's word; delivery_word knows those of Twilio and Meta */
	const char *to;                 /* E.164, where the service says it; NULL */
	int code;                       /* of a failure; 0 */
	const char *text;               /* the service's words about it; NULL */
	int64_t at;                     /* ms; 0: now */
};

/* delivery_word(status): queued, sent, delivered, read or failed; NULL for a word that says nothing of a delivery. */
const char *delivery_word(const char *);

/* delivery_find(db, account, service_id, &message, err): the message of that name: 1, 0, -1. */
int delivery_find(struct lp_db *, int64_t account, const char *service_id, int64_t *message, struct lp_err *);
/* delivery_unknown(db, account, to, at, &message, err): the one message to that number of which it isn't known whether it left, reserved within the day before `at`:
 * 1; 0 none, or several; -1. */
int delivery_unknown(struct lp_db *, int64_t account, const char *to, int64_t at, int64_t *message, struct lp_err *);

/* delivery_put(db, message, d, err): as d->status (one of delivery_word's) says: queued, sent, delivered, read come one after the other and never go back; failed is
 * the last word unless it had arrived. 1 it is news; 0; -1. */
int delivery_put(struct lp_db *, int64_t message, const struct delivery *, struct lp_err *);

/* delivery_keep(db, d, err): nobody is called that yet, but a message of the account is on the wire: keep it for then. 1; 0 none is; -1.
 * delivery_kept(db, account, service_id, fn, arg, err): what was kept for that name, each once and then gone. */
int delivery_keep(struct lp_db *, const struct delivery *, struct lp_err *);
typedef int delivery_fn(void *arg, const struct delivery *, struct lp_err *);
int delivery_kept(struct lp_db *, int64_t account, const char *service_id, delivery_fn *, void *arg, struct lp_err *);

#endif
