/* phone.c - what the channels of telephones share: the request, its answer, and what the services' codes mean. */
#include "channel/phone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/normal.h"
#include "base/secret.h"
#include "channel/phone_int.h"

#define CONNECT_MS (10 * LP_SECOND)
#define TOTAL_MS (30 * LP_SECOND)
#define ANSWER_MAX ((size_t)1 << 20)

const char *
phone_url(const cJSON *settings, const char *key, const char *dflt)
{
	const char *s = json_str(settings, key);

	return s != NULL ? s : dflt;
}

bool
phone_reaches(const cJSON *settings, const char *key)
{
	const char *s = json_str(settings, key);

	return s == NULL || !http_loopback(s);
}

int
phone_needs(const cJSON *settings, const char *const *keys, const char *kind, struct lp_err *err)
{
	for (; *keys != NULL; keys++)
		if (json_str(settings, *keys) == NULL)
			return lp_fail(err, LP_CONFIG, "%s: a %s account needs it", *keys, kind);
	return 0;
}

int
phone_token_named(const cJSON *settings, struct lp_err *err)
{
	bool env = json_str(settings, "token_env") != NULL, command = json_str(settings, "token_command") != NULL;

	if (env && command)
		return lp_fail(err, LP_CONFIG, "both token_env and token_command: the token is in one of them");
	return env || command ? 0 : lp_fail(err, LP_CONFIG, "token_env: the NAME of the environment variable that has the token (or token_command)");
}

/* E.164, as the database has it. */
static bool
phone_number_ok(const char *s)
{
	char out[NORMAL_PHONE_SIZE];

	return s != NULL && *s == '+' && normal_phone(s, NULL, out) && strcmp(s, out) == 0;
}

struct phone *
phone_open(const cJSON *settings, struct lp_err *err)
{
	struct phone *p = xcalloc(1, sizeof(*p));

	p->settings = cJSON_Duplicate(settings, true);
	if (secret_get(json_str(settings, "token_env"), json_str(settings, "token_command"), "token_command", &p->secret, err) == -1)
		goto fail;
	if (p->secret != NULL && (*p->secret == '\0' || strpbrk(p->secret, "\r\n") != NULL)) {
		lp_fail(err, LP_CONFIG, "the token is empty, or more than one line");
		goto fail;
	}
	if ((p->pool = http_pool_new(1, err)) == NULL)
		goto fail;
	return p;
fail:
	phone_close(p);
	return NULL;
}

void
phone_close(void *arg)
{
	struct phone *p = arg;

	if (p == NULL)
		return;
	http_pool_free(p->pool);
	wipe(p->secret);
	cJSON_Delete(p->settings);
	free(p);
}

bool
phone_text_ok(const struct channel_mail *m, const char *from, struct channel_result *r)
{
	if (!phone_number_ok(m->to) || (from != NULL && !phone_number_ok(from))) {
		channel_say(r, CHANNEL_REFUSED, 0, "'%.40s' is no number in E.164 (+4915112345678)", phone_number_ok(m->to) ? from : m->to);
		return false;
	}
	if (m->template != NULL)
		return true;
	if (m->text == NULL || m->text[strspn(m->text, " \t\r\n")] == '\0') {
		channel_say(r, CHANNEL_REFUSED, 0, "the message has no text");
		return false;
	}
	for (const char *s = m->text; *s != '\0'; s++)
		if (((unsigned char)*s < 0x20 && *s != '\n' && *s != '\t') || *s == 0x7f) {
			channel_say(r, CHANNEL_REFUSED, 0, "a control character in the text");
			return false;
		}
	return true;
}

const char *const phone_inbound[] = { "read", "pushed", NULL };

bool
channel_pushed(const cJSON *settings)
{
	const char *how = json_str(settings, "inbound");

	return how != NULL && strcmp(how, "pushed") == 0;
}

