#include "agent/plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sender/slots.h"
#include "sender/when.h"
#include "store/approvals.h"
#include "store/control.h"
#include "store/due.h"
#include "store/enrolments.h"
#include "store/messages.h"
#include "store/notify.h"
#include "store/slots.h"
#include "store/tasks.h"

enum { BATCH = 2000 };  /* messages given a time in one go; the rest in the next tick */

struct plan {
	struct lp_db *db;
	struct lp_config c;
	struct plan_result *r;
};

int64_t
plan_capacity(const struct account *a, int64_t day)
{
	int64_t from;

	if (a->ramp_start < 0 || *a->ramp_from == '\0' || hours_date(a->ramp_from, &from, NULL) == -1)
		return a->daily_limit;
	return slots_ramp(a->ramp_start, a->ramp_step, a->daily_limit, day > from ? day - from : 0);
}

static int
make_slots(struct lp_db *db, const struct lp_config *c, const struct account *a, int64_t day, int64_t **at, size_t *n, struct lp_err *err)
{
	struct hours_window w[HOURS_WINDOWS];
	struct slots_plan p = { .seed = db_seed(db), .account = a->name, .day = day, .gap_s = a->gap_seconds, .jitter_s = -1 };
	struct when when;
	int nw;

	*n = 0;
	*at = NULL;
	if (when_load(db, c, a, 0, 0, 0, &when, err) == -1)
		return -1;
	nw = hours_windows(when.list, when.n, when.zone, day, w, err);
	when_clear(&when);
	if (nw == -1)
		return -1;
	p.capacity = slots_capacity(plan_capacity(a, day), a->answer_share);
	*at = xmalloc(((size_t)p.capacity + 1) * sizeof(**at));
	*n = slots_make(&p, w, (size_t)nw, *at);
	return 0;
}

static void
day_text(int64_t day, char out[11])
{
	char iso[LP_ISO_SIZE];

	lp_iso(day * LP_DAY, iso);
	memcpy(out, iso, 10);
	out[10] = '\0';
}

int
plan_slots(struct lp_db *db, const struct lp_config *c, const struct account *a, int64_t day, int64_t **at, size_t *n, struct lp_err *err)
{
	char text[11];
	int r;

	day_text(day, text);
	if ((r = slots_made(db, a->seq, text, err)) == 0)
		return make_slots(db, c, a, day, at, n, err);
	return r == -1 ? -1 : slots_list(db, a->seq, text, at, n, err);
}

static int
ensure_day(struct plan *p, const struct account *a, int64_t day, struct lp_err *err)
{
	int64_t *at;
	char text[11];
	size_t n;
	int r;

	day_text(day, text);
	if ((r = slots_made(p->db, a->seq, text, err)) != 0)
		return r == -1 ? -1 : 0;
	if (make_slots(p->db, &p->c, a, day, &at, &n, err) == -1)
		return -1;
	r = slots_store(p->db, a->seq, text, at, n, err);
	free(at);
	return r;
}

/* The first free time of the account's today that is open for campaign and lead too: 1 taken (*at), 0 none today (*again: when to look next), -1. */
static int
give_slot(struct plan *p, const struct account *a, const struct due_message *m, int64_t *at, int64_t *again, struct lp_err *err)
{
	int64_t from = db_now(p->db) > m->from ? db_now(p->db) : m->from, today, end, n;
	char text[11], day[11];
	struct when w;
	int r = -1;

	if (when_load(p->db, &p->c, a, m->campaign, m->version, m->lead, &w, err) == -1)
		return -1;
	if (when_day(w.zone, db_now(p->db), &today, text, err) == -1 || ensure_day(p, a, today, err) == -1 ||
	    tz_midnight(w.zone, today + 1, &end, err) == -1)
		goto out;
	while ((r = slots_next(p->db, a->seq, from, end, at, day, &n, err)) == 1) {
		if ((r = hours_all_open(w.list, w.n, *at, err)) == -1)
			goto out;
		if (r == 1) {
			r = slots_take(p->db, a->seq, day, n, m->message, err);
			goto out;
		}
		/* closed for this lead or campaign: go on where it opens, at the latest tomorrow */
		if (hours_all_next_open(w.list, w.n, *at, &from, err) == -1) {
			r = -1;
			goto out;
		}
		if (from >= end) {
			r = 0;
			break;
		}
	}
	if (r == 0 && hours_all_next_open(w.list, w.n, end, again, err) == -1)
		r = -1;
	/* all of that day's times are free at its beginning */
	if (r == 0 && *again != HOURS_NEVER && (when_day(w.zone, *again, &today, text, err) == -1 || tz_midnight(w.zone, today, again, err) == -1))
		r = -1;
out:
	when_clear(&w);
	return r;
}

