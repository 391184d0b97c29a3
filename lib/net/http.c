#include "net/http.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/curl_load.h"

/* Loaded with the first pool: nothing here is called before. */
static const struct curl_calls *curl;

struct call {
	CURL *easy;
	struct curl_slist *list;
	char *body;                     /* of the request */
	struct buf in, headers;
	size_t max;
	bool too_large, busy;
	bool alone;                     /* https, on a connection of its own */
	char error[CURL_ERROR_SIZE];
	void *tag;
};

struct http_pool {
	CURLM *multi;
	struct call *calls;             /* as many as may be in flight; their handles keep connections and sessions alive */
	int most, running;
};

void
http_response_clear(struct http_response *r)
{
	free(r->body);
	free(r->headers);
	*r = (struct http_response){ 0 };
}

bool
http_header(const struct http_response *r, const char *name, char *out, size_t size)
{
	size_t n = strlen(name);
	bool found = false;

	for (const char *s = r->headers; s != NULL && *s != '\0';) {
		size_t line = strcspn(s, "\n");

		if (line > n && strncmp(s, name, n) == 0 && s[n] == ':') {
			const char *v = s + n + 1;

			v += strspn(v, " ");
			snprintf(out, size, "%.*s", (int)(s + line - v), v);
			found = true;
		}
		s += line + (s[line] == '\n');
	}
	return found;
}

int64_t
http_retry_after(const struct http_response *r, int64_t now)
{
	char v[64], *end;
	int64_t ms = -1;
	double d;

	if (http_header(r, "retry-after-ms", v, sizeof(v)) && (d = strtod(v, &end), end != v && *end == '\0') && d >= 0)
		ms = d < (double)LP_DAY ? (int64_t)d : LP_DAY;
	else if (http_header(r, "retry-after", v, sizeof(v))) {
		d = strtod(v, &end);
		if (end != v && *end == '\0' && d >= 0)
			ms = d < 86400 ? (int64_t)(d * 1000) : LP_DAY;
		else if ((curl != NULL || (curl = curl_load(NULL)) != NULL) && (d = (double)curl->getdate(v, NULL)) > 0)
			ms = (int64_t)d * 1000 > now ? (int64_t)d * 1000 - now : 0;
	}
	return ms > LP_DAY ? LP_DAY : ms;
}

static const char *
host_of(const char *url)
{
	const char *s = strstr(url, "://");

	return s != NULL ? s + 3 : url;
}

bool
http_loopback(const char *url)
{
	const char *h = host_of(url);
	size_t n = strcspn(h, *h == '[' ? "/?#" : ":/?#");

	if (*h == '[')
		return strncmp(h, "[::1]", 5) == 0 && (h[5] == '\0' || strchr(":/?#", h[5]) != NULL);
	if (n == 9 && strncasecmp(h, "localhost", 9) == 0)
		return true;
	/* 127.0.0.1, not 127.evil.example */
	return n > 4 && strncmp(h, "127.", 4) == 0 && strspn(h, "0123456789.") >= n;
}

int
http_url_ok(const char *url, bool insecure_ok, struct lp_err *err)
{
	bool plain = strncmp(url, "http://", 7) == 0;
	const char *h = host_of(url);

	for (const char *s = url; *s != '\0'; s++)
		if ((unsigned char)*s <= 0x20 || *s == 0x7f || *s == '\\')
			return lp_fail(err, LP_CONFIG, "a URL with a blank, a backslash or a control character in it");
	if (!plain && strncmp(url, "https://", 8) != 0)
		return lp_fail(err, LP_CONFIG, "'%.80s' is no https:// URL", url);
	if (memchr(h, '@', strcspn(h, "/?#")) != NULL)
		return lp_fail(err, LP_CONFIG, "a URL with a user or password in it: secrets go into the environment");
	if (strcspn(h, ":/?#") == 0)
		return lp_fail(err, LP_CONFIG, "'%.80s' names no host", url);
	if (plain && !insecure_ok && !http_loopback(url))
		return lp_fail(err, LP_CONFIG, "'%.80s': plain http is only for this machine; use https", url);
	return 0;
}

static size_t
take_body(char *data, size_t one, size_t n, void *arg)
{
	struct call *c = arg;

	(void)one;
	if (c->in.len + n > c->max) {
		c->too_large = true;
		return 0;
	}
	buf_add(&c->in, data, n);
	return n;
}

