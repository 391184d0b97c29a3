/*
 * sending.h - lp-send's stage: whatever a decision lets leave is reserved, delivered and recorded, one message at a time.
 */
#ifndef LP_AGENT_SENDING_H
#define LP_AGENT_SENDING_H

#include "agent/deliver.h"
#include "agent/stage.h"

/* sending_item: the stage (stage.alone; stage.ctx is a struct wire **, empty at first, that the caller closes). It commits by itself. Goes by the
 * rows: a line can do no more than name its task. Puts "result" into the envelope, or "gate" with what speaks against it. */
int sending_item(struct stage *, struct env *, struct lp_err *);

/* sending_preview(db, message, out, err): the message as it would leave now. LP_DATA where it can't, LP_NOINPUT where there is none. */
int sending_preview(struct lp_db *, int64_t message, struct buf *out, struct lp_err *);

#endif
