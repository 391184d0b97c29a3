/* ask_key.h - the secret of a model, from where the configuration says that it is.  In memory alone. */
#ifndef LP_AGENT_ASK_KEY_H
#define LP_AGENT_ASK_KEY_H

#include "store/config.h"

/* ask_key(m, key, err): *key is NULL where none is configured; the caller wipes and frees. 0; -1 LP_CONFIG names what is missing. */
int ask_key(const struct config_model *, char **key, struct lp_err *);

#endif
