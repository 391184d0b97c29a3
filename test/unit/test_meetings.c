
#include "world.h"

#include "agent/booking_words.h"
#include "store/meetings.h"
#include "store/messages.h"

#define TUESDAY (NOW + 2 * LP_DAY + 5 * LP_HOUR)

static const char world[] =
    "INSERT INTO accounts (id, name, kind, channel, address, created_at, updated_at) VALUES ('a', 'sales', 'maildir', 'email', 'kim@lead.example', 'x', 'x');"
    "INSERT INTO persons (id, created_at) VALUES ('p1', 'x'), ('p2', 'x');"
    "INSERT INTO leads (id, person_id, email, status, source, source_at, created_at, updated_at) VALUES"
    " ('l1', 1, 'bob@globex.example', 'replied', 's', 'x', 'x', 'x'), ('l2', 2, 'eve@initech.example', 'replied', 's', 'x', 'x', 'x');";

static int
set_up(void **state)
{
	(void)state;
	world_make(NOW, world);
	return 0;
}

static struct meeting_new
at(const char *uid, int64_t starts)
{
	return (struct meeting_new){ .uid = uid, .lead = 1, .account = 1, .attendee = "bob@globex.example", .timezone = "Europe/Berlin", .title = "Call",
		.starts_at = starts, .ends_at = starts + 30 * LP_MINUTE, .buffer = 15 * LP_MINUTE };
}

static int
reserve(const struct meeting_new *n, int64_t *seq)
{
	struct lp_err err = { 0 };
	int r;

	must(db_begin(db, &err) == 0, &err);
	r = meeting_reserve(db, n, seq, &err);
	must(r != -1, &err);
	must(db_end(db, true, &err) == 0, &err);
	return r;
}

/* A meeting with its message and task, as lp-book leaves them. */
static int64_t
book(const char *uid, int64_t starts, int64_t *message)
{
	struct meeting_new n = at(uid, starts);
	char purpose[MEETING_PURPOSE_SIZE];
	struct message m = { .lead = 1, .account = 1, .channel = "email", .purpose = meeting_purpose(uid, 0, purpose) };
	struct lp_err err = { 0 };
	int64_t seq;

	assert_int_equal(reserve(&n, &seq), 1);
	m.meeting = seq;
	must(db_begin(db, &err) == 0, &err);
	must(message_plan(db, &m, message, &err) == 1 && message_take(db, *message, &err) == 0, &err);
	must(db_end(db, true, &err) == 0, &err);
	return seq;
}

static void
end_message(int64_t message, const char *status)
{
	struct lp_err err = { 0 };

	must(db_begin(db, &err) == 0, &err);
	must((strcmp(status, "sent") == 0 ? message_sent(db, message, NOW, &err) : message_end(db, message, status, "why not", &err)) != -1, &err);
	must(db_end(db, true, &err) == 0, &err);
}

static void
test_one_time_once(void **state)
{
	struct meeting_new n = at("u1", TUESDAY), same = at("u2", TUESDAY);
	int64_t seq, again;

	(void)state;
	assert_int_equal(reserve(&n, &seq), 1);
	assert_int_equal(reserve(&n, &again), 1); /* its own time isn't another's */
	assert_int_equal(seq, again);
	assert_int_equal(reserve(&same, &seq), 0);
	/* with the buffer between: 44 minutes later is too near, 45 is not; likewise before */
	same = at("u2", TUESDAY + 44 * LP_MINUTE);
	assert_int_equal(reserve(&same, &seq), 0);
	same = at("u2", TUESDAY - 44 * LP_MINUTE);
	assert_int_equal(reserve(&same, &seq), 0);
	same = at("u2", TUESDAY - 45 * LP_MINUTE);
	assert_int_equal(reserve(&same, &seq), 1);
	same = at("u3", TUESDAY + 45 * LP_MINUTE);
	assert_int_equal(reserve(&same, &seq), 1);
	value_is("SELECT count(*) FROM meetings WHERE status = 'reserved'", "3");
	value_is("SELECT count(*) FROM agent_log_payloads WHERE message LIKE 'b_ reserved: 2026-11-24T%'", "4");
}

