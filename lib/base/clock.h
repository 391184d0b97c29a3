/*
 * clock.h - the one clock, and times as text.  Instants are int64_t milliseconds since 1970-01-01T00:00Z ("ms").
 *
 * lp_now() honours LP_NOW (ISO 8601) or lp_now_set() from --now: a program reads it once, in main, and passes it down.
 * Writing to a file that isn't marked simulated is refused while the clock is set (store/db.h).  Leases use lp_now_real().
 */
#ifndef LP_BASE_CLOCK_H
#define LP_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define LP_SECOND INT64_C(1000)
#define LP_MINUTE (60 * LP_SECOND)
#define LP_HOUR (60 * LP_MINUTE)
#define LP_DAY (24 * LP_HOUR)
#define LP_ISO_SIZE 25 /* "2026-11-22T09:00:00.000Z" and its NUL */

int64_t lp_now_real(void);                              /* the wall clock */
int64_t lp_steady(void);                                /* ms since some moment: for how long something takes, however the wall clock is set meanwhile */
int lp_now(int64_t *ms, struct lp_err *);               /* as set, else the wall clock; LP_USAGE if LP_NOW is malformed */
int lp_now_set(const char *iso, struct lp_err *);       /* --now */
bool lp_now_is_set(void);                               /* by --now or a non-empty LP_NOW */

/* lp_iso(ms, out): UTC with milliseconds, as stored. Years 0000 to 9999. Returns out. */
char *lp_iso(int64_t ms, char out[LP_ISO_SIZE]);
/* lp_iso_parse(text, &ms, err): YYYY-MM-DD[(T| )hh:mm[:ss[.fff]][Z|+hh:mm]]; without an offset it is UTC. Checks every field. */
int lp_iso_parse(const char *, int64_t *ms, struct lp_err *);

/* Days since 1970-01-01 of a proleptic Gregorian date, and back. */
int64_t lp_days_from_civil(int y, int m, int d);
void lp_civil_from_days(int64_t days, int *y, int *m, int *d);

#endif
