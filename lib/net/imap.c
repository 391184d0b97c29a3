#include "net/imap.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "net/curl_load.h"

#define TALK_MAX ((size_t)1 << 20)      /* bytes of lines that the server says beside what was asked */
#define SEARCH_MAX ((size_t)64 << 10)

static const struct curl_calls *curl;

struct imap {
	CURL *easy;
	char *base;                     /* "imaps://host:port" */
	char *user, *password, *token, *ca_file;
	enum imap_security security;
	int64_t connect_ms, total_ms;
	bool in;                        /* logged in once: what is denied from then on is a folder */
	/* of the thing asked now */
	struct buf data;
	size_t max, heard;
	const char *up;                 /* what goes up */
	size_t left;
	char said[300];                 /* the server's last NO or BAD */
	char error[CURL_ERROR_SIZE];
};

struct imap *
imap_new(const struct imap_server *v, struct lp_err *err)
{
	bool bare6 = strchr(v->host, ':') != NULL && *v->host != '[';
	struct imap *i;

	if ((curl = curl_load(err)) == NULL)
		return NULL;
	i = xcalloc(1, sizeof(*i));
	i->base = xasprintf("%s://%s%s%s:%d", v->security == IMAP_TLS ? "imaps" : "imap", bare6 ? "[" : "", v->host, bare6 ? "]" : "", v->port);
	i->user = xstrdup(v->user);
	i->password = xstrdup(v->password);
	i->token = xstrdup(v->token);
	i->ca_file = xstrdup(v->ca_file);
	i->security = v->security;
	i->connect_ms = v->connect_ms > 0 ? v->connect_ms : 15000;
	i->total_ms = v->total_ms > 0 ? v->total_ms : 40000;
	if ((i->easy = curl->easy_init()) == NULL) {
		lp_fail(err, LP_TEMP, "libcurl: no memory");
		imap_free(i);
		return NULL;
	}
	return i;
}

void
imap_free(struct imap *i)
{
	if (i == NULL)
		return;
	if (i->easy != NULL) {
		/* the line is closed with a LOGOUT, which must not wait for a server that sleeps */
		curl->easy_setopt(i->easy, CURLOPT_TIMEOUT_MS, 2000L);
		curl->easy_cleanup(i->easy);
	}
	wipe(i->password);
	wipe(i->token);
	free(i->base);
	free(i->user);
	free(i->ca_file);
	buf_free(&i->data);
	free(i);
}

static size_t
take(char *data, size_t one, size_t n, void *arg)
{
	struct imap *i = arg;

	(void)one;
	if (i->data.len + n > i->max)
		return 0;
	buf_add(&i->data, data, n);
	return n;
}

/* Every line of the talk. The last one with a tag is the answer to what was asked. */
static size_t
hear(char *data, size_t one, size_t n, void *arg)
{
	struct imap *i = arg;
	size_t at;

	(void)one;
	i->heard += n;
	if (i->heard > TALK_MAX)
		return 0;
	if (n > 5 && isalpha((unsigned char)data[0]) && isdigit((unsigned char)data[1]) && (at = strcspn(data, " \r\n")) < n && strncasecmp(data + at, " OK", 3) != 0) {
		snprintf(i->said, sizeof(i->said), "%.*s", (int)(n - at - 1 < sizeof(i->said) ? n - at - 1 : sizeof(i->said) - 1), data + at + 1);
		for (char *p = i->said; *p != '\0'; p++)
			if ((unsigned char)*p < 0x20 || *p == 0x7f)
				*p = ' ';
		at = strlen(i->said);
		while (at > 0 && i->said[at - 1] == ' ')
			i->said[--at] = '\0';
	}
	return n;
}

static size_t
give(char *out, size_t one, size_t n, void *arg)
{
	struct imap *i = arg;
	size_t len = one * n < i->left ? one * n : i->left;

	memcpy(out, i->up, len);
	i->up += len;
	i->left -= len;
	return len;
}

/* A handle as new, but for its connection. `path` is what stands behind the host. */
static void
prepare(struct imap *i, const char *path, size_t max)
{
	char *url = xasprintf("%s/%s", i->base, path);
	CURL *e = i->easy;

	curl->easy_reset(e);
	buf_reset(&i->data);
	i->max = max;
	i->heard = 0;
	i->said[0] = i->error[0] = '\0';
	curl->easy_setopt(e, CURLOPT_URL, url); /* copied */
	curl->easy_setopt(e, CURLOPT_PROTOCOLS_STR, "imap,imaps");
	curl->easy_setopt(e, CURLOPT_PROXY, "");
	curl->easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl->easy_setopt(e, CURLOPT_USE_SSL, i->security == IMAP_PLAIN ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
	curl->easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)i->connect_ms);
	curl->easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)i->total_ms);
	curl->easy_setopt(e, CURLOPT_ERRORBUFFER, i->error);
	curl->easy_setopt(e, CURLOPT_WRITEFUNCTION, take);
	curl->easy_setopt(e, CURLOPT_WRITEDATA, i);
	curl->easy_setopt(e, CURLOPT_HEADERFUNCTION, hear);
	curl->easy_setopt(e, CURLOPT_HEADERDATA, i);
	curl->easy_setopt(e, CURLOPT_USERNAME, i->user != NULL ? i->user : "");
	if (i->ca_file != NULL)
		curl->easy_setopt(e, CURLOPT_CAINFO, i->ca_file);
	if (i->token != NULL) {
		curl->easy_setopt(e, CURLOPT_XOAUTH2_BEARER, i->token);
		curl->easy_setopt(e, CURLOPT_LOGIN_OPTIONS, "AUTH=XOAUTH2");
	} else if (i->password != NULL)
		curl->easy_setopt(e, CURLOPT_PASSWORD, i->password);
	free(url);
}

