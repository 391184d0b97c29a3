/*
 * draft.h - the writer: plans a lead's messages, and makes the text of each outgoing one, so that rules and people judge the real thing.
 */
#ifndef LP_AGENT_DRAFT_H
#define LP_AGENT_DRAFT_H

#include "agent/stage.h"

/*
 * draft_item: the stage.  plan_sequence: one planned message a step.  send_*: the text of the campaign's step and variant (or of the template rule
 * that decided), stored with its hash; a text that is there for the lead as it is now is printed again, also one that a person edited.  A merge
 * field that can't be filled holds the message (stage draft) with the reason.  A brief is written by a model (draft_model.h).  write_report: the day's report as a notice.
 * Puts "draft" into the envelope.
 */
int draft_item(struct stage *, struct env *, struct lp_err *);

#endif
