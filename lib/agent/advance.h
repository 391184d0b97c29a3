/*
 * advance.h - what a message's end means for the rest of its sequence.  Nothing here commits.
 */
#ifndef LP_AGENT_ADVANCE_H
#define LP_AGENT_ADVANCE_H

#include <stdint.h>

#include "store/db.h"

/* advance_after(db, message, at, err): the step after it becomes due its delay after `at` (business days by the agent's schedule); after the
 * last one the enrolment is finished. Call it once the message is sent or skipped. */
int advance_after(struct lp_db *, int64_t message, int64_t at, struct lp_err *);

/*
 * A person's word on a task.  advance_cancel: it won't be done; its message is skipped and the sequence goes on from there.
 * advance_retry: what failed, is held, was blocked, skipped, rejected, expired or cancelled goes on now, its message open and its
 * sequence running again; a message that left stays what it is.  1; 0 where its state doesn't allow it; -1.
 */
int advance_cancel(struct lp_db *, int64_t task, const char *why, struct lp_err *);
int advance_retry(struct lp_db *, int64_t task, const char *why, struct lp_err *);

#endif
