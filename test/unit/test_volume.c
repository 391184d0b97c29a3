/* What the far side's answers mean for the address, the person, our accounts. */

#include "world.h"

#include "base/mailbox.h"
#include "sender/volume.h"
#include "store/account_stop.h"
#include "store/returns.h"
#include "store/suppressions.h"

/* Four accounts, two at one domain, one elsewhere, one a phone's; Bob with an address and a number, two campaigns, a mail to him reserved. */
static const char world[] =
    "INSERT INTO accounts (id, name, kind, channel, address, created_at, updated_at) VALUES ('a', 'sales', 'maildir', 'email', 'ada@acme.example', 'x', 'x'),"
    " ('b', 'support', 'maildir', 'email', 'bea@acme.example', 'x', 'x'), ('c', 'other', 'maildir', 'email', 'cy@other.example', 'x', 'x'),"
    " ('d', 'phone', 'maildir', 'sms', '+4930123456', 'x', 'x');"
    "INSERT INTO persons (id, created_at) VALUES ('p1', 'x');"
    "INSERT INTO person_addresses VALUES ('email', 'bob@globex.example', 1, 'import', 'x'), ('phone', '+447700900142', 1, 'import', 'x');"
    "INSERT INTO leads (id, person_id, email, phone, source, source_at, created_at, updated_at) VALUES"
    " ('l1', 1, 'bob@globex.example', '+447700900142', 's', 'x', 'x', 'x');"
    "INSERT INTO campaigns (id, name, created_at, updated_at) VALUES ('c1', 'one', 'x', 'x'), ('c2', 'two', 'x', 'x');"
    "INSERT INTO campaign_versions VALUES (1, 1, '{}', 'h', 'x'), (2, 1, '{}', 'h', 'x');"
    "INSERT INTO enrolments (id, campaign_id, version, lead_id, account_id, status, enrolled_at) VALUES ('e1', 1, 1, 1, 1, 'active', 'x'),"
    " ('e2', 2, 1, 1, 2, 'enrolled', 'x');"
    "INSERT INTO messages (id, purpose, rfc_message_id, lead_id, campaign_id, enrolment_id, account_id, step, channel, status, created_at, updated_at)"
    " VALUES ('m1', 'seq:1:1', 'm1@acme.example', 1, 1, 1, 1, 1, 'email', 'due', 'x', 'x');"
    "INSERT INTO outbox (message_id, rfc_message_id, task_id, lead_id, person_id, account_id, channel, recipient, content_hash, first_contact, state, reserved_at, updated_at)"
    " VALUES (1, 'm1@acme.example', 1, 1, 1, 1, 'email', 'bob@globex.example', 'h', 1, 'reserved', '2026-11-22T09:00:00.000Z', 'x');";

static int
set_up(void **state)
{
	(void)state;
	world_make(NOW, world);
	return 0;
}

/* The far side answered so, to message 1. */
static void
answered(enum channel_state state, enum channel_blame blame, int code, const char *status, const char *text, struct channel_result *r)
{
	struct lp_err err = { 0 };
	struct outbox o;

	*r = (struct channel_result){ .blame = blame };
	channel_say(r, state, code, "%s", text);
	r->blame = blame;
	snprintf(r->status, sizeof(r->status), "%s", status);
	assert_int_equal(outbox_get(db, 1, &o, &err), 1);
	assert_int_equal(db_begin(db, &err), 0);
	if (volume_outcome(db, &o, r, &err) == -1)
		fail_msg("%s", err.msg);
	assert_int_equal(db_end(db, true, &err), 0);
	outbox_clear(&o);
}

static void
test_dead(void **state)
{
	struct channel_result r;
	struct returns back;
	struct lp_err err = { 0 };

	(void)state;
	answered(CHANNEL_REFUSED, BLAME_ADDRESS, 550, "5.1.1", "550 5.1.1 no such user", &r);
	assert_int_equal(r.state, CHANNEL_REFUSED);
	value_is("SELECT kind || ' ' || value || ' ' || source || ': ' || reason FROM suppressions",
	    "email bob@globex.example bounce: refused at the door (m1): 550 5.1.1 no such user");
	value_is("SELECT status FROM leads", "bounced");
	value_is("SELECT group_concat(status) FROM enrolments", "stopped,stopped");
	value_is("SELECT returned FROM outbox", "hard");
	value_is("SELECT group_concat(status) FROM accounts", "active,active,active,active");
	value_is("SELECT group_concat(type || title) FROM notifications", "bouncebob@globex.example: the address is dead");
	assert_int_equal(suppressions_hit(db, 1, "+447700900142", NULL, &err), 1);
	sql("UPDATE outbox SET state = 'refused'");
	assert_int_equal(returns_of(db, 1, 0, &back, &err), 0);
	assert_int_equal(back.sent, 1);
	assert_int_equal(back.hard, 1);
	/* what is refused for a while isn't dead */
	sql("DELETE FROM suppressions; UPDATE outbox SET returned = NULL");
	answered(CHANNEL_DEFERRED, BLAME_ADDRESS, 450, "4.2.1", "450 busy", &r);
	value_is("SELECT count(*) FROM suppressions", "0");
	assert_int_equal(r.state, CHANNEL_DEFERRED);
}

