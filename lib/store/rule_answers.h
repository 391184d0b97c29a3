/*
 * rule_answers.h - what a model said of the user's rules in natural language, for one situation each.  Nothing here commits.
 */
#ifndef LP_STORE_RULE_ANSWERS_H
#define LP_STORE_RULE_ANSWERS_H

#include "store/tasks.h"

/* rule_answer_get(db, rule, version, hash, &matched, &why, err): 1 (matched 1, 0, or -1: it couldn't tell; the caller frees why), 0 nobody asked, -1. */
int rule_answer_get(struct lp_db *, int64_t rule, int version, const char *hash, int *matched, char **why, struct lp_err *);

/* rule_answer_put(db, t, rule, version, name, hash, matched, why, call, err): the first answer stays. Logged. 0, -1. */
int rule_answer_put(struct lp_db *, const struct task *, int64_t rule, int version, const char *name, const char *hash, int matched, const char *why,
    int64_t call, struct lp_err *);

#endif
