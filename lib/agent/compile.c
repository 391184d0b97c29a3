#include "agent/compile.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/ask.h"
#include "agent/prompt.h"
#include "agent/proposal.h"
#include "base/json.h"
#include "base/mem.h"
#include "rules/ruledef.h"
#include "store/config.h"

void
compiles_free(struct compile *list, size_t n)
{
	for (size_t i = 0; i < n && list != NULL; i++) {
		rule_clear(&list[i].rule);
		free(list[i].remark);
		free(list[i].why);
	}
	free(list);
}

int
compile_waiting(struct lp_db *db, int64_t **seqs, size_t *n, struct lp_err *err)
{
	struct rule *rules;
	size_t all;

	*n = 0;
	if (rules_all(db, false, &rules, &all, err) == -1)
		return -1;
	*seqs = xcalloc(all + 1, sizeof(**seqs));
	for (size_t i = 0; i < all; i++)
		if (rules[i].say != NULL && rules[i].condition == NULL)
			(*seqs)[(*n)++] = rules[i].seq;
	rules_free(rules, all);
	return 0;
}

static int
get(struct lp_db *db, int64_t seq, struct compile *c, struct lp_err *err)
{
	int r = rule_get(db, seq, &c->rule, err);

	if (r != 1)
		return r == 0 ? lp_fail(err, LP_NOINPUT, "no rule r%" PRId64, seq) : -1;
	if (c->rule.say == NULL)
		return lp_fail(err, LP_DATA, "rule '%s' has no `say:` to compile", c->rule.name);
	if (c->rule.condition != NULL)
		return lp_fail(err, LP_DATA, "rule '%s' has a condition already (lp-rules set r%" PRId64 " when= takes it away)", c->rule.name, seq);
	c->version = c->rule.version;
	return 0;
}

/* ---- the answer ---- */

static void
failed(struct compile *c, enum compile_outcome o, const char *why)
{
	c->outcome = o;
	free(c->why);
	c->why = proposal_line(why, 600);
}

/* 0 it is settled, 1 it can't be used: *wrong says what. */
static int
take(struct compile *c, const struct ask_result *r, const cJSON *lists, struct lp_err *wrong)
{
	int n;

	snprintf(c->brain, sizeof(c->brain), "%s", r->brain);
	if ((n = compile_read(r->json, lists, &c->rule, &c->remark, wrong)) == -1)
		return 1;
	if (n == 1) {
		c->outcome = COMPILE_PROPOSED;
		free(c->why);
		c->why = NULL;
	} else
		failed(c, COMPILE_CANT, c->remark != NULL ? c->remark : "it gives no reason");
	return 0;
}

struct compiling {
	struct compile *c;
	const cJSON *lists;
};

static int
then(struct ask *a, struct stage *s, const struct ask_result *r, struct lp_err *err)
{
	struct compiling *x = a->ctx;
	struct lp_err wrong = { .msg = "" };
	char *again;
	int rc = 1;

	(void)err;
	x->c->call = r->call;
	if (r->outcome == ASK_ANSWER)
		rc = take(x->c, r, x->lists, &wrong);
	else if (r->outcome == ASK_INVALID)
		snprintf(wrong.msg, sizeof(wrong.msg), "%s", r->error);
	else {
		failed(x->c, r->outcome == ASK_BUDGET ? COMPILE_BUDGET : r->mend ? COMPILE_MEND : COMPILE_RETRY, r->error);
		rc = 0;
	}
	if (rc == 0)
		return 0;
	failed(x->c, COMPILE_FAILED, wrong.msg);
	a->unusable = true;
	if (a->again)
		return 0;
	again = prompt_again(s->db, a->user, wrong.msg, r->text);
	free(a->user);
	a->user = again;
	return 1;
}

/* ---- the questions ---- */

static int
push(struct lp_db *db, struct asker *asker, struct compiling *x, struct lp_err *err)
{
	struct prompt p;
	struct ask *a;

	if (prompt_compile(db, &x->c->rule, x->lists, &p, err) == -1)
		return -1;
	a = ask_new();
	*a = (struct ask){ .purpose = "rule", .system = p.system, .user = p.user, .schema = p.schema, .name = "say_condition",
		.about = "the condition, and situations that show it", .temperature = 0, .then = then, .ctx = x };
	asker_push(asker, a);
	return 0;
}

static int
ask_all(struct lp_db *db, struct compile *list, size_t n, int parallel, struct lp_err *err)
{
	struct compiling *x = xcalloc(n + 1, sizeof(*x));
	struct asker *asker = asker_new(db, parallel);
	cJSON *lists = rule_lists(db, err);
	struct stage s = { .db = db };
	int r = lists != NULL ? 0 : -1;

	for (size_t i = 0; i < n && r == 0; i++) {
		x[i] = (struct compiling){ &list[i], lists };
		r = push(db, asker, &x[i], err);
	}
	if (r == 0)
		r = asker_run(asker, &s, err);
	asker_free(asker);
	cJSON_Delete(lists);
	free(x);
	return r;
}

static int
has_model(struct lp_db *db, struct lp_err *err)
{
	struct config_models c;
	bool offline;

	if (config_models(db, &c, err) == -1)
		return -1;
	offline = strcmp(c.first.provider, "offline") == 0;
	config_models_clear(&c);
	return offline ? lp_fail(err, LP_CONFIG, "no model is configured to ask (lp-config set llm_provider=...)") : 0;
}

int
compile_rules(struct lp_db *db, const int64_t *seqs, size_t n, int parallel, struct compile **out, struct lp_err *err)
{
	struct compile *list = xcalloc(n + 1, sizeof(*list));
	int r = n > 0 ? has_model(db, err) : 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = get(db, seqs[i], &list[i], err);
	if (r == 0 && n > 0)
		r = ask_all(db, list, n, parallel, err);
	if (r == -1) {
		compiles_free(list, n);
		return -1;
	}
	*out = list;
	return 0;
}

int
compile_store(struct lp_db *db, struct compile *c, const char *reason, struct lp_err *err)
{
	cJSON *lists;
	struct rule now;
	char *why;
	int r = rule_get(db, c->rule.seq, &now, err);

	if (r != 1)
		return r == 0 ? lp_fail(err, LP_TEMP, "the rule is gone meanwhile") : -1;
	r = now.version == c->version ? 0 : lp_fail(err, LP_TEMP, "rule '%s' was changed meanwhile: compile it again", now.name);
	rule_clear(&now);
	if (r == -1 || (lists = rule_lists(db, err)) == NULL)
		return -1;
	r = rule_check(&c->rule, lists, err);
	cJSON_Delete(lists);
	if (r == -1)
		return -1;
	why = xasprintf("compiled from its words by %s%s%s", c->brain, reason != NULL ? ": " : "", reason != NULL ? reason : "");
	r = rule_put(db, &c->rule, why, err);
	free(why);
	return r;
}
