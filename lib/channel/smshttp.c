/*
 * smshttp.c - SMS by any HTTP service that a few lines of YAML describe.  What a message says is put into a form, a JSON text or the URL in that place's own
 * spelling, so that no text of a message can become another field.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "channel/phone_int.h"

static const char *const methods[] = { "POST", "PUT", "GET", NULL };

static const struct channel_key keys[] = {
	{ .name = "url", .type = KEY_URL, .help = "where a message is put; {to} {from} {text} {id} may stand in its query" },
	{ .name = "method", .type = KEY_WORD, .help = "default POST", .words = methods },
	{ .name = "headers", .type = KEY_TEXT, .help = "'Name: value', parted by ' | '; {token} and {basic} (of user and token) stand for the secret" },
	{ .name = "form", .type = KEY_TEXT, .help = "the body as a form: to={to}&from={from}&text={text}" },
	{ .name = "json", .type = KEY_TEXT, .help = "the body as JSON: {\"to\":\"{to}\",\"text\":\"{text}\"}" },
	{ .name = "user", .type = KEY_TEXT, .help = "of {basic}" },
	{ .name = "token_env", .type = KEY_VARIABLE, .help = "the environment variable that has the secret" },
	{ .name = "token_command", .type = KEY_COMMAND, .help = "a command that prints it" },
	{ .name = "id_path", .type = KEY_TEXT, .help = "where the message's id is in the answer: messages.0.id" },
	{ .name = "code_path", .type = KEY_TEXT, .help = "where an error's code is" },
	{ .name = "accepted", .type = KEY_TEXT, .help = "HTTP statuses: taken; default 2xx" },
	{ .name = "deferred", .type = KEY_TEXT, .help = "try again later; default 429" },
	{ .name = "refused", .type = KEY_TEXT, .help = "never; default 400,404,422; 401 and 403 hold the account; what no list has isn't known" },
	{ .name = "max_sms_segments", .type = KEY_NUMBER, .help = "of one message; default 3", .least = 1, .most = 10 },
	PHONE_INBOUND,
	{ .name = "ca_file", .type = KEY_PATH, .help = "certificates to trust instead of the system's" },
	{ 0 }
};

static bool
reaches(const cJSON *settings)
{
	return phone_reaches(settings, "url");
}

/* The names of the places in a template, each known and closed. */
static int
places(const char *key, const char *s, const char *const *known, struct lp_err *err)
{
	for (const char *p = s; (p = strchr(p, '{')) != NULL; p++) {
		size_t n = strspn(p + 1, "abcdefghijklmnopqrstuvwxyz_");
		bool ok = false;

		if (n == 0 || p[n + 1] != '}') /* a brace of JSON, or of nothing */
			continue;
		for (size_t i = 0; known[i] != NULL; i++)
			ok = ok || (strlen(known[i]) == n && strncmp(known[i], p + 1, n) == 0);
		if (!ok)
			return lp_fail(err, LP_CONFIG, "%s: '{%.*s}' stands for nothing here", key, (int)n, p + 1);
	}
	return 0;
}

static const char *const of_message[] = { "to", "from", "text", "id", NULL };
static const char *const of_secret[] = { "token", "basic", NULL };

/* "2xx,404": is the status in it? -1 where it is no such list. */
static int
listed(const char *list, long status)
{
	int found = 0;

	for (const char *s = list; *s != '\0'; s += *s == ',') {
		s += strspn(s, " ");
		if (s[0] < '1' || s[0] > '5' || (strncmp(s + 1, "xx", 2) != 0 && (strspn(s, "0123456789") != 3)))
			return -1;
		if (s[1] == 'x' ? status / 100 == s[0] - '0' : status == strtol(s, NULL, 10))
			found = 1;
		s += 3;
		s += strspn(s, " ");
		if (*s != ',' && *s != '\0')
			return -1;
	}
	return found;
}

static int
check_headers(const cJSON *settings, struct lp_err *err)
{
	const char *h = json_text(settings, "headers");

	if (places("headers", h, of_secret, err) == -1)
		return -1;
	for (const char *s = h; *s != '\0';) {
		const char *end = strstr(s, " | ");
		size_t n = end != NULL ? (size_t)(end - s) : strlen(s);
		const char *colon = memchr(s, ':', n);

		if (colon == NULL || colon == s || memchr(s, ' ', (size_t)(colon - s)) != NULL)
			return lp_fail(err, LP_CONFIG, "headers: '%.*s' is no 'Name: value'", (int)(n < 60 ? n : 60), s);
		s += n + (end != NULL ? 3 : 0);
	}
	if (strstr(h, "{basic}") != NULL && json_str(settings, "user") == NULL)
		return lp_fail(err, LP_CONFIG, "user: {basic} in the headers needs it");
	if (strchr(h, '{') != NULL && (strstr(h, "{token}") != NULL || strstr(h, "{basic}") != NULL))
		return phone_token_named(settings, err);
	return 0;
}

