/*
 * rules_say.h - rules in natural language: a model is asked, before the decision, in one question for all that a task needs; the rules are then judged by
 * what it said.  What nobody asked, or it couldn't tell, can't be judged, and holds.
 */
#ifndef LP_AGENT_RULES_SAY_H
#define LP_AGENT_RULES_SAY_H

#include "agent/stage.h"
#include "rules/ruleset.h"

/* rules_say(db, rule, situation, &why): what was said of this rule for what the situation says of lead, campaign and reply. The caller frees why. */
enum tri rules_say(void *db, const struct rule *, const cJSON *situation, char **why);

/*
 * rules_unsaid(db, t, situation, err): the rules in natural language that the task needs and that nobody was asked of yet, as [{"id","version","name","say"}]; the caller
 * frees. NULL with err set.
 */
cJSON *rules_unsaid(struct lp_db *, const struct task *, const cJSON *situation, struct lp_err *);

/* rules_said(db, t, rules, situation, answer, call, err): store a model's {"answers":[{"id","matches","reason"}]} for them; one that it left out is
 * one of which it couldn't tell. 0, -1. */
int rules_said(struct lp_db *, const struct task *, const cJSON *rules, const cJSON *situation, const cJSON *answer, int64_t call, struct lp_err *);

/* rules_situation(situation): the part that such rules are judged on: what doesn't change between deciding and sending. The caller frees. */
cJSON *rules_situation(const cJSON *);

#endif
