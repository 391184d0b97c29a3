#include "base/hours.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"

/* An instant as the wall clock there shows it. */
struct local {
	int64_t day;
	int second; /* of the day */
};

void
hours_init(struct hours *h)
{
	*h = (struct hours){ .timezone = "UTC", .days = HOURS_WEEKDAYS, .start = 9 * 60, .end = 17 * 60 };
}

void
hours_free(struct hours *h)
{
	free(h->off);
	hours_init(h);
}

void
hours_add_off(struct hours *h, int64_t from_day, int64_t to_day)
{
	h->off = xrealloc(h->off, (h->noff + 1) * sizeof(*h->off));
	h->off[h->noff++] = (struct hours_off){ from_day, to_day };
}

static bool
is_off(const struct hours *h, int64_t day)
{
	for (size_t i = 0; i < h->noff; i++)
		if (day >= h->off[i].from && day <= h->off[i].to)
			return true;
	return false;
}

bool
hours_workday(const struct hours *h, int64_t day)
{
	int weekday = (int)(((day + 3) % 7 + 7) % 7); /* 1970-01-01 was a thursday */

	return (h->always || (h->days >> weekday & 1) != 0) && !is_off(h, day);
}

int
hours_check(const struct hours *h, struct lp_err *err)
{
	char at[6];

	if (tz_ok(h->timezone, err) == -1)
		return -1;
	if (h->start < 0 || h->start >= 1440 || h->end < 0 || h->end > 1440)
		return lp_fail(err, LP_CONFIG, "the hours are outside a day (want 00:00 to 24:00, the start before 24:00)");
	if (h->start == h->end)
		return lp_fail(err, LP_CONFIG, "an empty window: it starts and ends at '%s' (the whole day is 00:00 to 24:00)",
		    hours_time_print(h->start, at));
	return 0;
}

static bool
open_at(const struct hours *h, struct local t)
{
	int start = h->start * 60, end = h->end * 60;

	if (is_off(h, t.day))
		return false;
	if (h->always)
		return true;
	if (start < end)
		return t.second >= start && t.second < end && hours_workday(h, t.day);
	/* over midnight: the evening is today's window, the small hours are yesterday's */
	return (t.second >= start && hours_workday(h, t.day)) || (t.second < end && hours_workday(h, t.day - 1));
}

static int
local_at(const struct hours *h, int64_t ms, struct local *out, struct lp_err *err)
{
	struct tz_civil c;

	if (tz_local(h->timezone, ms, &c, err) == -1)
		return -1;
	*out = (struct local){ tz_day(&c), c.hour * 3600 + c.minute * 60 + c.second };
	return 0;
}

int
hours_open(const struct hours *h, int64_t ms, struct lp_err *err)
{
	struct local t;

	if (local_at(h, ms, &t, err) == -1)
		return -1;
	return open_at(h, t);
}

/* The instants of a calendar day at which being open can change: midnight, start, end, each also the second time where the clocks
 * are put back, and the moment they are moved. Unsorted. */
struct edges {
	int64_t at[8];
	size_t n;
};

static int
edges_of(const struct hours *h, int64_t day, struct edges *e, struct lp_err *err)
{
	const int minutes[] = { 0, h->start, h->end };
	int64_t next, moved, first, shift;
	struct tz_civil c = { 0 }, before, after;
	int r;

	e->n = 0;
	lp_civil_from_days(day, &c.year, &c.month, &c.day);
	for (size_t i = 0; i < 3; i++) {
		c.hour = minutes[i] / 60;
		c.minute = minutes[i] % 60;
		if (tz_utc(h->timezone, &c, &e->at[e->n++], err) == -1)
			return -1;
	}
	first = e->at[0];
	if (tz_midnight(h->timezone, day + 1, &next, err) == -1)
		return -1;
	r = tz_change(h->timezone, first, next, &moved, err);
	if (r != 1)
		return r;
	e->at[e->n++] = moved;
	if (tz_local(h->timezone, moved - LP_SECOND, &before, err) == -1 || tz_local(h->timezone, moved, &after, err) == -1)
		return -1;
	shift = (before.offset_s - after.offset_s) * LP_SECOND;
	for (size_t i = 0; shift > 0 && i < 3; i++)
		e->at[e->n++] = e->at[i] + shift;
	return 0;
}

/* The first instant after ms, at an edge of that day, at which being open is `want`; HOURS_NEVER where the day has none. */
static int
edge_after(const struct hours *h, int64_t day, int64_t ms, bool want, int64_t *at, struct lp_err *err)
{
	struct edges e;
	struct local t;

	*at = HOURS_NEVER;
	if (edges_of(h, day, &e, err) == -1)
		return -1;
	for (size_t i = 0; i < e.n; i++) {
		if (e.at[i] <= ms || e.at[i] >= *at)
			continue;
		if (local_at(h, e.at[i], &t, err) == -1)
			return -1;
		if (open_at(h, t) == want)
			*at = e.at[i];
	}
	return 0;
}

