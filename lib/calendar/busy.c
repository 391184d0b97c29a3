#include "calendar/busy.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tz.h"
#include "calendar/ics.h"
#include "calendar/ics_rule.h"
#include "calendar/span.h"

#define FAR 400 /* days from the window where what was moved there is nobody's concern */

struct set {                           /* of instants or days; sorted before it is asked */
	int64_t *v;
	size_t n, cap;
};

/* A repetition that was moved, called off or changed by itself: not where its master would put it. */
struct moved {
	const char *uid;
	int64_t at;
};

struct reader {
	struct ics x;
	struct ics_zones *zones;
	const char *home;
	int64_t from, until;           /* the window */
	int64_t budget;
	struct moved *moved;
	size_t nmoved;
	struct spans out;
};

struct event {
	const char *uid;
	const struct ics_line *start, *end, *duration, *id; /* NULL where missing */
	struct ics_time starts;
	int64_t days, ms;              /* how long */
	bool taken;                    /* neither transparent nor cancelled */
	bool repeats;
	struct set except, except_days;  /* EXDATE; one without a time excepts its whole day */
	size_t first, last;            /* its lines */
};

static void
set_add(struct set *s, int64_t v)
{
	if (s->n == s->cap) {
		s->cap = s->cap != 0 ? 2 * s->cap : 8;
		s->v = xrealloc(s->v, s->cap * sizeof(*s->v));
	}
	s->v[s->n++] = v;
}

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void
set_sort(struct set *s)
{
	if (s->n > 0)
		qsort(s->v, s->n, sizeof(*s->v), by_value);
}

static bool
set_has(const struct set *s, int64_t v)
{
	return s->n > 0 && bsearch(&v, s->v, s->n, sizeof(v), by_value) != NULL;
}

/* What one line was refused for, with its number. */
static int
at_line(const struct ics_line *l, struct lp_err *err)
{
	if (err != NULL)
		err->kind = LP_DATA;
	return lp_err_prefix(err, "line %d", l->no);
}

static int
bad(const struct ics_line *l, const char *what, struct lp_err *err)
{
	return lp_fail(err, LP_DATA, "line %d: %s: '%.60s' is not %s", l->no, l->name, l->value, what);
}

static int
read_time(struct reader *r, const struct ics_line *l, const char *value, struct ics_time *t, int64_t *ms, struct lp_err *err)
{
	if (!ics_time_read(l, value, t))
		return bad(l, "a time", err);
	return ics_time_ms(r->zones, t, r->home, ms, err) == -1 ? at_line(l, err) : 0;
}

/* ---- one event */

static int
length_of(struct reader *r, struct event *e, struct lp_err *err)
{
	int64_t start, end;
	struct ics_time t;

	if (ics_time_ms(r->zones, &e->starts, r->home, &start, err) == -1)
		return at_line(e->start, err);
	if (e->end != NULL) {
		if (read_time(r, e->end, e->end->value, &t, &end, err) == -1)
			return -1;
		if (e->starts.date && t.date)
			e->days = t.day > e->starts.day ? t.day - e->starts.day : 1; /* some programs name the day itself as its end */
		else
			e->ms = end - start;
		if (end < start)
			return bad(e->end, "after its start", err);
	} else if (e->duration != NULL) {
		if (!ics_duration(e->duration->value, &e->days, &e->ms) || e->days < 0 || e->ms < 0)
			return bad(e->duration, "a duration", err);
	} else
		e->days = e->starts.date;
	return 0;
}

