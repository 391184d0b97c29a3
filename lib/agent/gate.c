/*
 * The gate: what leaves is judged by the rules, on its rows and its text.
 */
#include "agent/gate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/advance.h"
#include "agent/consent.h"
#include "agent/gate_int.h"
#include "agent/rules_say.h"
#include "base/json.h"
#include "base/mem.h"
#include "rules/actions.h"
#include "sender/law.h"
#include "sender/phone.h"
#include "store/accounts.h"
#include "store/approvals.h"
#include "store/config.h"
#include "store/enrolments.h"
#include "store/lead_row.h"
#include "store/messages.h"

struct judged {
	struct verdict_row *v;          /* the caller's: verdict, hold, until, reason, hash, ruleset */
	bool stop, escalate, skip;      /* stop the lead's sequences; because of an escalation; skip this step only */
	struct ruled *hits;             /* that matched or couldn't be judged, approved ones too; of the gate's rules */
	size_t nhits;
	cJSON *situation;
};

static void
judged_clear(struct judged *j)
{
	ruled_free(j->hits, j->nhits);
	cJSON_Delete(j->situation);
	*j = (struct judged){ 0 };
}

struct gate *
gate_now(struct lp_db *db, struct lp_err *err)
{
	/* compiled once a process: a burst of tasks is judged by one set, and a change counts from the next look on */
	static struct gate cache;
	int64_t v;

	if (ruleset_version(db, &v, cache.zone, err) == -1)
		return NULL;
	if (cache.set != NULL && cache.db == db && cache.version == v)
		return &cache;
	ruleset_free(cache.set);
	if ((cache.set = ruleset_new(db, err)) == NULL)
		return NULL;
	ruleset_hear(cache.set, rules_say, db);
	cache.db = db;
	cache.version = v;
	cache.lead_time = ruleset_names(cache.set, "time.lead_hour") || ruleset_names(cache.set, "time.lead_weekday");
	return &cache;
}

/* ---- judging ---- */

/* delay 3d, delay until 2026-12-01 (midnight of the schedule's zone), or a day. A time that is over delays nothing. */
static int
delay_until(struct gate *g, struct lp_db *db, const cJSON *action, int64_t now, int64_t *until, struct lp_err *err)
{
	const char *text = json_str(action, "until"), *delay = json_str(action, "delay");
	struct duration d = { .days = 1 };
	struct lp_config c;
	int64_t day;
	int r;

	if (text != NULL) {
		if (strlen(text) == 10 && hours_date(text, &day, NULL) == 0)
			return tz_midnight(g->zone, day, until, err);
		return lp_iso_parse(text, until, err);
	}
	if (delay != NULL && duration_parse(delay, &d, err) == -1)
		return -1;
	if (config_load(db, &c, err) == -1)
		return -1;
	r = hours_after(&c.hours, now, &d, until, err);
	config_clear(&c);
	return r;
}

struct one {
	enum verdict verdict;
	enum hold hold;
	int64_t until;
	bool stop, skip;
};

static int
judge_one(struct gate *g, struct lp_db *db, const struct task *t, const struct judged *j, const struct ruled *h, int64_t now,
    struct one *o, struct lp_err *err)
{
	const char *verdict = json_str(h->rule->action, "verdict");
	int shown;

