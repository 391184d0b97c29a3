#include "rules/ruledef.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/prog.h"
#include "rules/actions.h"
#include "rules/cond.h"
#include "rules/situation.h"

enum { MAX_NAME = 200, MAX_PRIORITY = 1000000, MAX_CASES = 1000 };

const char *const rule_keys[] = { "name", "type", "description", "say", "when", "then", "applies_to", "priority", "enabled", "expect", NULL };

static const char *const leaving[] = { "send_message", "follow_up", "respond_to_reply", "book_meeting", NULL };

void
rule_init(struct rule *r)
{
	*r = (struct rule){ .enabled = true };
}

bool
rule_leaves(const char *type)
{
	for (const char *const *t = leaving; *t != NULL; t++)
		if (strcmp(*t, type) == 0)
			return true;
	return false;
}

bool
rule_applies_to(const struct rule *r, const char *type)
{
	const cJSON *e;

	if (r->applies_to == NULL)
		return rule_leaves(type);
	cJSON_ArrayForEach(e, r->applies_to)
		if (cJSON_IsString(e) && strcmp(e->valuestring, type) == 0)
			return true;
	return false;
}

enum rule_type
rule_type_of(const struct rule *r)
{
	enum rule_type t = RULE_FILTER;

	/* the table's CHECK allows no other */
	return rule_type_parse(r->type, &t, NULL) == 0 ? t : RULE_FILTER;
}

bool
rule_before(enum rule_type t)
{
	return t == RULE_ACTION || t == RULE_TEMPLATE;
}

char *
rule_when(const struct rule *r)
{
	return r->condition != NULL ? when_dump(r->condition, NULL) : NULL;
}

/* ---- from words ---- */

static int
one_line(const char *key, const char *s, size_t most, struct lp_err *err)
{
	const char *p;

	if (!utf8_ok(s, strlen(s)))
		return lp_fail(err, LP_DATA, "%s: invalid UTF-8", key);
	if (strlen(s) > most)
		return lp_fail(err, LP_DATA, "%s: longer than %zu bytes", key, most);
	for (p = s; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return lp_fail(err, LP_DATA, "%s: a control character", key);
	return 0;
}

static void
replace(char **field, const char *value)
{
	free(*field);
	*field = *value != '\0' ? xstrdup(value) : NULL;
}

static int
set_name(struct rule *r, const char *value, struct lp_err *err)
{
	int64_t seq;

	if (*value == '\0' || *value == ' ')
		return lp_fail(err, LP_DATA, "name: a rule needs one");
	if (lp_handle(value, 'r', &seq))
		return lp_fail(err, LP_DATA, "name: '%s' looks like a handle", value);
	if (one_line("name", value, MAX_NAME, err) == -1)
		return -1;
	replace(&r->name, value);
	return 0;
}

static int
set_when(struct rule *r, const char *value, struct lp_err *err)
{
	cJSON *c = NULL;

	if (*value != '\0') {
		c = *value == '{' ? json_object(value, strlen(value), err) : when_parse(value, err);
		if (c == NULL)
			return lp_err_prefix(err, "when");
	}
	cJSON_Delete(r->condition);
	r->condition = c;
	return 0;
}

static int
set_applies(struct rule *r, const char *value, struct lp_err *err)
{
	cJSON *list = cJSON_CreateArray();
	int n;

	while (*value != '\0') {
		char word[64];
		size_t len;

		value += strspn(value, ", ");
		len = strcspn(value, ", ");
		if (len == 0)
			break;
		snprintf(word, sizeof(word), "%.*s", (int)(len < 60 ? len : 60), value);
		cJSON_AddItemToArray(list, cJSON_CreateString(word));
		value += len;
	}
	n = rule_set_json(r, "applies_to", cJSON_GetArraySize(list) > 0 ? list : NULL, err);
	cJSON_Delete(list);
	return n;
}

static int
set_priority(struct rule *r, const char *value, struct lp_err *err)
{
	char *end;
	long n = strtol(*value != '\0' ? value : "0", &end, 10);

	if (*end != '\0' || n < -MAX_PRIORITY || n > MAX_PRIORITY)
		return lp_fail(err, LP_DATA, "priority: '%s' is not a whole number from %d to %d", value, -MAX_PRIORITY, MAX_PRIORITY);
	r->priority = (int)n;
	return 0;
}

static int
set_enabled(struct rule *r, const char *value, struct lp_err *err)
{
	static const char *const words[] = { "false", "true", "no", "yes", "off", "on", "0", "1" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], value) == 0) {
			r->enabled = i % 2 == 1;
			return 0;
		}
	return lp_fail(err, LP_DATA, "enabled: '%s' is neither yes nor no", value);
}

