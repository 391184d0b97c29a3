
#include "world.h"

#include "agent/receive.h"
#include "mail/optout.h"
#include "sender/delivered.h"
#include "sender/phone.h"
#include "store/outbox.h"
#include "store/texts.h"

static const char world[] =
    "INSERT INTO accounts (id, name, kind, channel, address, settings, created_at, updated_at) VALUES"
    " ('a', 'wa', 'whatsapp', 'whatsapp', '+15125550111', '{}', 'x', 'x');"
    "INSERT INTO persons (id, created_at) VALUES ('p1', 'x'), ('p2', 'x');"
    "INSERT INTO person_addresses (kind, value, person_id, created_at) VALUES ('phone', '+4915112345678', 1, 'x'), ('phone', '+46701740601', 2, 'x');"
    "INSERT INTO leads (id, person_id, email, phone, whatsapp, source, source_at, created_at, updated_at) VALUES"
    " ('l1', 1, 'bob@globex.example', '+4915112345678', '+4915112345678', 's', 'x', 'x', 'x'),"
    " ('l2', 2, 'ann@acme.example', '+46701740601', '+46701740601', 's', 'x', 'x', 'x');"
    "INSERT INTO threads (id, lead_id, account_id, channel, created_at, updated_at) VALUES ('th1', 1, 1, 'whatsapp', 'x', 'x'), ('th2', 2, 1, 'whatsapp', 'x', 'x');"
    "INSERT INTO messages (id, purpose, rfc_message_id, lead_id, thread_id, account_id, step, channel, status, recipient, created_at, updated_at) VALUES"
    " ('01a20000-0000-7000-8000-000000000001', 'seq:1:1', 'm1@x', 1, 1, 1, 1, 'whatsapp', 'due', '+4915112345678', 'x', 'x'),"
    " ('01a20000-0001-7000-8000-000000000002', 'seq:1:2', 'm2@x', 1, 1, 1, 2, 'whatsapp', 'due', '+4915112345678', 'x', 'x'),"
    " ('01a20000-0002-7000-8000-000000000003', 'seq:2:1', 'm3@x', 2, 2, 1, 1, 'whatsapp', 'due', '+46701740601', 'x', 'x');"
    "INSERT INTO message_texts (message_id, body, origin, made_at) VALUES (1, 'Hi', 'template', 'x'), (2, 'Ho', 'template', 'x'), (3, 'Hi', 'template', 'x');"
    "INSERT INTO agent_tasks (id, task_type, status, scheduled_for, created_at, lead_id, person_id, message_id, hold_kind, updated_at)"
    " VALUES ('t1', 'send_message', 'awaiting_approval', 'x', 'x', 1, 1, 1, 'mend', 'x');";

#define NOON "2026-03-02T12:00:00.000Z"

static int
set_up(void **state)
{
	(void)state;
	world_make(ms(NOON), world);
	return 0;
}

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

static void
came(int64_t message, enum outbox_state s, const char *id)
{
	struct lp_err err = { 0 };

	assert_int_equal(db_begin(db, &err), 0);
	if (outbox_record(db, message, &(struct outbox_result){ .state = s, .response = "x", .service_id = id }, &err) != 1 ||
	    (*id != '\0' && delivery_caught_up(db, 1, id, &err) == -1))
		fail_msg("%s", err.msg);
	assert_int_equal(db_end(db, true, &err), 0);
}

static int
told(const char *id, const char *status, const char *to, const char *at)
{
	struct lp_err err = { 0 };
	int r;

	assert_int_equal(db_begin(db, &err), 0);
	r = delivery_status(db, &(struct delivery){ .account = 1, .service_id = id, .status = status, .to = to, .at = at != NULL ? ms(at) : 0 }, &err);
	if (r == -1)
		fail_msg("%s", err.msg);
	assert_int_equal(db_end(db, true, &err), 0);
	return r;
}

/* Whatever the order, and with each told twice, the end is the same. */
static void
statuses_in_every_order(void **state)
{
	static const char *const words[] = { "queued", "sent", "delivered", "read" };

	(void)state;
	reserve(1);
	came(1, OUT_SENT, "w1");
	for (int order = 0; order < 256; order++) {
		int seen = 0, high = 0;
		char want[32];

		sql("UPDATE outbox SET delivery = NULL, delivered_at = NULL, read_at = NULL");
		for (int i = 0; i < 4; i++) {
			int w = order >> (2 * i) & 3;

			told("w1", words[w], NULL, NOON);
			told("w1", words[w], NULL, "2026-03-02T11:00:00Z");
			seen |= 1 << w;
			high = w > high ? w : high;
		}
		value_is("SELECT delivery FROM outbox", words[high]);
		snprintf(want, sizeof(want), "%d%d", high >= 2, (seen >> 3) & 1);
		value_is("SELECT (delivered_at IS NOT NULL) || (read_at IS NOT NULL) FROM outbox", want);
	}
}

