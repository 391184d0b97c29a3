#include "store/inbox.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mail/words.h"
#include "store/enrolments.h"
#include "store/log.h"
#include "store/notify.h"
#include "store/outbox.h"
#include "store/persons.h"
#include "store/suppressions.h"
#include "store/tasks.h"

struct match {
	int64_t lead, campaign, thread, message, person; /* person: the lead's */
	int64_t sender;                                  /* the person known by the sender's address */
	const char *by;                                  /* in_reply_to, references, thread, address; NULL */
};

static const char *
from_of(const struct mail_in *m)
{
	return m->nfrom > 0 ? m->from[0].address : NULL;
}

/* Its Message-ID alone would do if all made one and none made the same twice; an opt-out must not be lost over that. */
static void
dedupe_key(const struct inbox_new *n, char out[LP_HEX_SIZE])
{
	unsigned char h[LP_HASH_SIZE];
	char num[48];
	struct sha s;

	snprintf(num, sizeof(num), "%" PRId64 " %" PRId64, n->account, n->mail->date);
	sha_init(&s);
	sha_field(&s, num);
	sha_field(&s, n->mail->message_id);
	sha_field(&s, from_of(n->mail));
	sha_field(&s, n->mail->subject);
	sha_field(&s, n->mail->text);
	sha_end(&s, h);
	lp_hex(h, out);
}

/* One of ours by its Message-ID: 1, 0, -1. */
static int
match_id(struct lp_db *db, const char *id, const char *by, struct match *m, struct lp_err *err)
{
	static const char ours[] = "SELECT lead_id, campaign_id, thread_id, seq FROM messages WHERE rfc_message_id = ?1";
	static const char theirs[] = "SELECT lead_id, campaign_id, thread_id, message_id FROM inbox_messages"
	                             " WHERE rfc_message_id = ?1 AND lead_id IS NOT NULL ORDER BY seq LIMIT 1";
	const char *sql = ours;
	sqlite3_stmt *st;
	int r;

	for (;;) {
		st = db_query(db, err, sql, "s", id);
		r = st != NULL ? db_step(db, st, err) : -1;
		if (r != 0 || sql == theirs)
			break;
		sql = theirs;
	}
	if (r != 1)
		return r;
	m->lead = db_int64(st, 0);
	m->campaign = db_int64(st, 1);
	m->thread = db_int64(st, 2);
	m->message = db_int64(st, 3);
	m->by = sql == ours ? by : "thread";
	db_done(st);
	return 1;
}

/* The lead to which a person's mail without a thread belongs: the one written to last, else the first. */
static int
match_person(struct lp_db *db, int64_t person, struct match *m, struct lp_err *err)
{
	static const char last[] = "SELECT m.lead_id, m.campaign_id, m.thread_id, m.seq FROM messages m JOIN leads l ON l.seq = m.lead_id"
	                           " WHERE l.person_id = ?1 AND m.sent_at IS NOT NULL ORDER BY m.sent_at DESC LIMIT 1";
	static const char any[] = "SELECT seq, NULL, NULL, NULL FROM leads WHERE person_id = ?1 AND status <> 'forgotten' ORDER BY seq LIMIT 1";
	sqlite3_stmt *st = db_query(db, err, last, "I", person);
	int r = st != NULL ? db_step(db, st, err) : -1;

	if (r == 0) {
		st = db_query(db, err, any, "I", person);
		r = st != NULL ? db_step(db, st, err) : -1;
	}
	if (r != 1)
		return r;
	m->lead = db_int64(st, 0);
	m->campaign = db_int64(st, 1);
	m->thread = db_int64(st, 2);
	m->message = db_int64(st, 3);
	m->by = "address";
	db_done(st);
	return 1;
}

