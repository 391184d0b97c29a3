/*
 * draft_int.h - what the parts of the writer share.  Not for others.
 */
#ifndef LP_AGENT_DRAFT_INT_H
#define LP_AGENT_DRAFT_INT_H

#include "agent/campaign_text.h"
#include "agent/draft.h"
#include "store/config.h"
#include "store/lead_row.h"
#include "store/messages.h"
#include "store/records.h"

struct work {
	struct stage *s;
	struct env *e;
	struct task t;
	struct decision d;
	struct lp_config c;
};

/* draft_hold: it can't be made: the task waits for a mend (or an approval), with the reason. 0, -1. */
int draft_hold(struct work *, enum hold, const char *hash, const char *reason, struct lp_err *);
bool draft_blank(const char *);

/* Answers (draft_answer.c). draft_answer_plan: the message row, which becomes the task's: 1; 0 where it can't be (held); -1. */
int draft_answer_plan(struct work *, struct lp_err *);
/* draft_answer_text: subject and body: 0; -1, LP_DATA where it can't be made. draft_answer_address: 0 and *to, NULL for none; -1, LP_DATA. */
int draft_answer_text(struct work *, const struct message *, struct campaign_text *, bool *by_rule, struct lp_err *);
int draft_answer_address(struct work *, const struct message *, const struct lead_row *, char **to, struct lp_err *);

#endif
