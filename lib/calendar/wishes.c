/* wishes.c - the days and times that were read, brought together, as windows. */
#include "calendar/wishes.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tz.h"
#include "calendar/wishes_int.h"

#define WINDOWS_MAX 256

struct plan {
	const char *zone;
	int64_t now;
	struct today today;
	const struct toks *t;
	int language;
	struct items items;
	bool *used;                    /* an item that stands for nothing by itself any more */
	struct wish yes[WINDOWS_MAX], no[WINDOWS_MAX];
	size_t nyes, nno;
};

/* ---- items that belong together */

/* Between two items nothing but what binds a list: or, commas, articles. */
static bool
listed(const struct plan *p, const struct item *a, const struct item *b)
{
	size_t len;
	int v;

	for (size_t i = a->end; i < b->tok; i += len) {
		enum word w = wish_word(p->t, i, &v, &len);

		if (p->t->t[i].kind != T_COMMA && p->t->t[i].kind != T_DASH && w != W_OR && w != W_ON && w != W_OF && w != W_IN && w != W_AT && w != W_FINE)
			return false;
	}
	return a->sentence == b->sentence;
}

static bool
joined_by_or(const struct plan *p, const struct item *b)
{
	size_t len;
	int v;

	return b->tok > 0 && wish_word(p->t, b->tok - 1, &v, &len) == W_OR;
}

static bool
joined_by_to(const struct plan *p, const struct item *a, const struct item *b)
{
	size_t len;
	enum word w;
	int v;

	if (b->what != I_DAYS || b->tok < a->end)
		return false;
	if (b->tok == a->end)
		return b->bound == W_BY; /* "Montag bis Mittwoch" */
	if (p->t->t[a->end].kind == T_DASH)
		return b->tok == a->end + 1;
	w = wish_word(p->t, a->end, &v, &len);
	if (w == W_OR && v == 1 && a->tok > 0 && a->end + len == b->tok) /* "between Monday and Wednesday" */
		return wish_word(p->t, a->tok - 1, &v, &len) == W_BETWEEN;
	return (w == W_TO || w == W_BY) && a->end + len == b->tok;
}

/* "Tuesday, March 4": the date says it all. "Monday to Wednesday". */
static void
merge_days(struct plan *p)
{
	for (size_t i = 0; i + 1 < p->items.n; i++) {
		struct item *a = &p->items.v[i], *b = &p->items.v[i + 1];

		if (a->what != I_DAYS || b->what != I_DAYS || a->sentence != b->sentence)
			continue;
		if (joined_by_to(p, a, b) && b->last >= a->first && b->last < a->first + 32) {
			b->first = a->first;
			b->span = true;
			b->weekday = a->weekday && b->weekday;
			b->bound = a->bound == W_FROM ? W_NONE : a->bound;
		} else if (a->weekday && !b->weekday && !b->span && listed(p, a, b) && !joined_by_or(p, b) && (b->first - a->first) % 7 == 0)
			b->bound = a->bound != W_NONE ? a->bound : b->bound;
		else
			continue;
		b->tok = a->tok;
		p->used[i] = true;
	}
}

/* Weekdays of a week that was named: the one before them in the sentence, else the one after them. */
static void
bind_weeks(struct plan *p)
{
	for (size_t i = 0; i < p->items.n; i++) {
		struct item *d = &p->items.v[i], *w = NULL;
		int64_t back;
		size_t k;

		if (d->what != I_DAYS || !d->weekday || p->used[i])
			continue;
		for (k = i; k-- > 0 && p->items.v[k].sentence == d->sentence && w == NULL;)
			if (p->items.v[k].what == I_WEEK && p->items.v[k].bound == W_NONE)
				w = &p->items.v[k];
		for (k = i + 1; k < p->items.n && p->items.v[k].sentence == d->sentence && w == NULL; k++)
			if (p->items.v[k].what == I_WEEK) {
				if (joined_by_or(p, &p->items.v[k]))
					break;
				w = &p->items.v[k];
			}
		if (w == NULL)
			continue;
		back = w->first - ((w->first + 3) % 7 + 7) % 7; /* its monday */
		d->last = back + ((d->last + 3) % 7 + 7) % 7;
		d->first = back + ((d->first + 3) % 7 + 7) % 7;
		p->used[w - p->items.v] = true;
	}
	for (size_t i = 0; i < p->items.n; i++)
		if (p->items.v[i].what == I_WEEK)
			p->items.v[i].what = I_DAYS;
}

/* "Thursday morning at 10": the hour stands for both, and is of that half of the day. */
static void
merge_times(struct plan *p)
{
	for (size_t i = 0; i + 1 < p->items.n; i++) {
		struct item *a = &p->items.v[i], *b = &p->items.v[i + 1];

		if (a->what != I_TIME || b->what != I_TIME || a->exact || a->bound != W_NONE || !listed(p, a, b) || joined_by_or(p, b) ||
		    !(b->exact || b->bound != W_NONE))
			continue;
		p->used[i] = true;
		b->tok = a->tok;
		if (b->exact && a->until <= 12 * 60 && b->from >= 13 * 60 && b->from < 19 * 60) {
			b->from -= 12 * 60;
			b->until -= 12 * 60;
		}
	}
}