static int
validate(const cJSON *settings, struct lp_err *err)
{
	static const char *const needs[] = { "url", NULL };
	static const char *const lists[] = { "accepted", "deferred", "refused", NULL };
	const char *form = json_str(settings, "form"), *json = json_str(settings, "json"), *url = json_str(settings, "url"), *whole;
	bool get = strcmp(json_text(settings, "method"), "GET") == 0;
	cJSON *o;

	if (phone_needs(settings, needs, "sms-http", err) == -1 || http_url_ok(url, false, err) == -1 || check_headers(settings, err) == -1)
		return -1;
	if (get ? form != NULL || json != NULL : (form != NULL) == (json != NULL))
		return lp_fail(err, LP_CONFIG, get ? "a GET has no body: the places stand in the url's query" : "either form or json: the body with its {to} and {text}");
	whole = get ? url : form != NULL ? form : json;
	if (strstr(whole, "{to}") == NULL || strstr(whole, "{text}") == NULL)
		return lp_fail(err, LP_CONFIG, "%s: no {to} or no {text}", get ? "url" : form != NULL ? "form" : "json");
	if (places("url", url, of_message, err) == -1 || places(form != NULL ? "form" : "json", whole, of_message, err) == -1)
		return -1;
	if (strchr(url, '{') != NULL && (strchr(url, '?') == NULL || strchr(url, '{') < strchr(url, '?')))
		return lp_fail(err, LP_CONFIG, "url: the places may stand in its query alone");
	if (json != NULL) {
		struct lp_err why;

		if ((o = json_parse(json, strlen(json), &why)) == NULL)
			return lp_fail(err, LP_CONFIG, "json: %s (a {place} stands within quotes)", why.msg);
		cJSON_Delete(o);
	}
	for (size_t i = 0; lists[i] != NULL; i++)
		if (listed(json_text(settings, lists[i]), 0) == -1)
			return lp_fail(err, LP_CONFIG, "%s: '%.60s' is no list of HTTP statuses (200,202 or 2xx)", lists[i], json_text(settings, lists[i]));
	return 0;
}

static void *
open_out(const cJSON *settings, struct lp_err *err)
{
	return validate(settings, err) == -1 ? NULL : phone_open(settings, err);
}

typedef const char *value_fn(const void *arg, const char *name, size_t n);

static const char *
of_mail(const void *arg, const char *name, size_t n)
{
	const struct channel_mail *m = arg;

	return n == 2 && strncmp(name, "to", n) == 0 ? m->to : n == 4 && strncmp(name, "from", n) == 0 ? m->from :
	    n == 4 && strncmp(name, "text", n) == 0 ? m->text : n == 2 && strncmp(name, "id", n) == 0 ? m->name : NULL;
}

struct secrets {
	const char *token, *basic;
};

static const char *
of_secrets(const void *arg, const char *name, size_t n)
{
	const struct secrets *s = arg;

	return n == 5 && strncmp(name, "token", n) == 0 ? s->token : n == 5 && strncmp(name, "basic", n) == 0 ? s->basic : NULL;
}

/* The text with its places filled, each value escaped as in a URL where asked. */
static void
fill(struct buf *b, const char *s, size_t len, value_fn *value, const void *arg, bool escape)
{
	const char *v, *end = s + len;
	size_t n;

	while (s < end) {
		n = *s == '{' ? strspn(s + 1, "abcdefghijklmnopqrstuvwxyz_") : 0;
		v = n > 0 && s + n + 1 < end && s[n + 1] == '}' ? value(arg, s + 1, n) : NULL;
		if (v == NULL)
			buf_putc(b, *s++);
		else {
			if (escape)
				buf_percent(b, v, URL_UNRESERVED);
			else
				buf_puts(b, v);
			s += n + 2;
		}
	}
}

/* In the strings of the tree, so that a quote in a message stays a quote. */
static void
fill_json(cJSON *o, const struct channel_mail *m)
{
	struct buf b = { 0 };
	cJSON *c;

	if (cJSON_IsString(o)) {
		fill(&b, o->valuestring, strlen(o->valuestring), of_mail, m, false);
		cJSON_SetValuestring(o, buf_str(&b));
		buf_free(&b);
		return;
	}
	cJSON_ArrayForEach(c, o)
		fill_json(c, m);
}

static void
body_of(const cJSON *settings, const struct channel_mail *m, struct buf *b)
{
	const char *form = json_str(settings, "form"), *json = json_str(settings, "json");
	cJSON *o;
	char *s;

	if (form != NULL)
		fill(b, form, strlen(form), of_mail, m, true);
	else if (json != NULL && (o = json_parse(json, strlen(json), NULL)) != NULL) {
		fill_json(o, m);
		s = json_print(o);
		buf_puts(b, s);
		free(s);
		cJSON_Delete(o);
	}
}

#define HEADERS_MAX 16

