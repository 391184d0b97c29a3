#include "campaign/campaign_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "campaign/answer_words.h"
#include "campaign/campaign_def.h"
#include "campaign/campaign_template.h"
#include "campaign/merge.h"
#include "campaign/template.h"
#include "store/accounts.h"
#include "store/config.h"
#include "store/views.h"

const struct campaign_variant *
campaign_pick(struct lp_db *db, int64_t campaign, const struct campaign_step *s, int64_t lead)
{
	int64_t *weights = xmalloc(s->nvariants * sizeof(*weights));
	char what[64];
	size_t i;

	snprintf(what, sizeof(what), "c%" PRId64 ":%d", campaign, s->step);
	for (i = 0; i < s->nvariants; i++)
		weights[i] = s->variants[i].weight;
	i = template_pick(&(struct template_choice){ .seed = db_seed(db), .what = what, .lead = lead }, weights, s->nvariants);
	free(weights);
	return &s->variants[i];
}

static const struct campaign_variant *
variant_of(struct lp_db *db, const struct campaign_text_for *who, const struct campaign_step *s)
{
	size_t i;

	if (s->nvariants == 0)
		return NULL;
	if (who->variant == NULL || who->variant[0] == '\0')
		return campaign_pick(db, who->campaign, s, who->lead);
	for (i = 0; i < s->nvariants; i++)
		if (strcmp(s->variants[i].id, who->variant) == 0)
			return &s->variants[i];
	return NULL;
}

struct filler {
	const struct campaign_text_for *who;
	const char *seed, *variant;
	bool spintax;
	struct merge merge;
};

/* One part of the message, "subject" or "body". NULL with the error. */
static char *
fill(struct filler *f, const char *part, const char *text, enum template_shape shape, struct lp_err *err)
{
	struct template *t = template_compile(text, f->spintax, err);
	struct buf out = { 0 };
	char *what;
	int rc = -1;

	if (t != NULL) {
		what = xasprintf("c%" PRId64 ":%d:%s:%s", f->who->campaign, f->who->step, f->variant, part);
		rc = template_render(t, merge_value, &f->merge, &(struct template_choice){ .seed = f->seed, .what = what, .lead = f->who->lead }, shape,
		    &out, err);
		free(what);
	}
	template_free(t);
	if (rc == 0)
		return buf_steal(&out);
	buf_free(&out);
	lp_err_prefix(err, "%s", part);
	return NULL;
}

/* The template's places with the lead's values. Where there are no words beside it, the body shows it. */
static int
fill_template(struct filler *f, const struct campaign_variant *v, struct campaign_text *text, struct lp_err *err)
{
	cJSON *t = cJSON_Parse(v->template), *p, *list = json_get(t, "parameters");
	char part[32], *s;
	int n = 0, rc = 0;

	cJSON_ArrayForEach(p, list) {
		snprintf(part, sizeof(part), "parameter %d", ++n);
		if ((s = fill(f, part, p->valuestring, TEMPLATE_LINE, err)) == NULL)
			rc = -1;
		else
			cJSON_SetValuestring(p, s);
		free(s);
		if (rc == -1)
			break;
	}
	if (rc == 0 && text->body == NULL && text->brief == NULL) {
		text->body = template_shown(t);
		json_set_bool(t, "only", true);
	}
	if (rc == 0)
		text->template = json_canon(t);
	cJSON_Delete(t);
	return rc;
}

static int
fill_all(struct filler *f, const struct campaign_variant *v, struct campaign_text *text, struct lp_err *err)
{
	const char *body = f->who->body != NULL ? f->who->body : v->body;

	text->brief = f->who->body != NULL ? NULL : xstrdup(v->brief);
	if (v->subject != NULL && (text->subject = fill(f, "subject", v->subject, TEMPLATE_LINE, err)) == NULL)
		return -1;
	if (body != NULL && (text->body = fill(f, "body", body, TEMPLATE_TEXT, err)) == NULL)
		return -1;
	return v->template != NULL ? fill_template(f, v, text, err) : 0;
}

/* Whom the texts are about and from, while `fill` has them. */
static int
with_filler(struct lp_db *db, const struct campaign_text_for *who, const char *variant,
    int (*fn)(struct filler *, const struct campaign_variant *, struct campaign_text *, struct lp_err *), const struct campaign_variant *v,
    struct campaign_text *text, struct lp_err *err)
{
	cJSON *lead = view_lead(db, who->lead, err), *def = NULL;
	struct account a = { 0 };
	struct lp_config c;
	struct filler f = { .who = who, .seed = db_seed(db), .variant = variant };
	int rc = -1;

	if (lead == NULL || (who->version != 0 && (def = campaign_definition(db, who->campaign, who->version, err)) == NULL) ||
	    (who->account != 0 && account_get(db, who->account, &a, err) == -1))
		goto out;
	if (config_load(db, &c, err) == -1)
		goto out;
	f.spintax = json_bool(def, "spintax", false);
	f.merge = (struct merge){ .lead = lead, .sender_name = a.display_name, .sender_email = a.address, .postal_address = c.postal_address };
	rc = fn(&f, v, text, err);
	merge_clear(&f.merge);
	config_clear(&c);
out:
	account_clear(&a);
	cJSON_Delete(def);
	cJSON_Delete(lead);
	return rc;
}

