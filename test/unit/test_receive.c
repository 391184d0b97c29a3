#include "world.h"

#include <sys/stat.h>

#include "account/account.h"
#include "agent/plan.h"
#include "agent/reading.h"
#include "mail/optout.h"
#include "mail/reply.h"
#include "mail/subject.h"
#include "store/returns.h"
#include "store/suppressions.h"

/* One account; Bob, written to in campaign 1 and enrolled in 2; Carol of the same company; Dave elsewhere. */
static const char world[] =
    "INSERT INTO accounts (id, name, kind, channel, address, created_at, updated_at) VALUES ('a', 'sales', 'maildir', 'email', 'ada@acme.example', 'x', 'x');"
    "INSERT INTO persons (id, created_at) VALUES ('p1', 'x'), ('p2', 'x'), ('p3', 'x');"
    "INSERT INTO person_addresses VALUES ('email', 'bob@globex.example', 1, 'import', 'x'), ('email', 'carol@globex.example', 2, 'import', 'x'),"
    " ('email', 'dave@initech.example', 3, 'import', 'x');"
    "INSERT INTO leads (id, person_id, email, first_name, last_name, company_domain, company_key, source, source_at, created_at, updated_at) VALUES"
    " ('l1', 1, 'bob@globex.example', 'Bob', 'Smith', 'globex.example', 'globex.example', 's', 'x', 'x', 'x'),"
    " ('l2', 2, 'carol@globex.example', 'Carol', 'van der Berg', 'globex.example', 'globex.example', 's', 'x', 'x', 'x'),"
    " ('l3', 3, 'dave@initech.example', NULL, NULL, 'initech.example', 'initech.example', 's', 'x', 'x', 'x');"
    "INSERT INTO campaigns (id, name, created_at, updated_at) VALUES ('c1', 'one', 'x', 'x'), ('c2', 'two', 'x', 'x');"
    "INSERT INTO campaign_versions VALUES (1, 1, '{}', 'h', 'x'), (2, 1, '{}', 'h', 'x');"
    "INSERT INTO enrolments (id, campaign_id, version, lead_id, account_id, status, enrolled_at) VALUES ('e1', 1, 1, 1, 1, 'active', 'x'),"
    " ('e2', 2, 1, 1, 1, 'enrolled', 'x'), ('e3', 1, 1, 2, 1, 'active', 'x'), ('e4', 1, 1, 3, 1, 'active', 'x');"
    "INSERT INTO threads (id, lead_id, account_id, channel, created_at, updated_at) VALUES ('th1', 1, 1, 'email', 'x', 'x');"
    "INSERT INTO messages (id, purpose, rfc_message_id, lead_id, campaign_id, enrolment_id, thread_id, account_id, step, channel, status, sent_at, created_at, updated_at)"
    " VALUES ('m1', 'seq:1:1', 'm1@acme.example', 1, 1, 1, 1, 1, 1, 'email', 'sent', '2026-11-20T09:00:00.000Z', 'x', 'x'),"
    " ('m2', 'seq:1:2', 'm2@acme.example', 1, 1, 1, 1, 1, 2, 'email', 'planned', NULL, 'x', 'x');"
    "INSERT INTO message_texts (message_id, subject, body, origin, made_at) VALUES (1, 'A question about Globex', 'Hi', 'template', 'x');"
    "INSERT INTO outbox (message_id, rfc_message_id, task_id, lead_id, person_id, account_id, channel, recipient, content_hash, first_contact, state, reserved_at, updated_at)"
    " VALUES (1, 'm1@acme.example', 1, 1, 1, 1, 'email', 'bob@globex.example', 'h', 1, 'sent', '2026-11-20T09:00:00.000Z', 'x');"
    "INSERT INTO agent_tasks (id, task_type, status, scheduled_for, created_at, lead_id, person_id, message_id, enrolment_id, hold_kind, updated_at)"
    " VALUES ('t1', 'follow_up', 'awaiting_approval', 'x', 'x', 1, 1, 2, 1, 'approval', 'x'),"
    " ('t2', 'respond_to_reply', 'pending', 'x', 'x', 1, 1, NULL, NULL, NULL, 'x');"
    "INSERT INTO approvals (id, kind, task_id, message_id, content_hash, reason, created_at) VALUES ('p1', 'task', 1, 2, 'h', 'r', 'x');";

static int
set_up(void **state)
{
	(void)state;
	world_make(NOW, world);
	return 0;
}

static int
put(const char *text, struct inbox_result *res)
{
	struct mail_in m;
	struct lp_err err = { 0 };
	struct inbox_new in = { .account = 1, .mail = &m };
	int r;

	must(mail_parse(text, strlen(text), &m, &err) == 0, &err);
	must(db_begin(db, &err) == 0, &err);
	r = receive_mail(db, &in, res, &err);
	must(r != -1, &err);
	must(db_end(db, true, &err) == 0, &err);
	mail_in_clear(&m);
	return r;
}

#define REPLY "From: Bob <Bob@globex.example>\nMessage-ID: <r1@globex.example>\nIn-Reply-To: <m1@acme.example>\nSubject: Re: A question\n\nSounds good!\n"

