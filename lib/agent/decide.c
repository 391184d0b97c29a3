#include "agent/decide.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/classifying.h"
#include "agent/decide_model.h"
#include "agent/decide_rules.h"
#include "agent/gate.h"
#include "agent/respond.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/prog.h"
#include "llm/llm.h"
#include "rules/actions.h"
#include "store/campaigns.h"
#include "store/config.h"
#include "store/enrolments.h"
#include "store/inputs.h"
#include "store/lead_row.h"
#include "store/messages.h"
#include "store/records.h"
#include "store/suppressions.h"
#include "store/views.h"

int
decide_inputs(struct lp_db *db, const struct task *t, char out[LP_HEX_SIZE], struct lp_err *err)
{
	unsigned char h[LP_HASH_SIZE];
	char *inputs = NULL;

	/* a plain text of the inputs first: lp-log why can show it */
	if (inputs_text(db, t, &inputs, err) == -1)
		return -1;
	lp_sha256(inputs, strlen(inputs), h);
	free(inputs);
	lp_hex(h, out);
	return 0;
}

/* Reasons that need no text and no brain. 1: a verdict was put on record, 0: nothing speaks against it, -1. */
static int
verdict(struct lp_db *db, const struct task *t, enum verdict what, enum hold hold, int64_t until, char *reason, struct lp_err *err)
{
	struct verdict_row v = { .stage = "decide", .verdict = what, .hold = hold, .until = until, .reason = reason };
	int r = verdict_put(db, t, &v, NULL, err);

	verdict_clear(&v);
	return r == -1 ? -1 : 1;
}

static int
early_lead(struct lp_db *db, const struct task *t, const struct action *own, struct lp_err *err)
{
	struct suppression_hit hit;
	struct lead_row l;
	int r;

	if ((r = lead_row_get(db, t->lead, &l, err)) != 1)
		return r == 0 ? verdict(db, t, V_BLOCK, HOLD_NONE, 0, xstrdup("the lead is gone"), err) : -1;
	if (strcmp(l.status, "paused") == 0)
		r = verdict(db, t, V_DELAY, HOLD_NONE, db_now(db) + LP_DAY, xstrdup("the lead is paused (lp-leads start)"), err);
	else if (strcmp(t->type, "respond_to_reply") == 0 || strcmp(t->type, "book_meeting") == 0 ? respond_lead_bars(l.status) : strcmp(l.status, "active") != 0)
		r = verdict(db, t, V_BLOCK, HOLD_NONE, 0, xasprintf("the lead is %s%s%s", l.status, l.status_reason != NULL ? ": " : "",
		    l.status_reason != NULL ? l.status_reason : ""), err);
	else if (own == NULL || !own->leaves)
		r = 0;
	else if ((r = suppressions_hit(db, l.person, NULL, &hit, err)) == 1)
		r = verdict(db, t, V_BLOCK, HOLD_NONE, 0, xasprintf("suppressed since %.10s: %s", hit.since, hit.reason), err);
	lead_row_clear(&l);
	return r;
}

static int
early_campaign(struct lp_db *db, const struct task *t, struct lp_err *err)
{
	struct enrolment e;
	char status[12];
	int r;

	if ((r = campaign_status(db, t->campaign, status, err)) != 1)
		return r;
	if (strcmp(status, "running") != 0)
		return verdict(db, t, V_DELAY, HOLD_NONE, db_now(db) + LP_HOUR, xasprintf("the campaign is %s (lp-campaigns start)", status), err);
	if (t->enrolment == 0)
		return 0;
	if ((r = enrolment_get(db, t->enrolment, &e, err)) != 1)
		return r;
	if (strcmp(e.status, "stopped") == 0 || strcmp(e.status, "finished") == 0)
		return verdict(db, t, V_BLOCK, HOLD_NONE, 0, xasprintf("the sequence is %s", e.status), err);
	if (strcmp(e.status, "paused") == 0)
		return verdict(db, t, V_DELAY, HOLD_NONE, enrolment_again(&e, db_now(db)), xstrdup("the sequence is paused"), err);
	return 0;
}

/* What is never answered needs no thought of how. */
static int
early_reply(struct lp_db *db, const struct task *t, const struct respond *reply, struct lp_err *err)
{
	char *why = NULL;
	int r;

	if (reply->thread.persons)
		return verdict(db, t, V_BLOCK, HOLD_NONE, 0, xasprintf("the thread is a person's: %s (lp-inbox give)",
		    reply->thread.reason != NULL ? reply->thread.reason : "taken"), err);
	if ((r = respond_bar(db, reply, &why, err)) != 1)
		return r;
	return verdict(db, t, V_BLOCK, HOLD_NONE, 0, why, err);
}

