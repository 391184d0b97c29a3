#include "agent/receive.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mail/words.h"
#include "store/lead_row.h"
#include "store/log.h"
#include "store/notify.h"
#include "store/outbox.h"
#include "store/stops.h"
#include "store/suppressions.h"
#include "store/tasks.h"
#include "store/threads.h"

static const char *
kind_of(enum mail_hint h)
{
	switch (h) {
	case MAIL_PERSON: return "reply";
	case MAIL_AUTO_REPLY: return "auto_reply";
	case MAIL_REPORT: return "bounce";
	case MAIL_COMPLAINT: return "complaint";
	default: return "other";
	}
}

/* The same for people. */
static const char *
kind_words(const char *kind)
{
	if (strcmp(kind, "auto_reply") == 0)
		return "automatic reply";
	return strcmp(kind, "other") == 0 ? "automatic mail" : kind;
}

/* An answer proves that the message arrived, where nobody knew. */
static int
prove(struct lp_db *db, const struct inbox_match *m, struct lp_err *err)
{
	struct outbox o;
	int r;

	if (!match_names_ours(m))
		return 0;
	if ((r = outbox_get(db, m->message, &o, err)) == 1 && o.state == OUT_UNKNOWN) {
		r = outbox_record(db, m->message, OUT_SENT, 0, "an answer names it", 0, err);
		if (r != -1)
			r = task_release(db, o.task, 0, NULL, "an answer proves that it was sent", err);
	}
	if (r != -1)
		outbox_clear(&o);
	return r == -1 ? -1 : 0;
}

static int
notify(struct lp_db *db, const struct inbox_new *n, int64_t seq, const struct inbox_match *m, const char *kind, bool opt_out,
    struct lp_err *err)
{
	const char *from = match_from(n->mail) != NULL ? match_from(n->mail) : "nobody";
	char *reply = mail_new_text(n->mail->text), *title, *message, *command, *key;
	struct notice notice = { .type = opt_out ? "opt_out" : strcmp(kind, "reply") == 0 ? "reply" : "automatic_mail", .task = n->task,
		.lead = m->lead };
	size_t cut;
	int r;

	/* the first lines, ending with a whole character */
	for (cut = strlen(reply) < 500 ? strlen(reply) : 500; cut > 0 && ((unsigned char)reply[cut] & 0xc0) == 0x80; cut--)
		;
	notice.title = title = xasprintf("%s from %s", opt_out ? "opt-out" : kind_words(kind), from);
	notice.message = message = xasprintf("%s\n\n%.*s", n->mail->subject, (int)cut, reply);
	notice.command = command = xasprintf("lp-leads show l%" PRId64, m->lead);
	notice.dedupe = key = xasprintf("inbox:%" PRId64, seq);
	r = notify_add(db, &notice, err);
	free(title);
	free(message);
	free(command);
	free(key);
	free(reply);
	return r;
}

static int
log_it(struct lp_db *db, const struct inbox_new *n, int64_t seq, const struct inbox_match *m, char *text, struct lp_err *err)
{
	struct log_entry e = { .type = "observation", .task = n->task, .lead = m->lead, .campaign = m->campaign, .message = m->message,
		.inbox = seq, .account = n->account, .text = text };
	int r = log_add(db, &e, err);

	free(text);
	return r;
}

/* One of us wrote by hand in the thread: it is a person's now. */
static int
take_thread(struct lp_db *db, const struct inbox_new *n, int64_t seq, const struct inbox_match *m, struct lp_err *err)
{
	char *why = xasprintf("one of us wrote by hand (i%" PRId64 ")", seq);
	int r = 0;

	if (m->thread != 0 && m->by != NULL && strcmp(m->by, "address") != 0) {
		r = thread_take(db, m->thread, why, err);
		if (r != -1 && m->person != 0)
			r = stop_person(db, m->person, why, err);
		if (r != -1)
			r = log_it(db, n, seq, m, xasprintf("i%" PRId64 " came in: one of us wrote by hand", seq), err);
	}
	free(why);
	return r == -1 ? -1 : 0;
}