char *
phone_basic(const char *user, const char *secret)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	static const char head[] = "Authorization: Basic ";
	char *in = xasprintf("%s:%s", user, secret), *out, *o;
	size_t n = strlen(in);

	/* of its whole size at once: growing would leave parts of it behind in freed memory */
	o = out = xmalloc(sizeof(head) + (n + 2) / 3 * 4);
	memcpy(o, head, sizeof(head) - 1);
	o += sizeof(head) - 1;
	for (size_t i = 0; i < n; i += 3) {
		unsigned v = (unsigned)(unsigned char)in[i] << 16;

		if (i + 1 < n)
			v |= (unsigned)(unsigned char)in[i + 1] << 8;
		if (i + 2 < n)
			v |= (unsigned char)in[i + 2];
		*o++ = digits[v >> 18];
		*o++ = digits[v >> 12 & 63];
		*o++ = i + 1 < n ? digits[v >> 6 & 63] : '=';
		*o++ = i + 2 < n ? digits[v & 63] : '=';
	}
	*o = '\0';
	wipe(in);
	return out;
}

int
phone_send(struct phone *p, struct http_request *q, struct http_response *r, struct channel_result *res)
{
	struct lp_err err;

	q->connect_ms = CONNECT_MS;
	q->total_ms = TOTAL_MS;
	q->max_body = ANSWER_MAX;
	q->once = true;
	q->ca_file = json_str(p->settings, "ca_file");
	if (http_call(p->pool, q, r, &err) == -1) {
		channel_say(res, err.kind == LP_CONFIG ? CHANNEL_REFUSED : CHANNEL_DEFERRED, 0, "%s", err.msg);
		if (err.kind == LP_CONFIG)
			res->blame = BLAME_US;
		return 0;
	}
	if (r->state == HTTP_ANSWERED)
		return 1;
	channel_say(res, r->state == HTTP_LOST ? CHANNEL_UNKNOWN : r->retryable ? CHANNEL_DEFERRED : CHANNEL_REFUSED, 0, "%s", r->error);
	if (res->state == CHANNEL_REFUSED)
		res->blame = BLAME_US; /* a certificate that isn't trusted: no message of the account would fare better */
	http_response_clear(r);
	return 0;
}

const struct phone_code *
phone_code(const struct phone_code *t, int code)
{
	for (; t->code != 0; t++)
		if (code == t->code || (t->last != 0 && code >= t->code && code <= t->last))
			return t;
	return NULL;
}

/* Where the service named no code. What a 5xx has done is anybody's guess. */
static struct phone_code
by_status(long status)
{
	if (status == 429)
		return (struct phone_code){ .state = CHANNEL_DEFERRED };
	if (status == 401 || status == 403 || status == 407 || (status >= 300 && status < 400))
		return (struct phone_code){ .state = CHANNEL_REFUSED, .blame = BLAME_US };
	if (status >= 400 && status < 500)
		return (struct phone_code){ .state = CHANNEL_REFUSED };
	return (struct phone_code){ .state = CHANNEL_UNKNOWN };
}

void
phone_answer_error(const struct http_response *r, const struct phone_code *table, int code, const char *message, struct channel_result *res)
{
	const struct phone_code *known = code != 0 ? phone_code(table, code) : NULL;
	struct phone_code c = known != NULL ? *known : by_status(r->status);
	int64_t wait = http_retry_after(r, lp_now_real());

	if (code != 0)
		channel_say(res, c.state, (int)r->status, "%d: %s", code, message != NULL ? message : "no word about it");
	else
		channel_say(res, c.state, (int)r->status, "HTTP %ld%s%s", r->status, message != NULL ? ": " : "", message != NULL ? message : "");
	res->blame = c.blame;
	if (code != 0)
		snprintf(res->status, sizeof(res->status), "%d", code);
	if (c.state == CHANNEL_DEFERRED)
		res->retry_ms = wait > 0 ? wait : c.retry_ms;
}

/* What is refused for our sake stops the account, for the template's the campaign, and the message waits (sender/volume.h).
 *
 * Twilio: https://www.twilio.com/docs/api/errors.  Those from 30001 on come with a status, later. */
