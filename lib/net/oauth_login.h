/*
 * oauth_login.h - a person's login, once: by a browser on this machine (RFC 8252: authorization code with PKCE), or by a code that is typed elsewhere
 * (RFC 8628).  What comes of it is the file of tokens (oauth.h).
 */
#ifndef LP_NET_OAUTH_LOGIN_H
#define LP_NET_OAUTH_LOGIN_H

#include <stddef.h>

#include "net/oauth.h"

/* How the person is told, and how time passes. */
struct oauth_ui {
	void *arg;
	void (*show)(void *arg, const char *url, const char *code); /* open this; by a browser here: code is NULL, else type it there */
	bool (*wait)(void *arg, int64_t ms);                        /* NULL: sleep; false: stop */
};

/*
 * oauth_browser(o, port, wait_ms, ui, err): listen on 127.0.0.1 (port 0: any free one), show the URL, and take the one request that comes back with our state.
 * What else knocks is told no, at most 50 times. 0 with the tokens on the disk; -1: LP_NOPERM consent was refused; LP_TEMP nobody came in time, or the provider
 * is out of reach; LP_CONFIG.
 */
int oauth_browser(const struct oauth *, int port, int64_t wait_ms, const struct oauth_ui *, struct lp_err *);

/* oauth_device(o, wait_ms, ui, err): the same by a code. The provider is asked as often as it says, and not after the code has expired. */
int oauth_device(const struct oauth *, int64_t wait_ms, const struct oauth_ui *, struct lp_err *);

/* The first line of a browser's request, as it comes back. */
struct oauth_back {
	char state[128], error[64];
	char code[4096];
};
/* oauth_back_parse(head, n, b): true where it is GET /?... with a state and either a code or an error, each once, all of visible ASCII. */
bool oauth_back_parse(const char *, size_t, struct oauth_back *);

#endif
