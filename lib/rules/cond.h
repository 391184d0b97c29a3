/*
 * cond.h - conditions: compiled once, judged many times.
 *
 * A condition is JSON: {"field","operator","value"}, {"operator":"and"|"or","conditions":[...]} or {"operator":"not","condition":{...}}.
 * A string value "$name" is the named list; "$$..." is text that begins with a dollar.  lp-rules(5) documents each operator.
 *
 * The answer has three values. A missing or null field makes an operator false (and its not_ form true); what is there but can't be
 * judged ("51-200" greater_than 50) is TRI_NULL, which a gate must treat as a hold.  and/or/not follow Kleene.
 *
 * Nothing here reads a clock or a database, and nothing is allocated while judging once the buffers have grown.
 */
#ifndef LP_RULES_COND_H
#define LP_RULES_COND_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum tri { TRI_FALSE = 0, TRI_TRUE = 1, TRI_NULL = 2 };

struct condset;         /* conditions that share one table of fields and the named lists */
struct cond;            /* one of them; belongs to its set */
struct facts;           /* one situation, walked into the set's slots */

/* condset_new(lists): lists is {"name":[values]} or NULL; it is copied. */
struct condset *condset_new(const cJSON *lists);
void condset_free(struct condset *);            /* and every condition of it */

#define COND_OPEN 1u    /* fields outside the documented situation are taken as they are: for trying conditions out */

/* cond_compile(set, json, flags, err): NULL with LP_DATA that names the place ("conditions.1: unknown operator 'contians' ..."). */
struct cond *cond_compile(struct condset *, const cJSON *, unsigned flags, struct lp_err *);

/* cond_roots(c): the SR_ bits (rules/situation.h) of all that the condition compares; `exists` and `not_exists` only ask. */
unsigned cond_roots(const struct cond *);

/* facts_load(f, situation, now): borrow a situation until the next load. `now` (ms) counts where the situation has no time.iso. */
struct facts *facts_new(const struct condset *);
void facts_load(struct facts *, const cJSON *situation, int64_t now);
void facts_free(struct facts *);

enum tri cond_eval(const struct cond *, struct facts *);

/* cond_explain(c, f): {"matched":true|false|null, "trace":[{"field","actual","operator","wanted","result","note"}], "nearest_miss":[...]}
 * with every operand judged; nearest_miss holds the fewest operands that would have to change for a match. The caller frees. */
cJSON *cond_explain(const struct cond *, struct facts *);

/* condset_has(set, path): does any condition of the set name this field? */
bool condset_has(const struct condset *, const char *path);

/* cond_operators: the names of all operators, NULL-terminated. */
extern const char *const cond_operators[];

#endif
