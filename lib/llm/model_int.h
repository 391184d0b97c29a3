/* model_int.h - between model.c and the providers. */
#ifndef LP_LLM_MODEL_INT_H
#define LP_LLM_MODEL_INT_H

#include "base/child.h"
#include "llm/model.h"

/* model_url(s, p, path, c, err): c->url of the configured base, else the provider's; plain http goes to other machines only without a key. */
int model_url(const struct model_setting *, const struct model_provider *, const char *path, struct model_call *, struct lp_err *);
void model_header(struct model_call *, const char *name, const char *value);
/* model_header_secret: LP_CONFIG, without the value, where it can't stand in a header. */
int model_header_secret(struct model_call *, const char *name, const char *value, struct lp_err *);
void model_say(struct model_answer *, enum model_outcome, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* model_count(usage, name, absent): a count of tokens; `absent` where it isn't there (or null), -1 where it can't be one. */
int64_t model_count(const cJSON *usage, const char *name, int64_t absent);
/* model_usage(a, in, cached, out): what was billed; where one of them is -1, none is known, and the worst is what counts. */
void model_usage(struct model_answer *, int64_t in, int64_t cached, int64_t out);
/* model_settle(q, a): an answer that is there: its JSON, where one was asked for, else MODEL_INVALID. */
void model_settle(bool wants_json, struct model_answer *);

/* The provider 'command': no HTTP. */
int model_command_start(const struct model_setting *, const struct model_request *, struct child *, struct lp_err *);
void model_command_read(struct child *, bool wants_json, struct model_answer *);

#endif
