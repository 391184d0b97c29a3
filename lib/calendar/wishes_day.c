/* wishes_day.c - days: by their names, their dates, counted from today, and weeks. Each function answers where it ends, or i where nothing begins. */
#include "base/clock.h"
#include "calendar/wishes_int.h"

static bool
date_ok(int y, int m, int d)
{
	return m >= 1 && m <= 12 && d >= 1 && d <= 31 && lp_days_from_civil(y, m, d) < lp_days_from_civil(m == 12 ? y + 1 : y, m == 12 ? 1 : m + 1, 1);
}

static size_t
set_date(const struct scan *s, struct item *it, int y, int m, int d, size_t i, size_t end)
{
	bool no_year = y == 0;

	if (no_year)
		y = s->now->year;
	if (!date_ok(y, m, d))
		return i;
	it->first = lp_days_from_civil(y, m, d);
	if (no_year && it->first < s->now->day && date_ok(y + 1, m, d))
		it->first = lp_days_from_civil(y + 1, m, d);
	it->last = it->first;
	return end;
}

/* "the 10th": of this month, or where that is over, of the next. */
static size_t
set_mday(const struct scan *s, struct item *it, int d, size_t i, size_t end)
{
	int y = s->now->year, m = s->now->month;

	for (int tries = 0; tries < 3; tries++) {
		if (date_ok(y, m, d) && lp_days_from_civil(y, m, d) >= s->now->day) {
			it->first = it->last = lp_days_from_civil(y, m, d);
			return end;
		}
		if (++m > 12) {
			m = 1;
			y++;
		}
	}
	return i;
}

/* A year may follow, behind a comma too. */
static size_t
year(const struct scan *s, size_t i, int *y)
{
	size_t k = i + (scan_kind(s, i) == T_COMMA), after = scan_skip(s, k);

	*y = 0;
	if (scan_kind(s, after) == T_NUMBER && s->t->t[after].a >= s->now->year && s->t->t[after].a <= s->now->year + 2) {
		*y = s->t->t[after].a;
		return after + 1;
	}
	return i;
}

static bool
is_mday(const struct scan *s, size_t i)
{
	enum tok_kind k = scan_kind(s, i);

	return (k == T_NUMBER || k == T_ORDINAL || k == T_DOTTED) && s->t->t[i].a >= 1 && s->t->t[i].a <= 31;
}

/* 4 March, 4th of March 2027, March 4th, in March. */
static size_t
month_date(const struct scan *s, size_t i, bool in, struct item *it)
{
	int m, y;
	size_t len, k;

	if (is_mday(s, i)) {
		k = scan_skip(s, i + 1);
		if (scan_word(s, k, &m, &len) == W_MONTH) {
			k = year(s, k + len, &y);
			return set_date(s, it, y, m, s->t->t[i].a, i, k);
		}
		return i;
	}
	if (scan_word(s, i, &m, &len) != W_MONTH)
		return i;
	k = scan_skip(s, i + len);
	if (is_mday(s, k)) {
		size_t end = year(s, k + 1, &y);

		return set_date(s, it, y, m, s->t->t[k].a, i, end);
	}
	if (!in)
		return i;
	k = year(s, i + len, &y);
	if (y == 0)
		y = m < s->now->month ? s->now->year + 1 : s->now->year;
	it->first = lp_days_from_civil(y, m, 1);
	it->last = lp_days_from_civil(m == 12 ? y + 1 : y, m == 12 ? 1 : m + 1, 1) - 1;
	it->span = true;
	return k;
}

/* 2026-03-04, 4.3., 3/4. `on`: a word before it says that a date follows. */
static size_t
number_date(const struct scan *s, size_t i, bool on, struct item *it)
{
	const struct tok *t = &s->t->t[i];
	bool month_first = s->now->month_first;

	switch (scan_kind(s, i)) {
	case T_DATE:
		return set_date(s, it, t->a, t->b, t->c, i, i + 1);
	case T_PAIR: /* 4.3 without its last full stop */
		return on && (s->language & (DE | NO | PL)) != 0 ? set_date(s, it, 0, t->b, t->a, i, i + 1) : i;
	case T_SLASH:
		if (!on && t->c == 0 && scan_at(s, i + 1) != W_AT && scan_kind(s, i + 1) != T_CLOCK)
			return i; /* three quarters */
		if (t->a > 12 || t->b > 12)
			month_first = t->b > 12;
		else if (t->a != t->b && !s->now->slash_known) {
			it->first = it->last = 0; /* a day, and nobody knows which: no wish, but what is told of it is of no other */
			return i + 1;
		}
		return set_date(s, it, t->c, month_first ? t->a : t->b, month_first ? t->b : t->a, i, i + 1);
	default:
		return i;
	}
}