/* ---- windows */

static void
window(struct plan *p, bool not, int64_t from, int64_t until, enum wish_kind kind)
{
	struct wish *w = not ? p->no : p->yes;
	size_t *n = not ? &p->nno : &p->nyes;

	if (until <= p->now || until <= from || *n == WINDOWS_MAX || (kind == WISH_TIME && from <= p->now))
		return;
	w[(*n)++] = (struct wish){ from > p->now ? from : p->now, until, kind };
}

static void
bounds(const struct plan *p, const struct item *d, int64_t *first, int64_t *last)
{
	*first = d->first;
	*last = d->last;
	switch (d->bound) {
	case W_AFTER:
		*first = d->last + 1;
		*last = *first + WISH_DAYS - 1;
		break;
	case W_FROM:
		*last = *first + WISH_DAYS - 1;
		break;
	case W_BEFORE:
		*last = d->first - 1;
		*first = p->today.day;
		break;
	case W_BY:
		*first = p->today.day;
		break;
	default:
		break;
	}
}

static int64_t
instant(const struct plan *p, const char *zone, int64_t day, int minute)
{
	struct tz_civil c = { .hour = minute / 60, .minute = minute % 60 };
	int64_t ms = 0;

	lp_civil_from_days(day, &c.year, &c.month, &c.day);
	tz_utc(zone != NULL ? zone : p->zone, &c, &ms, NULL);
	return ms;
}

/* Days, at a time of day or whole. */
static void
windows(struct plan *p, const struct item *d, const struct item *t, bool not)
{
	int64_t first, last;

	bounds(p, d, &first, &last);
	if (t == NULL) {
		window(p, not, instant(p, NULL, first, 0), instant(p, NULL, last + 1, 0), first == last && !d->span ? WISH_DAY : WISH_SPAN);
		return;
	}
	for (int64_t day = first; day <= last && day < first + 31; day++) {
		int64_t from = instant(p, t->zone, day, t->from);

		if (last > first && (day + 3) % 7 >= 5)
			continue; /* "next week at ten" means no saturday */
		window(p, not, from, t->exact ? from + LP_HOUR : instant(p, t->zone, day, t->until), t->exact ? WISH_TIME : WISH_PART);
	}
}

/* The days that a time belongs to: [first, n) of the items. */
struct group {
	size_t first, n;
};

/* Is the time at k told of the day after it ("14:30 on March 4th"), not of one before? */
static bool
looks_ahead(const struct plan *p, size_t k, bool days_before)
{
	const struct item *t = &p->items.v[k], *d = k + 1 < p->items.n ? t + 1 : NULL;
	size_t len;
	int v;

	while (d != NULL && p->used[d - p->items.v])
		d = d + 1 < p->items.v + p->items.n ? d + 1 : NULL;
	if (d == NULL || d->what != I_DAYS || d->sentence != t->sentence)
		return false;
	if (!days_before)
		return true;
	for (size_t i = t->end; i < d->tok; i += len) {
		enum word w = wish_word(p->t, i, &v, &len);

		if (p->t->t[i].kind != T_WORD || (w != W_ON && w != W_OF))
			return false;
	}
	return d->tok > t->end || wish_word(p->t, d->tok, &v, &len) == W_ON;
}

static size_t
group_after(const struct plan *p, size_t k, struct group *g)
{
	size_t i = k + 1, last;

	while (i < p->items.n && p->used[i])
		i++;
	*g = (struct group){ i, i };
	for (last = i; i < p->items.n && p->items.v[i].what == I_DAYS; i++) {
		if (p->used[i])
			continue;
		if (i > g->first && !listed(p, &p->items.v[last], &p->items.v[i]))
			break;
		last = i;
		g->n = i + 1;
	}
	return g->n;
}

/* Backwards: the days just before the time, as far as they are one list. */
static void
group_before(const struct plan *p, size_t k, struct group *g)
{
	size_t i = k, last = k;

	g->n = k;
	while (i > 0) {
		if (p->used[i - 1]) {
			i--;
			continue;
		}
		if (p->items.v[i - 1].what != I_DAYS || (last < k && !listed(p, &p->items.v[i - 1], &p->items.v[last])))
			break;
		last = --i;
	}
	g->first = i;
}

