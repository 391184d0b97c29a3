#include "rules/ruleset.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "rules/actions.h"
#include "rules/situation.h"
#include "rules/situation_rows.h"

struct compiled {
	enum rule_type type;
	struct cond *cond;              /* NULL: natural language alone, or broken */
	char *broken;                   /* why it didn't compile; NULL else */
};

struct ruleset {
	struct rule *rules;
	struct compiled *c;
	size_t n;
	struct condset *conds;
	struct facts *facts;
	ruleset_say *say;               /* NULL: nobody */
	void *say_ctx;
};

void
ruleset_hear(struct ruleset *set, ruleset_say *say, void *ctx)
{
	set->say = say;
	set->say_ctx = ctx;
}

struct ruleset *
ruleset_of(struct rule *rules, size_t n, const cJSON *lists)
{
	struct ruleset *set = xcalloc(1, sizeof(*set));
	struct lp_err err;
	size_t i;

	set->rules = rules;
	set->n = n;
	set->c = xcalloc(n + 1, sizeof(*set->c));
	set->conds = condset_new(lists);
	for (i = 0; i < n; i++) {
		struct compiled *c = &set->c[i];

		c->type = rule_type_of(&rules[i]);
		if (rules[i].action == NULL || then_check(c->type, rules[i].action, &err) == -1)
			c->broken = xstrdup(rules[i].action == NULL ? "it has no action" : err.msg);
		else if (rules[i].condition != NULL && (c->cond = cond_compile(set->conds, rules[i].condition, 0, &err)) == NULL)
			c->broken = xstrdup(err.msg);
	}
	set->facts = facts_new(set->conds);
	return set;
}

struct ruleset *
ruleset_new(struct lp_db *db, struct lp_err *err)
{
	struct ruleset *set;
	struct rule *rules;
	cJSON *lists;
	size_t n;

	if ((lists = rule_lists(db, err)) == NULL)
		return NULL;
	if (rules_all(db, true, &rules, &n, err) == -1) {
		cJSON_Delete(lists);
		return NULL;
	}
	set = ruleset_of(rules, n, lists);
	cJSON_Delete(lists);
	return set;
}

void
ruleset_free(struct ruleset *set)
{
	size_t i;

	if (set == NULL)
		return;
	for (i = 0; i < set->n; i++)
		free(set->c[i].broken);
	free(set->c);
	facts_free(set->facts);
	condset_free(set->conds);
	rules_free(set->rules, set->n);
	free(set);
}

bool
ruleset_names(const struct ruleset *set, const char *path)
{
	return condset_has(set->conds, path);
}

size_t
ruleset_size(const struct ruleset *set)
{
	return set->n;
}

bool
ruleset_has_words(const struct ruleset *set)
{
	for (size_t i = 0; i < set->n; i++)
		if (set->c[i].cond == NULL && set->c[i].broken == NULL)
			return true;
	return false;
}

void
ruled_free(struct ruled *r, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		free(r[i].why);
	free(r);
}

/* Does it have what the rule names, and can the task do what the rule sets? */
static bool
applies(const struct ruleset *set, size_t i, const char *task_type, unsigned has)
{
	const struct rule *r = &set->rules[i];
	const char *action = json_str(r->action, "action");
	unsigned needs = set->c[i].cond != NULL ? cond_roots(set->c[i].cond) : 0;

	return rule_applies_to(r, task_type) && (needs & ~has) == 0 && (action == NULL || action_allowed(task_type, action));
}

/* Long text is cut between characters. */
static char *
cut(char *s, size_t n)
{
	if (s != NULL && strlen(s) > n) {
		while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
			n--;
		s[n] = '\0';
	}
	return s;
}

static char *
reason(struct ruleset *set, size_t i, enum tri t)
{
	const struct rule *r = &set->rules[i];
	const struct compiled *c = &set->c[i];
	char *when, *why;
	cJSON *x, *miss;

	if (c->broken != NULL)
		return xasprintf("rule '%s' can't be judged: %s", r->name, c->broken);
	if (c->cond == NULL)
		return xasprintf("rule '%s' can't be judged without a model: %s", r->name, r->say != NULL ? r->say : "");
	if (t == TRI_TRUE) {
		when = cut(rule_when(r), 300);
		why = xasprintf("rule '%s': %s", r->name, when != NULL ? when : "");
		free(when);
		return why;
	}
	x = cond_explain(c->cond, set->facts);
	cJSON_ArrayForEach(miss, json_get(x, "nearest_miss"))
		if (cJSON_IsNull(json_get(miss, "result")))
			break;
	when = miss != NULL ? cut(json_print(json_get(miss, "actual")), 200) : NULL;
	why = xasprintf("rule '%s' can't be judged: %s is %s: %s", r->name, miss != NULL ? json_str(miss, "field") : "its condition",
	    when != NULL ? when : "unclear", miss != NULL ? json_str(miss, "note") : "");
	free(when);
	cJSON_Delete(x);
	return why;
}