static void
test_reply(void **state)
{
	struct inbox_result res;

	(void)state;
	assert_int_equal(put(REPLY, &res), 1);
	assert_int_equal(res.lead, 1);
	assert_int_equal(res.thread, 1);
	assert_int_equal(res.stopped, 2);
	assert_false(res.suppressed);
	value_is("SELECT group_concat(status) FROM enrolments", "stopped,stopped,active,active");
	value_is("SELECT status || stop_reason FROM enrolments WHERE seq = 1", "stoppedreply (i1)");
	value_is("SELECT group_concat(status) FROM messages", "sent,superseded");
	value_is("SELECT group_concat(status || ':' || outcome) FROM agent_tasks WHERE seq < 3", "cancelled:superseded,cancelled:superseded");
	value_is("SELECT status FROM approvals", "superseded");
	value_is("SELECT group_concat(status) FROM leads", "replied,active,active");
	value_is("SELECT status || matched_by || kind FROM inbox_messages", "matchedin_reply_toreply");
	value_is("SELECT reply_text FROM inbox_texts", "Sounds good!\n");
	value_is("SELECT count(*) || type || title FROM notifications", "1replyreply from bob@globex.example");
	value_is("SELECT count(*) FROM suppressions", "0");
	value_is("SELECT message FROM agent_logs l JOIN agent_log_payloads p ON p.log_id = l.seq WHERE inbox_message_id = 1 AND task_id IS NULL",
	    "i1 came in: reply, matched by in_reply_to; 2 enrolments stopped");
	value_is("SELECT task_type || priority || lead_id || campaign_id || account_id || inbox_message_id || dedupe_key FROM agent_tasks WHERE seq = 3",
	    "classify_reply901111classify:1");
	/* the same mail again, also under another file name: nothing happens */
	assert_int_equal(put(REPLY, &res), 0);
	assert_int_equal(res.seq, 1);
	value_is("SELECT count(*) FROM inbox_messages", "1");
	value_is("SELECT count(*) FROM notifications", "1");
	/* the same Message-ID with other words is another mail: an opt-out must not be lost */
	assert_int_equal(put("From: bob@globex.example\nMessage-ID: <r1@globex.example>\n\nstop\n", &res), 1);
	assert_true(res.suppressed);
}

static void
test_matching(void **state)
{
	struct inbox_result res;

	(void)state;
	/* from an address nobody knows, in the thread */
	assert_int_equal(put("From: robert@home.example\nReferences: <m1@acme.example> <zz@x.example>\nSubject: Re: a\n\nyes\n", &res), 1);
	assert_int_equal(res.lead, 1);
	assert_int_equal(res.stopped, 2);
	/* from a known address, out of any thread */
	assert_int_equal(put("From: Dave <DAVE@initech.example>\nSubject: hello\n\nwho are you?\n", &res), 1);
	assert_int_equal(res.lead, 3);
	assert_int_equal(res.stopped, 1);
	/* a colleague answers in the thread: both are left alone from now on */
	assert_int_equal(put("From: carol@globex.example\nIn-Reply-To: <m1@acme.example>\nMessage-ID: <c@globex.example>\n\nI take over\n", &res), 1);
	assert_int_equal(res.lead, 1);
	assert_int_equal(res.stopped, 1);
	/* an answer to a mail that came in belongs to the same thread */
	assert_int_equal(put("From: x@y.example\nIn-Reply-To: <c@globex.example>\n\nok\n", &res), 1);
	assert_int_equal(res.lead, 1);
	value_is("SELECT matched_by FROM inbox_messages ORDER BY seq DESC LIMIT 1", "thread");
	/* nobody we know */
	assert_int_equal(put("From: shop@spam.example\nSubject: buy\n\nnow\n", &res), 1);
	assert_int_equal(res.lead, 0);
	value_is("SELECT status FROM inbox_messages ORDER BY seq DESC LIMIT 1", "unmatched");
	value_is("SELECT count(*) FROM notifications WHERE lead_id IS NULL", "0");
}

static void
test_colleagues(void **state)
{
	struct inbox_result res;

	(void)state;
	sql("UPDATE agent_configs SET stop_on_colleague = 1");
	assert_int_equal(put(REPLY, &res), 1);
	assert_int_equal(res.stopped, 3);
	value_is("SELECT group_concat(status) FROM enrolments", "stopped,stopped,stopped,active");
	value_is("SELECT group_concat(status) FROM leads", "replied,active,active");
}

static void
test_opt_out(void **state)
{
	struct inbox_result res;
	struct lp_err err = { 0 };

	(void)state;
	assert_int_equal(put("From: robert@home.example\nIn-Reply-To: <m1@acme.example>\n\nRemove me, please.\n\n> buy\n", &res), 1);
	assert_true(res.suppressed);
	assert_int_equal(suppressions_hit(db, 1, "bob@globex.example", NULL, &err), 1);
	assert_int_equal(suppressions_hit(db, 0, "robert@home.example", NULL, &err), 1);
	assert_int_equal(suppressions_hit(db, 2, "carol@globex.example", NULL, &err), 0);
	value_is("SELECT kind || status FROM inbox_messages", "unsubscribehandled");
	value_is("SELECT status FROM leads WHERE seq = 1", "suppressed");
	value_is("SELECT status FROM approvals", "superseded");
	/* somebody we never wrote to may object too */
	assert_int_equal(put("From: zed@far.example\nSubject: unsubscribe\n\n\n", &res), 1);
	assert_true(res.suppressed);
	assert_int_equal(suppressions_hit(db, 0, "zed@far.example", NULL, &err), 1);
	/* a machine's words are nobody's wish */
	assert_int_equal(put("From: dave@initech.example\nAuto-Submitted: auto-replied\n\nstop\n", &res), 1);
	assert_false(res.suppressed);
	value_is("SELECT kind FROM inbox_messages ORDER BY seq DESC LIMIT 1", "auto_reply");
	value_is("SELECT status FROM leads WHERE seq = 3", "active");
	value_is("SELECT status FROM enrolments WHERE seq = 4", "paused");
	value_is("SELECT count(*) FROM agent_tasks WHERE task_type = 'classify_reply'", "0");
}

