/* sending_int.h - between sending.c, which finds what is to be sent, and sending_pool.c, which sends it. */
#ifndef LP_AGENT_SENDING_INT_H
#define LP_AGENT_SENDING_INT_H

#include "agent/sending.h"

/* sending_add(x, s, e, t, err): to be sent by sending_after; takes the task's strings over (*t is zeroed then). 0, -1. */
int sending_add(struct sending *, struct stage *, struct env *, struct task *, struct lp_err *);

/* sending_tell(e, o): what its row says, as the envelope's result. */
void sending_tell(struct env *, const struct outbox *);

#endif
