/* deliver_phone.c - what leaves to a telephone: words or a template, judged before anything is reserved, and shown as it would arrive. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/normal.h"
#include "campaign/campaign_template.h"
#include "channel/phone.h"
#include "channel/sms_text.h"
#include "sender/deliver.h"
#include "sender/phone.h"
#include "store/messages.h"

#define WHATSAPP_MAX 4096 /* characters, of free text; Twilio takes 1600 of either kind */
#define TWILIO_MAX 1600

static int
number(const char *what, const char *s, struct lp_err *err)
{
	char out[NORMAL_PHONE_SIZE];

	if (s != NULL && *s == '+' && normal_phone(s, NULL, out) && strcmp(s, out) == 0)
		return 0;
	return lp_fail(err, LP_DATA, "%s: '%.40s' is no number in E.164 (+4915112345678)", what, s != NULL ? s : "");
}

int
deliver_phone_length(const struct account *a, const char *body, struct sms_count *c, struct lp_err *err)
{
	long most = strtol(json_text(a->settings, "max_sms_segments"), NULL, 10);
	size_t n = 0, chars = strncmp(a->kind, "twilio", 6) == 0 ? TWILIO_MAX : WHATSAPP_MAX;

	sms_count(body, c);
	for (const char *s = body; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	if (n > chars)
		return lp_fail(err, LP_DATA, "the text has %zu characters: a %s account takes at most %zu", n, a->kind, chars);
	if (strcmp(a->channel, "sms") != 0)
		return 0;
	most = most > 0 ? most : PHONE_SEGMENTS;
	if (c->segments > most && c->ucs2)
		return lp_fail(err, LP_DATA, "max_sms_segments: the text is %d SMS, at most %ld; '%s' makes them short (70 characters in place of 160)", c->segments, most,
		    c->odd);
	return c->segments > most ? lp_fail(err, LP_DATA, "max_sms_segments: the text is %d SMS, at most %ld", c->segments, most) : 0;
}

static int
words(const char *body, struct lp_err *err)
{
	if (body == NULL || body[strspn(body, " \t\r\n")] == '\0')
		return lp_fail(err, LP_DATA, body == NULL ? "the message has no text yet" : "the message is empty");
	if (!utf8_ok(body, strlen(body)))
		return lp_fail(err, LP_DATA, "the text isn't valid UTF-8");
	for (const char *s = body; *s != '\0'; s++)
		if (((unsigned char)*s < 0x20 && *s != '\n' && *s != '\t') || *s == 0x7f)
			return lp_fail(err, LP_DATA, "a control character in the text");
	return 0;
}

static int
judge(const struct account *a, const struct message *m, struct sms_count *c, struct lp_err *err)
{
	cJSON *t;
	int r;

	if (number("to", m->recipient, err) == -1 || number("from", a->address, err) == -1)
		return -1;
	if (m->template != NULL) {
		t = cJSON_Parse(m->template);
		r = t == NULL ? lp_fail(err, LP_DATA, "the template is unreadable") : phone_template_ok(t, a->kind, err);
		cJSON_Delete(t);
		if (r == -1 || template_alone(m->template))
			return r;
	}
	return deliver_phone_length(a, m->body, c, err);
}

/* For people: a header of ours, and what arrives. */
static int
show(struct lp_db *db, const struct account *a, const struct message *m, int64_t at, const struct sms_count *c, struct buf *out, struct lp_err *err)
{
	cJSON *t = NULL;
	char *shown;
	int r = phone_template(db, m, at, &t, err);

	if (r == -1)
		return -1;
	buf_printf(out, "From: %s\nTo: %s\n", a->address, m->recipient);
	if (strcmp(m->channel, "sms") == 0)
		buf_printf(out, "Channel: sms, %d segment%s, %d of %d %s\n", c->segments, c->segments == 1 ? "" : "s", c->units,
		    c->segments == 1 ? (c->ucs2 ? 70 : 160) : c->segments * (c->ucs2 ? 67 : 153), c->ucs2 ? "UCS-2 units" : "GSM characters");
	else
		buf_printf(out, "Channel: whatsapp, %s\n", r == 1 ? "a template" : "free text");
	shown = r == 1 ? template_shown(t) : xstrdup(m->body);
	buf_printf(out, "\n%s%s", shown, shown[0] != '\0' && shown[strlen(shown) - 1] == '\n' ? "" : "\n");
	free(shown);
	cJSON_Delete(t);
	return 0;
}

int
deliver_phone(struct lp_db *db, const struct account *a, int64_t message, int64_t at, struct buf *out, struct lp_err *err)
{
	struct sms_count c = { 0 };
	struct message m;
	int r = message_get(db, message, &m, err);

	if (r == 0)
		return lp_fail(err, LP_DATA, "no such message");
	if (r == 1 && (r = words(m.body, err)) == 0 && (r = judge(a, &m, &c, err)) == 0)
		r = show(db, a, &m, at, &c, out, err);
	message_clear(&m);
	return r;
}