static void
test_own(void **state)
{
	struct inbox_result res;

	(void)state;
	/* a copy of what LeadPilot sent changes nothing */
	assert_int_equal(put("From: ada@acme.example\nMessage-ID: <m1@acme.example>\nTo: bob@globex.example\n\nHi\n", &res), 1);
	value_is("SELECT status || kind FROM inbox_messages", "handledown");
	value_is("SELECT owner FROM threads", "agent");
	value_is("SELECT status FROM enrolments WHERE seq = 1", "active");
	/* Ada wrote by hand: it is hers */
	assert_int_equal(put("From: ada@acme.example\nMessage-ID: <h1@acme.example>\nIn-Reply-To: <m1@acme.example>\n\nBob, me again\n", &res), 1);
	value_is("SELECT owner FROM threads", "person");
	value_is("SELECT status FROM enrolments WHERE seq = 1", "stopped");
	value_is("SELECT group_concat(status) FROM messages", "sent,superseded");
	/* some machines answer under the Message-ID that they answer: that is no copy of ours */
	assert_int_equal(put("From: dave@initech.example\nMessage-ID: <m1@acme.example>\n\nhello\n", &res), 1);
	assert_int_equal(res.lead, 3);
	/* hers: the next answer in it is nobody else's to judge */
	assert_int_equal(put(REPLY, &res), 1);
	value_is("SELECT count(*) FROM agent_tasks WHERE task_type = 'classify_reply' AND inbox_message_id = 4", "0");
	value_is("SELECT count(*) FROM notifications WHERE dedupe_key = 'inbox:4'", "1");
}

static void
test_own_first(void **state)
{
	struct inbox_result res;

	(void)state;
	/* her mail program answers while she is away: no word of hers */
	assert_int_equal(put("From: ada@acme.example\nAuto-Submitted: auto-replied\nIn-Reply-To: <m1@acme.example>\n\nI'm away\n", &res), 1);
	value_is("SELECT owner FROM threads", "agent");
	value_is("SELECT status || kind FROM inbox_messages", "handledown");
	/* she writes to him without answering anything */
	assert_int_equal(put("From: ada@acme.example\nTo: Bob <bob@globex.example>\nSubject: Lunch?\n\nBob\n", &res), 1);
	assert_int_equal(res.stopped, 2);
	value_is("SELECT owner || owner_reason FROM threads", "personone of us wrote by hand (i2)");
	value_is("SELECT matched_by FROM inbox_messages WHERE seq = 2", "sent_to");
	value_is("SELECT count(*) FROM notifications", "0");
	/* an address of ours that is a lead's too (a rehearsal): it's still to whom that counts */
	sql("INSERT INTO person_addresses VALUES ('email', 'ada@acme.example', 2, 'hand', 'x')");
	assert_int_equal(put("From: ada@acme.example\nTo: dave@initech.example\nSubject: Lunch?\n\nDave\n", &res), 1);
	value_is("SELECT lead_id || matched_by FROM inbox_messages WHERE seq = 3", "3sent_to");
	value_is("SELECT group_concat(status) FROM enrolments", "stopped,stopped,active,stopped");
	/* to nobody we know */
	assert_int_equal(put("From: ada@acme.example\nTo: mum@home.example\nSubject: Lunch?\n\nhi\n", &res), 1);
	value_is("SELECT group_concat(status) FROM enrolments", "stopped,stopped,active,stopped");
}

static void
test_proof(void **state)
{
	struct inbox_result res;

	(void)state;
	sql("UPDATE messages SET status = 'unknown', sent_at = NULL WHERE seq = 1;"
	    "INSERT INTO agent_tasks (id, task_type, status, scheduled_for, created_at, lead_id, person_id, message_id, enrolment_id, hold_kind, updated_at)"
	    " VALUES ('t3', 'send_message', 'awaiting_approval', 'x', 'x', 1, 1, 1, 1, 'mend', 'x');"
	    "UPDATE outbox SET state = 'unknown', task_id = 3");
	assert_int_equal(put(REPLY, &res), 1);
	value_is("SELECT state FROM outbox", "sent");
	value_is("SELECT status FROM messages WHERE seq = 1", "sent");
}

