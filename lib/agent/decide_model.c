#include "agent/decide_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/ask.h"
#include "agent/decide.h"
#include "agent/prompt.h"
#include "agent/proposal.h"
#include "agent/respond.h"
#include "agent/second.h"
#include "base/json.h"
#include "base/mem.h"
#include "store/config.h"
#include "store/log.h"

struct waiting {
	char inputs[LP_HEX_SIZE];
	char **actions;                 /* those that were offered */
	char *unclear;
	struct decision first;          /* the offline brain's */
};

static void
waiting_free(void *arg)
{
	struct waiting *w = arg;

	for (size_t i = 0; w->actions[i] != NULL; i++)
		free(w->actions[i]);
	free(w->actions);
	free(w->unclear);
	decision_clear(&w->first);
	free(w);
}

bool
decide_shows(const struct stage *s)
{
	const struct deciding *d = s->ctx;

	return d != NULL && d->show;
}

int
decide_has_model(struct stage *s, struct lp_err *err)
{
	struct deciding *d = s->ctx;
	struct config_models c;

	if (d == NULL || d->asker == NULL || d->show)
		return 0;
	if (!d->loaded) {
		if (config_models(s->db, &c, err) == -1)
			return -1;
		d->model = strcmp(c.first.provider, "offline") != 0;
		d->threshold = c.offline_threshold;
		d->loaded = true;
		config_models_clear(&c);
	}
	return d->model;
}

int
decide_wants_model(struct stage *s, const struct decision *offline, struct lp_err *err)
{
	const struct deciding *d = s->ctx;
	int r = decide_has_model(s, err);

	return r == -1 ? -1 : decide_shows(s) || (r == 1 && offline->confidence < d->threshold);
}

static int
hold(struct stage *s, struct env *e, const struct task *t, const char *wrong, const char *said, struct lp_err *err)
{
	char *begun = proposal_line(said != NULL ? said : "", 300);
	struct verdict_row v = { .stage = "decide", .verdict = V_HOLD, .hold = HOLD_MEND };
	int r;

	v.reason = xasprintf("the model's answer can't be used: %s%s%s", wrong, *begun != '\0' ? "; it said: " : "", begun);
	r = verdict_put(s->db, t, &v, NULL, err);
	if (r == 0)
		env_set(e, "gate", verdict_json(&v));
	verdict_clear(&v);
	free(begun);
	return r == -1 ? -1 : 0;
}

int
decide_out_of_money(struct stage *s, struct env *e, const struct task *t, int64_t until, const char *why, struct lp_err *err)
{
	struct verdict_row v = { .stage = "decide", .verdict = V_DELAY, .until = until, .reason = xstrdup(why) };
	int rc = verdict_put(s->db, t, &v, NULL, err);

	if (rc == 0)
		env_set(e, "gate", verdict_json(&v));
	verdict_clear(&v);
	return rc == -1 ? -1 : 0;
}

/* No bolder than what code sees of the reply. */
static int
second_look(struct lp_db *db, const struct task *t, const struct waiting *w, struct decision *d, char *why, size_t size, struct lp_err *err)
{
	struct inbox_message in = { 0 };
	int r = t->inbox != 0 ? inbox_get(db, t->inbox, &in, err) : 0;

	if (r != -1)
		second_check(t->type, &w->first, r == 1 ? &in : NULL, d, why, size);
	inbox_clear(&in);
	return r == -1 ? -1 : 0;
}

/* What every decision about an answer goes through, whoever made it. */
static int
finish(struct lp_db *db, const struct task *t, const struct waiting *w, struct decision *d, struct lp_err *err)
{
	struct respond reply = { 0 };
	int r = 0;

	if (strcmp(t->type, "respond_to_reply") == 0 && t->inbox != 0 && (r = respond_load(db, t->inbox, t->campaign, &reply, err)) == 1 &&
	    (r = respond_match(db, &reply, t->lead, err)) == 0) {
		respond_choose(&reply, d);
		decide_unclear(w->unclear, d);
	}
	respond_clear(&reply);
	return r == -1 ? -1 : 0;
}

