#include "agent/reserve_int.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/booking.h"
#include "agent/consent.h"
#include "agent/gate.h"
#include "base/mem.h"
#include "channel/channel.h"
#include "rules/actions.h"
#include "store/campaigns.h"
#include "store/control.h"
#include "store/enrolments.h"
#include "store/lead_row.h"
#include "store/suppressions.h"
#include "store/threads.h"

/* Each check: 0 nothing against it, 1 the verdict says what is, -1 trouble. */
typedef int check(struct door *, struct lp_err *);

int
door_no(struct door *x, enum verdict what, enum hold hold, int64_t until, char *reason)
{
	free(x->v->reason);
	x->v->verdict = what;
	x->v->hold = hold;
	x->v->until = until;
	x->v->reason = reason;
	return 1;
}

static int
block(struct door *x, char *reason)
{
	return door_no(x, V_BLOCK, HOLD_NONE, 0, reason);
}

static int
mend(struct door *x, char *reason)
{
	return door_no(x, V_HOLD, HOLD_MEND, 0, reason);
}

static int
wait_until(struct door *x, int64_t until, char *reason)
{
	return door_no(x, V_DELAY, HOLD_NONE, until, reason);
}

static int
check_stop(struct door *x, struct lp_err *err)
{
	char *why = NULL;
	int r = control_stopped(x->db, &why, err);

	return r == 1 ? wait_until(x, db_now(x->db) + 5 * LP_MINUTE, why) : r;
}

static int
check_lead(struct door *x, struct lp_err *err)
{
	struct suppression_hit hit;
	char *to = NULL;
	int r;

	if (x->m->lead == 0)
		return mend(x, xstrdup("the message has no lead"));
	if ((r = lead_row_get(x->db, x->m->lead, &x->l, err)) != 1)
		return r == 0 ? block(x, xstrdup("the lead is gone")) : -1;
	if (strcmp(x->l.status, "paused") == 0)
		return wait_until(x, db_now(x->db) + LP_DAY, xstrdup("the lead is paused (lp-leads start)"));
	if (x->m->enrolment != 0 ? strcmp(x->l.status, "active") != 0 : respond_lead_bars(x->l.status))
		return block(x, xasprintf("the lead is %s", x->l.status));
	if ((r = suppressions_hit(x->db, x->l.person, x->m->recipient, &hit, err)) == 1)
		return block(x, xasprintf("suppressed since %.10s: %s", hit.since, hit.reason));
	if (r == -1)
		return -1;
	if ((r = door_recipient(x, &to, err)) != 0)
		return r;
	if (to == NULL || x->m->recipient == NULL || strcmp(to, x->m->recipient) != 0)
		r = wait_until(x, db_now(x->db) + LP_MINUTE, xstrdup("the lead's address changed since the text was made: it is made anew"));
	free(to);
	return r;
}

/* A step by another channel than the first goes from the account that the campaign has for it; within a channel a lead keeps its account. 1, 0, -1. */
static int
bound_to(struct door *x, int64_t account, struct lp_err *err)
{
	struct account first;
	int r;

	if (x->m->account != x->a->seq || account == x->a->seq)
		return x->m->account == x->a->seq;
	if ((r = account_get(x->db, account, &first, err)) == 1) {
		r = strcmp(first.channel, x->m->channel) != 0;
		account_clear(&first);
	}
	return r;
}

