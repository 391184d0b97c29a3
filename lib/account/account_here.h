/*
 * account_here.h - what an account, and the configuration, need on this machine: directories and files, secrets, also as cron will have them, and a login.
 * Nobody else is asked, and nothing is changed.
 */
#ifndef LP_ACCOUNT_ACCOUNT_HERE_H
#define LP_ACCOUNT_ACCOUNT_HERE_H

#include "account/domain_check.h"
#include "store/accounts.h"
#include "store/config.h"

/* Where secrets are looked for. */
struct account_env {
	const char *path;     /* cron's file, as it is named to people */
	char *const *names;   /* of what it sets (base/envfile.h); NULL: it can't be read, or isn't looked at */
};

/* account_here(a, env, out): one finding for each thing that is wrong, each "account"; where nothing is, one that says what it is and how much a day. */
void account_here(const struct account *, const struct account_env *, struct findings *out);

/* secret_here(name, by, env, check, out): is the variable `name`, which `by` speaks of, set for cron? A finding where it isn't: FOUND_FAIL where it is nowhere,
 * FOUND_WARN where it is set in this shell alone. */
void secret_here(const char *name, const char *by, const struct account_env *, const char *check, struct findings *out);

/* config_here(db, config, env, out): the secrets that the configuration names ("env"), and what a model lacks to be asked at all ("model"). All FOUND_WARN: without
 * one something is missing, and the rest works. */
void config_here(struct lp_db *, const struct lp_config *, const struct account_env *, struct findings *out);

/* notices_here(db, config, out): does anybody hear of answers, approvals and trouble? "notices". */
void notices_here(struct lp_db *, const struct lp_config *, struct findings *out);

#endif
