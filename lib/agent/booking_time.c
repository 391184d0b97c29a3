#include "agent/booking_time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "calendar/busy.h"
#include "calendar/free.h"
#include "calendar/wishes.h"
#include "store/accounts.h"
#include "store/lead_row.h"
#include "store/meetings.h"

#define WISHES 16 /* most times that a mail names */

void
booking_times_clear(struct booking_times *t)
{
	config_meetings_clear(&t->c);
}

/* Their clock, where it is known; what is no zone is none. */
static int
their_zone(struct lp_db *db, int64_t lead, struct booking_times *t, struct lp_err *err)
{
	struct lead_row l = { 0 };
	int r = lead != 0 ? lead_row_get(db, lead, &l, err) : 0;

	if (r == 1 && l.timezone != NULL && tz_ok(l.timezone, NULL) == 0)
		snprintf(t->theirs, sizeof(t->theirs), "%s", l.timezone);
	lead_row_clear(&l);
	return r == -1 ? -1 : 0;
}

/* Whoever is away meets nobody. */
static int
absences(struct lp_db *db, int64_t account, struct booking_times *t, struct lp_err *err)
{
	struct account a = { 0 };
	int64_t first, last;
	int r = account != 0 ? account_get(db, account, &a, err) : 0;

	for (size_t i = 0; r == 1 && i < a.nabsences; i++)
		if (hours_date(a.absences[i].first, &first, NULL) == 0 && hours_date(a.absences[i].last, &last, NULL) == 0)
			hours_add_off(&t->c.hours, first, last);
	account_clear(&a);
	return r == -1 ? -1 : 0;
}

int
booking_settings(struct lp_db *db, int64_t lead, int64_t account, struct booking_times *t, struct lp_err *err)
{
	memset(t, 0, sizeof(*t));
	if (config_meetings(db, &t->c, err) == -1)
		return -1;
	t->length = duration_ms(&t->c.length);
	t->buffer = duration_ms(&t->c.buffer);
	snprintf(t->ours, sizeof(t->ours), "%s", t->c.hours.timezone);
	return their_zone(db, lead, t, err) == -1 || absences(db, account, t, err) == -1 ? -1 : 0;
}

/* ---- what is free */

static int
horizon(struct lp_db *db, const struct booking_times *t, int64_t *from, int64_t *until, struct lp_err *err)
{
	return hours_after(&t->c.hours, db_now(db), &t->c.notice, from, err) == -1 || hours_after(&t->c.hours, db_now(db), &t->c.horizon, until, err) == -1 ?
	    -1 : 0;
}

/* Our meetings from before the first day to after the last: the buffer and the day's number look beyond the edges. */
static int
held(struct lp_db *db, int64_t from, int64_t until, int64_t except, struct busy_span **out, size_t *n, struct lp_err *err)
{
	struct meeting_span *spans;
	int r = meetings_held(db, from - 2 * LP_DAY, until + 2 * LP_DAY, except, &spans, n, err);

	*out = xcalloc(*n + 1, sizeof(**out));
	for (size_t i = 0; i < *n; i++)
		(*out)[i] = (struct busy_span){ spans[i].from, spans[i].until };
	free(spans);
	return r;
}

/* What the .ics file says is taken. One that can't be read is for a person to mend: it never means that we are free. */
static int
busy_of(const struct booking_times *t, int64_t from, int64_t until, struct busy_span **out, size_t *n, struct lp_err *err)
{
	*out = NULL;
	*n = 0;
	if (t->c.busy == NULL || busy_file(t->c.busy, t->ours, from, until, out, n, err) == 0)
		return 0;
	if (err->kind != LP_TEMP)
		err->kind = LP_CONFIG;
	return lp_err_prefix(err, "meeting_busy");
}

static int
find(struct booking_times *t, const struct free_ask *ask, struct lp_err *err)
{
	int n = free_slots(ask, t->at, BOOKING_TIMES, err), best = n != -1 ? free_propose(ask, t->best, 3, err) : -1;

	if (best == -1)
		return -1;
	t->n = (size_t)n;
	t->nbest = (size_t)best;
	return 0;
}

