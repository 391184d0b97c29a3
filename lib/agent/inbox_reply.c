#include "agent/inbox_reply.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/decide.h"
#include "agent/gate.h"
#include "agent/respond.h"
#include "base/json.h"
#include "base/table.h"
#include "campaign/campaign_text.h"
#include "sender/deliver.h"
#include "sender/when.h"
#include "store/accounts.h"
#include "store/approvals.h"
#include "store/campaigns.h"
#include "store/config.h"
#include "store/control.h"
#include "store/inbox_list.h"
#include "store/log.h"
#include "store/messages.h"
#include "store/records.h"
#include "store/stops.h"
#include "store/suppressions.h"

#define PRIORITY 85 /* somebody waits for it: before the agent's own answers */

struct replying {
	struct lp_db *db;
	const struct inbox_reply *in;
	struct inbox_replied *out;
	struct respond r;
	struct lead_row lead;
	struct account account;
	struct lp_config c;
};

/* ---- beginning */

static int
can_be(const struct respond *r, struct lp_err *err)
{
	if (strcmp(r->in.kind, "own") == 0)
		return lp_fail(err, LP_DATA, "i%" PRId64 " was written by one of us", r->in.seq);
	if (r->in.lead == 0 || r->thread.seq == 0 || r->thread.lead != r->in.lead || r->thread.account == 0)
		return lp_fail(err, LP_DATA, "i%" PRId64 " is in no conversation of ours with a lead: answer it in your mail program", r->in.seq);
	return 0;
}

static int
load(struct lp_db *db, int64_t inbox, struct respond *r, struct lp_err *err)
{
	int got = respond_load(db, inbox, 0, r, err);

	if (got == 0)
		return lp_fail(err, LP_NO, "no such mail: i%" PRId64, inbox);
	return got == -1 ? -1 : can_be(r, err);
}

static int
subject(struct lp_db *db, const struct respond *r, cJSON *draft, struct lp_err *err)
{
	char **ids = NULL, *first = NULL, *s = NULL;
	size_t n = 0;
	int got = 0;

	if (strcmp(r->thread.channel, "email") == 0 && (got = thread_references(db, r->thread.seq, &ids, &n, &first, err)) == 0) {
		s = respond_subject(&r->in, first);
		json_set_str(draft, "subject", s != NULL ? s : "");
	}
	while (n > 0)
		free(ids[--n]);
	free(ids);
	free(first);
	free(s);
	return got;
}

/* A text as the beginning of an answer to it: an empty line, "On ..., ... wrote:", and its lines behind '> '. */
static void
put_quote(struct buf *out, const char *text, const char *who, const char *at, const char *zone)
{
	char when[TABLE_TIME_SIZE];
	size_t n = strlen(text);
	char *cut;

	buf_printf(out, "\n\nOn %s, ", table_time(at, zone, when));
	text_line(out, who);
	buf_puts(out, " wrote:\n");
	while (n > 0 && strchr(" \t\r\n", text[n - 1]) != NULL)
		n--;
	cut = xstrndup(text, n);
	text_safe(out, cut, "> ");
	free(cut);
}

static void
quote(const struct respond *r, const char *zone, cJSON *draft)
{
	const struct inbox_message *in = &r->in;
	struct buf b = { 0 };
	char at[LP_ISO_SIZE];

	if (strcmp(r->thread.channel, "email") != 0) { /* what they wrote stands right above it on their screen */
		json_set_str(draft, "body", "");
		return;
	}
	put_quote(&b, *in->reply_text != '\0' ? in->reply_text : in->text, in->from_name != NULL ? in->from_name : in->from_address != NULL ?
	    in->from_address : "somebody", lp_iso(in->sent_at != 0 ? in->sent_at : in->received_at, at), zone);
	json_set_str(draft, "body", buf_str(&b));
	buf_free(&b);
}

/* 1: the agent's draft is in `draft`, 0: there is none, -1. */
static int
drafted(struct lp_db *db, const struct respond *r, cJSON *draft, struct lp_err *err)
{
	struct message m = { 0 };
	int64_t seq;
	int got = inbox_open_draft(db, r->in.seq, &seq, err);

	if (got == 1 && (got = message_get(db, seq, &m, err)) == 1) {
		if (m.subject != NULL)
			json_set_str(draft, "subject", m.subject);
		json_set_str(draft, "body", m.body);
		json_set_bool(draft, "drafted", true);
	}
	message_clear(&m);
	return got;
}

cJSON *
inbox_reply_begin(struct lp_db *db, int64_t inbox, const char *zone, const char *text, int64_t *seen, struct lp_err *err)
{
	cJSON *draft = cJSON_CreateObject();
	struct respond r = { 0 };
	int got = load(db, inbox, &r, err);

	if (got == 0 && (got = subject(db, &r, draft, err)) == 0 && (got = inbox_last(db, r.thread.seq, seen, err)) != -1) {
		if (text != NULL)
			json_set_str(draft, "body", text);
		else if ((got = drafted(db, &r, draft, err)) == 0)
			quote(&r, zone, draft);
	}
	respond_clear(&r);
	if (got != -1)
		return draft;
	cJSON_Delete(draft);
	return NULL;
}

