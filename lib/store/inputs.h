/*
 * inputs.h - what a decision rests on, as text: equal text, equal decision.
 */
#ifndef LP_STORE_INPUTS_H
#define LP_STORE_INPUTS_H

#include "store/tasks.h"

/* inputs_text(db, t, &text, err): lead and its version, step, reply and its class, the thread's last inbound mail, the configuration's version; of
 * an answer its campaign's version too, and not the message that it becomes. The caller frees. */
int inputs_text(struct lp_db *, const struct task *, char **text, struct lp_err *);

#endif