static bool
never_closes(const struct hours *h)
{
	return h->noff == 0 && (h->always || (h->days == HOURS_ALL_DAYS && h->start == 0 && h->end == 1440));
}

static int
next_change(const struct hours *h, int64_t ms, bool want, int64_t *at, struct lp_err *err)
{
	struct local t;

	*at = ms;
	if (local_at(h, ms, &t, err) == -1)
		return -1;
	if (open_at(h, t) == want)
		return 0;
	*at = HOURS_NEVER;
	if (!want && never_closes(h))
		return 0;
	for (int64_t day = t.day; day <= t.day + HOURS_HORIZON; day++) {
		/* nothing opens on a day that doesn't work, and many don't: don't ask the zone about them */
		if (want && !hours_workday(h, day) && !(h->start > h->end && hours_workday(h, day - 1)))
			continue;
		if (edge_after(h, day, ms, want, at, err) == -1)
			return -1;
		if (*at != HOURS_NEVER)
			break;
	}
	return 0;
}

int
hours_next_open(const struct hours *h, int64_t ms, int64_t *at, struct lp_err *err)
{
	return next_change(h, ms, true, at, err);
}

int
hours_next_close(const struct hours *h, int64_t ms, int64_t *at, struct lp_err *err)
{
	return next_change(h, ms, false, at, err);
}

int
hours_all_open(const struct hours *const *h, size_t n, int64_t ms, struct lp_err *err)
{
	int r = 1;

	for (size_t i = 0; r == 1 && i < n; i++)
		r = hours_open(h[i], ms, err);
	return r;
}

int
hours_all_next_open(const struct hours *const *h, size_t n, int64_t ms, int64_t *at, struct lp_err *err)
{
	const int64_t last = ms + HOURS_HORIZON * LP_DAY;
	size_t agreed = 0, i = 0;
	int64_t t;

	/* each in turn moves the instant on to where it opens; when all in a row have nothing to move, it is found */
	*at = ms;
	while (agreed < n) {
		if (hours_next_open(h[i], *at, &t, err) == -1)
			return -1;
		agreed = t == *at ? agreed + 1 : 1;
		if (t > last) {
			*at = HOURS_NEVER;
			return 0;
		}
		*at = t;
		i = (i + 1) % n;
	}
	return 0;
}

int
hours_all_next_close(const struct hours *const *h, size_t n, int64_t ms, int64_t *at, struct lp_err *err)
{
	int64_t t;

	*at = HOURS_NEVER;
	for (size_t i = 0; i < n; i++) {
		if (hours_next_close(h[i], ms, &t, err) == -1)
			return -1;
		if (t < *at)
			*at = t;
	}
	return 0;
}

int
hours_windows(const struct hours *const *h, size_t n, const char *zone, int64_t day,
    struct hours_window out[HOURS_WINDOWS], struct lp_err *err)
{
	int64_t at, end, close;
	int k = 0;

	if (tz_midnight(zone, day, &at, err) == -1 || tz_midnight(zone, day + 1, &end, err) == -1)
		return -1;
	while (k < HOURS_WINDOWS) {
		if (hours_all_next_open(h, n, at, &at, err) == -1)
			return -1;
		if (at >= end)
			break;
		if (hours_all_next_close(h, n, at, &close, err) == -1)
			return -1;
		out[k++] = (struct hours_window){ at, close < end ? close : end };
		at = out[k - 1].until;
	}
	return k;
}

int
hours_after(const struct hours *h, int64_t ms, const struct duration *d, int64_t *at, struct lp_err *err)
{
	struct tz_civil c;
	int64_t day, last;

	*at = ms;
	if (d->days != 0 || d->bdays != 0) {
		if (tz_local(h->timezone, ms, &c, err) == -1)
			return -1;
		day = tz_day(&c) + d->days;
		for (int left = d->bdays; left > 0; left--) {
			for (last = day++ + HOURS_HORIZON; day <= last && !hours_workday(h, day);)
				day++;
			if (day > last) {
				*at = HOURS_NEVER;
				return 0;
			}
		}
		lp_civil_from_days(day, &c.year, &c.month, &c.day);
		if (tz_utc(h->timezone, &c, at, err) == -1)
			return -1;
		*at += (ms % LP_SECOND + LP_SECOND) % LP_SECOND;
	}
	*at += d->ms;
	return 0;
}
