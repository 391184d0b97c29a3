/*
 * slots.h - an account's day of sending times, as stored.  Made once, by agent/plan.c; they never slide.  Nothing here commits.
 */
#ifndef LP_STORE_SLOTS_H
#define LP_STORE_SLOTS_H

#include <stddef.h>
#include <stdint.h>

#include "store/db.h"

/* slots_made(db, account, day, err): does that day ("2026-11-22", the account's) have its times already? 1, 0, -1. */
int slots_made(struct lp_db *, int64_t account, const char *day, struct lp_err *);
int slots_store(struct lp_db *, int64_t account, const char *day, const int64_t *at, size_t n, struct lp_err *);
/* slots_list: a day's times in order; the caller frees. */
int slots_list(struct lp_db *, int64_t account, const char *day, int64_t **at, size_t *n, struct lp_err *);
/* slots_next(db, account, from, until, &at, day, &n, err): the first free time in [from, until): 1 (filled), 0 none, -1. */
int slots_next(struct lp_db *, int64_t account, int64_t from, int64_t until, int64_t *at, char day[11], int64_t *n, struct lp_err *);
int slots_take(struct lp_db *, int64_t account, const char *day, int64_t n, int64_t message, struct lp_err *);
/* slots_release: the message lets its time go: free for another if it lies ahead, else lost. */
int slots_release(struct lp_db *, int64_t message, struct lp_err *);

#endif
