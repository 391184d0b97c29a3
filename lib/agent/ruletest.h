/*
 * ruletest.h - situations as JSON Lines against one condition, or against the rules.
 */
#ifndef LP_AGENT_RULETEST_H
#define LP_AGENT_RULETEST_H

#include <stdint.h>

#include "agent/cond.h"
#include "agent/ruleset.h"

/* What situations are judged by: exactly one of c (with f) and set. */
struct ruletest {
	struct cond *c;
	struct facts *f;
	struct ruleset *set;
	int64_t now;                    /* ms, where a situation has no time.iso */
};

/*
 * ruletest_stream(t, fd, name, &status, err): print the answer to each line of fd on standard output, as soon as there is none waiting.  A bad line is
 * warned of by number, and *status becomes LP_DATA; -1 only for system trouble.
 */
int ruletest_stream(const struct ruletest *, int fd, const char *name, int *status, struct lp_err *);

/* ruletest_json(arg, err): an object given as JSON, or in a file as @FILE (@- is standard input). The caller frees; NULL with err set. */
cJSON *ruletest_json(const char *arg, struct lp_err *);

#endif