	*o = (struct one){ .verdict = V_ALLOW };
	if (h->result == TRI_NULL) {
		o->verdict = V_HOLD;
		o->hold = h->broken ? HOLD_MEND : HOLD_APPROVAL;
	} else {
		o->stop = json_get(h->rule->action, "stop") != NULL;
		o->skip = json_get(h->rule->action, "skip") != NULL;
		if (o->stop || (verdict != NULL && strcmp(verdict, "block") == 0))
			o->verdict = V_BLOCK;
		else if (verdict != NULL && strcmp(verdict, "hold") == 0) {
			o->verdict = V_HOLD;
			o->hold = HOLD_APPROVAL;
		} else if (verdict != NULL && strcmp(verdict, "delay") == 0) {
			if (delay_until(g, db, h->rule->action, now, &o->until, err) == -1)
				return -1;
			if (o->until > now)
				o->verdict = V_DELAY;
		}
	}
	if (o->hold != HOLD_APPROVAL)
		return 0;
	/* whoever approved this text saw this rule in this version */
	if ((shown = approvals_rule_shown(db, t, j->v->content_hash, h->rule->seq, h->rule->version, err)) == -1)
		return -1;
	if (shown == 1)
		*o = (struct one){ .verdict = V_ALLOW };
	return 0;
}

static void
add_reason(struct buf *b, const char *why)
{
	if (b->len > 0)
		buf_puts(b, "; ");
	if (b->len < 1000)
		buf_puts(b, why);
}

static int
weigh(struct gate *g, struct lp_db *db, const struct task *t, int64_t now, struct judged *j, struct lp_err *err)
{
	struct verdict_row *v = j->v;
	struct buf reason = { 0 };
	struct one o;
	size_t i;

	j->skip = true;
	for (i = 0; i < j->nhits; i++) {
		if (judge_one(g, db, t, j, &j->hits[i], now, &o, err) == -1) {
			buf_free(&reason);
			return -1;
		}
		if (o.verdict > v->verdict) {
			v->verdict = o.verdict;
			buf_reset(&reason);
		}
		if (o.verdict == V_DELAY && o.until > v->until)
			v->until = o.until;
		if (o.hold > v->hold)
			v->hold = o.hold;
		if (o.verdict == V_BLOCK && !o.skip)
			j->skip = false;
		if (o.stop) {
			j->stop = true;
			j->escalate = j->escalate || j->hits[i].type == RULE_ESCALATION;
		}
		if (o.verdict == v->verdict && o.verdict != V_ALLOW)
			add_reason(&reason, j->hits[i].why);
	}
	if (v->verdict != V_HOLD)
		v->hold = HOLD_NONE;
	if (v->verdict != V_DELAY)
		v->until = 0;
	j->skip = j->skip && v->verdict == V_BLOCK;
	v->reason = buf_steal(&reason);
	return 0;
}

/* An escalation calls a person; what that person then writes isn't held up by it. */
static void
without_alarms(struct judged *j)
{
	size_t n = 0;

	for (size_t i = 0; i < j->nhits; i++)
		if (j->hits[i].type == RULE_ESCALATION)
			free(j->hits[i].why);
		else
			j->hits[n++] = j->hits[i];
	j->nhits = n;
}

/* What the door would hold for good is said here, before a person is asked; what only waits for its hour waits there. */
static int
telephone(struct lp_db *db, const struct message *m, struct verdict_row *v, struct lp_err *err)
{
	struct phone_ask q = { .channel = m->channel, .recipient = m->recipient, .template = m->template, .inbox = m->inbox };
	struct account a = { 0 };
	struct lead_row l = { 0 };
	struct phone_said s = { .verdict = V_ALLOW };
	int r;

	if (!phone_channel(m->channel) || v->verdict >= V_HOLD)
		return 0;
	if ((r = lead_row_get(db, m->lead, &l, err)) == 1 && (m->account == 0 || (r = account_get(db, m->account, &a, err)) == 1)) {
		q.l = &l;
		q.a = m->account != 0 ? &a : NULL;
		r = phone_judge(db, &q, &s, err);
	}
	if (r != -1 && s.verdict == V_HOLD) {
		v->verdict = V_HOLD;
		v->hold = HOLD_MEND;
		v->until = 0;
		free(v->reason);
		v->reason = xstrdup(s.why);
	}
	account_clear(&a);
	lead_row_clear(&l);
	return r == -1 ? -1 : 0;
}