static void
test_opted_out(void **state)
{
	struct channel_result r;
	struct lp_err err = { 0 };

	(void)state;
	sql("UPDATE outbox SET recipient = '+447700900142', channel = 'sms', account_id = 4");
	answered(CHANNEL_REFUSED, BLAME_PERSON, 400, "21610", "unsubscribed recipient", &r);
	assert_int_equal(r.state, CHANNEL_REFUSED);
	value_is("SELECT kind || value || source FROM suppressions", "phone+447700900142reply");
	value_is("SELECT status FROM leads", "suppressed");
	value_is("SELECT group_concat(status) FROM enrolments", "stopped,stopped");
	value_is("SELECT group_concat(type) FROM notifications", "opt_out");
	value_is("SELECT returned FROM outbox", "opt_out");
	assert_int_equal(suppressions_hit(db, 1, "bob@globex.example", NULL, &err), 1); /* on every channel */
}

static void
untouched(void)
{
	value_is("SELECT count(*) FROM suppressions", "0");
	value_is("SELECT status FROM leads", "active");
	value_is("SELECT group_concat(status) FROM enrolments", "active,enrolled");
	value_is("SELECT count(*) FROM outbox WHERE returned IS NOT NULL", "0");
}

/* Status, text, and whether it is ours to mend (the account and its domain stop) or to wait for (slow). */
static const struct {
	enum channel_state state;
	int code;
	const char *status, *text, *slow_until; /* "": stopped */
} mine[] = { { CHANNEL_REFUSED, 550, "5.7.515", "550 5.7.515 access denied, sending domain doesn't meet the required authentication level", "" },
	{ CHANNEL_REFUSED, 550, "5.7.26", "550-5.7.26 unauthenticated", "" }, { CHANNEL_REFUSED, 550, "5.7.1", "550 5.7.1 policy", "" },
	{ CHANNEL_DEFERRED, 421, "4.7.32", "421-4.7.32 rate limited because your From isn't aligned with SPF or DKIM", "" },
	{ CHANNEL_DEFERRED, 421, "4.7.0", "421 4.7.0 DMARC can't be checked", "" },
	{ CHANNEL_DEFERRED, 421, "4.7.28", "421-4.7.28 an unusual rate of mail", "2026-11-22T10:00:00.000Z" },
	{ CHANNEL_DEFERRED, 421, "4.7.0", "421 4.7.0 [TSS04] deferred due to unexpected volume", "2026-11-22T10:00:00.000Z" },
	{ CHANNEL_REFUSED, 550, "5.4.5", "550 5.4.5 daily sending limit exceeded", "2026-11-23T09:00:00.000Z" } };

static void
test_ours(void **state)
{
	struct channel_result r;
	char *q;

	for (size_t i = 0; i < sizeof(mine) / sizeof(mine[0]); i++) {
		bool slow = *mine[i].slow_until != '\0';

		if (i > 0) {
			world_end(state);
			set_up(state);
		}
		answered(mine[i].state, BLAME_US, mine[i].code, mine[i].status, mine[i].text, &r);
		assert_int_equal(r.state, CHANNEL_DEFERRED);
		untouched();
		value_is("SELECT group_concat(status) FROM accounts", slow ? "active,active,active,active" : "stopped,stopped,active,active");
		value_is("SELECT ifnull(group_concat(slow_until), '') FROM accounts", mine[i].slow_until);
		value_is("SELECT count(*) FROM notifications", "1");
		value_is("SELECT title FROM notifications", slow ? "Account sales is asked to slow down" : "Accounts sales, support are stopped");
		/* the server's own words */
		q = sqlite3_mprintf("CREATE TABLE words AS SELECT %Q AS w", mine[i].text);
		sql(q);
		sqlite3_free(q);
		value_is("SELECT instr(message, w) > 0 FROM notifications, words", "1");
		/* told once */
		answered(mine[i].state, BLAME_US, mine[i].code, mine[i].status, mine[i].text, &r);
		value_is("SELECT count(*) FROM notifications", "1");
	}
	/* of a mailbox provider's domain each answers for itself */
	world_end(state);
	set_up(state);
	sql("UPDATE accounts SET address = 'u' || seq || '@gmail.com' WHERE channel = 'email'");
	answered(CHANNEL_REFUSED, BLAME_US, 550, "5.7.1", "550 5.7.1 policy", &r);
	value_is("SELECT group_concat(status) FROM accounts", "stopped,active,active,active");
	value_is("SELECT title || command FROM notifications", "Account sales is stoppedlp-accounts start sales");
}

