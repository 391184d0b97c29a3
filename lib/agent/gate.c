/*
 * The gate: what leaves is judged by the rules, on its rows and its text.
 */
#include "agent/gate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/actions.h"
#include "agent/advance.h"
#include "agent/gate_int.h"
#include "base/json.h"
#include "base/mem.h"
#include "store/approvals.h"
#include "store/config.h"
#include "store/enrolments.h"
#include "store/messages.h"

struct gate *
gate_new(void)
{
	return xcalloc(1, sizeof(struct gate));
}

void
gate_free(struct gate *g)
{
	if (g != NULL)
		ruleset_free(g->set);
	free(g);
}

int
gate_refresh(struct gate *g, struct lp_db *db, struct lp_err *err)
{
	int64_t v;

	if (ruleset_version(db, &v, g->zone, err) == -1)
		return -1;
	if (g->set != NULL && g->db == db && g->version == v)
		return 0;
	ruleset_free(g->set);
	if ((g->set = ruleset_new(db, err)) == NULL)
		return -1;
	g->db = db;
	g->version = v;
	g->lead_time = ruleset_names(g->set, "time.lead_hour") || ruleset_names(g->set, "time.lead_weekday");
	return 0;
}

void
judged_clear(struct judged *j)
{
	free(j->reason);
	ruled_free(j->hits, j->nhits);
	cJSON_Delete(j->situation);
	*j = (struct judged){ 0 };
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
	if (o->hold != HOLD_APPROVAL || *j->content_hash == '\0')
		return 0;
	/* whoever approved this text saw this rule in this version */
	if ((shown = approvals_rule_shown(db, t, j->content_hash, h->rule->seq, h->rule->version, err)) == -1)
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
	struct buf reason = { 0 };
	struct one o;
	size_t i;

	j->skip = true;
	for (i = 0; i < j->nhits; i++) {
		if (judge_one(g, db, t, j, &j->hits[i], now, &o, err) == -1) {
			buf_free(&reason);
			return -1;
		}
		if (o.verdict > j->verdict) {
			j->verdict = o.verdict;
			buf_reset(&reason);
		}
		if (o.verdict == V_DELAY && o.until > j->until)
			j->until = o.until;
		if (o.hold > j->hold)
			j->hold = o.hold;
		if (o.verdict == V_BLOCK && !o.skip)
			j->skip = false;
		if (o.stop) {
			j->stop = true;
			j->escalate = j->escalate || j->hits[i].type == RULE_ESCALATION;
		}
		if (o.verdict == j->verdict && o.verdict != V_ALLOW)
			add_reason(&reason, j->hits[i].why);
	}
	if (j->verdict != V_HOLD)
		j->hold = HOLD_NONE;
	if (j->verdict != V_DELAY)
		j->until = 0;
	j->skip = j->skip && j->verdict == V_BLOCK;
	j->reason = buf_steal(&reason);
	return 0;
}

