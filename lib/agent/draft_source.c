#include "agent/draft_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/prompt_int.h"
#include "agent/respond.h"
#include "base/json.h"
#include "base/language.h"
#include "base/mem.h"
#include "campaign/campaign_def.h"
#include "sender/footer.h"
#include "store/accounts.h"
#include "store/enrolments.h"
#include "store/memory.h"
#include "store/views.h"
#include "store/writing.h"

enum { STORY = 4, MEMORIES = 14 };

/* While it is put together. */
struct gather {
	struct work *w;
	const struct message *m;
	const struct campaign_text *text;
	struct draft_source *x;
	cJSON *def, *lead, *situation, *memories;
	struct account a;
	int version;
};

void
draft_source_clear(struct draft_source *x)
{
	prompt_clear(&x->prompt);
	free(x->ours);
	free(x->company);
	free(x->instructions);
	free(x->over);
	free(x->under);
	*x = (struct draft_source){ 0 };
}

/* Who they are, not how they are reached. */
static cJSON *
reader(const cJSON *lead)
{
	static const char *const fields[] = { "first_name", "last_name", "title", "company", "website", "city", "country", "industry", "employees", "custom" };
	cJSON *o = cJSON_CreateObject();
	const cJSON *v;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if ((v = json_get(lead, fields[i])) != NULL && !(cJSON_IsObject(v) && v->child == NULL))
			json_set(o, fields[i], cJSON_Duplicate(v, true));
	return o;
}

static int
put_reply(struct gather *g, struct lp_err *err)
{
	cJSON *reply = view_reply(g->w->s->db, g->m->inbox, err);

	if (reply == NULL)
		return -1;
	json_set_str(g->situation, "their reply, to be answered", json_text(reply, "text"));
	json_set_str(g->situation, "what kind of reply it is", *json_text(reply, "class") != '\0' ? json_text(reply, "class") : "not judged");
	cJSON_Delete(reply);
	return 0;
}

static int
put_story(struct gather *g, struct lp_err *err)
{
	cJSON *list = writing_story(g->w->s->db, g->m->lead, g->m->inbox, STORY, err);
	const cJSON *row;
	char label[40], *s;
	int n = 0;

	if (list == NULL)
		return -1;
	cJSON_ArrayForEach(row, list) {
		snprintf(label, sizeof(label), "mail %d, %s", ++n, json_bool(row, "ours", false) ? "ours" : "theirs");
		s = xasprintf("%s\n\n%s", json_text(row, "subject"), json_text(row, "text"));
		json_set_str(g->situation, label, s);
		free(s);
	}
	cJSON_Delete(list);
	return 0;
}

/* What stands over and under the model's words, filled in for this lead. */
static int
frame(struct gather *g, const char *key, char **out, struct lp_err *err)
{
	struct campaign_text_for who = { .campaign = g->m->campaign, .version = g->version, .step = g->m->step, .lead = g->m->lead, .account = g->m->account,
		.variant = g->text->variant, .body = json_str(g->def, key) };

	if (who.body == NULL)
		return 0;
	return campaign_fill(g->w->s->db, &who, out, err) == -1 ? lp_err_prefix(err, "%s", key) : 0;
}

static int
around(struct gather *g, struct lp_err *err)
{
	if (g->m->inbox != 0)
		return frame(g, "greeting", &g->x->over, err) == -1 || frame(g, "closing", &g->x->under, err) == -1 ? -1 : 0;
	return strcmp(g->m->channel, "email") == 0 ? frame(g, "footer", &g->x->under, err) : 0;
}

static void
field(struct sha *s, const cJSON *v)
{
	char *text = json_canon(v);

	sha_field(s, text);
	free(text);
}

static int
hash(struct gather *g, const struct prompt_writing *p, struct lp_err *err)
{
	char *foot = xstrdup("\n");
	unsigned char h[LP_HASH_SIZE];
	struct sha s;
	char flags[80];

	/* what the law wants under it is part of what is approved */
	if (footer_here(g->w->s->db, g->m, &foot, err) == -1) {
		free(foot);
		return -1;
	}
	snprintf(flags, sizeof(flags), "%d %d %d %s", p->with_subject, p->is_answer, p->max_words, p->channel);
	sha_init(&s);
	sha_field(&s, "leadpilot-draft-1");
	sha_field(&s, flags);
	sha_field(&s, p->brief);
	sha_field(&s, p->goal);
	sha_field(&s, p->tone);
	sha_field(&s, p->language);
	sha_field(&s, p->sender);
	sha_field(&s, g->text->subject);
	sha_field(&s, g->text->template);
	sha_field(&s, g->x->over);
	sha_field(&s, g->x->under);
	sha_field(&s, foot);
	field(&s, g->situation);
	field(&s, g->memories);
	sha_end(&s, h);
	lp_hex(h, g->x->inputs);
	free(foot);
	return 0;
}