/* The properties of a VEVENT itself, not of the alarms in it. */
static int
read_event(struct reader *r, size_t i, size_t end, struct event *e, struct lp_err *err)
{
	*e = (struct event){ .uid = "", .taken = true, .first = i, .last = end };
	for (size_t k = i + 1; k < end; k++) {
		const struct ics_line *l = &r->x.line[k];

		if (strcmp(l->name, "BEGIN") == 0)
			k = ics_end(&r->x, k);
		else if (strcmp(l->name, "UID") == 0)
			e->uid = l->value;
		else if (strcmp(l->name, "DTSTART") == 0)
			e->start = l;
		else if (strcmp(l->name, "DTEND") == 0)
			e->end = l;
		else if (strcmp(l->name, "DURATION") == 0)
			e->duration = l;
		else if (strcmp(l->name, "RECURRENCE-ID") == 0)
			e->id = l;
		else if (strcmp(l->name, "RRULE") == 0 || strcmp(l->name, "RDATE") == 0)
			e->repeats = true;
		else if (ics_is(l, "TRANSP", "TRANSPARENT") || ics_is(l, "STATUS", "CANCELLED"))
			e->taken = false;
	}
	if (e->start == NULL)
		return lp_fail(err, LP_DATA, "line %d: an event without DTSTART", r->x.line[i].no);
	if (!ics_time_read(e->start, e->start->value, &e->starts))
		return bad(e->start, "a time", err);
	return 0;
}

/* Each value of the event's lines of that name. */
static int
each_value(struct reader *r, struct event *e, const char *name,
    int (*fn)(struct reader *, struct event *, const struct ics_line *, char *, struct lp_err *), struct lp_err *err)
{
	int result = 0;

	for (size_t k = e->first + 1; k < e->last && result == 0; k++) {
		const struct ics_line *l = &r->x.line[k];
		char *values, *p, *next;

		if (strcmp(l->name, "BEGIN") == 0) {
			k = ics_end(&r->x, k);
			continue;
		}
		if (strcmp(l->name, name) != 0)
			continue;
		values = xstrdup(l->value);
		for (p = values; p != NULL && result == 0; p = next) {
			if ((next = strcmp(name, "RRULE") == 0 ? NULL : strchr(p, ',')) != NULL)
				*next++ = '\0';
			result = fn(r, e, l, p, err);
		}
		free(values);
	}
	return result;
}

static int
add_exception(struct reader *r, struct event *e, const struct ics_line *l, char *value, struct lp_err *err)
{
	struct ics_time t;
	int64_t ms;

	if (read_time(r, l, value, &t, &ms, err) == -1)
		return -1;
	set_add(t.date ? &e->except_days : &e->except, t.date ? t.day : ms);
	return 0;
}

static int
by_uid(const void *a, const void *b)
{
	const struct moved *x = a, *y = b;
	int c = strcmp(x->uid, y->uid);

	return c != 0 ? c : (x->at > y->at) - (x->at < y->at);
}

static bool
excepted(const struct reader *r, const struct event *e, const struct ics_time *t, int64_t ms)
{
	const struct moved key = { e->uid, ms };

	if (e->id == NULL && r->nmoved > 0 && *e->uid != '\0' && bsearch(&key, r->moved, r->nmoved, sizeof(key), by_uid) != NULL)
		return true;
	return set_has(&e->except, ms) || set_has(&e->except_days, t->day);
}

/* Its time from t on, where the event is then. */
static int
put(struct reader *r, const struct event *e, const struct ics_time *t, struct lp_err *err)
{
	struct ics_time later = *t;
	int64_t from, until;

	if (ics_time_ms(r->zones, t, r->home, &from, err) == -1)
		return -1;
	if (excepted(r, e, t, from))
		return 0;
	later.day += e->days;
	if (ics_time_ms(r->zones, &later, r->home, &until, err) == -1)
		return -1;
	until += e->ms;
	if (from < r->until && until > r->from)
		spans_add(&r->out, from, until);
	return 0;
}

