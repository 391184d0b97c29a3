/* ask_int.h - between the files of the asker: ask.c has the rounds, ask_door.c what a question must pass, ask_side.c who is asked and what it costs. */
#ifndef LP_AGENT_ASK_INT_H
#define LP_AGENT_ASK_INT_H

#include "agent/ask.h"
#include "llm/model.h"
#include "store/config.h"

struct question {
	struct ask *ask;
	bool over, flying, told;
	bool mend;                      /* what was said last can only be mended by a person */
	int with;                       /* 0 the provider, 1 the fallback */
	int tries;
	int without;                    /* MODEL_NO_…, as it was asked */
	int64_t not_before, deadline;   /* real clock */
	char hash[LP_HEX_SIZE];
	int64_t call, worst;
};

struct side {                           /* the provider, or the fallback */
	struct config_model *m;
	struct model_setting set;
	char *key, name[200];           /* name: of the circuit, and of the brain */
	bool ready;
	int without;                    /* MODEL_NO_…: what it said that it doesn't take */
	struct lp_err why;              /* where it isn't */
};

struct asker {
	struct lp_db *db;
	int most;
	struct question **q;            /* each stays where it is: what flies has its address */
	size_t n, cap;
	struct model_pool *pool;
	struct config_models c;
	struct side side[2];
	int nsides;
	bool loaded;
	int open;                       /* reserved at their worst, and not over */
	int64_t beat;
};

/* ask_side.c */
int ask_load(struct asker *, struct lp_err *);                  /* configuration, keys, pool: once */
void ask_unload(struct asker *);
int64_t ask_micros(double tokens, double price);
int64_t ask_worst(const struct asker *, const struct question *);
int64_t ask_cost(const struct asker *, const struct question *, const struct model_answer *);
void ask_hash(const struct asker *, struct question *);
/* ask_redact: a service that repeats the key in its complaint or its answer: not into a row. */
void ask_redact(const struct asker *, const struct question *, struct model_answer *);

/* ask_door.c: all in the caller's transaction */
int ask_give(struct asker *, struct stage *, struct question *, struct ask_result *, struct lp_err *);
int ask_give_up(struct asker *, struct stage *, struct question *, const char *error, int64_t after_s, struct lp_err *);
/* ask_other_side: the fallback, else give up. -1 database trouble. */
int ask_other_side(struct asker *, struct stage *, struct question *, const char *error, int64_t after_s, struct lp_err *);
/* ask_reserve: 1 it may fly, 0 it waits, is over or goes another way, -1. */
int ask_reserve(struct asker *, struct stage *, struct question *, struct lp_err *);

#endif