/* ---- the checks, in the order in which one would like to hear of them */

static int
allowed(struct replying *x, struct lp_err *err)
{
	struct suppression_hit hit;
	char *to = NULL;
	int r = lead_row_get(x->db, x->r.in.lead, &x->lead, err);

	if (r != 1)
		return r == -1 ? -1 : lp_fail(err, LP_NOPERM, "the lead is gone");
	if ((r = respond_address(x->db, &x->r.in, &x->lead, &to, err)) == -1)
		return -1;
	x->out->recipient = to;
	if (to == NULL)
		return lp_fail(err, LP_DATA, "l%" PRId64 " has no address", x->lead.seq);
	if ((r = suppressions_hit(x->db, x->lead.person, to, &hit, err)) != 0)
		return r == -1 ? -1 : lp_fail(err, LP_NOPERM, "l%" PRId64 " is never written to, since %.10s: %s", x->lead.seq, hit.since, hit.reason);
	if (respond_lead_bars(x->lead.status))
		return lp_fail(err, LP_NOPERM, "l%" PRId64 " is %s%s%s (lp-leads start)", x->lead.seq, x->lead.status,
		    x->lead.status_reason != NULL ? ": " : "", x->lead.status_reason != NULL ? x->lead.status_reason : "");
	return 0;
}

static int
unchanged(struct replying *x, struct lp_err *err)
{
	int64_t last;

	if (inbox_last(x->db, x->r.thread.seq, &last, err) == -1)
		return -1;
	if (last != x->in->seen)
		return lp_fail(err, LP_TEMP, "something came in or left meanwhile: lp-inbox show h%" PRId64, x->r.thread.seq);
	return 0;
}

static int
filled(struct replying *x, const char *typed, const char *what, char **out, struct lp_err *err)
{
	struct campaign_text_for who = { .campaign = x->r.in.campaign, .lead = x->lead.seq, .account = x->account.seq, .variant = "by hand", .body = typed };

	if (x->r.in.campaign != 0 && campaign_newest(x->db, x->r.in.campaign, &who.version, err) == -1)
		return -1;
	return campaign_fill(x->db, &who, out, err) == -1 ? lp_err_prefix(err, "%s", what) : 0;
}

static int
text(struct replying *x, struct lp_err *err)
{
	if (x->in->body[strspn(x->in->body, " \t\r\n")] == '\0')
		return lp_fail(err, LP_DATA, "there is no text");
	if (x->in->subject != NULL && filled(x, x->in->subject, "the subject", &x->out->subject, err) == -1)
		return -1;
	return filled(x, x->in->body, "the text", &x->out->body, err);
}

/* ---- the rows */

static int
message(struct replying *x, struct lp_err *err)
{
	struct message m = { .lead = x->lead.seq, .campaign = x->r.in.campaign, .thread = x->r.thread.seq, .account = x->account.seq,
		.inbox = x->r.in.seq, .due_at = db_now(x->db) };
	char purpose[8 + LP_UUID_SIZE] = "hand:";

	if (db_uuid(x->db, purpose + 5, err) == -1)
		return -1;
	m.purpose = purpose;
	snprintf(m.channel, sizeof(m.channel), "%s", x->r.thread.channel);
	if (message_plan(x->db, &m, &x->out->message, err) == -1 || message_take(x->db, x->out->message, err) == -1)
		return -1;
	return message_draft(x->db, x->out->message, x->out->recipient, &(struct message_text){ .subject = x->out->subject, .body = x->out->body,
	    .origin = "person" }, err);
}

static int
decision(struct replying *x, const struct task *t, struct decision *d, struct lp_err *err)
{
	char inputs[LP_HEX_SIZE];

	snprintf(d->action, sizeof(d->action), "send_response");
	snprintf(d->brain, sizeof(d->brain), "person");
	d->reasoning = xasprintf("%s answers i%" PRId64 " by hand", x->in->by, x->in->inbox);
	d->confidence = 1;
	d->data = xstrdup("{}");
	return decide_inputs(x->db, t, inputs, err) == -1 ? -1 : decision_put(x->db, t, inputs, d, err);
}

static void
note(struct replying *x, char *s)
{
	buf_printf(&x->out->notes, "%s\n", s);
	free(s);
}

/* What the rules say of it, told before the yes: then those that ask for one are satisfied by it. */
static int
judged(struct replying *x, const struct task *t, const struct decision *d, struct lp_err *err)
{
	struct verdict_row v = { .stage = "gate" };
	struct message m = { 0 };
	char when[TABLE_TIME_SIZE], at[LP_ISO_SIZE];
	int r = message_get(x->db, x->out->message, &m, err);

	if (r == 1 && (r = gate_judge(x->db, t, d, &m, &v, NULL, err)) == 0) {
		snprintf(x->out->hash, sizeof(x->out->hash), "%s", m.content_hash);
		if (v.verdict == V_BLOCK || (v.verdict == V_HOLD && v.hold == HOLD_MEND))
			r = lp_fail(err, LP_NOPERM, "%s", v.reason);
		else if (v.verdict == V_HOLD)
			note(x, xasprintf("wants a look: %s", v.reason));
		else if (v.verdict == V_DELAY)
			note(x, xasprintf("waits until %s: %s", table_time(lp_iso(v.until, at), x->c.hours.timezone, when), v.reason));
		if (r == 0)
			r = approval_by_hand(x->db, t, d, &v, x->in->by, err);
	}
	verdict_clear(&v);
	message_clear(&m);
	return r;
}

