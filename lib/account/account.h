/*
 * account.h - an account's settings as people write them: KEY=VALUE, the same words on the command line, in YAML and in `show`;
 * and its hours.  Pure: nothing is stored here (store/accounts.h).
 */
#ifndef LP_ACCOUNT_ACCOUNT_H
#define LP_ACCOUNT_ACCOUNT_H

#include <stdbool.h>

#include "base/hours.h"
#include "channel/channel.h"
#include "store/accounts.h"

/*
 * account_set(a, key, value, cwd, home, err): one key. An empty value takes the key back to its default. Paths become absolute: from `cwd`,
 * "~/" from `home` (either may be NULL: then such a path is refused). LP_USAGE names an unknown key, LP_DATA a bad value. The kind must
 * come first, and is never changed afterwards.
 */
int account_set(struct account *, const char *key, const char *value, const char *cwd, const char *home, struct lp_err *);

/* account_setting(a, key, value, cwd, home, err): one that belongs to its kind, judged by its type. As account_set. */
int account_setting(struct account *, const struct channel_key *, const char *value, const char *cwd, const char *home, struct lp_err *);

/* account_check(a, err): is it whole? Kind, address, what the kind needs, hours that open. LP_CONFIG. */
int account_check(const struct account *, struct lp_err *);

/* account_hours(a, agent, out, err): the agent's hours where the account has none of its own, and its absences as days off. out is
 * initialised here; the caller frees it. LP_CONFIG. */
int account_hours(const struct account *, const struct hours *agent, struct hours *out, struct lp_err *);

#endif
