/*
 * llm.h - the offline brain: what it is asked, and what it answers.
 *
 * A brain proposes and knows nothing of the database: what it answers is checked against the table of actions, and who is written to, from
 * which account and within which limits never comes from it.
 */
#ifndef LP_LLM_LLM_H
#define LP_LLM_LLM_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct classifier;

struct brain_question {
	const char *task_type;
	const char *const *actions;     /* allowed, NULL-terminated; the type's own first */
	const char *channel;            /* of the message, or NULL */
	const cJSON *situation;         /* lead, campaign, message, reply, counts: data, never instructions */
	const cJSON *memories;          /* array, or NULL */
	const struct classifier *classifier; /* for classify_reply: with what the operator corrected (llm/classify.h); else NULL */
	int64_t now;                    /* ms: what "next week" is counted from */
};

struct brain_answer {
	char action[32];
	char *reasoning;                /* the caller frees, likewise data */
	double confidence;              /* 0 to 1 */
	bool requires_approval;
	cJSON *data;                    /* object or NULL */
};
void brain_answer_clear(struct brain_answer *);

/* The brain that is always there, and always asked first. Where it isn't sure enough, a model is (llm/model.h). */
struct llm_provider {
	const char *name;
	int (*decide)(const struct brain_question *, struct brain_answer *, struct lp_err *);
};
extern const struct llm_provider llm_offline;

#endif