static int
find_match(struct lp_db *db, const struct mail_in *mail, struct match *m, struct lp_err *err)
{
	int r = 0;

	*m = (struct match){ 0 };
	if (mail->in_reply_to != NULL)
		r = match_id(db, mail->in_reply_to, "in_reply_to", m, err);
	for (size_t i = mail->nreferences; r == 0 && i > 0; i--) /* the nearest is the last */
		r = match_id(db, mail->references[i - 1], "references", m, err);
	if (r != -1 && from_of(mail) != NULL && persons_find(db, "email", from_of(mail), &m->sender, err) == -1)
		return -1;
	if (r == 0 && m->sender != 0)
		r = match_person(db, m->sender, m, err);
	if (r != -1 && m->lead != 0 && db_int(db, err, &m->person, "SELECT person_id FROM leads WHERE seq = ?1", "I", m->lead) == -1)
		return -1;
	return r == -1 ? -1 : 0;
}

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

static int
insert(struct lp_db *db, const struct inbox_new *n, const char *key, const char *kind, const struct match *m, int64_t *seq,
    struct lp_err *err)
{
	static const char sql[] =
	    "INSERT INTO inbox_messages (id, account_id, dedupe_key, rfc_message_id, in_reply_to, refs, from_name, from_address, subject,"
	    " sent_at, received_at, file, size, kind, status, matched_by, lead_id, campaign_id, thread_id, message_id, created_at, updated_at)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?11, ?11)";
	static const char texts[] = "INSERT INTO inbox_texts (inbox_message_id, text, reply_text) VALUES (?1, ?2, ?3)";
	const struct mail_in *mail = n->mail;
	cJSON *list = cJSON_CreateArray();
	char id[LP_UUID_SIZE], *refs, *reply;
	int r;

	for (size_t i = 0; i < mail->nreferences; i++)
		cJSON_AddItemToArray(list, cJSON_CreateString(mail->references[i]));
	refs = cJSON_PrintUnformatted(list);
	cJSON_Delete(list);
	r = db_uuid(db, id, err);
	if (r == 0)
		r = db_exec(db, err, sql, "snsssssssTssIsssnnnn", id, n->account, key, mail->message_id, mail->in_reply_to, refs,
		    mail->nfrom > 0 ? mail->from[0].name : NULL, from_of(mail), mail->subject, mail->date, db_now_iso(db), n->file,
		    (int64_t)n->size, kind, m->by != NULL ? "matched" : "unmatched", m->by, m->lead, m->campaign, m->thread, m->message);
	free(refs);
	if (r == -1)
		return -1;
	*seq = db_last_id(db);
	reply = mail_new_text(mail->text);
	r = db_exec(db, err, texts, "Iss", *seq, mail->text, reply);
	free(reply);
	return r == -1 ? -1 : 0;
}

/* The tasks whose work is overtaken: what may leave for this person. */
static int
supersede_tasks(struct lp_db *db, int64_t person, const char *why, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT t.seq FROM leads l JOIN agent_tasks t ON t.lead_id = l.seq WHERE l.person_id = ?1"
	    " AND t.status IN ('pending', 'awaiting_approval')"
	    " AND t.task_type IN ('send_message', 'respond_to_reply', 'book_meeting', 'follow_up', 'generate_sequence') ORDER BY t.seq";
	static const char approvals[] = "UPDATE approvals SET status = 'superseded' WHERE status = 'open' AND task_id = ?1";
	sqlite3_stmt *st = db_query(db, err, sql, "I", person);
	int64_t *seqs = NULL;
	size_t n = 0;
	int r = -1;

	while (st != NULL && (r = db_step(db, st, err)) == 1) {
		if ((n & (n + 1)) == 0)
			seqs = xrealloc(seqs, (2 * n + 2) * sizeof(*seqs));
		seqs[n++] = db_int64(st, 0);
	}
	for (size_t i = 0; r != -1 && i < n; i++) {
		r = db_exec(db, err, approvals, "I", seqs[i]);
		if (r != -1)
			r = task_cancel(db, seqs[i], "superseded", why, err);
	}
	free(seqs);
	return r == -1 ? -1 : 0;
}