/* 0 it is the decision now, 1 it can't be used (why says what), -1. */
static int
take(struct stage *s, struct env *e, const struct task *t, const struct waiting *w, const struct ask_result *r, char *why, size_t size,
    struct lp_err *err)
{
	struct decision d = { 0 };
	int rc;

	if (proposal_read(r->json, t->type, (const char *const *)w->actions, db_now(s->db), &d, why, size) == -1)
		return 1;
	snprintf(d.brain, sizeof(d.brain), "%s", r->brain);
	d.memories = xstrdup(w->first.memories);
	d.call = r->call;
	rc = second_look(s->db, t, w, &d, why, size, err);
	if (rc != -1)
		rc = finish(s->db, t, w, &d, err);
	if (rc != -1)
		rc = decision_put(s->db, t, w->inputs, &d, err);
	if (rc != -1 && *why != '\0')
		rc = log_add(s->db, &(struct log_entry){ .type = "observation", .task = t->seq, .lead = t->lead, .text = why }, err);
	if (rc != -1)
		env_set(e, "decision", decision_json(&d));
	decision_clear(&d);
	return rc == -1 ? -1 : 0;
}

static int
then(struct ask *a, struct stage *s, const struct ask_result *r, struct lp_err *err)
{
	struct waiting *w = a->ctx;
	char why[300] = "", *again;
	struct task t = { 0 };
	int rc = stage_task(s, a->env, &t, err);

	if (rc != 1)
		return rc;
	rc = 1;
	switch (r->outcome) {
	case ASK_ANSWER:
		rc = take(s, a->env, &t, w, r, why, sizeof(why), err);
		break;
	case ASK_INVALID:
		snprintf(why, sizeof(why), "%s", r->error);
		break;
	case ASK_BUDGET:
		rc = decide_out_of_money(s, a->env, &t, r->until, r->error, err);
		break;
	case ASK_RETRY:
		rc = env_error(a->env, "model", r->error, true, r->retry_after);
		break;
	}
	a->unusable = rc == 1;
	if (rc == 1 && !a->again) {
		again = prompt_again(s->db, a->user, why, r->text);
		free(a->user);
		a->user = again;
	} else if (rc == 1)
		rc = hold(s, a->env, &t, why, r->text, err);
	task_clear(&t);
	return rc;
}

int
decide_by_model(struct stage *s, struct env *e, const struct task *t, const struct model_question *q, const struct decision *offline,
    struct lp_err *err)
{
	struct deciding *d = s->ctx;
	struct waiting *w;
	struct prompt p;
	struct ask *a;
	size_t n = 0;

	if (prompt_decide(s->db, t->type, q->actions, q->situation, q->memories, &p, err) == -1)
		return -1;
	if (d->show) {
		env_set(e, "prompt", prompt_json(&p));
		prompt_clear(&p);
		return 0;
	}
	w = xcalloc(1, sizeof(*w));
	snprintf(w->inputs, sizeof(w->inputs), "%s", q->inputs);
	w->unclear = xstrdup(q->unclear);
	while (q->actions[n] != NULL)
		n++;
	w->actions = xcalloc(n + 1, sizeof(*w->actions));
	while (n-- > 0)
		w->actions[n] = xstrdup(q->actions[n]);
	decision_copy(&w->first, offline);
	a = ask_new();
	*a = (struct ask){ .purpose = strcmp(t->type, "classify_reply") == 0 ? "classify" : "decide", .env = e, .task = t->seq, .system = p.system,
		.user = p.user, .schema = p.schema, .name = "decide", .about = "the one action for this task, with its reasons", .temperature = 0, .then = then,
		.ctx = w, .free_ctx = waiting_free };
	asker_push(d->asker, a);
	return 0;
}

int
decide_after(struct stage *s, struct lp_err *err)
{
	struct deciding *d = s->ctx;

	return d == NULL || d->asker == NULL ? 0 : asker_run(d->asker, s, err);
}
