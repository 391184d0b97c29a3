#include "agent/classifying.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/json.h"
#include "mail/hidden.h"
#include "mail/reply.h"
#include "store/corrections.h"

static void
learn(const struct correction *x, void *ctx)
{
	classifier_learn(ctx, x->subject, x->text, x->class);
}

struct classifier *
classifier_of(struct lp_db *db, struct lp_err *err)
{
	struct classifier *c = classifier_new();

	if (db != NULL && corrections_each(db, learn, c, err) == -1) {
		classifier_free(c);
		return NULL;
	}
	return c;
}

cJSON *
classified_json(const struct classified *c)
{
	cJSON *o = cJSON_CreateObject(), *list = cJSON_CreateArray(), *who;
	char iso[LP_ISO_SIZE];

	json_set_str(o, "classification", c->class);
	json_set_num(o, "confidence", floor(c->confidence * 100) / 100);
	json_set_str(o, "sentiment", c->sentiment);
	json_set_bool(o, "mentions_availability", c->mentions_availability);
	if (c->to_a_machine)
		json_set_bool(o, "to_a_machine", true);
	if (c->until != 0)
		json_set_str(o, "until", lp_iso(c->until, iso));
	if (c->referral_name[0] != '\0' || c->referral_address[0] != '\0') {
		who = cJSON_CreateObject();
		if (c->referral_name[0] != '\0')
			json_set_str(who, "name", c->referral_name);
		if (c->referral_address[0] != '\0')
			json_set_str(who, "address", c->referral_address);
		json_set(o, "referral", who);
	}
	for (size_t i = 0; i < c->nreasons; i++)
		cJSON_AddItemToArray(list, cJSON_CreateString(c->reasons[i]));
	json_set(o, "reasons", list);
	return o;
}

/* A member that may be missing or null; -1 where it is something else. */
static int
text_of(const cJSON *o, const char *key, const char **s, struct lp_err *err)
{
	const cJSON *v = json_get(o, key);

	*s = cJSON_IsString(v) ? v->valuestring : NULL;
	if (v != NULL && *s == NULL && !cJSON_IsNull(v))
		return lp_fail(err, LP_DATA, "'%s': text is needed", key);
	return 0;
}

static cJSON *
situation_of_reply(const char *subject, const char *text, const char *original)
{
	cJSON *s = cJSON_CreateObject(), *r = cJSON_CreateObject();

	json_set_str(r, "subject", subject);
	json_set_str(r, "text", text);
	if (original != NULL)
		json_set_str(r, "original", original);
	json_set(s, "reply", r);
	return s;
}

cJSON *
classify_line(const struct classifier *c, const char *line, size_t size, int64_t now, cJSON **situation, struct lp_err *err)
{
	cJSON *in = json_object(line, size, err), *out = NULL;
	const char *subject, *text, *original;
	struct classified found;

	if (in == NULL)
		return NULL;
	if (text_of(in, "subject", &subject, err) == 0 && text_of(in, "text", &text, err) == 0 && text_of(in, "original", &original, err) == 0) {
		if (text == NULL && subject == NULL)
			lp_fail(err, LP_DATA, "'text' is missing");
		else {
			char *seen = mail_visible(text != NULL ? text : ""), *own = mail_reply_text(seen);
			char *title = mail_visible(subject != NULL ? subject : ""), *ours = original != NULL ? mail_visible(original) : NULL;

			classify(c, title, own, ours, now, &found);
			out = classified_json(&found);
			classified_clear(&found);
			if (situation != NULL)
				*situation = situation_of_reply(title, own, ours);
			free(seen);
			free(own);
			free(title);
			free(ours);
		}
	}
	cJSON_Delete(in);
	return out;
}
