#include "agent/booking.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/booking_int.h"
#include "agent/booking_time.h"
#include "agent/booking_words.h"
#include "base/json.h"
#include "base/mem.h"
#include "rules/actions.h"
#include "store/inbox.h"
#include "store/lead_row.h"
#include "store/notify.h"
#include "store/outbox.h"
#include "store/records.h"
#include "store/threads.h"

struct work {
	struct stage *s;
	struct env *e;
	struct task t;
	struct inbox_message in;        /* the reply; in.seq 0: none */
	struct lead_row l;
	struct meeting_place p;
	char uid[MEETING_UID_SIZE];
};

/* It can't be booked: on record, with the reason, which is taken over. */
static int
say_no(struct work *w, enum verdict what, char *reason, struct lp_err *err)
{
	struct verdict_row v = { .stage = "book", .verdict = what, .hold = what == V_HOLD ? HOLD_MEND : HOLD_NONE, .reason = reason };
	char key[48], command[48];
	int r = verdict_put(w->s->db, &w->t, &v, NULL, err);

	/* somebody waits for an answer: who can give it should know */
	snprintf(key, sizeof(key), "booking:%" PRId64, w->t.seq);
	snprintf(command, sizeof(command), "lp-log why t%" PRId64, w->t.seq);
	if (r == 0 && what == V_HOLD)
		r = notify_add(w->s->db, &(struct notice){ .type = "escalation", .title = "A meeting needs you", .message = reason, .command = command,
		    .task = w->t.seq, .lead = w->t.lead, .dedupe = key }, err);

	if (r == 0)
		env_set(w->e, "gate", verdict_json(&v));
	verdict_clear(&v);
	return r;
}

static int
show(struct work *w, int64_t meeting, struct lp_err *err)
{
	cJSON *o = meeting_json(w->s->db, meeting, err);

	if (o == NULL)
		return -1;
	env_set(w->e, "meeting", o);
	return 0;
}

/* ---- a new time */

static char *
others_json(const int64_t *at, size_t n)
{
	cJSON *list = cJSON_CreateArray();
	char iso[LP_ISO_SIZE], *s;

	for (size_t i = 0; i < n; i++)
		cJSON_AddItemToArray(list, cJSON_CreateString(lp_iso(at[i], iso)));
	s = json_print(list);
	cJSON_Delete(list);
	return s;
}

static int
reserve(struct work *w, const struct booking_times *t, const int64_t *at, size_t n, int64_t *seq, struct lp_err *err)
{
	struct meeting_new m = { .uid = w->uid, .lead = w->t.lead, .campaign = w->t.campaign, .thread = w->p.thread, .account = w->p.account,
		.inbox = w->in.seq, .task = w->t.seq, .attendee = w->l.email, .timezone = *t->theirs != '\0' ? t->theirs : t->ours, .title = t->c.title,
		.location = t->c.location, .starts_at = at[0], .ends_at = at[0] + t->length, .buffer = t->buffer, .per_day = t->c.per_day };
	char *others = others_json(at + 1, n - 1);
	int r;

	m.others = others;
	r = booking_day_of(t, at[0], &m.day_from, &m.day_until, err);
	if (r == 0)
		r = meeting_reserve(w->s->db, &m, seq, err);
	free(others);
	return r;
}

/* The best of them, and where that one is refused after all (a day that is full), the best of the others. */
static int
best(struct work *w, struct booking_times *t, int64_t *seq, int *named, struct lp_err *err)
{
	const char *text = w->in.seq != 0 ? w->in.reply_text : NULL;
	int64_t at[3];
	size_t n;
	int r;

	while ((r = booking_choose(w->s->db, t, text, at, &n, named)) == 1) {
		/* a time of ours is no answer to one of theirs */
		if (text != NULL && w->in.availability == 1 && *named == 0)
			return 0;
		if ((r = reserve(w, t, at, n, seq, err)) != 0)
			break;
		booking_times_drop(t, at[0]);
	}
	return r;
}

/* 1 reserved; 0 the verdict says why not. */
static int
choose(struct work *w, int64_t except, int64_t *seq, struct lp_err *err)
{
	struct booking_times t;
	int named = 0, r = booking_times(w->s->db, w->t.lead, w->p.account, except, &t, err);

	if (r == -1 && err->kind == LP_CONFIG)
		r = say_no(w, V_HOLD, xstrdup(err->msg), err);
	else if (r == 0 && (r = best(w, &t, seq, &named, err)) == 0)
		r = say_no(w, V_HOLD, t.n == 0 ? xstrdup("no time is free within meeting_horizon (lp-book slots)") :
		    xasprintf("%s (lp-book slots --lead l%" PRId64 ", then lp-book add)", named > 0 ? "none of the times that they name is free" :
		    "they name times that weren't understood", w->t.lead), err);
	booking_times_clear(&t);
	return r;
}

/* ---- whom, from which account, in which thread */

