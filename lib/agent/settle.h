/*
 * settle.h - the end of the pipe: a task ends, waits or comes back, by what the stages left on record.
 */
#ifndef LP_AGENT_SETTLE_H
#define LP_AGENT_SETTLE_H

#include "agent/stage.h"

/*
 * settle_item: a stage's item.  In order: the outbox row of what leaves; what an inner stage put on the task's row; the last
 * verdict of this try; the decision (skip, escalate, delay); the line's error; the line's result, for a task that has no effect
 * outside.  Where there is nothing of it, a stage was left out: the task is tried again.
 */
int settle_item(struct stage *, struct env *, struct lp_err *);

#endif
