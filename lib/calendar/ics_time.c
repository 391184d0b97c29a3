/* ics_time.c - dates, times and durations of RFC 5545 and the zones that they are told in. */
#include <libical/ical.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tz.h"
#include "calendar/ics.h"
#include "calendar/ics_rule.h"

#define ZONE_TEXT_MAX ((size_t)64 << 10)
#define TEN_YEARS (3660 * LP_DAY)

/* ---- values */

static bool
digits(const char *s, int n, int *out)
{
	*out = 0;
	for (int i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		*out = *out * 10 + (s[i] - '0');
	}
	return true;
}

bool
ics_time_read(const struct ics_line *l, const char *s, struct ics_time *t)
{
	int y, mo, d, h, mi, sec, y2, mo2, d2;

	*t = (struct ics_time){ .day = 0 };
	s += strspn(s, " \t");
	if (!digits(s, 4, &y) || !digits(s + 4, 2, &mo) || !digits(s + 6, 2, &d))
		return false;
	t->day = lp_days_from_civil(y, mo, d);
	lp_civil_from_days(t->day, &y2, &mo2, &d2);
	if (mo < 1 || mo > 12 || mo2 != mo || d2 != d) /* a day that no month has counts on into the next */
		return false;
	s += 8;
	if (*s != 'T') {
		t->date = true;
		return s[strspn(s, " \t")] == '\0';
	}
	if (!digits(s + 1, 2, &h) || !digits(s + 3, 2, &mi) || !digits(s + 5, 2, &sec) || h > 23 || mi > 59 || sec > 60)
		return false;
	t->second = h * 3600 + mi * 60 + (sec < 60 ? sec : 59); /* a leap second is the one before it */
	s += 7;
	t->utc = *s == 'Z';
	s += t->utc;
	if (!t->utc)
		ics_param(l, "TZID", t->tzid, sizeof(t->tzid));
	return *s == '/' || s[strspn(s, " \t")] == '\0';
}

bool
ics_duration(const char *s, int64_t *days, int64_t *ms)
{
	static const struct {
		char unit;
		int64_t ms;
	} units[] = { { 'W', 7 * LP_DAY }, { 'D', LP_DAY }, { 'H', LP_HOUR }, { 'M', LP_MINUTE }, { 'S', LP_SECOND } };
	int sign = *s == '-' ? -1 : 1, part = 0, any = 0;

	*days = *ms = 0;
	s += *s == '-' || *s == '+';
	if (*s++ != 'P')
		return false;
	for (; *s != '\0'; any++) {
		int64_t n = 0;

		if (*s == 'T') {
			s++;
			part = part < 2 ? 2 : part;
		}
		if (*s < '0' || *s > '9')
			return false;
		for (; *s >= '0' && *s <= '9'; s++)
			if ((n = n * 10 + (*s - '0')) > TEN_YEARS / LP_SECOND)
				return false;
		while (part < 5 && units[part].unit != *s)
			part++;
		if (part == 5 || n > TEN_YEARS / units[part].ms)
			return false;
		if (part < 2)
			*days += n * (units[part].ms / LP_DAY);
		else
			*ms += n * units[part].ms;
		part++;
		s++;
	}
	*days *= sign;
	*ms *= sign;
	return any > 0;
}

/* ---- zones */

struct zone {
	size_t begin, end;         /* its lines */
	const char *tzid;
	icaltimezone *ical;        /* made when first used */
	bool bad;
};

struct ics_zones {
	const struct ics *x;
	struct zone *zone;
	size_t n;
};

struct ics_zones *
ics_zones_new(const struct ics *x)
{
	struct ics_zones *z = xcalloc(1, sizeof(*z));
	size_t cap = 0, end;

	z->x = x;
	for (size_t i = 0; i < x->n; i++) {
		if (!ics_is(&x->line[i], "BEGIN", "VTIMEZONE"))
			continue;
		end = ics_end(x, i);
		if (z->n == cap) {
			cap = cap != 0 ? 2 * cap : 8;
			z->zone = xrealloc(z->zone, cap * sizeof(*z->zone));
		}
		z->zone[z->n++] = (struct zone){ .begin = i, .end = end };
		for (size_t k = i; k < end; k++)
			if (ics_is(&x->line[k], "TZID", NULL))
				z->zone[z->n - 1].tzid = x->line[k].value;
		i = end;
	}
	return z;
}

void
ics_zones_free(struct ics_zones *z)
{
	if (z == NULL)
		return;
	for (size_t i = 0; i < z->n; i++)
		if (z->zone[i].ical != NULL)
			icaltimezone_free(z->zone[i].ical, 1);
	free(z->zone);
	free(z);
}

