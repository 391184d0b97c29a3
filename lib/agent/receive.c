#include "agent/receive.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/booking.h"
#include "agent/receive_int.h"
#include "base/normal.h"
#include "store/lead_row.h"
#include "store/log.h"
#include "store/notify.h"
#include "store/persons.h"
#include "store/stops.h"
#include "store/suppressions.h"
#include "store/tasks.h"
#include "store/threads.h"

#define PRIORITY 90 /* of judging a reply: before whatever leaves, after reading */

/* An answer, or a bounce, proves that the message arrived where nobody knew. */
static int
receive_prove(struct received *x, struct lp_err *err)
{
	struct outbox o;
	int r;

	if (!match_names_ours(&x->m))
		return 0;
	if ((r = outbox_get(x->db, x->m.message, &o, err)) == 1 && o.state == OUT_UNKNOWN) {
		r = outbox_record(x->db, x->m.message, &(struct outbox_result){ .state = OUT_SENT, .response = "a mail that came in names it" }, err);
		if (r != -1)
			r = task_release(x->db, o.task, 0, NULL, "a mail that came in proves that it was sent", err);
	}
	if (r != -1)
		outbox_clear(&o);
	return r == -1 ? -1 : 0;
}

int
receive_stop(struct received *x, int64_t person, const char *why, struct lp_err *err)
{
	int n = person != 0 ? stop_person(x->db, person, why, err) : 0;

	if (n == -1)
		return -1;
	x->res->stopped += n;
	return 0;
}

int
receive_notice(struct received *x, const char *type, char *title, char *key, struct lp_err *err)
{
	char *message, *command = xasprintf("lp-inbox show i%" PRId64, x->res->seq);
	size_t cut = strlen(x->reply) < 500 ? strlen(x->reply) : 500;
	int r;

	/* the first lines, ending with a whole character */
	for (; cut > 0 && ((unsigned char)x->reply[cut] & 0xc0) == 0x80; cut--)
		;
	message = xasprintf("%s%s%.*s", x->mail->subject, *x->mail->subject != '\0' ? "\n\n" : "", (int)cut, x->reply);
	if (key == NULL)
		key = xasprintf("inbox:%" PRId64, x->res->seq);
	r = notify_add(x->db, &(struct notice){ .type = type, .title = title, .message = message, .command = command, .task = x->n->task,
	    .lead = x->m.lead, .dedupe = key }, err);
	free(title);
	free(key);
	free(message);
	free(command);
	return r;
}

static const char *
from(const struct received *x)
{
	return match_from(x->mail) != NULL ? match_from(x->mail) : "nobody";
}

/* One of us wrote by hand: the conversation is a person's now. */
static int
own(struct received *x, struct lp_err *err)
{
	char *why = xasprintf("one of us wrote by hand (i%" PRId64 ")", x->res->seq);
	int r = 0;

	if (x->m.by != NULL) {
		r = x->m.thread != 0 ? thread_take(x->db, x->m.thread, why, err) : 0;
		if (r != -1)
			r = receive_stop(x, x->m.person, why, err);
	}
	free(why);
	return r == -1 ? -1 : inbox_handled(x->db, x->res->seq, err);
}

int
receive_opt_out(struct lp_db *db, const char *from, int64_t sender, const struct lead_row *l, struct lp_err *err)
{
	static const char why[] = "asked not to be written to";
	char *address = from != NULL ? normal_email(from, NULL) : NULL, number[NORMAL_PHONE_SIZE];
	int r = 0;

	if (address != NULL)
		r = suppressions_add(db, "email", address, sender, why, "reply", err);
	else if (from != NULL && normal_phone(from, NULL, number))
		r = suppressions_add(db, "phone", number, sender, why, "reply", err);
	free(address);
	/* one address with its person is enough: whatever else they have goes with it */
	if (r != -1 && l != NULL && l->email != NULL)
		r = suppressions_add(db, "email", l->email, l->person, why, "reply", err);
	else if (r != -1 && l != NULL && (l->phone != NULL || l->whatsapp != NULL))
		r = suppressions_add(db, "phone", l->phone != NULL ? l->phone : l->whatsapp, l->person, why, "reply", err);
	return r == -1 ? -1 : 0;
}

/* No model is asked: the sender, whoever that is, and the lead, on every channel, whoever answered for them. */
static int
opt_out(struct received *x, struct lp_err *err)
{
	struct lead_row l = { 0 };
	int r = x->m.lead != 0 ? lead_row_get(x->db, x->m.lead, &l, err) : 0;

	if (r != -1)
		r = receive_opt_out(x->db, match_from(x->mail), x->m.sender, r == 1 ? &l : NULL, err);
	lead_row_clear(&l);
	if (r == -1)
		return -1;
	x->res->suppressed = true;
	buf_puts(&x->done, "; suppressed");
	if (x->m.lead != 0 && receive_notice(x, "opt_out", xasprintf("opt-out from %s", from(x)), NULL, err) == -1)
		return -1;
	return x->m.ambiguous ? 0 : inbox_handled(x->db, x->res->seq, err);
}