static void
test_a_full_day(void **state)
{
	struct meeting_new n = at("u1", TUESDAY);
	int64_t seq;

	(void)state;
	n.per_day = 1;
	n.day_from = TUESDAY - 5 * LP_HOUR;
	n.day_until = n.day_from + LP_DAY;
	assert_int_equal(reserve(&n, &seq), 1);
	assert_int_equal(reserve(&n, &seq), 1);
	n.uid = "u2";
	n.starts_at += 4 * LP_HOUR;
	n.ends_at += 4 * LP_HOUR;
	assert_int_equal(reserve(&n, &seq), 0);
	n.per_day = 2;
	assert_int_equal(reserve(&n, &seq), 1);
}

/* Twelve processes at once want one of three times: three of them get one. */
static void
test_many_at_once(void **state)
{
	enum { N = 12 };
	pid_t pids[N];
	int status, won = 0;

	(void)state;
	for (int i = 0; i < N; i++)
		if ((pids[i] = fork()) == 0) {
			struct lp_err err = { 0 };
			struct lp_db *mine = db_open(path, DB_WRITE, NOW, &err);
			struct meeting_new n;
			char uid[16];
			int64_t seq;
			int r = 2;

			snprintf(uid, sizeof(uid), "p%d", i);
			n = at(uid, TUESDAY + i % 3 * LP_HOUR);
			if (mine != NULL && db_begin(mine, &err) == 0) {
				r = meeting_reserve(mine, &n, &seq, &err);
				if (r == -1 || db_end(mine, true, &err) == -1)
					r = 2;
			}
			_exit(r);
		}
	for (int i = 0; i < N; i++) {
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) <= 1);
		won += WEXITSTATUS(status);
	}
	assert_int_equal(won, 3);
	value_is("SELECT count(*) || ' ' || count(DISTINCT starts_at) FROM meetings", "3 3");
}

static void
test_given_up(void **state)
{
	static const char *const ends[] = { "skipped", "blocked", "rejected", "expired", "superseded", "refused" };
	struct meeting_new n;
	int64_t message, seq, other;
	char uid[16];

	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(uid, sizeof(uid), "u%zu", i);
		seq = book(uid, TUESDAY, &message);
		end_message(message, ends[i]);
		value_is("SELECT status || ' ' || (status_reason LIKE '%: why not') FROM meetings ORDER BY seq DESC LIMIT 1", "cancelled 1");
		(void)seq;
	}
	/* tried again: the same meeting takes a time anew */
	n = at("u0", TUESDAY + LP_HOUR);
	assert_int_equal(reserve(&n, &other), 1);
	assert_int_equal(other, 1);
	value_is("SELECT status || starts_at FROM meetings WHERE seq = 1", "reserved2026-11-24T15:00:00.000Z");
	/* a task that failed holds nothing */
	seq = book("v", TUESDAY, &message);
	sql("INSERT INTO agent_tasks (id, task_type, status, lease, scheduled_for, created_at, message_id, updated_at) SELECT 't', 'book_meeting', 'running', 'x', 'x', 'x',"
	    " max(seq), 'x' FROM messages; UPDATE agent_tasks SET status = 'failed', lease = NULL");
	value_is("SELECT status FROM meetings ORDER BY seq DESC LIMIT 1", "cancelled");
}

static int
answer(int64_t seq, const char *partstat, int64_t when)
{
	struct lp_err err = { 0 };
	struct meeting m;
	int r;

	must(db_begin(db, &err) == 0, &err);
	must(meeting_get(db, seq, &m, &err) == 1, &err);
	r = meeting_answered(db, &m, partstat, when, 0, &err);
	must(r != -1, &err);
	must(db_end(db, true, &err) == 0, &err);
	meeting_clear(&m);
	return r;
}

static void
test_answers(void **state)
{
	struct meeting_new n = at("w", TUESDAY);
	int64_t message, other, seq = book("u", TUESDAY, &message);

	(void)state;
	assert_int_equal(answer(seq, "ACCEPTED", NOW), 0); /* it hasn't left */
	end_message(message, "sent");
	value_is("SELECT status FROM meetings", "proposed");
	assert_int_equal(answer(seq, "TENTATIVE", NOW + 1), 1);
	value_is("SELECT status || partstat FROM meetings", "proposedTENTATIVE");
	assert_int_equal(answer(seq, "ACCEPTED", NOW + 2), 1);
	value_is("SELECT m.status || ' ' || l.status FROM meetings m JOIN leads l ON l.seq = m.lead_id", "confirmed booked");
	assert_int_equal(answer(seq, "DECLINED", NOW + 2), 0); /* as old as the one on record */
	assert_int_equal(answer(seq, "DECLINED", NOW + 3), 1);
	value_is("SELECT m.status || ' ' || l.status FROM meetings m JOIN leads l ON l.seq = m.lead_id", "declined replied");
	/* after all: unless somebody else has the time */
	assert_int_equal(reserve(&n, &other), 1);
	assert_int_equal(answer(seq, "ACCEPTED", NOW + 4), 2);
	value_is("SELECT status FROM meetings WHERE seq = 1", "declined");
}

