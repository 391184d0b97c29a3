#include "sender/phone.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/tz.h"
#include "campaign/campaign_template.h"
#include "store/consents.h"
#include "store/inbox.h"
#include "store/texts.h"

#define WINDOW (LP_DAY - 5 * LP_MINUTE) /* of WhatsApp's 24 hours: what is reserved in them still arrives in them */
#define QUIET_END (8 * LP_HOUR)         /* on the lead's clock */
#define QUIET_BEGIN (21 * LP_HOUR)

bool
phone_channel(const char *channel)
{
	return strcmp(channel, "whatsapp") == 0 || strcmp(channel, "sms") == 0;
}

static int
say(struct phone_said *s, enum verdict v, int64_t until, const char *why)
{
	s->verdict = v;
	s->until = until;
	snprintf(s->why, sizeof(s->why), "%s", why);
	return 0;
}

/* What they wrote by that channel is consent to an answer by it. */
static int
answers_there(struct lp_db *db, const struct phone_ask *q, struct lp_err *err)
{
	struct inbox_message in;
	int r = q->inbox != 0 ? inbox_get(db, q->inbox, &in, err) : 0;

	if (r == 1) {
		r = strcmp(in.channel, q->channel) == 0;
		inbox_clear(&in);
	}
	return r;
}

static int
consent(struct lp_db *db, const struct phone_ask *q, struct phone_said *s, struct lp_err *err)
{
	char why[160];
	int r = answers_there(db, q, err);

	if (r == 0)
		r = consent_given(db, q->l->person, q->channel, err);
	if (r != 0)
		return r == -1 ? -1 : 0;
	snprintf(why, sizeof(why), "no consent to %s is on record (lp-leads consent l%" PRId64 " channel=%s source=...)",
	    strcmp(q->channel, "sms") == 0 ? "SMS" : "WhatsApp", q->l->seq, q->channel);
	return say(s, V_HOLD, 0, why);
}

static int
quiet(struct lp_db *db, const struct phone_ask *q, struct phone_said *s, struct lp_err *err)
{
	const char *zone = q->l->timezone;
	struct tz_civil c;
	int64_t ms;

	if (zone == NULL)
		return say(s, V_HOLD, 0, "the lead's time zone isn't known: an SMS may come between 08:00 and 21:00 on their clock alone (lp-leads set)");
	if (tz_local(zone, db_now(db), &c, err) == -1)
		return -1;
	ms = (c.hour * 60 + c.minute) * LP_MINUTE;
	if (ms >= QUIET_END && ms < QUIET_BEGIN)
		return 0;
	c.day += ms >= QUIET_BEGIN;
	c.hour = QUIET_END / LP_HOUR;
	c.minute = c.second = 0;
	if (tz_utc(zone, &c, &ms, err) == -1)
		return -1;
	return say(s, V_DELAY, ms, "an SMS may come between 08:00 and 21:00 on the lead's clock alone");
}

/* Did they write to that account within the window before `at`? 1, 0, -1. */
static int
in_window(struct lp_db *db, int64_t lead, int64_t account, int64_t at, struct lp_err *err)
{
	int64_t last;
	int r = texts_last(db, lead, account, "whatsapp", &last, err);

	return r != 1 ? r : at - last < WINDOW;
}

static int
tier(struct lp_db *db, const struct phone_ask *q, struct phone_said *s, struct lp_err *err)
{
	const char *t = json_str(q->a->settings, "tier");
	int64_t most = strtoll(t != NULL ? t : "250", NULL, 10), n, oldest;
	char why[160];

	if (t != NULL && strcmp(t, "unlimited") == 0)
		return 0;
	if (texts_recipients(db, q->a->seq, db_now(db) - LP_DAY, q->recipient, &n, &oldest, err) == -1)
		return -1;
	if (n < most)
		return 0;
	snprintf(why, sizeof(why), "tier: account %s has written to %" PRId64 " people in 24 hours, of %" PRId64, q->a->name, n, most);
	return say(s, V_DELAY, oldest + LP_DAY, why);
}

static int
whatsapp(struct lp_db *db, const struct phone_ask *q, struct phone_said *s, struct lp_err *err)
{
	int r;

	if (q->a == NULL)
		return 0;
	if ((r = in_window(db, q->l->seq, q->a->seq, db_now(db), err)) != 0)
		return r == -1 ? -1 : 0;
	if (q->template == NULL)
		return say(s, V_HOLD, 0, "they wrote nothing by WhatsApp in the last 24 hours: only a template that the service approved may go (template: in the step)");
	return tier(db, q, s, err);
}

int
phone_judge(struct lp_db *db, const struct phone_ask *q, struct phone_said *s, struct lp_err *err)
{
	char number[NORMAL_PHONE_SIZE];

	*s = (struct phone_said){ .verdict = V_ALLOW };
	if (!phone_channel(q->channel))
		return 0;
	if (q->recipient != NULL && (*q->recipient != '+' || !normal_phone(q->recipient, NULL, number))) {
		char why[sizeof(s->why)];

		snprintf(why, sizeof(why), "'%.40s' is no number with its country, as +4915112345678 (lp-leads set l%" PRId64 " %s=...)", q->recipient, q->l->seq,
		    strcmp(q->channel, "sms") == 0 ? "phone" : "whatsapp");
		return say(s, V_HOLD, 0, why);
	}
	if (consent(db, q, s, err) == -1)
		return -1;
	if (s->verdict != V_ALLOW)
		return 0;
	return strcmp(q->channel, "sms") == 0 ? quiet(db, q, s, err) : whatsapp(db, q, s, err);
}

int
phone_template(struct lp_db *db, const struct message *m, int64_t at, cJSON **template, struct lp_err *err)
{
	int r;

	*template = NULL;
	if (m->template == NULL || strcmp(m->channel, "whatsapp") != 0)
		return 0;
	if (!template_alone(m->template) && (r = in_window(db, m->lead, m->account, at, err)) != 0)
		return r == -1 ? -1 : 0;
	if ((*template = cJSON_Parse(m->template)) == NULL)
		return lp_fail(err, LP_BUG, "m%" PRId64 ": its template is unreadable", m->seq);
	return 1;
}