/* Why it won't leave at once. */
static int
waits(struct replying *x, struct lp_err *err)
{
	char *why = NULL, status[12] = "", when[TABLE_TIME_SIZE], at[LP_ISO_SIZE];
	struct when w = { 0 };
	int64_t next;
	int version = 0, r = control_stopped(x->db, &why, err);

	if (r == 1)
		note(x, why);
	if (r != -1 && x->r.in.campaign != 0 && ((r = campaign_status(x->db, x->r.in.campaign, status, err)) == -1 ||
	    (r = campaign_newest(x->db, x->r.in.campaign, &version, err)) == -1))
		return -1;
	if (r != -1 && *status != '\0' && strcmp(status, "running") != 0)
		note(x, xasprintf("the campaign is %s (lp-campaigns start)", status));
	if (r == -1 || when_load(x->db, &x->c, &x->account, x->r.in.campaign, version, x->lead.seq, &w, err) == -1)
		return -1;
	r = hours_all_next_open(w.list, w.n, db_now(x->db), &next, err);
	if (r == 0 && next == HOURS_NEVER)
		note(x, xstrdup("the hours of agent, account, campaign and lead have no moment in common within a year"));
	else if (r == 0 && next > db_now(x->db))
		note(x, xasprintf("outside the hours until %s", table_time(lp_iso(next, at), x->c.hours.timezone, when)));
	when_clear(&w);
	return r;
}

static int
put(struct replying *x, struct lp_err *err)
{
	char key[40], *why = xasprintf("%s answered by hand (i%" PRId64 ")", x->in->by, x->in->inbox);
	struct decision d = { 0 };
	struct task t = { 0 };
	int r = -1;

	if (stop_person(x->db, x->lead.person, why, err) != -1 && thread_take(x->db, x->r.thread.seq, why, err) != -1 && message(x, err) == 0 &&
	    deliver_check(x->db, &x->account, x->out->message, err) == 0) {
		snprintf(key, sizeof(key), "hand:%" PRId64, x->out->message);
		r = task_add(x->db, &(struct task_new){ .type = "respond_to_reply", .priority = PRIORITY, .campaign = x->r.in.campaign, .lead = x->lead.seq,
		    .message = x->out->message, .inbox = x->r.in.seq, .account = x->account.seq, .dedupe = key, .why = why }, &x->out->task, err);
	}
	if (r == 1)
		r = task_get(x->db, x->out->task, &t, err) == 1 && decision(x, &t, &d, err) == 0 && judged(x, &t, &d, err) == 0 ? waits(x, err) : -1;
	task_clear(&t);
	decision_clear(&d);
	free(why);
	return r;
}

int
inbox_reply(struct lp_db *db, const struct inbox_reply *in, struct inbox_replied *out, struct lp_err *err)
{
	struct replying x = { .db = db, .in = in, .out = out };
	int r;

	*out = (struct inbox_replied){ 0 };
	if ((r = load(db, in->inbox, &x.r, err)) == 0 && (r = unchanged(&x, err)) == 0 && (r = allowed(&x, err)) == 0 &&
	    (r = account_get(db, x.r.thread.account, &x.account, err)) == 1 && (r = config_load(db, &x.c, err)) == 0) {
		if ((r = text(&x, err)) == 0)
			r = put(&x, err);
		if (r == 0 && in->hash != NULL && strcmp(in->hash, out->hash) != 0)
			r = lp_fail(err, LP_TEMP, "it isn't any more what was shown: the lead or the account changed");
		config_clear(&x.c);
	} else if (r == 0)
		r = lp_fail(err, LP_BUG, "h%" PRId64 ": its account is gone", x.r.thread.seq);
	respond_clear(&x.r);
	lead_row_clear(&x.lead);
	account_clear(&x.account);
	return r;
}

void
inbox_replied_clear(struct inbox_replied *out)
{
	free(out->recipient);
	free(out->subject);
	free(out->body);
	buf_free(&out->notes);
	*out = (struct inbox_replied){ 0 };
}

void
inbox_replied_text(struct buf *b, const struct inbox_replied *out)
{
	buf_puts(b, "To: ");
	text_safe(b, out->recipient, "");
	if (out->subject != NULL) {
		buf_puts(b, "Subject: ");
		text_safe(b, out->subject, "");
	}
	buf_putc(b, '\n');
	text_safe(b, out->body, "");
	if (out->notes.len > 0)
		buf_putc(b, '\n');
	text_safe(b, buf_str(&out->notes), "-- ");
}