static int
fill_body(struct filler *f, const struct campaign_variant *v, struct campaign_text *text, struct lp_err *err)
{
	(void)v;
	return (text->body = fill(f, "body", f->who->body, TEMPLATE_TEXT, err)) == NULL ? -1 : 0;
}

int
campaign_fill(struct lp_db *db, const struct campaign_text_for *who, char **body, struct lp_err *err)
{
	struct campaign_text text = { 0 };

	if (with_filler(db, who, who->variant, fill_body, NULL, &text, err) == -1)
		return -1;
	*body = text.body;
	return 0;
}

int
campaign_text(struct lp_db *db, const struct campaign_text_for *who, struct campaign_text *text, struct lp_err *err)
{
	const struct campaign_variant *v;
	struct campaign_step s;
	int r;

	*text = (struct campaign_text){ 0 };
	if ((r = campaign_step_get(db, who->campaign, who->version, who->step, &s, err)) != 1)
		return r;
	if ((v = variant_of(db, who, &s)) == NULL) {
		campaign_step_clear(&s);
		return 0;
	}
	snprintf(text->channel, sizeof(text->channel), "%s", s.channel);
	snprintf(text->variant, sizeof(text->variant), "%s", v->id);
	text->same_thread = s.same_thread;
	r = with_filler(db, who, v->id, fill_all, v, text, err) == -1 ? -1 : 1;
	campaign_step_clear(&s);
	if (r == -1) {
		free(text->subject);
		free(text->body);
		free(text->brief);
		free(text->template);
		text->subject = text->body = text->brief = text->template = NULL;
	}
	return r;
}

void
campaign_text_clear(struct campaign_text *t)
{
	free(t->subject);
	free(t->body);
	free(t->brief);
	free(t->template);
	*t = (struct campaign_text){ 0 };
}

/* ---- a definition as rows */

static void
step_of(const cJSON *def, const cJSON *o, int number, struct campaign_step *s)
{
	const cJSON *v;

	*s = (struct campaign_step){ .step = number, .same_thread = strcmp(json_str(o, "channel"), "email") == 0 };
	snprintf(s->channel, sizeof(s->channel), "%s", json_str(o, "channel"));
	snprintf(s->delay, sizeof(s->delay), "%s", json_str(o, "delay"));
	s->variants = xcalloc((size_t)cJSON_GetArraySize(json_get(o, "variants")), sizeof(*s->variants));
	cJSON_ArrayForEach(v, json_get(o, "variants")) {
		struct campaign_variant *to = &s->variants[s->nvariants++];
		const char *body = json_str(v, "body");

		snprintf(to->id, sizeof(to->id), "%s", json_str(v, "id"));
		to->weight = (int)json_num(v, "weight", 1);
		to->subject = xstrdup(json_str(v, "subject"));
		to->brief = xstrdup(json_str(v, "brief"));
		to->template = json_get(v, "template") != NULL ? json_canon(json_get(v, "template")) : NULL;
		to->body = body != NULL ? campaign_body(def, s->channel, body) : NULL;
		if (to->subject != NULL)
			s->same_thread = false;
	}
}

/* Each way to ask, as the words that it is found by. */
static struct campaign_question *
questions_of(const cJSON *def, size_t *n)
{
	struct campaign_question *list = NULL;
	const cJSON *a, *q;
	struct answer_words w;
	int number = 0;

	*n = 0;
	cJSON_ArrayForEach(a, json_get(def, "answers")) {
		number++;
		cJSON_ArrayForEach(q, json_get(a, "q")) {
			answer_words(q->valuestring, strlen(q->valuestring), NULL, &w);
			list = xrealloc(list, (*n + 1) * sizeof(*list));
			list[(*n)++] = (struct campaign_question){ number, answer_words_join(&w) };
		}
	}
	return list;
}

int
campaign_store(struct lp_db *db, const cJSON *def, bool move, struct campaign_put *put, struct lp_err *err)
{
	const cJSON *steps = json_get(def, "steps"), *o;
	struct campaign_step *s = xcalloc((size_t)cJSON_GetArraySize(steps), sizeof(*s));
	char *canon = json_canon(def), hash[LP_HEX_SIZE];
	struct campaign_question *q;
	size_t n = 0, nq, i;
	int rc;

	cJSON_ArrayForEach(o, steps) {
		step_of(def, o, (int)n + 1, &s[n]);
		n++;
	}
	q = questions_of(def, &nq);
	rc = campaign_put(db, &(struct campaign_new){ .name = json_str(def, "name"), .definition = canon, .hash = json_hash(def, hash),
	    .steps = s, .nsteps = n, .questions = q, .nquestions = nq }, move, put, err);
	for (i = 0; i < nq; i++)
		free(q[i].words);
	free(q);
	for (i = 0; i < n; i++)
		campaign_step_clear(&s[i]);
	free(s);
	free(canon);
	return rc;
}
