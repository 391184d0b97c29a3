/*
 * ruletest.h - situations as JSON Lines against one condition, or against the rules.
 */
#ifndef LP_RULES_RULETEST_H
#define LP_RULES_RULETEST_H

#include <stdint.h>

#include "rules/cond.h"
#include "rules/ruleset.h"

/* What situations are judged by: exactly one of c (with f) and set. */
struct ruletest {
	struct cond *c;
	struct facts *f;
	struct ruleset *set;
	int64_t now;                    /* ms, where a situation has no time.iso */
	struct condset *conds;          /* of c; ruletest_condition's */
};

/* ruletest_condition(t, condition, when, lists, err): t->c and t->f of a condition as JSON or as text, one of them NULL; JSON may be @FILE. lists NULL for none.
 * LP_DATA, with the option's name. ruletest_clear frees all that a test holds. */
int ruletest_condition(struct ruletest *, const char *condition, const char *when, const char *lists, struct lp_err *);
void ruletest_clear(struct ruletest *);

/* ruletest_file(t, path, &status, err): print the answer to each line of a file ("-" is standard input) on standard output, as soon
 * as there is none waiting.  A bad line is warned of by number, and *status becomes LP_DATA; -1 only for system trouble, LP_NOINPUT where there is no such file. */
int ruletest_file(const struct ruletest *, const char *path, int *status, struct lp_err *);

#endif
