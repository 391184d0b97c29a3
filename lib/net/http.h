/*
 * http.h - HTTP over libcurl: many calls in flight over reused connections, each with its limits.  Knows nothing of what is asked.
 *
 * Certificates are checked, redirects never followed (credentials would go along), an answer is cut off at its limit, and what goes
 * wrong is told apart by the one thing a caller must know: may the far side have acted on it?  libcurl is linked here and in net/smtp only.
 */
#ifndef LP_NET_HTTP_H
#define LP_NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define HTTP_BODY_MAX ((size_t)8 << 20)   /* bytes of an answer, where the request names no limit */

struct http_request {
	const char *method;             /* "GET", "POST" */
	const char *url;                /* http only to this machine, unless insecure_ok */
	const char *const *headers;     /* "Name: value", NULL-terminated; may be NULL */
	const char *body;               /* NULL for none */
	size_t body_len;
	int64_t connect_ms, total_ms;   /* 0: 10 s, 60 s */
	size_t max_body;                /* 0: HTTP_BODY_MAX */
	bool once;                      /* on a connection of its own: one that was kept may be closed under it, and libcurl then sends it again by itself */
	bool insecure_ok;               /* plain http to another machine too: only where no secret goes along */
	const char *ca_file;            /* certificates to trust instead of the system's; NULL */
};

enum http_state {
	HTTP_ANSWERED,     /* status, headers and the whole body are there */
	HTTP_UNSENT,       /* surely not acted on: no such host, refused, no TLS, a request that can't be made */
	HTTP_LOST          /* it may have been acted on: time-out, cut, answer too large or broken */
};

struct http_response {
	enum http_state state;
	bool retryable;                 /* of UNSENT and LOST: may pass with time (a wrong certificate won't) */
	long status;                    /* of ANSWERED */
	char *body;                     /* NUL behind it; never NULL with ANSWERED */
	size_t len;
	char *headers;                  /* "name: value" a line, names in lower case */
	char error[256];                /* of the other states: one line for people; no secret in it */
	int64_t latency_ms;
};
void http_response_clear(struct http_response *);
/* http_header(r, name, out, size): a header's value (the last one of that name), cut to fit: true where it is there. Name in lower case. */
bool http_header(const struct http_response *, const char *name, char *out, size_t size);
/* http_retry_after(r, now): ms to wait by retry-after-ms or retry-after (seconds or an HTTP date); -1 where it says nothing; at most a day. */
int64_t http_retry_after(const struct http_response *, int64_t now);

/* http_loopback(url): does it name this machine (localhost, 127.0.0.0/8, [::1])? */
bool http_loopback(const char *url);
/* http_url_ok(url, insecure_ok, err): LP_CONFIG: no http(s) URL, credentials in it, control characters, or plain http to another machine. */
int http_url_ok(const char *url, bool insecure_ok, struct lp_err *);

/* A pool of connections. Not shared between processes: make it after a fork. */
struct http_pool;
struct http_pool *http_pool_new(int most, struct lp_err *);     /* calls in flight */
void http_pool_free(struct http_pool *);                        /* what is in flight is dropped; NULL does nothing */
int http_in_flight(const struct http_pool *);

/* http_start(pool, request, tag, err): begin a call; the request is copied. LP_CONFIG for a bad URL; LP_BUG where `most` are in flight. */
int http_start(struct http_pool *, const struct http_request *, void *tag, struct lp_err *);
/* http_next(pool, r, tag, wait_ms, err): the next one that is over: 1 and *r (the caller clears) and its tag; 0 none is in flight, or none was over
 * after wait_ms (-1: as long as it takes), or *stop became true; -1. */
int http_next(struct http_pool *, struct http_response *, void **tag, int64_t wait_ms, volatile const bool *stop, struct lp_err *);
/* http_call(pool, request, r, err): one call, begun and waited for. 0 (look at r->state), -1. No other may be in flight. */
int http_call(struct http_pool *, const struct http_request *, struct http_response *, struct lp_err *);

#endif
