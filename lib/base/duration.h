/*
 * duration.h - how long, as people write it: `3d`, `3bd`, `4h`, `10m`, `90s`, or several together: `1d 12h`.
 *
 * A day is a calendar day (the same time of day, whatever the clocks did between), a business day (bd) one that the schedule
 * works on, so neither is a number of milliseconds until a schedule is at hand: base/hours.h adds them.
 */
#ifndef LP_BASE_DURATION_H
#define LP_BASE_DURATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define DURATION_SIZE 64
#define DURATION_MAX_DAYS 3660 /* ten years: more is a typing error */

struct duration {
	int days;    /* calendar days */
	int bdays;   /* business days */
	int64_t ms;  /* hours, minutes and seconds */
};

/* duration_parse(text, &d, err): each unit at most once, largest first; "0" alone is none. LP_DATA names what is wrong. */
int duration_parse(const char *, struct duration *, struct lp_err *);

/* duration_print(d, out): the shortest text that parses back to the same; "0s" for none. Returns out. */
char *duration_print(const struct duration *, char out[DURATION_SIZE]);

/* duration_ms(d): with days of 24 hours and business days as days: for time-outs and bounds, where no schedule is at hand. */
int64_t duration_ms(const struct duration *);

bool duration_none(const struct duration *);

/* lp_when(text, now, &ms, err): a point in time as options take it: ISO 8601 (without an offset UTC), "now", or a duration from now,
 * "+7d", "-90m" (no business days). LP_DATA. */
int lp_when(const char *, int64_t now, int64_t *ms, struct lp_err *);

#endif