static void
failed_is_the_last_word(void **state)
{
	(void)state;
	reserve(1);
	came(1, OUT_SENT, "w1");
	assert_int_equal(told("w1", "undelivered", NULL, NULL), 1);
	assert_int_equal(told("w1", "sent", NULL, NULL), 0);
	assert_int_equal(told("w1", "delivered", NULL, NULL), 0);
	assert_int_equal(told("w1", "failed", NULL, NULL), 0);
	value_is("SELECT delivery FROM outbox", "failed");
	/* nobody's fault that is known: a person is told, nobody is suppressed */
	value_is("SELECT count(*) FROM notifications WHERE dedupe_key = 'undelivered:1'", "1");
	value_is("SELECT count(*) FROM suppressions", "0");
	/* but not of one that arrived */
	reserve(3);
	came(3, OUT_SENT, "w3");
	assert_int_equal(told("w3", "delivered", NULL, NULL), 1);
	assert_int_equal(told("w3", "failed", NULL, NULL), 0);
	value_is("SELECT delivery FROM outbox WHERE message_id = 3", "delivered");
}

static void
told_before_the_answer(void **state)
{
	(void)state;
	/* with nothing on the wire it is of another program's message */
	assert_int_equal(told("w1", "sent", NULL, NULL), 0);
	value_is("SELECT count(*) FROM delivery_early", "0");
	reserve(1);
	assert_int_equal(told("w1", "delivered", NULL, NOON), 0);
	assert_int_equal(told("w1", "sent", NULL, "2026-03-02T11:59:59Z"), 0);
	assert_int_equal(told("w1", "sent", NULL, "2026-03-02T11:59:59Z"), 0);
	value_is("SELECT count(*) FROM delivery_early", "2");
	came(1, OUT_SENT, "w1");
	value_is("SELECT delivery || ' ' || delivered_at FROM outbox", "delivered " NOON);
	value_is("SELECT count(*) FROM delivery_early", "0");
}

static void
proof_of_one_that_may_have_left(void **state)
{
	(void)state;
	reserve(1);
	came(1, OUT_UNKNOWN, "");
	/* to somebody else; long before; to them */
	assert_int_equal(told("w1", "sent", "+46701740601", NOON), 0);
	assert_int_equal(told("w1", "sent", "+4915112345678", "2026-03-01T11:00:00Z"), 0);
	value_is("SELECT state FROM outbox", "unknown");
	/* which of two can't be told */
	reserve(2);
	came(2, OUT_UNKNOWN, "");
	assert_int_equal(told("w1", "sent", "+4915112345678", NOON), 0);
	value_is("SELECT group_concat(state) FROM outbox", "unknown,unknown");
	came(2, OUT_DEFERRED, "");
	assert_int_equal(told("w1", "sent", "+4915112345678", NOON), 1);
	value_is("SELECT state || service_id FROM outbox WHERE message_id = 1", "sentw1");
	value_is("SELECT status FROM messages WHERE seq = 1", "sent");
}

static void
template_is_bound(void **state)
{
	struct message m = { .account = 1 };
	char none[LP_HEX_SIZE], one[LP_HEX_SIZE], other[LP_HEX_SIZE], a[] = "{\"name\":\"intro\",\"parameters\":[\"Ana\"]}",
	    b[] = "{\"name\":\"intro\",\"parameters\":[\"Bob\"]}", body[] = "Hi";

	(void)state;
	m.body = body;
	message_hash(&m, "+4915112345678", none);
	m.template = a;
	message_hash(&m, "+4915112345678", one);
	m.template = b;
	message_hash(&m, "+4915112345678", other);
	assert_string_not_equal(none, one);
	assert_string_not_equal(one, other);
}