const struct phone_code phone_twilio_codes[] = {
	{ 20003, 0, CHANNEL_REFUSED, BLAME_US, 0 },            /* authentication */
	{ 20005, 20008, CHANNEL_REFUSED, BLAME_US, 0 },        /* account not active, suspended, closed, test credentials */
	{ 20429, 0, CHANNEL_DEFERRED, BLAME_NOBODY, 0 },       /* too many requests: never processed */
	{ 20503, 0, CHANNEL_DEFERRED, BLAME_NOBODY, 0 },       /* not available */
	{ 21211, 0, CHANNEL_REFUSED, BLAME_ADDRESS, 0 },       /* no number */
	{ 21212, 0, CHANNEL_REFUSED, BLAME_US, 0 },            /* our From is none */
	{ 21603, 21608, CHANNEL_REFUSED, BLAME_US, 0 },        /* From is missing, not ours, unverified trial … */
	{ 21610, 0, CHANNEL_REFUSED, BLAME_PERSON, 0 },        /* they said STOP */
	{ 21611, 0, CHANNEL_DEFERRED, BLAME_NOBODY, 0 },       /* our queue is full */
	{ 21614, 0, CHANNEL_REFUSED, BLAME_ADDRESS, 0 },       /* no mobile telephone */
	{ 21617, 0, CHANNEL_REFUSED, BLAME_NOBODY, 0 },        /* too long */
	{ 21655, 21656, CHANNEL_REFUSED, BLAME_CAMPAIGN, 0 },  /* no such ContentSid; its variables */
	{ 21659, 21661, CHANNEL_REFUSED, BLAME_US, 0 },        /* From is no number of the account */
	{ 21703, 21704, CHANNEL_REFUSED, BLAME_US, 0 },        /* the messaging service has no number */
	{ 30001, 0, CHANNEL_DEFERRED, BLAME_NOBODY, 0 },       /* queue overflow */
	{ 30002, 0, CHANNEL_REFUSED, BLAME_US, 0 },            /* account suspended */
	{ 30005, 30006, CHANNEL_REFUSED, BLAME_ADDRESS, 0 },   /* no such number; a landline */
	{ 30007, 0, CHANNEL_REFUSED, BLAME_US, 0 },             /* filtered by the carrier */
	{ 30034, 0, CHANNEL_REFUSED, BLAME_US, 0 },             /* from an unregistered number */
	{ 63003, 0, CHANNEL_REFUSED, BLAME_ADDRESS, 0 },       /* nobody with WhatsApp there */
	{ 63016, 0, CHANNEL_REFUSED, BLAME_NOBODY, 0 },        /* outside the window without a template */
	{ 63018, 0, CHANNEL_DEFERRED, BLAME_NOBODY, LP_HOUR }, /* rate */
	{ 63020, 0, CHANNEL_REFUSED, BLAME_US, 0 },            /* not accepted the invitation of the business account */
	{ 63024, 0, CHANNEL_REFUSED, BLAME_ADDRESS, 0 },       /* no recipient of WhatsApp */
	{ 63027, 63029, CHANNEL_REFUSED, BLAME_CAMPAIGN, 0 },  /* the template: not in that language, number of variables, no translation */
	{ 63040, 63042, CHANNEL_REFUSED, BLAME_CAMPAIGN, 0 },  /* the template is rejected, paused, disabled */
	{ 63049, 0, CHANNEL_DEFERRED, BLAME_NOBODY, LP_DAY },  /* Meta held a marketing message back */
	{ 63112, 0, CHANNEL_REFUSED, BLAME_US, 0 },            /* the business account is disabled */
	{ 0 }
};

