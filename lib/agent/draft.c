#include "agent/draft.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/consent.h"
#include "agent/draft_int.h"
#include "agent/draft_model.h"
#include "base/json.h"
#include "base/mem.h"
#include "mail/subject.h"
#include "rules/actions.h"
#include "sender/footer.h"
#include "sender/phone.h"
#include "store/enrolments.h"
#include "store/lead_row.h"
#include "store/messages.h"
#include "store/notify.h"
#include "store/outbox.h"
#include "store/records.h"
#include "store/report.h"
#include "store/texts.h"
#include "store/views.h"

int
draft_hold(struct work *w, enum hold kind, const char *hash, const char *reason, struct lp_err *err)
{
	struct verdict_row v = { .stage = "draft", .verdict = V_HOLD, .hold = kind, .reason = xstrdup(reason) };
	int r;

	if (hash != NULL)
		memcpy(v.content_hash, hash, LP_HEX_SIZE);
	r = verdict_put(w->s->db, &w->t, &v, NULL, err);
	if (r == 0)
		env_set(w->e, "gate", verdict_json(&v));
	verdict_clear(&v);
	return r;
}

static int
plan_step(struct work *w, const struct enrolment *e, const struct campaign_step *s, int64_t *thread, struct lp_err *err)
{
	const struct campaign_variant *v = s->nvariants > 0 ? campaign_pick(w->s->db, e->campaign, s, e->lead) : NULL;
	struct message m = { .lead = e->lead, .campaign = e->campaign, .enrolment = e->seq, .account = e->account, .step = s->step };
	struct duration delay;
	char purpose[64];
	int64_t seq;
	int r;

	if (v == NULL)
		return lp_fail(err, LP_BUG, "c%" PRId64 " version %d: step %d has no text", e->campaign, e->version, s->step);
	if (enrolments_account(w->s->db, e->campaign, e->version, e->lead, e->account, s->channel, &m.account, err) == -1)
		return -1;
	/* a telephone has one conversation with a number; mails have one for each subject */
	if (phone_channel(s->channel)) {
		if (m.account != 0 && texts_thread(w->s->db, e->lead, m.account, s->channel, &m.thread, err) == -1)
			return -1;
	} else {
		if ((*thread == 0 || !s->same_thread) && thread_new(w->s->db, e->lead, m.account, s->channel, thread, err) == -1)
			return -1;
		m.thread = *thread;
	}
	snprintf(purpose, sizeof(purpose), "seq:%" PRId64 ":%d", e->seq, s->step);
	m.purpose = purpose;
	snprintf(m.variant, sizeof(m.variant), "%s", v->id);
	snprintf(m.channel, sizeof(m.channel), "%s", s->channel);
	/* later steps learn their time when the one before them is done */
	if (s->step == 1 && (duration_parse(s->delay, &delay, err) == -1 ||
	    hours_after(&w->c.hours, db_now(w->s->db), &delay, &m.due_at, err) == -1))
		return -1;
	r = message_plan(w->s->db, &m, &seq, err);
	return r == -1 ? -1 : 0;
}

static int
plan_sequence(struct work *w, struct lp_err *err)
{
	struct campaign_step s;
	struct enrolment e;
	int64_t thread = 0;
	char out[64];
	int step, r;

	if ((r = enrolment_get(w->s->db, w->t.enrolment, &e, err)) != 1)
		return r == -1 ? -1 : env_error(w->e, "no_enrolment", "the task has no enrolment", false, 0);
	for (step = 1; (r = campaign_step_get(w->s->db, e.campaign, e.version, step, &s, err)) == 1; step++) {
		r = plan_step(w, &e, &s, &thread, err);
		campaign_step_clear(&s);
		if (r == -1)
			return -1;
	}
	if (r == -1 || enrolment_planned(w->s->db, e.seq, err) == -1)
		return -1;
	snprintf(out, sizeof(out), "{\"messages\":%d}", step - 1);
	if (task_output(w->s->db, &w->t, "done", out, err) == -1)
		return -1;
	env_set(w->e, "result", cJSON_Parse(out));
	return 0;
}

