/*
 * tz.h - time zones by their names in the zoneinfo files (Europe/Berlin), through the C library.
 *
 * The C library takes any name it doesn't know for UTC, silently; here an unknown zone is always an error. The files are looked for
 * where the C library looks: TZDIR, else its directory. UTC and Etc/UTC work without files. One zone is current at a time, in the
 * process's TZ: not for threads.
 */
#ifndef LP_BASE_TZ_H
#define LP_BASE_TZ_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define TZ_NAME_SIZE 64

struct tz_civil {
	int year, month, day;      /* month and day from 1 */
	int hour, minute, second;
	int weekday;               /* 0 is monday */
	int64_t offset_s;          /* seconds east of UTC */
};

/* tz_ok(name, err): 0 where there is such a zone, spelt like that. LP_CONFIG: "unknown time zone 'Europe/berlin' (did you mean 'Europe/Berlin'?)";
 * also for empty, absolute and dotted names, and the internal trees (posix/, right/), and where this machine has no zoneinfo files. */
int tz_ok(const char *name, struct lp_err *);

/* tz_local(zone, ms, &c, err): the wall clock and calendar there at that instant. Fails as tz_ok does. */
int tz_local(const char *zone, int64_t ms, struct tz_civil *, struct lp_err *);

/* tz_utc(zone, c, &ms, err): the first instant at which the wall clock there shows c (weekday and offset_s are not read; a day of 32 or an
 * hour of 24 counts on into the next). Where the clocks are put back, that is the first of two; where they are put forward over
 * c, it is the first instant after the gap. Fails as tz_ok does. */
int tz_utc(const char *zone, const struct tz_civil *, int64_t *ms, struct lp_err *);

/* tz_midnight(zone, day, &ms, err): the instant at which a calendar day (days since 1970-01-01) begins there. */
int tz_midnight(const char *zone, int64_t day, int64_t *ms, struct lp_err *);

/* tz_change(zone, from, until, &ms, err): 1 and the first instant in (from, until] at which the offset differs from that at `from`, 0 where
 * it is the same at both ends. For spans short enough to hold one change (a day or two). */
int tz_change(const char *zone, int64_t from, int64_t until, int64_t *ms, struct lp_err *);

int64_t tz_day(const struct tz_civil *);                       /* days since 1970-01-01 of its date */

/* tz_system(out): the machine's own zone, from TZ or /etc/localtime; "UTC" where that says nothing that tz_ok accepts. Returns out. */
char *tz_system(char out[TZ_NAME_SIZE]);

#endif
