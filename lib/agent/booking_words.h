/*
 * booking_words.h - times as people write them to each other.  English.
 */
#ifndef LP_AGENT_BOOKING_WORDS_H
#define LP_AGENT_BOOKING_WORDS_H

#include <stdint.h>

#include "base/err.h"

/* Each is the caller's to free; NULL where the zone is unknown (LP_CONFIG).
 * booking_day:   "Tuesday, 3 March 2026"
 * booking_time:  "Tuesday, 3 March 2026 at 15:00 (Europe/Berlin)"; booking_clock: the same without the zone
 * booking_span:  "Tuesday, 3 March 2026, 15:00 to 15:30 (Europe/Berlin)", and where our clock shows another time: ", which is 14:00 to 14:30 in
 *                Europe/London"; `ours` may be NULL. */
char *booking_day(const char *zone, int64_t at, struct lp_err *);
char *booking_time(const char *zone, int64_t at, struct lp_err *);
char *booking_clock(const char *zone, int64_t at, struct lp_err *);
char *booking_span(const char *zone, const char *ours, int64_t from, int64_t until, struct lp_err *);

#endif
