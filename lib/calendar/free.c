#include "calendar/free.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tz.h"
#include "calendar/span.h"

#define THEIR_START (8 * 60)
#define THEIR_END (18 * 60)
#define PROPOSE_FROM 4096      /* slots that proposals are chosen from */
#define APART (90 * LP_MINUTE) /* between two proposals */

/* The first span that ends after `at`; they are joined. */
static const struct busy_span *
after(const struct spans *s, int64_t at)
{
	size_t lo = 0, hi = s->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->at[mid].until > at)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo < s->n ? &s->at[lo] : NULL;
}

static bool
inside(const struct spans *s, int64_t from, int64_t until)
{
	const struct busy_span *w = after(s, from);

	return w != NULL && w->from <= from && w->until >= until;
}

static bool
clear_of(const struct spans *s, int64_t from, int64_t until)
{
	const struct busy_span *w = after(s, from);

	return w == NULL || w->from >= until;
}

/* The open time of days first..last of its own zone. */
static int
open_spans(const struct hours *h, int64_t first, int64_t last, struct spans *out, struct lp_err *err)
{
	struct hours_window w[HOURS_WINDOWS];

	for (int64_t day = first; day <= last; day++) {
		int n = hours_windows(&h, 1, h->timezone, day, w, err);

		if (n == -1)
			return -1;
		for (int i = 0; i < n; i++)
			spans_add(out, w[i].from, w[i].until);
	}
	spans_join(out); /* a window over midnight came in two */
	return 0;
}

struct search {
	const struct free_ask *ask;
	int64_t first, last;           /* days of ours */
	struct spans ours, theirs, taken;
};

static int
day_of(const char *zone, int64_t ms, int64_t *day, struct lp_err *err)
{
	struct tz_civil c;

	if (tz_local(zone, ms, &c, err) == -1)
		return -1;
	*day = tz_day(&c);
	return 0;
}

static int
prepare(const struct free_ask *ask, struct search *s, struct lp_err *err)
{
	struct hours there;

	*s = (struct search){ .ask = ask };
	if (ask->length <= 0 || ask->length > 7 * LP_DAY || ask->buffer < 0 || ask->buffer > 7 * LP_DAY ||
	    (ask->step != 0 && (ask->step < LP_MINUTE || ask->step > LP_DAY)))
		return lp_fail(err, LP_USAGE, "a meeting's length and buffer are at most 7d, and its step is from 1m to 1d");
	if (ask->until < ask->from) {
		s->last = s->first - 1;
		return 0;
	}
	if (day_of(ask->hours->timezone, ask->from, &s->first, err) == -1 || day_of(ask->hours->timezone, ask->until, &s->last, err) == -1)
		return -1;
	if (s->last > s->first + FREE_DAYS - 1)
		s->last = s->first + FREE_DAYS - 1;
	if (open_spans(ask->hours, s->first, s->last + 7, &s->ours, err) == -1)
		return -1;
	if (ask->zone != NULL) {
		hours_init(&there);
		if (tz_ok(ask->zone, err) == -1)
			return -1;
		snprintf(there.timezone, sizeof(there.timezone), "%s", ask->zone);
		there.start = THEIR_START;
		there.end = THEIR_END;
		if (open_spans(&there, s->first - 2, s->last + 9, &s->theirs, err) == -1)
			return -1;
	}
	for (size_t i = 0; i < ask->nbusy; i++)
		spans_add(&s->taken, ask->busy[i].from, ask->busy[i].until);
	for (size_t i = 0; i < ask->nmeetings; i++)
		spans_add(&s->taken, ask->meetings[i].from, ask->meetings[i].until);
	spans_join(&s->taken);
	return 0;
}

static void
search_free(struct search *s)
{
	free(s->ours.at);
	free(s->theirs.at);
	free(s->taken.at);
}

static int
day_is_full(const struct search *s, int64_t day, struct lp_err *err)
{
	const struct free_ask *a = s->ask;
	int64_t from, until, n = 0;

	if (a->per_day <= 0)
		return 0;
	if (tz_midnight(a->hours->timezone, day, &from, err) == -1 || tz_midnight(a->hours->timezone, day + 1, &until, err) == -1)
		return -1;
	for (size_t i = 0; i < a->nmeetings; i++)
		n += a->meetings[i].from >= from && a->meetings[i].from < until;
	return n >= a->per_day;
}

static bool
fits(const struct search *s, int64_t at)
{
	const struct free_ask *a = s->ask;

	return at >= a->from && at <= a->until && inside(&s->ours, at, at + a->length) &&
	    (a->zone == NULL || inside(&s->theirs, at, at + a->length)) &&
	    clear_of(&s->taken, at - a->buffer, at + a->length + a->buffer);
}

