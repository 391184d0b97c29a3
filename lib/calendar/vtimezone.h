/* vtimezone.h - a zone of the system's files as the VTIMEZONE of an iCalendar object.  No libical here: what writes an invitation starts light. */
#ifndef LP_CALENDAR_VTIMEZONE_H
#define LP_CALENDAR_VTIMEZONE_H

#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

/* vtimezone_put(b, zone, from, until, err): append lines ending in \n, unfolded (none is long). They are right from `from` to a year after `until`:
 * yearly rules where the zone keeps them over the years around, else each change by itself. LP_CONFIG for an unknown zone. */
int vtimezone_put(struct buf *, const char *zone, int64_t from, int64_t until, struct lp_err *);

#endif