/* Do what was prepared. 0; -1 with the kind that a caller acts on; `folder` is what it was about, or NULL. */
static int
perform(struct imap *i, const char *folder, CURLcode *code, struct lp_err *err)
{
	const char *why = *i->error != '\0' ? i->error : NULL;
	CURLcode c;

	c = *code = curl->easy_perform(i->easy);
	if (c == CURLE_OK) {
		i->in = true;
		return 0;
	}
	why = *i->error != '\0' ? i->error : curl->easy_strerror(c);
	switch (c) {
	case CURLE_LOGIN_DENIED:
		if (folder != NULL && (i->in || strstr(why, "elect") != NULL)) {
			i->in = true;
			return lp_fail(err, LP_CONFIG, "IMAP: there is no folder '%.100s': %.200s", folder, i->said);
		}
		return lp_fail(err, LP_CONFIG, "IMAP: the login as '%.100s' was refused: %.200s (are user and password right?)", i->user != NULL ? i->user : "", i->said);
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_USE_SSL_FAILED:
		return lp_fail(err, LP_CONFIG, "IMAP: %s: %.250s%s", i->base, why, curl_hint(why));
	case CURLE_UPLOAD_FAILED:
		return lp_fail(err, strstr(i->said, "TRYCREATE") != NULL ? LP_CONFIG : LP_UNAVAILABLE, "IMAP: folder '%.100s': %.200s", folder != NULL ? folder : "", i->said);
	case CURLE_QUOTE_ERROR:
		return lp_fail(err, LP_UNAVAILABLE, "IMAP: %.250s", *i->said != '\0' ? i->said : why);
	case CURLE_WRITE_ERROR:
		return lp_fail(err, LP_UNAVAILABLE, "IMAP: %s says too much", i->base);
	case CURLE_COULDNT_RESOLVE_HOST:
		return lp_fail(err, LP_TEMP, "IMAP: %s: no such address (is 'imap_host' right?)", i->base);
	case CURLE_COULDNT_CONNECT:
		return lp_fail(err, LP_TEMP, "IMAP: %s: can't connect (is 'imap_port' right, and the server up?)", i->base);
	case CURLE_SSL_CONNECT_ERROR:
		return lp_fail(err, LP_TEMP, "IMAP: %s: no TLS: %.200s (is 'imap_security' right? 143 is starttls)", i->base, why);
	case CURLE_OPERATION_TIMEDOUT:
		if (!i->in && i->security != IMAP_TLS)
			return lp_fail(err, LP_TEMP, "IMAP: %s: %.200s (is 'imap_security' right? 993 is tls)", i->base, why);
		return lp_fail(err, LP_TEMP, "IMAP: %s: %.250s", i->base, why);
	default:
		return lp_fail(err, LP_TEMP, "IMAP: %s: %.250s", i->base, why);
	}
}

int
imap_login(struct imap *i, bool *refused, struct lp_err *err)
{
	CURLcode c;
	int r;

	prepare(i, "", SEARCH_MAX);
	curl->easy_setopt(i->easy, CURLOPT_CUSTOMREQUEST, "NOOP");
	r = perform(i, NULL, &c, err);
	if (refused != NULL)
		*refused = c == CURLE_LOGIN_DENIED;
	return r;
}

/* Base64 of RFC 3501: ',' for '/', no padding. */
static void
add_utf7(struct buf *out, const unsigned char *utf16, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";
	unsigned bits = 0, have = 0;

	buf_putc(out, '&');
	for (size_t k = 0; k < n; k++) {
		bits = bits << 8 | utf16[k];
		for (have += 8; have >= 6; have -= 6)
			buf_putc(out, digits[bits >> (have - 6) & 63]);
		bits &= 0xff;
	}
	if (have > 0)
		buf_putc(out, digits[bits << (6 - have) & 63]);
	buf_putc(out, '-');
}

static void
add_unit(struct buf *wide, unsigned u)
{
	buf_putc(wide, (char)(u >> 8));
	buf_putc(wide, (char)(u & 0xff));
}

