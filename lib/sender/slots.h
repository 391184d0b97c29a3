/*
 * slots.h - when an account sends: a day's capacity, spread over what is open of the day. Pure, and the same for ever for the same seed.
 *
 * The open time is cut into as many equal parts as there are messages, and each message leaves at a seeded place within its part that keeps
 * the gap to the next: so there is never a burst, never two nearer than the gap, and no pattern to the second. The times of a day
 * are made once and stored (store/slots.h): they never slide.
 */
#ifndef LP_SENDER_SLOTS_H
#define LP_SENDER_SLOTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/hours.h"

#define SLOTS_MAX 10000 /* a day and account */

struct slots_plan {
	const char *seed;      /* the file's */
	const char *account;   /* its uuid or name: what keeps two accounts from sending at the same second */
	int64_t day;           /* days since 1970-01-01, in the account's zone */
	int64_t capacity;      /* messages wanted; fewer fit where the day is too short for the gap */
	int64_t gap_s;         /* least seconds between two */
	int64_t jitter_s;      /* most seconds by which a time moves from its part's beginning; -1: as far as the gap allows */
};

/* slots_make(p, w, nw, out): the instants (ms, whole seconds, ascending) of that day's messages within the windows, which come from
 * hours_windows. `out` has room for p->capacity. Returns how many. */
size_t slots_make(const struct slots_plan *, const struct hours_window *, size_t nw, int64_t *out);

/* slots_ramp(start, step, limit, days): what a new account may send on its day number `days` (0 is the first): start + step a day, at most the
 * limit. */
int64_t slots_ramp(int64_t start, int64_t step, int64_t limit, int64_t days);

/* slots_capacity(allowed, answer_percent): the part of a day's allowance that planned sending may use; the rest is kept for answers. */
int64_t slots_capacity(int64_t allowed, int64_t answer_percent);

#endif