static size_t
mday(const struct scan *s, size_t i, bool on, struct item *it)
{
	enum tok_kind k = scan_kind(s, i);
	bool named = on || it->bound != W_NONE;
	int a;

	if (!is_mday(s, i))
		return i;
	a = s->t->t[i].a;
	if (scan_at(s, i + 1) == W_OCLOCK || scan_at(s, i + 1) == W_AND_HALF)
		return i;
	if (k == T_ORDINAL && (named || s->language == EN))
		return set_mday(s, it, a, i, i + 1);
	if (k == T_DOTTED && on && s->language != EN)
		return set_mday(s, it, a, i, i + 1);
	if (k == T_NUMBER && on && (s->language & (FR | ES | PT | IT | NO)) != 0 && scan_alone(s, i + 1))
		return set_mday(s, it, a, i, i + 1);
	return i;
}

/* in three days, in two weeks */
static size_t
counted(const struct scan *s, size_t i, struct item *it)
{
	size_t len = 1, k = i;
	int n, v;

	if (scan_kind(s, i) == T_NUMBER)
		n = s->t->t[i].a;
	else if (scan_word(s, i, &n, &len) != W_NUMBER)
		return i;
	k = i + len;
	if (n < 1 || n > 60)
		return i;
	if (scan_word(s, k, &v, &len) == W_DAYS)
		it->first = it->last = s->now->day + n;
	else if (scan_at(s, k) == W_WEEKS) {
		it->first = s->now->day - s->now->weekday + 7 * n;
		it->last = it->first + 6;
		it->span = true;
	} else
		return i;
	return k + len;
}

/* [early, mid, late] this week, next week */
static size_t
week(const struct scan *s, size_t i, struct item *it)
{
	enum word part = W_NONE, w;
	size_t len, k = i;
	int v;

	w = scan_word(s, k, &v, &len);
	if (w == W_EARLY || w == W_MID || w == W_LATE) {
		part = w;
		k = scan_skip(s, k + len);
		if (scan_kind(s, k) == T_DASH)
			k++;
		w = scan_word(s, k, &v, &len);
	}
	if (w != W_WEEK)
		return i;
	it->what = I_WEEK;
	it->span = true;
	it->first = s->now->day - s->now->weekday + 7 * v + (part == W_LATE ? 3 : part == W_MID ? 1 : 0);
	it->last = s->now->day - s->now->weekday + 7 * v + (part == W_EARLY ? 1 : part == W_MID ? 3 : part == W_LATE ? 4 : 6);
	return k + len;
}

static size_t
weekday(const struct scan *s, size_t i, struct item *it)
{
	size_t len, k = i;
	enum word w;
	bool next;
	int v;

	w = scan_word(s, k, &v, &len);
	next = w == W_NEXT;
	if (next)
		k += len;
	if (scan_word(s, k, &v, &len) != W_WEEKDAY)
		return i;
	k += len;
	it->weekday = !next;
	it->first = s->now->day - s->now->weekday + v + (next || v <= s->now->weekday ? 7 : 0);
	it->last = it->first;
	return k;
}

size_t
wish_day(const struct scan *s, size_t i, struct item *it)
{
	bool on = false, in = false;
	size_t k = i, end, len;
	enum word w;
	int v;

	*it = (struct item){ .what = I_DAYS };
	w = scan_word(s, k, &v, &len);
	if (w == W_AFTER || w == W_FROM || w == W_BEFORE || w == W_BY) {
		it->bound = w;
		on = v == 1;
		k += len;
	}
	for (;; k += len) {
		w = scan_word(s, k, &v, &len);
		on = on || w == W_ON;
		in = in || w == W_IN;
		if (w != W_ON && w != W_IN && w != W_OF)
			break;
	}
	if ((in || w == W_BETWEEN) && (end = counted(s, w == W_BETWEEN ? k + len : k, it)) != (w == W_BETWEEN ? k + len : k))
		return end;
	if (w == W_DAY && s->language == DE && v == 1 && k == i && i > 0 && scan_at(s, i - 1) == W_WEEKDAY)
		return i; /* "Dienstag Morgen" */
	if (w == W_DAY) {
		it->first = it->last = s->now->day + v;
		return k + len;
	}
	if ((end = week(s, k, it)) != k || (end = weekday(s, k, it)) != k || (end = month_date(s, k, in, it)) != k ||
	    (end = number_date(s, k, on || it->bound != W_NONE, it)) != k || (end = mday(s, k, on, it)) != k)
		return end;
	return i;
}