/* The headers as they go, the secret in them. The caller wipes each. */
static size_t
headers_of(const struct phone *p, bool form, bool json, char *list[HEADERS_MAX + 1])
{
	const char *s = json_text(p->settings, "headers"), *user = json_str(p->settings, "user");
	char *basic = user != NULL && p->secret != NULL ? phone_basic(user, p->secret) : NULL;
	struct secrets secrets = { p->secret, basic != NULL ? basic + strlen("Authorization: Basic ") : NULL };
	struct buf b = { 0 };
	size_t n = 0, len;

	list[n++] = xstrdup("Accept: application/json");
	if (form || json)
		list[n++] = xstrdup(form ? "Content-Type: application/x-www-form-urlencoded" : "Content-Type: application/json");
	while (*s != '\0' && n < HEADERS_MAX) {
		const char *end = strstr(s, " | ");

		len = end != NULL ? (size_t)(end - s) : strlen(s);
		/* room at once: growing would leave parts of the secret behind in freed memory */
		buf_reserve(&b, len + 2 * (p->secret != NULL ? strlen(p->secret) : 0) + (basic != NULL ? strlen(basic) : 0) + 1);
		fill(&b, s, len, of_secrets, &secrets, false);
		list[n++] = buf_steal(&b);
		s += len + (end != NULL ? 3 : 0);
	}
	list[n] = NULL;
	wipe(basic);
	return n;
}

static const cJSON *
at(const cJSON *o, const cJSON *settings, const char *key)
{
	const char *path = json_str(settings, key);

	return path != NULL && o != NULL ? json_path(o, path) : NULL;
}

static void
copy(const cJSON *v, char *out, size_t size)
{
	if (cJSON_IsString(v) && strlen(v->valuestring) < size)
		snprintf(out, size, "%s", v->valuestring);
	else if (cJSON_IsNumber(v))
		snprintf(out, size, "%.0f", v->valuedouble);
}

static bool
is_in(const cJSON *settings, const char *key, const char *dflt, long status)
{
	const char *s = json_str(settings, key);

	return listed(s != NULL ? s : dflt, status) == 1;
}

void
sms_http_answer(const cJSON *settings, const struct http_response *r, struct channel_result *res)
{
	cJSON *o = json_parse(r->body, r->len, NULL);
	const cJSON *code = at(o, settings, "code_path");
	struct channel_result got = { 0 };
	int64_t wait = http_retry_after(r, lp_now_real());

	copy(at(o, settings, "id_path"), got.id, sizeof(got.id));
	copy(code, got.status, sizeof(got.status));
	if (is_in(settings, "accepted", "2xx", r->status)) {
		/* who says where the id is, gets one with every message that was taken */
		if (json_str(settings, "id_path") != NULL && *got.id == '\0')
			channel_say(res, CHANNEL_UNKNOWN, (int)r->status, "HTTP %ld, but there is no id at id_path", r->status);
		else
			channel_say(res, CHANNEL_ACCEPTED, (int)r->status, "HTTP %ld%s%s", r->status, *got.id != '\0' ? ", as " : "", got.id);
	} else if (is_in(settings, "deferred", "429", r->status))
		channel_say(res, CHANNEL_DEFERRED, (int)r->status, "HTTP %ld %s", r->status, got.status);
	else if (is_in(settings, "refused", "400,404,422", r->status))
		channel_say(res, CHANNEL_REFUSED, (int)r->status, "HTTP %ld %s", r->status, got.status);
	else if (r->status == 401 || r->status == 403 || r->status / 100 == 3) {
		channel_say(res, CHANNEL_REFUSED, (int)r->status, "HTTP %ld %s", r->status, got.status);
		res->blame = BLAME_US;
	} else
		channel_say(res, CHANNEL_UNKNOWN, (int)r->status, "HTTP %ld, which is in none of accepted, deferred and refused", r->status);
	if (res->state == CHANNEL_ACCEPTED)
		memcpy(res->id, got.id, sizeof(res->id));
	memcpy(res->status, got.status, sizeof(res->status));
	if (res->state == CHANNEL_DEFERRED && wait > 0)
		res->retry_ms = wait;
	cJSON_Delete(o);
}

static void
deliver(void *arg, const struct channel_mail *m, struct channel_result *res)
{
	struct phone *p = arg;
	const char *method = json_str(p->settings, "method"), *url = json_text(p->settings, "url");
	char *headers[HEADERS_MAX + 1];
	struct buf body = { 0 }, to = { 0 };
	struct http_response r;
	size_t n;

	if (!phone_text_ok(m, NULL, res))
		return;
	fill(&to, url, strlen(url), of_mail, m, true);
	body_of(p->settings, m, &body);
	n = headers_of(p, json_str(p->settings, "form") != NULL, json_str(p->settings, "json") != NULL, headers);
	if (phone_send(p, &(struct http_request){ .method = method != NULL ? method : "POST", .url = buf_str(&to), .headers = (const char *const *)headers,
	    .body = body.len > 0 ? body.s : NULL, .body_len = body.len }, &r, res) == 1) {
		sms_http_answer(p->settings, &r, res);
		http_response_clear(&r);
	}
	while (n > 0)
		wipe(headers[--n]);
	buf_free(&body);
	buf_free(&to);
}

const struct channel channel_sms_http = { .kind = "sms-http", .carries = "sms", .reaches = reaches, .keys = keys, .validate = validate,
	.open_out = open_out, .close = phone_close, .deliver = deliver };
