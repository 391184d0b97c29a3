/* Durations, time zones, schedules in combination, and a day's sending times. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/duration.h"
#include "base/hours.h"
#include "base/tz.h"
#include "sender/slots.h"

static struct lp_err err;

static int64_t
ms(const char *iso)
{
	int64_t t;

	assert_int_equal(lp_iso_parse(iso, &t, &err), 0);
	return t;
}

static void
same_time(int64_t got, const char *want)
{
	char iso[LP_ISO_SIZE];

	assert_string_equal(lp_iso(got, iso), want);
}

static void
durations(void **state)
{
	static const struct {
		const char *text, *print;
		int64_t ms;
	} good[] = { { "3d", "3d", 3 * LP_DAY }, { "3bd", "3bd", 3 * LP_DAY }, { "4h", "4h", 4 * LP_HOUR }, { "10m", "10m", 10 * LP_MINUTE },
		{ "90s", "1m 30s", 90 * LP_SECOND }, { "1d 12h", "1d 12h", LP_DAY + 12 * LP_HOUR }, { "1d12h", "1d 12h", LP_DAY + 12 * LP_HOUR },
		{ "36h", "36h", 36 * LP_HOUR }, { "0", "0s", 0 }, { "0d", "0s", 0 }, { " 2d ", "2d", 2 * LP_DAY },
		{ "1d 2bd 3h 4m 5s", "1d 2bd 3h 4m 5s", 3 * LP_DAY + 3 * LP_HOUR + 4 * LP_MINUTE + 5 * LP_SECOND }, { "3660d", "3660d", 3660 * LP_DAY } };
	static const char *const bad[] = { "", " ", "3", "d", "3 d", "3x", "3dd", "3d 3d", "4h 3d", "-3d", "+3d", "3.5h", "1e3s", "3661d", "9999999999s",
		"3D", "00", "0 3d", "3days", "3db", "\xef\xbc\x93" "d" };
	char out[DURATION_SIZE];
	struct duration d, again;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(duration_parse(good[i].text, &d, &err), 0);
		assert_string_equal(duration_print(&d, out), good[i].print);
		assert_int_equal(duration_ms(&d), good[i].ms);
		assert_int_equal(duration_parse(out, &again, &err), 0);
		assert_memory_equal(&d, &again, sizeof(d));
		assert_int_equal(duration_none(&d), good[i].ms == 0);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memset(&err, 0, sizeof(err));
		if (duration_parse(bad[i], &d, &err) != -1)
			fail_msg("taken for a duration: '%s'", bad[i]);
		assert_int_equal(err.kind, LP_DATA);
	}
	assert_non_null(strstr(err.msg, "is not a duration (want 3d, 3bd, 4h, 10m, 90s or '1d 12h')"));
}

static void
when(void **state)
{
	int64_t now = ms("2026-03-02T10:00:00Z"), t;

	(void)state;
	assert_int_equal(lp_when("now", now, &t, &err), 0);
	assert_int_equal(t, now);
	assert_int_equal(lp_when("+7d", now, &t, &err), 0);
	same_time(t, "2026-03-09T10:00:00.000Z");
	assert_int_equal(lp_when("-1h 30m", now, &t, &err), 0);
	same_time(t, "2026-03-02T08:30:00.000Z");
	assert_int_equal(lp_when("2026-11-22T09:00:00+01:00", now, &t, &err), 0);
	same_time(t, "2026-11-22T08:00:00.000Z");
	assert_int_equal(lp_when("+3bd", now, &t, &err), -1);
	assert_int_equal(lp_when("7d", now, &t, &err), -1);
	assert_int_equal(lp_when("tomorrow", now, &t, &err), -1);
}

static void
zones(void **state)
{
	struct tz_civil c = { 2026, 3, 29, 2, 30, 0, 0, 0 };
	int64_t t;

	(void)state;
	/* the skipped hour: the first instant after it; the hour that comes twice: the first of the two */
	assert_int_equal(tz_utc("Europe/Berlin", &c, &t, &err), 0);
	same_time(t, "2026-03-29T01:00:00.000Z");
	c = (struct tz_civil){ .year = 2026, .month = 10, .day = 25, .hour = 2, .minute = 30 };
	assert_int_equal(tz_utc("Europe/Berlin", &c, &t, &err), 0);
	same_time(t, "2026-10-25T00:30:00.000Z");
	/* a whole day that was skipped */
	c = (struct tz_civil){ .year = 2011, .month = 12, .day = 30, .hour = 12 };
	assert_int_equal(tz_utc("Pacific/Apia", &c, &t, &err), 0);
	same_time(t, "2011-12-30T10:00:00.000Z");
	assert_int_equal(tz_local("Asia/Kathmandu", ms("2026-03-01T23:00:00Z"), &c, &err), 0);
	assert_int_equal(c.weekday, 0);
	assert_int_equal(c.hour, 4);
	assert_int_equal(c.minute, 45);
	assert_int_equal(c.offset_s, 20700);
	assert_int_equal(tz_local("UTC", -1, &c, &err), 0);
	assert_int_equal(c.year, 1969);
	assert_int_equal(c.second, 59);
	assert_int_equal(c.weekday, 2);
	/* a wrong name changes nothing of the zone in use */
	assert_int_equal(tz_local("Europe/Nowhere", 0, &c, &err), -1);
	assert_int_equal(err.kind, LP_CONFIG);
	assert_int_equal(tz_local("UTC", 0, &c, &err), 0);
	assert_int_equal(c.hour, 0);
}

