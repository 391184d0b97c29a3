#include "agent/rules_say.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/proposal.h"
#include "base/json.h"
#include "base/mem.h"
#include "store/rule_answers.h"

static void
pick(cJSON *out, const cJSON *situation, const char *member, const char *const *fields)
{
	const cJSON *m = json_get(situation, member);
	cJSON *o;

	if (m == NULL)
		return;
	o = cJSON_CreateObject();
	for (; *fields != NULL; fields++)
		if (json_get(m, *fields) != NULL)
			json_set(o, *fields, cJSON_Duplicate(json_get(m, *fields), true));
	json_set(out, member, o);
}

cJSON *
rules_situation(const cJSON *situation)
{
	static const char *const lead[] = { "email", "first_name", "last_name", "title", "company", "company_domain", "website", "city", "country",
		"timezone", "industry", "employees", "custom", "source", NULL };
	static const char *const campaign[] = { "name", "goal", NULL };
	static const char *const reply[] = { "class", "sentiment", "subject", "text", "from_address", NULL };
	static const char *const counts[] = { "sent", "replies", "since_reply", NULL };
	cJSON *out = cJSON_CreateObject();

	pick(out, situation, "lead", lead);
	pick(out, situation, "campaign", campaign);
	pick(out, situation, "reply", reply);
	pick(out, situation, "counts", counts);
	return out;
}

static void
hash(const struct rule *r, const cJSON *situation, char out[LP_HEX_SIZE])
{
	cJSON *part = rules_situation(situation);
	char *canon = json_canon(part);
	unsigned char h[LP_HASH_SIZE];
	struct sha s;

	sha_init(&s);
	sha_field(&s, "leadpilot-rule-1");
	sha_field(&s, r->say);
	sha_field(&s, canon);
	sha_end(&s, h);
	lp_hex(h, out);
	free(canon);
	cJSON_Delete(part);
}

enum tri
rules_say(void *db, const struct rule *r, const cJSON *situation, char **why)
{
	char key[LP_HEX_SIZE];
	int matched = -1;

	*why = NULL;
	hash(r, situation, key);
	/* what can't be read can't be judged */
	if (rule_answer_get(db, r->seq, r->version, key, &matched, why, NULL) != 1)
		return TRI_NULL;
	return matched == 1 ? TRI_TRUE : matched == 0 ? TRI_FALSE : TRI_NULL;
}

static bool
by_words(const struct rule *r)
{
	return r->say != NULL && r->condition == NULL;
}

cJSON *
rules_unsaid(struct lp_db *db, const struct task *t, const cJSON *situation, struct lp_err *err)
{
	cJSON *list = cJSON_CreateArray(), *o;
	struct rule *rules;
	char key[LP_HEX_SIZE], handle[24], *why;
	int r = 0, matched;
	size_t n;

	if (rules_all(db, true, &rules, &n, err) == -1) {
		cJSON_Delete(list);
		return NULL;
	}
	for (size_t i = 0; i < n && r != -1; i++) {
		if (!by_words(&rules[i]) || !rule_applies_to(&rules[i], t->type))
			continue;
		hash(&rules[i], situation, key);
		r = rule_answer_get(db, rules[i].seq, rules[i].version, key, &matched, &why, err);
		free(why);
		if (r != 0)
			continue;
		o = cJSON_CreateObject();
		snprintf(handle, sizeof(handle), "r%" PRId64, rules[i].seq);
		json_set_str(o, "id", handle);
		json_set_num(o, "version", rules[i].version);
		json_set_str(o, "name", rules[i].name);
		json_set_str(o, "say", rules[i].say);
		cJSON_AddItemToArray(list, o);
	}
	rules_free(rules, n);
	if (r == -1) {
		cJSON_Delete(list);
		return NULL;
	}
	return list;
}

static const cJSON *
answer_for(const cJSON *answer, const char *id)
{
	const cJSON *a;

	cJSON_ArrayForEach(a, json_get(answer, "answers"))
		if (json_str(a, "id") != NULL && strcmp(json_str(a, "id"), id) == 0)
			return a;
	return NULL;
}

int
rules_said(struct lp_db *db, const struct task *t, const cJSON *rules, const cJSON *situation, const cJSON *answer, int64_t call, struct lp_err *err)
{
	const cJSON *r, *a;
	int rc = 0;

	cJSON_ArrayForEach(r, rules) {
		struct rule rule = { .say = (char *)json_str(r, "say") };
		const char *reason;
		char key[LP_HEX_SIZE], *why;
		int64_t seq;
		int matched;

		if (!lp_handle(json_str(r, "id"), 'r', &seq))
			continue;
		a = answer_for(answer, json_str(r, "id"));
		matched = cJSON_IsTrue(json_get(a, "matches")) ? 1 : cJSON_IsFalse(json_get(a, "matches")) ? 0 : -1;
		reason = json_str(a, "reason");
		why = proposal_line(reason != NULL && *reason != '\0' ? reason : "no reason given", 300);
		hash(&rule, situation, key);
		rc = rule_answer_put(db, t, seq, (int)json_num(r, "version", 1), json_str(r, "name"), key, matched, why, call, err);
		free(why);
		if (rc == -1)
			return -1;
	}
	return 0;
}
