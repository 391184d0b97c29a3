/*
 * oauth.h - OAuth 2.0 (RFC 6749) as a mail client needs it: an access token for XOAUTH2, kept good by a refresh token that a person's login once gave.
 *
 * The tokens of one mailbox are one file, outside the database, its owner's alone (0600): JSON with refresh_token, access_token, issued_at, expires_at
 * and, so that no provider is ever shown another's, provider, client_id and token_url. It is read and changed under a lock (FILE.lock), so that ten
 * pipelines refresh once; it is replaced whole (written, synced, renamed). Tokens are as old as the wall clock says: LP_NOW doesn't count here.
 *
 * No token and no secret is ever in a message, a log, an argument or the database. What is known beforehand (who, where) is in the account's settings.
 */
#ifndef LP_NET_OAUTH_H
#define LP_NET_OAUTH_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* An account's settings. Strings belong to the settings; NULL where not given. */
struct oauth {
	const char *provider;   /* google, microsoft, custom */
	const char *client_id;
	const char *secret_env; /* the variable that holds the client's secret; NULL: a public client */
	const char *tenant;     /* of microsoft: "common" where it isn't given */
	const char *token_url;  /* of custom; else in place of the provider's own */
	const char *file;       /* where the tokens are: an absolute path */
	const char *ca_file;
	const char *auth_url, *device_url, *scope; /* of custom, for the login; else in place of the provider's own */
	const char *user;       /* who logs in, as messages name it */
};

/* oauth_from_settings(settings, o, err): of the keys oauth, oauth_client_id, oauth_secret_env, oauth_tenant, oauth_token_url, oauth_auth_url,
 * oauth_device_url, oauth_scope, oauth_file, ca_file, user (else address). 0; -1 LP_CONFIG names the key that is missing or wrong. */
int oauth_from_settings(const cJSON *settings, struct oauth *, struct lp_err *);

/*
 * oauth_access(o, fresh, &token, err): an access token: the one in the file while it is good for some minutes more (a tenth of its life, at most 5), else a
 * refreshed one; `fresh`: the server has refused the last one, so a new one, unless another process has just got it (10 s). A new refresh token (Microsoft
 * gives one each time) is on the disk before the access token is given out. The caller wipes the token.
 * 0. -1: LP_CONFIG to be mended by a person: not logged in, consent withdrawn ("log in again"; that is on record, the provider isn't asked any more), a
 * file that others can read; LP_TEMP: out of reach, busy, an answer that makes no sense: the tokens are as they were.
 */
int oauth_access(const struct oauth *, bool fresh, char **token, struct lp_err *);

/* What is in the file, for people. */
enum oauth_state { OAUTH_NONE, OAUTH_READY, OAUTH_REFUSED, OAUTH_BROKEN };
/* oauth_look(o, err): NONE: nobody logged in; REFUSED: log in again; BROKEN: *err says why it can't be used. Asks nobody. */
enum oauth_state oauth_look(const struct oauth *, struct lp_err *);

/* oauth_forget(o, err): the file goes. 1, 0 there was none, -1. */
int oauth_forget(const struct oauth *, struct lp_err *);

#endif