/* Whose it is: each on a fresh file. */
static const struct {
	const char *what, *mail, *by, *lead, *aliases, *stopped; /* lead "": none; aliases: learnt; stopped: enrolments */
} matches[] = {
	{ "names ours", "From: bob@globex.example\nIn-Reply-To: <m1@acme.example>\n\ny\n", "in_reply_to", "1", "", "1,2" },
	{ "a reference, the nearest", "From: bob@globex.example\nReferences: <x@y> <m1@acme.example> <z@y>\n\ny\n", "references", "1", "", "1,2" },
	{ "by address, out of any thread", "From: dave@initech.example\nSubject: hm\n\ny\n", "address", "3", "", "4" },
	{ "another address, the same name", "From: Bob Smith <bob@home.example>\nIn-Reply-To: <m1@acme.example>\n\ny\n", "in_reply_to", "1", "bob@home.example", "1,2" },
	{ "the name the other way round", "From: \"SMITH, Bob\" <bob@home.example>\nIn-Reply-To: <m1@acme.example>\n\ny\n", "in_reply_to", "1", "bob@home.example", "1,2" },
	{ "another address at the company", "From: b.smith@mail.globex.example\nIn-Reply-To: <m1@acme.example>\n\ny\n", "in_reply_to", "1", "b.smith@mail.globex.example", "1,2" },
	{ "an unknown colleague", "From: Eve Jones <eve@globex.example>\nIn-Reply-To: <m1@acme.example>\n\ny\n", "in_reply_to", "1", "", "1,2" },
	{ "somebody else's domain, no name", "From: x@notglobex.example\nIn-Reply-To: <m1@acme.example>\n\ny\n", "in_reply_to", "1", "", "1,2" },
	{ "a reference learns nothing", "From: Bob Smith <bob@home.example>\nReferences: <m1@acme.example>\n\ny\n", "references", "1", "", "1,2" },
	{ "a known colleague", "From: carol@globex.example\nIn-Reply-To: <m1@acme.example>\n\ny\n", "in_reply_to", "1", "", "1,2,3" },
	{ "the company and the subject", "From: bsmith@globex.example\nSubject: AW: RE[2]: a Question  about GLOBEX\n\ny\n", "company", "1", "bsmith@globex.example", "1,2" },
	{ "the same, by somebody else", "From: Eve Jones <eve@globex.example>\nSubject: Re: A question about Globex\n\ny\n", "company", "1", "", "1,2" },
	{ "the company, another subject", "From: bsmith@globex.example\nSubject: Re: Invoice\n\ny\n", "", "", "", "" },
	{ "the subject, another company", "From: bsmith@hooli.example\nSubject: Re: A question about Globex\n\ny\n", "", "", "", "" },
	{ "no subject", "From: bsmith@globex.example\nSubject: Re:\n\ny\n", "", "", "", "" },
	{ "nobody", "From: shop@spam.example\nSubject: buy\n\nnow\n", "", "", "", "" },
	{ "a tag", "From: x@y.example\nTo: Ada <ada+TAG@acme.example>\n\ny\n", "tag", "1", "", "1,2" },
	{ "a tag where it was delivered", "From: x@y.example\nDelivered-To: ada+TAG@acme.example\n\ny\n", "tag", "1", "", "1,2" },
	{ "a tag that isn't ours", "From: x@y.example\nTo: ada+m1.0123456789abcdef@acme.example\n\ny\n", "", "", "", "" },
	{ "a tag of a message that isn't there", "From: x@y.example\nTo: ada+m99.0123456789abcdef@acme.example\n\ny\n", "", "", "", "" },
	{ "a tag that is none", "From: x@y.example\nTo: ada+m1@acme.example, +@x, ada+.@acme.example\n\ny\n", "", "", "", "" },
};

static void
test_match_table(void **state)
{
	struct inbox_result res;
	struct lp_err err = { 0 };
	char tag[MATCH_TAG_SIZE], *mail, query[400];

	for (size_t i = 0; i < sizeof(matches) / sizeof(matches[0]); i++) {
		const char *at = strstr(matches[i].mail, "TAG");

		world_case = matches[i].what;
		must(match_tag_make(db, 1, tag, &err) == 0, &err);
		mail = at == NULL ? xstrdup(matches[i].mail) : xasprintf("%.*s%s%s", (int)(at - matches[i].mail), matches[i].mail, tag, at + 3);
		assert_int_equal(put(mail, &res), 1);
		free(mail);
		value_is("SELECT ifnull(matched_by, '') FROM inbox_messages", matches[i].by);
		value_is("SELECT ifnull(lead_id, '') FROM inbox_messages", matches[i].lead);
		value_is("SELECT ifnull(group_concat(value), '') FROM person_addresses WHERE source = 'reply'", matches[i].aliases);
		value_is("SELECT ifnull(group_concat(seq), '') FROM enrolments WHERE status = 'stopped'", matches[i].stopped);
		snprintf(query, sizeof(query), "SELECT status || (SELECT count(*) FROM agent_tasks WHERE task_type = 'classify_reply') ||"
		    " (SELECT count(*) FROM notifications) FROM inbox_messages");
		value_is(query, *matches[i].by != '\0' ? "matched11" : "unmatched00");
		world_end(state);
		set_up(state);
	}
	world_case = "";
}

static void
test_subjects(void **state)
{
	static const char *const cases[][2] = { { "A question", "a question" }, { "Re: A  question ", "a question" }, { "RE[2]: Fwd: a question", "a question" },
		{ "AW: WG: A question", "a question" }, { "SV: Antw: A question", "a question" }, { "Re^3: a question", "a question" }, { "Re (2): A question", "a question" },
		{ "[EXTERNAL] Re: [Ext] A question", "a question" }, { "Отв: A question", "a question" }, { "回复：A question", "a question" },
		{ "Automatic reply: A question", "a question" }, { "Réponse automatique : A question", "a question" }, { "Q: returns at Globex", "q: returns at globex" },
		{ "Re:", "re:" }, { "", "" }, { "Report: re: x", "report: re: x" }, { "[only this]", "[only this]" }, { "re: re: re", "re" } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *base = mail_base_subject(cases[i][0]);

		assert_string_equal(base, cases[i][1]);
		free(base);
	}
}

static void
test_ambiguous(void **state)
{
	struct inbox_result res;

	(void)state;
	sql("INSERT INTO messages (id, purpose, rfc_message_id, lead_id, campaign_id, enrolment_id, account_id, step, channel, status, sent_at, created_at, updated_at)"
	    " VALUES ('m3', 'seq:3:1', 'm3@acme.example', 2, 1, 3, 1, 1, 'email', 'sent', '2026-11-20T10:00:00.000Z', 'x', 'x');"
	    "INSERT INTO message_texts (message_id, subject, body, origin, made_at) VALUES (3, 'A question about Globex', 'Hi', 'template', 'x');");
	assert_int_equal(put("From: office@globex.example\nSubject: Re: A question about Globex\n\nNo, thank you\n", &res), 1);
	assert_int_equal(res.lead, 0);
	assert_int_equal(res.stopped, 3);
	value_is("SELECT status || ifnull(lead_id, 0) || ifnull(matched_by, '') FROM inbox_messages", "ambiguous0");
	value_is("SELECT group_concat(status) FROM enrolments", "stopped,stopped,stopped,active");
	value_is("SELECT title FROM notifications", "reply from office@globex.example, who could be any of l2, l1: their sequences stopped");
	value_is("SELECT count(*) FROM agent_tasks WHERE task_type = 'classify_reply'", "0");
	value_is("SELECT count(*) FROM person_addresses", "3");
	/* whoever says stop is heard, whoever they are */
	assert_int_equal(put("From: office@globex.example\nSubject: Re: A question about Globex\n\nstop\n", &res), 1);
	assert_true(res.suppressed);
	value_is("SELECT value FROM suppressions", "office@globex.example");
	value_is("SELECT group_concat(status) FROM inbox_messages", "ambiguous,ambiguous");
}

