/* When a meeting could be: hours of both sides, what is taken, buffers, days that are full, the change of the clocks, and what to propose. */
#include "unit.h"

#include "base/tz.h"
#include "calendar/free.h"

static struct lp_err err;

/* Berlin, weekdays from 09:00 to 17:00; half an hour with a quarter before and after; the Monday of a week without a change. */
static struct hours hours;

static struct free_ask
ask(const char *from, const char *until)
{
	hours_free(&hours);
	snprintf(hours.timezone, sizeof(hours.timezone), "Europe/Berlin");
	return (struct free_ask){ .hours = &hours, .from = ms(from), .until = ms(until), .length = 30 * LP_MINUTE, .buffer = 15 * LP_MINUTE };
}

/* As "23 09:00 09:30, 24 10:00" on Berlin's clock. */
static void
shown(const int64_t *at, int n, struct buf *b)
{
	int64_t day = -1;
	struct tz_civil c;

	buf_reset(b);
	for (int i = 0; i < n; i++) {
		assert_int_equal(tz_local("Europe/Berlin", at[i], &c, &err), 0);
		if (tz_day(&c) != day)
			buf_printf(b, "%s%d", i > 0 ? ", " : "", c.day);
		buf_printf(b, " %02d:%02d", c.hour, c.minute);
		day = tz_day(&c);
	}
}

static void
slots(const struct free_ask *a, const char *want)
{
	struct buf b = { 0 };
	int64_t at[200];
	int n = free_slots(a, at, 200, &err);

	if (n == -1)
		fail_msg("%s", err.msg);
	shown(at, n, &b);
	assert_string_equal(buf_str(&b), want);
	buf_free(&b);
}

static void
proposes(const struct free_ask *a, size_t k, const char *want)
{
	struct buf b = { 0 };
	int64_t at[20];
	int n = free_propose(a, at, k, &err);

	if (n == -1)
		fail_msg("%s", err.msg);
	shown(at, n, &b);
	assert_string_equal(buf_str(&b), want);
	buf_free(&b);
}

static void
test_hours(void **state)
{
	struct free_ask a = ask("2026-11-23T08:10Z", "2026-11-23T23:00Z");
	int64_t at[3];

	(void)state;
	slots(&a, "23 09:30 10:00 10:30 11:00 11:30 12:00 12:30 13:00 13:30 14:00 14:30 15:00 15:30 16:00 16:30");
	assert_int_equal(free_slots(&a, at, 3, &err), 3);
	assert_int_equal(at[2], ms("2026-11-23T09:30Z"));
	a.length = 2 * LP_HOUR;
	slots(&a, "23 09:30 10:00 10:30 11:00 11:30 12:00 12:30 13:00 13:30 14:00 14:30 15:00");
	a.step = 2 * LP_HOUR; /* of the wall clock, not of `from` */
	slots(&a, "23 10:00 12:00 14:00");
	hours.start = 9 * 60 + 10;
	a.step = 45 * LP_MINUTE;
	slots(&a, "23 09:45 10:30 11:15 12:00 12:45 13:30 14:15 15:00");
	a = ask("2026-11-27T15:00Z", "2026-11-30T08:30Z"); /* friday evening to monday morning, both ends included */
	slots(&a, "27 16:00 16:30, 30 09:00 09:30");
	hours_add_off(&hours, lp_days_from_civil(2026, 11, 27), lp_days_from_civil(2026, 11, 27));
	slots(&a, "30 09:00 09:30");
	a = ask("2026-11-23T08:00Z", "2026-11-23T07:00Z");
	slots(&a, "");
	a = ask("2026-11-23T19:00Z", "2026-11-24T03:00Z"); /* over midnight */
	hours.start = 23 * 60;
	hours.end = 60;
	slots(&a, "23 23:00 23:30, 24 00:00 00:30");
	a.length = LP_HOUR;
	slots(&a, "23 23:00 23:30, 24 00:00");
}

static void
test_taken(void **state)
{
	const struct busy_span busy[] = { { ms("2026-11-23T13:00Z"), ms("2026-11-23T14:00Z") }, { ms("2026-11-23T10:00Z"), ms("2026-11-23T11:00Z") },
		{ ms("2026-11-23T13:30Z"), ms("2026-11-23T13:40Z") }, { ms("2026-11-23T12:00Z"), ms("2026-11-23T12:00Z") } };
	const struct busy_span mine[] = { { ms("2026-11-23T08:00Z"), ms("2026-11-23T08:30Z") } };
	struct free_ask a = ask("2026-11-23T07:00Z", "2026-11-23T23:00Z");

	(void)state;
	a.busy = busy;
	a.nbusy = 4;
	a.meetings = mine;
	a.nmeetings = 1;
	/* taken: 09:00 to 09:30, 11:00 to 12:00, 14:00 to 15:00 */
	slots(&a, "23 10:00 12:30 13:00 15:30 16:00 16:30");
	a.buffer = 0; /* what ends when the next begins is no overlap */
	slots(&a, "23 09:30 10:00 10:30 12:00 12:30 13:00 13:30 15:00 15:30 16:00 16:30");
	a.buffer = 30 * LP_MINUTE;
	slots(&a, "23 10:00 12:30 13:00 15:30 16:00 16:30");
	a.per_day = 1;
	slots(&a, "");
	a.per_day = 2;
	slots(&a, "23 10:00 12:30 13:00 15:30 16:00 16:30");
}

