/*
 * twilio.c - SMS and WhatsApp by Twilio's Messages.  Of a request whose answer was lost the list of messages tells, later at the latest: that it isn't
 * listed yet proves nothing.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "channel/phone_int.h"

#define BASE "https://api.twilio.com"
#define CLOCKS (10 * LP_MINUTE) /* that ours and theirs may differ by */
#define PAGES 5 /* of the list, 100 messages each: of one number in one day there aren't more */

static const char *const tiers[] = { "250", "1000", "10000", "100000", "unlimited", NULL };

#define COMMON \
	{ .name = "account_sid", .type = KEY_TEXT, .help = "of the account, AC..." }, \
	{ .name = "key_sid", .type = KEY_TEXT, .help = "of an API key, SK..., whose secret the token is; default: the account's own token" }, \
	{ .name = "token_env", .type = KEY_VARIABLE, .help = "the environment variable that has the auth token" }, \
	{ .name = "token_command", .type = KEY_COMMAND, .help = "a command that prints it" }, \
	{ .name = "messaging_service_sid", .type = KEY_TEXT, .help = "MG...: it chooses the number; default: from the account's address" }, \
	{ .name = "status_callback", .type = KEY_URL, .help = "where Twilio tells what becomes of a message" }, \
	PHONE_INBOUND, \
	{ .name = "base_url", .type = KEY_URL, .help = "default " BASE }, \
	{ .name = "ca_file", .type = KEY_PATH, .help = "certificates to trust instead of the system's" }

static const struct channel_key sms_keys[] = {
	COMMON,
	{ .name = "max_sms_segments", .type = KEY_NUMBER, .help = "of one message; default 3", .least = 1, .most = 10 },
	{ 0 }
};

static const struct channel_key whatsapp_keys[] = {
	COMMON,
	{ .name = "tier", .type = KEY_WORD, .help = "people that may be written to first in 24 hours, as Meta allows; default 250", .words = tiers },
	{ 0 }
};

/* A line of one of the two kinds. */
struct twilio {
	struct phone *p;
	bool whatsapp;
};

static bool
reaches(const cJSON *settings)
{
	return phone_reaches(settings, "base_url");
}

static int
sid(const cJSON *settings, const char *key, const char *letters, struct lp_err *err)
{
	const char *s = json_str(settings, key);

	if (s != NULL && (strlen(s) != 34 || strncmp(s, letters, 2) != 0 || s[2 + strspn(s + 2, "0123456789abcdefABCDEF")] != '\0'))
		return lp_fail(err, LP_CONFIG, "%s: '%.40s' is none (%s and 32 hexadecimal digits)", key, s, letters);
	return 0;
}

static int
validate(const cJSON *settings, struct lp_err *err)
{
	static const char *const needs[] = { "account_sid", NULL };

	if (phone_needs(settings, needs, "twilio", err) == -1 || phone_token_named(settings, err) == -1 ||
	    sid(settings, "account_sid", "AC", err) == -1 || sid(settings, "key_sid", "SK", err) == -1 ||
	    sid(settings, "messaging_service_sid", "MG", err) == -1)
		return -1;
	return http_url_ok(phone_url(settings, "base_url", BASE), false, err);
}

static void *
open_kind(const cJSON *settings, bool whatsapp, struct lp_err *err)
{
	struct phone *p = validate(settings, err) == -1 ? NULL : phone_open(settings, err);
	struct twilio *t;

	if (p == NULL)
		return NULL;
	t = xcalloc(1, sizeof(*t));
	*t = (struct twilio){ p, whatsapp };
	return t;
}

static void *
open_sms(const cJSON *settings, struct lp_err *err)
{
	return open_kind(settings, false, err);
}

static void *
open_whatsapp(const cJSON *settings, struct lp_err *err)
{
	return open_kind(settings, true, err);
}

static void
close_twilio(void *arg)
{
	struct twilio *t = arg;

	if (t == NULL)
		return;
	phone_close(t->p);
	free(t);
}

static char *
number(const struct twilio *t, const char *e164)
{
	return t->whatsapp ? xasprintf("whatsapp:%s", e164) : xstrdup(e164);
}

/* A ContentSid's parameters are a JSON object in a field of the form: {"1":"Ana","2":"Acme"}. */
static char *
variables(const cJSON *template)
{
	cJSON *o = cJSON_CreateObject();
	const cJSON *p;
	char name[16], *s;
	int n = 0;

	cJSON_ArrayForEach(p, json_get(template, "parameters")) {
		snprintf(name, sizeof(name), "%d", ++n);
		cJSON_AddStringToObject(o, name, cJSON_IsString(p) ? p->valuestring : "");
	}
	s = n > 0 ? json_print(o) : NULL;
	cJSON_Delete(o);
	return s;
}