static struct hours
schedule(const char *zone, const char *days, const char *start, const char *end)
{
	struct hours h;

	hours_init(&h);
	snprintf(h.timezone, sizeof(h.timezone), "%s", zone);
	assert_int_equal(hours_days(days, &h.days, &err), 0);
	assert_int_equal(hours_time(start, &h.start, &err), 0);
	assert_int_equal(hours_time(end, &h.end, &err), 0);
	assert_int_equal(hours_check(&h, &err), 0);
	return h;
}

static int64_t
date(const char *text)
{
	int64_t day;

	assert_int_equal(hours_date(text, &day, &err), 0);
	return day;
}

static void
together(void **state)
{
	struct hours agent = schedule("Europe/Berlin", "mon-fri", "09:00", "17:00"), lead = schedule("America/New_York", "mon-fri", "09:00", "17:00"),
		     never = schedule("Asia/Tokyo", "mon-fri", "09:00", "16:00");
	const struct hours *all[] = { &agent, &lead, &never };
	int64_t t;

	(void)state;
	/* nine in New York is three in Berlin */
	assert_int_equal(hours_all_next_open(all, 2, ms("2026-03-02T09:00:00Z"), &t, &err), 0);
	same_time(t, "2026-03-02T14:00:00.000Z");
	assert_int_equal(hours_all_open(all, 2, t, &err), 1);
	assert_int_equal(hours_all_next_close(all, 2, t, &t, &err), 0);
	same_time(t, "2026-03-02T16:00:00.000Z");
	/* New York's clocks change three weeks sooner: two hours together become three */
	assert_int_equal(hours_all_next_open(all, 2, ms("2026-03-07T00:00:00Z"), &t, &err), 0);
	same_time(t, "2026-03-09T13:00:00.000Z");
	/* a holiday here, an absence there */
	hours_add_off(&agent, date("2026-03-09"), date("2026-03-09"));
	hours_add_off(&lead, date("2026-03-10"), date("2026-03-20"));
	assert_int_equal(hours_all_next_open(all, 2, ms("2026-03-07T00:00:00Z"), &t, &err), 0);
	same_time(t, "2026-03-23T13:00:00.000Z");
	/* schedules that never meet */
	assert_int_equal(hours_all_next_open(all + 1, 2, ms("2026-03-02T09:00:00Z"), &t, &err), 0);
	assert_true(t == HOURS_NEVER);
	/* none at all: always */
	assert_int_equal(hours_all_next_open(all, 0, 5, &t, &err), 0);
	assert_int_equal(t, 5);
	hours_free(&agent);
	hours_free(&lead);
}

static void
always(void **state)
{
	struct hours h;
	int64_t t;

	(void)state;
	hours_init(&h);
	h.always = true;
	assert_int_equal(hours_open(&h, ms("2026-03-08T03:00:00Z"), &err), 1);
	assert_int_equal(hours_next_close(&h, ms("2026-03-08T03:00:00Z"), &t, &err), 0);
	assert_true(t == HOURS_NEVER);
	/* days off hold without a schedule too */
	hours_add_off(&h, date("2026-03-08"), date("2026-03-09"));
	assert_int_equal(hours_next_open(&h, ms("2026-03-08T03:00:00Z"), &t, &err), 0);
	same_time(t, "2026-03-10T00:00:00.000Z");
	assert_int_equal(hours_next_close(&h, ms("2026-03-07T03:00:00Z"), &t, &err), 0);
	same_time(t, "2026-03-08T00:00:00.000Z");
	hours_free(&h);
}