bool
imap_folder(const char *name, struct buf *out)
{
	const unsigned char *s = (const unsigned char *)name;
	struct buf wide = { 0 };

	if (*name == '\0' || strlen(name) > 500 || !utf8_ok(name, strlen(name)))
		return false;
	for (const char *p = name; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return false;
	while (*s != '\0' || wide.len > 0) {
		int more = *s >= 0xf0 ? 3 : *s >= 0xe0 ? 2 : *s >= 0xc0 ? 1 : 0;
		unsigned c = *s & (more == 3 ? 7 : more == 2 ? 15 : more == 1 ? 31 : 127);

		if (more == 0) {
			if (wide.len > 0)
				add_utf7(out, (unsigned char *)wide.s, wide.len);
			buf_reset(&wide);
			if (*s == '&')
				buf_puts(out, "&-");
			else if (*s != '\0')
				buf_putc(out, (char)*s);
			if (*s == '\0')
				break;
			s++;
			continue;
		}
		for (s++; more > 0; more--)
			c = c << 6 | (*s++ & 63);
		if (c >= 0x10000) {
			add_unit(&wide, 0xd800 + ((c - 0x10000) >> 10));
			add_unit(&wide, 0xdc00 + ((c - 0x10000) & 0x3ff));
		} else
			add_unit(&wide, c);
	}
	buf_free(&wide);
	return true;
}

/* The folder as a URL's path; NULL with LP_CONFIG. The caller frees. */
static char *
folder_path(const char *folder, struct lp_err *err)
{
	struct buf wire = { 0 }, url = { 0 };

	if (!imap_folder(folder, &wire)) {
		lp_fail(err, LP_CONFIG, "IMAP: '%.100s' can't be a folder's name", folder);
		buf_free(&wire);
		return NULL;
	}
	buf_percent(&url, wire.s, "");
	buf_free(&wire);
	return buf_steal(&url);
}

/* What a Message-ID may be here: it stands in a command between quotes. */
static bool
id_ok(const char *id)
{
	size_t n = strlen(id);

	for (const char *s = id; *s != '\0'; s++)
		if (*s <= 0x20 || *s > 0x7e || strchr("\"\\<>%*{}", *s) != NULL)
			return false;
	return n > 2 && n < 900;
}

int
imap_find(struct imap *i, const char *folder, const char *message_id, uint32_t *uid, struct lp_err *err)
{
	char *path, *command;
	CURLcode c;
	int r;

	if (!id_ok(message_id))
		return lp_fail(err, LP_DATA, "IMAP: no Message-ID that can be looked for");
	if ((path = folder_path(folder, err)) == NULL)
		return -1;
	command = xasprintf("UID SEARCH HEADER Message-ID \"%s\"", message_id);
	/* what came since the folder was opened is told to a NOOP */
	prepare(i, path, SEARCH_MAX);
	curl->easy_setopt(i->easy, CURLOPT_CUSTOMREQUEST, "NOOP");
	r = perform(i, folder, &c, err);
	if (r == 0) {
		prepare(i, path, SEARCH_MAX);
		curl->easy_setopt(i->easy, CURLOPT_CUSTOMREQUEST, command);
		r = perform(i, folder, &c, err);
	}
	free(path);
	free(command);
	if (r == -1)
		return -1;
	*uid = 0;
	for (const char *line = buf_str(&i->data); *line != '\0'; line += strcspn(line, "\n"), line += *line == '\n') {
		char *end;

		if (strncmp(line, "* SEARCH", 8) != 0)
			continue;
		for (const char *s = line + 8; *s == ' ' && isdigit((unsigned char)s[1]); s = end) {
			unsigned long v = strtoul(s, &end, 10);

			if (v > *uid && v <= UINT32_MAX)
				*uid = (uint32_t)v;
		}
	}
	return *uid != 0;
}

int
imap_header(struct imap *i, const char *folder, uint32_t uid, struct buf *out, struct lp_err *err)
{
	char *path = folder_path(folder, err), *url;
	CURLcode c;
	int r;

	if (path == NULL)
		return -1;
	url = xasprintf("%s;UID=%lu;SECTION=HEADER", path, (unsigned long)uid);
	prepare(i, url, IMAP_HEADER_MAX);
	r = perform(i, folder, &c, err);
	free(path);
	free(url);
	if (r == -1 && c == CURLE_REMOTE_FILE_NOT_FOUND)
		return 0;
	if (r == 0)
		buf_add(out, buf_str(&i->data), i->data.len);
	return r == 0 ? 1 : -1;
}

int
imap_append(struct imap *i, const char *folder, const char *data, size_t len, struct lp_err *err)
{
	char *path = folder_path(folder, err);
	struct buf crlf = { 0 };
	CURLcode c;
	int r;

	if (path == NULL)
		return -1;
	for (size_t k = 0; k < len; k++) {
		if (data[k] == '\n' && (k == 0 || data[k - 1] != '\r'))
			buf_putc(&crlf, '\r');
		buf_putc(&crlf, data[k]);
	}
	prepare(i, path, SEARCH_MAX);
	i->up = buf_str(&crlf);
	i->left = crlf.len;
	curl->easy_setopt(i->easy, CURLOPT_UPLOAD, 1L);
	curl->easy_setopt(i->easy, CURLOPT_READFUNCTION, give);
	curl->easy_setopt(i->easy, CURLOPT_READDATA, i);
	curl->easy_setopt(i->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)crlf.len);
	r = perform(i, folder, &c, err);
	free(path);
	buf_free(&crlf);
	return r;
}
