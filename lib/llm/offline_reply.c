/* offline_reply.c - what the offline brain thinks of a reply: the lexicon and the small statistical model of classify.h, as a decision. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "llm/classify.h"
#include "llm/offline.h"

static char *
because(const struct classified *c)
{
	struct buf b = { 0 };

	for (size_t i = 0; i < c->nreasons; i++)
		buf_printf(&b, "%s%s", i > 0 ? "; " : "", c->reasons[i]);
	if (b.len == 0)
		buf_puts(&b, "nothing in it speaks for another class");
	return buf_steal(&b);
}

int
offline_classify(const struct brain_question *q, struct brain_answer *a)
{
	const cJSON *reply = json_get(q->situation, "reply");
	struct classified c;
	char iso[LP_ISO_SIZE];
	cJSON *who;

	classify(q->classifier, json_text(reply, "subject"), json_text(reply, "text"), json_text(reply, "original"), q->now, &c);
	snprintf(a->action, sizeof(a->action), "classify_%s", c.class);
	a->confidence = c.confidence;
	a->reasoning = because(&c);
	a->data = cJSON_CreateObject();
	json_set_str(a->data, "class", c.class);
	json_set_str(a->data, "sentiment", c.sentiment);
	json_set_bool(a->data, "mentions_availability", c.mentions_availability);
	if (c.to_a_machine)
		json_set_bool(a->data, "to_a_machine", true);
	if (c.until != 0)
		json_set_str(a->data, "until", lp_iso(c.until, iso));
	if (*c.referral_name != '\0' || *c.referral_address != '\0') {
		who = cJSON_CreateObject();
		if (*c.referral_name != '\0')
			json_set_str(who, "name", c.referral_name);
		if (*c.referral_address != '\0')
			json_set_str(who, "address", c.referral_address);
		json_set(a->data, "referral", who);
	}
	classified_clear(&c);
	return 0;
}

int
offline_referral(const struct brain_question *q, struct brain_answer *a)
{
	const cJSON *who = json_get(json_get(q->situation, "input"), "referral");

	snprintf(a->action, sizeof(a->action), "add_lead");
	a->confidence = 0.9;
	a->requires_approval = true; /* a name in a mail is a hint, not a lead */
	a->reasoning = xasprintf("%s named %s in %s", json_text(who, "named_by"), json_str(who, "name") != NULL ? json_text(who, "name") : json_text(who, "email"),
	    json_text(who, "named_in"));
	a->data = cJSON_Duplicate(who, true);
	return 0;
}
