/* The times that a mail names: the table test/data/calendar/wishes.txt, and what is picked. */
#include "unit.h"

#include "base/tz.h"
#include "calendar/wishes.h"

#define MAX 64

static struct lp_err err;

/* "11-24 15:00-16:00 time; 11-30 span 12-06": dates of the zone; a window of whole days without its hours, `until` as the day before it. */
static char *
shown(const struct wish *w, int n, const char *zone)
{
	struct buf b = { 0 };

	for (int i = 0; i < n; i++) {
		struct tz_civil f, u;
		bool whole;

		assert_int_equal(tz_local(zone, w[i].from, &f, &err), 0);
		assert_int_equal(tz_local(zone, w[i].until, &u, &err), 0);
		whole = f.hour == 0 && f.minute == 0 && u.hour == 0 && u.minute == 0;
		buf_printf(&b, "%s%02d-%02d", i > 0 ? "; " : "", f.month, f.day);
		if (!whole)
			buf_printf(&b, " %02d:%02d-", f.hour, f.minute);
		if (!whole && tz_day(&u) != tz_day(&f) && (u.hour > 0 || tz_day(&u) != tz_day(&f) + 1))
			buf_printf(&b, "%02d-%02d ", u.month, u.day);
		if (!whole)
			buf_printf(&b, "%02d:%02d", u.hour == 0 && u.minute == 0 && tz_day(&u) == tz_day(&f) + 1 ? 24 : u.hour, u.minute);
		buf_printf(&b, " %s", wish_kind_name(w[i].kind));
		if (whole && w[i].kind == WISH_SPAN) {
			assert_int_equal(tz_local(zone, w[i].until - 1, &u, &err), 0);
			buf_printf(&b, " %02d-%02d", u.month, u.day);
		}
	}
	return buf_steal(&b);
}

/* Lines: NOW ZONE, which hold from then on, as "@ 2026-11-23T09:00Z Europe/Berlin"; else WANT | TEXT, where \n is a line end. */
static void
test_table(void **state)
{
	char *path = xasprintf("%s/test/data/calendar/wishes.txt", getenv("LP_TOP") != NULL ? getenv("LP_TOP") : "."), line[2000], at[40], zone[64] = "UTC";
	FILE *f = fopen(path, "r");
	int64_t now = 0;
	int no = 0, bad = 0;

	(void)state;
	if (f == NULL)
		fail_msg("no %s", path);
	while (fgets(line, sizeof(line), f) != NULL) {
		struct wish w[MAX];
		struct buf text = { 0 };
		char *bar, *got;

		no++;
		line[strcspn(line, "\n")] = '\0';
		if (*line == '\0' || *line == '#')
			continue;
		if (*line == '@') {
			if (sscanf(line, "@ %39s %63s", at, zone) != 2)
				fail_msg("line %d", no);
			now = ms(at);
			continue;
		}
		if ((bar = strchr(line, '|')) == NULL)
			fail_msg("line %d has no bar", no);
		for (const char *p = bar + 2; *p != '\0'; p++) {
			if (*p == '\\' && p[1] == 'n') {
				buf_putc(&text, '\n');
				p++;
			} else
				buf_putc(&text, *p);
		}
		bar[bar > line && bar[-1] == ' ' ? -1 : 0] = '\0';
		got = shown(w, wishes_read(buf_str(&text), now, zone, w, MAX), zone);
		if (strcmp(got, line) != 0) {
			print_error("%d: %s\n     got: %s\n    want: %s\n", no, buf_str(&text), got, line);
			bad++;
		}
		free(got);
		buf_free(&text);
	}
	fclose(f);
	free(path);
	if (bad > 0)
		fail_msg("%d of the table differ", bad);
}

static void
test_pick(void **state)
{
	const int64_t at[] = { ms("2026-11-24T08:00Z"), ms("2026-11-24T14:00Z"), ms("2026-11-24T14:30Z"), ms("2026-11-26T09:00Z"), ms("2026-12-01T09:00Z") };
	const int64_t now = ms("2026-11-23T09:00Z"), half = 30 * LP_MINUTE;
	struct wish w[MAX];
	static const struct {
		const char *text;
		int64_t minutes;
		int want;
	} cases[] = { { "Tuesday at 3pm", 30, 1 }, { "Tuesday at 3:30pm", 30, 2 }, { "Tuesday at 3pm", 120, 1 }, { "Tuesday afternoon", 30, 1 },
		{ "Thursday morning", 30, 3 }, { "Thursday morning", 180, -1 }, { "Wednesday or Thursday", 30, 3 }, { "next week", 30, 4 },
		{ "Friday, or next week Tuesday", 30, 4 }, { "Tuesday, but not before 3", 30, 1 }, { "Not Tuesday", 30, 3 }, { "Saturday", 30, -1 },
		{ "Thanks!", 30, -1 } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int n = wishes_read(cases[i].text, now, "Europe/Berlin", w, MAX);

		if (wish_pick(w, (size_t)n, at, 5, cases[i].minutes * LP_MINUTE) != cases[i].want)
			fail_msg("%s: %d", cases[i].text, wish_pick(w, (size_t)n, at, 5, cases[i].minutes * LP_MINUTE));
	}
	assert_int_equal(wish_pick(w, 0, at, 5, half), -1);
	assert_int_equal(wishes_read("Tuesday", now, "Mars/Olympus", w, MAX), 0);
	assert_int_equal(wishes_read("Tuesday, Wednesday, Thursday", now, "UTC", w, 2), 2);
}

/* Long and odd texts cost what they are long. */
static void
test_odd(void **state)
{
	static const char *const parts[] = { "not Monday, ", "3/4 ", "Tuesday at 3 or ", "\xff\xc3", "next ", "12:", "a.m", "''s - ", "(1.2.3.4)", "99999999999 ",
		"between ", "in 3 " };
	struct wish w[MAX];
	struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		buf_reset(&b);
		while (b.len < 3 * WISH_TEXT_MAX)
			buf_puts(&b, parts[i]);
		assert_true(wishes_read(b.s, ms("2026-11-23T09:00Z"), "Europe/Berlin", w, MAX) <= MAX);
	}
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_pick), cmocka_unit_test(test_odd) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