/* By the model's word. */
static char *
said_reason(const struct rule *r, enum tri t, const char *said)
{
	return xasprintf(t == TRI_TRUE ? "rule '%s': %s" : "rule '%s' can't be judged: the model couldn't tell: %s", r->name, said);
}

void
ruleset_judge(struct ruleset *set, const cJSON *situation, int64_t now, const char *task_type, bool before, struct ruled **out, size_t *n)
{
	unsigned has = situation_has(situation);
	size_t i;

	*out = NULL;
	*n = 0;
	facts_load(set->facts, situation, now);
	for (i = 0; i < set->n; i++) {
		const struct compiled *c = &set->c[i];
		char *said = NULL;
		enum tri t = TRI_NULL;

		if (rule_before(c->type) != before || !applies(set, i, task_type, has))
			continue;
		if (c->cond != NULL)
			t = cond_eval(c->cond, set->facts);
		else if (c->broken == NULL && set->say != NULL && set->rules[i].say != NULL)
			t = set->say(set->say_ctx, &set->rules[i], situation, &said);
		if (t == TRI_FALSE) {
			free(said);
			continue;
		}
		*out = xrealloc(*out, (*n + 1) * sizeof(**out));
		(*out)[(*n)++] = (struct ruled){ .rule = &set->rules[i], .type = c->type, .result = t, .broken = c->broken != NULL,
			.why = said != NULL ? said_reason(&set->rules[i], t, said) : reason(set, i, t) };
		free(said);
	}
}

static cJSON *
explain(struct ruleset *set, size_t i, bool applied)
{
	const struct rule *r = &set->rules[i];
	const struct compiled *c = &set->c[i];
	cJSON *o = cJSON_CreateObject(), *x = NULL, *m;
	char handle[24], *why;

	if (r->seq != 0) {
		snprintf(handle, sizeof(handle), "r%" PRId64, r->seq);
		json_set_str(o, "id", handle);
		json_set_num(o, "version", r->version);
	}
	json_set_str(o, "name", r->name);
	json_set_str(o, "type", r->type);
	json_set_bool(o, "applies", applied);
	json_set_str(o, "then", r->then);
	if (c->cond == NULL) {
		why = reason(set, i, TRI_NULL);
		json_set(o, "matched", cJSON_CreateNull());
		json_set_str(o, "note", why);
		free(why);
		return o;
	}
	x = cond_explain(c->cond, set->facts);
	while ((m = x->child) != NULL) {
		cJSON_DetachItemViaPointer(x, m);
		cJSON_AddItemToObject(o, m->string, m);
	}
	cJSON_Delete(x);
	return o;
}

/* allow 0, delay 1, hold 2, block 3: the larger is the stricter */
static int
strictness(const struct rule *r, enum tri t)
{
	static const char *const names[] = { "allow", "delay", "hold", "block" };
	const char *verdict = json_str(r->action, "verdict");
	int i;

	if (t == TRI_NULL)
		return 2;
	if (t == TRI_FALSE)
		return 0;
	if (json_get(r->action, "stop") != NULL)
		return 3;
	for (i = 3; i > 0 && (verdict == NULL || strcmp(verdict, names[i]) != 0); i--)
		;
	return i;
}

cJSON *
ruleset_try(struct ruleset *set, const cJSON *situation, int64_t now)
{
	static const char *const names[] = { "allow", "delay", "hold", "block" };
	const char *type = json_str(json_get(situation, "task"), "task_type");
	cJSON *o = cJSON_CreateObject(), *list = cJSON_CreateArray();
	unsigned has = situation_has(situation);
	int strictest = 0;
	size_t i;

	json_set(o, "verdict", cJSON_CreateNull());
	facts_load(set->facts, situation, now);
	for (i = 0; i < set->n; i++) {
		const struct compiled *c = &set->c[i];
		/* a situation that names no task is taken for one of a task that the rule is for */
		bool on = type != NULL ? applies(set, i, type, has) : c->cond == NULL || (cond_roots(c->cond) & ~has) == 0;
		int s = strictness(&set->rules[i], c->cond != NULL ? cond_eval(c->cond, set->facts) : TRI_NULL);

		if (on && !rule_before(c->type) && s > strictest)
			strictest = s;
		cJSON_AddItemToArray(list, explain(set, i, on));
	}
	json_set_str(o, "verdict", names[strictest]);
	json_set(o, "rules", list);
	return o;
}