static struct phone_said
judged(const char *channel, const char *now, const char *zone, const char *template)
{
	struct account a = { .seq = 1, .settings = cJSON_CreateObject() };
	char name[] = "wa", copy[64];
	struct lead_row l = { .seq = 1, .person = 1 };
	struct phone_said s;
	struct lp_err err = { 0 };

	world_open(ms(now));
	a.name = name;
	if (zone != NULL) {
		snprintf(copy, sizeof(copy), "%s", zone);
		l.timezone = copy;
	}
	if (phone_judge(db, &(struct phone_ask){ .a = &a, .l = &l, .channel = channel, .recipient = "+4915112345678", .template = template }, &s, &err) == -1)
		fail_msg("%s", err.msg);
	cJSON_Delete(a.settings);
	return s;
}

static void
hours_of_an_sms(void **state)
{
	static const struct {
		const char *now, *zone, *until; /* NULL: it may leave */
	} cases[] = {
		{ "2026-03-02T06:59:59Z", "Europe/Berlin", "2026-03-02T07:00:00.000Z" },
		{ "2026-03-02T07:00:00Z", "Europe/Berlin", NULL },
		{ "2026-03-02T19:59:59Z", "Europe/Berlin", NULL },
		{ "2026-03-02T20:00:00Z", "Europe/Berlin", "2026-03-03T07:00:00.000Z" },
		/* the night in which the clocks are put forward, and the one in which they are put back */
		{ "2026-03-28T22:00:00Z", "Europe/Berlin", "2026-03-29T06:00:00.000Z" },
		{ "2026-10-24T21:00:00Z", "Europe/Berlin", "2026-10-25T07:00:00.000Z" },
		{ "2026-12-31T23:00:00Z", "UTC", "2027-01-01T08:00:00.000Z" },
		{ "2026-03-02T12:00:00Z", "America/Los_Angeles", "2026-03-02T16:00:00.000Z" },
	};
	char iso[LP_ISO_SIZE];

	(void)state;
	sql("INSERT INTO consents (person_id, channel, source, given_at) VALUES (1, 'sms', 'form', '2026-01-01T00:00:00.000Z')");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct phone_said s = judged("sms", cases[i].now, cases[i].zone, NULL);

		if (cases[i].until == NULL ? s.verdict != V_ALLOW : s.verdict != V_DELAY || strcmp(lp_iso(s.until, iso), cases[i].until) != 0)
			fail_msg("%s in %s: %d until %s (%s)", cases[i].now, cases[i].zone, s.verdict, lp_iso(s.until, iso), s.why);
	}
	assert_int_equal(judged("sms", NOON, NULL, NULL).verdict, V_HOLD);
	assert_int_equal(judged("email", NOON, NULL, NULL).verdict, V_ALLOW);
}

static void
window_of_whatsapp(void **state)
{
	static const char text[] = "{\"name\":\"again\",\"language\":\"en\",\"parameters\":[]}", alone[] = "{\"language\":\"en\",\"name\":\"a\",\"only\":true,\"parameters\":[]}";
	char both_copy[sizeof(text)], alone_copy[sizeof(alone)], body[] = "Hi";
	struct message m = { .lead = 1, .account = 1, .channel = "whatsapp", .body = body };
	struct inbox_result res;
	struct lp_err err = { 0 };
	cJSON *t;

	(void)state;
	sql("INSERT INTO consents (person_id, channel, source, given_at) VALUES (1, 'whatsapp', 'form', '2026-01-01T00:00:00.000Z')");
	assert_int_equal(judged("whatsapp", NOON, NULL, NULL).verdict, V_HOLD);
	assert_int_equal(judged("whatsapp", NOON, NULL, text).verdict, V_ALLOW);
	assert_int_equal(db_begin(db, &err), 0);
	/* somebody else's words open nothing, nor do those to another time */
	assert_int_equal(phone_receive(db, &(struct phone_text){ .account = 1, .from = "46701740601", .id = "1", .text = "Hi" }, &res, &err), 1);
	assert_int_equal(db_end(db, true, &err), 0);
	assert_int_equal(judged("whatsapp", NOON, NULL, NULL).verdict, V_HOLD);
	assert_int_equal(db_begin(db, &err), 0);
	/* the service's clock counts, but not one that runs ahead */
	assert_int_equal(phone_receive(db, &(struct phone_text){ .account = 1, .from = "whatsapp:+4915112345678", .id = "2", .text = "Hi", .at = ms("2026-03-02T10:00:00Z") }, &res, &err), 1);
	assert_int_equal(phone_receive(db, &(struct phone_text){ .account = 1, .from = "whatsapp:+4915112345678", .id = "2", .text = "Ho" }, &res, &err), 0);
	assert_int_equal(db_end(db, true, &err), 0);
	assert_int_equal(judged("whatsapp", "2026-03-03T09:54:00Z", NULL, NULL).verdict, V_ALLOW);
	assert_int_equal(judged("whatsapp", "2026-03-03T09:56:00Z", NULL, NULL).verdict, V_HOLD);
	/* words inside, the template outside; and always, where there are no words */
	m.template = memcpy(both_copy, text, sizeof(text));
	assert_int_equal(phone_template(db, &m, ms("2026-03-03T09:54:00Z"), &t, &err), 0);
	assert_int_equal(phone_template(db, &m, ms("2026-03-03T09:56:00Z"), &t, &err), 1);
	cJSON_Delete(t);
	m.template = memcpy(alone_copy, alone, sizeof(alone));
	assert_int_equal(phone_template(db, &m, ms("2026-03-03T09:54:00Z"), &t, &err), 1);
	cJSON_Delete(t);
	m.template = NULL;
	assert_int_equal(phone_template(db, &m, ms("2026-03-05T09:54:00Z"), &t, &err), 0);
	/* an opt-out takes the consent with it */
	world_open(ms("2026-03-02T13:00:00Z"));
	assert_int_equal(db_begin(db, &err), 0);
	assert_int_equal(phone_receive(db, &(struct phone_text){ .account = 1, .from = "4915112345678", .id = "3", .text = "please end this" }, &res, &err), 1);
	assert_int_equal(db_end(db, true, &err), 0);
	assert_true(res.suppressed);
	value_is("SELECT group_concat(kind || ' ' || value) FROM (SELECT * FROM suppressions ORDER BY kind)", "email bob@globex.example,phone +4915112345678");
	assert_int_equal(judged("whatsapp", "2026-03-02T13:00:00Z", NULL, text).verdict, V_HOLD);
}

