
#include "world.h"

#include "sender/deliver.h"
#include "store/match.h"
#include "store/messages.h"

static struct wire *wires;

static const char world[] =
    "INSERT INTO accounts (id, name, kind, channel, address, display_name, settings, timezone, created_at, updated_at) VALUES ('a', 'sales',"
    " 'maildir', 'email', 'ada@acme.example', 'Ada Park', '{\"out\":\"%s/out\",\"unsubscribe\":\"stop@acme.example\"}', 'Europe/Berlin', 'x', 'x');"
    "INSERT INTO persons (id, created_at) VALUES ('p1', 'x');"
    "INSERT INTO leads (id, person_id, email, first_name, last_name, source, source_at, created_at, updated_at) VALUES"
    " ('l1', 1, 'bob@globex.example', 'Böb', 'Smith', 's', 'x', 'x', 'x');"
    "INSERT INTO threads (id, lead_id, account_id, channel, created_at, updated_at) VALUES ('th1', 1, 1, 'email', 'x', 'x');"
    "INSERT INTO messages (id, purpose, rfc_message_id, lead_id, thread_id, account_id, step, channel, status, recipient, created_at, updated_at)"
    " VALUES ('01a20000-0000-7000-8000-000000000001', 'seq:1:1', 'm1@acme.example', 1, 1, 1, 1, 'email', 'due', 'bob@globex.example', 'x', 'x'),"
    " ('01a20000-0001-7000-8000-000000000002', 'seq:1:2', 'm2@acme.example', 1, 1, 1, 2, 'email', 'due', 'bob@globex.example', 'x', 'x');"
    "INSERT INTO message_texts (message_id, subject, body, html, origin, made_at) VALUES (1, 'A question', 'Hi Böb', NULL, 'template', 'x'), (2, NULL, 'Any thoughts?', NULL, 'template', 'x');"
    "INSERT INTO agent_tasks (id, task_type, status, scheduled_for, created_at, lead_id, person_id, message_id, hold_kind, updated_at)"
    " VALUES ('t1', 'send_message', 'awaiting_approval', 'x', 'x', 1, 1, 1, 'mend', 'x');";

static int
set_up(void **state)
{
	(void)state;
	world_make(NOW, world);
	return 0;
}

static int
tear_down(void **state)
{
	wires_close(&wires);
	return world_end(state);
}

/* Reserve as agent/reserve does: the row of what is stored now. */
static void
reserve(int64_t message)
{
	struct lp_err err = { 0 };
	struct message m;
	struct task t = { .seq = 1, .person = 1 };

	assert_int_equal(message_get(db, message, &m, &err), 1);
	message_hash(&m, m.recipient, m.content_hash);
	assert_int_equal(db_begin(db, &err), 0);
	if (outbox_reserve(db, &t, &m, m.recipient, true, &err) == -1)
		fail_msg("%s", err.msg);
	assert_int_equal(db_end(db, true, &err), 0);
	message_clear(&m);
}

static struct wire *
sales(void)
{
	struct lp_err err = { 0 };
	bool fatal;
	struct wire *w = wire_open(&wires, db, 1, &fatal, &err);

	if (w == NULL)
		fail_msg("%s", err.msg);
	return w;
}

static char *
contents(const char *file)
{
	struct buf b = { 0 };
	FILE *f = fopen(file, "r");
	int c;

	if (f == NULL)
		fail_msg("no file '%s'", file);
	while ((c = getc(f)) != EOF)
		buf_putc(&b, (char)c);
	fclose(f);
	return buf_steal(&b);
}

