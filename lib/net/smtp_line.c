/*
 * smtp_line.c - the connection of smtp.h.  CURLOPT_CONNECT_ONLY makes libcurl stop where the mail would begin: name, connection, greeting, EHLO,
 * STARTTLS, login are its work; from there on the bytes are ours, through its TLS.
 */
#include "net/smtp_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/select.h>

#include "net/curl_load.h"

static const struct curl_calls *curl;

struct smtp_line {
	CURLM *multi;
	CURL *easy;
	bool connecting, up;
	curl_socket_t fd;
	struct smtp_server server;      /* its strings are ours */
	size_t heard;                   /* bytes of answers while connecting */
	char last[512];                 /* the last line of them */
	char error[CURL_ERROR_SIZE];
	struct smtp_offer offer;
};

bool
smtp_loopback(const char *host)
{
	if (strcasecmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 || strcmp(host, "[::1]") == 0)
		return true;
	/* 127.0.0.1, not 127.evil.example */
	return strncmp(host, "127.", 4) == 0 && host[strspn(host, "0123456789.")] == '\0';
}

struct smtp_line *
smtp_line_new(const struct smtp_server *v, struct lp_err *err)
{
	struct smtp_line *l;

	if ((curl = curl_load(err)) == NULL)
		return NULL;
	l = xcalloc(1, sizeof(*l));
	l->server = *v;
	l->server.host = xstrdup(v->host);
	l->server.helo = xstrdup(v->helo);
	l->server.user = xstrdup(v->user);
	l->server.password = xstrdup(v->password);
	l->server.token = xstrdup(v->token);
	l->server.auth = xstrdup(v->auth);
	l->server.ca_file = xstrdup(v->ca_file);
	l->server.cert = xstrdup(v->cert);
	l->server.cert_key = xstrdup(v->cert_key);
	if (l->server.connect_ms == 0)
		l->server.connect_ms = 60000;
	return l;
}

void
smtp_line_token(struct smtp_line *l, const char *token)
{
	wipe((char *)(uintptr_t)l->server.token);
	l->server.token = xstrdup(token);
}

void
smtp_line_drop(struct smtp_line *l)
{
	/* a line that is taken out of its multi is closed without a word, so nothing here waits */
	if (l->easy != NULL && l->multi != NULL)
		curl->multi_remove_handle(l->multi, l->easy);
	if (l->easy != NULL)
		curl->easy_cleanup(l->easy);
	if (l->multi != NULL)
		curl->multi_cleanup(l->multi);
	l->easy = NULL;
	l->multi = NULL;
	l->connecting = l->up = false;
}

void
smtp_line_free(struct smtp_line *l)
{
	if (l == NULL)
		return;
	smtp_line_drop(l);
	wipe((char *)(uintptr_t)l->server.password);
	wipe((char *)(uintptr_t)l->server.token);
	free((char *)(uintptr_t)l->server.host);
	free((char *)(uintptr_t)l->server.helo);
	free((char *)(uintptr_t)l->server.user);
	free((char *)(uintptr_t)l->server.auth);
	free((char *)(uintptr_t)l->server.ca_file);
	free((char *)(uintptr_t)l->server.cert);
	free((char *)(uintptr_t)l->server.cert_key);
	free(l);
}

