/* span.h - sets of spans of time, for the files of this directory. */
#ifndef LP_CALENDAR_SPAN_H
#define LP_CALENDAR_SPAN_H

#include "calendar/busy.h"

struct spans {                 /* {0} is empty; `at` is owned */
	struct busy_span *at;
	size_t n, cap;
};

void spans_add(struct spans *, int64_t from, int64_t until);  /* nothing where it is empty */
void spans_join(struct spans *);                              /* sorted, and what overlaps or touches as one */

#endif
