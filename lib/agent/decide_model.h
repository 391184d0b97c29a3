/*
 * decide_model.h - the second opinion: a decision by a model, where the offline brain isn't sure enough.
 */
#ifndef LP_AGENT_DECIDE_MODEL_H
#define LP_AGENT_DECIDE_MODEL_H

#include "agent/stage.h"
#include "store/records.h"

/* What a deciding stage keeps for its life (stage->ctx). asker NULL: no model is asked. */
struct asker;
struct deciding {
	struct asker *asker;
	double threshold;               /* offline_threshold; above 1 while nobody is to be asked */
	bool model;                     /* there is one */
	bool loaded;
	bool show;                      /* lp-decide prompt: the line gets "prompt", and nothing is asked or written */
};

/* decide_shows(s): is this lp-decide prompt? */
bool decide_shows(const struct stage *);

/* decide_has_model(s, err): is there a model to be asked? 1, 0, -1. */
int decide_has_model(struct stage *, struct lp_err *);
/* decide_out_of_money: the task waits for then (ms). 0, -1. */
int decide_out_of_money(struct stage *, struct env *, const struct task *, int64_t until, const char *why, struct lp_err *);

/* decide_wants_model(s, offline, err): is there a model, and is the offline brain's answer below offline_threshold? 1, 0, -1. */
int decide_wants_model(struct stage *, const struct decision *offline, struct lp_err *);

struct model_question {
	const char *inputs;             /* the hash of what it rests on */
	const char *unclear;            /* a rule that can't be judged, or "" */
	const char *const *actions;     /* offered */
	const cJSON *situation, *memories;
};
/*
 * decide_by_model(s, e, t, question, offline, err): put the question on the way. When the burst's questions are asked, the answer becomes
 * the task's decision, checked (proposal.h); one that can't be used is asked for once more and then holds the task for a person, with what was
 * said; nobody to ask is a retry; no money a delay to tomorrow. 0 or -1.
 */
int decide_by_model(struct stage *, struct env *, const struct task *, const struct model_question *, const struct decision *offline,
    struct lp_err *);

/* decide_after: the stage's `after`. */
int decide_after(struct stage *, struct lp_err *);

#endif