static int
change(int64_t seq, int64_t starts, int *sequence, struct lp_err *err)
{
	int r;

	must(db_begin(db, err) == 0, err);
	r = meeting_change(db, seq, starts, starts != 0 ? starts + 30 * LP_MINUTE : 0, "asked", sequence, err);
	must(db_end(db, r == 1, r == -1 ? NULL : err) == 0, err);
	return r;
}

static int64_t
change_message(int64_t meeting, const char *uid, int sequence)
{
	char purpose[MEETING_PURPOSE_SIZE];
	struct message m = { .lead = 1, .account = 1, .meeting = meeting, .channel = "email", .purpose = meeting_purpose(uid, sequence, purpose) };
	struct lp_err err = { 0 };
	int64_t seq;

	must(db_begin(db, &err) == 0, &err);
	must(message_plan(db, &m, &seq, &err) == 1, &err);
	must(db_end(db, true, &err) == 0, &err);
	return seq;
}

static void
test_changes(void **state)
{
	struct lp_err err = { 0 };
	struct meeting_new n = at("w", TUESDAY + LP_HOUR);
	int64_t message, other, seq = book("u", TUESDAY, &message);
	int sequence;

	(void)state;
	assert_int_equal(change(seq, TUESDAY + LP_HOUR, &sequence, &err), -1);
	assert_string_equal(err.msg, "b1 is reserved");
	end_message(message, "sent");
	assert_int_equal(answer(seq, "ACCEPTED", NOW), 1);
	assert_int_equal(change(seq, TUESDAY + LP_HOUR, &sequence, &err), 1);
	assert_int_equal(sequence, 1);
	/* both times are held, and the old one stands */
	assert_int_equal(reserve(&n, &other), 0);
	n.starts_at = TUESDAY;
	n.ends_at = TUESDAY + LP_HOUR / 2;
	assert_int_equal(reserve(&n, &other), 0);
	assert_int_equal(change(seq, TUESDAY + 2 * LP_HOUR, &sequence, &err), -1);
	/* given up: as if it had never been asked for, but for its number */
	end_message(change_message(seq, "u", 1), "rejected");
	value_is("SELECT status || starts_at || ifnull(next_sequence, '-') || ifnull(next_starts_at, '-') FROM meetings", "confirmed2026-11-24T14:00:00.000Z--");
	assert_int_equal(change(seq, TUESDAY + LP_HOUR, &sequence, &err), 1);
	assert_int_equal(sequence, 2);
	end_message(change_message(seq, "u", 2), "sent");
	value_is("SELECT status || partstat || sequence || starts_at || ends_at FROM meetings",
	    "proposedNEEDS-ACTION22026-11-24T15:00:00.000Z2026-11-24T15:30:00.000Z");
	assert_int_equal(reserve(&n, &other), 1); /* the old time is free */
	/* called off */
	assert_int_equal(answer(seq, "ACCEPTED", NOW), 1);
	assert_int_equal(change(seq, 0, &sequence, &err), 1);
	assert_int_equal(sequence, 3);
	value_is("SELECT status FROM meetings WHERE seq = 1", "confirmed");
	end_message(change_message(seq, "u", 3), "sent");
	value_is("SELECT m.status || ' ' || sequence || ' ' || l.status FROM meetings m JOIN leads l ON l.seq = m.lead_id WHERE m.seq = 1", "cancelled 3 replied");
	value_is("SELECT group_concat(message, '; ') FROM agent_log_payloads WHERE message LIKE 'b1 %' AND message NOT LIKE '%accepted%'",
	    "b1 reserved: 2026-11-24T14:00:00.000Z; b1 proposed; b1 is to move to 2026-11-24T15:00:00.000Z: asked; b1 is to move to 2026-11-24T15:00:00.000Z: asked;"
	    " b1 moved; b1 is to be called off: asked; b1 called off");
}