static int
early(struct lp_db *db, const struct task *t, const struct respond *reply, struct lp_err *err)
{
	const struct action *own = action_get(actions_of(t->type)[0]);
	int r = 0;

	/* to judge what came in is never too late */
	if (strcmp(t->type, "classify_reply") == 0)
		return 0;
	if (t->lead != 0)
		r = early_lead(db, t, own, err);
	/* a reply is thought about while its campaign rests; its answer waits at the door */
	if (r == 0 && t->campaign != 0 && reply == NULL)
		r = early_campaign(db, t, err);
	return r;
}

static void
take_answer(struct decision *d, struct brain_answer *a, const char *brain)
{
	snprintf(d->action, sizeof(d->action), "%s", a->action);
	d->reasoning = a->reasoning != NULL ? a->reasoning : xstrdup("no reasoning given");
	a->reasoning = NULL;
	d->confidence = a->confidence;
	d->requires_approval = a->requires_approval;
	d->data = a->data != NULL ? json_print(a->data) : xstrdup("{}");
	snprintf(d->brain, sizeof(d->brain), "%s", brain);
}

/* The brain proposes, the table disposes: what isn't allowed is no decision but a question to a person. */
static void
check_answer(const struct task *t, struct decision *d)
{
	char *was;

	if (action_allowed(t->type, d->action) && d->confidence >= 0 && d->confidence <= 1)
		return;
	was = d->reasoning;
	d->reasoning = action_allowed(t->type, d->action) ?
	    xasprintf("the brain gave confidence %g, which is no number from 0 to 1: %s", d->confidence, was) :
	    xasprintf("the brain chose '%s', which a %s task doesn't allow: %s", d->action, t->type, was);
	free(was);
	snprintf(d->action, sizeof(d->action), "escalate");
	d->confidence = 0;
	d->requires_approval = true;
}

/* What it was told, for the log: handles alone, since the line is only a view. */
static char *
told(const cJSON *memories)
{
	struct buf b = { 0 };
	const cJSON *m;
	int64_t seq;

	cJSON_ArrayForEach(m, memories)
		if (json_str(m, "id") != NULL && lp_handle(json_str(m, "id"), 'y', &seq))
			buf_printf(&b, "%s\"y%" PRId64 "\"", b.len > 0 ? "," : "[", seq);
	if (b.len == 0)
		return NULL;
	buf_putc(&b, ']');
	return buf_steal(&b);
}

/* What came in, what could be answered, and what may be done by itself. */
static int
situation_reply(struct lp_db *db, const struct task *t, const struct respond *reply, const struct lp_config *c, cJSON *situation,
    struct lp_err *err)
{
	cJSON *view = view_reply(db, t->inbox, err), *config = cJSON_CreateObject();

	json_set_num(config, "min_confidence", c->min_confidence);
	json_set_bool(config, "auto_respond_to_positive", c->auto_respond_to_positive);
	json_set_bool(config, "auto_respond_to_questions", c->auto_respond_to_questions);
	json_set_bool(config, "auto_book_meetings", c->auto_book_meetings);
	json_set(situation, "config", config);
	if (view == NULL)
		return -1;
	json_set(situation, "reply", view);
	respond_tell(reply, situation);
	return 0;
}

/* What is built in and what the operator corrected, made once for a process. Where the corrections can't be read it still judges. */
static const struct classifier *
learnt(struct lp_db *db, struct lp_err *err)
{
	static struct classifier *c;

	if (c == NULL && (c = classifier_of(db, err)) == NULL) {
		lp_warn("%s", err->msg);
		c = classifier_of(NULL, err);
	}
	return c;
}

/* What is known of the task: data for a brain. NULL with err set. */
static cJSON *
situation_now(struct lp_db *db, const struct task *t, const struct respond *reply, struct lp_err *err)
{
	cJSON *situation = cJSON_CreateObject();
	struct lp_config c;
	int r = 0;

	if (reply != NULL) {
		if (config_load(db, &c, err) == -1 || (r = situation_reply(db, t, reply, &c, situation, err)) == -1)
			r = -1;
		config_clear(&c);
	} else if (t->inbox != 0)
		json_set(situation, "reply", view_reply(db, t->inbox, err));
	if (r == -1) {
		cJSON_Delete(situation);
		return NULL;
	}
	if (t->lead != 0) {
		json_set(situation, "lead", view_lead(db, t->lead, err));
		json_set(situation, "counts", view_counts(db, t->lead, err));
	}
	if (t->message != 0)
		json_set(situation, "message", view_message(db, t->message, err));
	json_set(situation, "input", cJSON_Parse(t->input));
	return situation;
}