static void
test_first(void **state)
{
	struct channel_result r;
	struct lp_err err = { 0 };
	char *s, *want, tag[MATCH_TAG_SIZE];

	(void)state;
	reserve(1);
	assert_int_equal(deliver(db, sales(), 1, &r, &err), 0);
	assert_int_equal(r.state, CHANNEL_ACCEPTED);
	s = contents(r.text);
	assert_int_equal(match_tag_make(db, 1, tag, &err), 0);
	want = xasprintf(
	    "From: Ada Park <ada@acme.example>\n"
	    "To: =?utf-8?q?B=C3=B6b_Smith?= <bob@globex.example>\n"
	    "Subject: A question\n"
	    "Date: Sun, 22 Nov 2026 10:00:00 +0100\n"
	    "Message-ID: <m1@acme.example>\n"
	    "List-Unsubscribe: <mailto:stop@acme.example?subject=unsubscribe%%20%s>\n"
	    "MIME-Version: 1.0\n"
	    "Content-Type: text/plain; charset=utf-8\n"
	    "Content-Transfer-Encoding: quoted-printable\n"
	    "\n"
	    "Hi B=C3=B6b\n", tag);
	assert_string_equal(s, want);
	free(want);
	free(s);
	value_is("SELECT state FROM outbox", "sent");
	value_is("SELECT status FROM messages WHERE seq = 1", "sent");
	/* the next of the thread follows it */
	reserve(2);
	assert_int_equal(deliver(db, sales(), 2, &r, &err), 0);
	s = contents(r.text);
	assert_non_null(strstr(s, "\nSubject: Re: A question\n"));
	assert_non_null(strstr(s, "\nIn-Reply-To: <m1@acme.example>\nReferences: <m1@acme.example>\n"));
	free(s);
}

static void
test_redo(void **state)
{
	struct channel_result r;
	struct lp_err err = { 0 };
	char moved[256];

	(void)state;
	reserve(1);
	assert_int_equal(deliver(db, sales(), 1, &r, &err), 0);
	/* the process died before the record; meanwhile a mail program has read the message */
	snprintf(moved, sizeof(moved), "%s/out/cur/%s:2,S", dir, strrchr(r.text, '/') + 1);
	assert_int_equal(rename(r.text, moved), 0);
	sql("UPDATE outbox SET state = 'reserved', sent_at = NULL; UPDATE messages SET status = 'due', sent_at = NULL WHERE seq = 1");
	assert_int_equal(deliver_look(db, sales(), 1, &r, &err), 1);
	assert_int_equal(r.state, CHANNEL_ACCEPTED);
	assert_string_equal(r.text, moved);
	value_is("SELECT state FROM outbox", "sent");
	/* and where it had died before: it isn't there, and is written once it is reserved again */
	assert_int_equal(unlink(moved), 0);
	sql("UPDATE outbox SET state = 'reserved', sent_at = NULL; UPDATE messages SET status = 'due', sent_at = NULL WHERE seq = 1");
	assert_int_equal(deliver_look(db, sales(), 1, &r, &err), 0);
	value_is("SELECT state FROM outbox", "reserved");
	reserve(1);
	value_is("SELECT tries FROM outbox", "2");
	assert_int_equal(deliver(db, sales(), 1, &r, &err), 0);
	free(contents(r.text));
}

/* A wire without a memory: what was cut off is unknown, until a person knows. */
static int sent;

static void
fake_deliver(void *conn, const struct channel_mail *m, struct channel_result *r)
{
	(void)conn;
	(void)m;
	sent++;
	channel_say(r, CHANNEL_UNKNOWN, 0, "line dropped");
}