static int
write_report(struct work *w, struct lp_err *err)
{
	cJSON *in = cJSON_Parse(w->t.input);
	const char *day = json_str(in, "day");
	char key[48], title[64], *text = NULL;
	int r = -1;

	if (day == NULL || strlen(day) != 10)
		day = db_now_iso(w->s->db);
	snprintf(key, sizeof(key), "report:%.10s", day);
	snprintf(title, sizeof(title), "Report of %.10s", day);
	if (report_text(w->s->db, key + strlen("report:"), &text, err) == 0 &&
	    notify_add(w->s->db, &(struct notice){ .type = "report", .title = title, .message = text, .command = "lp-report", .task = w->t.seq,
	    .dedupe = key }, err) == 0)
		r = task_output(w->s->db, &w->t, "done", "{}", err);
	if (r == 0)
		env_set(w->e, "result", cJSON_CreateObject());
	free(text);
	cJSON_Delete(in);
	return r;
}

void
draft_show(struct env *e, const struct message *m)
{
	cJSON *o = cJSON_CreateObject();

	json_set_str(o, "channel", m->channel);
	json_set_str(o, "to", m->recipient);
	json_set_str(o, "subject", m->subject);
	json_set_str(o, "body", m->body);
	if (m->template != NULL)
		json_set(o, "template", cJSON_Parse(m->template));
	if (m->calendar != NULL)
		json_set_str(o, "calendar", m->calendar);
	json_set_str(o, "hash", m->content_hash);
	json_set_str(o, "origin", m->origin);
	env_set(e, "draft", o);
}

/* The text by a template rule is the user's own word for this case: sent only after a look at it. */
static char *
rule_text(const struct work *w)
{
	cJSON *data = cJSON_Parse(w->d.data);
	const char *text = json_str(data, "template");
	char *copy = strcmp(w->d.brain, "rule") == 0 && text != NULL ? xstrdup(text) : NULL;

	cJSON_Delete(data);
	return copy;
}

bool
draft_blank(const char *s)
{
	return s == NULL || s[strspn(s, " \t\r\n")] == '\0';
}

/* A follow-up in the same thread answers its first mail. */
static int
thread_subject(struct work *w, const struct message *m, struct campaign_text *text, struct lp_err *err)
{
	char **refs = NULL, *first = NULL;
	size_t n = 0;
	int r = 0;

	if (strcmp(m->channel, "email") != 0 || text->subject != NULL)
		return 0;
	if (m->thread != 0)
		r = thread_references(w->s->db, m->thread, &refs, &n, &first, err);
	/* who writes the first mail from a brief writes its subject */
	if (r == 0 && first == NULL && text->brief == NULL)
		r = lp_fail(err, LP_DATA, "step %d has no subject, and nothing was sent yet that it could answer", m->step);
	else if (r == 0 && first != NULL)
		text->subject = mail_answer_subject(first);
	while (n > 0)
		free(refs[--n]);
	free(refs);
	free(first);
	return r;
}

/* 0 and the whole text; -1, with LP_DATA where it can't be made. */
static int
render(struct work *w, const struct message *m, struct campaign_text *text, bool *by_rule, struct lp_err *err)
{
	char *body = rule_text(w);
	struct enrolment e;
	int r = -1;

	*by_rule = body != NULL;
	*text = (struct campaign_text){ 0 };
	if (enrolment_get(w->s->db, m->enrolment, &e, err) == 1)
		r = campaign_text(w->s->db, &(struct campaign_text_for){ .campaign = m->campaign, .version = e.version, .step = m->step,
		    .lead = m->lead, .account = m->account, .variant = m->variant, .body = body }, text, err);
	free(body);
	if (r == -1)
		return lp_err_prefix(err, "step %d", m->step);
	if (r == 0)
		return lp_fail(err, LP_DATA, "step %d has no variant '%s'", m->step, m->variant);
	if (text->brief == NULL && draft_blank(text->body))
		return lp_fail(err, LP_DATA, "step %d came out empty", m->step);
	return thread_subject(w, m, text, err);
}

