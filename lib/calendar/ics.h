/*
 * ics.h - the lines of an iCalendar object (RFC 5545), and the times in them.  For the readers of this directory; input is hostile.
 *
 * Reading it line by line bounds what a file can cost, and tells the line where one is broken; libical reads rules and zones.
 */
#ifndef LP_CALENDAR_ICS_H
#define LP_CALENDAR_ICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define ICS_DEPTH 16           /* components in components */
#define ICS_TZID_SIZE 128

struct ics_line {              /* strings lie in the text */
	char *name;            /* upper case */
	char *params;          /* what stands between name and colon, without the first semicolon; "" */
	char *value;
	int no;                /* from 1 */
};

struct ics {
	char *text;
	struct ics_line *line; /* lines without a colon are left out */
	size_t n;
};

/* ics_lex(s, n, x, err): unfold and cut the n bytes of s. Well-formed components, the outermost all VCALENDAR, at least one. LP_DATA
 * "line 12: ...". x is cleared by ics_clear, also after a failure. */
int ics_lex(const char *, size_t n, struct ics *, struct lp_err *);
void ics_clear(struct ics *);

/* ics_is(line, name, value): that name and, without regard to case, that value; a NULL value is any. */
bool ics_is(const struct ics_line *, const char *name, const char *value);

/* ics_param(line, name, out, size): the (first) value of a parameter, unquoted; "" and false where it is missing or too long. */
bool ics_param(const struct ics_line *, const char *name, char *out, size_t size);

/* ics_end(x, i): the index of the END of the component that begins at line i. */
size_t ics_end(const struct ics *, size_t i);

/* ---- times */

struct ics_time {
	int64_t day;           /* since 1970-01-01 */
	int second;            /* of the day; 0 where it is a date */
	bool date, utc;
	char tzid[ICS_TZID_SIZE];  /* "" for none: a floating time, unless utc */
};

/* ics_time_read(line, value, t): one value of a line that holds times: 20261123, 20261123T100000, ...Z; of a period, its start. False
 * where it isn't one. */
bool ics_time_read(const struct ics_line *, const char *value, struct ics_time *);

/* ics_duration(value, days, ms): "P1DT2H" in parts, both of its sign. False where it isn't, or is of more than ten years. */
bool ics_duration(const char *, int64_t *days, int64_t *ms);

/* The zones of an object. A TZID that is an IANA name, or ends in one, means that zone of the system's files; any other its VTIMEZONE. */
struct ics_zones;
struct ics_zones *ics_zones_new(const struct ics *);
void ics_zones_free(struct ics_zones *);

/* ics_time_ms(z, t, home, &ms, err): the instant (of a date, its midnight). `home`: the zone of dates and floating times, NULL where there is none to
 * take. LP_DATA: an unknown zone, a VTIMEZONE that can't be read, no home; LP_CONFIG for an unknown home. */
int ics_time_ms(struct ics_zones *, const struct ics_time *, const char *home, int64_t *ms, struct lp_err *);

#endif
