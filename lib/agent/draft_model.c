#include "agent/draft_model.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/ask.h"
#include "agent/draft_check.h"
#include "agent/draft_int.h"
#include "agent/draft_source.h"
#include "agent/prompt.h"
#include "agent/proposal.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/normal.h"
#include "sender/footer.h"
#include "store/approvals.h"
#include "store/log.h"
#include "store/writing.h"

#define SAID_MAX 600 /* bytes of a text that can't be used, in the reason */

struct draft_said {
	struct ask *ask;
	const struct ask_result *result;
	bool again;                     /* ask->user is the second question */
};

bool
draft_shows(const struct stage *s)
{
	const struct drafting *d = s->ctx;

	return d != NULL && d->show;
}

static int
has_model(struct stage *s, struct lp_err *err)
{
	struct drafting *d = s->ctx;
	struct config_models c;

	if (d == NULL || d->asker == NULL)
		return 0;
	if (!d->loaded) {
		if (config_models(s->db, &c, err) == -1)
			return -1;
		d->model = strcmp(c.first.provider, "offline") != 0;
		d->loaded = true;
		config_models_clear(&c);
	}
	return d->model;
}

/* ---- what it said becomes the text */

/* Is this one of the words around it? A name inside a longer word is none. */
static bool
stands_in(const char *text, const char *value)
{
	size_t n = strlen(value);

	for (const char *s = text; n > 0 && (s = strstr(s, value)) != NULL; s++)
		if ((s == text || (!isalnum((unsigned char)s[-1]) && (unsigned char)s[-1] < 0x80)) && !isalnum((unsigned char)s[n]) && (unsigned char)s[n] < 0x80)
			return true;
	return false;
}

/* Another lead's data, which nobody told it: 1 with why, 0, -1. */
static int
others(struct work *w, const struct message *m, const struct prompt *p, const struct draft_text *t, char *why, size_t size, struct lp_err *err)
{
	char *both = xasprintf("%s %s", t->subject != NULL ? t->subject : "", t->body), *text = normal_text(both);
	char *told = xasprintf("%s %s", p->system, p->user), *given = normal_text(told);
	cJSON *list = writing_others(w->s->db, text, m->lead, err);
	const cJSON *row;
	int r = list != NULL ? 0 : -1;

	cJSON_ArrayForEach(row, list) {
		const char *value = json_text(row, "value");

		if (r == 0 && stands_in(text, value) && !stands_in(given, value)) {
			snprintf(why, size, "it has what is known of another lead in it: '%.60s'", value);
			r = 1;
		}
	}
	cJSON_Delete(list);
	free(both);
	free(text);
	free(told);
	free(given);
	return r;
}

static int
store(struct work *w, struct message *m, const char *to, const char *subject, const char *body, const char *template, const char *made_from,
    struct lp_err *err)
{
	int r = message_draft(w->s->db, m->seq, to, &(struct message_text){ subject, body, NULL, NULL, "model", template, made_from }, err);

	message_clear(m);
	return r == -1 || message_get(w->s->db, w->t.message, m, err) != 1 ? -1 : 0;
}

static int
tell(struct work *w, const struct message *m, const char *brain, struct lp_err *err)
{
	char *text = xasprintf("m%" PRId64 " was written by %s", m->seq, brain);
	int r = log_add(w->s->db, &(struct log_entry){ .type = "action", .task = w->t.seq, .lead = m->lead, .campaign = m->campaign, .text = text }, err);

	free(text);
	return r == -1 ? -1 : 0;
}

/* 0 it is the text now, 1 it can't be used (why says what), -1. */
static int
take(struct work *w, struct message *m, const char *to, const struct campaign_text *text, const struct draft_source *x, char *why, size_t size,
    struct lp_err *err)
{
	const struct ask_result *said = w->said->result;
	struct draft_text t;
	char *whole;
	int r;

	if (draft_check(&x->rules, said->json, &t, why, size) == -1)
		return 1;
	if ((r = others(w, m, &x->prompt, &t, why, size, err)) == 0) {
		whole = draft_source_frame(x, t.body);
		r = footer_here(w->s->db, m, &whole, err);
		if (r == 0)
			r = store(w, m, to, t.subject != NULL ? t.subject : text->subject, whole, text->template, x->inputs, err);
		free(whole);
		if (r == 0)
			r = tell(w, m, said->brain, err);
		if (r == 0)
			draft_show(w->e, m);
	}
	draft_text_clear(&t);
	return r;
}

static int
give_up(struct work *w, const char *wrong, const char *said, struct lp_err *err)
{
	char *begun = proposal_line(said != NULL ? said : "", SAID_MAX), *why;
	int r;

	why = xasprintf("the model's text can't be used: %s%s%s", wrong, *begun != '\0' ? "; it said: " : "", begun);
	r = draft_hold(w, HOLD_MEND, NULL, why, err);
	free(why);
	free(begun);
	return r == -1 ? -1 : 0;
}