/* A report on one address; `original` is the Message-ID of what it returns, or NULL. */
static char *
dsn(const char *recipient, const char *status, const char *diagnostic, const char *original, const char *extra)
{
	return xasprintf("From: MAILER-DAEMON@mx.far.example\nReturn-Path: <>\nTo: ada@acme.example\nSubject: Undelivered Mail Returned to Sender\n%s"
	    "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
	    "--b\nContent-Type: text/plain\n\nIt failed.\n\n"
	    "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.far.example\n\n"
	    "Final-Recipient: rfc822; %s\nAction: failed\nStatus: %s\nDiagnostic-Code: smtp; %s\n\n"
	    "--b\nContent-Type: text/rfc822-headers\n\nSubject: A question about Globex\n%s%s%s\n--b--\n", extra, recipient, status, diagnostic,
	    original != NULL ? "Message-ID: <" : "", original != NULL ? original : "", original != NULL ? ">\n" : "");
}

static int
bounce(const char *recipient, const char *status, const char *diagnostic, const char *original, const char *extra)
{
	struct inbox_result res;
	char *mail = dsn(recipient, status, diagnostic, original, extra);
	int r = put(mail, &res);

	free(mail);
	return r;
}

#define NOTHING_HAPPENED() do { \
	value_is("SELECT group_concat(status) FROM leads", "active,active,active"); \
	value_is("SELECT group_concat(status) FROM enrolments", "active,enrolled,active,active"); \
	value_is("SELECT count(*) FROM suppressions", "0"); \
	value_is("SELECT status FROM accounts", "active"); \
	value_is("SELECT count(*) FROM inbox_messages WHERE returned IS NOT NULL", "0"); \
} while (0)

static void
test_hard_bounce(void **state)
{
	struct lp_err err = { 0 };

	(void)state;
	/* what it returns is ours; whom else it names is its own affair */
	bounce("carol@globex.example", "5.1.1", "550 no such user", "m1@acme.example", "");
	value_is("SELECT kind || status || matched_by || returned || automatic FROM inbox_messages", "bouncematchedoriginalhard1");
	value_is("SELECT group_concat(status) FROM leads", "bounced,active,active");
	value_is("SELECT group_concat(status) FROM enrolments", "stopped,stopped,active,active");
	value_is("SELECT group_concat(value || ' ' || source) FROM suppressions", "bob@globex.example bounce");
	assert_int_equal(suppressions_hit(db, 2, "carol@globex.example", NULL, &err), 0);
	value_is("SELECT type || dedupe_key FROM notifications", "bouncebounce:l1");
	value_is("SELECT count(*) FROM agent_tasks WHERE task_type = 'classify_reply'", "0");
	/* lifted, they are written to again */
	must(db_begin(db, &err) == 0, &err);
	must(suppressions_remove(db, "email", "bob@globex.example", "a new mailbox", &err) == 1, &err);
	must(db_end(db, true, &err) == 0, &err);
	value_is("SELECT status FROM leads WHERE seq = 1", "active");
}

static void
test_forged_bounce(void **state)
{
	struct inbox_result res;

	(void)state;
	/* nobody ever wrote to these; and the planned message m2 never left */
	bounce("carol@globex.example", "5.1.1", "550 no such user", NULL, "");
	bounce("stranger@far.example", "5.1.1", "550 no such user", "zz@far.example", "");
	bounce("carol@globex.example", "5.1.1", "550 no such user", "m2@acme.example", "");
	bounce("carol@globex.example", "5.7.26", "550 unauthenticated", NULL, "");
	value_is("SELECT group_concat(DISTINCT ifnull(matched_by, '-')) FROM inbox_messages WHERE seq <> 3", "-");
	value_is("SELECT matched_by FROM inbox_messages WHERE seq = 3", "original");
	NOTHING_HAPPENED();
	/* in Bob's thread, but about nothing that went to him */
	put("From: dave@initech.example\nMessage-ID: <d@initech.example>\nReferences: <m1@acme.example>\n\nhm\n", &res);
	bounce("x@far.example", "5.1.1", "550", NULL, "In-Reply-To: <d@initech.example>\n");
	value_is("SELECT matched_by || message_id || ifnull(returned, '-') FROM inbox_messages ORDER BY seq DESC LIMIT 1", "thread1-");
	value_is("SELECT count(*) FROM suppressions", "0");
}

static void
test_bounce_by_recipient(void **state)
{
	(void)state;
	bounce("BOB@globex.example", "5.1.1", "550 no such user", NULL, "");
	value_is("SELECT matched_by || message_id || returned FROM inbox_messages", "recipient1hard");
	value_is("SELECT status FROM leads WHERE seq = 1", "bounced");
}

static void
test_bounce_proves(void **state)
{
	(void)state;
	sql("UPDATE messages SET status = 'unknown', sent_at = NULL WHERE seq = 1; UPDATE outbox SET state = 'unknown'");
	bounce("bob@globex.example", "5.1.1", "550", "m1@acme.example", "");
	value_is("SELECT state FROM outbox", "sent");
	value_is("SELECT status FROM leads WHERE seq = 1", "bounced");
}

