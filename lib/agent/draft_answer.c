/*
 * The text of an answer: one of the campaign's, or a rule's own; into the thread of the reply, to whom the rows say.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/draft_int.h"
#include "agent/respond.h"
#include "base/json.h"
#include "base/mem.h"
#include "store/campaigns.h"

static int
plan(struct work *w, const struct respond *r, struct lp_err *err)
{
	struct message m = { .lead = w->t.lead, .campaign = w->t.campaign, .thread = r->thread.seq, .account = r->thread.account, .inbox = r->in.seq };
	char purpose[64];
	int64_t seq;

	snprintf(purpose, sizeof(purpose), "resp:%" PRId64, r->in.seq);
	m.purpose = purpose;
	m.due_at = db_now(w->s->db);
	snprintf(m.channel, sizeof(m.channel), "%s", r->thread.channel);
	/* the class was corrected, or a person gave the conversation back: what was written before is overtaken */
	if (message_plan(w->s->db, &m, &seq, err) == -1 || message_anew(w->s->db, seq, err) == -1 || message_take(w->s->db, seq, err) == -1)
		return -1;
	return task_message(w->s->db, &w->t, seq, err) == -1 ? -1 : 1;
}

int
draft_answer_plan(struct work *w, struct lp_err *err)
{
	struct respond r;
	int got = respond_load(w->s->db, w->t.inbox, w->t.campaign, &r, err);

	if (got != 1)
		return got == -1 ? -1 : env_error(w->e, "no_reply", "the task has no reply", false, 0);
	if (w->t.lead == 0 || r.in.lead != w->t.lead || r.thread.seq == 0 || r.thread.lead != w->t.lead || r.thread.account == 0)
		got = draft_hold(w, HOLD_MEND, NULL, w->t.lead == 0 || r.in.lead != w->t.lead ? "the reply isn't of the task's lead" :
		    "the reply is in no thread of ours with this lead", err);
	else
		got = plan(w, &r, err);
	respond_clear(&r);
	return got;
}

int
draft_answer_address(struct work *w, const struct message *m, const struct lead_row *l, char **to, struct lp_err *err)
{
	struct inbox_message in;
	int r = inbox_get(w->s->db, m->inbox, &in, err);

	if (r == 1) {
		r = respond_address(w->s->db, &in, l, to, err);
		inbox_clear(&in);
	} else if (r == 0)
		r = lp_fail(err, LP_DATA, "the reply is gone");
	return r;
}

/* The template of the decision, filled with the lead's fields. */
static int
body(struct work *w, const struct message *m, const char *template, bool by_rule, int version, struct campaign_text *text, struct lp_err *err)
{
	struct campaign_text_for who = { .campaign = m->campaign, .version = version, .lead = m->lead, .account = m->account, .variant = "answer",
		.body = template };

	if (campaign_fill(w->s->db, &who, &text->body, err) == -1)
		return err->kind == LP_DATA ? lp_err_prefix(err, by_rule ? "the rule's template" : "the answer") : -1;
	return draft_blank(text->body) ? lp_fail(err, LP_DATA, "the answer came out empty") : 0;
}

/* Links are the template's: none gets into an answer by way of a field. */
static int
links(const char *template, const struct campaign_text *text, struct lp_err *err)
{
	const char *const allowed[] = { template, NULL };
	char *link = respond_link(text->body, allowed);

	if (link == NULL)
		return 0;
	lp_fail(err, LP_DATA, "the answer has a link that isn't in its template: %.100s", link);
	free(link);
	return -1;
}

static int
subject(struct work *w, const struct message *m, struct campaign_text *text, struct lp_err *err)
{
	char **ids = NULL, *first = NULL;
	struct inbox_message in;
	size_t n = 0;
	int r;

	if (strcmp(m->channel, "email") != 0)
		return 0;
	if ((r = inbox_get(w->s->db, m->inbox, &in, err)) != 1)
		return r == -1 ? -1 : lp_fail(err, LP_DATA, "the reply is gone");
	r = thread_references(w->s->db, m->thread, &ids, &n, &first, err);
	if (r == 0 && (text->subject = respond_subject(&in, first)) == NULL)
		r = lp_fail(err, LP_DATA, "neither the reply nor its thread has a subject");
	while (n > 0)
		free(ids[--n]);
	free(ids);
	free(first);
	inbox_clear(&in);
	return r;
}

int
draft_answer_text(struct work *w, const struct message *m, struct campaign_text *text, bool *by_rule, struct lp_err *err)
{
	int version = respond_version(w->d.data), r = -1;
	cJSON *def = NULL;
	char *template;

	*text = (struct campaign_text){ 0 };
	snprintf(text->variant, sizeof(text->variant), "answer");
	if (version != 0 && (def = campaign_definition(w->s->db, m->campaign, version, err)) == NULL)
		return -1;
	template = respond_text(def, w->d.data, by_rule);
	if (template == NULL && (text->brief = respond_brief(def, w->d.data)) != NULL)
		r = subject(w, m, text, err);
	else if (template == NULL)
		lp_fail(err, LP_DATA, "the decision names no text of the campaign");
	else if (body(w, m, template, *by_rule, version, text, err) == 0 && links(template, text, err) == 0)
		r = subject(w, m, text, err);
	free(template);
	cJSON_Delete(def);
	return r;
}