static int
check_sequence(struct door *x, struct lp_err *err)
{
	struct enrolment e;
	char status[12] = "";
	int r;

	if (strcmp(x->m->status, "due") != 0)
		return block(x, xasprintf("the message is %s", x->m->status));
	if (x->m->campaign != 0 && (r = campaign_status(x->db, x->m->campaign, status, err)) != 1)
		return r == -1 ? -1 : block(x, xstrdup("the campaign is gone"));
	if (x->m->campaign != 0 && strcmp(status, "running") != 0)
		return wait_until(x, db_now(x->db) + LP_HOUR, xasprintf("the campaign is %s (lp-campaigns start)", status));
	if (x->m->enrolment == 0)
		return 0;
	if ((r = enrolment_get(x->db, x->m->enrolment, &e, err)) != 1)
		return r == -1 ? -1 : block(x, xstrdup("the enrolment is gone"));
	if (strcmp(e.status, "paused") == 0)
		return wait_until(x, enrolment_again(&e, db_now(x->db)), xstrdup("the sequence is paused"));
	if (strcmp(e.status, "active") != 0)
		return block(x, xasprintf("the sequence is %s", e.status));
	if ((r = bound_to(x, e.account, err)) != 1)
		return r == -1 ? -1 : mend(x, xstrdup("the account isn't the one that the lead is bound to"));
	if ((r = message_predecessor_done(x->db, x->m->seq, err)) == 0)
		return wait_until(x, db_now(x->db) + LP_HOUR, xstrdup("the step before it isn't sent yet"));
	return r == -1 ? -1 : 0;
}

static int
check_thread(struct door *x, struct lp_err *err)
{
	char *why = NULL;
	int r;

	/* what a person typed isn't the agent's to keep back */
	if (x->m->thread == 0 || message_by_hand(x->m))
		return 0;
	if (x->m->meeting != 0 && (r = booking_by_hand(x->db, x->m, err)) != 0)
		return r == 1 ? 0 : -1;
	r = thread_is_persons(x->db, x->m->thread, &why, err);
	if (r == 1)
		r = block(x, xasprintf("the thread is a person's: %s (lp-inbox give)", why != NULL ? why : "taken"));
	free(why);
	return r;
}

/* The rules and the yes, judged again on the rows of this moment. */
static int
check_gate(struct door *x, struct lp_err *err)
{
	struct verdict_row again = { .stage = "gate" };
	int r = 0;

	if (gate_judge(x->db, x->t, &x->d, x->m, &again, NULL, err) == -1)
		r = -1;
	else if (again.verdict == V_ALLOW && consent_judge(x->db, &x->c, x->t, &x->d, x->m, &again, err) == -1)
		r = -1;
	else if (again.verdict != V_ALLOW) {
		r = door_no(x, again.verdict, again.hold, again.until, again.reason != NULL ? xstrdup(again.reason) : xstrdup("a rule"));
		free(x->v->rules);
		x->v->rules = xstrdup(again.rules);
		memcpy(x->v->content_hash, again.content_hash, sizeof(again.content_hash));
	}
	verdict_clear(&again);
	return r;
}

static int
check_account(struct door *x, struct lp_err *err)
{
	(void)err;
	if (strcmp(x->a->status, "active") != 0)
		return mend(x, xasprintf("account %s is %s%s%s (lp-accounts start)", x->a->name, x->a->status,
		    x->a->status_reason != NULL ? ": " : "", x->a->status_reason != NULL ? x->a->status_reason : ""));
	if (strcmp(x->a->channel, x->m->channel) != 0)
		return mend(x, xasprintf("account %s doesn't carry %s", x->a->name, x->m->channel));
	if (x->how->reaches_past_loopback && db_simulated(x->db))
		return mend(x, xasprintf("account %s reaches past this machine, and the file is simulated", x->a->name));
	return 0;
}

static int
check_hours(struct door *x, struct lp_err *err)
{
	struct enrolment e = { 0 };
	int64_t next, grace = duration_ms(&x->c.slot_grace);
	int r;

	if (x->m->enrolment != 0 ? enrolment_get(x->db, x->m->enrolment, &e, err) == -1 :
	    x->m->campaign != 0 && campaign_newest(x->db, x->m->campaign, &e.version, err) == -1)
		return -1;
	if (when_load(x->db, &x->c, x->a, x->m->campaign, e.version, x->m->lead, &x->w, err) == -1 ||
	    (r = hours_all_open(x->w.list, x->w.n, db_now(x->db), err)) == -1)
		return -1;
	if (r == 0) {
		if (hours_all_next_open(x->w.list, x->w.n, db_now(x->db), &next, err) == -1)
			return -1;
		if (next == HOURS_NEVER)
			return mend(x, xstrdup("the hours of agent, account, campaign and lead have no moment in common within a year"));
		return wait_until(x, next, xstrdup("outside the hours"));
	}
	if (x->m->enrolment == 0)
		return 0;
	if (x->m->slot_at == 0 || db_now(x->db) > x->m->slot_at + grace)
		return wait_until(x, db_now(x->db) + LP_MINUTE, xstrdup("it has no sending time, or missed it: it gets another"));
	if (db_now(x->db) < x->m->slot_at)
		return wait_until(x, x->m->slot_at, xstrdup("its sending time is later"));
	return 0;
}