/* m3 and m4 went to Bob too. */
static void
send_more(void)
{
	sql("INSERT INTO messages (id, purpose, rfc_message_id, lead_id, campaign_id, thread_id, account_id, channel, status, sent_at, created_at, updated_at)"
	    " VALUES ('m3', 'x:3', 'm3@acme.example', 1, 1, 1, 1, 'email', 'sent', 'x', 'x', 'x'), ('m4', 'x:4', 'm4@acme.example', 1, 1, 1, 1, 'email', 'sent', 'x', 'x', 'x');"
	    "INSERT INTO outbox (message_id, rfc_message_id, task_id, lead_id, person_id, account_id, channel, recipient, content_hash, first_contact, state, reserved_at, updated_at)"
	    " VALUES (3, 'm3@acme.example', 1, 1, 1, 1, 'email', 'bob@globex.example', 'h', 0, 'sent', '2026-11-21T09:00:00.000Z', 'x'),"
	    " (4, 'm4@acme.example', 1, 1, 1, 1, 'email', 'bob@globex.example', 'h', 0, 'sent', '2026-11-21T10:00:00.000Z', 'x')");
}

static void
test_soft_bounce(void **state)
{
	(void)state;
	bounce("bob@globex.example", "4.2.2", "452 mailbox full", "m1@acme.example", "");
	bounce("bob@globex.example", "4.2.2", "452 mailbox still full", "m1@acme.example", ""); /* the same message: one bounce */
	value_is("SELECT group_concat(status || ifnull(paused_until, '')) FROM enrolments",
	    "paused2026-11-25T09:00:00.000Z,paused2026-11-25T09:00:00.000Z,active,active");
	value_is("SELECT status FROM leads WHERE seq = 1", "active");
	value_is("SELECT count(*) FROM suppressions", "0");
	send_more();
	bounce("bob@globex.example", "4.2.2", "452", "m4@acme.example", "");
	value_is("SELECT status FROM leads WHERE seq = 1", "active"); /* m3 arrived: not in a row */
	bounce("bob@globex.example", "4.2.2", "452", "m3@acme.example", "");
	value_is("SELECT status FROM leads WHERE seq = 1", "bounced");
	value_is("SELECT group_concat(returned) FROM inbox_messages", "soft,soft,soft,hard");
	value_is("SELECT group_concat(status || ifnull(paused_until, '')) FROM enrolments", "stopped,stopped,active,active");
	value_is("SELECT reason FROM suppressions", "3 temporary bounces in a row (i4): 452");
}

/* "Still trying": nothing has come back. */
static void
test_delayed(void **state)
{
	struct inbox_result res;
	static const char mail[] =
	    "From: MAILER-DAEMON@mx.far.example\nReturn-Path: <>\nSubject: Delayed Mail (still being retried)\nMIME-Version: 1.0\n"
	    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nStill trying.\n\n"
	    "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; bob@globex.example\nAction: delayed\n"
	    "Status: 4.4.1\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <m1@acme.example>\n--b--\n";

	(void)state;
	assert_int_equal(put(mail, &res), 1);
	value_is("SELECT kind || message_id FROM inbox_messages", "bounce1");
	NOTHING_HAPPENED();
}

static void
test_our_fault(void **state)
{
	(void)state;
	bounce("bob@globex.example", "5.7.26", "550 <bob@globex.example>: unauthenticated mail", "m1@acme.example", "");
	value_is("SELECT status || ': ' || status_reason FROM accounts",
	    "stopped: a server refuses what we send (i1): 550 (address) unauthenticated mail");
	value_is("SELECT group_concat(status) FROM leads", "active,active,active");
	value_is("SELECT count(*) FROM suppressions", "0");
	value_is("SELECT type || command FROM notifications", "errorlp-accounts start sales");
	value_is("SELECT returned FROM inbox_messages", "ours");
	bounce("bob@globex.example", "5.7.26", "550 again", "m1@acme.example", "");
	value_is("SELECT count(*) FROM notifications", "1");
}

static void
test_rates(void **state)
{
	(void)state;
	sql("WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 56)"
	    " INSERT INTO outbox (message_id, rfc_message_id, task_id, lead_id, person_id, account_id, channel, recipient, content_hash, first_contact, state, reserved_at, updated_at)"
	    " SELECT 1000 + i, 'x' || i, 1, 3, 3, 1, 'email', 'dave@initech.example', 'h', 0, 'sent', '2026-11-21T09:00:00.000Z', 'x' FROM n");
	send_more(); /* 47 + 3 */
	bounce("bob@globex.example", "5.1.1", "550", "m1@acme.example", "");
	bounce("bob@globex.example", "5.1.1", "550", "m3@acme.example", "");
	value_is("SELECT status FROM accounts", "active");
	bounce("bob@globex.example", "5.1.1", "550", "m4@acme.example", "");
	value_is("SELECT status || ': ' || status_reason FROM accounts", "stopped: 3 of 50 messages of the last 7 days came back from dead addresses");
}

static char *
arf(const char *original)
{
	return xasprintf("From: fbl@isp.example\nTo: ada@acme.example\nSubject: complaint\nMIME-Version: 1.0\n"
	    "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\nContent-Type: text/plain\n\nAn abuse report.\n\n"
	    "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: x/1\nVersion: 1\n\n"
	    "--b\nContent-Type: message/rfc822\n\nFrom: ada@acme.example\nMessage-ID: <%s>\nSubject: A question\n\nHi\n--b--\n", original);
}