/* Meta: developers.facebook.com, WhatsApp error codes.  Several come only with a status. */
const struct phone_code phone_meta_codes[] = {
	{ 2, 0, CHANNEL_DEFERRED, BLAME_NOBODY, 0 },           /* passing trouble; of 1, a 500 without a reason, nobody can tell what it did */
	{ 4, 0, CHANNEL_DEFERRED, BLAME_NOBODY, 0 },           /* rate of the application */
	{ 3, 0, CHANNEL_REFUSED, BLAME_US, 0 },                /* not allowed */
	{ 10, 0, CHANNEL_REFUSED, BLAME_US, 0 },
	{ 190, 0, CHANNEL_REFUSED, BLAME_US, 0 },              /* the token */
	{ 200, 299, CHANNEL_REFUSED, BLAME_US, 0 },
	{ 368, 0, CHANNEL_REFUSED, BLAME_US, 0 },              /* blocked for policy */
	{ 80007, 0, CHANNEL_DEFERRED, BLAME_NOBODY, 0 },       /* rate of the business account */
	{ 130429, 0, CHANNEL_DEFERRED, BLAME_NOBODY, 0 },      /* rate */
	{ 130497, 0, CHANNEL_REFUSED, BLAME_NOBODY, 0 },       /* restricted in that country: for this lead, not for others */
	{ 131000, 0, CHANNEL_DEFERRED, BLAME_NOBODY, 0 },      /* something went wrong: try again */
	{ 131005, 0, CHANNEL_REFUSED, BLAME_US, 0 },           /* access denied */
	{ 131016, 0, CHANNEL_DEFERRED, BLAME_NOBODY, 0 },      /* not available */
	{ 131026, 0, CHANNEL_REFUSED, BLAME_ADDRESS, 0 },      /* undeliverable */
	{ 131031, 0, CHANNEL_REFUSED, BLAME_US, 0 },           /* account locked */
	{ 131042, 0, CHANNEL_REFUSED, BLAME_US, 0 },           /* payment */
	{ 131045, 0, CHANNEL_REFUSED, BLAME_US, 0 },           /* certificate, registration */
	{ 131047, 0, CHANNEL_REFUSED, BLAME_NOBODY, 0 },       /* outside the window without a template */
	{ 131048, 0, CHANNEL_REFUSED, BLAME_US, 0 },           /* called spam too often */
	{ 131049, 0, CHANNEL_DEFERRED, BLAME_NOBODY, LP_DAY }, /* held back: they get much marketing */
	{ 131050, 0, CHANNEL_REFUSED, BLAME_PERSON, 0 },       /* they want no marketing */
	{ 131056, 0, CHANNEL_DEFERRED, BLAME_NOBODY, LP_MINUTE }, /* too fast to this one */
	{ 131057, 0, CHANNEL_DEFERRED, BLAME_NOBODY, 0 },      /* maintenance */
	{ 132000, 132001, CHANNEL_REFUSED, BLAME_CAMPAIGN, 0 }, /* the template: number of parameters; no such, or not approved */
	{ 132005, 0, CHANNEL_REFUSED, BLAME_NOBODY, 0 },       /* too long with what is in it: of this lead */
	{ 132007, 132016, CHANNEL_REFUSED, BLAME_CAMPAIGN, 0 }, /* its policy, the form of its parameters, paused, disabled */
	{ 133004, 133005, CHANNEL_DEFERRED, BLAME_NOBODY, 0 }, /* not available */
	{ 133010, 0, CHANNEL_REFUSED, BLAME_US, 0 },           /* our number isn't registered */
	{ 0 }
};

enum channel_blame
phone_blame(const char *kind, int code)
{
	const struct phone_code *c = phone_code(strcmp(kind, "whatsapp") == 0 ? phone_meta_codes : phone_twilio_codes, code);

	return c != NULL ? c->blame : BLAME_NOBODY;
}

int
phone_template_ok(const cJSON *t, const char *kind, struct lp_err *err)
{
	const char *name = json_str(t, "name");
	const cJSON *p;

	if (name == NULL || json_str(t, "language") == NULL || !cJSON_IsArray(json_get(t, "parameters")))
		return lp_fail(err, LP_DATA, "the template has no name, language or list of parameters");
	if (strcmp(kind, "twilio-whatsapp") == 0 &&
	    (strlen(name) != 34 || strncmp(name, "HX", 2) != 0 || name[2 + strspn(name + 2, "0123456789abcdefABCDEF")] != '\0'))
		return lp_fail(err, LP_DATA, "template '%.60s': a twilio-whatsapp account names its templates by their ContentSid (HX...)", name);
	if (strcmp(kind, "whatsapp") == 0 && (strlen(name) > 512 || name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] != '\0'))
		return lp_fail(err, LP_DATA, "template '%.60s': Meta's names are of small letters, digits and _", name);
	cJSON_ArrayForEach(p, json_get(t, "parameters"))
		if (!cJSON_IsString(p) || p->valuestring[strspn(p->valuestring, " ")] == '\0' || strpbrk(p->valuestring, "\n\t\r") != NULL ||
		    strstr(p->valuestring, "    ") != NULL)
			return lp_fail(err, LP_DATA, "template '%.60s': a parameter is empty, or has a line break, a tab or four blanks in a row", name);
	return 0;
}