int
gate_judge(struct gate *g, struct lp_db *db, const struct task *t, int64_t now, struct judged *j, struct lp_err *err)
{
	struct decision d;
	int r;

	*j = (struct judged){ .gate = g };
	if (gate_refresh(g, db, err) == -1 || decision_get(db, t->seq, NULL, &d, err) == -1)
		return -1;
	j->ruleset = g->version;
	j->situation = situation_of(db, t, &d, now, g->zone, g->lead_time, j->content_hash, err);
	decision_clear(&d);
	if (j->situation == NULL)
		return -1;
	ruleset_judge(g->set, j->situation, now, t->type, false, &j->hits, &j->nhits);
	if ((r = weigh(g, db, t, now, j, err)) == -1)
		judged_clear(j);
	return r;
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

static int
stop_lead(struct lp_db *db, const struct task *t, const struct judged *j, struct lp_err *err)
{
	if (t->message != 0 && message_end(db, t->message, "blocked", j->reason, err) == -1)
		return -1;
	if (t->lead != 0 && enrolments_stop_lead(db, t->lead, j->reason, err) == -1)
		return -1;
	return task_output(db, t, j->escalate ? "escalated" : "blocked", NULL, err);
}

static int
record(struct stage *s, const struct task *t, const struct judged *j, struct verdict_row *v, struct lp_err *err)
{
	char *situation = json_print(j->situation);
	size_t i;
	int r;

	*v = (struct verdict_row){ .stage = "gate", .verdict = j->verdict, .hold = j->hold, .until = j->until, .ruleset = j->ruleset };
	v->reason = xstrdup(j->reason);
	v->rules = rules_json(j->hits, j->nhits);
	snprintf(v->content_hash, sizeof(v->content_hash), "%s", j->content_hash);
	r = verdict_put(s->db, t, v, situation, err);
	free(situation);
	for (i = 0; r != -1 && i < j->nhits; i++)
		if (j->hits[i].result == TRI_TRUE)
			r = rule_acted(s->db, t, &j->hits[i], "gate", err);
	if (r == -1)
		return -1;
	if (j->stop)
		return stop_lead(s->db, t, j, err);
	return j->skip ? skip_step(s->db, t, j->reason, err) : 0;
}

/* Is there something to be judged: an action that leaves, with its text? Another stage's "no" of this try stands. */
static int
judgeable(struct stage *s, const struct task *t, struct verdict_row *last, struct lp_err *err)
{
	const struct action *a;
	struct decision d;
	struct message m;
	int r = decision_get(s->db, t->seq, NULL, &d, err);

	if (r != 1)
		return r;
	a = action_get(d.action);
	decision_clear(&d);
	if (a == NULL || !a->leaves)
		return 0;
	if ((r = verdict_last(s->db, t, NULL, last, err)) == -1)
		return -1;
	if (r == 1 && strcmp(last->stage, "gate") != 0 && last->verdict != V_ALLOW)
		return 0;
	verdict_clear(last);
	if (verdict_last(s->db, t, "gate", last, err) == -1)
		return -1;
	if (t->message == 0)
		return a->carrier != BY_SEND;
	if ((r = message_get(s->db, t->message, &m, err)) != 1)
		return r;
	r = *m.content_hash != '\0';
	message_clear(&m);
	return r;
}

/* A verdict of this try on the same text and rules: nothing happens twice. */
static int
on_record(struct stage *s, struct env *e, const struct task *t, const struct verdict_row *last, struct lp_err *err)
{
	struct message m = { 0 };
	int64_t v;
	bool same;

	if (last->seq == 0)
		return 0;
	if (ruleset_version(s->db, &v, NULL, err) == -1 || (t->message != 0 && message_get(s->db, t->message, &m, err) == -1))
		return -1;
	same = last->ruleset == v && strcmp(last->content_hash, m.content_hash) == 0;
	message_clear(&m);
	if (same)
		env_set(e, "gate", verdict_json(last));
	return same;
}

static int
item(struct stage *s, struct env *e, const struct task *t, struct lp_err *err)
{
	struct verdict_row last = { 0 }, v = { 0 };
	struct judged j = { 0 };
	int r = judgeable(s, t, &last, err);

	if (r == 1 && (r = on_record(s, e, t, &last, err)) == 0) {
		if ((r = gate_judge(s->ctx, s->db, t, db_now(s->db), &j, err)) == 0 && (r = record(s, t, &j, &v, err)) == 0)
			env_set(e, "gate", verdict_json(&v));
		judged_clear(&j);
		verdict_clear(&v);
	}
	verdict_clear(&last);
	return r == -1 ? -1 : 0;
}

int
gate_item(struct stage *s, struct env *e, struct lp_err *err)
{
	struct task t;
	int r;

	/* what surely doesn't leave costs no look at the database */
	if (e->task == 0 || e->has_error || !rule_leaves(e->type))
		return 0;
	if ((r = stage_task(s, e, &t, err)) != 1)
		return r;
	r = item(s, e, &t, err);
	task_clear(&t);
	return r;
}