static void
test_complaint(void **state)
{
	struct inbox_result res;
	struct returns back;
	struct lp_err err = { 0 };
	char *mail = arf("zz@far.example");

	(void)state;
	put(mail, &res);
	free(mail);
	NOTHING_HAPPENED();
	value_is("SELECT type || title FROM notifications", "complainta complaint that names no message of ours");
	mail = arf("m1@acme.example");
	put(mail, &res);
	free(mail);
	assert_true(res.suppressed);
	value_is("SELECT group_concat(value || ' ' || source) FROM suppressions", "bob@globex.example complaint");
	value_is("SELECT status FROM leads WHERE seq = 1", "suppressed");
	value_is("SELECT group_concat(status) FROM enrolments", "stopped,stopped,active,active");
	value_is("SELECT kind || returned || matched_by FROM inbox_messages WHERE seq = 2", "complaintcomplaintoriginal");
	assert_int_equal(suppressions_hit(db, 0, "fbl@isp.example", NULL, &err), 0);
	must(returns_of(db, 1, 0, &back, &err) == 0, &err);
	assert_int_equal(back.sent, 1);
	assert_int_equal(back.complaints, 1);
	assert_int_equal(back.hard, 0);
}

static void
test_away(void **state)
{
	struct inbox_result res;
	struct plan_result due;
	struct lp_err err = { 0 };

	(void)state;
	assert_int_equal(put("From: bob@globex.example\nAuto-Submitted: auto-replied\nIn-Reply-To: <m1@acme.example>\n\nI am away.\n", &res), 1);
	assert_int_equal(res.stopped, 0);
	value_is("SELECT kind || automatic FROM inbox_messages", "auto_reply1");
	/* five business days from a Sunday, as the configuration says */
	value_is("SELECT group_concat(status || ifnull(paused_until, '')) FROM enrolments",
	    "paused2026-11-27T09:00:00.000Z,paused2026-11-27T09:00:00.000Z,active,active");
	value_is("SELECT status FROM leads WHERE seq = 1", "active");
	value_is("SELECT group_concat(status) FROM messages", "sent,planned");
	value_is("SELECT group_concat(status) FROM agent_tasks", "awaiting_approval,pending");
	value_is("SELECT count(*) || dedupe_key FROM notifications", "1away:l1");
	assert_int_equal(put("From: bob@globex.example\nAuto-Submitted: auto-replied\n\nStill away.\n", &res), 1);
	value_is("SELECT count(*) FROM notifications", "1");
	/* too early; then in time, and each is what it was */
	must(plan_due(db, false, &due, &err) == 0, &err);
	assert_int_equal(due.resumed, 0);
	sql("UPDATE enrolments SET paused_until = '2026-11-22T08:59:59.000Z' WHERE paused_until IS NOT NULL; UPDATE enrolments SET planned_at = 'x' WHERE seq = 1");
	must(plan_due(db, false, &due, &err) == 0, &err);
	assert_int_equal(due.resumed, 2);
	value_is("SELECT group_concat(status || ifnull(paused_until, '') || ifnull(stop_reason, '')) FROM enrolments", "active,enrolled,active,active");
	/* the day that it names, not before; a shorter absence after it changes nothing */
	assert_int_equal(put("From: dave@initech.example\nAuto-Submitted: auto-replied\n\nI am out of the office and will be back on 7 December 2026.\n", &res), 1);
	value_is("SELECT paused_until FROM enrolments WHERE seq = 4", "2026-12-07T00:00:00.000Z");
	value_is("SELECT until_at FROM inbox_messages ORDER BY seq DESC LIMIT 1", "2026-12-07T00:00:00.000Z");
	assert_int_equal(put("From: dave@initech.example\nAuto-Submitted: auto-replied\n\nI am not at my desk.\n", &res), 1);
	value_is("SELECT paused_until FROM enrolments WHERE seq = 4", "2026-12-07T00:00:00.000Z");
	/* a real answer ends what is paused */
	assert_int_equal(put("From: bob@globex.example\nAuto-Submitted: auto-replied\n\nAway again.\n", &res), 1);
	assert_int_equal(put(REPLY, &res), 1);
	assert_int_equal(res.stopped, 2);
	value_is("SELECT group_concat(status || ifnull(paused_until, '')) FROM enrolments WHERE seq < 4", "stopped,stopped,active");
}

static void
test_other(void **state)
{
	struct inbox_result res;

	(void)state;
	assert_int_equal(put("From: bob@globex.example\nList-Id: <news.globex.example>\nPrecedence: bulk\nSubject: News\n\nstop press\n", &res), 1);
	value_is("SELECT kind || automatic || lead_id FROM inbox_messages", "other11");
	NOTHING_HAPPENED();
	value_is("SELECT count(*) FROM notifications", "0");
	assert_int_equal(put("From: bob@globex.example\nSubject: Read: A question\nIn-Reply-To: <m1@acme.example>\nContent-Type: multipart/report;"
	    " report-type=disposition-notification; boundary=b\n\n--b\n\nread\n--b\nContent-Type: message/disposition-notification\n\nDisposition: displayed\n--b--\n",
	    &res), 1);
	value_is("SELECT kind FROM inbox_messages WHERE seq = 2", "other");
	NOTHING_HAPPENED();
	assert_int_equal(put("From: help@globex.example\nPrecedence: bulk\nIn-Reply-To: <m1@acme.example>\n\nYou have an answer in ticket 1\n", &res), 1);
	assert_int_equal(res.stopped, 2);
	value_is("SELECT group_concat(type) FROM notifications", "automatic_mail");
	value_is("SELECT count(*) FROM agent_tasks WHERE task_type = 'classify_reply'", "0");
}