/* Made before, and the lead and the text's source are as they were? A person's edit stays a person's. */
static bool
still_good(const struct message *m, const char *to, const struct campaign_text *text)
{
	if (m->body == NULL || m->recipient == NULL || strcmp(m->recipient, to) != 0)
		return false;
	if (strcmp(m->origin, "person") == 0)
		return true;
	return strcmp(m->body, text->body) == 0 && strcmp(m->template != NULL ? m->template : "", text->template != NULL ? text->template : "") == 0 &&
	    strcmp(m->subject != NULL ? m->subject : "", text->subject != NULL ? text->subject : "") == 0;
}

static int
write_message(struct work *w, struct message *m, const char *to, struct lp_err *err)
{
	struct campaign_text text;
	bool by_rule, edited = m->body != NULL && strcmp(m->origin, "person") == 0;
	int r;

	r = m->inbox != 0 ? draft_answer_text(w, m, &text, &by_rule, err) : render(w, m, &text, &by_rule, err);
	if (r == -1 && (!edited || err->kind != LP_DATA)) {
		campaign_text_clear(&text);
		return err->kind == LP_DATA ? draft_hold(w, HOLD_MEND, NULL, err->msg, err) : -1;
	}
	if (!edited && text.brief != NULL) {
		r = draft_by_model(w, m, to, &text, err);
		campaign_text_clear(&text);
		return r;
	}
	if (r == 0 && (r = footer_here(w->s->db, m, &text.body, err)) == -1) {
		campaign_text_clear(&text);
		return -1;
	}
	if (!still_good(m, to, &text)) {
		/* a new address asks for a new yes, not for other words than the person's */
		r = message_draft(w->s->db, m->seq, to, edited ?
		    &(struct message_text){ m->subject, m->body, m->html, m->calendar, "person", m->template, NULL } :
		    &(struct message_text){ text.subject, text.body, NULL, NULL, by_rule ? "rule" : "template", text.template, NULL }, err);
		message_clear(m);
		if (r == 0)
			r = message_get(w->s->db, w->t.message, m, err) == 1 ? 0 : -1;
	} else
		r = 0;
	campaign_text_clear(&text);
	if (r == 0)
		draft_show(w->e, m);
	return r;
}

/* Reserved by a run that died: until lp-send has looked whether it arrived, its text is what was reserved. */
static int
on_its_way(struct work *w, int64_t message, struct lp_err *err)
{
	struct outbox o;
	int r = outbox_get(w->s->db, message, &o, err);

	if (r == 1)
		r = o.state != OUT_DEFERRED;
	outbox_clear(&o);
	return r;
}

/* Where it goes: 0, *to NULL where there is no address; -1, LP_DATA where there is one that can't be written to. */
static int
address(struct work *w, const struct message *m, const struct lead_row *l, char **to, struct lp_err *err)
{
	if (m->inbox != 0)
		return draft_answer_address(w, m, l, to, err);
	*to = xstrdup(lead_row_address(l, m->channel));
	return 0;
}

static int
to_lead(struct work *w, struct message *m, const struct lead_row *l, struct lp_err *err)
{
	char *to = NULL;
	int r = address(w, m, l, &to, err);

	if (r == -1)
		r = err->kind == LP_DATA ? draft_hold(w, HOLD_MEND, NULL, err->msg, err) : -1;
	else if (to == NULL)
		r = draft_hold(w, HOLD_MEND, NULL, strcmp(m->channel, "email") == 0 ? "the lead has no e-mail address" : "the lead has no number", err);
	else
		r = write_message(w, m, to, err);
	free(to);
	return r;
}