static void
test_days(void **state)
{
	struct channel_result r;

	(void)state;
	answered(CHANNEL_DEFERRED, BLAME_NOBODY, 451, "4.3.0", "451 try again later", &r);
	assert_int_equal(r.state, CHANNEL_DEFERRED);
	sql("UPDATE outbox SET tries = 20, deferred_since = '2026-11-19T09:00:00.001Z'");
	answered(CHANNEL_DEFERRED, BLAME_NOBODY, 451, "4.3.0", "451 try again later", &r);
	assert_int_equal(r.state, CHANNEL_DEFERRED);
	sql("UPDATE outbox SET deferred_since = '2026-11-19T09:00:00.000Z'");
	answered(CHANNEL_DEFERRED, BLAME_NOBODY, 451, "4.3.0", "451 try again later", &r);
	assert_int_equal(r.state, CHANNEL_REFUSED);
	assert_string_equal(r.text, "given up after 3 days: 451 try again later");
	untouched();
	/* our own fault takes no time from it */
	answered(CHANNEL_DEFERRED, BLAME_US, 421, "4.7.28", "421 rate", &r);
	assert_int_equal(r.state, CHANNEL_DEFERRED);
}

/* So many sent a day and hour ago from account 1, as messages 1000 on. */
static void
sent(int n, const char *at)
{
	char *q = xasprintf("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
	                    " INSERT INTO outbox (message_id, rfc_message_id, task_id, lead_id, account_id, channel, recipient, content_hash, first_contact, state,"
	                    " reserved_at, updated_at) SELECT (SELECT max(message_id) FROM outbox) + 1000 + i, hex(randomblob(9)), 1, 1, 1, 'email', 'x@far.example', 'h', 0, 'sent',"
	                    " '%s', 'x' FROM n", n - 1, at);

	sql("PRAGMA foreign_keys = OFF");
	sql(q);
	free(q);
}

static int
rates(void)
{
	struct lp_err err = { 0 };
	int r;

	assert_int_equal(db_begin(db, &err), 0);
	if ((r = volume_rates(db, 1, NULL, &err)) == -1)
		fail_msg("%s", err.msg);
	assert_int_equal(db_end(db, true, &err), 0);
	return r;
}

static void
back(const char *what, int n)
{
	char *q = xasprintf("UPDATE outbox SET returned = NULL WHERE message_id > 1; UPDATE outbox SET returned = '%s' WHERE message_id IN (SELECT message_id FROM outbox"
	                    " WHERE message_id > 1 ORDER BY message_id DESC LIMIT %d)", what, n);

	sql(q);
	free(q);
}

static void
test_rates(void **state)
{
	(void)state;
	sent(49, "2026-11-21T08:00:00.000Z");
	back("hard", 49);
	assert_int_equal(rates(), 0); /* 49 are no rate */
	sent(1, "2026-11-15T09:00:00.000Z"); /* the window's first millisecond */
	back("hard", 2);
	assert_int_equal(rates(), 0); /* 4 % */
	back("hard", 3);
	assert_int_equal(rates(), 1);
	value_is("SELECT status || stopped_for || status_reason FROM accounts WHERE seq = 1",
	    "stoppedbounces3 of 50 messages of the last 7 days came back from dead addresses");
	value_is("SELECT status FROM accounts WHERE seq = 2", "active");
	assert_int_equal(rates(), 0);
	value_is("SELECT count(*) FROM notifications", "1");
	/* one that is a millisecond too old is in no rate */
	sql("UPDATE accounts SET status = 'active', stopped_for = NULL; UPDATE outbox SET reserved_at = '2026-11-15T08:59:59.999Z' WHERE reserved_at LIKE '%15T09%'");
	back("hard", 3);
	assert_int_equal(rates(), 0);
	/* the keys */
	sql("UPDATE agent_configs SET bounce_floor = 10, bounce_rate_max = 4, rate_window = '2d'");
	assert_int_equal(rates(), 1);
}

static void
test_complaints(void **state)
{
	(void)state;
	sent(99, "2026-11-21T08:00:00.000Z");
	back("complaint", 99);
	assert_int_equal(rates(), 0);
	sent(901, "2026-11-21T08:00:00.000Z");
	back("complaint", 1);
	assert_int_equal(rates(), 0);
	value_is("SELECT type || message FROM notifications", "complaint1 of 1000 messages of the last 7 days were called spam; at 0.3 % it stops");
	assert_int_equal(rates(), 0);
	back("complaint", 2);
	assert_int_equal(rates(), 0);
	value_is("SELECT count(*) FROM notifications", "1");
	back("complaint", 3);
	assert_int_equal(rates(), 1);
	value_is("SELECT status || stopped_for || status_reason FROM accounts WHERE seq = 1", "stoppedcomplaints3 of 1000 messages of the last 7 days were called spam");
}