int
rule_set(struct rule *r, const char *key, const char *value, struct lp_err *err)
{
	enum rule_type type;
	const char *near;
	cJSON *json;
	int n;

	if (strcmp(key, "name") == 0)
		return set_name(r, value, err);
	if (strcmp(key, "type") == 0) {
		if (rule_type_parse(value, &type, err) == -1)
			return lp_err_prefix(err, "type");
		replace(&r->type, value);
		return 0;
	}
	if (strcmp(key, "when") == 0)
		return set_when(r, value, err);
	if (strcmp(key, "applies_to") == 0)
		return set_applies(r, value, err);
	if (strcmp(key, "priority") == 0)
		return set_priority(r, value, err);
	if (strcmp(key, "enabled") == 0)
		return set_enabled(r, value, err);
	if (strcmp(key, "then") == 0) {
		replace(&r->then, value);
		return one_line(key, value, 20000, err);
	}
	if (strcmp(key, "say") == 0 || strcmp(key, "description") == 0) {
		replace(*key == 's' ? &r->say : &r->description, value);
		return one_line(key, value, 2000, err);
	}
	if (strcmp(key, "expect") == 0) {
		if ((json = json_parse(*value != '\0' ? value : "[]", *value != '\0' ? strlen(value) : 2, err)) == NULL)
			return lp_err_prefix(err, "expect");
		n = rule_set_json(r, key, json, err);
		cJSON_Delete(json);
		return n;
	}
	if ((near = lp_did_you_mean(key, rule_keys)) != NULL)
		return lp_fail(err, LP_USAGE, "unknown key '%s' (did you mean '%s'?)", key, near);
	return lp_fail(err, LP_USAGE, "unknown key '%s' (name type description say when then applies_to priority enabled expect)", key);
}

int
rule_set_json(struct rule *r, const char *key, const cJSON *value, struct lp_err *err)
{
	bool expect = strcmp(key, "expect") == 0;
	cJSON **field = expect ? &r->expect : &r->applies_to;
	const char *near;
	const cJSON *e;

	if (value != NULL && !cJSON_IsArray(value))
		return lp_fail(err, LP_DATA, "%s: expected a list", key);
	if (expect && cJSON_GetArraySize(value) > MAX_CASES)
		return lp_fail(err, LP_DATA, "expect: more than %d cases", MAX_CASES);
	cJSON_ArrayForEach(e, value) {
		if (expect) {
			if (!cJSON_IsObject(e) || json_get(e, "is") == NULL)
				return lp_fail(err, LP_DATA, "expect: a case is fields with values, and 'is:'");
		} else if (!cJSON_IsString(e) || !task_type_ok(e->valuestring)) {
			near = cJSON_IsString(e) ? lp_did_you_mean(e->valuestring, task_types) : NULL;
			return lp_fail(err, LP_DATA, "applies_to: unknown task type '%s'%s%s%s",
			    cJSON_IsString(e) ? e->valuestring : "", near != NULL ? " (did you mean '" : "", near != NULL ? near : "",
			    near != NULL ? "'?)" : "");
		}
	}
	cJSON_Delete(*field);
	*field = value != NULL ? cJSON_Duplicate(value, true) : NULL;
	return 0;
}

/* ---- as a whole ---- */

/* The action must be one that somebody carries out for a task this rule applies to. */
static int
check_action(const struct rule *r, struct lp_err *err)
{
	const char *action = json_str(r->action, "action"), *enqueue = json_str(r->action, "enqueue"), *near;

	if (enqueue != NULL && !task_type_ok(enqueue)) {
		near = lp_did_you_mean(enqueue, task_types);
		return lp_fail(err, LP_DATA, "then: unknown task type '%s'%s%s%s", enqueue, near != NULL ? " (did you mean '" : "",
		    near != NULL ? near : "", near != NULL ? "'?)" : "");
	}
	if (action == NULL)
		return 0;
	if (action_get(action) == NULL)
		return lp_fail(err, LP_DATA, "then: unknown action '%s'", action);
	for (const char *const *t = task_types; *t != NULL; t++)
		if (rule_applies_to(r, *t) && action_allowed(*t, action))
			return 0;
	return lp_fail(err, LP_DATA, "then: no task that this rule applies to can '%s'", action);
}