static int
draft_message(struct work *w, struct lp_err *err)
{
	struct lead_row l = { 0 };
	struct message m = { 0 };
	int r;

	if (w->t.message == 0 || (r = message_get(w->s->db, w->t.message, &m, err)) == 0)
		return env_error(w->e, "no_message", "the task has no message", false, 0);
	if (r == -1)
		return -1;
	if (strcmp(m.status, "due") != 0 && strcmp(m.status, "planned") != 0)
		r = 0;
	else if ((r = on_its_way(w, m.seq, err)) != 0) {
		if (r == 1)
			draft_show(w->e, &m);
		r = r == -1 ? -1 : 0;
	}
	else if ((r = lead_row_get(w->s->db, m.lead, &l, err)) == 0)
		r = env_error(w->e, "no_lead", "the message has no lead", false, 0);
	else if (r == 1)
		r = to_lead(w, &m, &l, err);
	lead_row_clear(&l);
	message_clear(&m);
	return r;
}

/* Inner work is done here, so the yes that it may need is looked for here. */
static int
inner(struct work *w, int (*work)(struct work *, struct lp_err *), struct lp_err *err)
{
	struct verdict_row v = { .stage = "draft" };
	int r;

	if (*w->t.outcome != '\0')
		return 0;
	if ((r = consent_judge(w->s->db, &w->c, &w->t, &w->d, NULL, &v, err)) == 0 && v.verdict != V_ALLOW)
		r = draft_hold(w, v.hold, v.content_hash, v.reason, err);
	else if (r == 0)
		r = work(w, err);
	verdict_clear(&v);
	return r;
}

static int
act(struct work *w, struct lp_err *err)
{
	const struct action *a;
	struct verdict_row v;
	int r;

	if ((r = verdict_last(w->s->db, &w->t, NULL, &v, err)) == 1) {
		r = v.verdict != V_ALLOW;
		verdict_clear(&v);
	}
	if (r == -1 || (r == 1 && !draft_shows(w->s)))
		return r == -1 ? -1 : 0;
	if ((r = decision_get(w->s->db, w->t.seq, NULL, &w->d, err)) != 1)
		return r;
	a = action_get(w->d.action);
	if (a == NULL || !action_allowed(w->t.type, w->d.action))
		return 0;
	if (strcmp(a->name, "plan_sequence") == 0)
		return inner(w, plan_sequence, err);
	if (strcmp(a->name, "write_report") == 0)
		return inner(w, write_report, err);
	/* an answer is planned here: what it answers, and to whom, is the reply's rows' */
	if (strcmp(a->name, "send_response") == 0 && w->t.inbox != 0 && w->t.message == 0 && (r = draft_answer_plan(w, err)) != 1)
		return r;
	if (a->carrier == BY_BOOK)
		return draft_invite(w, err);
	return a->carrier == BY_SEND ? draft_message(w, err) : 0;
}

int
draft_again(struct stage *s, struct env *e, struct draft_said *said, struct lp_err *err)
{
	struct work w = { .s = s, .e = e, .said = said };
	int r;

	/* shown, whoever has it: and whatever is written for that is taken back */
	if (draft_shows(s)) {
		e->undo = true;
		r = task_get(s->db, e->task, &w.t, err);
	} else
		r = stage_task(s, e, &w.t, err);
	if (r != 1)
		return r;
	if ((r = config_load(s->db, &w.c, err)) == 0) {
		r = act(&w, err);
		config_clear(&w.c);
	}
	decision_clear(&w.d);
	task_clear(&w.t);
	return r;
}

int
draft_item(struct stage *s, struct env *e, struct lp_err *err)
{
	if (e->task == 0 || e->has_error || json_get(e->json, "decision") == NULL)
		return 0;
	return draft_again(s, e, NULL, err);
}