static int
never_open(struct plan *p, const struct due_message *m, struct lp_err *err)
{
	char key[48], cmd[48], text[200];

	snprintf(key, sizeof(key), "closed:%" PRId64, m->message);
	snprintf(cmd, sizeof(cmd), "lp-leads show l%" PRId64, m->lead);
	snprintf(text, sizeof(text), "m%" PRId64 ": the hours of agent, account, campaign and lead have no moment in common within a year",
	    m->message);
	return notify_add(p->db, &(struct notice){ .type = "error", .title = "A message can never be sent", .message = text, .command = cmd,
	    .lead = m->lead, .dedupe = key }, err);
}

static int
schedule_new(struct plan *p, const struct account *a, const struct due_message *m, struct lp_err *err)
{
	int64_t at, again = 0, task;
	char key[48];
	int r;

	if ((r = give_slot(p, a, m, &at, &again, err)) == -1)
		return -1;
	if (r == 0) {
		if (again == HOURS_NEVER && never_open(p, m, err) == -1)
			return -1;
		return message_due(p->db, m->message, again == HOURS_NEVER ? db_now(p->db) + LP_DAY : again, err);
	}
	if (message_take(p->db, m->message, err) == -1)
		return -1;
	snprintf(key, sizeof(key), "send:%" PRId64, m->message);
	r = task_add(p->db, &(struct task_new){ .type = m->step > 1 ? "follow_up" : "send_message", .priority = m->step > 1 ? 10 : 0,
	    .campaign = m->campaign, .lead = m->lead, .message = m->message, .account = m->account, .enrolment = m->enrolment, .at = at,
	    .dedupe = key, .why = "its delay is over; it has a sending time" }, &task, err);
	if (r == 1)
		p->r->messages++;
	return r == -1 ? -1 : 0;
}

static int
schedule_missed(struct plan *p, const struct account *a, const struct due_message *m, struct lp_err *err)
{
	int64_t at, again = 0;
	int r;

	if (slots_release(p->db, m->message, err) == -1 || (r = give_slot(p, a, m, &at, &again, err)) == -1)
		return -1;
	if (r == 0)
		at = again == HOURS_NEVER ? db_now(p->db) + LP_DAY : again;
	p->r->moved++;
	return task_schedule(p->db, m->task, at, err);
}

static int
messages(struct plan *p, bool missed, struct lp_err *err)
{
	struct due_message *list = NULL;
	struct account a = { 0 };
	int64_t grace = duration_ms(&p->c.slot_grace);
	size_t n = 0, i;
	int r;

	r = missed ? due_missed(p->db, db_now(p->db) - grace, BATCH, &list, &n, err) : due_messages(p->db, BATCH, &list, &n, err);
	for (i = 0; i < n && r == 0; i++) {
		if (a.seq != list[i].account) {
			account_clear(&a);
			if ((r = account_get(p->db, list[i].account, &a, err)) != 1)
				break;
		}
		r = missed ? schedule_missed(p, &a, &list[i], err) : schedule_new(p, &a, &list[i], err);
	}
	account_clear(&a);
	free(list);
	return r == -1 ? -1 : 0;
}