/* Whoever of several is meant: nothing more leaves to any of them until a person has told. */
static int
ambiguous(struct received *x, const char *why, struct lp_err *err)
{
	struct buf who = { 0 };
	char *title;

	for (size_t i = 0; i < x->m.npersons; i++)
		if (receive_stop(x, x->m.persons[i], why, err) == -1 || persons_leads(x->db, x->m.persons[i], &who, err) == -1) {
			buf_free(&who);
			return -1;
		}
	buf_printf(&x->done, "; it could be of %s", buf_str(&who));
	title = xasprintf("reply from %s, who could be any of %s: their sequences stopped", from(x), buf_str(&who));
	buf_free(&who);
	return receive_notice(x, "reply", title, NULL, err);
}

static int
learn(struct received *x, struct lp_err *err)
{
	char *address;
	int r;

	if (!x->m.alias || x->m.person == 0 || (address = normal_email(match_from(x->mail), NULL)) == NULL)
		return 0;
	if ((r = persons_know(x->db, x->m.person, "email", address, "reply", err)) == 1)
		buf_puts(&x->done, "; the address is another of theirs");
	free(address);
	return r == -1 ? -1 : 0;
}

static int
to_be_judged(struct received *x, struct lp_err *err)
{
	char *key, *why = NULL;
	int64_t task;
	int r = x->m.thread != 0 ? thread_is_persons(x->db, x->m.thread, &why, err) : 0;

	free(why);
	if (r != 0)
		return r == -1 ? -1 : 0;
	key = xasprintf("classify:%" PRId64, x->res->seq);
	r = task_add(x->db, &(struct task_new){ .type = "classify_reply", .priority = PRIORITY, .depth = x->n->task != 0, .lead = x->m.lead,
	    .campaign = x->m.campaign, .account = x->n->account, .inbox = x->res->seq, .dedupe = key, .why = "a reply is to be judged" }, &task, err);
	free(key);
	return r == -1 ? -1 : 0;
}

/* Somebody wrote. The stops come first: suppressing ends enrolments too, and would leave their tasks to be found one by one. */
int
receive_reply(struct received *x, struct lp_err *err)
{
	bool out = strcmp(x->told.kind, "unsubscribe") == 0;
	char *why = xasprintf("%s (i%" PRId64 ")", out ? "opt-out" : "reply", x->res->seq);
	int r = receive_stop(x, x->m.person, why, err), more;

	if (r != -1 && x->m.sender != x->m.person)
		r = receive_stop(x, x->m.sender, why, err);
	if (r != -1 && x->m.lead != 0) {
		if ((more = stop_colleagues(x->db, x->m.lead, why, err)) == -1 || stop_replied(x->db, x->m.person, why, err) == -1)
			r = -1;
		else
			x->res->stopped += more;
	}
	if (r != -1 && x->m.ambiguous)
		r = ambiguous(x, why, err);
	if (r != -1)
		r = learn(x, err);
	if (r != -1 && out)
		r = opt_out(x, err);
	else if (r != -1 && x->m.lead != 0 && (r = receive_notice(x, "reply", xasprintf("reply from %s", from(x)), NULL, err)) != -1)
		r = to_be_judged(x, err);
	free(why);
	return r == -1 ? -1 : 0;
}

/* A newsletter is no answer, nor is a receipt; but a help desk's mail in the thread may be what a person wrote into it. */
static int
other(struct received *x, struct lp_err *err)
{
	char *why;
	int r;

	if (!match_names_ours(&x->m) || x->mail->report_type != NULL)
		return 0;
	why = xasprintf("automatic mail in the thread (i%" PRId64 ")", x->res->seq);
	r = receive_stop(x, x->m.person, why, err);
	free(why);
	return r == -1 ? -1 : receive_notice(x, "automatic_mail", xasprintf("automatic mail from %s", from(x)), NULL, err);
}

/* A calendar's answer to an invitation of ours is a matter of that meeting: 1 taken in, 0 it is none, -1. */
static int
calendar(struct received *x, struct lp_err *err)
{
	struct meeting_reply_result answer;
	int r;

	if (x->mail->calendar == NULL || strcmp(x->told.kind, "own") == 0 || strcmp(x->told.kind, "bounce") == 0 || strcmp(x->told.kind, "complaint") == 0)
		return 0;
	if ((r = meeting_reply(x->db, x->mail, x->res->seq, x->n->task, &answer, err)) != 1)
		return r;
	buf_printf(&x->done, "; answer to b%" PRId64 ": %s", answer.meeting, answer.what);
	if (x->m.person != 0 && stop_replied(x->db, x->m.person, "answered an invitation", err) == -1)
		return -1;
	/* whoever also asks to be left alone is */
	if (strcmp(x->told.kind, "unsubscribe") == 0)
		return 0;
	return inbox_handled(x->db, x->res->seq, err) == -1 ? -1 : 1;
}

