/*
 * ruleset.h - all enabled rules and lists, compiled, and judged over one situation.
 */
#ifndef LP_RULES_RULESET_H
#define LP_RULES_RULESET_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/cond.h"
#include "rules/ruledef.h"
#include "store/rules.h"

struct ruleset;

/* ruleset_new(db, err): read and compile. A rule that doesn't compile (any more) stays in it and can't be judged. NULL with err set. */
struct ruleset *ruleset_new(struct lp_db *, struct lp_err *);
/* ruleset_of(rules, n, lists): the same of rules at hand, which become the set's (an array for rules_free). */
struct ruleset *ruleset_of(struct rule *, size_t n, const cJSON *lists);
void ruleset_free(struct ruleset *);
/* What was said of a rule in natural language, for a situation: TRI_NULL where nobody knows. *why, the caller's, in its words; NULL. */
typedef enum tri ruleset_say(void *ctx, const struct rule *, const cJSON *situation, char **why);
/* ruleset_hear(set, say, ctx): whom to ask of them; without it they can't be judged. */
void ruleset_hear(struct ruleset *, ruleset_say *, void *ctx);
bool ruleset_names(const struct ruleset *, const char *path);   /* does a rule name this field? */
size_t ruleset_size(const struct ruleset *);
bool ruleset_has_words(const struct ruleset *);                  /* has it a rule in natural language alone? */

/* One rule that matched, or couldn't be judged. */
struct ruled {
	const struct rule *rule;        /* the set's */
	enum rule_type type;
	enum tri result;                /* TRI_TRUE or TRI_NULL */
	bool broken;                    /* TRI_NULL for good: the rule itself must be mended */
	char *why;                      /* one line: "rule 'X': ..." */
};
void ruled_free(struct ruled *, size_t n);

/*
 * ruleset_judge(set, situation, now, task_type, before, out, n): every rule of that moment (before deciding, or at the gate) that applies to the
 * task type and to what the situation has, by priority, then age. What didn't match isn't in it. The caller frees.
 */
void ruleset_judge(struct ruleset *, const cJSON *situation, int64_t now, const char *task_type, bool before, struct ruled **, size_t *n);

/*
 * ruleset_try(set, situation, now): every rule with its reasons: {"verdict","rules":[{"id","name","type","version","applies","matched","then","trace",
 * "nearest_miss"}]}.  "verdict" is what the gate's rules together say of it, approvals and the hour of a delay apart.  The caller frees.
 */
cJSON *ruleset_try(struct ruleset *, const cJSON *situation, int64_t now);

#endif