static int
suppress(struct lp_db *db, const struct inbox_new *n, const struct inbox_match *m, const char *source, const char *why, struct lp_err *err)
{
	const char *from = match_from(n->mail);
	struct lead_row l = { 0 };
	int r = 0;

	/* the sender, whoever that is; and the lead, on every channel, whoever answered for them */
	if (from != NULL && strchr(from, '@') != NULL && strcmp(source, "reply") == 0)
		r = suppressions_add(db, "email", from, m->sender, why, source, err);
	if (r != -1 && m->lead != 0 && (r = lead_row_get(db, m->lead, &l, err)) == 1 && l.email != NULL)
		r = suppressions_add(db, "email", l.email, m->person, why, source, err);
	lead_row_clear(&l);
	return r == -1 ? -1 : 0;
}

static int
act(struct lp_db *db, const struct inbox_new *n, const char *kind, const struct inbox_match *m, struct inbox_result *res, struct lp_err *err)
{
	char *reply = mail_new_text(n->mail->text), *why = xasprintf("%s (i%" PRId64 ")", kind_words(kind), res->seq);
	bool automatic = strcmp(kind, "reply") != 0;
	int r = 0, more = 0;

	res->suppressed = strcmp(kind, "complaint") == 0 ? m->lead != 0 : !automatic && mail_opts_out(n->mail->subject, reply);
	free(reply);
	if (m->by != NULL && prove(db, m, err) == -1)
		goto fail;
	/* the stops come first: suppressing ends enrolments too, and would leave their tasks to be found one by one */
	if (m->person != 0 && (res->stopped = stop_person(db, m->person, why, err)) == -1)
		goto fail;
	if (m->sender != 0 && m->sender != m->person) {
		if ((more = stop_person(db, m->sender, why, err)) == -1)
			goto fail;
		res->stopped += more;
	}
	if (m->lead != 0 && !automatic) {
		if ((more = stop_colleagues(db, m->lead, why, err)) == -1 || stop_replied(db, m->person, why, err) == -1)
			goto fail;
		res->stopped += more;
	}
	if (res->suppressed) {
		r = suppress(db, n, m, automatic ? "complaint" : "reply", automatic ? "complaint" : "asked not to be written to", err);
		if (r != -1 && !automatic && (r = inbox_set_kind(db, res->seq, "unsubscribe", err)) != -1)
			r = inbox_handled(db, res->seq, err);
	}
	if (r != -1 && m->lead != 0)
		r = notify(db, n, res->seq, m, kind, res->suppressed, err);
	if (r != -1)
		r = log_it(db, n, res->seq, m,
		    xasprintf("i%" PRId64 " came in: %s, %s%s; %d enrolment%s stopped%s", res->seq, kind, m->by != NULL ? "matched by " : "unmatched",
		        m->by != NULL ? m->by : "", res->stopped, res->stopped == 1 ? "" : "s", res->suppressed ? "; suppressed" : ""),
		    err);
	free(why);
	return r == -1 ? -1 : 0;
fail:
	free(why);
	return -1;
}

static int
receive(struct lp_db *db, const struct inbox_new *n, const char *key, const struct inbox_match *m, struct inbox_result *res, struct lp_err *err)
{
	bool copy;
	int own = match_own(db, n->mail, &copy, err);
	const char *kind = own == 1 ? "own" : kind_of(n->mail->hint);

	if (own == -1 || inbox_add(db, n, key, kind, n->mail->hint != MAIL_PERSON, m, &res->seq, err) == -1)
		return -1;
	res->lead = m->lead;
	res->thread = m->thread;
	if (copy) /* of what LeadPilot sent */
		return inbox_handled(db, res->seq, err);
	return own == 1 ? take_thread(db, n, res->seq, m, err) : act(db, n, kind, m, res, err);
}

int
receive_mail(struct lp_db *db, const struct inbox_new *n, struct inbox_result *res, struct lp_err *err)
{
	char key[LP_HEX_SIZE];
	struct inbox_match m;
	int r;

	*res = (struct inbox_result){ 0 };
	if ((r = inbox_known(db, n, key, &res->seq, err)) != 0)
		return r == 1 ? 0 : -1;
	r = match_mail(db, n->mail, &m, err);
	if (r == 0)
		r = receive(db, n, key, &m, res, err);
	inbox_match_clear(&m);
	return r == -1 ? -1 : 1;
}
