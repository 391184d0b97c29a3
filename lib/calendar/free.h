/*
 * free.h - when a meeting could be.  Pure: no clock, no database, no file but the zones'.
 */
#ifndef LP_CALENDAR_FREE_H
#define LP_CALENDAR_FREE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hours.h"
#include "calendar/busy.h"

#define FREE_DAYS 366          /* looked at, at most, from `from` on */
#define FREE_STEP (30 * INT64_C(60000))

struct free_ask {
	const struct hours *hours;     /* ours: the whole meeting lies in open time, on no day off */
	const char *zone;              /* theirs, where it is known, else NULL: there too it lies on a weekday, from 08:00 to 18:00 */
	int64_t from, until;           /* it begins from `from` on, and before or at `until` */
	int64_t length;                /* ms */
	int64_t buffer;                /* ms: free before and after it */
	int64_t step;                  /* ms: it begins at a multiple of it after midnight by the wall clock of `hours`; 0: FREE_STEP */
	const struct busy_span *busy;  /* taken, in any order, also overlapping */
	size_t nbusy;
	const struct busy_span *meetings;  /* those that we hold: taken as well, and counted (on the day, in our zone, on which they begin) */
	size_t nmeetings;
	int64_t per_day;               /* on a day with so many of them there is none; 0: no limit */
};

/* free_slots(ask, at, max, err): when it could begin, each by itself, in order: at most max. How many; -1 where a zone is unknown (LP_CONFIG)
 * or length, buffer or step are out of range (LP_USAGE). */
int free_slots(const struct free_ask *, int64_t *at, size_t max, struct lp_err *);

/* free_propose(ask, at, k, err): k of them or fewer, in order, to put to a person: the first days that have any, mornings and afternoons (by
 * their clock where it is known), full hours where it can be, never two within an hour and a half. As free_slots otherwise. */
int free_propose(const struct free_ask *, int64_t *at, size_t k, struct lp_err *);

#endif