static void
business_days(void **state)
{
	struct hours h = schedule("Europe/Berlin", "mon-fri", "09:00", "17:00");
	struct duration d;
	int64_t t;

	(void)state;
	assert_int_equal(duration_parse("3bd", &d, &err), 0);
	/* friday, over the weekend of the change: the same time of day, so an hour sooner */
	assert_int_equal(hours_after(&h, ms("2026-03-27T10:00:00.250Z"), &d, &t, &err), 0);
	same_time(t, "2026-04-01T09:00:00.250Z");
	hours_add_off(&h, date("2026-03-31"), date("2026-03-31"));
	assert_int_equal(hours_after(&h, ms("2026-03-27T10:00:00Z"), &d, &t, &err), 0);
	same_time(t, "2026-04-02T09:00:00.000Z");
	/* from a day that doesn't work, the first business day is the next that does */
	assert_int_equal(duration_parse("1bd", &d, &err), 0);
	assert_int_equal(hours_after(&h, ms("2026-03-28T10:00:00Z"), &d, &t, &err), 0);
	same_time(t, "2026-03-30T09:00:00.000Z");
	assert_int_equal(duration_parse("3d 2h", &d, &err), 0);
	assert_int_equal(hours_after(&h, ms("2026-03-27T10:00:00Z"), &d, &t, &err), 0);
	same_time(t, "2026-03-30T11:00:00.000Z");
	h.days = 0;
	assert_int_equal(duration_parse("1bd", &d, &err), 0);
	assert_int_equal(hours_after(&h, 0, &d, &t, &err), 0);
	assert_true(t == HOURS_NEVER);
	hours_free(&h);
}

static void
words(void **state)
{
	unsigned days;
	char *s, at[6];
	int m;

	(void)state;
	assert_int_equal(hours_days("mon-fri", &days, &err), 0);
	assert_int_equal(days, HOURS_WEEKDAYS);
	assert_int_equal(hours_days("Friday, SAT", &days, &err), 0);
	s = hours_days_print(days);
	assert_string_equal(s, "friday,saturday");
	free(s);
	assert_int_equal(hours_days("sat-mon", &days, &err), 0);
	assert_int_equal(days, 0x61);
	assert_int_equal(hours_days("", &days, &err), 0);
	assert_int_equal(days, 0);
	assert_int_equal(hours_days("mon-", &days, &err), -1);
	assert_int_equal(hours_days("monda", &days, &err), -1);
	assert_int_equal(hours_time("24:00", &m, &err), 0);
	assert_string_equal(hours_time_print(m, at), "24:00");
	assert_int_equal(hours_time("09:00:01", &m, &err), -1);
}

/* Windows of a day, each second checked against the question asked plainly. */
static void
windows(void **state)
{
	struct hours a = schedule("Europe/Berlin", "mon-sun", "22:00", "03:00"), b = schedule("UTC", "mon-sun", "00:30", "24:00");
	const struct hours *both[] = { &a, &b };
	static const char *const dates[] = { "2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25", "2026-06-01" };
	struct hours_window w[HOURS_WINDOWS];
	int64_t from, until;
	int n, in, want;

	(void)state;
	hours_add_off(&b, date("2026-06-01"), date("2026-06-01"));
	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		n = hours_windows(both, 2, "Europe/Berlin", date(dates[i]), w, &err);
		assert_true(n >= 1 && n <= 4);
		assert_int_equal(tz_midnight("Europe/Berlin", date(dates[i]), &from, &err), 0);
		assert_int_equal(tz_midnight("Europe/Berlin", date(dates[i]) + 1, &until, &err), 0);
		for (int64_t t = from; t < until; t += 30 * LP_SECOND) {
			in = 0;
			for (int k = 0; k < n; k++)
				in |= t >= w[k].from && t < w[k].until;
			want = hours_all_open(both, 2, t, &err);
			if (in != want)
				fail_msg("%s: %lld ms into the day: %d, want %d", dates[i], (long long)(t - from), in, want);
		}
	}
	hours_free(&b);
}