/* Each line of each answer while connecting. */
static size_t
hear(char *data, size_t one, size_t n, void *arg)
{
	struct smtp_line *l = arg;
	size_t len = n;

	(void)one;
	l->heard += n;
	if (l->heard > SMTP_ANSWER_MAX)
		return 0;
	while (len > 0 && (data[len - 1] == '\n' || data[len - 1] == '\r'))
		len--;
	snprintf(l->last, sizeof(l->last), "%.*s", (int)(len < sizeof(l->last) ? len : sizeof(l->last) - 1), data);
	for (char *p = l->last; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = ' ';
	smtp_offer_line(&l->offer, l->last);
	return n;
}

static size_t
ignore(char *data, size_t one, size_t n, void *arg)
{
	(void)data;
	(void)one;
	(void)arg;
	return n;
}

static void
set_login(struct smtp_line *l)
{
	static const struct { const char *word, *option; } options[] = { { "plain", "AUTH=PLAIN" }, { "login", "AUTH=LOGIN" },
		{ "cram-md5", "AUTH=CRAM-MD5" }, { "xoauth2", "AUTH=XOAUTH2" } };
	const struct smtp_server *v = &l->server;

	if (v->user != NULL && (v->password != NULL || v->token != NULL || v->cert != NULL))
		curl->easy_setopt(l->easy, CURLOPT_USERNAME, v->user);
	if (v->token != NULL) {
		curl->easy_setopt(l->easy, CURLOPT_XOAUTH2_BEARER, v->token);
		curl->easy_setopt(l->easy, CURLOPT_LOGIN_OPTIONS, "AUTH=XOAUTH2");
	} else if (v->password != NULL) {
		curl->easy_setopt(l->easy, CURLOPT_PASSWORD, v->password);
		/* of what servers speak; no NTLM and DIGEST-MD5, which are offered by many that can't do them */
		curl->easy_setopt(l->easy, CURLOPT_LOGIN_OPTIONS, "AUTH=CRAM-MD5;AUTH=SCRAM-SHA-256;AUTH=SCRAM-SHA-1;AUTH=PLAIN;AUTH=LOGIN");
		for (size_t i = 0; v->auth != NULL && i < sizeof(options) / sizeof(options[0]); i++)
			if (strcmp(options[i].word, v->auth) == 0)
				curl->easy_setopt(l->easy, CURLOPT_LOGIN_OPTIONS, options[i].option);
	}
}

static void
set_up(struct smtp_line *l)
{
	const struct smtp_server *v = &l->server;
	bool bare6 = strchr(v->host, ':') != NULL && *v->host != '[';
	char *url = xasprintf("%s://%s%s%s:%d/%s", v->security == SMTP_TLS ? "smtps" : "smtp", bare6 ? "[" : "", v->host, bare6 ? "]" : "", v->port,
	    v->helo != NULL ? v->helo : "localhost");
	CURL *e = l->easy;

	curl->easy_setopt(e, CURLOPT_URL, url);
	curl->easy_setopt(e, CURLOPT_CONNECT_ONLY, 1L);
	curl->easy_setopt(e, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl->easy_setopt(e, CURLOPT_PROXY, "");
	curl->easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl->easy_setopt(e, CURLOPT_USE_SSL, (long)(v->security == SMTP_PLAIN ? CURLUSESSL_NONE : CURLUSESSL_ALL));
	curl->easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl->easy_setopt(e, CURLOPT_TCP_KEEPALIVE, 1L);
	curl->easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)v->connect_ms);
	curl->easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)v->connect_ms);
	curl->easy_setopt(e, CURLOPT_HEADERFUNCTION, hear);
	curl->easy_setopt(e, CURLOPT_HEADERDATA, l);
	curl->easy_setopt(e, CURLOPT_WRITEFUNCTION, ignore);
	curl->easy_setopt(e, CURLOPT_ERRORBUFFER, l->error);
	if (v->ca_file != NULL) {
		curl->easy_setopt(e, CURLOPT_CAINFO, v->ca_file);
		curl->easy_setopt(e, CURLOPT_CAPATH, NULL);
	}
	if (v->cert != NULL)
		curl->easy_setopt(e, CURLOPT_SSLCERT, v->cert);
	if (v->cert_key != NULL)
		curl->easy_setopt(e, CURLOPT_SSLKEY, v->cert_key);
	set_login(l);
	free(url);
}