/* The actions that this task may come to: of those that send only the one of its message's channel. */
static size_t
offer(const struct task *t, const char *channel, const char **out, size_t most)
{
	size_t n = 0;

	for (const char *const *a = actions_of(t->type); *a != NULL && n + 1 < most; a++) {
		const struct action *x = action_get(*a);

		if (x != NULL && x->carrier == BY_SEND && x->channel != NULL && channel != NULL && strcmp(x->channel, channel) != 0)
			continue;
		out[n++] = *a;
	}
	out[n] = NULL;
	return n;
}

/* The offline brain's word first; where it isn't sure enough and there is a model, its question is put on the way: 3. Else 0, or -1. */
static int
ask_brain(struct stage *s, struct env *e, const struct task *t, const struct respond *reply, const char *unclear, const char *inputs,
    struct decision *d, struct lp_err *err)
{
	const cJSON *memories = json_get(e->json, "memories");
	struct brain_answer a = { 0 };
	struct message m = { 0 };
	const char *actions[24];
	cJSON *situation;
	int r;

	if ((t->message != 0 && message_get(s->db, t->message, &m, err) == -1) || (situation = situation_now(s->db, t, reply, err)) == NULL)
		return -1;
	offer(t, *m.channel != '\0' ? m.channel : NULL, actions, sizeof(actions) / sizeof(actions[0]));
	r = llm_offline.decide(&(struct brain_question){ .task_type = t->type, .actions = actions, .channel = *m.channel != '\0' ? m.channel : NULL,
	    .situation = situation, .memories = memories, .classifier = strcmp(t->type, "classify_reply") == 0 ? learnt(s->db, err) : NULL,
	    .now = db_now(s->db) }, &a, err);
	message_clear(&m);
	if (r == 0) {
		take_answer(d, &a, llm_offline.name);
		d->memories = told(memories);
		check_answer(t, d);
		if ((r = decide_wants_model(s, d, err)) == 1)
			r = decide_by_model(s, e, t, &(struct model_question){ inputs, unclear, actions, situation, memories }, d, err) == -1 ? -1 : 3;
	}
	cJSON_Delete(situation);
	brain_answer_clear(&a);
	return r;
}

/* What the highest action or template rule wants: 1 it decides, 0 no rule speaks, -1. */
static int
ask_rules(struct lp_db *db, const struct task *t, struct decision *d, struct lp_err *err)
{
	struct rule_choice c = { 0 };
	cJSON *data;
	int r;

	if (rules_before_decision(db, t, &c, err) == -1)
		return -1;
	if (c.hold) {
		r = verdict(db, t, V_HOLD, HOLD_MEND, 0, xstrdup(c.reason), err);
		free(c.template);
		return r == -1 ? -1 : 2;
	}
	r = c.rule != 0 && *c.action != '\0';
	if (r == 1) {
		data = cJSON_CreateObject();
		if (c.template != NULL)
			json_set_str(data, "template", c.template);
		snprintf(d->action, sizeof(d->action), "%s", c.action);
		d->reasoning = xstrdup(c.reason);
		d->confidence = 1;
		d->data = json_print(data);
		snprintf(d->brain, sizeof(d->brain), "rule");
		cJSON_Delete(data);
		check_answer(t, d);
	}
	free(c.template);
	return r;
}

/* An escalation rule speaks before anybody thinks of an answer: 1 it decides, 0, -1. */
static int
escalate(struct lp_db *db, const struct task *t, struct rule_alarm *alarm, struct decision *d, struct lp_err *err)
{
	if (rules_alarm(db, t, alarm, err) == -1)
		return -1;
	if (!alarm->stop)
		return 0;
	snprintf(d->action, sizeof(d->action), "escalate");
	d->reasoning = xstrdup(alarm->reason);
	d->confidence = 1;
	d->data = xstrdup("{}");
	snprintf(d->brain, sizeof(d->brain), "rule");
	/* told by the rule itself: nobody needs a second notice of it */
	if (alarm->told && ((t->lead != 0 && enrolments_stop_lead(db, t->lead, alarm->reason, err) == -1) ||
	    task_output(db, t, "escalated", NULL, err) == -1))
		return -1;
	return 1;
}

