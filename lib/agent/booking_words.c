#include "agent/booking_words.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/hours.h"
#include "base/mem.h"
#include "base/tz.h"

static char *
day_of(const struct tz_civil *c)
{
	static const char *const months[] = { "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
		"December" };
	const char *day = hours_day_name(c->weekday);

	return xasprintf("%c%s, %d %s %d", toupper((unsigned char)*day), day + 1, c->day, months[c->month - 1], c->year);
}

char *
booking_day(const char *zone, int64_t at, struct lp_err *err)
{
	struct tz_civil c;

	return tz_local(zone, at, &c, err) == -1 ? NULL : day_of(&c);
}

char *
booking_clock(const char *zone, int64_t at, struct lp_err *err)
{
	struct tz_civil c;
	char *day, *s;

	if (tz_local(zone, at, &c, err) == -1)
		return NULL;
	day = day_of(&c);
	s = xasprintf("%s at %02d:%02d", day, c.hour, c.minute);
	free(day);
	return s;
}

char *
booking_time(const char *zone, int64_t at, struct lp_err *err)
{
	char *clock = booking_clock(zone, at, err), *s;

	if (clock == NULL)
		return NULL;
	s = xasprintf("%s (%s)", clock, zone);
	free(clock);
	return s;
}

char *
booking_span(const char *zone, const char *ours, int64_t from, int64_t until, struct lp_err *err)
{
	struct tz_civil a, b, x, y;
	struct buf s = { 0 };
	char *day;

	if (tz_local(zone, from, &a, err) == -1 || tz_local(zone, until, &b, err) == -1)
		return NULL;
	if (ours != NULL && (tz_local(ours, from, &x, err) == -1 || tz_local(ours, until, &y, err) == -1))
		return NULL;
	day = day_of(&a);
	buf_printf(&s, "%s, %02d:%02d to %02d:%02d (%s)", day, a.hour, a.minute, b.hour, b.minute, zone);
	if (ours != NULL && x.offset_s != a.offset_s)
		buf_printf(&s, ", which is %02d:%02d to %02d:%02d in %s", x.hour, x.minute, y.hour, y.minute, ours);
	free(day);
	return buf_steal(&s);
}