static int
act(struct received *x, struct lp_err *err)
{
	static const struct {
		const char *kind;
		int (*act)(struct received *, struct lp_err *);
	} kinds[] = { { "reply", receive_reply }, { "unsubscribe", receive_reply }, { "auto_reply", receive_auto }, { "bounce", receive_bounce },
		{ "complaint", receive_complaint }, { "own", own } };

	int r;

	if (receive_prove(x, err) == -1)
		return -1;
	if ((r = calendar(x, err)) != 0)
		return r == -1 ? -1 : 0;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(x->told.kind, kinds[i].kind) == 0)
			return kinds[i].act(x, err);
	return other(x, err);
}

int
receive_log(struct received *x, struct lp_err *err)
{
	struct log_entry e = { .type = "observation", .task = x->n->task, .lead = x->m.lead, .campaign = x->m.campaign, .message = x->m.message,
		.inbox = x->res->seq, .account = x->n->account };
	char *text;
	int r;

	if (x->res->stopped > 0)
		buf_printf(&x->done, "; %d enrolment%s stopped", x->res->stopped, x->res->stopped == 1 ? "" : "s");
	e.text = text = xasprintf("i%" PRId64 " came in: %s, %s%s%s", x->res->seq, x->told.kind,
	    x->m.by != NULL ? "matched by " : x->m.ambiguous ? "ambiguous" : "unmatched", x->m.by != NULL ? x->m.by : "", buf_str(&x->done));
	r = log_add(x->db, &e, err);
	free(text);
	return r;
}

static int
match(struct received *x, bool ours, struct lp_err *err)
{
	struct match_returned returned = { .message_id = x->returned_id, .addresses = (const char *const *)x->addresses, .n = x->naddresses };
	bool report = strcmp(x->told.kind, "bounce") == 0 || strcmp(x->told.kind, "complaint") == 0;
	struct outbox o;
	int r;

	if (match_mail(x->db, x->mail, report ? &returned : NULL, &x->m, err) == -1)
		return -1;
	if (x->told.returned != NULL) {
		if ((r = receive_about(x, &o, err)) == -1)
			return -1;
		if (r == 0)
			x->told.returned = NULL;
		outbox_clear(&o);
	}
	if (!ours)
		return 0;
	/* by our own address nobody's conversation is named: to whom did one of us write? */
	if (x->m.ambiguous || (x->m.by != NULL && (strcmp(x->m.by, "address") == 0 || strcmp(x->m.by, "company") == 0)))
		inbox_match_clear(&x->m);
	return x->m.by == NULL && !x->told.automatic ? match_to(x->db, x->mail, &x->m, err) : 0;
}

/* 1 done, 0 on record already, -1. */
static int
receive(struct received *x, struct lp_err *err)
{
	char key[LP_HEX_SIZE];
	bool copy;
	int r = inbox_known(x->db, x->n, key, &x->res->seq, err), ours;

	if (r != 0)
		return r == 1 ? 0 : -1;
	receive_kind(x);
	if ((ours = match_own(x->db, x->mail, &copy, err)) == -1 || match(x, ours == 1, err) == -1)
		return -1;
	/* what our own mail program says in somebody's absence is no word of theirs */
	copy = copy || (ours == 1 && strcmp(x->told.kind, "auto_reply") == 0);
	if (ours == 1) {
		x->told.kind = "own";
		x->told.returned = NULL;
	}
	if (inbox_add(x->db, x->n, key, &x->told, &x->m, &x->res->seq, err) == -1)
		return -1;
	x->res->lead = x->m.lead;
	x->res->thread = x->m.thread;
	if (copy)
		return inbox_handled(x->db, x->res->seq, err) == -1 ? -1 : 1;
	return act(x, err) == -1 || receive_log(x, err) == -1 ? -1 : 1;
}

int
receive_mail(struct lp_db *db, const struct inbox_new *n, struct inbox_result *res, struct lp_err *err)
{
	struct received x = { .db = db, .n = n, .mail = n->mail, .res = res };
	int r;

	*res = (struct inbox_result){ 0 };
	r = receive(&x, err);
	receive_kind_clear(&x);
	inbox_match_clear(&x.m);
	buf_free(&x.done);
	return r;
}