static size_t
take_header(char *data, size_t one, size_t n, void *arg)
{
	struct call *c = arg;
	size_t i, len = n;

	(void)one;
	while (len > 0 && (data[len - 1] == '\r' || data[len - 1] == '\n'))
		len--;
	if (len > 5 && strncmp(data, "HTTP/", 5) == 0) { /* an interim answer came before */
		buf_free(&c->headers);
		c->headers = (struct buf){ 0 };
		return n;
	}
	if (len == 0 || c->headers.len + len > 64 << 10)
		return n;
	for (i = 0; i < len && data[i] != ':'; i++)
		buf_putc(&c->headers, (char)tolower((unsigned char)data[i]));
	buf_add(&c->headers, data + i, len - i);
	buf_putc(&c->headers, '\n');
	return n;
}

struct http_pool *
http_pool_new(int most, struct lp_err *err)
{
	struct http_pool *p;

	if ((curl = curl_load(err)) == NULL)
		return NULL;
	p = xcalloc(1, sizeof(*p));
	p->most = most < 1 ? 1 : most;
	p->calls = xcalloc((size_t)p->most, sizeof(*p->calls));
	if ((p->multi = curl->multi_init()) == NULL) {
		lp_fail(err, LP_TEMP, "libcurl can't start");
		http_pool_free(p);
		return NULL;
	}
	curl->multi_setopt(p->multi, CURLMOPT_MAXCONNECTS, (long)p->most);
	curl->multi_setopt(p->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
	return p;
}

static void
call_reset(struct call *c)
{
	curl->slist_free_all(c->list);
	free(c->body);
	buf_free(&c->in);
	buf_free(&c->headers);
	*c = (struct call){ .easy = c->easy };
}

void
http_pool_free(struct http_pool *p)
{
	if (p == NULL)
		return;
	for (int i = 0; i < p->most; i++) {
		if (p->calls[i].easy != NULL && p->calls[i].busy)
			curl->multi_remove_handle(p->multi, p->calls[i].easy);
		call_reset(&p->calls[i]);
		curl->easy_cleanup(p->calls[i].easy);
	}
	if (p->multi != NULL)
		curl->multi_cleanup(p->multi);
	free(p->calls);
	free(p);
}

int
http_in_flight(const struct http_pool *p)
{
	return p->running;
}

static struct call *
free_call(struct http_pool *p)
{
	for (int i = 0; i < p->most; i++)
		if (!p->calls[i].busy)
			return &p->calls[i];
	return NULL;
}

static int
set_up(struct call *c, const struct http_request *q, struct lp_err *err)
{
	CURL *e = c->easy;

	curl->easy_reset(e);
	for (const char *const *h = q->headers; h != NULL && *h != NULL; h++) {
		if (strpbrk(*h, "\r\n") != NULL)
			return lp_fail(err, LP_CONFIG, "a header with a line break in it");
		c->list = curl->slist_append(c->list, *h);
	}
	c->list = curl->slist_append(c->list, "Expect:");
	c->max = q->max_body != 0 ? q->max_body : HTTP_BODY_MAX;
	curl->easy_setopt(e, CURLOPT_URL, q->url);
	curl->easy_setopt(e, CURLOPT_CUSTOMREQUEST, q->method);
	curl->easy_setopt(e, CURLOPT_HTTPHEADER, c->list);
	curl->easy_setopt(e, CURLOPT_USERAGENT, "leadpilot/" LP_VERSION);
	curl->easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	curl->easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	curl->easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl->easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	/* one connection for all where it can carry several at once; without TLS it can't, and waiting to know costs the first one's whole time */
	curl->easy_setopt(e, CURLOPT_PIPEWAIT, (long)(strncmp(q->url, "https:", 6) == 0));
	curl->easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "");
	curl->easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)(q->connect_ms != 0 ? q->connect_ms : 10000));
	curl->easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)(q->total_ms != 0 ? q->total_ms : 60000));
	curl->easy_setopt(e, CURLOPT_WRITEFUNCTION, take_body);
	curl->easy_setopt(e, CURLOPT_WRITEDATA, c);
	curl->easy_setopt(e, CURLOPT_HEADERFUNCTION, take_header);
	curl->easy_setopt(e, CURLOPT_HEADERDATA, c);
	curl->easy_setopt(e, CURLOPT_ERRORBUFFER, c->error);
	curl->easy_setopt(e, CURLOPT_PRIVATE, c);
	if (q->ca_file != NULL)
		curl->easy_setopt(e, CURLOPT_CAINFO, q->ca_file);
	c->alone = q->once && strncmp(q->url, "https:", 6) == 0;
	if (q->once)
		curl->easy_setopt(e, CURLOPT_FRESH_CONNECT, 1L);
	if (q->body != NULL) {
		c->body = xmalloc(q->body_len + 1);
		memcpy(c->body, q->body, q->body_len);
		curl->easy_setopt(e, CURLOPT_POSTFIELDS, c->body);
		curl->easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->body_len);
	}
	return 0;
}