/* v->reason and v->rules must be the caller's to lose. */
static int
judge(struct lp_db *db, const struct task *t, const struct decision *d, const struct message *m, struct verdict_row *v, struct judged *j,
    struct lp_err *err)
{
	struct gate *g = gate_now(db, err);

	*j = (struct judged){ .v = v };
	if (g == NULL)
		return -1;
	v->verdict = V_ALLOW;
	v->hold = HOLD_NONE;
	v->until = 0;
	v->ruleset = g->version;
	consent_hash(d, m, v->content_hash);
	if ((j->situation = situation_of(db, t, d, m, db_now(db), g->zone, g->lead_time, err)) == NULL)
		return -1;
	ruleset_judge(g->set, j->situation, db_now(db), t->type, false, &j->hits, &j->nhits);
	if (m != NULL && message_by_hand(m))
		without_alarms(j);
	free(v->reason);
	free(v->rules);
	v->reason = NULL;
	v->rules = rules_json(j->hits, j->nhits);
	if (weigh(g, db, t, db_now(db), j, err) == -1 || (m != NULL && telephone(db, m, v, err) == -1)) {
		judged_clear(j);
		return -1;
	}
	return 0;
}

int
gate_judge(struct lp_db *db, const struct task *t, const struct decision *d, const struct message *m, struct verdict_row *v, char **situation,
    struct lp_err *err)
{
	struct judged j;

	if (judge(db, t, d, m, v, &j, err) == -1)
		return -1;
	if (situation != NULL)
		*situation = json_print(j.situation);
	judged_clear(&j);
	return 0;
}

/* ---- effects ---- */

/* Skipped is the step, not the sequence: the next one goes on from here. */
static int
skip_step(struct lp_db *db, const struct task *t, const char *why, struct lp_err *err)
{
	if (t->message != 0 && (message_end(db, t->message, "skipped", why, err) == -1 ||
	    advance_after(db, t->message, db_now(db), err) == -1))
		return -1;
	return task_output(db, t, "skipped", NULL, err);
}

/* Every sequence of the lead ends, this message with them. */
static int
stop_lead(struct lp_db *db, const struct task *t, const struct judged *j, struct lp_err *err)
{
	if (t->lead != 0 && enrolments_stop_lead(db, t->lead, j->v->reason, err) == -1)
		return -1;
	if (t->message != 0 && message_end(db, t->message, "blocked", j->v->reason, err) == -1)
		return -1;
	return task_output(db, t, j->escalate ? "escalated" : "blocked", NULL, err);
}

static int
record(struct lp_db *db, const struct task *t, const struct judged *j, struct lp_err *err)
{
	char *situation = json_print(j->situation);
	int r = verdict_put(db, t, j->v, situation, err);

	free(situation);
	for (size_t i = 0; r != -1 && i < j->nhits; i++)
		if (j->hits[i].result == TRI_TRUE)
			r = rule_acted(db, t, &j->hits[i], "gate", err);
	if (r == -1)
		return -1;
	if (j->stop)
		return stop_lead(db, t, j, err);
	return j->skip ? skip_step(db, t, j->v->reason, err) : 0;
}

/* What the law asks for and isn't there is for a person to mend, whatever else is found; what is blocked anyway needs none. */
static int
judge_law(struct lp_db *db, const struct message *m, struct verdict_row *v, struct lp_err *err)
{
	char *why = NULL, *both;
	int r = m != NULL && v->verdict != V_BLOCK ? law_gate(db, m, &why, err) : 0;

	if (r != 1)
		return r;
	both = v->verdict == V_HOLD ? xasprintf("%s; %s", why, v->reason) : xstrdup(why);
	free(why);
	free(v->reason);
	v->reason = both;
	v->verdict = V_HOLD;
	v->hold = HOLD_MEND;
	v->until = 0;
	return 0;
}