static void
pair(struct plan *p)
{
	bool *timed = xcalloc(p->items.n + 1, sizeof(*timed));
	struct group *of = xcalloc(p->items.n + 1, sizeof(*of)), last = { 0, 0 };
	bool any = false, days_before = false;
	struct item always = { .what = I_DAYS, .first = p->today.day, .last = p->today.day + WISH_DAYS - 1, .span = true };

	for (size_t k = 0; k < p->items.n; k++) {
		const struct item *it = &p->items.v[k];
		struct group g;

		any = any || (it->what == I_DAYS && !p->used[k]);
		if (k == 0 || it->sentence != p->items.v[k - 1].sentence)
			days_before = false;
		if (p->used[k])
			continue;
		if (it->what == I_DAYS) {
			days_before = true;
			continue;
		}
		if (looks_ahead(p, k, days_before))
			group_after(p, k, &g);
		else
			group_before(p, k, &g);
		if (g.first < g.n)
			last = g;
		else if (last.first < last.n && p->items.v[last.n - 1].sentence + 1 >= it->sentence)
			g = last;
		of[k] = g;
		for (size_t i = g.first; i < g.n; i++)
			timed[i] = true;
	}
	for (size_t k = 0; k < p->items.n; k++) {
		const struct item *it = &p->items.v[k];

		if (p->used[k] || (it->what == I_DAYS && timed[k]))
			continue;
		if (it->what == I_DAYS)
			windows(p, it, NULL, it->not);
		else if (of[k].first < of[k].n) {
			for (size_t i = of[k].first; i < of[k].n; i++)
				if (!p->used[i] && p->items.v[i].what == I_DAYS)
					windows(p, &p->items.v[i], it, it->not || p->items.v[i].not);
		} else if (it->not || (it->clear && !any) || (it->bound != W_NONE && it->clear))
			windows(p, &always, it, it->not);
	}
	free(timed);
	free(of);
}

/* What is left of a window where another is taken out: none, one or two. */
static size_t
without(const struct wish *w, const struct wish *no, struct wish out[2])
{
	size_t n = 0;

	if (no->until <= w->from || no->from >= w->until) {
		out[0] = *w;
		return 1;
	}
	if (w->kind == WISH_TIME) {
		out[0] = *w;
		return no->from > w->from; /* it may begin before that */
	}
	if (no->from > w->from)
		out[n++] = (struct wish){ w->from, no->from, w->kind };
	if (no->until < w->until)
		out[n++] = (struct wish){ no->until, w->until, w->kind };
	return n;
}

static size_t
cut_out(struct plan *p, struct wish *w, size_t max)
{
	size_t n = 0;

	if (p->nyes == 0 && p->nno > 0) /* any day but those */
		p->yes[p->nyes++] = (struct wish){ p->now, instant(p, NULL, p->today.day + WISH_DAYS, 0), WISH_SPAN };
	for (size_t i = 0; i < p->nyes; i++) {
		struct wish left[WINDOWS_MAX], next[WINDOWS_MAX];
		size_t k = 1, m;

		left[0] = p->yes[i];
		for (size_t j = 0; j < p->nno; j++) {
			m = 0;
			for (size_t l = 0; l < k && m + 2 <= WINDOWS_MAX; l++)
				m += without(&left[l], &p->no[j], &next[m]);
			memcpy(left, next, m * sizeof(*left));
			k = m;
		}
		for (size_t l = 0; l < k && n < max; l++) {
			for (m = 0; m < n && (w[m].from != left[l].from || w[m].until != left[l].until || w[m].kind != left[l].kind); m++)
				;
			if (m == n)
				w[n++] = left[l];
		}
	}
	return n;
}

int
wishes_read(const char *text, int64_t now, const char *zone, struct wish *w, size_t max)
{
	struct plan *p;
	struct tz_civil c;
	struct toks t;
	size_t n;

	if (tz_local(zone, now, &c, NULL) == -1)
		return 0;
	toks_cut(text, &t);
	p = xcalloc(1, sizeof(*p));
	p->zone = zone;
	p->now = now;
	p->t = &t;
	p->language = wish_language(&t);
	p->today = (struct today){ .day = tz_day(&c), .weekday = c.weekday, .year = c.year, .month = c.month, .mday = c.day };
	p->today.month_first = p->language == EN && strncmp(zone, "America/", 8) == 0;
	p->today.slash_known = p->language != EN || (strchr(zone, '/') != NULL && strncmp(zone, "Etc/", 4) != 0);
	wish_words(&t, p->language);
	wish_items(&t, p->language, &p->today, &p->items);
	p->used = xcalloc(p->items.n + 1, sizeof(*p->used));
	merge_days(p);
	bind_weeks(p);
	merge_times(p);
	pair(p);
	n = cut_out(p, w, max);
	free(p->used);
	free(p->items.v);
	free(p);
	toks_free(&t);
	return (int)n;
}

bool
wish_fits(const struct wish *w, int64_t at, int64_t length)
{
	return at >= w->from && (w->kind == WISH_TIME ? at : at + length - 1) < w->until;
}

int
wish_pick(const struct wish *w, size_t n, const int64_t *at, size_t nat, int64_t length)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < nat; k++)
			if (wish_fits(&w[i], at[k], length))
				return (int)k; /* the earliest: of a WISH_TIME, the time itself */
	return -1;
}

const char *
wish_kind_name(enum wish_kind k)
{
	static const char *const names[] = { "time", "part", "day", "span" };

	return names[k];
}
