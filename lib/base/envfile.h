/*
 * envfile.h - cron's environment, the file leadpilot/env: lines NAME=VALUE, blank ones, and comments that begin with '#', as lp-tick(1) takes them. It holds
 * secrets: only the names come out of here.
 */
#ifndef LP_BASE_ENVFILE_H
#define LP_BASE_ENVFILE_H

#include <stdbool.h>

#include "base/err.h"

/* envfile_names(path, &names, err): the names of what it sets, NULL-terminated; none, where there is no such file. The caller frees them with envfile_free.
 * 0; -1 LP_CONFIG "PATH:3: not NAME=VALUE", or LP_IO. */
int envfile_names(const char *path, char ***names, struct lp_err *);
/* envfile_has(names, name): also of NULL: no. */
bool envfile_has(char *const *names, const char *name);
void envfile_free(char **names);

#endif