static void
body_of(const struct twilio *t, const struct channel_mail *m, struct buf *b)
{
	const char *service = json_str(t->p->settings, "messaging_service_sid");
	char *to = number(t, m->to), *from = number(t, m->from), *vars;

	buf_form(b, "To", to);
	if (service != NULL)
		buf_form(b, "MessagingServiceSid", service);
	else
		buf_form(b, "From", from);
	if (m->template != NULL) {
		vars = variables(m->template);
		buf_form(b, "ContentSid", json_text(m->template, "name"));
		buf_form(b, "ContentVariables", vars);
		free(vars);
	} else
		buf_form(b, "Body", m->text);
	buf_form(b, "StatusCallback", json_str(t->p->settings, "status_callback"));
	free(to);
	free(from);
}

/* What one message says of itself, in the answer to a request or in a list. */
static void
tell(const cJSON *o, int http, struct channel_result *res)
{
	const char *status = json_str(o, "status"), *id = json_text(o, "sid");
	const struct phone_code *c = phone_code(phone_twilio_codes, (int)json_num(o, "error_code", 0));
	bool failed = status != NULL && (strcmp(status, "failed") == 0 || strcmp(status, "undelivered") == 0 || strcmp(status, "canceled") == 0);

	if (failed) {
		channel_say(res, CHANNEL_REFUSED, http, "%s: %s", status, json_str(o, "error_message") != NULL ? json_str(o, "error_message") : "no word about it");
		res->blame = c != NULL ? c->blame : BLAME_NOBODY;
		if (json_num(o, "error_code", 0) > 0)
			snprintf(res->status, sizeof(res->status), "%d", (int)json_num(o, "error_code", 0));
	} else {
		channel_say(res, CHANNEL_ACCEPTED, http, "%s as %s", status != NULL ? status : "taken", id);
		snprintf(res->status, sizeof(res->status), "%.23s", status != NULL ? status : "");
	}
	snprintf(res->id, sizeof(res->id), "%s", id);
}

static bool
sid_ok(const char *s)
{
	return s != NULL && strlen(s) == 34 && (strncmp(s, "SM", 2) == 0 || strncmp(s, "MM", 2) == 0);
}

void
twilio_answer(const struct http_response *r, struct channel_result *res)
{
	cJSON *o = json_object(r->body, r->len, NULL);
	double code = json_num(o, "code", 0);

	if (r->status >= 200 && r->status < 300 && sid_ok(json_str(o, "sid")))
		tell(o, (int)r->status, res);
	else if (r->status >= 200 && r->status < 300)
		channel_say(res, CHANNEL_UNKNOWN, (int)r->status, "HTTP %ld, but it names no message", r->status);
	else
		phone_answer_error(r, phone_twilio_codes, code > 0 && code < 1e9 ? (int)code : 0, json_str(o, "message"), res);
	cJSON_Delete(o);
}

/* "Fri, 24 May 2019 17:44:46 +0000" as ms; 0 where it is none. */
static int64_t
made_at(const cJSON *o)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const char *s = json_str(o, "date_created"), *m;
	int day, year, h, min, sec, zone;
	char month[4];

	if (s == NULL || sscanf(s, "%*3s, %2d %3s %4d %2d:%2d:%2d %5d", &day, month, &year, &h, &min, &sec, &zone) != 7 ||
	    (m = strstr(months, month)) == NULL || strlen(month) != 3 || (m - months) % 3 != 0)
		return 0;
	return (lp_days_from_civil(year, (int)(m - months) / 3 + 1, day) * LP_DAY + (h * 60 + min - zone / 100 * 60 - zone % 100) * LP_MINUTE +
	    sec * LP_SECOND);
}

/* Ours by its words and its time: two alike to one person are two tries of one, for nothing else of ours says the same to them again. */
int
twilio_listed(const struct http_response *r, const struct channel_mail *m, struct channel_result *res)
{
	cJSON *o = r->status == 200 ? json_object(r->body, r->len, NULL) : NULL;
	const cJSON *list = json_get(o, "messages"), *x;
	int found = cJSON_IsArray(list) ? 0 : -1;
	const char *direction, *body;
	int64_t at;

	cJSON_ArrayForEach(x, list) {
		at = made_at(x);
		direction = json_str(x, "direction");
		body = json_str(x, "body");
		if (found == 1 || (direction != NULL && strncmp(direction, "outbound", 8) != 0) || !sid_ok(json_str(x, "sid")) ||
		    body == NULL || m->text == NULL || strcmp(body, m->text) != 0 || (at != 0 && at < m->reserved_at - CLOCKS))
			continue;
		tell(x, (int)r->status, res);
		found = 1;
	}
	cJSON_Delete(o);
	return found;
}

