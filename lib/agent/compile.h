/*
 * compile.h - rules in natural language, proposed as conditions by a model.
 *
 * The model proposes a condition and six situations; it is compiled and tried on them by the same code that judges at the gate. What doesn't compile, or
 * where the two don't agree on one of the situations, is no proposal: it is asked once more, with what was wrong. Nothing of it is stored before a person
 * has seen it.
 */
#ifndef LP_AGENT_COMPILE_H
#define LP_AGENT_COMPILE_H

#include <cjson/cJSON.h>

#include "store/rules.h"

enum compile_outcome { COMPILE_PROPOSED, COMPILE_FAILED, COMPILE_CANT, COMPILE_RETRY, COMPILE_BUDGET,
	COMPILE_MEND };         /* nobody can be asked before a person mends something: a key, a model's name */

struct compile {
	struct rule rule;               /* as it would be stored: condition and expect are the proposal's */
	int version;                    /* of the rule that was asked about */
	enum compile_outcome outcome;
	char *remark;                   /* one line of the model's; NULL for none */
	char *why;                      /* one line: why there is no proposal; NULL where there is */
	char brain[64];
	int64_t call;                   /* model_calls.seq; 0 where nobody was asked */
};
void compiles_free(struct compile *, size_t n);

/* compile_rules(db, seqs, n, parallel, list, err): ask a model about each, at most `parallel` at once. *list has n of them, the caller's. 0; -1: LP_DATA a rule
 * without `say` or with a condition already, LP_NOINPUT, LP_CONFIG no model. Commits its calls. */
int compile_rules(struct lp_db *, const int64_t *seqs, size_t n, int parallel, struct compile **list, struct lp_err *);

/* compile_waiting(db, seqs, n, err): the rules that have `say` alone; the caller frees. */
int compile_waiting(struct lp_db *, int64_t **seqs, size_t *n, struct lp_err *);

/* compile_read(db, json, lists, rule, remark, err): the model's word made a condition and cases of the rule, checked. 1; 0 it says that there is none; -1
 * LP_DATA what is wrong. *remark is the caller's. */
int compile_read(const cJSON *, const cJSON *lists, struct rule *, char **remark, struct lp_err *);

/* compile_store(db, c, why, err): in the caller's transaction, checked again with what is there now: 1; 0 nothing differs; -1 (LP_TEMP: the rule was changed
 * meanwhile). */
int compile_store(struct lp_db *, struct compile *, const char *why, struct lp_err *);

/* compile_status(outcome): what a program that was to get a condition ends with. */
enum lp_kind compile_status(enum compile_outcome);

/* compile_text: as people read it. compile_json: the same, as JSON; the caller frees. */
char *compile_text(const struct compile *);
cJSON *compile_json(const struct compile *);

#endif
