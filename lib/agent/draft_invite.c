#include "agent/draft_int.h"

#include <stdlib.h>
#include <string.h>

#include "agent/booking.h"
#include "agent/booking_int.h"
#include "agent/booking_words.h"
#include "base/json.h"
#include "base/mem.h"
#include "campaign/merge.h"
#include "campaign/template.h"
#include "mail/subject.h"
#include "store/accounts.h"
#include "store/campaigns.h"
#include "store/inbox.h"
#include "store/outbox.h"
#include "store/views.h"

struct invite {
	struct work *w;
	struct lp_db *db;
	struct message m;
	struct meeting b;
	struct account a;
	cJSON *lead, *def;              /* def: of the campaign; NULL for none */
	char *to, *subject, *calendar;
	struct buf body;
};

/* ---- the text */

/* A paragraph: a template of the campaign's or of ours. */
static int
paragraph(struct invite *x, const char *what, const char *template, struct lp_err *err)
{
	struct merge merge = { .lead = x->lead, .sender_name = x->a.display_name, .sender_email = x->a.address };
	struct template *t = template_compile(template, json_bool(x->def, "spintax", false), err);
	int r = -1;

	if (x->body.len > 0)
		buf_puts(&x->body, "\n\n");
	if (t != NULL)
		r = template_render(t, merge_value, &merge, &(struct template_choice){ db_seed(x->db), what, x->m.lead }, TEMPLATE_TEXT, &x->body, err);
	template_free(t);
	merge_clear(&merge);
	while (r == 0 && x->body.len > 0 && strchr(" \n\t", x->body.s[x->body.len - 1]) != NULL)
		x->body.s[--x->body.len] = '\0';
	return r == -1 ? lp_err_prefix(err, "%s", what) : 0;
}

static void
plain(struct invite *x, const char *text)
{
	buf_printf(&x->body, "%s%s", x->body.len > 0 ? "\n\n" : "", text);
}

/* What stands over the time: a person's words, the campaign's, or none. */
static int
opening(struct invite *x, struct lp_err *err)
{
	const char *response = json_str(json_get(x->def, "responses"), "meeting_request"), *words;
	cJSON *in = cJSON_Parse(x->w->t.input);
	int r = 0;

	if ((words = json_str(in, "text")) != NULL && *words != '\0')
		plain(x, words); /* theirs, to the letter */
	else if (x->b.next_sequence == 0 && response != NULL)
		r = paragraph(x, "the campaign's response to a meeting_request", response, err);
	else if (x->b.next_sequence == 0 && x->m.inbox != 0)
		plain(x, "thank you for your answer.");
	cJSON_Delete(in);
	return r;
}

/* "A or B would do as well": the times that were free beside it when it was chosen. */
static int
others(struct invite *x, struct lp_err *err)
{
	cJSON *list = cJSON_Parse(x->b.others), *o;
	char *one;
	int64_t at;
	int n = 0, r = 0;

	buf_puts(&x->body, "\n\n");
	cJSON_ArrayForEach(o, list) {
		if (!cJSON_IsString(o) || lp_iso_parse(o->valuestring, &at, NULL) == -1)
			continue;
		if ((one = booking_clock(x->b.timezone, at, err)) == NULL) {
			r = -1;
			break;
		}
		buf_printf(&x->body, "%s%s", n++ > 0 ? " or " : "", one);
		free(one);
	}
	buf_puts(&x->body, n > 0 ? " would do as well.\nOr just answer with a time that suits you better." :
	    "If another time suits you better, just answer with it.");
	cJSON_Delete(list);
	return r;
}

static int
where_and_when(struct invite *x, struct lp_err *err)
{
	bool cancels = booking_cancels(&x->b, &x->m), moves = x->b.next_sequence != 0 && !cancels;
	char *was = NULL, *now = NULL;
	int r = 0;

	if (moves)
		now = booking_span(x->b.timezone, x->w->c.hours.timezone, x->b.next_starts_at, x->b.next_ends_at, err);
	else
		now = booking_span(x->b.timezone, x->w->c.hours.timezone, x->b.starts_at, x->b.ends_at, err);
	if (now != NULL && moves)
		was = booking_time(x->b.timezone, x->b.starts_at, err);
	if (now == NULL || (moves && was == NULL))
		r = -1;
	else if (cancels)
		buf_printf(&x->body, "\n\nOur meeting is called off: %s.\nYour calendar learns of it from this mail.", now);
	else if (moves)
		buf_printf(&x->body, "\n\nOur meeting moves from %s to this time:\n\n    %s", was, now);
	else
		buf_printf(&x->body, "\n\nHow about this time?\n\n    %s", now);
	if (r == 0 && !cancels) {
		if (x->b.location != NULL)
			buf_printf(&x->body, "\n    %s", x->b.location);
		buf_puts(&x->body, "\n\nThe invitation is attached: to accept it is all that is needed.");
	}
	free(was);
	free(now);
	return r == 0 && !cancels ? others(x, err) : r;
}

static int
body(struct invite *x, struct lp_err *err)
{
	const char *greeting = json_str(x->def, "greeting"), *closing = json_str(x->def, "closing");

	if (paragraph(x, "the greeting", greeting != NULL ? greeting : "Hello {{first_name|}},", err) == -1 || opening(x, err) == -1 ||
	    where_and_when(x, err) == -1)
		return -1;
	if (closing != NULL)
		return paragraph(x, "the closing", closing, err);
	return x->a.display_name != NULL ? paragraph(x, "the closing", "Best regards\n{{sender_name}}", err) : 0;
}