static int
check_inbox(struct door *x, struct lp_err *err)
{
	int64_t age = duration_ms(&x->c.inbox_max_age);
	char iso[LP_ISO_SIZE];

	(void)err;
	/* a first message answers nobody and follows nobody; whatever comes after must have heard what came back, and an invitation must be
	 * able to hear its answer */
	if ((x->m->step <= 1 && x->m->inbox == 0 && x->m->meeting == 0) || channel_pushed(x->a->settings))
		return 0;
	if (x->a->inbox_read_at != 0 && db_now(x->db) - x->a->inbox_read_at <= age)
		return 0;
	return wait_until(x, db_now(x->db) + 10 * LP_MINUTE, x->a->inbox_read_at == 0 ?
	    xasprintf("the inbox of account %s was never read", x->a->name) :
	    xasprintf("the inbox of account %s was last read at %s", x->a->name, lp_iso(x->a->inbox_read_at, iso)));
}

/* The gate's row for exactly this content, rule set and try: without it somebody left the gate out. */
static int
gated(struct door *x, struct lp_err *err)
{
	const struct message *m = x->m;
	struct verdict_row g;
	char hash[LP_HEX_SIZE];
	int r = verdict_last(x->db, x->t, "gate", &g, err);

	if (r == 1) {
		/* of what would leave, not of what the row says of it */
		message_hash(m, m->recipient, hash);
		r = g.verdict == V_ALLOW && strcmp(g.content_hash, hash) == 0 && strcmp(m->content_hash, hash) == 0 && g.ruleset == x->c.ruleset;
		if (r == 0)
			lp_fail(err, LP_DATA, g.verdict != V_ALLOW ? "the gate said no" : "text or rules changed since the gate: it judges again");
		verdict_clear(&g);
	} else if (r == 0)
		lp_fail(err, LP_DATA, "not judged by the rules: lp-rules gate is missing from the pipe");
	return r;
}

static enum reserve
look_at_outbox(struct door *x, struct outbox *o, struct lp_err *err)
{
	if (outbox_get(x->db, x->m->seq, o, err) == -1)
		return RESERVE_ERROR;
	switch (o->state) {
	case OUT_NONE:
		return RESERVE_YES;
	case OUT_DEFERRED:
		return db_now(x->db) >= o->next_try_at ? RESERVE_YES : RESERVE_DONE;
	case OUT_RESERVED:
		if (x->how->redo_is_safe && !x->how->looked)
			return RESERVE_LOOK;
		/* surely not delivered: it counts in no limit, and is judged like any other */
		if (x->how->redo_is_safe)
			return outbox_record(x->db, x->m->seq, &(struct outbox_result){ .state = OUT_DEFERRED,
			    .response = "its pipeline died before it was delivered", .next_try = db_now(x->db) }, err) == -1 ?
			    RESERVE_ERROR : RESERVE_YES;
		/* its run died with the message on the wire: nobody can tell, so nobody sends it again */
		o->state = OUT_UNKNOWN;
		return outbox_record(x->db, x->m->seq, &(struct outbox_result){ .state = OUT_UNKNOWN,
		    .response = "the pipeline died while it was on the wire" }, err) == -1 ?
		    RESERVE_ERROR : RESERVE_DONE;
	case OUT_SENT:
	case OUT_REFUSED:
	case OUT_UNKNOWN:
		break;
	}
	return RESERVE_DONE;
}