static int
tomorrow(struct work *w, const struct ask_result *said, struct lp_err *err)
{
	struct verdict_row v = { .stage = "draft", .verdict = V_DELAY, .until = said->until, .reason = xstrdup(said->error) };
	int r = verdict_put(w->s->db, &w->t, &v, NULL, err);

	if (r == 0)
		env_set(w->e, "gate", verdict_json(&v));
	verdict_clear(&v);
	return r == -1 ? -1 : 0;
}

static int
answered(struct work *w, struct message *m, const char *to, const struct campaign_text *text, const struct draft_source *x, struct lp_err *err)
{
	const struct ask_result *said = w->said->result;
	struct ask *a = w->said->ask;
	char why[300] = "", *user;
	int r = 1;

	switch (said->outcome) {
	case ASK_BUDGET:
		return tomorrow(w, said, err);
	case ASK_RETRY:
		return env_error(w->e, "model", said->error, true, said->retry_after);
	case ASK_INVALID:
		snprintf(why, sizeof(why), "%s", said->error);
		break;
	case ASK_ANSWER:
		/* it was changed while the model thought: what it says is of yesterday */
		if (strcmp(x->inputs, a->ctx) != 0)
			return env_error(w->e, "changed", "what the text is written from changed meanwhile", true, 60);
		r = take(w, m, to, text, x, why, sizeof(why), err);
	}
	a->unusable = r == 1;
	if (r == 1 && !a->again) {
		user = prompt_again(w->s->db, a->user, why, said->text);
		free(a->user);
		a->user = user;
		w->said->again = true;
		return 0;
	}
	return r == 1 ? give_up(w, why, said->text, err) : r;
}

static int
then(struct ask *a, struct stage *s, const struct ask_result *r, struct lp_err *err)
{
	struct draft_said said = { a, r, false };
	int rc = draft_again(s, a->env, &said, err);

	return rc == -1 ? -1 : said.again;
}

/* ---- the question */

static void
push(struct work *w, struct draft_source *x)
{
	struct drafting *d = w->s->ctx;
	struct ask *a = ask_new();

	*a = (struct ask){ .purpose = "draft", .env = w->e, .task = w->t.seq, .system = x->prompt.system, .user = x->prompt.user, .schema = x->prompt.schema,
		.name = "message", .about = "the text of the message", .temperature = w->c.temperature, .then = then, .ctx = xstrdup(x->inputs), .free_ctx = free };
	x->prompt = (struct prompt){ 0 };
	asker_push(d->asker, a);
}

static int
nobody(struct work *w, const struct message *m, struct lp_err *err)
{
	char *what = m->inbox != 0 ? xstrdup("the response") : xasprintf("step %d", m->step), *why;
	int r;

	why = xasprintf("%s is a brief, and no model is there to write from it: lp-config set llm_provider=... llm_model=..., or give it a %s", what,
	    m->inbox != 0 ? "text" : "body");
	r = draft_hold(w, HOLD_MEND, NULL, why, err);
	free(why);
	free(what);
	return r == -1 ? -1 : 0;
}

/* On record, and written from the same, or a person's by their yes. 1, 0, -1. */
static int
stands(struct work *w, const struct message *m, const char *inputs, struct lp_err *err)
{
	if (m->body == NULL || strcmp(m->origin, "model") != 0)
		return 0;
	return strcmp(m->made_from, inputs) == 0 ? 1 : approvals_valid(w->s->db, &w->t, m->content_hash, err);
}

static int
keep(struct work *w, struct message *m, const char *to, struct lp_err *err)
{
	char *subject, *body, *template, made_from[LP_HEX_SIZE];
	int r = 0;

	if (m->recipient == NULL || strcmp(m->recipient, to) != 0) {
		/* another address asks for another yes, not for other words */
		subject = xstrdup(m->subject);
		body = xstrdup(m->body);
		template = xstrdup(m->template);
		memcpy(made_from, m->made_from, sizeof(made_from));
		r = store(w, m, to, subject, body, template, made_from, err);
		free(subject);
		free(body);
		free(template);
	}
	if (r == 0)
		draft_show(w->e, m);
	return r;
}

int
draft_by_model(struct work *w, struct message *m, const char *to, const struct campaign_text *text, struct lp_err *err)
{
	struct draft_source x;
	int r;

	if (draft_source_load(w, m, text, &x, err) == -1)
		return err->kind == LP_DATA ? draft_hold(w, HOLD_MEND, NULL, err->msg, err) : -1;
	if (draft_shows(w->s)) {
		env_set(w->e, "prompt", prompt_json(&x.prompt));
		r = 0;
	} else if ((r = stands(w, m, x.inputs, err)) == 1)
		r = keep(w, m, to, err);
	else if (r == 0 && w->said != NULL)
		r = answered(w, m, to, text, &x, err);
	else if (r == 0 && (r = has_model(w->s, err)) == 0)
		r = nobody(w, m, err);
	else if (r == 1) {
		push(w, &x);
		r = 0;
	}
	draft_source_clear(&x);
	return r;
}

int
draft_after(struct stage *s, struct lp_err *err)
{
	struct drafting *d = s->ctx;

	return d == NULL || d->asker == NULL ? 0 : asker_run(d->asker, s, err);
}