static bool
signs(const struct gather *g)
{
	const char *footer = json_str(g->def, "footer");

	return footer != NULL && strcmp(g->m->channel, "email") == 0 && strstr(footer, "sender_name") != NULL;
}

static int
write_prompt(struct gather *g, struct lp_err *err)
{
	struct draft_source *x = g->x;
	struct campaign_writing c;
	struct prompt_writing p = { .brief = g->text->brief, .goal = json_str(g->def, "goal"), .channel = g->m->channel, .is_answer = g->m->inbox != 0,
		.with_subject = strcmp(g->m->channel, "email") == 0 && g->text->subject == NULL, .greeted = x->over != NULL || (g->m->inbox != 0 && x->under != NULL),
		.footer = g->m->inbox == 0 && strcmp(g->m->channel, "email") == 0, .sender = signs(g) ? NULL : g->a.display_name };
	char *words;
	int64_t refused;

	campaign_writing(g->def, g->m->channel, p.is_answer, &c);
	p.language = c.language;
	p.tone = c.tone;
	p.max_words = c.max_words;
	if (hash(g, &p, err) == -1 || writing_refused(g->w->s->db, g->w->t.seq, &refused, err) == -1)
		return -1;
	p.attempt = (int)refused + 1;
	words = campaign_own_words(g->def);
	x->ours = xasprintf("%s%s\n%s\n", words, g->a.address != NULL ? g->a.address : "", g->w->c.postal_address != NULL ? g->w->c.postal_address : "");
	free(words);
	x->company = xstrdup(json_str(g->lead, "company"));
	x->instructions = prompt_write_words(&p);
	prompt_fence_word(g->w->s->db, x->fence);
	x->rules = (struct draft_rules){ .channel = g->m->channel, .with_subject = p.with_subject, .max_words = p.max_words, .language = p.language != NULL ? language_find(p.language) : NULL, .ours = x->ours,
		.company = x->company, .fence = x->fence, .instructions = x->instructions };
	return prompt_write(g->w->s->db, &p, g->situation, g->memories, &x->prompt, err);
}

static int
version_of(struct gather *g, struct lp_err *err)
{
	struct enrolment e;
	int r;

	if (g->m->inbox != 0) {
		g->version = respond_version(g->w->d.data);
		return 0;
	}
	if ((r = enrolment_get(g->w->s->db, g->m->enrolment, &e, err)) == 1)
		g->version = e.version;
	return r == 1 ? 0 : -1;
}

int
draft_source_load(struct work *w, const struct message *m, const struct campaign_text *text, struct draft_source *x, struct lp_err *err)
{
	struct gather g = { .w = w, .m = m, .text = text, .x = x, .situation = cJSON_CreateObject() };
	struct lp_db *db = w->s->db;
	int r = -1;

	*x = (struct draft_source){ 0 };
	if (version_of(&g, err) == -1 || (g.def = campaign_definition(db, m->campaign, g.version, err)) == NULL || (g.lead = view_lead(db, m->lead, err)) == NULL ||
	    (m->account != 0 && account_get(db, m->account, &g.a, err) == -1) || (g.memories = memory_relevant(db, &w->t, MEMORIES, err)) == NULL)
		goto out;
	json_set(g.situation, "the reader", reader(g.lead));
	if ((m->inbox != 0 && put_reply(&g, err) == -1) || put_story(&g, err) == -1 || around(&g, err) == -1)
		goto out;
	r = write_prompt(&g, err);
out:
	if (r == -1)
		draft_source_clear(x);
	account_clear(&g.a);
	cJSON_Delete(g.def);
	cJSON_Delete(g.lead);
	cJSON_Delete(g.situation);
	cJSON_Delete(g.memories);
	return r;
}

char *
draft_source_frame(const struct draft_source *x, const char *body)
{
	const char *parts[] = { x->over, body, x->under };
	struct buf b = { 0 };

	for (size_t i = 0; i < 3; i++) {
		size_t n = parts[i] != NULL ? strlen(parts[i]) : 0;

		while (n > 0 && parts[i][n - 1] == '\n')
			n--;
		if (n > 0)
			buf_printf(&b, "%s%.*s", b.len > 0 ? "\n\n" : "", (int)n, parts[i]);
	}
	buf_putc(&b, '\n');
	return buf_steal(&b);
}