static enum reserve
what_is_decided(struct door *x, struct lp_err *err)
{
	const struct action *act;
	int r = decision_get(x->db, x->t->seq, NULL, &x->d, err);

	if (r == -1)
		return RESERVE_ERROR;
	if (r == 0) {
		lp_fail(err, LP_DATA, "nothing was decided: lp-decide is missing from the pipe");
		return RESERVE_MISSING;
	}
	act = action_get(x->d.action);
	/* a meeting's messages are for book_meeting alone, and it for nothing else */
	if (act == NULL || act->carrier != (x->m->meeting != 0 ? BY_BOOK : BY_SEND) || !action_allowed(x->t->type, x->d.action) ||
	    (act->channel != NULL && strcmp(act->channel, x->m->channel) != 0)) {
		mend(x, xasprintf("'%s' is not what this message is for", x->d.action));
		return RESERVE_NO;
	}
	if (*x->m->content_hash == '\0' || x->m->body == NULL || (x->m->meeting != 0 && x->m->calendar == NULL)) {
		lp_fail(err, LP_DATA, "it has no text: lp-draft is missing from the pipe");
		return RESERVE_MISSING;
	}
	return RESERVE_YES;
}

static enum reserve
judge(struct door *x, struct outbox *o, struct lp_err *err)
{
	static check *const checks[] = { check_stop, check_lead, check_sequence, check_thread, door_answer, door_meeting, check_account, door_law, door_phone,
		check_gate, check_hours, check_inbox, door_standing, door_limits, door_pace, door_bulk };
	enum reserve res;
	size_t i;
	int r;

	if ((r = message_get(x->db, x->t->message, x->m, err)) != 1) {
		if (r == 0)
			lp_fail(err, LP_DATA, "the task has no message");
		return r == 0 ? RESERVE_MISSING : RESERVE_ERROR;
	}
	res = look_at_outbox(x, o, err);
	x->redo = o->state != OUT_NONE;
	if (res != RESERVE_YES || (res = what_is_decided(x, err)) != RESERVE_YES)
		return res;
	if ((r = gated(x, err)) != 1)
		return r == 0 ? RESERVE_MISSING : RESERVE_ERROR;
	for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		if ((r = checks[i](x, err)) != 0)
			return r == 1 ? RESERVE_NO : RESERVE_ERROR;
	if (outbox_reserve(x->db, x->t, x->m, x->m->recipient, x->how->redo_is_safe, err) == -1)
		return RESERVE_ERROR;
	return !x->redo && door_answered(x, err) == -1 ? RESERVE_ERROR : RESERVE_YES;
}

enum reserve
reserve_message(struct lp_db *db, const struct task *t, const struct account *a, const struct reserve_how *how, struct message *m,
    struct outbox *o, struct verdict_row *v, struct lp_err *err)
{
	struct door x = { .db = db, .t = t, .a = a, .how = how, .m = m, .v = v };
	struct account now = { 0 };
	struct task mine;
	enum reserve res = RESERVE_ERROR;
	int r;

	*m = (struct message){ 0 };
	*o = (struct outbox){ 0 };
	*v = (struct verdict_row){ .stage = "send" };
	if ((r = task_mine(db, t->seq, t->lease, &mine, err)) == 1) {
		task_clear(&mine);
		/* the account as it is now, not as it was when it was connected */
		if (config_load(db, &x.c, err) == 0) {
			if ((r = account_get(db, a->seq, &now, err)) == 1) {
				x.a = &now;
				res = judge(&x, o, err);
			} else if (r == 0)
				lp_fail(err, LP_BUG, "the account is gone");
			if (res == RESERVE_NO && verdict_put(db, t, v, NULL, err) == -1)
				res = RESERVE_ERROR;
			account_clear(&now);
			config_clear(&x.c);
		}
	} else if (r == 0)
		res = RESERVE_LOST;
	decision_clear(&x.d);
	lead_row_clear(&x.l);
	when_clear(&x.w);
	return res;
}
