/*
 * ruledef.h - one rule: set from words, judged as a whole, tried on its own cases.
 *
 * The keys are those of the YAML file: name type description say when then applies_to priority enabled expect.
 */
#ifndef LP_RULES_RULEDEF_H
#define LP_RULES_RULEDEF_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "rules/rulelang.h"
#include "store/rules.h"

extern const char *const rule_keys[];   /* NULL-terminated */

/* rule_init(r): an enabled rule of priority 0 without anything. */
void rule_init(struct rule *);

/* rule_set(r, key, value, err): one key from text; "" takes an optional one away. `then` is kept until rule_finish knows the type. LP_USAGE for an unknown key,
 * LP_DATA "KEY: what is wrong". */
int rule_set(struct rule *, const char *key, const char *value, struct lp_err *);
/* rule_set_json(r, key, value, err): applies_to (list of task types) or expect (list of cases) as JSON, which stays the caller's. */
int rule_set_json(struct rule *, const char *key, const cJSON *value, struct lp_err *);

/*
 * rule_check(r, lists, err): the rule as a whole, after rule_set: reads `then` by the type into r->action, compiles the condition, and tries each case of
 * `expect`. LP_DATA "KEY: what is wrong", or "expect: case 2 gives allow, not block".
 */
int rule_check(struct rule *, const cJSON *lists, struct lp_err *);

/* rule_when(r): the condition as text; NULL where there is none. The caller frees. */
char *rule_when(const struct rule *);

/* rule_leaves(task_type): messages, answers, bookings: what a rule applies to by default. rule_applies_to: by its applies_to, or that. */
bool rule_leaves(const char *task_type);
bool rule_applies_to(const struct rule *, const char *task_type);
enum rule_type rule_type_of(const struct rule *);

/* rule_before(type): is it judged before deciding (action, template), or at the gate? */
bool rule_before(enum rule_type);

#endif