static int
add_date(struct reader *r, struct event *e, const struct ics_line *l, char *value, struct lp_err *err)
{
	struct event one = *e;
	struct ics_time t, end;
	int64_t from, until;
	char *slash = strchr(value, '/');

	if (read_time(r, l, value, &t, &from, err) == -1)
		return -1;
	if (slash != NULL) { /* a period, with a length of its own */
		one.days = one.ms = 0;
		if (slash[1] == 'P' || slash[1] == '+') {
			if (!ics_duration(slash + 1, &one.days, &one.ms))
				return bad(l, "a period", err);
		} else {
			if (read_time(r, l, slash + 1, &end, &until, err) == -1)
				return -1;
			one.ms = until - from;
		}
	}
	return put(r, &one, &t, err) == -1 ? at_line(l, err) : 0;
}

struct following {
	struct reader *r;
	struct event *e;
	bool ends;
	struct ics_time until;
	int64_t until_ms;
	struct lp_err *err;
};

static int
repetition(void *arg, const struct ics_time *t)
{
	struct following *f = arg;
	int64_t ms;

	if (f->ends && !f->until.utc && (t->day > f->until.day || (!f->until.date && t->day == f->until.day && t->second > f->until.second)))
		return 0;
	if (f->ends && f->until.utc && (ics_time_ms(f->r->zones, t, f->r->home, &ms, f->err) == -1 || ms > f->until_ms))
		return 0;
	return put(f->r, f->e, t, f->err);
}

static int
add_rule(struct reader *r, struct event *e, const struct ics_line *l, char *value, struct lp_err *err)
{
	struct following f = { .r = r, .e = e, .err = err };
	int64_t days = e->days + e->ms / LP_DAY + 2; /* that it may have begun before the window; and zones differ by a day */

	f.ends = ics_rule_until(value, &f.until);
	if (f.ends && f.until.utc)
		ics_time_ms(r->zones, &f.until, r->home, &f.until_ms, NULL);
	if (ics_rule(value, &e->starts, r->from / LP_DAY - days, r->until / LP_DAY + 2, &r->budget, repetition, &f, err) == -1)
		return at_line(l, err);
	return 0;
}

/* Outside of the window whatever its zone: an old event in a zone that nobody knows any more stops nothing. */
static bool
long_gone(const struct reader *r, const struct event *e)
{
	struct ics_time end = e->starts;

	if (e->repeats || (e->end == NULL && e->duration != NULL) || (e->end != NULL && !ics_time_read(e->end, e->end->value, &end)))
		return false;
	return e->starts.day > r->until / LP_DAY + 2 || (e->starts.day < r->from / LP_DAY - 2 && end.day < r->from / LP_DAY - 2);
}

static int
add_event(struct reader *r, size_t i, size_t end, struct lp_err *err)
{
	struct event e;
	int result;

	if (read_event(r, i, end, &e, err) == -1)
		return -1;
	if (!e.taken || long_gone(r, &e))
		return 0;
	result = length_of(r, &e, err);
	if (result == 0)
		result = each_value(r, &e, "EXDATE", add_exception, err);
	set_sort(&e.except);
	set_sort(&e.except_days);
	if (result == 0 && put(r, &e, &e.starts, err) == -1)
		result = at_line(e.start, err);
	if (result == 0 && (result = each_value(r, &e, "RRULE", add_rule, err)) == 0)
		result = each_value(r, &e, "RDATE", add_date, err);
	free(e.except.v);
	free(e.except_days.v);
	return result;
}

/* ---- the whole */

static int
add_period(struct reader *r, struct event *e, const struct ics_line *l, char *value, struct lp_err *err)
{
	char type[40];

	ics_param(l, "FBTYPE", type, sizeof(type));
	if (strcasecmp(type, "FREE") == 0)
		return 0;
	if (strchr(value, '/') == NULL)
		return bad(l, "a period", err);
	return add_date(r, e, l, value, err);
}

