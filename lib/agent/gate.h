/*
 * gate.h - the user's rules at their two moments.
 *
 * Before deciding: action and template rules; the highest match wins alone.  At the gate: filter, constraint, schedule and escalation;
 * the strictest verdict wins (block, hold, delay, allow; ties by priority, then id), effects of all that matched, once per task.
 * Escalation rules are judged at both where a reply is to be answered: what isn't answered never comes to the gate.
 */
#ifndef LP_AGENT_GATE_H
#define LP_AGENT_GATE_H

#include "agent/stage.h"
#include "store/messages.h"
#include "store/records.h"

/* What the winning action or template rule asks for. */
struct rule_choice {
	int64_t rule;                   /* 0: none matched */
	int version;
	char name[128];
	char action[32];                /* an action name (actions.h), or "" */
	char *template;                 /* the text or the name of one, or NULL */
	bool hold;                      /* it can't be judged: the task waits for a person */
	char reason[300];               /* in plain words */
};
/* rules_before_decision(db, t, choice, err): judges, counts (rule_firings, moment decide) and logs. 0 or -1. choice->template is the caller's. */
int rules_before_decision(struct lp_db *, const struct task *, struct rule_choice *, struct lp_err *);

/* What the escalation rules say of a reply before anybody thinks of an answer. */
struct rule_alarm {
	bool stop;                      /* one of them stops: nothing is answered */
	bool told;                      /* and has told a person */
	char reason[300];               /* of the first that does */
	char unclear[300];              /* of one that can't be judged; "" for none */
};
/* rules_alarm(db, t, alarm, err): judges them, counts (rule_firings) and logs; notices are opened. The sequence is the caller's to stop. 0 or -1. */
int rules_alarm(struct lp_db *, const struct task *, struct rule_alarm *, struct lp_err *);

/*
 * gate_judge(db, t, d, m, v, &situation, err): judge the gate's rules over the rows as they are now: fills v->verdict, hold, until, reason, rules,
 * ruleset and content_hash (m's).  `m` NULL where nothing leaves.  A hold by a rule that the valid approval was given in sight of counts as
 * satisfied.  Writes nothing: lp-send calls it again in the reserving transaction.  *situation (NULL if not wanted) is JSON text, the caller's.
 */
int gate_judge(struct lp_db *, const struct task *, const struct decision *, const struct message *, struct verdict_row *, char **situation,
    struct lp_err *);

/*
 * gate_item: the stage.  For a decision that leaves (actions.h): gate_judge, then consent_judge (consent.h); the strictest becomes the verdict
 * row, with the situation; firings are counted and the effects of all that matched take place (stop the sequence, notify, enqueue).
 * Puts "gate" into the envelope.  A verdict on record for this content, rule set and try is printed again.
 */
int gate_item(struct stage *, struct env *, struct lp_err *);

#endif