/* The steps of a day by the wall clock. Where it jumps ahead, what it skips is no step; of an hour that comes twice, the first. */
static int
of_day(const struct search *s, int64_t day, int64_t *at, size_t max, struct lp_err *err)
{
	int64_t step = (s->ask->step != 0 ? s->ask->step : FREE_STEP) / LP_SECOND, t;
	const char *zone = s->ask->hours->timezone;
	struct tz_civil c = { 0 }, back;
	size_t n = 0;

	lp_civil_from_days(day, &c.year, &c.month, &c.day);
	for (int64_t sec = 0; sec < 86400 && n < max; sec += step) {
		c.hour = (int)(sec / 3600);
		c.minute = (int)(sec / 60 % 60);
		c.second = (int)(sec % 60);
		if (tz_utc(zone, &c, &t, err) == -1)
			return -1;
		if (!fits(s, t))
			continue;
		if (tz_local(zone, t, &back, err) == -1)
			return -1;
		if (back.hour == c.hour && back.minute == c.minute)
			at[n++] = t;
	}
	return (int)n;
}

int
free_slots(const struct free_ask *ask, int64_t *at, size_t max, struct lp_err *err)
{
	struct search s;
	size_t n = 0;
	int r = prepare(ask, &s, err), k;

	for (int64_t day = s.first; r == 0 && day <= s.last && n < max; day++) {
		if ((k = day_is_full(&s, day, err)) == 0 && (k = of_day(&s, day, at + n, max - n, err)) > 0)
			n += (size_t)k;
		else if (k == -1)
			r = -1;
	}
	search_free(&s);
	return r == -1 ? -1 : (int)n;
}

/* ---- which to propose */

/* A slot as whoever reads the proposal sees it. */
struct seen {
	int64_t at, day;
	int minute;
	bool afternoon;
};

/* How well it would stand on the nth day of a proposal: 0 is best. Full hours, none at the very edges, and not each day the same one. */
static int
cost(const struct seen *s, size_t nth)
{
	static const int good[2][3] = { { 10 * 60, 11 * 60, 9 * 60 }, { 14 * 60, 15 * 60, 16 * 60 } };

	return abs(s->minute - good[s->afternoon][nth % 3]) + (s->minute % 60 != 0 ? 45 : 0);
}

static bool
near(int64_t at, const int64_t *chosen, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (llabs(at - chosen[i]) < APART)
			return true;
	return false;
}

/* Each half day gives its best: of the first day, of the second ... until there are k. */
static size_t
choose(const struct seen *s, size_t n, int64_t *at, size_t k)
{
	size_t chosen = 0, nth = 0, i, best, end;

	for (i = 0; i < n && chosen < k; i = end) {
		best = n;
		for (end = i; end < n && s[end].day == s[i].day && s[end].afternoon == s[i].afternoon; end++)
			if (!near(s[end].at, at, chosen) && (best == n || cost(&s[end], nth) < cost(&s[best], nth)))
				best = end;
		if (best < n)
			at[chosen++] = s[best].at;
		if (end < n && s[end].day != s[i].day)
			nth++;
	}
	/* few half days: more of each */
	for (int full = 1; full >= 0; full--)
		for (i = 0; i < n && chosen < k; i++)
			if (s[i].minute % 60 * full == 0 && !near(s[i].at, at, chosen))
				at[chosen++] = s[i].at;
	return chosen;
}

static int
by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

int
free_propose(const struct free_ask *ask, int64_t *at, size_t k, struct lp_err *err)
{
	int64_t *all = xmalloc(PROPOSE_FROM * sizeof(*all));
	const char *zone = ask->zone != NULL ? ask->zone : ask->hours->timezone;
	struct seen *seen = NULL;
	struct tz_civil c;
	int n = free_slots(ask, all, PROPOSE_FROM, err), r = n;
	size_t chosen = 0;

	if (n > 0)
		seen = xcalloc((size_t)n, sizeof(*seen));
	for (int i = 0; i < n && r != -1; i++) {
		if ((r = tz_local(zone, all[i], &c, err)) == 0)
			seen[i] = (struct seen){ all[i], tz_day(&c), c.hour * 60 + c.minute, c.hour >= 12 };
	}
	if (n > 0 && r != -1) {
		chosen = choose(seen, (size_t)n, at, k);
		qsort(at, chosen, sizeof(*at), by_time);
	}
	free(seen);
	free(all);
	return r == -1 ? -1 : (int)chosen;
}
