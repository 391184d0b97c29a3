#include "agent/sequence.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "agent/campaign_def.h"
#include "agent/merge.h"
#include "agent/template.h"
#include "base/json.h"
#include "base/mem.h"

const struct campaign_variant *
sequence_variant(const char *seed, int64_t campaign, const struct campaign_step *s, int64_t lead)
{
	int64_t weights[CAMPAIGN_VARIANTS_MAX];
	char what[64];
	size_t i, n = s->nvariants < CAMPAIGN_VARIANTS_MAX ? s->nvariants : CAMPAIGN_VARIANTS_MAX;

	if (n == 0)
		return NULL;
	for (i = 0; i < n; i++)
		weights[i] = s->variants[i].weight;
	snprintf(what, sizeof(what), "variant c%" PRId64 " s%d", campaign, s->step);
	return &s->variants[template_pick(&(struct template_choice){ .seed = seed, .what = what, .lead = lead }, weights, n)];
}

void
sequence_text_clear(struct sequence_text *t)
{
	free(t->subject);
	free(t->body);
	*t = (struct sequence_text){ 0 };
}

static bool
blank(const char *s)
{
	return s[strspn(s, " \t\r\n")] == '\0';
}

static char *
render(const char *seed, const struct sequence_for *f, int step, const char *part, const char *text, enum template_shape shape, struct lp_err *err)
{
	struct merge m = { .lead = f->lead_view, .sender_name = f->account->display_name, .sender_email = f->account->address,
		.postal_address = f->config->postal_address };
	struct template *t = template_compile(text, json_bool(f->definition, "spintax", false), err);
	struct buf out = { 0 };
	char what[64];
	int r;

	if (t == NULL)
		return NULL;
	snprintf(what, sizeof(what), "spin c%" PRId64 " s%d %s", f->campaign, step, part);
	r = template_render(t, merge_value, &m, &(struct template_choice){ .seed = seed, .what = what, .lead = f->lead }, shape, &out, err);
	merge_clear(&m);
	template_free(t);
	if (r == 0 && blank(buf_str(&out)))
		r = lp_fail(err, LP_DATA, "it came out empty");
	if (r == -1) {
		buf_free(&out);
		return NULL;
	}
	return buf_steal(&out);
}

int
sequence_render(const char *seed, const struct sequence_for *f, const struct campaign_step *s, const struct campaign_variant *v,
    struct sequence_text *out, struct lp_err *err)
{
	char *body;

	*out = (struct sequence_text){ 0 };
	if (v->body == NULL)
		return lp_fail(err, LP_DATA, "step %d, variant %s is a brief for a model, and llm_provider is %s: give it a body", s->step, v->id,
		    f->config->llm_provider);
	body = campaign_body(f->definition, s->channel, v->body);
	out->body = render(seed, f, s->step, "body", body, TEMPLATE_TEXT, err);
	free(body);
	if (out->body == NULL)
		return lp_err_prefix(err, "step %d, variant %s, body", s->step, v->id);
	if (strcmp(s->channel, "email") != 0)
		return 0;
	if (v->subject != NULL)
		out->subject = render(seed, f, s->step, "subject", v->subject, TEMPLATE_LINE, err);
	else if (f->thread_subject != NULL)
		out->subject = strncasecmp(f->thread_subject, "Re: ", 4) == 0 ? xstrdup(f->thread_subject) : xasprintf("Re: %s", f->thread_subject);
	else
		lp_fail(err, LP_DATA, "nothing was sent yet that it could answer, and it has no subject of its own");
	if (out->subject == NULL) {
		sequence_text_clear(out);
		return lp_err_prefix(err, "step %d, variant %s, subject", s->step, v->id);
	}
	return 0;
}