static void
slots(void **state)
{
	static int64_t out[SLOTS_MAX], again[SLOTS_MAX];
	struct hours h = schedule("Europe/Berlin", "mon-sun", "09:00", "12:00"), g = schedule("UTC", "mon-sun", "00:00", "24:00");
	const struct hours *one[] = { &h }, *day[] = { &g };
	struct slots_plan p = { "seed", "sales", 0, 24, 120, -1 };
	struct hours_window w[HOURS_WINDOWS], two[2];
	int n, moved = 0;

	(void)state;
	p.day = date("2026-03-02");
	n = hours_windows(one, 1, "Europe/Berlin", p.day, w, &err);
	assert_int_equal(n, 1);
	for (p.capacity = 0; p.capacity <= 120; p.capacity++) {
		size_t made = slots_make(&p, w, 1, out);

		/* three hours hold ninety messages two minutes apart */
		assert_int_equal(made, p.capacity < 90 ? p.capacity : 90);
		assert_int_equal(slots_make(&p, w, 1, again), made);
		assert_memory_equal(out, again, made * sizeof(*out));
		for (size_t i = 0; i < made; i++) {
			assert_true(out[i] >= w[0].from && out[i] < w[0].until);
			assert_true(i == 0 || out[i] - out[i - 1] >= 120 * LP_SECOND);
		}
		/* spread over the window, not put at its beginning */
		if (made >= 10)
			assert_true(out[made - 1] - out[0] >= (w[0].until - w[0].from) * 7 / 10);
	}
	/* another seed, account or day: other times */
	p.capacity = 24;
	slots_make(&p, w, 1, out);
	p.account = "support";
	slots_make(&p, w, 1, again);
	for (int i = 0; i < 24; i++)
		moved += out[i] != again[i];
	assert_true(moved > 12);
	/* without jitter a regular grid */
	p.jitter_s = 0;
	slots_make(&p, w, 1, out);
	assert_int_equal(out[0], w[0].from);
	assert_int_equal(out[1] - out[0], 450 * LP_SECOND);
	/* a pause at noon: nothing in it, and the gap holds across */
	two[0] = w[0];
	two[1] = (struct hours_window){ w[0].until + LP_HOUR, w[0].until + 2 * LP_HOUR };
	p.jitter_s = -1;
	p.capacity = 200;
	assert_int_equal(slots_make(&p, two, 2, out), 120);
	for (int i = 0; i < 120; i++) {
		assert_true((out[i] >= two[0].from && out[i] < two[0].until) || (out[i] >= two[1].from && out[i] < two[1].until));
		assert_true(i == 0 || out[i] - out[i - 1] >= 120 * LP_SECOND);
	}
	/* no window, no slot; and never more than there is room for in the array */
	assert_int_equal(slots_make(&p, two, 0, out), 0);
	p.capacity = 1000000;
	p.gap_s = 0;
	assert_int_equal(hours_windows(day, 1, "UTC", p.day, w, &err), 1);
	assert_int_equal(slots_make(&p, w, 1, out), SLOTS_MAX);
}

static void
ramps(void **state)
{
	(void)state;
	assert_int_equal(slots_ramp(0, 5, 30, 0), 0);
	assert_int_equal(slots_ramp(5, 5, 30, 0), 5);
	assert_int_equal(slots_ramp(5, 5, 30, 3), 20);
	assert_int_equal(slots_ramp(5, 5, 30, 5), 30);
	assert_int_equal(slots_ramp(5, 5, 30, 4000000), 30);
	assert_int_equal(slots_ramp(5, 5, 30, -1), 0);
	assert_int_equal(slots_ramp(5, 0, 30, 100), 5);
	assert_int_equal(slots_ramp(50, 5, 30, 0), 30);
	assert_int_equal(slots_capacity(30, 20), 24);
	assert_int_equal(slots_capacity(1, 20), 1);
	assert_int_equal(slots_capacity(10, 100), 0);
	assert_int_equal(slots_capacity(0, 20), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(durations), cmocka_unit_test(when), cmocka_unit_test(zones), cmocka_unit_test(together),
		cmocka_unit_test(always), cmocka_unit_test(business_days), cmocka_unit_test(words), cmocka_unit_test(windows),
		cmocka_unit_test(slots), cmocka_unit_test(ramps) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