static int
find_moved(struct reader *r, struct lp_err *err)
{
	struct event e;
	struct ics_time t;
	int64_t ms;
	size_t cap = 0, end;

	for (size_t i = 0; i < r->x.n; i++) {
		if (!ics_is(&r->x.line[i], "BEGIN", "VEVENT"))
			continue;
		end = ics_end(&r->x, i);
		if (read_event(r, i, end, &e, err) == -1)
			return -1;
		i = end;
		if (e.id == NULL || *e.uid == '\0')
			continue;
		if (ics_time_read(e.id, e.id->value, &t) && (t.day < r->from / LP_DAY - FAR || t.day > r->until / LP_DAY + FAR))
			continue;
		if (read_time(r, e.id, e.id->value, &t, &ms, err) == -1)
			return -1;
		if (r->nmoved == cap) {
			cap = cap != 0 ? 2 * cap : 16;
			r->moved = xrealloc(r->moved, cap * sizeof(*r->moved));
		}
		r->moved[r->nmoved++] = (struct moved){ e.uid, ms };
	}
	if (r->nmoved > 0)
		qsort(r->moved, r->nmoved, sizeof(*r->moved), by_uid);
	return 0;
}

static int
read_all(struct reader *r, struct lp_err *err)
{
	struct event periods;
	size_t end;
	int result;

	for (size_t i = 0; i < r->x.n; i++)
		if (ics_is(&r->x.line[i], "X-WR-TIMEZONE", NULL) && tz_ok(r->x.line[i].value, NULL) == 0)
			r->home = r->x.line[i].value;
	if ((result = tz_ok(r->home, err)) == -1 || (result = find_moved(r, err)) == -1)
		return -1;
	for (size_t i = 0; i < r->x.n && result == 0; i++) {
		bool event = ics_is(&r->x.line[i], "BEGIN", "VEVENT");

		if (!event && !ics_is(&r->x.line[i], "BEGIN", "VFREEBUSY"))
			continue;
		end = ics_end(&r->x, i);
		periods = (struct event){ .uid = "", .first = i, .last = end };
		result = event ? add_event(r, i, end, err) : each_value(r, &periods, "FREEBUSY", add_period, err);
		i = end;
	}
	return result;
}

int
busy_read(const char *s, size_t len, const char *zone, int64_t from, int64_t until, struct busy_span **spans, size_t *n, struct lp_err *err)
{
	struct reader r = { .home = zone, .from = from, .until = until, .budget = ICS_RULE_BUDGET };
	int result = -1;

	*spans = NULL;
	*n = 0;
	if (from < 0 || until - from > BUSY_DAYS * LP_DAY || until > lp_days_from_civil(9000, 1, 1) * LP_DAY)
		return lp_fail(err, LP_USAGE, "a window of more than %d days", BUSY_DAYS);
	if (ics_lex(s, len, &r.x, err) == 0) {
		r.zones = ics_zones_new(&r.x);
		result = read_all(&r, err);
	}
	if (result == 0) {
		spans_join(&r.out);
		*spans = r.out.at;
		*n = r.out.n;
	} else
		free(r.out.at);
	free(r.moved);
	ics_zones_free(r.zones);
	ics_clear(&r.x);
	return result;
}

int
busy_file(const char *path, const char *zone, int64_t from, int64_t until, struct busy_span **spans, size_t *n, struct lp_err *err)
{
	FILE *f = fopen(path, "rb");
	struct buf b = { 0 };
	char part[16384];
	size_t k;
	int result = 0;

	*spans = NULL;
	*n = 0;
	if (f == NULL)
		return lp_fail_errno(err, errno, "%s", path);
	while (b.len <= BUSY_FILE_MAX && (k = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(&b, part, k);
	if (ferror(f))
		result = lp_fail_errno(err, errno, "%s", path);
	else if (b.len > BUSY_FILE_MAX)
		result = lp_fail(err, LP_DATA, "%s: larger than %zu MB", path, BUSY_FILE_MAX >> 20);
	else if (busy_read(buf_str(&b), b.len, zone, from, until, spans, n, err) == -1)
		result = lp_err_prefix(err, "%s", path);
	fclose(f);
	buf_free(&b);
	return result;
}
