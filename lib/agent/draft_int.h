/*
 * draft_int.h - what the parts of the writer share.  Not for others.
 */
#ifndef LP_AGENT_DRAFT_INT_H
#define LP_AGENT_DRAFT_INT_H

#include "agent/draft.h"
#include "campaign/campaign_text.h"
#include "store/config.h"
#include "store/lead_row.h"
#include "store/messages.h"
#include "store/records.h"

/* What a model answered, while it is looked at (draft_model.c). */
struct draft_said;

struct work {
	struct stage *s;
	struct env *e;
	struct task t;
	struct decision d;
	struct lp_config c;
	struct draft_said *said;        /* NULL: nobody was asked yet */
};

/* draft_hold: it can't be made: the task waits for a mend (or an approval), with the reason. 0, -1. */
int draft_hold(struct work *, enum hold, const char *hash, const char *reason, struct lp_err *);
bool draft_blank(const char *);
/* draft_show(env, m): the message's text as the envelope's "draft". */
void draft_show(struct env *, const struct message *);

/* draft_invite(w, err): the text and the calendar part of a meeting's message, which lp-book planned (draft_invite.c). One that is there and still says
 * what the rows say is left as it is, also where a person edited it; where the time was moved since, both are made anew. 0, -1. */
int draft_invite(struct work *, struct lp_err *);

/* Answers (draft_answer.c). draft_answer_plan: the message row, which becomes the task's: 1; 0 where it can't be (held); -1. */
int draft_answer_plan(struct work *, struct lp_err *);
/* draft_answer_text: subject and body: 0; -1, LP_DATA where it can't be made. draft_answer_address: 0 and *to, NULL for none; -1, LP_DATA. */
int draft_answer_text(struct work *, const struct message *, struct campaign_text *, bool *by_rule, struct lp_err *);
int draft_answer_address(struct work *, const struct message *, const struct lead_row *, char **to, struct lp_err *);

/*
 * draft_by_model(w, m, to, text, err): the message's text from text->brief: the one on record where it was written from the same or a person said yes to it;
 * else a question to the model is put on the way, or (w->said) its answer taken. 0, -1.
 */
int draft_by_model(struct work *, struct message *, const char *to, const struct campaign_text *, struct lp_err *);
/* draft_again(s, e, said, err): the item once more, with the answer. 0, -1. */
int draft_again(struct stage *, struct env *, struct draft_said *, struct lp_err *);

#endif
