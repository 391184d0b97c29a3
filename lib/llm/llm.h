/*
 * llm.h - the family of brains.  One small interface, one file a provider, one line in the table of llm.c.
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

struct llm_provider {
	const char *name;
	bool reaches_out;               /* asks somebody outside this machine: costs, time-outs, keys */
	int (*decide)(const struct brain_question *, struct brain_answer *, struct lp_err *);
};

/* llm_get(name, err): LP_CONFIG for a name that doesn't exist, or not yet in this version. */
const struct llm_provider *llm_get(const char *name, struct lp_err *);
extern const struct llm_provider llm_offline;

#endif