int
booking_times(struct lp_db *db, int64_t lead, int64_t account, int64_t except, struct booking_times *t, struct lp_err *err)
{
	struct busy_span *busy = NULL, *meetings = NULL;
	size_t nbusy = 0, nmeetings = 0;
	int64_t from, until;
	int r = -1;

	if (booking_settings(db, lead, account, t, err) == -1 || horizon(db, t, &from, &until, err) == -1)
		return -1;
	if (from == HOURS_NEVER)
		return 0;
	if (held(db, from, until, except, &meetings, &nmeetings, err) == 0 &&
	    busy_of(t, from - LP_DAY, until + LP_DAY, &busy, &nbusy, err) == 0)
		r = find(t, &(struct free_ask){ .hours = &t->c.hours, .zone = *t->theirs != '\0' ? t->theirs : NULL, .from = from, .until = until,
		    .length = t->length, .buffer = t->buffer, .busy = busy, .nbusy = nbusy, .meetings = meetings, .nmeetings = nmeetings,
		    .per_day = t->c.per_day }, err);
	free(busy);
	free(meetings);
	return r;
}

static size_t
drop(int64_t *list, size_t n, int64_t at)
{
	size_t left = 0;

	for (size_t i = 0; i < n; i++)
		if (list[i] != at)
			list[left++] = list[i];
	return left;
}

void
booking_times_drop(struct booking_times *t, int64_t at)
{
	t->n = drop(t->at, t->n, at);
	t->nbest = drop(t->best, t->nbest, at);
}

int
booking_busy(const struct booking_times *t, int64_t from, int64_t until, struct lp_err *err)
{
	struct busy_span *busy = NULL;
	size_t n = 0, i;

	if (busy_of(t, from, until, &busy, &n, err) == -1)
		return -1;
	for (i = 0; i < n && (busy[i].from >= until || busy[i].until <= from); i++)
		;
	free(busy);
	return i < n;
}

int
booking_day_of(const struct booking_times *t, int64_t at, int64_t *from, int64_t *until, struct lp_err *err)
{
	struct tz_civil c;

	if (tz_local(t->ours, at, &c, err) == -1)
		return -1;
	return tz_midnight(t->ours, tz_day(&c), from, err) == -1 || tz_midnight(t->ours, tz_day(&c) + 1, until, err) == -1 ? -1 : 0;
}

/* ---- which of them */

static bool
same_day(const struct booking_times *t, int64_t a, int64_t b)
{
	struct tz_civil x, y;

	return tz_local(t->ours, a, &x, NULL) == 0 && tz_local(t->ours, b, &y, NULL) == 0 && tz_day(&x) == tz_day(&y);
}

static bool
day_is_there(const struct booking_times *t, int64_t at, const int64_t *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (same_day(t, list[i], at))
			return true;
	return false;
}

/* Up to three, the earliest of each day that isn't among them yet; of `w`, where given, only what fits it. */
static void
more(const struct booking_times *t, const struct wish *w, int64_t at[3], size_t *n)
{
	for (size_t i = 0; i < t->n && *n < 3; i++)
		if ((w == NULL || wish_fits(w, t->at[i], t->length)) && !day_is_there(t, t->at[i], at, *n))
			at[(*n)++] = t->at[i];
}

int
booking_choose(struct lp_db *db, const struct booking_times *t, const char *text, int64_t at[3], size_t *n, int *named)
{
	struct wish w[WISHES];
	int i;

	*n = 0;
	*named = text != NULL ? wishes_read(text, db_now(db), *t->theirs != '\0' ? t->theirs : t->ours, w, WISHES) : 0;
	if (*named <= 0) {
		*named = 0;
		for (; *n < t->nbest; (*n)++)
			at[*n] = t->best[*n];
	} else {
		if ((i = wish_pick(w, (size_t)*named, t->at, t->n, t->length)) == -1)
			return 0;
		at[(*n)++] = t->at[i];
		/* what they named comes before what would do for us */
		for (i = 0; i < *named; i++)
			more(t, &w[i], at, n);
	}
	more(t, NULL, at, n);
	return *n > 0;
}