int
http_start(struct http_pool *p, const struct http_request *q, void *tag, struct lp_err *err)
{
	struct call *c;

	if (http_url_ok(q->url, q->insecure_ok, err) == -1)
		return -1;
	if ((c = free_call(p)) == NULL)
		return lp_fail(err, LP_BUG, "http: %d calls are in flight already", p->most);
	if (c->easy == NULL && (c->easy = curl->easy_init()) == NULL)
		return lp_fail(err, LP_TEMP, "libcurl can't start a call");
	c->tag = tag;
	if (set_up(c, q, err) == -1) {
		call_reset(c);
		return -1;
	}
	if (curl->multi_add_handle(p->multi, c->easy) != CURLM_OK) {
		call_reset(c);
		return lp_fail(err, LP_TEMP, "libcurl can't begin a call");
	}
	c->busy = true;
	p->running++;
	return 0;
}

/* What may pass with time, and whether the far side may have seen the request. */
static void
judge(struct http_response *r, const struct call *c, CURLcode code)
{
	r->retryable = true;
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
		r->state = HTTP_UNSENT;
		break;
	case CURLE_SSL_CONNECT_ERROR:
		r->state = HTTP_UNSENT;
		break;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_URL_MALFORMAT:
		r->state = HTTP_UNSENT;
		r->retryable = false;
		break;
	default:
		r->state = HTTP_LOST;
		r->retryable = !c->too_large;
		break;
	}
	snprintf(r->error, sizeof(r->error), "%s", c->too_large ? "the answer is larger than its limit" :
	    *c->error != '\0' ? c->error : curl->easy_strerror(code));
	for (char *s = r->error; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20)
			*s = ' ';
}

static void
finish(struct http_pool *p, struct call *c, CURLcode code, struct http_response *r, void **tag)
{
	curl_off_t us = 0, connected = 0, secured = 0;

	*r = (struct http_response){ .state = HTTP_ANSWERED };
	*tag = c->tag;
	curl->easy_getinfo(c->easy, CURLINFO_TOTAL_TIME_T, &us);
	curl->easy_getinfo(c->easy, CURLINFO_CONNECT_TIME_T, &connected);
	curl->easy_getinfo(c->easy, CURLINFO_APPCONNECT_TIME_T, &secured);
	r->latency_ms = (int64_t)us / 1000;
	if (code == CURLE_OK) {
		curl->easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &r->status);
		buf_add(&c->in, "", 0);
		r->len = c->in.len;
		r->body = c->in.s != NULL ? buf_steal(&c->in) : xstrdup("");
		r->headers = c->headers.s != NULL ? buf_steal(&c->headers) : xstrdup("");
	} else {
		judge(r, c, code);
		/* timed out before there was a connection: it never left. A connection of its own was secured for this call, or never */
		if (code == CURLE_OPERATION_TIMEDOUT && (connected == 0 || (c->alone && secured == 0)))
			r->state = HTTP_UNSENT;
	}
	curl->multi_remove_handle(p->multi, c->easy);
	p->running--;
	call_reset(c);
}

int
http_next(struct http_pool *p, struct http_response *r, void **tag, int64_t wait_ms, volatile const bool *stop, struct lp_err *err)
{
	int64_t until = wait_ms < 0 ? INT64_MAX : lp_steady() + wait_ms;
	int running, left;
	struct call *c;
	CURLMsg *m;

	while (p->running > 0) {
		if (curl->multi_perform(p->multi, &running) != CURLM_OK)
			return lp_fail(err, LP_TEMP, "libcurl can't go on");
		while ((m = curl->multi_info_read(p->multi, &left)) != NULL)
			if (m->msg == CURLMSG_DONE) {
				curl->easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&c);
				finish(p, c, m->data.result, r, tag);
				return 1;
			}
		if ((stop != NULL && *stop) || lp_steady() >= until)
			return 0;
		left = 1000;
		if (until != INT64_MAX && until - lp_steady() < left)
			left = (int)(until - lp_steady());
		if (curl->multi_poll(p->multi, NULL, 0, left > 0 ? left : 0, NULL) != CURLM_OK)
			return lp_fail(err, LP_TEMP, "libcurl can't wait");
	}
	return 0;
}

int
http_call(struct http_pool *p, const struct http_request *q, struct http_response *r, struct lp_err *err)
{
	void *tag;
	int n;

	*r = (struct http_response){ 0 };
	if (http_start(p, q, NULL, err) == -1)
		return -1;
	n = http_next(p, r, &tag, -1, NULL, err);
	return n == 1 ? 0 : n == 0 ? lp_fail(err, LP_BUG, "http: the call is gone") : -1;
}
