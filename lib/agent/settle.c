#include "agent/settle.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/advance.h"
#include "agent/consent.h"
#include "agent/proposed.h"
#include "base/json.h"
#include "base/mem.h"
#include "rules/actions.h"
#include "store/approvals.h"
#include "store/enrolments.h"
#include "store/messages.h"
#include "store/notify.h"
#include "store/outbox.h"
#include "store/records.h"
#include "store/resume.h"
#include "store/slots.h"

struct ending {
	struct lp_db *db;
	struct env *env;
	struct task t;
	struct decision d;              /* d.seq 0: none */
	struct verdict_row v;           /* v.seq 0: none */
	struct outbox o;
	const char *now_is;             /* for the line: where the task stands now */
};

/* The message left, or may have: nothing else counts any more. */
static int
by_outbox(struct ending *e, struct lp_err *err)
{
	char why[128];

	switch (e->o.state) {
	case OUT_SENT:
		e->now_is = "completed";
		if (advance_after(e->db, e->o.message, e->o.sent_at, err) == -1)
			return -1;
		return task_complete(e->db, &e->t, "done", "sent", err);
	case OUT_UNKNOWN:
		e->now_is = "awaiting_approval";
		snprintf(why, sizeof(why), "not known whether it left: lp-send resolve m%" PRId64 " sent|unsent", e->o.message);
		return task_hold(e->db, &e->t, "mend", why, err);
	case OUT_DEFERRED:
		e->now_is = "pending";
		return task_delay(e->db, &e->t, e->o.next_try_at, e->o.response, err);
	case OUT_REFUSED:
		/* a dead address, or somebody who opted out elsewhere: what follows was done when it was recorded, and nobody need mend anything */
		if (*e->o.returned != '\0') {
			e->now_is = "completed";
			return task_complete(e->db, &e->t, "blocked", e->o.response, err);
		}
		e->now_is = "failed";
		return task_fail(e->db, &e->t, "error", e->o.response != NULL ? e->o.response : "refused", err);
	case OUT_RESERVED:
		e->now_is = "pending";
		return task_retry(e->db, &e->t, "reserved, and lp-send did not finish", 0, err);
	case OUT_NONE:
		break;
	}
	return lp_fail(err, LP_BUG, "settle: no outbox row");
}

static int
end_message(struct ending *e, const char *status, const char *why, struct lp_err *err)
{
	return e->t.message == 0 ? 0 : message_end(e->db, e->t.message, status, why, err) == -1 ? -1 : 0;
}

static int
escalate(struct ending *e, const char *why, struct lp_err *err)
{
	char key[48], cmd[48];

	snprintf(key, sizeof(key), "escalated:%" PRId64, e->t.seq);
	if (e->t.inbox != 0)
		snprintf(cmd, sizeof(cmd), "lp-inbox show i%" PRId64, e->t.inbox);
	else
		snprintf(cmd, sizeof(cmd), "lp-log why t%" PRId64, e->t.seq);
	if (end_message(e, "superseded", "handed to a person", err) == -1 ||
	    (e->t.lead != 0 && enrolments_stop_lead(e->db, e->t.lead, "handed to a person", err) == -1))
		return -1;
	if (notify_add(e->db, &(struct notice){ .type = "escalation", .title = e->t.inbox != 0 ? "A reply needs you" : "A task needs you", .message = why, .command = cmd,
	    .task = e->t.seq, .lead = e->t.lead, .dedupe = key }, err) == -1)
		return -1;
	e->now_is = "completed";
	return task_complete(e->db, &e->t, "escalated", why, err);
}

/* A waiting message gives its sending time back: another may use it. */
static int
hold(struct ending *e, struct lp_err *err)
{
	e->now_is = "awaiting_approval";
	if (e->t.message != 0 && slots_release(e->db, e->t.message, err) == -1)
		return -1;
	if (e->v.hold == HOLD_APPROVAL && approvals_open(e->db, &e->t, &e->d, &e->v, err) == -1)
		return -1;
	return task_hold(e->db, &e->t, e->v.hold == HOLD_APPROVAL ? "approval" : "mend", e->v.reason, err);
}

static int
by_verdict(struct ending *e, struct lp_err *err)
{
	switch (e->v.verdict) {
	case V_BLOCK:
		e->now_is = "completed";
		if (end_message(e, "blocked", e->v.reason, err) == -1)
			return -1;
		return task_complete(e->db, &e->t, "blocked", e->v.reason, err);
	case V_HOLD:
		return hold(e, err);
	case V_DELAY:
		e->now_is = "pending";
		return task_delay(e->db, &e->t, e->v.until, e->v.reason, err);
	case V_ALLOW:
		break;
	}
	return lp_fail(err, LP_BUG, "settle: verdict allow");
}

/* Somebody was named: a lead once a person has said yes, active only where it is new, and in no campaign. */
static int
add_lead(struct ending *e, struct lp_err *err)
{
	struct lp_config c;
	char *why = NULL;
	int r;

	if (config_load(e->db, &c, err) == -1)
		return -1;
	r = consent_judge(e->db, &c, &e->t, &e->d, NULL, &e->v, err);
	config_clear(&c);
	if (r == 0 && e->v.verdict != V_ALLOW) {
		snprintf(e->v.stage, sizeof(e->v.stage), "decide");
		return verdict_put(e->db, &e->t, &e->v, NULL, err) == -1 ? -1 : hold(e, err);
	}
	if (r == 0)
		r = proposed_lead(e->db, &e->d, &why, err);
	e->now_is = "completed";
	if (r == 0)
		r = task_complete(e->db, &e->t, "done", why, err);
	free(why);
	return r;
}