/* The next page's address is within the host of this one, or it isn't followed. */
static char *
next_page(const struct twilio *t, const struct http_response *r)
{
	cJSON *o = json_object(r->body, r->len, NULL);
	const char *next = json_str(o, "next_page_uri");
	char *url = next != NULL && strncmp(next, "/2010-04-01/", 12) == 0 ?
	    xasprintf("%s%s", phone_url(t->p->settings, "base_url", BASE), next) : NULL;

	cJSON_Delete(o);
	return url;
}

static char *
first_page(const struct twilio *t, const struct channel_mail *m)
{
	struct buf b = { 0 };
	char *to = number(t, m->to), iso[LP_ISO_SIZE];

	buf_printf(&b, "%s/2010-04-01/Accounts/%s/Messages.json?To=", phone_url(t->p->settings, "base_url", BASE), json_text(t->p->settings, "account_sid"));
	buf_percent(&b, to, URL_UNRESERVED);
	/* days, in UTC; one more, for our clock and theirs needn't agree */
	buf_printf(&b, "&DateSent%%3E=%.10s&PageSize=100", lp_iso(m->reserved_at - LP_DAY, iso));
	free(to);
	return buf_steal(&b);
}

static char *
authorization(const struct twilio *t)
{
	const char *key = json_str(t->p->settings, "key_sid");

	return phone_basic(key != NULL ? key : json_text(t->p->settings, "account_sid"), t->p->secret);
}

static int
find(void *arg, const struct channel_mail *m, struct channel_result *res, struct lp_err *err)
{
	struct twilio *t = arg;
	char *auth = authorization(t), *url = m->template == NULL ? first_page(t, m) : NULL, *next;
	struct http_response r;
	int found = 0;

	/* a template's words are the service's: they can't be compared */
	for (int page = 0; found == 0 && url != NULL && page < PAGES; page++) {
		next = NULL;
		if (phone_send(t->p, &(struct http_request){ .method = "GET", .url = url,
		    .headers = (const char *const[]){ "Accept: application/json", auth, NULL } }, &r, res) == 1) {
			found = twilio_listed(&r, m, res);
			next = found == 0 ? next_page(t, &r) : NULL;
			http_response_clear(&r);
		} else
			found = -1;
		free(url);
		url = next;
	}
	free(url);
	wipe(auth);
	if (found == 1)
		return 1;
	return lp_fail(err, found == 0 ? LP_NO : LP_TEMP, found == 0 ? "the service doesn't list it (yet): that proves nothing" : "the service can't be asked now");
}

static void
deliver(void *arg, const struct channel_mail *m, struct channel_result *res)
{
	struct twilio *t = arg;
	struct channel_result later;
	struct http_response r;
	struct buf body = { 0 };
	char *url, *auth;

	if (!phone_text_ok(m, m->from, res))
		return;
	url = xasprintf("%s/2010-04-01/Accounts/%s/Messages.json", phone_url(t->p->settings, "base_url", BASE), json_text(t->p->settings, "account_sid"));
	auth = authorization(t);
	body_of(t, m, &body);
	if (phone_send(t->p, &(struct http_request){ .method = "POST", .url = url, .body = buf_str(&body), .body_len = body.len,
	    .headers = (const char *const[]){ "Content-Type: application/x-www-form-urlencoded", "Accept: application/json", auth, NULL } }, &r, res) == 1) {
		twilio_answer(&r, res);
		http_response_clear(&r);
	}
	if (res->state == CHANNEL_UNKNOWN && find(t, m, &later, NULL) == 1)
		*res = later;
	wipe(auth);
	buf_free(&body);
	free(url);
}

const struct channel channel_twilio = { .kind = "twilio", .carries = "sms", .reaches = reaches, .keys = sms_keys, .validate = validate,
	.open_out = open_sms, .close = close_twilio, .deliver = deliver, .find = find };

const struct channel channel_twilio_whatsapp = { .kind = "twilio-whatsapp", .carries = "whatsapp", .reaches = reaches, .keys = whatsapp_keys,
	.validate = validate, .open_out = open_whatsapp, .close = close_twilio, .deliver = deliver, .find = find };
