/*
 * returns.h - what came back of what was sent: bounces and complaints, counted.  Nothing here commits.
 */
#ifndef LP_STORE_RETURNS_H
#define LP_STORE_RETURNS_H

#include <stdint.h>

#include "store/db.h"

/* returns_set(db, inbox, returned, err): hard, soft, ours or complaint, of a row of the inbox. */
int returns_set(struct lp_db *, int64_t inbox, const char *returned, struct lp_err *);

/* returns_soft_in_a_row(db, message, &n, err): of what was sent to this message's address, the latest first, how many in a row came back for the time being. */
int returns_soft_in_a_row(struct lp_db *, int64_t message, int64_t *n, struct lp_err *);

/* returns_mark(db, message, returned, err): what came back of a message of ours: "hard" (the address is dead: at the door or later), "complaint",
 * "opt_out" (the far side says so). A complaint stays one. 1, 0 it isn't in the outbox, -1. */
int returns_mark(struct lp_db *, int64_t message, const char *returned, struct lp_err *);

struct returns {
	int64_t sent;                   /* or may have been, and what was refused for its dead address */
	int64_t hard, complaints;       /* messages of these that came back as dead; that were called spam */
};
/* returns_of(db, account, since, r, err): of what an account (0: all) sent since then (ms). */
int returns_of(struct lp_db *, int64_t account, int64_t since, struct returns *, struct lp_err *);
/* returns_back(db, account, since, r, err): the same, but for `sent`: two looks into an index however much was sent. returns_sent: that, counted up to
 * `most` only. */
int returns_back(struct lp_db *, int64_t account, int64_t since, struct returns *, struct lp_err *);
int returns_sent(struct lp_db *, int64_t account, int64_t since, int64_t most, int64_t *n, struct lp_err *);

/* returns_bounced(db, person, address, why, err): the person's leads with the address, or the number, have a dead one. */
int returns_bounced(struct lp_db *, int64_t person, const char *address, const char *why, struct lp_err *);

#endif