/* A reply is answered where it was written. 1; 0 the verdict says why not. */
static int
reply_place(struct work *w, struct lp_err *err)
{
	struct thread t = { 0 };
	char *why;
	int r;

	if (w->in.automatic)
		return say_no(w, V_BLOCK, xasprintf("i%" PRId64 " was written by a program: nothing automatic is answered", w->in.seq), err);
	if (w->in.lead != w->t.lead)
		return say_no(w, V_HOLD, xstrdup("the reply isn't of the task's lead"), err);
	if (w->in.thread != 0 && thread_get(w->s->db, w->in.thread, &t, err) == -1)
		return -1;
	why = t.seq == 0 || t.lead != w->t.lead || t.account == 0 ? xstrdup("the reply is in no thread of ours with this lead: lp-book add") : NULL;
	w->p = (struct meeting_place){ t.seq, t.account, w->in.campaign };
	r = why == NULL ? 1 : say_no(w, V_HOLD, why, err);
	thread_clear(&t);
	return r;
}

/* One meeting at a time: "yes, Tuesday is fine" is no wish for a second one. 1 there is none; 0 the verdict says which; -1. */
static int
none_ahead(struct work *w, struct lp_err *err)
{
	struct meeting m = { 0 };
	char *when;
	int64_t seq;
	int r = meeting_ahead(w->s->db, w->t.lead, &seq, err);

	if (r == 0)
		return 1;
	if (r == -1 || (r = meeting_get(w->s->db, seq, &m, err)) != 1)
		return -1;
	if ((when = booking_time(m.timezone, m.starts_at, err)) == NULL)
		r = -1;
	else
		r = say_no(w, V_HOLD, xasprintf("b%" PRId64 " with them is %s already, on %s: lp-book move b%" PRId64 " --at WHEN, or lp-book add", seq, m.status,
		    when, seq), err);
	free(when);
	meeting_clear(&m);
	return r;
}

/* 1; 0 the verdict says why not. */
static int
find_place(struct work *w, struct lp_err *err)
{
	struct lp_db *db = w->s->db;
	int r;

	if (w->t.lead == 0 || (r = lead_row_get(db, w->t.lead, &w->l, err)) == 0)
		return say_no(w, V_BLOCK, xstrdup("there is no lead to meet"), err);
	if (r == -1 || (w->t.inbox != 0 && inbox_get(db, w->t.inbox, &w->in, err) == -1))
		return -1;
	if (w->l.email == NULL)
		return say_no(w, V_HOLD, xstrdup("the lead has no e-mail address"), err);
	if (w->in.seq != 0 && (r = reply_place(w, err)) != 1)
		return r;
	if (w->in.seq == 0 && meeting_place(db, w->t.lead, &w->p, err) == -1)
		return -1;
	if (w->in.seq == 0 && w->t.account != 0 && w->t.account != w->p.account) {
		w->p.account = w->t.account;
		w->p.thread = 0; /* the conversation is another's */
	}
	if (w->p.account == 0)
		return say_no(w, V_HOLD, xstrdup("no mail was sent to the lead yet, and there isn't just one account: say which (lp-book add --account)"), err);
	if (w->t.campaign == 0)
		w->t.campaign = w->p.campaign;
	return 1;
}

static int
plan_message(struct work *w, int64_t meeting, struct lp_err *err)
{
	char purpose[MEETING_PURPOSE_SIZE];
	struct message m = { .purpose = meeting_purpose(w->uid, 0, purpose), .lead = w->t.lead, .campaign = w->t.campaign, .thread = w->p.thread,
		.account = w->p.account, .inbox = w->in.seq, .meeting = meeting, .channel = "email" };
	int64_t seq;
	int r = message_plan(w->s->db, &m, &seq, err);

	if (r == 0)
		r = lp_fail(err, LP_BUG, "b%" PRId64 " has a message already (m%" PRId64 ")", meeting, seq);
	return r == -1 || message_take(w->s->db, seq, err) == -1 || task_message(w->s->db, &w->t, seq, err) == -1 ? -1 : 0;
}

/* The first time that the task is here. */
static int
begin(struct work *w, struct lp_err *err)
{
	struct lp_db *db = w->s->db;
	struct meeting m;
	char purpose[64];
	int64_t seq;
	int r;

	if ((r = find_place(w, err)) != 1)
		return r;
	snprintf(purpose, sizeof(purpose), "%s:%s", w->in.seq != 0 ? "inbox" : "task", w->in.seq != 0 ? w->in.id : w->t.id);
	if (meeting_uid(db, purpose, w->p.account, w->uid, err) == -1 || (r = meeting_by_uid(db, w->uid, &m, err)) == -1)
		return -1;
	if (r == 1) {
		r = say_no(w, V_BLOCK, xasprintf("i%" PRId64 " has its meeting already: b%" PRId64 " (%s, t%" PRId64 ")", w->in.seq, m.seq, m.status, m.task), err);
		meeting_clear(&m);
		return r;
	}
	if ((r = none_ahead(w, err)) != 1)
		return r;
	if (w->p.thread == 0 && thread_new(db, w->t.lead, w->p.account, "email", &w->p.thread, err) == -1)
		return -1;
	if ((r = choose(w, 0, &seq, err)) != 1)
		return r;
	return plan_message(w, seq, err) == -1 ? -1 : show(w, seq, err);
}

