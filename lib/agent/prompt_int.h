/* prompt_int.h - between the files that hold the words to models. */
#ifndef LP_AGENT_PROMPT_INT_H
#define LP_AGENT_PROMPT_INT_H

#include "agent/prompt.h"

/* prompt_data(db, out): what the fences mean. */
void prompt_data(struct lp_db *, struct buf *);
void prompt_fence_word(struct lp_db *, char out[32]);
int prompt_system(struct lp_db *, struct buf *, bool with_rules, struct lp_err *);
void prompt_situation(struct lp_db *, struct buf *, const cJSON *situation, const cJSON *memories);
/* prompt_object: a JSON Schema of required members; names end with NULL. */
cJSON *prompt_object(const char *const *names, const char *const *types, const char *const *about);

#endif
