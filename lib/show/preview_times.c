/* preview_times.c - when a campaign's messages would leave. */
#include "show/preview_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/plan.h"
#include "base/mem.h"
#include "show/preview.h"
#include "store/enrolments.h"

/* A step's delay counts from `at`. */
static int
delay_from(struct preview *p, const struct pv_message *m, int64_t at, int64_t *due, struct lp_err *err)
{
	const struct pv_lead *l = &p->lead[m->lead];
	struct campaign_step s;
	struct duration d;
	int r = campaign_step_get(p->db, p->campaign, l->row.version, m->step, &s, err);

	if (r != 1)
		return -1;
	r = duration_parse(s.delay, &d, err);
	campaign_step_clear(&s);
	return r == -1 ? -1 : hours_after(&p->config.hours, at, &d, due, err);
}

/* The message after m of the same lead becomes due. */
static int
advance(struct preview *p, struct pv_message *m, struct lp_err *err)
{
	const struct pv_lead *l = &p->lead[m->lead];
	struct pv_message *next;
	int held;

	if (m->step >= l->steps || m->at == 0)
		return 0;
	next = &p->message[l->first + (size_t)m->step];
	if (next->fixed || next->due != 0)
		return next->at != 0 ? advance(p, next, err) : 0;
	if (strcmp(m->status, "sent") != 0) {
		if ((held = preview_held(p, m, err)) == -1)
			return -1;
		if ((m->held = held == 1))
			return 0;
	}
	return delay_from(p, next, m->at, &next->due, err);
}

/* Leads that haven't begun, begin as many a day as max_leads_per_day lets, on the days that the agent works. */
static int
begin_leads(struct preview *p, struct lp_err *err)
{
	int64_t today, since, day, left, at = p->now;
	char text[11];
	size_t i;

	if (when_day(p->config.hours.timezone, p->now, &today, text, err) == -1 ||
	    tz_midnight(p->config.hours.timezone, today, &since, err) == -1 || enrolments_planned_since(p->db, since, &left, err) == -1)
		return -1;
	left = p->config.max_leads_per_day - left;
	for (i = 0, day = today; i < p->nleads && day < today + PREVIEW_DAYS;) {
		struct pv_lead *l = &p->lead[i];

		if (l->row.begun || l->steps == 0) {
			i++;
			continue;
		}
		if (left <= 0 || !hours_workday(&p->config.hours, day)) {
			if (tz_midnight(p->config.hours.timezone, ++day, &at, err) == -1)
				return -1;
			left = p->config.max_leads_per_day;
			continue;
		}
		if (delay_from(p, &p->message[l->first], at, &p->message[l->first].due, err) == -1)
			return -1;
		left--;
		i++;
	}
	return 0;
}

/* Is it open for this message at that time? */
static int
open_for(struct preview *p, const struct account *a, const struct pv_message *m, int64_t at, struct lp_err *err)
{
	struct pv_lead *l = &p->lead[m->lead];
	struct when other;
	int r;

	if (a->seq != l->row.account) {
		if (when_load(p->db, &p->config, a, p->campaign, l->row.version, l->row.lead, &other, err) == -1)
			return -1;
		r = hours_all_open(other.list, other.n, at, err);
		when_clear(&other);
		return r;
	}
	if (!l->when_loaded) {
		if (when_load(p->db, &p->config, a, p->campaign, l->row.version, l->row.lead, &l->when, err) == -1)
			return -1;
		l->when_loaded = true;
	}
	return hours_all_open(l->when.list, l->when.n, at, err);
}

/* Which message takes the sending time: follow-ups first, then who has waited longest. 1, 0 none, -1. */
static int
choose(struct preview *p, const struct account *a, int64_t at, struct pv_message **chosen, struct lp_err *err)
{
	size_t i;
	int r;

	*chosen = NULL;
	for (i = 0; i < p->nmessages; i++) {
		struct pv_message *m = &p->message[i];

		if (m->fixed || m->at != 0 || m->due == 0 || m->due > at || m->account != a->seq)
			continue;
		if (*chosen != NULL && ((*chosen)->step > 1) >= (m->step > 1) &&
		    (((*chosen)->step > 1) > (m->step > 1) || (*chosen)->due <= m->due))
			continue;
		if ((r = open_for(p, a, m, at, err)) == -1)
			return -1;
		if (r == 1)
			*chosen = m;
	}
	return *chosen != NULL;
}

/* One account's day. Returns how many messages still lie ahead of it, or -1. */
static int
one_day(struct preview *p, const struct account *a, int64_t day, const int64_t *taken, size_t ntaken, struct lp_err *err)
{
	int64_t *at;
	size_t n, i, k = 0;
	struct pv_message *m;
	int r;

	if (plan_slots(p->db, &p->config, a, day, &at, &n, err) == -1)
		return -1;
	for (i = 0, r = 0; i < n && r != -1; i++) {
		while (k < ntaken && taken[k] < at[i])
			k++;
		if (at[i] < p->now || (k < ntaken && taken[k] == at[i]))
			continue;
		if ((r = choose(p, a, at[i], &m, err)) == 1) {
			m->at = at[i];
			r = advance(p, m, err);
		}
	}
	free(at);
	return r == -1 ? -1 : 0;
}

static bool
all_timed(const struct preview *p, int64_t account)
{
	size_t i;

	for (i = 0; i < p->nmessages; i++)
		if (!p->message[i].fixed && p->message[i].at == 0 && p->message[i].account == account)
			return false;
	return true;
}

/* An account's days: where they begin, and what is taken. */
struct days {
	int64_t *taken, today;
	size_t ntaken;
};

static int
days_of(struct preview *p, const struct account *a, struct days *d, struct lp_err *err)
{
	char text[11], zone[TZ_NAME_SIZE];
	struct when w;

	if (when_load(p->db, &p->config, a, 0, 0, 0, &w, err) == -1)
		return -1;
	snprintf(zone, sizeof(zone), "%s", w.zone);
	when_clear(&w);
	return when_day(zone, p->now, &d->today, text, err) == -1 ? -1 : campaign_times_taken(p->db, a->seq, p->now, &d->taken, &d->ntaken, err);
}

/* Day by day over all accounts: a step by another channel waits for the one before it, from another account. */
static int
give_times(struct preview *p, struct lp_err *err)
{
	struct days *d = xcalloc(p->naccounts + 1, sizeof(*d));
	size_t i, left = p->naccounts;
	int r = 0;

	for (i = 0; i < p->nmessages && r == 0; i++)
		if (p->message[i].fixed)
			r = advance(p, &p->message[i], err);
	for (i = 0; i < p->naccounts && r == 0; i++)
		r = days_of(p, &p->account[i], &d[i], err);
	for (int64_t n = 0; r == 0 && n < PREVIEW_DAYS && left > 0; n++)
		for (i = left = 0; i < p->naccounts && r == 0; i++)
			if (!all_timed(p, p->account[i].seq)) {
				left++;
				r = one_day(p, &p->account[i], d[i].today + n, d[i].taken, d[i].ntaken, err);
			}
	for (i = 0; i < p->naccounts; i++)
		free(d[i].taken);
	free(d);
	return r;
}

int
preview_times(struct preview *p, struct lp_err *err)
{
	return begin_leads(p, err) == -1 ? -1 : give_times(p, err);
}
