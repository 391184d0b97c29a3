/*
 * busy.h - the times that an .ics file says are taken.
 *
 * Whoever books by it relies on it: what can't be read is an error, never a free day.
 */
#ifndef LP_CALENDAR_BUSY_H
#define LP_CALENDAR_BUSY_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct busy_span {             /* instants, ms; `until` is the first that is free again */
	int64_t from, until;
};

#define BUSY_FILE_MAX ((size_t)16 << 20) /* bytes */
#define BUSY_DAYS 1000                   /* of a window, at most */

/*
 * busy_file(path, zone, from, until, &spans, &n, err): what is taken between the two instants: events (not those marked
 * TRANSPARENT or CANCELLED), with what their rules and dates repeat and except and with single repetitions that were moved, and VFREEBUSY periods but free ones. In order,
 * what overlaps as one; spans may reach over the window's ends. All-day events are days of the file's own zone (X-WR-TIMEZONE), else of
 * `zone`, and so are times without a zone. The caller frees *spans.
 * -1: "PATH:LINE: ..." LP_DATA where anything that decides can't be read (a zone, a time, a rule, or one that repeats absurdly often), for a
 * file that is cut off or larger than BUSY_FILE_MAX; LP_NOINPUT where there is none, LP_IO; LP_USAGE for a window that is too long.
 */
int busy_file(const char *path, const char *zone, int64_t from, int64_t until, struct busy_span **, size_t *n, struct lp_err *);

/* busy_read(s, len, zone, from, until, &spans, &n, err): the same of the text itself: "LINE: ...". */
int busy_read(const char *, size_t len, const char *zone, int64_t from, int64_t until, struct busy_span **, size_t *n, struct lp_err *);

#endif
