/*
 * ask.h - asking models: many questions in flight, each within money, record and patience.  The one way from a stage to a model.
 *
 * A stage's item that needs a model pushes a question and leaves its line as it is; after the burst's commit all questions are asked at once, and the answers
 * are handed back as they come, all that are there in one transaction, where they become rows. So no transaction is open while anybody waits, and a crash
 * costs a reserved call, never a task.
 */
#ifndef LP_AGENT_ASK_H
#define LP_AGENT_ASK_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "agent/stage.h"

enum ask_outcome {
	ASK_ANSWER,        /* json (or text, where no schema was given) */
	ASK_INVALID,       /* it said something, or refused: error, and text where there is some */
	ASK_RETRY,         /* nobody to ask now: error; retry_after seconds */
	ASK_BUDGET         /* max_llm_cost_per_day is reached: until */
};

struct ask_result {
	enum ask_outcome outcome;
	const cJSON *json;
	const char *text;
	const char *brain;              /* "anthropic:model" */
	int64_t call;                   /* model_calls.seq; 0 where nobody was asked */
	const char *error;
	int64_t retry_after, until;
	bool mend;                      /* of ASK_RETRY: a person must mend something first, as a key that is wrong */
};

struct ask {
	const char *purpose;            /* decide, draft, classify, rule */
	struct env *env;                /* the line; its task's lease is kept alive meanwhile. NULL for none */
	int64_t task;                   /* 0 for none */
	char *system, *user;            /* owned by the question, as all below */
	const char *name, *about;       /* of the answer; static */
	cJSON *schema;                  /* NULL: text */
	double temperature;
	/*
	 * then(ask, stage, result, err): called in a transaction, once for each answer. 0: done; 1: ask once more: it has put another text into `user` (a second
	 * time counts as 0); -1 database trouble.
	 */
	int (*then)(struct ask *, struct stage *, const struct ask_result *, struct lp_err *);
	void *ctx;
	void (*free_ctx)(void *);       /* may be NULL */
	bool again;                     /* it was asked once more already */
	bool unusable;                  /* then() sets it: what was said is no answer to this question, and isn't given again from the record */
};

/* The questions of a stage. */
struct asker;
struct asker *asker_new(struct lp_db *, int most);                /* in flight at once */
void asker_free(struct asker *);
/* asker_push: takes the question over. */
void asker_push(struct asker *, struct ask *);
/* asker_run(a, stage, err): ask them all, to the last. 0; -1 database trouble. Interrupted (SIGINT, SIGTERM), what isn't answered yet gets ASK_RETRY. */
int asker_run(struct asker *, struct stage *, struct lp_err *);

struct ask *ask_new(void);

#endif
