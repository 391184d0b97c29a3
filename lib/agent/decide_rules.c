#include "agent/decide_rules.h"

#include <stdlib.h>
#include <string.h>

#include "agent/ask.h"
#include "agent/decide.h"
#include "agent/decide_model.h"
#include "agent/gate_int.h"
#include "agent/prompt.h"
#include "agent/rules_say.h"
#include "base/json.h"

struct waiting {
	cJSON *rules, *situation;
};

static void
waiting_free(void *arg)
{
	struct waiting *w = arg;

	cJSON_Delete(w->rules);
	cJSON_Delete(w->situation);
	free(w);
}

static int
then(struct ask *a, struct stage *s, const struct ask_result *r, struct lp_err *err)
{
	const struct waiting *w = a->ctx;
	struct task t = { 0 };
	char *again;
	int rc = stage_task(s, a->env, &t, err);

	if (rc != 1)
		return rc;
	rc = 0;
	if (r->outcome == ASK_BUDGET)
		rc = decide_out_of_money(s, a->env, &t, r->until, r->error, err);
	else if (r->outcome == ASK_RETRY)
		rc = env_error(a->env, "model", r->error, true, r->retry_after);
	else if (r->outcome == ASK_INVALID && !a->again) {
		again = prompt_again(s->db, a->user, r->error, r->text);
		free(a->user);
		a->user = again;
		rc = 1;
	} else {
		/* what it didn't say in a form that can be read, it couldn't tell: those rules hold */
		rc = rules_said(s->db, &t, w->rules, w->situation, r->outcome == ASK_ANSWER ? r->json : NULL, r->call, err);
		if (rc == 0)
			rc = decide_task(s, a->env, &t, err);
	}
	task_clear(&t);
	return rc;
}

int
decide_rules(struct stage *s, struct env *e, const struct task *t, struct lp_err *err)
{
	struct deciding *d = s->ctx;
	struct gate *g;
	struct waiting *w;
	struct prompt p;
	struct ask *a;
	cJSON *situation, *part, *rules;
	int r = decide_has_model(s, err);

	if (r != 1 || !rule_leaves(t->type))
		return r == -1 ? -1 : 0;
	if ((g = gate_now(s->db, err)) == NULL || !ruleset_has_words(g->set))
		return g == NULL ? -1 : 0;
	if ((situation = situation_of(s->db, t, NULL, NULL, db_now(s->db), g->zone, g->lead_time, err)) == NULL)
		return -1;
	rules = rules_unsaid(s->db, t, situation, err);
	part = rules_situation(situation);
	cJSON_Delete(situation);
	if (rules == NULL || cJSON_GetArraySize(rules) == 0 || prompt_rules(s->db, rules, part, &p, err) == -1) {
		r = rules != NULL && cJSON_GetArraySize(rules) == 0 ? 0 : -1;
		cJSON_Delete(rules);
		cJSON_Delete(part);
		return r;
	}
	w = xcalloc(1, sizeof(*w));
	*w = (struct waiting){ rules, part };
	a = ask_new();
	*a = (struct ask){ .purpose = "rule", .env = e, .task = t->seq, .system = p.system, .user = p.user, .schema = p.schema, .name = "judge_conditions",
		.about = "which of the conditions hold", .temperature = 0, .then = then, .ctx = w, .free_ctx = waiting_free };
	asker_push(d->asker, a);
	return 1;
}
