/* decide_rules.h - before a task is decided, a model is asked of the user's rules in natural language. */
#ifndef LP_AGENT_DECIDE_RULES_H
#define LP_AGENT_DECIDE_RULES_H

#include "agent/stage.h"

/* decide_rules(s, e, t, err): 1 where a model is asked first: decide_task (decide.h) goes on once it has answered; 0 nothing is to be asked; -1. */
int decide_rules(struct stage *, struct env *, const struct task *, struct lp_err *);

#endif
