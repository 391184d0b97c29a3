#include "calendar/vtimezone.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/tz.h"

#define YEARS 8            /* looked at for a rule: the year before the event, its own, and what follows */
#define CHANGES_MAX 64
#define STEP (7 * LP_DAY)  /* no zone changes twice in a week */

/* A change of a zone's offset. The wall clock is the one before it, as RFC 5545 wants an onset told. */
struct change {
	int64_t at;            /* ms */
	int64_t from, to;      /* offsets: seconds east of UTC */
	struct tz_civil wall;
	int nth;               /* which of its weekday in the month, from 1 */
	bool last;             /* and the month has no further */
};

static int
days_of_month(int y, int m)
{
	return (int)(lp_days_from_civil(m == 12 ? y + 1 : y, m == 12 ? 1 : m + 1, 1) - lp_days_from_civil(y, m, 1));
}

/* The wall clock under a given offset. */
static struct tz_civil
wall_at(int64_t ms, int64_t offset)
{
	int64_t s = ms / LP_SECOND + offset, day = s / 86400, rest = s % 86400;
	struct tz_civil c = { .offset_s = offset };

	if (rest < 0) {
		rest += 86400;
		day--;
	}
	lp_civil_from_days(day, &c.year, &c.month, &c.day);
	c.hour = (int)(rest / 3600);
	c.minute = (int)(rest / 60 % 60);
	c.second = (int)(rest % 60);
	c.weekday = (int)(((day + 3) % 7 + 7) % 7); /* 1970-01-01 was a thursday */
	return c;
}

/* The changes in (from, until]. How many, or -1. */
static int
find_changes(const char *zone, int64_t from, int64_t until, struct change out[CHANGES_MAX], struct lp_err *err)
{
	struct tz_civil before, after;
	int n = 0, r;

	for (int64_t t = from, end; t < until && n < CHANGES_MAX; t = end) {
		struct change c = { 0 };

		end = t + STEP < until ? t + STEP : until;
		if ((r = tz_change(zone, t, end, &c.at, err)) == -1)
			return -1;
		if (r == 0)
			continue;
		if (tz_local(zone, c.at - LP_SECOND, &before, err) == -1 || tz_local(zone, c.at, &after, err) == -1)
			return -1;
		c.from = before.offset_s;
		c.to = after.offset_s;
		c.wall = wall_at(c.at, c.from);
		c.nth = (c.wall.day - 1) / 7 + 1;
		c.last = c.wall.day + 7 > days_of_month(c.wall.year, c.wall.month);
		out[n++] = c;
	}
	return n;
}

/* Do changes i, i + 2, i + 4 ... fall on the same nth, or the last, weekday of a month at one time of day? Then *nth says which, -1 the last. */
static bool
same_rule(const struct change *c, int n, int i, int *nth)
{
	bool every_nth = true, every_last = true;

	for (int k = i; k < n; k += 2) {
		const struct tz_civil *a = &c[i].wall, *b = &c[k].wall;

		if (c[k].from != c[i].from || c[k].to != c[i].to || b->year != a->year + (k - i) / 2 || b->month != a->month ||
		    b->weekday != a->weekday || b->hour != a->hour || b->minute != a->minute || b->second != a->second)
			return false;
		every_nth = every_nth && c[k].nth == c[i].nth;
		every_last = every_last && c[k].last;
	}
	*nth = every_last ? -1 : c[i].nth;
	return every_last || every_nth;
}

static void
put_offset(struct buf *b, const char *name, int64_t s)
{
	int64_t a = s < 0 ? -s : s;

	buf_printf(b, "%s:%c%02d%02d", name, s < 0 ? '-' : '+', (int)(a / 3600), (int)(a / 60 % 60));
	if (a % 60 != 0)
		buf_printf(b, "%02d", (int)(a % 60));
	buf_putc(b, '\n');
}

static void
put_observance(struct buf *b, bool daylight, const struct tz_civil *w, int64_t from, int64_t to, int nth)
{
	static const char *const days[] = { "MO", "TU", "WE", "TH", "FR", "SA", "SU" };
	const char *kind = daylight ? "DAYLIGHT" : "STANDARD";

	buf_printf(b, "BEGIN:%s\nDTSTART:%04d%02d%02dT%02d%02d%02d\n", kind, w->year, w->month, w->day, w->hour, w->minute, w->second);
	put_offset(b, "TZOFFSETFROM", from);
	put_offset(b, "TZOFFSETTO", to);
	if (nth != 0)
		buf_printf(b, "RRULE:FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s\n", w->month, nth, days[w->weekday]);
	buf_printf(b, "END:%s\n", kind);
}

/* Each change by itself, from the last before the event on; where there is none, the offset stands since ever. */
static void
put_changes(struct buf *b, const struct change *c, int n, int64_t from, int64_t until, int64_t offset_first)
{
	static const struct tz_civil ever = { .year = 1970, .month = 1, .day = 1 };
	int first = -1;

	for (int i = 0; i < n && c[i].at <= from; i++)
		first = i;
	if (first == -1)
		put_observance(b, false, &ever, offset_first, offset_first, 0);
	for (int i = first == -1 ? 0 : first; i < n && c[i].at <= until; i++)
		put_observance(b, c[i].to > c[i].from, &c[i].wall, c[i].from, c[i].to, 0);
}

int
vtimezone_put(struct buf *b, const char *zone, int64_t from, int64_t until, struct lp_err *err)
{
	struct tz_civil c;
	int64_t begin, end, offset;
	struct change ch[CHANGES_MAX];
	int n, nth[2] = { 0, 0 };

	if (tz_local(zone, from, &c, err) == -1)
		return -1;
	begin = lp_days_from_civil(c.year - 1, 1, 1) * LP_DAY;
	end = lp_days_from_civil(c.year - 1 + YEARS, 1, 1) * LP_DAY;
	if (tz_local(zone, begin, &c, err) == -1 || (n = find_changes(zone, begin, end, ch, err)) == -1)
		return -1;
	offset = c.offset_s;
	buf_printf(b, "BEGIN:VTIMEZONE\nTZID:%s\n", zone);
	if (n == 2 * YEARS && same_rule(ch, n, 0, &nth[0]) && same_rule(ch, n, 1, &nth[1])) {
		for (int i = 0; i < 2; i++)
			put_observance(b, ch[i].to > ch[i].from, &ch[i].wall, ch[i].from, ch[i].to, nth[i]);
	} else
		put_changes(b, ch, n, from, until + 366 * LP_DAY, offset);
	buf_puts(b, "END:VTIMEZONE\n");
	return 0;
}