int
inbox_stop_person(struct lp_db *db, int64_t person, const char *why, struct lp_err *err)
{
	/* what is on the wire, or may be, keeps its state: the outbox tells what became of it */
	static const char messages[] =
	    "UPDATE messages SET status = 'superseded', status_reason = ?2, updated_at = ?3 WHERE status IN ('planned', 'due')"
	    " AND lead_id IN (SELECT seq FROM leads WHERE person_id = ?1)"
	    " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = messages.seq AND o.state IN ('reserved', 'sent', 'unknown'))";
	int n = enrolments_stop_person(db, person, why, err);

	/* and what belongs to no enrolment: answers, what was written by hand */
	if (n == -1 || db_exec(db, err, messages, "Iss", person, why, db_now_iso(db)) == -1 || supersede_tasks(db, person, why, err) == -1)
		return -1;
	return n;
}

/* An answer proves that the message arrived, where nobody knew. */
static int
prove(struct lp_db *db, const struct match *m, struct lp_err *err)
{
	struct outbox o;
	int r;

	if (m->message == 0 || strcmp(m->by, "address") == 0 || strcmp(m->by, "thread") == 0)
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

/* The others of the company, where the configuration says that one answer speaks for all. */
static int
stop_colleagues(struct lp_db *db, const struct match *m, const char *why, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT DISTINCT o.person_id FROM agent_configs c, leads l JOIN leads o ON o.company_key = l.company_key"
	    " WHERE c.stop_on_colleague = 1 AND l.seq = ?1 AND o.company_key IS NOT NULL AND o.person_id <> l.person_id";
	sqlite3_stmt *st = db_query(db, err, sql, "I", m->lead);
	int64_t *persons = NULL;
	size_t n = 0;
	int r = -1, all = 0;

	while (st != NULL && (r = db_step(db, st, err)) == 1) {
		if ((n & (n + 1)) == 0)
			persons = xrealloc(persons, (2 * n + 2) * sizeof(*persons));
		persons[n++] = db_int64(st, 0);
	}
	for (size_t i = 0; r != -1 && i < n; i++) {
		r = inbox_stop_person(db, persons[i], why, err);
		all += r;
	}
	free(persons);
	return r == -1 ? -1 : all;
}

static int
notify(struct lp_db *db, const struct inbox_new *n, int64_t seq, const struct match *m, const char *kind, bool opt_out, struct lp_err *err)
{
	const char *from = from_of(n->mail) != NULL ? from_of(n->mail) : "nobody";
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
log_it(struct lp_db *db, const struct inbox_new *n, int64_t seq, const struct match *m, char *text, struct lp_err *err)
{
	struct log_entry e = { .type = "observation", .task = n->task, .lead = m->lead, .campaign = m->campaign, .message = m->message,
		.inbox = seq, .account = n->account, .text = text };
	int r = log_add(db, &e, err);

	free(text);
	return r;
}

/* One of us wrote by hand in the thread: it is a person's now. */
static int
take_thread(struct lp_db *db, const struct inbox_new *n, int64_t seq, const struct match *m, struct lp_err *err)
{
	static const char sql[] = "UPDATE threads SET owner = 'person', owner_reason = ?2, updated_at = ?3 WHERE seq = ?1";
	char *why = xasprintf("one of us wrote by hand (i%" PRId64 ")", seq);
	int r = 0;

	if (m->thread != 0 && m->by != NULL && strcmp(m->by, "address") != 0) {
		r = db_exec(db, err, sql, "Iss", m->thread, why, db_now_iso(db));
		if (r != -1 && m->person != 0)
			r = inbox_stop_person(db, m->person, why, err);
		if (r != -1)
			r = log_it(db, n, seq, m, xasprintf("%s: the thread is a person's", why), err);
	}
	free(why);
	return r == -1 ? -1 : 0;
}

static int
suppress(struct lp_db *db, const struct inbox_new *n, const struct match *m, const char *source, const char *why, struct lp_err *err)
{
	static const char email[] = "SELECT email FROM leads WHERE seq = ?1";
	const char *from = from_of(n->mail);
	char *address = NULL;
	int r = 0;

	/* the sender, whoever that is; and the lead, on every channel, whoever answered for them */
	if (from != NULL && strchr(from, '@') != NULL && strcmp(source, "reply") == 0)
		r = suppressions_add(db, "email", from, m->sender, why, source, err);
	if (r != -1 && m->lead != 0 && (r = db_str(db, err, &address, email, "I", m->lead)) != -1 && address != NULL)
		r = suppressions_add(db, "email", address, m->person, why, source, err);
	free(address);
	return r == -1 ? -1 : 0;
}

static int
act(struct lp_db *db, const struct inbox_new *n, const char *kind, const struct match *m, struct inbox_result *res, struct lp_err *err)
{
	static const char replied[] = "UPDATE leads SET status = 'replied', status_reason = ?2, version = version + 1, updated_at = ?3"
	                              " WHERE person_id = ?1 AND status = 'active'";
	static const char classed[] = "UPDATE inbox_messages SET kind = 'unsubscribe', status = 'handled' WHERE seq = ?1";
	char *reply = mail_new_text(n->mail->text), *why = xasprintf("%s (i%" PRId64 ")", kind_words(kind), res->seq);
	bool automatic = strcmp(kind, "reply") != 0;
	int r = 0, more = 0;

	res->suppressed = strcmp(kind, "complaint") == 0 ? m->lead != 0 : !automatic && mail_opts_out(n->mail->subject, reply);
	free(reply);
	if (m->by != NULL && prove(db, m, err) == -1)
		goto fail;
	/* the stops come first: suppressing ends enrolments too, and would leave their tasks to be found one by one */
	if (m->person != 0 && (res->stopped = inbox_stop_person(db, m->person, why, err)) == -1)
		goto fail;
	if (m->sender != 0 && m->sender != m->person) {
		if ((more = inbox_stop_person(db, m->sender, why, err)) == -1)
			goto fail;
		res->stopped += more;
	}
	if (m->lead != 0 && !automatic) {
		if ((more = stop_colleagues(db, m, why, err)) == -1 || db_exec(db, err, replied, "Iss", m->person, why, db_now_iso(db)) == -1)
			goto fail;
		res->stopped += more;
	}
	if (res->suppressed) {
		r = suppress(db, n, m, automatic ? "complaint" : "reply", automatic ? "complaint" : "asked not to be written to", err);
		if (r != -1 && !automatic)
			r = db_exec(db, err, classed, "I", res->seq);
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

int
inbox_put(struct lp_db *db, const struct inbox_new *n, struct inbox_result *res, struct lp_err *err)
{
	static const char account[] = "SELECT 1 FROM accounts WHERE address = ?1";
	static const char copy[] = "SELECT 1 FROM messages WHERE rfc_message_id = ?1";
	static const char handled[] = "UPDATE inbox_messages SET status = 'handled' WHERE seq = ?1";
	const char *kind = kind_of(n->mail->hint);
	char key[LP_HEX_SIZE];
	struct match m;
	int64_t one;
	int r, own = 0, sent_by_us = 0;

	*res = (struct inbox_result){ 0 };
	dedupe_key(n, key);
	r = db_int(db, err, &res->seq, "SELECT seq FROM inbox_messages WHERE dedupe_key = ?1", "s", key);
	if (r != 0)
		return r == 1 ? 0 : -1;
	if (from_of(n->mail) != NULL && (own = db_int(db, err, &one, account, "s", from_of(n->mail))) == -1)
		return -1;
	/* both must be so: some automatic answers come with the Message-ID that they answer */
	if (own && n->mail->message_id != NULL && (sent_by_us = db_int(db, err, &one, copy, "s", n->mail->message_id)) == -1)
		return -1;
	if (find_match(db, n->mail, &m, err) == -1)
		return -1;
	if (own)
		kind = "own";
	if (insert(db, n, key, kind, &m, &res->seq, err) == -1)
		return -1;
	res->lead = m.lead;
	res->thread = m.thread;
	if (sent_by_us) /* a copy of what LeadPilot sent */
		return db_exec(db, err, handled, "I", res->seq) == -1 ? -1 : 1;
	if (own)
		return take_thread(db, n, res->seq, &m, err) == -1 ? -1 : 1;
	return act(db, n, kind, &m, res, err) == -1 ? -1 : 1;
}

int
inbox_rfc_id(struct lp_db *db, int64_t seq, char **id, struct lp_err *err)
{
	*id = NULL;
	return db_str(db, err, id, "SELECT rfc_message_id FROM inbox_messages WHERE seq = ?1", "I", seq) == -1 ? -1 : 0;
}
