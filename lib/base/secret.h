/*
 * secret.h - a secret, from where the configuration says that it is: an environment variable or a command that prints it.  In memory alone: no file of
 * ours, no log and no message has it.
 */
#ifndef LP_BASE_SECRET_H
#define LP_BASE_SECRET_H

#include "base/err.h"

/*
 * secret_get(env, command, key, &out, err): of the variable `env`, else what `command` prints, its first line; `key` is what the command is called
 * where it is configured. Both NULL: *out is NULL. The caller wipes and frees (wipe). 0; -1 LP_CONFIG names what is missing.
 */
int secret_get(const char *env, const char *command, const char *key, char **out, struct lp_err *);

#endif
