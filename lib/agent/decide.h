/*
 * decide.h - the decision of a task: once for equal inputs, from rules, else from the brain, always within the table of actions.
 */
#ifndef LP_AGENT_DECIDE_H
#define LP_AGENT_DECIDE_H

#include "agent/stage.h"
#include "store/records.h"

/*
 * decide_item: the stage.  Equal inputs (lead, step, class, the thread's last inbound mail, configuration): the stored decision is printed and no
 * brain is asked.  First what needs no text: a lead that is suppressed, replied or paused, a sequence that was stopped, a campaign that isn't running
 * give a verdict at once (stage 'decide').  Then action and template rules; then the brain.  Puts "decision" into the envelope.
 * Of a reply the escalation rules come before all that: what calls for a person isn't thought about (a rule that stops: decision 'escalate').
 */
int decide_item(struct stage *, struct env *, struct lp_err *);

/* decide_task(s, e, t, err): the same for a task that is known to be ours, its rules in natural language answered as far as they can be. 0, -1. */
int decide_task(struct stage *, struct env *, const struct task *, struct lp_err *);

/* decide_unclear(why, d): nothing may be let go quietly while a rule that would call a person can't be judged ("" where all can). */
void decide_unclear(const char *, struct decision *);

/* decide_inputs(db, t, out, err): the hash of what a decision rests on. */
int decide_inputs(struct lp_db *, const struct task *, char out[LP_HEX_SIZE], struct lp_err *);

#endif