/* It answers the thread, or opens one with its day. */
static int
subject(struct invite *x, struct lp_err *err)
{
	char **refs = NULL, *first = NULL, *day;
	size_t n = 0;
	int r = x->m.thread != 0 ? thread_references(x->db, x->m.thread, &refs, &n, &first, err) : 0;

	if (r == 0 && first != NULL)
		x->subject = mail_answer_subject(first);
	else if (r == 0 && (day = booking_day(x->b.timezone, x->b.starts_at, err)) != NULL) {
		x->subject = xasprintf("%s on %s", x->b.title != NULL ? x->b.title : "Call", day);
		free(day);
	} else
		r = -1;
	while (n > 0)
		free(refs[--n]);
	free(refs);
	free(first);
	return r;
}

/* ---- */

static int
still_good(const struct invite *x)
{
	const struct message *m = &x->m;

	if (m->body == NULL || m->calendar == NULL || m->recipient == NULL || strcmp(m->recipient, x->to) != 0 || strcmp(m->calendar, x->calendar) != 0)
		return 0;
	if (strcmp(m->origin, "person") == 0)
		return 1;
	return strcmp(m->body, buf_str(&x->body)) == 0 && m->subject != NULL && strcmp(m->subject, x->subject) == 0;
}

static int
write_it(struct invite *x, struct lp_err *err)
{

	if (body(x, err) == -1 || subject(x, err) == -1 || (x->calendar = booking_calendar(x->db, &x->b, &x->m, x->to, err)) == NULL)
		return err->kind == LP_DATA || err->kind == LP_CONFIG ? draft_hold(x->w, HOLD_MEND, NULL, err->msg, err) : -1;
	if (!still_good(x)) {
		if (message_draft(x->db, x->m.seq, x->to, &(struct message_text){ x->subject, buf_str(&x->body), NULL, x->calendar, "template", NULL, NULL }, err) == -1 ||
		    meeting_attendee(x->db, x->b.seq, x->to, err) == -1)
			return -1;
		message_clear(&x->m);
		if (message_get(x->db, x->w->t.message, &x->m, err) != 1)
			return -1;
	}
	draft_show(x->w->e, &x->m);
	return 0;
}

static int
load(struct invite *x, struct lp_err *err)
{
	int version = 0, r;

	if ((x->lead = view_lead(x->db, x->m.lead, err)) == NULL)
		return -1;
	if ((r = account_get(x->db, x->m.account, &x->a, err)) != 1)
		return r == -1 ? -1 : lp_fail(err, LP_DATA, "the account is gone");
	if (x->m.campaign != 0 && (r = campaign_newest(x->db, x->m.campaign, &version, err)) == 1)
		x->def = campaign_definition(x->db, x->m.campaign, version, err);
	return r == -1 || (version != 0 && x->def == NULL) ? -1 : 0;
}

/* Where an answer goes, else where the lead is. */
static int
address(struct invite *x, struct lp_err *err)
{
	struct lead_row l;
	int r = lead_row_get(x->db, x->m.lead, &l, err);

	if (r != 1)
		return r == -1 ? -1 : lp_fail(err, LP_DATA, "the lead is gone");
	if (x->m.inbox != 0)
		r = draft_answer_address(x->w, &x->m, &l, &x->to, err);
	else
		x->to = xstrdup(lead_row_address(&l, "email"));
	lead_row_clear(&l);
	return r == -1 ? -1 : x->to == NULL ? lp_fail(err, LP_DATA, "the lead has no e-mail address") : 0;
}

/* 1 where its text must stay: it is on the wire, or may be, or it is final. */
static int
fixed(struct invite *x, struct lp_err *err)
{
	struct outbox o;
	int r;

	if (strcmp(x->m.status, "due") != 0 && strcmp(x->m.status, "planned") != 0)
		return 1;
	if ((r = outbox_get(x->db, x->m.seq, &o, err)) == 1)
		r = o.state != OUT_DEFERRED;
	outbox_clear(&o);
	return r;
}

static int
draft(struct invite *x, struct lp_err *err)
{
	int r = fixed(x, err);

	if (r == 1 && x->m.body != NULL)
		draft_show(x->w->e, &x->m);
	if (r != 0)
		return r == -1 ? -1 : 0;
	if ((r = meeting_get(x->db, x->m.meeting, &x->b, err)) != 1)
		return r == -1 ? -1 : draft_hold(x->w, HOLD_MEND, NULL, "the meeting is gone", err);
	if (load(x, err) == -1 || address(x, err) == -1)
		return err->kind == LP_DATA ? draft_hold(x->w, HOLD_MEND, NULL, err->msg, err) : -1;
	return write_it(x, err);
}

int
draft_invite(struct work *w, struct lp_err *err)
{
	struct invite x = { .w = w, .db = w->s->db };
	int r = w->t.message != 0 ? message_get(x.db, w->t.message, &x.m, err) : 0;

	/* nothing was reserved: lp-book is missing from the pipe, and settle says so */
	if (r == 1)
		r = x.m.meeting != 0 ? draft(&x, err) : 0;
	message_clear(&x.m);
	meeting_clear(&x.b);
	account_clear(&x.a);
	cJSON_Delete(x.lead);
	cJSON_Delete(x.def);
	free(x.to);
	free(x.subject);
	free(x.calendar);
	buf_free(&x.body);
	return r == -1 ? -1 : 0;
}