static int
sequences(struct plan *p, struct lp_err *err)
{
	int64_t *seqs = NULL, today, since, planned, task;
	struct enrolment e;
	char text[11], key[48];
	size_t n = 0, i;
	int r;

	if (when_day(p->c.hours.timezone, db_now(p->db), &today, text, err) == -1 ||
	    tz_midnight(p->c.hours.timezone, today, &since, err) == -1 || enrolments_planned_since(p->db, since, &planned, err) == -1)
		return -1;
	if (planned >= p->c.max_leads_per_day || !hours_workday(&p->c.hours, today))
		return 0;
	r = enrolments_to_plan(p->db, (size_t)(p->c.max_leads_per_day - planned), &seqs, &n, err);
	for (i = 0; i < n && r == 0; i++) {
		if ((r = enrolment_get(p->db, seqs[i], &e, err)) != 1)
			break;
		snprintf(key, sizeof(key), "plan:%" PRId64, e.seq);
		r = task_add(p->db, &(struct task_new){ .type = "generate_sequence", .priority = -10, .campaign = e.campaign, .lead = e.lead,
		    .account = e.account, .enrolment = e.seq, .dedupe = key, .why = "enrolled; its messages are to be planned" }, &task, err);
		p->r->sequences += r == 1;
		r = r == -1 ? -1 : 0;
	}
	free(seqs);
	return r == -1 ? -1 : 0;
}

static int
inboxes(struct plan *p, struct lp_err *err)
{
	int64_t *seqs, task;
	char key[48];
	size_t n, i;
	int r;

	if ((r = due_inboxes(p->db, db_now(p->db) - duration_ms(&p->c.inbox_interval), &seqs, &n, err)) == -1)
		return -1;
	for (i = 0; i < n && r != -1; i++) {
		snprintf(key, sizeof(key), "inbox:%" PRId64, seqs[i]);
		r = task_add(p->db, &(struct task_new){ .type = "check_inbox", .priority = 100, .account = seqs[i], .dedupe = key, .max_retries = 1,
		    .why = "the inbox is to be read" }, &task, err);
		p->r->inboxes += r == 1;
	}
	free(seqs);
	return r == -1 ? -1 : 0;
}

static int
report(struct plan *p, struct lp_err *err)
{
	struct tz_civil now;
	char key[64], input[96];
	int64_t task;
	int r;

	if (p->c.report_at < 0)
		return 0;
	if (tz_local(p->c.hours.timezone, db_now(p->db), &now, err) == -1)
		return -1;
	if (now.hour * 60 + now.minute < p->c.report_at || !hours_workday(&p->c.hours, tz_day(&now)))
		return 0;
	snprintf(key, sizeof(key), "report:%04d-%02d-%02d", now.year, now.month, now.day);
	if ((r = due_told(p->db, key, err)) != 0)
		return r == -1 ? -1 : 0;
	snprintf(input, sizeof(input), "{\"day\":\"%s\"}", key + strlen("report:"));
	r = task_add(p->db, &(struct task_new){ .type = "report", .priority = -20, .dedupe = key, .input = input, .why = "the day's report is due" },
	    &task, err);
	p->r->reports += r == 1;
	return r == -1 ? -1 : 0;
}

static int
all(struct plan *p, struct lp_err *err)
{
	char *why = NULL;
	int stopped;

	if ((p->r->expired = approvals_expire(p->db, err)) == -1 || (p->r->resumed = enrolments_resume(p->db, err)) == -1 ||
	    inboxes(p, err) == -1 || report(p, err) == -1)
		return -1;
	if ((stopped = control_stopped(p->db, &why, err)) != 0) {
		free(why);
		return stopped == -1 ? -1 : 0;
	}
	return sequences(p, err) == -1 || messages(p, true, err) == -1 || messages(p, false, err) == -1 ? -1 : 0;
}

int
plan_due(struct lp_db *db, bool dry, struct plan_result *result, struct lp_err *err)
{
	struct plan p = { .db = db, .r = result };
	int r;

	*result = (struct plan_result){ 0 };
	if (db_begin(db, err) == -1)
		return -1;
	if ((r = config_load(db, &p.c, err)) == 0) {
		r = all(&p, err);
		config_clear(&p.c);
	}
	if (db_end(db, r == 0 && !dry, r == 0 ? err : NULL) == -1)
		return -1;
	return r;
}