/* 1 where the decision itself is the end, 0 where somebody has to carry it out. */
static int
by_decision(struct ending *e, struct lp_err *err)
{
	if (strcmp(e->d.action, "skip") == 0) {
		e->now_is = "completed";
		if (end_message(e, "skipped", e->d.reasoning, err) == -1 ||
		    (e->t.message != 0 && advance_after(e->db, e->t.message, db_now(e->db), err) == -1))
			return -1;
		return task_complete(e->db, &e->t, "skipped", e->d.reasoning, err) == -1 ? -1 : 1;
	}
	/* what a reply that only says "away" means for the sequence was done when it was judged */
	if (strcmp(e->d.action, "add_to_sequence") == 0) {
		e->now_is = "completed";
		return task_complete(e->db, &e->t, "done", e->d.reasoning, err) == -1 ? -1 : 1;
	}
	if (strcmp(e->d.action, "escalate") == 0)
		return escalate(e, e->d.reasoning, err) == -1 ? -1 : 1;
	if (strcmp(e->d.action, "add_to_sequence") == 0) {
		e->now_is = "completed";
		if (e->t.inbox != 0 && resume_after(e->db, e->t.inbox, 0, err) == -1)
			return -1;
		return task_complete(e->db, &e->t, "done", e->d.reasoning, err) == -1 ? -1 : 1;
	}
	if (strcmp(e->d.action, "add_lead") == 0)
		return add_lead(e, err) == -1 ? -1 : 1;
	if (strcmp(e->d.action, "delay") == 0) {
		cJSON *data = cJSON_Parse(e->d.data);
		double hours = json_num(data, "delay_hours", 24);

		cJSON_Delete(data);
		/* out of range is a brain's nonsense, no reason to wait for a year */
		if (!(hours > 0 && hours <= 24 * 30))
			hours = 24;
		e->now_is = "pending";
		return task_delay(e->db, &e->t, db_now(e->db) + (int64_t)(hours * (double)LP_HOUR), e->d.reasoning, err) == -1 ? -1 : 1;
	}
	return 0;
}

static int
by_line(struct ending *e, const struct action *a, struct lp_err *err)
{
	cJSON *error = json_get(e->env->json, "error"), *result = json_get(e->env->json, "result");
	const char *text = json_str(error, "message");
	char why[300], *out;
	int r;

	if (cJSON_IsObject(error)) {
		snprintf(why, sizeof(why), "%s: %s", json_str(error, "code") != NULL ? json_str(error, "code") : "error", text != NULL ? text : "");
		e->now_is = json_bool(error, "retryable", true) ? "pending" : "failed";
		if (!json_bool(error, "retryable", true))
			return task_fail(e->db, &e->t, "error", why, err);
		return task_retry(e->db, &e->t, why, (int64_t)json_num(error, "retry_after", 0), err);
	}
	/* a script of the user's may carry out what stays inside; what leaves ends by its outbox row alone */
	if (cJSON_IsObject(result) && (a == NULL || !a->leaves) && e->t.message == 0) {
		out = json_print(result);
		r = task_output(e->db, &e->t, "done", out, err);
		free(out);
		e->now_is = "completed";
		return r == -1 ? -1 : task_complete(e->db, &e->t, "done", NULL, err);
	}
	if (e->d.seq == 0)
		snprintf(why, sizeof(why), "nothing was decided: lp-decide is missing from the pipe");
	else
		snprintf(why, sizeof(why), "%s was not carried out: %s is missing from the pipe", e->d.action, a != NULL ? a->program : "a stage");
	e->now_is = "pending";
	return task_retry(e->db, &e->t, why, 0, err);
}

static int
end(struct ending *e, struct lp_err *err)
{
	const struct action *a;
	int r;

	if (e->t.message != 0 && outbox_get(e->db, e->t.message, &e->o, err) == -1)
		return -1;
	if (e->o.state != OUT_NONE && e->o.state != OUT_DEFERRED)
		return by_outbox(e, err);
	if (*e->t.outcome != '\0') {
		e->now_is = "completed";
		return task_complete(e->db, &e->t, e->t.outcome, NULL, err);
	}
	if (decision_get(e->db, e->t.seq, NULL, &e->d, err) == -1 || verdict_last(e->db, &e->t, NULL, &e->v, err) == -1)
		return -1;
	if (e->v.seq != 0 && e->v.verdict != V_ALLOW)
		return by_verdict(e, err);
	if (e->o.state == OUT_DEFERRED)
		return by_outbox(e, err);
	/* a decision counts here only if this try's stages ran: an error further up the pipe comes first */
	if (!e->env->has_error && e->d.seq != 0 && (r = by_decision(e, err)) != 0)
		return r == 1 ? 0 : -1;
	a = e->d.seq != 0 ? action_get(e->d.action) : action_get(actions_of(e->t.type)[0]);
	return by_line(e, a, err);
}

int
settle_item(struct stage *s, struct env *env, struct lp_err *err)
{
	struct ending e = { .db = s->db, .env = env };
	int r;

	if (env->task == 0)
		return 0;
	/* not ours any more: somebody took it over, and it is theirs to end */
	if ((r = task_mine(s->db, env->task, env->lease, &e.t, err)) == 1) {
		r = end(&e, err);
		if (r == 0 && e.now_is != NULL) {
			json_set_str(json_get(env->json, "task"), "status", e.now_is);
			env->changed = true;
		}
	}
	task_clear(&e.t);
	decision_clear(&e.d);
	verdict_clear(&e.v);
	outbox_clear(&e.o);
	return r;
}
