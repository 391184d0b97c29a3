/*
 * account_stop.h - accounts that LeadPilot itself stopped or slows down: why, since when, and from when on their rates count anew.  Nothing here
 * commits; every change writes its log row.
 */
#ifndef LP_STORE_ACCOUNT_STOP_H
#define LP_STORE_ACCOUNT_STOP_H

#include <stddef.h>
#include <stdint.h>

#include "store/db.h"

struct account_standing {
	char stopped_for[12];           /* bounces, complaints, refusals; "": LeadPilot didn't stop it since a person last started it */
	int64_t stopped_at, rates_from, slow_until; /* ms; 0: none */
};
/* account_standing(db, seq, s, err): 1, 0 no such account, -1. */
int account_standing(struct lp_db *, int64_t seq, struct account_standing *, struct lp_err *);

/* account_stop(db, seq, cause, why, err): nothing leaves from it until a person has looked. 1 stopped by this; 0 nothing left anyway (paused, stopped
 * before): the cause is remembered; -1. */
int account_stop(struct lp_db *, int64_t seq, const char *cause, const char *why, struct lp_err *);
/* account_started(db, seq, err): a person started it: what came back of what was sent before counts no more. */
int account_started(struct lp_db *, int64_t seq, struct lp_err *);
/* account_slow(db, seq, until, why, err): nothing leaves before `until` (ms). 1; 0 it is slowed for longer already; -1. */
int account_slow(struct lp_db *, int64_t seq, int64_t until, const char *why, struct lp_err *);

/* accounts_at(db, domain, &seqs, &n, err): those that write from addresses at the domain, by name; the caller frees. */
int accounts_at(struct lp_db *, const char *domain, int64_t **seqs, size_t *n, struct lp_err *);

/* account_release(db, seq, err): what was held because the account didn't send goes on. How many tasks, or -1. */
int account_release(struct lp_db *, int64_t seq, struct lp_err *);

#endif