void
decide_unclear(const char *unclear, struct decision *d)
{
	const struct action *a = action_get(d->action);
	char *was = d->reasoning;

	if (*unclear == '\0' || (a != NULL && a->leaves) || strcmp(d->action, "escalate") == 0)
		return;
	d->reasoning = xasprintf("%s; but %s", was, unclear);
	free(was);
	snprintf(d->action, sizeof(d->action), "escalate");
}

/* 1 decided, 0 a verdict was put on record instead, 3 a model is asked, -1. */
static int
think(struct stage *s, struct env *e, const struct task *t, struct respond *reply, const char *inputs, struct decision *d, struct lp_err *err)
{
	struct rule_alarm alarm = { 0 };
	bool by_rule;
	int r = 0;

	if (reply != NULL && (r = escalate(s->db, t, &alarm, d, err)) != 0)
		return r;
	if ((r = early(s->db, t, reply, err)) != 0)
		return r == -1 ? -1 : 0;
	if (reply != NULL && respond_match(s->db, reply, t->lead, err) == -1)
		return -1;
	if ((r = ask_rules(s->db, t, d, err)) == -1 || r == 2)
		return r == -1 ? -1 : 0;
	by_rule = r == 1;
	if (!by_rule && (r = ask_brain(s, e, t, reply, alarm.unclear, inputs, d, err)) != 0)
		return r;
	if (reply != NULL) {
		respond_choose(reply, d);
		if (!by_rule)
			decide_unclear(alarm.unclear, d);
	}
	return 1;
}

/* A person wrote the answer and decided with it: that stands, whatever is known now. The door looks whether it may leave. */
static int
by_hand(struct lp_db *db, const struct task *t, struct decision *d, struct lp_err *err)
{
	struct message m = { 0 };
	int r;

	if (t->message == 0 || (r = message_get(db, t->message, &m, err)) == 0)
		return 0;
	if (r == 1)
		r = message_by_hand(&m) ? decision_get(db, t->seq, NULL, d, err) : 0;
	message_clear(&m);
	if (r == 1 && strcmp(d->brain, "person") != 0) {
		decision_clear(d);
		r = 0;
	}
	return r;
}

/* 1 decided, 0 a verdict was put on record instead, 3 a model is asked, -1. */
static int
decide(struct stage *s, struct env *e, const struct task *t, struct respond *reply, struct decision *d, struct lp_err *err)
{
	char inputs[LP_HEX_SIZE];
	int r;

	if (reply != NULL && (r = by_hand(s->db, t, d, err)) != 0)
		return r;
	if (reply != NULL && (r = early_reply(s->db, t, reply, err)) != 0)
		return r == -1 ? -1 : 0;
	if (decide_inputs(s->db, t, inputs, err) == -1 || (r = decision_get(s->db, t->seq, inputs, d, err)) == -1)
		return -1;
	if (r == 1) {
		if (strcmp(d->action, "escalate") != 0 && (r = early(s->db, t, reply, err)) != 0)
			return r == -1 ? -1 : 0;
		return 1;
	}
	if ((r = think(s, e, t, reply, inputs, d, err)) == 1)
		r = decision_put(s->db, t, inputs, d, err) == -1 ? -1 : 1;
	return r;
}

int
decide_task(struct stage *s, struct env *e, const struct task *t, struct lp_err *err)
{
	struct decision d = { 0 };
	struct verdict_row v = { 0 };
	struct respond reply = { 0 };
	int r;

	if (strcmp(t->type, "respond_to_reply") == 0 && t->inbox != 0 && respond_load(s->db, t->inbox, t->campaign, &reply, err) == -1)
		r = -1;
	else
		r = decide(s, e, t, reply.in.seq != 0 ? &reply : NULL, &d, err);
	if (r == 1)
		env_set(e, "decision", decision_json(&d));
	else if (r == 0 && (r = verdict_last(s->db, t, "decide", &v, err)) == 1)
		env_set(e, "gate", verdict_json(&v));
	respond_clear(&reply);
	verdict_clear(&v);
	decision_clear(&d);
	return r == -1 ? -1 : 0;
}

int
decide_item(struct stage *s, struct env *e, struct lp_err *err)
{
	struct task t = { 0 };
	int r;

	if (e->task == 0 || e->has_error || cJSON_IsObject(json_get(e->json, "result")))
		return 0;
	/* shown, whoever has it: and whatever was written meanwhile is taken back */
	if (decide_shows(s)) {
		e->undo = true;
		r = task_get(s->db, e->task, &t, err);
	} else
		r = stage_task(s, e, &t, err);
	if (r == 1 && (r = decide_rules(s, e, &t, err)) == 0)
		r = decide_task(s, e, &t, err);
	task_clear(&t);
	return r == -1 ? -1 : 0;
}