/* The rules, then the person's yes: the stricter of the two; then the law. */
static int
judge_and_record(struct lp_db *db, const struct task *t, const struct decision *d, const struct message *m, struct verdict_row *v,
    struct lp_err *err)
{
	struct verdict_row yes = { 0 };
	struct judged j = { 0 };
	struct lp_config c;
	int r;

	snprintf(v->stage, sizeof(v->stage), "gate");
	if (judge(db, t, d, m, v, &j, err) == -1)
		return -1;
	if ((r = config_load(db, &c, err)) != -1) {
		r = consent_judge(db, &c, t, d, m, &yes, err);
		config_clear(&c);
	}
	/* two holds are one: what must be mended comes before what can be approved, and both are told */
	if (r != -1 && yes.verdict == v->verdict && yes.verdict == V_HOLD) {
		char *both = xasprintf("%s; %s", v->reason, yes.reason);

		free(v->reason);
		v->reason = both;
		v->hold = yes.hold > v->hold ? yes.hold : v->hold;
	} else if (r != -1 && yes.verdict > v->verdict) {
		v->verdict = yes.verdict;
		v->hold = yes.hold;
		v->until = yes.until;
		free(v->reason);
		v->reason = yes.reason;
		yes.reason = NULL;
	}
	if (r != -1)
		r = judge_law(db, m, v, err);
	if (r != -1)
		r = record(db, t, &j, err);
	verdict_clear(&yes);
	judged_clear(&j);
	return r;
}

/* A verdict of this try on the same text and rules: 1 and nothing happens twice. Another stage's "no" of this try stands: -2. */
static int
on_record(struct lp_db *db, const struct task *t, const struct decision *d, const struct message *m, struct verdict_row *v, struct lp_err *err)
{
	char hash[LP_HEX_SIZE];
	int64_t version;
	int r = verdict_last(db, t, NULL, v, err);

	if (r == 1 && v->verdict != V_ALLOW && strcmp(v->stage, "gate") != 0)
		return -2;
	verdict_clear(v);
	if (r == -1 || verdict_last(db, t, "gate", v, err) == -1 || ruleset_version(db, &version, NULL, err) == -1)
		return -1;
	consent_hash(d, m, hash);
	if (v->seq != 0 && v->ruleset == version && strcmp(v->content_hash, hash) == 0)
		return 1;
	verdict_clear(v);
	return 0;
}

static int
item(struct stage *s, struct env *e, const struct task *t, const struct decision *d, struct lp_err *err)
{
	const struct action *a = action_get(d->action);
	struct verdict_row v = { 0 };
	struct message m = { 0 };
	int r = 0;

	/* what stays inside is no business of the gate; what has no text yet wasn't drafted, and lp-send won't take it */
	if (a == NULL || !a->leaves)
		return 0;
	if (t->message != 0 && message_get(s->db, t->message, &m, err) == -1)
		return -1;
	if (t->message != 0 ? *m.content_hash != '\0' : a->carrier != BY_SEND && a->carrier != BY_BOOK) {
		r = on_record(s->db, t, d, t->message != 0 ? &m : NULL, &v, err);
		if (r == 0)
			r = judge_and_record(s->db, t, d, t->message != 0 ? &m : NULL, &v, err) == -1 ? -1 : 1;
		if (r == 1)
			env_set(e, "gate", verdict_json(&v));
	}
	message_clear(&m);
	verdict_clear(&v);
	return r == -1 ? -1 : 0;
}

int
gate_item(struct stage *s, struct env *e, struct lp_err *err)
{
	struct decision d = { 0 };
	struct task t;
	int r;

	/* what surely doesn't leave costs no look at the database */
	if (e->task == 0 || e->has_error || !rule_leaves(e->type))
		return 0;
	if ((r = stage_task(s, e, &t, err)) != 1)
		return r;
	if ((r = decision_get(s->db, t.seq, NULL, &d, err)) == 1)
		r = item(s, e, &t, &d, err);
	decision_clear(&d);
	task_clear(&t);
	return r;
}