static void
test_held(void **state)
{
	struct lp_err err = { 0 };
	struct meeting_span *spans;
	int64_t message, seq = book("u", TUESDAY, &message);
	int sequence;
	size_t n;

	(void)state;
	end_message(message, "sent");
	assert_int_equal(change(seq, TUESDAY - LP_HOUR, &sequence, &err), 1);
	must(meetings_held(db, NOW, TUESDAY + LP_DAY, 0, &spans, &n, &err) == 0, &err);
	assert_int_equal(n, 2);
	assert_true(spans[0].from == TUESDAY - LP_HOUR && spans[0].until == TUESDAY - LP_HOUR / 2 && spans[1].from == TUESDAY);
	free(spans);
	must(meetings_held(db, NOW, TUESDAY + LP_DAY, seq, &spans, &n, &err) == 0, &err);
	assert_int_equal(n, 0);
	free(spans);
}

static void
test_names(void **state)
{
	char a[MEETING_UID_SIZE], b[MEETING_UID_SIZE], purpose[MEETING_PURPOSE_SIZE];
	struct lp_err err = { 0 };
	int64_t seq, message;
	cJSON *list;

	(void)state;
	must(meeting_uid(db, "inbox:x", 1, a, &err) == 0 && meeting_uid(db, "inbox:x", 1, b, &err) == 0, &err);
	assert_string_equal(a, b);
	must(meeting_uid(db, "inbox:y", 1, b, &err) == 0, &err);
	assert_string_not_equal(a, b);
	assert_non_null(strstr(a, "@lead.example"));
	assert_string_equal(meeting_purpose("u", 3, purpose), "meet:u:3");
	book(a, TUESDAY, &message);
	assert_int_equal(meeting_find(db, "b1", &seq, &err), 1);
	assert_int_equal(meeting_find(db, "b2", &seq, &err), 0);
	assert_int_equal(meeting_find(db, "m1", &seq, &err), -1);
	assert_int_equal(err.kind, LP_USAGE);
	assert_null(meetings_list(db, &(struct meeting_filter){ .status = "confirmd" }, &err));
	assert_string_equal(err.msg, "no meeting is 'confirmd' (did you mean 'confirmed'?)");
	list = meetings_list(db, &(struct meeting_filter){ 0 }, &err);
	assert_int_equal(cJSON_GetArraySize(list), 1);
	assert_string_equal(json_str(list->child, "id"), "b1");
	cJSON_Delete(list);
}

static void
says(char *got, const char *want)
{
	assert_non_null(got);
	assert_string_equal(got, want);
	free(got);
}

static void
test_words(void **state)
{
	/* 2026-03-27T09:00Z is a Friday; the clocks of Berlin change on the 29th, New York's did on the 8th */
	const int64_t friday = INT64_C(1774602000000), monday = friday + 3 * LP_DAY;
	struct lp_err err = { 0 };

	(void)state;
	says(booking_day("Europe/Berlin", friday, &err), "Friday, 27 March 2026");
	says(booking_time("Europe/Berlin", friday, &err), "Friday, 27 March 2026 at 10:00 (Europe/Berlin)");
	says(booking_clock("Europe/Berlin", monday, &err), "Monday, 30 March 2026 at 11:00");
	says(booking_span("Europe/Berlin", "America/New_York", friday, friday + 30 * LP_MINUTE, &err),
	    "Friday, 27 March 2026, 10:00 to 10:30 (Europe/Berlin), which is 05:00 to 05:30 in America/New_York");
	/* the same clock under another name needs no second time, and neither does none */
	says(booking_span("Europe/Berlin", "Europe/Paris", monday, monday + LP_HOUR, &err), "Monday, 30 March 2026, 11:00 to 12:00 (Europe/Berlin)");
	says(booking_span("UTC", NULL, friday, friday + LP_HOUR, &err), "Friday, 27 March 2026, 09:00 to 10:00 (UTC)");
	assert_null(booking_span("Mars/Base", NULL, friday, monday, &err));
	assert_int_equal(err.kind, LP_CONFIG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_one_time_once, set_up, world_end), cmocka_unit_test_setup_teardown(test_a_full_day, set_up, world_end),
		cmocka_unit_test_setup_teardown(test_many_at_once, set_up, world_end), cmocka_unit_test_setup_teardown(test_given_up, set_up, world_end),
		cmocka_unit_test_setup_teardown(test_answers, set_up, world_end), cmocka_unit_test_setup_teardown(test_changes, set_up, world_end),
		cmocka_unit_test_setup_teardown(test_held, set_up, world_end), cmocka_unit_test_setup_teardown(test_names, set_up, world_end),
		cmocka_unit_test(test_words)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