/* ---- again */

/* Is what is reserved still to be had: not too near, and not busy by now? 1, 0, -1. */
static int
still_free(struct work *w, const struct meeting *m, struct lp_err *err)
{
	struct booking_times t;
	int r;

	if (m->starts_at - db_now(w->s->db) < BOOKING_LEAST)
		return 0;
	r = booking_times(w->s->db, m->lead, m->account, m->seq, &t, err);
	if (r == 0)
		r = booking_busy(&t, m->starts_at, m->ends_at, err);
	booking_times_clear(&t);
	/* a file that can't be read now says nothing against what was free when it could */
	if (r == -1 && err->kind == LP_CONFIG)
		return 1;
	return r == -1 ? -1 : r == 0;
}

static int
choose_again(struct work *w, const struct meeting *m, struct lp_err *err)
{
	int64_t seq;
	int r = find_place(w, err);

	if (r != 1)
		return r;
	snprintf(w->uid, sizeof(w->uid), "%s", m->uid);
	w->p.account = m->account;
	w->p.thread = m->thread;
	return (r = choose(w, m->seq, &seq, err)) == 1 ? show(w, seq, err) : r;
}

/* What a person typed stays where they put it. */
static int
resume(struct work *w, const struct message *msg, const struct meeting *m, struct lp_err *err)
{
	bool reserved = strcmp(m->status, "reserved") == 0, given_up = strcmp(m->status, "cancelled") == 0 && m->sequence == 0;
	char purpose[MEETING_PURPOSE_SIZE], *why = NULL;
	enum booking_stands st;
	int r;

	if (strcmp(msg->purpose, meeting_purpose(m->uid, 0, purpose)) == 0 && (reserved || given_up) && m->booked_by == NULL) {
		if ((r = reserved ? still_free(w, m, err) : 0) == 0)
			return choose_again(w, m, err);
		return r == -1 ? -1 : show(w, m->seq, err);
	}
	if (strcmp(msg->purpose, purpose) == 0 && given_up && (r = booking_again(w->s->db, m, err)) != 1)
		return r == -1 ? -1 : say_no(w, V_HOLD, xasprintf("the time of b%" PRId64 " is another's by now: lp-book add", m->seq), err);
	/* where the text is older than the row, it is made anew */
	if ((st = booking_stands(w->s->db, msg, &why, err)) == BOOKING_STANDS || st == BOOKING_ANEW) {
		free(why);
		return show(w, m->seq, err);
	}
	return st == BOOKING_ERROR ? -1 : say_no(w, st == BOOKING_OVER ? V_BLOCK : V_HOLD, why, err);
}

static int
go_on(struct work *w, struct lp_err *err)
{
	struct message msg;
	struct meeting m = { 0 };
	struct outbox o = { 0 };
	int r = message_get(w->s->db, w->t.message, &msg, err);

	if (r == 1 && msg.meeting == 0)
		r = say_no(w, V_HOLD, xasprintf("the task has a message already that is no invitation (m%" PRId64 "): lp-book add", msg.seq), err);
	else if (r == 1 && (strcmp(msg.status, "due") == 0 || strcmp(msg.status, "planned") == 0)) {
		/* what is on the wire, or may be, stays as it is */
		if ((r = outbox_get(w->s->db, msg.seq, &o, err)) != -1 && (r = meeting_get(w->s->db, msg.meeting, &m, err)) == 1)
			r = o.state != OUT_NONE && o.state != OUT_DEFERRED ? show(w, m.seq, err) : resume(w, &msg, &m, err);
	} else if (r == 1)
		r = 0;
	message_clear(&msg);
	meeting_clear(&m);
	outbox_clear(&o);
	return r == -1 ? -1 : 0;
}

static int
act(struct work *w, struct lp_err *err)
{
	struct decision d = { 0 };
	struct verdict_row v;
	int r;

	if ((r = verdict_last(w->s->db, &w->t, NULL, &v, err)) == 1) {
		r = v.verdict != V_ALLOW;
		verdict_clear(&v);
	}
	if (r != 0)
		return r == -1 ? -1 : 0;
	if ((r = decision_get(w->s->db, w->t.seq, NULL, &d, err)) == 1)
		r = strcmp(d.action, "book_meeting") == 0 && action_allowed(w->t.type, d.action);
	decision_clear(&d);
	if (r == 1)
		r = w->t.message != 0 ? go_on(w, err) : begin(w, err);
	return r == -1 ? -1 : 0;
}

int
booking_item(struct stage *s, struct env *e, struct lp_err *err)
{
	struct work w = { .s = s, .e = e };
	int r;

	if (e->task == 0 || e->has_error || !action_allowed(e->type, "book_meeting") || json_get(e->json, "decision") == NULL)
		return 0;
	if ((r = stage_task(s, e, &w.t, err)) != 1)
		return r;
	r = act(&w, err);
	inbox_clear(&w.in);
	lead_row_clear(&w.l);
	task_clear(&w.t);
	return r;
}
