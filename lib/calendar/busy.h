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

#endif
