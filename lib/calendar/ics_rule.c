#include "calendar/ics_rule.h"

#include <libical/ical.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/mem.h"

#define RULE_MAX 500 /* bytes; lists of days and the like included */

bool
ics_rule_until(const char *s, struct ics_time *t)
{
	static const struct ics_line no_params = { .params = (char *)"" };
	char value[20] = "";

	for (const char *p = s; *p != '\0'; p += strcspn(p, ";"), p += *p == ';')
		if (strncasecmp(p, "UNTIL=", 6) == 0) {
			if (strcspn(p + 6, ";") < sizeof(value))
				memcpy(value, p + 6, strcspn(p + 6, ";"));
			return ics_time_read(&no_params, value, t);
		}
	return false;
}

/* The rule without its UNTIL, which is the caller's to heed: told in UTC, it says nothing by the wall clock. */
static bool
read_rule(const char *s, struct icalrecurrencetype *r)
{
	struct buf b = { 0 };
	struct ics_time until;
	bool ok = strlen(s) <= RULE_MAX;

	for (const char *p = s; ok && *p != '\0';) {
		size_t n = strcspn(p, ";");

		if (strncasecmp(p, "UNTIL=", 6) == 0)
			ok = ics_rule_until(s, &until);
		else if (strncasecmp(p, "RSCALE=", 7) == 0)
			ok = n == 16 && strncasecmp(p + 7, "GREGORIAN", 9) == 0; /* the only one that is followed */
		else if (n > 0) {
			buf_puts(&b, b.len > 0 ? ";" : "");
			buf_add(&b, p, n);
		}
		p += n + (p[n] == ';');
	}
	icalerror_set_errors_are_fatal(false);
	if (ok)
		*r = icalrecurrencetype_from_string(buf_str(&b));
	buf_free(&b);
	return ok && r->freq != ICAL_NO_RECURRENCE && r->interval >= 1;
}

static int64_t
listed(const short *by, size_t max)
{
	size_t n = 0;

	while (n < max && by[n] != ICAL_RECURRENCE_ARRAY_MAX)
		n++;
	return (int64_t)n;
}

bool
ics_rule_of_zone(const char *s)
{
	struct icalrecurrencetype r;

	return read_rule(s, &r) && r.freq == ICAL_YEARLY_RECURRENCE && listed(r.by_month, ICAL_BY_MONTH_SIZE) == 1 &&
	    listed(r.by_hour, ICAL_BY_HOUR_SIZE) <= 1 && listed(r.by_minute, ICAL_BY_MINUTE_SIZE) <= 1 &&
	    listed(r.by_second, ICAL_BY_SECOND_SIZE) <= 1 && listed(r.by_set_pos, ICAL_BY_SETPOS_SIZE) == 0;
}

static struct icaltimetype
to_ical(int64_t day, int second, bool date)
{
	struct icaltimetype t = icaltime_null_time();

	lp_civil_from_days(day, &t.year, &t.month, &t.day);
	t.is_date = date;
	t.hour = second / 3600;
	t.minute = second / 60 % 60;
	t.second = second % 60;
	return t;
}

/* What following it over so many days costs at most, also where nothing ever matches. */
static int64_t
steps(const struct icalrecurrencetype *r, int64_t days)
{
	int64_t times = 1, per_day = 1;

	if (r->freq == ICAL_SECONDLY_RECURRENCE)
		per_day = 86400;
	else if (r->freq == ICAL_MINUTELY_RECURRENCE)
		per_day = 1440;
	else if (r->freq == ICAL_HOURLY_RECURRENCE)
		per_day = 24;
	times *= 1 + listed(r->by_hour, ICAL_BY_HOUR_SIZE);
	times *= 1 + listed(r->by_minute, ICAL_BY_MINUTE_SIZE);
	times *= 1 + listed(r->by_second, ICAL_BY_SECOND_SIZE);
	return 50 + days * per_day * times;
}

int
ics_rule(const char *rule, const struct ics_time *start, int64_t first, int64_t last, int64_t *budget,
    int (*each)(void *, const struct ics_time *), void *arg, struct lp_err *err)
{
	struct icalrecurrencetype r;
	struct icaltimetype begin = to_ical(start->day, start->second, start->date), t;
	icalrecur_iterator *it;
	int64_t from;
	int result = 0;

	if (!read_rule(rule, &r))
		return lp_fail(err, LP_DATA, "the rule '%.60s' can't be read", rule);
	if (last < start->day)
		return 0;
	/* counting has to begin at the beginning */
	from = r.count > 0 || first - 1 <= start->day ? start->day : first - 1;
	if ((*budget -= steps(&r, last - from + 1)) < 0)
		return lp_fail(err, LP_DATA, "the rule '%.60s' repeats too often", rule);
	r.until = to_ical(last, 86399, false); /* or it may look for its next time until the year 2582 */
	it = icalrecur_iterator_new(r, begin);
	if (it == NULL)
		return 0; /* well formed, and never: the 30th of february */
	if (from > start->day && !icalrecur_iterator_set_start(it, to_ical(from, 0, false)))
		result = lp_fail(err, LP_DATA, "the rule '%.60s' can't be followed", rule);
	while (result == 0 && !icaltime_is_null_time(t = icalrecur_iterator_next(it))) {
		struct ics_time at = *start;

		at.day = lp_days_from_civil(t.year, t.month, t.day);
		at.second = t.hour * 3600 + t.minute * 60 + t.second;
		if (at.day > last)
			break;
		if (at.day >= first)
			result = each(arg, &at);
	}
	icalrecur_iterator_free(it);
	return result;
}
