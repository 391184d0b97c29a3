/*
 * account_login.h - an account's login by OAuth 2.0, and whether the secrets that it names are there.
 */
#ifndef LP_ACCOUNT_ACCOUNT_LOGIN_H
#define LP_ACCOUNT_ACCOUNT_LOGIN_H

#include "net/oauth_login.h"
#include "store/accounts.h"

/*
 * account_token_file(a, data_dir): where an account logs in by OAuth and names no file, oauth_file becomes DATA_DIR/tokens/USER.json. By the login's name, not the
 * account's: the tokens are the mailbox's, and a copy of the database, or another one that sends from it, must refresh the same ones.
 */
void account_token_file(struct account *, const char *data_dir);

/* account_logs_in(settings): by a password or OAuth; else its server is to take mail from anybody. */
bool account_logs_in(const cJSON *settings);

struct account_login {
	bool device;           /* by a code, else by a browser */
	int port;              /* of the browser's way back; 0: any */
	int64_t wait_ms;
};
/* account_login(db, a, how, ui, err): as oauth_browser and oauth_device, on the log. Commits. On a simulated file only with a provider on this machine. */
int account_login(struct lp_db *, const struct account *, const struct account_login *, const struct oauth_ui *, struct lp_err *);
/* account_logout(db, a, err): 1 the tokens are gone, 0 there were none, -1. Commits. */
int account_logout(struct lp_db *, const struct account *, struct lp_err *);

/* account_secrets(a): for each setting that names a secret, whether it is there now, in words: {"password_env":"set"}. The secrets are in no hand. NULL where
 * there is none. The caller deletes. */
cJSON *account_secrets(const struct account *);

#endif
