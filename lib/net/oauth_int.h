/* oauth_int.h - within net/oauth*.c: the file of tokens, the providers, the calls. */
#ifndef LP_NET_OAUTH_INT_H
#define LP_NET_OAUTH_INT_H

#include "base/mem.h"
#include "net/oauth.h"

#define OAUTH_TOKEN_MAX ((size_t)16 << 10) /* bytes of one token */
#define OAUTH_ANSWER_MAX ((size_t)256 << 10)

/* What the providers' documents say. A NULL URL: it has none for mail. */
struct oauth_provider {
	const char *name, *auth_url, *device_url, *token_url, *scope;
	const char *redirect;  /* the host by which the browser comes back: 127.0.0.1 (RFC 8252), or localhost where only that is let in */
	const char *extra;     /* further parameters of the first page */
	bool says_scope;       /* a refresh repeats the scope */
};
const struct oauth_provider *oauth_provider(const char *name);

/* oauth_url(o, what, out, err): 't'oken, 'a'uthorization or 'd'evice URL, whole, checked: https, or this machine. LP_CONFIG where there is none. */
int oauth_url(const struct oauth *, char what, char **out, struct lp_err *);
const char *oauth_scope(const struct oauth *);

/* A file's content. */
struct oauth_tokens {
	char *refresh, *access;
	int64_t issued_at, expires_at;  /* ms */
	char *refused;                  /* the provider's last word, where it took the consent back */
};
void oauth_tokens_clear(struct oauth_tokens *);    /* wipes */

/* The file under its lock. Open for as long as a change takes, calls to the provider included. */
struct oauth_file {
	const struct oauth *o;
	int lock, tmp;                  /* descriptors; -1 */
	char *tmp_path;
};
/* oauth_file_lock(f, o, err): make what is missing of the directory, and wait for the lock for a minute at most. LP_TEMP, LP_CONFIG. */
int oauth_file_lock(struct oauth_file *, const struct oauth *, struct lp_err *);
void oauth_file_unlock(struct oauth_file *);
/* oauth_file_read(o, t, err): 1; 0 there is none; -1 LP_CONFIG: readable by others, no regular file, of another client, garbage. Needs no lock. */
int oauth_file_read(const struct oauth *, struct oauth_tokens *, struct lp_err *);
/* oauth_file_reserve(f, err): room for what is to be written, before anything is asked for that can't be asked for twice. */
int oauth_file_reserve(struct oauth_file *, struct lp_err *);
/* oauth_file_write(f, t, err): replace it, synced, under the lock. */
int oauth_file_write(struct oauth_file *, const struct oauth_tokens *, struct lp_err *);

/* oauth_token_ok(s): visible ASCII (RFC 6749, appendix A): it goes into headers and forms. NULL isn't. */
bool oauth_token_ok(const char *);

/* What a provider answered: an object in any case. */
struct oauth_answer {
	long status;
	cJSON *body;
	char error[64];                 /* "invalid_grant"; "" where it isn't one */
};
void oauth_answer_clear(struct oauth_answer *);
/* oauth_post(o, url, form, a, err): ask. 0 with an object (an error of OAuth's own too); -1 LP_TEMP, LP_CONFIG: no answer that can be used. Wipes the form. */
int oauth_post(const struct oauth *, const char *url, struct buf *form, struct oauth_answer *, struct lp_err *);
/* oauth_parse(status, text, n, a, err): the same, of an answer that has come. */
int oauth_parse(long status, const char *, size_t, struct oauth_answer *, struct lp_err *);
/* oauth_secret(o, form, err): put client_id and, where there is one, client_secret into a form. */
int oauth_secret(const struct oauth *, struct buf *form, struct lp_err *);
/* oauth_take(answer, now, t, err): the tokens of a good answer into t, whose refresh token stays where none came. LP_TEMP: it makes no sense. */
int oauth_take(const struct oauth_answer *, int64_t now, struct oauth_tokens *, struct lp_err *);
/* oauth_refused(o, answer, doing, err): the words for an error of OAuth's. Returns -1: LP_CONFIG, or LP_TEMP where it may pass. */
int oauth_refused(const struct oauth *, const struct oauth_answer *, const char *doing, struct lp_err *);

/* The listener on 127.0.0.1: its descriptor, and *port the one that it got. -1 as lp_fail_errno. */
int oauth_listen(int *port, struct lp_err *);
/* oauth_come_back(fd, state, until, b, err): wait for the request that has this state, and answer it. LP_TEMP: none came by `until` (real clock, ms). */
struct oauth_back;
int oauth_come_back(int fd, const char *state, int64_t until, struct oauth_back *, struct lp_err *);

#endif