static void
test_unknown(void **state)
{
	struct channel fake = { .kind = "fake", .carries = "email", .deliver = fake_deliver };
	struct channel_result r;
	struct lp_err err = { 0 };
	struct wire w = { .account = sales()->account, .ch = &fake };

	(void)state;
	reserve(1);
	sent = 0;
	assert_int_equal(deliver(db, &w, 1, &r, &err), 0);
	assert_int_equal(r.state, CHANNEL_UNKNOWN);
	value_is("SELECT state FROM outbox", "unknown");
	value_is("SELECT status FROM messages WHERE seq = 1", "unknown");
	assert_int_equal(db_begin(db, &err), 0);
	assert_int_equal(deliver_resolve(db, 1, false, "ada", "not in her Sent folder", &err), 1);
	assert_int_equal(deliver_resolve(db, 1, true, "ada", NULL, &err), 0); /* once */
	assert_int_equal(db_end(db, true, &err), 0);
	value_is("SELECT state FROM outbox", "deferred");
	value_is("SELECT status FROM messages WHERE seq = 1", "due");
	value_is("SELECT status FROM agent_tasks", "pending");
	reserve(1);
	assert_int_equal(deliver(db, &w, 1, &r, &err), 0);
	assert_int_equal(sent, 2);
	value_is("SELECT state FROM outbox", "unknown");
	assert_int_equal(db_begin(db, &err), 0);
	assert_int_equal(deliver_resolve(db, 1, true, "ada", NULL, &err), 1);
	assert_int_equal(db_end(db, true, &err), 0);
	value_is("SELECT state FROM outbox", "sent");
	value_is("SELECT status FROM messages WHERE seq = 1", "sent");
}

static void
test_deferred(void **state)
{
	struct channel_result r;
	struct lp_err err = { 0 };
	char tmp[128];

	(void)state;
	reserve(1);
	sales();
	snprintf(tmp, sizeof(tmp), "%s/out/tmp", dir);
	assert_int_equal(rmdir(tmp), 0);
	assert_int_equal(deliver(db, sales(), 1, &r, &err), 0);
	assert_int_equal(r.state, CHANNEL_DEFERRED);
	value_is("SELECT state || next_try_at FROM outbox", "deferred2026-11-22T09:05:00.000Z");
	value_is("SELECT status FROM messages WHERE seq = 1", "due");
	sql("UPDATE outbox SET tries = 30, deferred_since = '2026-11-19T09:00:00.001Z'"); /* nearly three days, however often it was tried */
	reserve(1);
	assert_int_equal(deliver(db, sales(), 1, &r, &err), 0);
	value_is("SELECT state || next_try_at FROM outbox", "deferred2026-11-22T09:00:00.001Z"); /* a last time */
	sql("UPDATE outbox SET deferred_since = '2026-11-19T09:00:00.000Z'");
	reserve(1);
	assert_int_equal(deliver(db, sales(), 1, &r, &err), 0);
	value_is("SELECT state FROM outbox", "refused");
	value_is("SELECT status FROM messages WHERE seq = 1", "refused");
}

/* What was reserved is what leaves, or nothing does. */
static void
test_changed(void **state)
{
	struct channel_result r;
	struct lp_err err = { 0 };

	(void)state;
	reserve(1);
	sql("UPDATE message_texts SET body = 'Something else' WHERE message_id = 1");
	assert_int_equal(deliver(db, sales(), 1, &r, &err), 0);
	assert_int_equal(r.state, CHANNEL_DEFERRED);
	assert_non_null(strstr(r.text, "isn't what was reserved"));
	reserve(1);
	sql("UPDATE messages SET recipient = 'eve@evil.example' WHERE seq = 1");
	assert_int_equal(deliver(db, sales(), 1, &r, &err), 0);
	assert_int_equal(r.state, CHANNEL_DEFERRED);
	/* and nothing that wasn't reserved */
	assert_int_equal(deliver(db, sales(), 1, &r, &err), -1);
	assert_int_equal(err.kind, LP_BUG);
}

static void
test_check(void **state)
{
	struct lp_err err = { 0 };

	(void)state;
	assert_int_equal(deliver_check(db, &sales()->account, 1, &err), 0);
	sql("UPDATE message_texts SET subject = 'Re: your order' WHERE message_id = 1");
	assert_int_equal(deliver_check(db, &sales()->account, 1, &err), -1);
	assert_int_equal(err.kind, LP_DATA);
	sql("DELETE FROM message_texts");
	assert_int_equal(deliver_check(db, &sales()->account, 1, &err), -1);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = { T(test_first), T(test_redo), T(test_unknown), T(test_deferred), T(test_changed), T(test_check) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