void
smtp_line_connect(struct smtp_line *l)
{
	smtp_line_drop(l);
	l->heard = 0;
	*l->last = *l->error = '\0';
	l->offer = (struct smtp_offer){ 0 };
	l->multi = curl->multi_init();
	l->easy = curl->easy_init();
	l->connecting = l->multi != NULL && l->easy != NULL;
	if (!l->connecting)
		return;
	set_up(l);
	l->connecting = curl->multi_add_handle(l->multi, l->easy) == CURLM_OK;
}

static int
down(struct smtp_outcome *o, enum lp_kind kind, int code, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

static int
down(struct smtp_outcome *o, enum lp_kind kind, int code, const char *fmt, ...)
{
	va_list ap;

	*o = (struct smtp_outcome){ .end = SMTP_DOWN, .at = SMTP_AT_LOGIN, .code = code, .kind = kind };
	va_start(ap, fmt);
	if (vsnprintf(o->text, sizeof(o->text), fmt, ap) < 0)
		*o->text = '\0';
	va_end(ap);
	for (char *p = o->text; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = ' ';
	return -1;
}

static int
login_refused(const struct smtp_line *l, int code, struct smtp_outcome *o)
{
	/* a token that isn't taken is told in a challenge, and libcurl doesn't wait for the 535 behind it */
	if (code == 334 && l->server.token != NULL)
		return down(o, LP_CONFIG, 535, "the login is refused: 535 the server doesn't take the token");
	if (code >= 400 && code < 500)
		return down(o, LP_TEMP, code, "the login is put off: %s", l->last);
	if (code >= 500)
		return down(o, LP_CONFIG, code, "the login is refused: %s (as '%.100s': are user and password right?)", l->last, l->server.user != NULL ? l->server.user : "");
	return down(o, LP_CONFIG, 0, "the server offers no login that fits (it has: %s)", *l->offer.mechanisms != '\0' ? l->offer.mechanisms : "none");
}

/* Why the line isn't up, and whether it may pass with time. */
static int
judge(const struct smtp_line *l, CURLcode code, struct smtp_outcome *o)
{
	const char *what = *l->error != '\0' ? l->error : curl->easy_strerror(code), *host = l->server.host;
	int said = *l->last >= '1' && *l->last <= '5' && strlen(l->last) >= 3 ? (int)strtol((char[]){ l->last[0], l->last[1], l->last[2], 0 }, NULL, 10) : 0;

	if (l->heard > SMTP_ANSWER_MAX)
		return down(o, LP_TEMP, 0, "%s: its answer has no end", host);
	switch (code) {
	case CURLE_LOGIN_DENIED:
		return login_refused(l, said, o);
	case CURLE_COULDNT_RESOLVE_HOST:
		return down(o, LP_TEMP, 0, "no address for '%s' (is 'host' right?)", host);
	case CURLE_COULDNT_CONNECT:
		return down(o, LP_TEMP, 0, "can't connect to %s port %d (is 'port' right, and the server up?)", host, l->server.port);
	case CURLE_OPERATION_TIMEDOUT:
		if (l->server.security != SMTP_TLS && said == 0)
			return down(o, LP_TEMP, 0, "%s port %d: not greeted by a mail server within %d s (is 'port' right? 465 and its like are security=tls)", host, l->server.port,
			    (int)(l->server.connect_ms / 1000));
		return down(o, LP_TEMP, 0, "%s port %d: no connection and login within %d s", host, l->server.port, (int)(l->server.connect_ms / 1000));
	case CURLE_PEER_FAILED_VERIFICATION:
		return down(o, LP_CONFIG, 0, "the certificate of %s isn't good: %s%s", host, what, curl_hint(what));
	case CURLE_SSL_CACERT_BADFILE:
		return down(o, LP_CONFIG, 0, "ca_file: %s", what);
	case CURLE_SSL_CERTPROBLEM:
		return down(o, LP_CONFIG, 0, "cert: %s", what);
	case CURLE_USE_SSL_FAILED:
		return down(o, LP_CONFIG, 0, "%s port %d offers no STARTTLS: nothing is sent in the clear (465 and its like are security=tls)", host, l->server.port);
	case CURLE_SSL_CONNECT_ERROR:
		return down(o, LP_TEMP, 0, "no TLS with %s port %d: %s (is 'security' right? 587 and its like are starttls)", host, l->server.port, what);
	case CURLE_WEIRD_SERVER_REPLY:
		if (said < 400) /* behind its answer to STARTTLS, in the clear, it might be anybody's */
			return down(o, LP_TEMP, 0, "%s port %d: it says what it wasn't asked, or no SMTP (is 'port' right?)", host, l->server.port);
		/* fall through */
	default:
		if (said >= 500)
			return down(o, LP_CONFIG, said, "%s refuses us: %s", host, l->last);
		return down(o, LP_TEMP, said, "%s: %s", host, said >= 400 ? l->last : what);
	}
}

int
smtp_line_connecting(struct smtp_line *l, struct smtp_outcome *o)
{
	int running, left;
	CURLMsg *m;

	if (l->up)
		return 1;
	if (!l->connecting || curl->multi_perform(l->multi, &running) != CURLM_OK)
		return down(o, LP_TEMP, 0, "libcurl can't start");
	while ((m = curl->multi_info_read(l->multi, &left)) != NULL) {
		CURLcode code = m->data.result;

		if (m->msg != CURLMSG_DONE)
			continue;
		l->connecting = false;
		if (code == CURLE_OK && curl->easy_getinfo(l->easy, CURLINFO_ACTIVESOCKET, &l->fd) == CURLE_OK && l->fd != CURL_SOCKET_BAD)
			l->up = true;
		/* libcurl goes on without a login where the server has none: ours is wanted */
		if (l->up && (l->server.password != NULL || l->server.token != NULL) && !l->offer.auth)
			l->up = false, code = CURLE_LOGIN_DENIED;
		if (l->up)
			return 1;
		judge(l, code, o);
		smtp_line_drop(l);
		return -1;
	}
	return 0;
}

const struct smtp_offer *
smtp_line_offer(const struct smtp_line *l)
{
	return &l->offer;
}

bool
smtp_line_up(const struct smtp_line *l)
{
	return l->up;
}

long
smtp_line_put(struct smtp_line *l, const char *s, size_t n)
{
	size_t done = 0;
	CURLcode code = curl->easy_send(l->easy, s, n, &done);

	return code == CURLE_OK ? (long)done : code == CURLE_AGAIN ? 0 : -1;
}

long
smtp_line_get(struct smtp_line *l, char *s, size_t n)
{
	size_t done = 0;
	CURLcode code = curl->easy_recv(l->easy, s, n, &done);

	return code == CURLE_AGAIN ? 0 : code == CURLE_OK && done > 0 ? (long)done : -1;
}

int
smtp_line_fds(struct smtp_line *l, struct pollfd *fds, int most, bool writing)
{
	fd_set in, out, bad;
	int last = -1, n = 0;

	if (l->up && most > 0) {
		fds[0] = (struct pollfd){ .fd = l->fd, .events = (short)(POLLIN | (writing ? POLLOUT : 0)) };
		return 1;
	}
	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_ZERO(&bad);
	if (!l->connecting || curl->multi_fdset(l->multi, &in, &out, &bad, &last) != CURLM_OK)
		return 0;
	for (int fd = 0; fd <= last && n < most; fd++)
		if (FD_ISSET(fd, &in) || FD_ISSET(fd, &out))
			fds[n++] = (struct pollfd){ .fd = fd, .events = (short)((FD_ISSET(fd, &in) ? POLLIN : 0) | (FD_ISSET(fd, &out) ? POLLOUT : 0)) };
	return n;
}

int
smtp_line_wait_ms(struct smtp_line *l)
{
	long ms = -1;

	if (!l->connecting || curl->multi_timeout(l->multi, &ms) != CURLM_OK)
		return -1;
	/* "no timer" while a name is looked up in a thread of libcurl's: look again soon */
	return ms < 0 || ms > 100 ? 100 : (int)ms;
}