/* What decides offsets, as text again, with nothing that could keep libical busy. False where there is no such reading. */
static bool
zone_text(const struct ics *x, const struct zone *z, struct buf *b)
{
	static const char *const kept[] = { "BEGIN", "END", "TZID", "DTSTART", "RDATE", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", NULL };
	bool onset = false;

	for (size_t i = z->begin; i <= z->end && b->len <= ZONE_TEXT_MAX; i++) {
		const struct ics_line *l = &x->line[i];
		const char *const *k = kept;
		struct ics_time t;

		while (*k != NULL && strcmp(*k, l->name) != 0)
			k++;
		if (*k == NULL)
			continue;
		if (strcmp(l->name, "RRULE") == 0 && !ics_rule_of_zone(l->value))
			return false;
		if (strcmp(l->name, "DTSTART") == 0) {
			if (!ics_time_read(l, l->value, &t))
				return false;
			onset = true;
		}
		buf_printf(b, "%s%s%s:%s\r\n", l->name, *l->params != '\0' ? ";" : "", l->params, l->value);
	}
	return onset && b->len <= ZONE_TEXT_MAX;
}

static icaltimezone *
zone_made(struct ics_zones *zs, struct zone *z)
{
	struct buf b = { 0 };
	icalcomponent *c = NULL;

	if (z->ical != NULL || z->bad)
		return z->ical;
	icalerror_set_errors_are_fatal(false);
	if (zone_text(zs->x, z, &b))
		c = icalparser_parse_string(b.s);
	buf_free(&b);
	z->ical = icaltimezone_new();
	if (c != NULL && icalcomponent_isa(c) == ICAL_VTIMEZONE_COMPONENT && icalcomponent_count_errors(c) == 0 &&
	    icalcomponent_get_first_component(c, ICAL_ANY_COMPONENT) != NULL && icaltimezone_set_component(z->ical, c))
		return z->ical;
	if (c != NULL)
		icalcomponent_free(c);
	icaltimezone_free(z->ical, 1);
	z->ical = NULL;
	z->bad = true;
	return NULL;
}

static struct zone *
zone_named(struct ics_zones *zs, const char *tzid)
{
	for (size_t i = 0; i < zs->n; i++)
		if (zs->zone[i].tzid != NULL && strcmp(zs->zone[i].tzid, tzid) == 0)
			return &zs->zone[i];
	return NULL;
}

static int
ms_in(const char *zone, const struct ics_time *t, int64_t *ms, struct lp_err *err)
{
	struct tz_civil c = { .hour = t->second / 3600, .minute = t->second / 60 % 60, .second = t->second % 60 };

	lp_civil_from_days(t->day, &c.year, &c.month, &c.day);
	return tz_utc(zone, &c, ms, err);
}

static int
ms_in_vtimezone(icaltimezone *zone, const struct ics_time *t, int64_t *ms)
{
	struct icaltimetype i = icaltime_null_time();
	int dst;

	lp_civil_from_days(t->day, &i.year, &i.month, &i.day);
	i.hour = t->second / 3600;
	i.minute = t->second / 60 % 60;
	i.second = t->second % 60;
	*ms = t->day * LP_DAY + (t->second - icaltimezone_get_utc_offset(zone, &i, &dst)) * LP_SECOND;
	return 0;
}

int
ics_time_ms(struct ics_zones *zs, const struct ics_time *t, const char *home, int64_t *ms, struct lp_err *err)
{
	struct zone *z;
	icaltimezone *ical;

	if (t->utc) {
		*ms = t->day * LP_DAY + t->second * LP_SECOND;
		return 0;
	}
	if (t->date || *t->tzid == '\0')
		return home != NULL ? ms_in(home, t, ms, err) : lp_fail(err, LP_DATA, "a time without a time zone");
	if (tz_ok(t->tzid, NULL) == 0)
		return ms_in(t->tzid, t, ms, err);
	if ((z = zone_named(zs, t->tzid)) != NULL) {
		if ((ical = zone_made(zs, z)) == NULL)
			return lp_fail(err, LP_DATA, "the VTIMEZONE '%.64s' on line %d can't be read", t->tzid, zs->x->line[z->begin].no);
		return ms_in_vtimezone(ical, t, ms);
	}
	/* "/example.com/20260101/Europe/Berlin" */
	for (const char *p = strchr(t->tzid, '/'); p != NULL; p = strchr(p + 1, '/'))
		if (tz_ok(p + 1, NULL) == 0)
			return ms_in(p + 1, t, ms, err);
	return lp_fail(err, LP_DATA, "unknown time zone '%.64s', and no VTIMEZONE of that name", t->tzid);
}
