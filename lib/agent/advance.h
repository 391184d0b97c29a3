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

#endif