static int
start(bool force, const char *reason, struct lp_err *err)
{
	struct lp_err e;
	int r;

	assert_int_equal(db_begin(db, &e), 0);
	r = volume_start(db, 1, force, reason, &(int){ 0 }, err);
	assert_int_equal(db_end(db, r != -1, &e), 0);
	return r;
}

static void
test_start(void **state)
{
	struct lp_err err = { 0 };

	(void)state;
	sent(100, "2026-11-21T08:00:00.000Z");
	back("complaint", 1);
	assert_int_equal(rates(), 1);
	assert_int_equal(start(false, "sorry", &err), -1);
	assert_int_equal(err.kind, LP_NOPERM);
	assert_string_equal(err.msg, "account sales was stopped for complaints: not before 2026-11-29 (--force -m REASON sends all the same)");
	assert_int_equal(start(true, NULL, &err), -1);
	/* neither a pause nor what comes after takes the time off */
	sql("UPDATE accounts SET status = 'paused' WHERE seq = 1");
	assert_int_equal(start(false, NULL, &err), -1);
	value_is("SELECT status FROM accounts WHERE seq = 1", "paused");
	assert_int_equal(start(true, "the list was wrong", &err), 1);
	value_is("SELECT status || ifnull(stopped_for, '') FROM accounts WHERE seq = 1", "active");
	value_is("SELECT count(*) FROM agent_log_payloads WHERE message LIKE 'started by force: the list was wrong (account sales was stopped for complaints%'", "1");
	assert_int_equal(rates(), 0); /* what was sent before counts no more */
	/* after its week, where the rate is down */
	sql("UPDATE accounts SET status = 'stopped', stopped_for = 'complaints', stopped_at = '2026-11-15T09:00:00.001Z' WHERE seq = 1");
	sql("UPDATE outbox SET reserved_at = '2026-11-15T08:00:00.000Z'");
	assert_int_equal(start(false, NULL, &err), -1);
	sql("UPDATE accounts SET stopped_at = '2026-11-15T09:00:00.000Z' WHERE seq = 1; UPDATE outbox SET reserved_at = '2026-11-21T08:00:00.000Z'");
	assert_int_equal(start(false, NULL, &err), -1);
	assert_string_equal(err.msg, "account sales: 1 of its last 100 messages were called spam (--force -m REASON sends all the same)");
	sql("UPDATE outbox SET reserved_at = '2026-11-15T08:00:00.000Z'");
	assert_int_equal(start(false, NULL, &err), 1);
}

static void
test_mailbox(void **state)
{
	static const struct {
		const char *domain, *org;
	} orgs[] = { { "acme.example", "acme.example" }, { "News.Acme.Example", "acme.example" }, { "a.b.acme.co.uk", "acme.co.uk" }, { "acme.co.uk", "acme.co.uk" },
		{ "co.uk", "co.uk" }, { "x.acme.de", "acme.de" }, { "com.de", "com.de" }, { "localhost", "localhost" }, { "", "" }, { ".", "" },
		{ "mail.acme.com.", "acme.com" }, { "..", "" } };
	char out[MAILBOX_ORG_SIZE], longest[400];

	(void)state;
	for (size_t i = 0; i < sizeof(orgs) / sizeof(orgs[0]); i++) {
		mailbox_org(orgs[i].domain, out);
		assert_string_equal(out, orgs[i].org);
	}
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	mailbox_org(longest, out);
	assert_int_equal(strlen(out), MAILBOX_ORG_SIZE - 1);
	assert_string_equal(mailbox_provider("GoogleMail.com"), "gmail");
	assert_string_equal(mailbox_provider("yahoo.co.uk"), "yahoo");
	assert_null(mailbox_provider("acme.example"));
	assert_null(mailbox_domain("nobody"));
	assert_null(mailbox_domain("nobody@"));
	assert_string_equal(mailbox_domain("a@b"), "b");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_dead, set_up, world_end),
		cmocka_unit_test_setup_teardown(test_opted_out, set_up, world_end),
		cmocka_unit_test_setup_teardown(test_ours, set_up, world_end),
		cmocka_unit_test_setup_teardown(test_days, set_up, world_end),
		cmocka_unit_test_setup_teardown(test_rates, set_up, world_end),
		cmocka_unit_test_setup_teardown(test_complaints, set_up, world_end),
		cmocka_unit_test_setup_teardown(test_start, set_up, world_end),
		cmocka_unit_test(test_mailbox),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
