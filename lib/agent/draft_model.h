/*
 * draft_model.h - the writer on a model: a step's brief, or a response's, becomes a text of one lead.
 */
#ifndef LP_AGENT_DRAFT_MODEL_H
#define LP_AGENT_DRAFT_MODEL_H

#include "agent/stage.h"

/* What a drafting stage keeps for its life (stage->ctx). asker NULL: no model is asked. */
struct asker;
struct drafting {
	struct asker *asker;
	bool model, loaded;
	bool show;                      /* lp-draft prompt: the line gets "prompt", and nothing is asked or written */
};

/* draft_shows(s): is this lp-draft prompt? */
bool draft_shows(const struct stage *);

/* draft_after: the stage's `after`: the questions are asked, and each answer, checked (draft_check.h), becomes the message's text; one that can't be
 * used is asked for once more with the reason and then holds the task for a person, with what was said; nobody to ask is a retry; no money a delay to tomorrow. */
int draft_after(struct stage *, struct lp_err *);

#endif