static void
add_names(const cJSON *action, const char *want, bool *found)
{
	static const char *const named[] = { "verdict", "template", "enqueue", "action" };
	static const char *const flags[] = { "stop", "notify", "skip" };
	size_t i;

	for (i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		if (json_str(action, named[i]) != NULL && strcmp(json_str(action, named[i]), want) == 0)
			*found = true;
	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (json_get(action, flags[i]) != NULL && strcmp(flags[i], want) == 0)
			*found = true;
}

/* `is:` is what the rule does: its verdict, another word of its effect, or all of `then`; allow where it doesn't match, hold where it
 * can't be judged. true, false and null say the same of any rule. */
static bool
case_holds(const struct rule *r, enum tri t, const cJSON *is)
{
	char *text;
	bool found = false;

	if (cJSON_IsBool(is) || cJSON_IsNull(is))
		return t == (cJSON_IsNull(is) ? TRI_NULL : cJSON_IsTrue(is) ? TRI_TRUE : TRI_FALSE);
	if (!cJSON_IsString(is))
		return false;
	if (t != TRI_TRUE)
		return strcmp(is->valuestring, t == TRI_NULL ? "hold" : "allow") == 0;
	add_names(r->action, is->valuestring, &found);
	text = then_dump(r->action, NULL);
	if (text != NULL && strcmp(text, is->valuestring) == 0)
		found = true;
	free(text);
	return found;
}

/* A case names documented fields: a typo would make it hold for nothing. */
static int
check_fields(const cJSON *o, const char *prefix, struct lp_err *err)
{
	const cJSON *m;

	cJSON_ArrayForEach(m, o) {
		char *path = xasprintf("%s%s%s", prefix, *prefix != '\0' ? "." : "", m->string);
		bool known = situation_field(path, err) != NULL;
		int r = 0;

		if (*prefix == '\0' && strcmp(m->string, "is") == 0)
			known = true;
		if (!known)
			r = cJSON_IsObject(m) ? check_fields(m, path, err) : -1;
		free(path);
		if (r == -1)
			return -1;
	}
	return 0;
}

static int
try_cases(const struct rule *r, const struct condset *set, const struct cond *c, struct lp_err *err)
{
	static const char *const words[] = { "allow", NULL, "hold" };
	struct facts *f = facts_new(set);
	const cJSON *e;
	int n = 0, bad = 0;

	cJSON_ArrayForEach(e, r->expect) {
		const cJSON *is = json_get(e, "is");
		char *want, *then;
		enum tri t;

		n++;
		if ((bad = check_fields(e, "", err)) == -1) {
			lp_err_prefix(err, "expect: case %d", n);
			break;
		}
		facts_load(f, e, 0);
		t = c != NULL ? cond_eval(c, f) : TRI_NULL;
		if (case_holds(r, t, is))
			continue;
		want = cJSON_IsString(is) ? xstrdup(is->valuestring) : json_print(is);
		then = then_dump(r->action, NULL);
		bad = lp_fail(err, LP_DATA, "expect: case %d gives '%s', not '%s'", n, t == TRI_TRUE ? (then != NULL ? then : "") : words[t], want);
		free(want);
		free(then);
		break;
	}
	facts_free(f);
	return bad;
}

static int
check_condition(const struct rule *r, const cJSON *lists, struct lp_err *err)
{
	struct condset *set = condset_new(lists);
	struct cond *c = NULL;
	char *text;
	int n = 0;

	if (r->condition != NULL) {
		/* what can't be written as text couldn't be dumped */
		if ((c = cond_compile(set, r->condition, 0, err)) == NULL || (text = when_dump(r->condition, err)) == NULL)
			n = lp_err_prefix(err, "when");
		else
			free(text);
		if (n == 0 && rule_before(rule_type_of(r)) && (cond_roots(c) & (SR_ACTION | SR_DATA | SR_DRAFT)) != 0)
			n = lp_fail(err, LP_DATA, "when: %s rules are judged before anything is decided or written: no action, data or draft", r->type);
	}
	if (n == 0)
		n = try_cases(r, set, c, err);
	condset_free(set);
	return n;
}

int
rule_check(struct rule *r, const cJSON *lists, struct lp_err *err)
{
	cJSON *action;
	char *text;

	if (r->name == NULL)
		return lp_fail(err, LP_DATA, "name: a rule needs one");
	if (r->type == NULL)
		return lp_fail(err, LP_DATA, "type: filter, action, constraint, template, schedule or escalation");
	if (r->condition == NULL && r->say == NULL)
		return lp_fail(err, LP_DATA, "when: a rule needs a condition (or 'say:')");
	if (r->then == NULL)
		return lp_fail(err, LP_DATA, "then: a rule needs one");
	if ((action = then_parse(rule_type_of(r), r->then, err)) == NULL)
		return lp_err_prefix(err, "then");
	cJSON_Delete(r->action);
	r->action = action;
	/* one spelling: a dump must read as it was loaded */
	if ((text = then_dump(action, err)) != NULL) {
		free(r->then);
		r->then = text;
	}
	if (check_action(r, err) == -1)
		return -1;
	return check_condition(r, lists, err);
}
