/*
 * hours.h - when something may leave: a weekly schedule in a time zone, less holidays and absences. Pure: no clock, no database.
 *
 * The wall clock of the zone decides: open is a weekday of `days` and a time from `start` up to, not including, `end`. A window whose
 * start is after its end runs over midnight and belongs to the day on which it begins. A day off is closed from midnight to midnight, and so is
 * a window that began on one. Where the clocks are put back, the hour that comes twice counts twice; the hour that is skipped
 * never comes, and a window that would begin in it begins right after it.
 */
#ifndef LP_BASE_HOURS_H
#define LP_BASE_HOURS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/duration.h"
#include "base/err.h"
#include "base/tz.h"

#define HOURS_WEEKDAYS 0x1fu
#define HOURS_ALL_DAYS 0x7fu
#define HOURS_NEVER INT64_MAX
#define HOURS_HORIZON 400      /* days: what doesn't open within them counts as never */
#define HOURS_WINDOWS 16       /* most windows of one day (several schedules cut each other up) */

struct hours_off {             /* days off, both included, as days since 1970-01-01 */
	int64_t from, to;
};

struct hours {
	char timezone[TZ_NAME_SIZE];
	unsigned days;             /* bit 0 is monday */
	int start, end;            /* minutes from midnight; 0..1439 and 0..1440 */
	bool always;               /* no schedule: open at any time but on days off */
	struct hours_off *off;     /* owned; hours_free */
	size_t noff;
};

struct hours_window {          /* instants, ms; `until` is the first that is closed */
	int64_t from, until;
};

/* hours_init(h): UTC, monday to friday, 09:00 to 17:00. Does not free: first use, or after hours_free. */
void hours_init(struct hours *);
void hours_free(struct hours *);
void hours_add_off(struct hours *, int64_t from_day, int64_t to_day);

/* The words. Days are english names in any case, or their first three letters. hours_days takes "monday, tuesday" or "mon-fri"; LP_DATA names
 * the unknown day. Times are HH:MM or HH:MM:00 from 00:00 to 24:00. hours_date takes YYYY-MM-DD. */
int hours_day(const char *name, int *weekday, struct lp_err *);
int hours_days(const char *list, unsigned *days, struct lp_err *);
int hours_time(const char *text, int *minute, struct lp_err *);
int hours_date(const char *text, int64_t *day, struct lp_err *);
const char *hours_day_name(int weekday);
char *hours_days_print(unsigned days);                         /* "monday,tuesday"; caller frees */
char *hours_time_print(int minute, char out[6]);

/* hours_judge(o, now, err): such an object, with an optional "at" (else now), answered: {"open":bool,"next_open":ISO or null}; the caller frees.
 * NULL with LP_DATA. hours_answer makes that object. */
struct cJSON;
struct cJSON *hours_judge(const struct cJSON *, int64_t now, struct lp_err *);
struct cJSON *hours_answer(bool open, int64_t next_open);

/* hours_check(h, err): known zone, times in range, not empty (start equal to end). No days at all is allowed: it never opens. LP_CONFIG. */
int hours_check(const struct hours *, struct lp_err *);

/* The questions. They fail only where the zone is unknown: -1, LP_CONFIG. hours_open answers 1 or 0. */
int hours_open(const struct hours *, int64_t ms, struct lp_err *);

/* hours_next_open(h, ms, &at, err): the first instant from ms on that is open: ms itself where it is. HOURS_NEVER where there is none
 * within the horizon. hours_next_close likewise: the first that isn't open. */
int hours_next_open(const struct hours *, int64_t ms, int64_t *at, struct lp_err *);
int hours_next_close(const struct hours *, int64_t ms, int64_t *at, struct lp_err *);

/* The same for several schedules at once: open is when all are (the agent's, the campaign's, the account's, the lead's). */
int hours_all_open(const struct hours *const *, size_t n, int64_t ms, struct lp_err *);
int hours_all_next_open(const struct hours *const *, size_t n, int64_t ms, int64_t *at, struct lp_err *);
int hours_all_next_close(const struct hours *const *, size_t n, int64_t ms, int64_t *at, struct lp_err *);

/* hours_windows(h, n, zone, day, out, err): what is open of the calendar day `day` (days since 1970-01-01) of that zone, in order. The number
 * of windows, 0 to HOURS_WINDOWS, or -1. */
int hours_windows(const struct hours *const *, size_t n, const char *zone, int64_t day,
    struct hours_window out[HOURS_WINDOWS], struct lp_err *);

/* hours_workday(h, day): is that calendar day one of `days` and not off? */
bool hours_workday(const struct hours *, int64_t day);

/* hours_after(h, ms, d, &at, err): d later: first calendar days, then business days, each at the same time of day in h's zone, then hours and
 * smaller. A business day later is the next day that works. HOURS_NEVER where no day does. It says nothing of being open. */
int hours_after(const struct hours *, int64_t ms, const struct duration *, int64_t *at, struct lp_err *);

#endif