static void
numbers_of_services(void **state)
{
	static const struct {
		const char *s, *channel, *number; /* NULL: none */
	} cases[] = {
		{ "+4915112345678", "sms", "+4915112345678" }, { "whatsapp:+4915112345678", "whatsapp", "+4915112345678" },
		{ "4915112345678", "whatsapp", "+4915112345678" }, { "4915112345678", "sms", NULL }, { "015112345678", "sms", NULL },
		{ "GOOGLE", "sms", NULL }, { "", "whatsapp", NULL }, { "49151123456789012345", "whatsapp", NULL }, { "+49151;ext=1", "sms", NULL },
	};
	char out[NORMAL_PHONE_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (phone_number(cases[i].s, cases[i].channel, out) != (cases[i].number != NULL) || (cases[i].number != NULL && strcmp(out, cases[i].number) != 0))
			fail_msg("'%s' by %s: %s", cases[i].s, cases[i].channel, out);
}

static void
words_that_stop(void **state)
{
	static const char *const stop[] = { "STOP", "stop.", "Stopall", "UNSUBSCRIBE", "cancel", "END", "quit!", "stop please", "ok please stop texting me",
		"can you unsubscribe me", "Thanks but please cancel these messages", "I want to quit this list", "please end this", "Hi! STOP", "no. end", "stop\n\nAnn",
		"abmelden", "Bitte schreiben Sie mir nicht mehr", "optout", "end", "Don't stop. Just kidding, stop" };
	static const char *const go[] = { "Let's talk at the end of the month", "Can we cancel the meeting on Friday?", "Feel free to stop by our office", "end of Q2 works",
		"She quit her job", "I'll call you by year end", "Which end user tools?", "nonstop work here", "That's a one stop shop", "Ending soon?", "Sounds good",
		"The bus stop is close", "" };

	(void)state;
	for (size_t i = 0; i < sizeof(stop) / sizeof(stop[0]); i++)
		if (!text_opts_out(stop[i]))
			fail_msg("'%s' doesn't stop", stop[i]);
	for (size_t i = 0; i < sizeof(go) / sizeof(go[0]); i++)
		if (text_opts_out(go[i]))
			fail_msg("'%s' stops", go[i]);
}

#define WITH_DB(f) cmocka_unit_test_setup_teardown(f, set_up, world_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_DB(statuses_in_every_order), WITH_DB(failed_is_the_last_word), WITH_DB(told_before_the_answer), WITH_DB(proof_of_one_that_may_have_left),
		cmocka_unit_test(template_is_bound), WITH_DB(hours_of_an_sms), WITH_DB(window_of_whatsapp), cmocka_unit_test(numbers_of_services),
		cmocka_unit_test(words_that_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