/* A full day is one of ours, not of UTC. */
static void
test_per_day(void **state)
{
	const struct busy_span mine[] = { { ms("2026-11-23T23:15Z"), ms("2026-11-23T23:30Z") }, { ms("2026-11-24T10:00Z"), ms("2026-11-24T11:00Z") } };
	struct free_ask a = ask("2026-11-23T14:30Z", "2026-11-24T09:00Z");

	(void)state;
	a.meetings = mine;
	a.nmeetings = 2;
	a.per_day = 2;
	slots(&a, "23 15:30 16:00 16:30");
	a.nmeetings = 1;
	slots(&a, "23 15:30 16:00 16:30, 24 09:00 09:30 10:00");
}

static void
test_theirs(void **state)
{
	struct free_ask a = ask("2026-11-23T07:00Z", "2026-11-24T07:00Z");

	(void)state;
	a.zone = "America/New_York"; /* from 14:00 in Berlin on */
	slots(&a, "23 14:00 14:30 15:00 15:30 16:00 16:30");
	a.zone = "Asia/Kolkata"; /* until 13:30 */
	slots(&a, "23 09:00 09:30 10:00 10:30 11:00 11:30 12:00 12:30 13:00");
	a.zone = "America/Los_Angeles"; /* from 17:00 on */
	slots(&a, "");
	a.zone = "Pacific/Auckland"; /* their day is our night */
	slots(&a, "");
	a = ask("2026-11-22T07:00Z", "2026-11-22T23:00Z");
	hours.days = HOURS_ALL_DAYS; /* our sunday is theirs too */
	a.zone = "Europe/London";
	slots(&a, "");
	a.zone = "Mars/Olympus";
	assert_int_equal(free_slots(&a, (int64_t[1]){ 0 }, 1, &err), -1);
	assert_int_equal(err.kind, LP_CONFIG);
	a.zone = NULL;
	a.length = 0;
	assert_int_equal(free_slots(&a, (int64_t[1]){ 0 }, 1, &err), -1);
	assert_int_equal(err.kind, LP_USAGE);
}

/* Summer time ends on 2026-10-25 in Berlin and on 2026-11-01 in New York: for a week they are five hours apart. */
static void
test_clocks(void **state)
{
	struct free_ask a = ask("2026-10-23T06:00Z", "2026-10-26T23:00Z");
	int64_t at[40];

	(void)state;
	a.length = LP_HOUR;
	a.step = 4 * LP_HOUR;
	slots(&a, "23 12:00 16:00, 26 12:00 16:00");
	assert_int_equal(free_slots(&a, at, 40, &err), 4);
	assert_int_equal(at[0], ms("2026-10-23T10:00Z"));
	assert_int_equal(at[2], ms("2026-10-26T11:00Z"));
	a.zone = "America/New_York"; /* 16:00 is 10:00 there, then 11:00; 12:00 is 06:00, then 07:00 */
	slots(&a, "23 16:00, 26 16:00");
	a.step = 0;
	slots(&a, "23 14:00 14:30 15:00 15:30 16:00, 26 13:00 13:30 14:00 14:30 15:00 15:30 16:00");
	a = ask("2026-03-28T23:00Z", "2026-03-29T02:00Z"); /* the night that lacks an hour: 02:00 to 03:00 is no time */
	hours.days = HOURS_ALL_DAYS;
	hours.start = 0;
	hours.end = 24 * 60;
	slots(&a, "29 00:00 00:30 01:00 01:30 03:00 03:30 04:00");
	a.from = ms("2026-10-24T22:30Z"); /* and the one with an hour twice: each time once */
	a.until = ms("2026-10-25T02:00Z");
	slots(&a, "25 00:30 01:00 01:30 02:00 02:30 03:00");
}

static void
test_propose(void **state)
{
	struct free_ask a = ask("2026-11-24T08:00Z", "2026-12-04T23:00Z");
	struct busy_span busy[] = { { ms("2026-11-24T08:00Z"), ms("2026-11-24T16:00Z") }, { ms("2026-11-25T08:00Z"), ms("2026-11-25T10:30Z") } };

	(void)state;
	proposes(&a, 0, "");
	proposes(&a, 1, "24 10:00");
	proposes(&a, 2, "24 10:00 14:00");
	proposes(&a, 3, "24 10:00 14:00, 25 11:00");
	proposes(&a, 4, "24 10:00 14:00, 25 11:00 15:00");
	a.busy = busy;
	a.nbusy = 2;
	proposes(&a, 3, "25 14:00, 26 11:00 15:00"); /* full hours where there are */
	a.until = ms("2026-11-24T13:00Z");
	a.nbusy = 0;
	proposes(&a, 3, "24 10:00 12:00 14:00");
	a.until = ms("2026-11-24T10:00Z"); /* three hours of slots: never two close together */
	proposes(&a, 3, "24 10:00");
	a.until = ms("2026-11-24T11:00Z");
	proposes(&a, 9, "24 10:00 12:00");
	a.until = ms("2026-11-24T07:00Z");
	proposes(&a, 3, "");
	/* by their clock: 15:00 in Berlin is morning in New York */
	a.until = ms("2026-12-04T23:00Z");
	a.zone = "America/New_York";
	proposes(&a, 2, "24 16:00, 25 16:00");
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_hours), cmocka_unit_test(test_taken), cmocka_unit_test(test_per_day),
		cmocka_unit_test(test_theirs), cmocka_unit_test(test_clocks), cmocka_unit_test(test_propose) };

	hours_init(&hours);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