static void
deliver(const char *name, const char *text)
{
	char file[256];
	FILE *f;

	snprintf(file, sizeof(file), "%s/in/new/%s", dir, name);
	f = fopen(file, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void
test_account(void **state)
{
	struct account a;
	struct reading sum = { 0 };
	struct lp_err err = { 0 };
	char file[256], text[300];

	(void)state;
	must(account_get(db, 1, &a, &err) == 1, &err);
	must(account_set(&a, "in", "in", dir, NULL, &err) == 0, &err);
	must(account_check(&a, &err) == 0, &err);
	must(reading_account(db, &a, NULL, &sum, &err) == 0, &err); /* makes it, empty */
	value_is("SELECT inbox_read_at FROM accounts", "2026-11-22T09:00:00.000Z");
	for (int i = 0; i < 120; i++) {
		snprintf(file, sizeof(file), "1795338000.%03d.x", i);
		snprintf(text, sizeof(text), "From: x%d@y.example\nSubject: s\n\nhi\n", i);
		deliver(file, text);
	}
	deliver("1795338001.r", REPLY);
	deliver("1795338001.junk", "");
	must(reading_account(db, &a, NULL, &sum, &err) == 0, &err);
	assert_int_equal(sum.seen, 122);
	assert_int_equal(sum.fresh, 122);
	assert_int_equal(sum.matched, 1);
	value_is("SELECT count(*) FROM inbox_messages", "122");
	snprintf(file, sizeof(file), "%s/in/cur/1795338001.r:2,", dir);
	assert_int_equal(access(file, F_OK), 0);
	/* a crash between the commit and the move */
	deliver("1795338001.r", REPLY);
	sum = (struct reading){ 0 };
	must(reading_account(db, &a, NULL, &sum, &err) == 0, &err);
	assert_int_equal(sum.fresh, 0);
	value_is("SELECT count(*) FROM inbox_messages", "122");
	/* a task that isn't ours any more writes nothing */
	deliver("1795338002.r", "From: dave@initech.example\n\nhm\n");
	must(reading_account(db, &a, &(struct task){ .seq = 1, .lease = "gone" }, &sum, &err) == 2, &err);
	value_is("SELECT count(*) FROM inbox_messages", "122");
	must(reading_account(db, &a, NULL, &sum, &err) == 0, &err);
	value_is("SELECT count(*) FROM inbox_messages", "123");
	/* a person's mail program was faster: moved to cur/ before it was read */
	snprintf(file, sizeof(file), "%s/in/new/9.r", dir);
	snprintf(text, sizeof(text), "%s/in/cur/9.r:2,S", dir);
	deliver("9.r", "From: carol@globex.example\n\nseen first by Ada\n");
	assert_int_equal(rename(file, text), 0);
	sum = (struct reading){ 0 };
	must(reading_account(db, &a, NULL, &sum, &err) == 0, &err);
	assert_int_equal(sum.fresh, 1);
	assert_int_equal(sum.matched, 1);
	value_is("SELECT file FROM inbox_messages ORDER BY seq DESC LIMIT 1", "9.r:2,S");
	/* out of reach: the last good reading stays what it was */
	snprintf(file, sizeof(file), "%s/in/new", dir);
	assert_int_equal(chmod(file, 0), 0);
	if (access(file, R_OK) == -1) { /* root reads all */
		assert_int_equal(reading_account(db, &a, NULL, &sum, &err), 1);
		value_is("SELECT inbox_error IS NOT NULL FROM accounts", "1");
	}
	assert_int_equal(chmod(file, 0700), 0);
	must(account_set(&a, "in", "/dev/null/in", NULL, NULL, &err) == 0, &err);
	assert_int_equal(reading_account(db, &a, NULL, &sum, &err), 1);
	value_is("SELECT inbox_error IS NOT NULL AND inbox_read_at = '2026-11-22T09:00:00.000Z' FROM accounts", "1");
	account_clear(&a);
}

static void
test_words(void **state)
{
	static const struct {
		const char *subject, *text;
		bool out;
	} cases[] = {
		{ "Re: a", "STOP", true }, { "Re: a", "\n  Stop!! \n\n-- \nBob\n", true }, { "a", "Please remove me.", true },
		{ "a", "unsubscribe\n> quoted", true }, { "a", "Abmelden, bitte", true }, { "a", "Stop. I mean it.", true },
		{ "unsubscribe", "", true }, { "Unsubscribe", "sent from my phone", true }, { "a", "don't contact me again", true },
		{ "a", "Désabonner", true }, { "a", "ОТПИСАТЬСЯ", true },
		{ "Re: Stop", "sure, tell me more", false }, { "a", "stop by on Monday", false }, { "a", "How do I unsubscribe?", false },
		{ "a", "> stop\nwhat is that?", false }, { "a", "", false }, { "a", "Don't stop", false },
		{ "a", "On Monday, Ada wrote:\n> stop\n\nremove me\n", true },
		{ "a", "On Monday at 10 o'clock, Ada Park <ada@acme.example>\nwrote:\n> hello\n\nunsubscribe\n", true },
		{ "a", "fine\n-----Original Message-----\nstop\n", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *fresh = mail_reply_text(cases[i].text);

		if (mail_opts_out(cases[i].subject, fresh) != cases[i].out)
			fail_msg("'%s' '%s' (%s)", cases[i].subject, cases[i].text, fresh);
		free(fresh);
	}
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, world_end)
	const struct CMUnitTest tests[] = { T(test_reply), T(test_matching), T(test_colleagues), T(test_opt_out), T(test_own), T(test_own_first), T(test_proof),
		cmocka_unit_test(test_subjects), T(test_match_table), T(test_ambiguous), T(test_hard_bounce), T(test_forged_bounce), T(test_bounce_by_recipient),
		T(test_bounce_proves), T(test_soft_bounce), T(test_delayed), T(test_our_fault), T(test_rates), T(test_complaint), T(test_away), T(test_other),
		T(test_account), cmocka_unit_test(test_words) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
