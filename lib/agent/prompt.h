/*
 * prompt.h - what a model is told.  All words to models are in prompt*.c, and nowhere else.
 *
 * The stable part (who it is, the user's rules, the actions, the limits, how to behave) is `system` and is the same for every task of a type, so
 * that providers' prompt caches hit. What is about the task is `user`, and all of it that comes from outside stands in fences that name it as data: the fence's
 * word is secret to this file, and taken out of the data, so nothing inside can close it. Fields are cut to a budget. No secret is in any of it.
 */
#ifndef LP_AGENT_PROMPT_H
#define LP_AGENT_PROMPT_H

#include <cjson/cJSON.h>

#include "base/mem.h"
#include "store/db.h"
#include "store/tasks.h"

#define PROMPT_FIELD_MAX 6000   /* bytes of one text from outside */
#define PROMPT_DATA_MAX 24000   /* bytes of all of it */

struct prompt {
	char *system, *user;
	cJSON *schema;                  /* of the answer */
};
void prompt_clear(struct prompt *);
/* prompt_json(p): {"system","user","schema"}, to show it. The caller deletes. */
cJSON *prompt_json(const struct prompt *);

/* prompt_decide(db, task type, actions, situation, memories, p, err): which of the actions, and why. */
int prompt_decide(struct lp_db *, const char *task_type, const char *const *actions, const cJSON *situation, const cJSON *memories, struct prompt *,
    struct lp_err *);

/* prompt_rules(db, rules, situation, p, err): [{"id","say"}]: which of these conditions hold? The answer is {"answers":[{"id","matches","reason"}]}. */
int prompt_rules(struct lp_db *, const cJSON *rules, const cJSON *situation, struct prompt *, struct lp_err *);

/* prompt_compile(db, rule, lists, p, err): its `say` as a condition. The answer is {"when","situations":[{"holds","fields":[{"field","value"}]}],"remark"}. */
struct rule;
int prompt_compile(struct lp_db *, const struct rule *, const cJSON *lists, struct prompt *, struct lp_err *);

/* prompt_again(db, p.user, what was wrong, what it said): the text of the second try. The caller frees. */
char *prompt_again(struct lp_db *, const char *user, const char *wrong, const char *said);

/* prompt_fence(db, out, label, text): a text from outside, in its fence, cut to PROMPT_FIELD_MAX. */
void prompt_fence(struct lp_db *, struct buf *, const char *label, const char *text);

#endif
