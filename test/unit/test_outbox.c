/* What the sums by the hour say is what counting the rows says, whatever became of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/copies.h"
#include "store/outbox.h"

#define T0 INT64_C(1772445600000) /* 2026-03-02T10:00Z */

static char dir[64], path[128];
static struct lp_db *db;
static sqlite3 *h; /* another's, as a person's at the file */
static uint32_t seed = 4711;

static uint32_t
some(uint32_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

static void
sql(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static void
sql(const char *fmt, ...)
{
	char text[600], *why = NULL;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (sqlite3_exec(h, text, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", why, text);
}

static int64_t
count(const char *what, int64_t account, int64_t since)
{
	static const char *const where = "FROM outbox WHERE reserved_at >= '%s' AND state IN ('reserved', 'sent', 'unknown') AND (%lld = 0 OR account_id = %lld)";
	char iso[LP_ISO_SIZE], text[400];
	int n = snprintf(text, sizeof(text), "SELECT %s ", what);
	sqlite3_stmt *st;
	int64_t v;

	snprintf(text + n, sizeof(text) - (size_t)n, where, lp_iso(since, iso), (long long)account, (long long)account);
	assert_int_equal(sqlite3_prepare_v2(h, text, -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	v = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return v;
}

static void
one_change(int i)
{
	static const char *const states[] = { "reserved", "sent", "deferred", "refused", "unknown" };
	char iso[LP_ISO_SIZE];

	lp_iso(T0 + (int64_t)some(6 * 60) * LP_MINUTE + some(60000), iso);
	switch (i < 40 ? 0 : some(5)) {
	case 0:
		sql("INSERT INTO outbox (message_id, rfc_message_id, task_id, account_id, channel, recipient, content_hash, first_contact, state, reserved_at, updated_at)"
		    " VALUES (%d, 'm%d', 1, %d, 'email', 'r', 'h', %d, '%s', '%s', '')", i, i, 1 + (int)some(3), (int)some(2), states[some(5)], iso);
		break;
	case 1:
		sql("UPDATE outbox SET state = '%s' WHERE message_id = %d", states[some(5)], (int)some((uint32_t)i));
		break;
	case 2:
		sql("UPDATE outbox SET reserved_at = '%s', first_contact = %d WHERE message_id = %d", iso, (int)some(2), (int)some((uint32_t)i));
		break;
	case 3:
		sql("UPDATE outbox SET state = '%s', reserved_at = '%s', account_id = %d WHERE message_id = %d", states[some(5)], iso, 1 + (int)some(3), (int)some((uint32_t)i));
		break;
	default:
		sql("DELETE FROM outbox WHERE message_id = %d", (int)some((uint32_t)i));
		break;
	}
}

static void
sums(void **state)
{
	struct outbox_used u;
	struct lp_err err;
	int64_t n, at;

	(void)state;
	for (int i = 1; i < 600; i++) {
		int64_t a = 1 + some(3), mine = T0 + (int64_t)some(6 * 60) * LP_MINUTE, all = T0 + (int64_t)some(6) * LP_HOUR + (some(2) == 0 ? 0 : some(3600000));

		one_change(i);
		assert_int_equal(outbox_used(db, a, 0, NULL, all, mine, &u, &err), 0);
		assert_int_equal(u.agent, count("count(*)", 0, all));
		assert_int_equal(u.first_contacts, count("ifnull(sum(first_contact), 0)", 0, all));
		assert_int_equal(u.account, count("count(*)", a, mine));
		assert_int_equal(outbox_since(db, all, &n, &err), 0);
		assert_int_equal(n, count("count(*)", 0, all + 1));
		/* the limit's last one: there where so many were reserved since, and none that is older than need be */
		for (int64_t k = 1; k < 20; k += 6)
			if (count("count(*)", a, mine) >= k) {
				assert_int_equal(outbox_nth(db, a, k, mine, &at, &err), 1);
				assert_true(count("count(*)", a, at) >= k && count("count(*)", a, at + 1) < k);
			} else if (outbox_nth(db, a, k, mine, &at, &err) == 1)
				assert_true(at < mine);
	}
	assert_true(count("count(*)", 0, 0) > 50);
}

/* What two listed at the same moment is one's to copy: else both would find it missing, and both put it there. */
static void
copies(void **state)
{
	struct lp_err err;
	struct copy *a, *b;
	size_t na, nb;

	(void)state;
	sql("DELETE FROM outbox");
	sql("INSERT INTO accounts (id, name, kind, channel, address, settings, created_at, updated_at)"
	    " VALUES ('a', 'sales', 'smtp', 'email', 'kim@acme.example', '{\"imap_host\":\"h\",\"sent_folder\":\"Sent\"}', 'x', 'x')");
	sql("INSERT INTO outbox (message_id, rfc_message_id, task_id, account_id, channel, recipient, content_hash, first_contact, state, reserved_at, updated_at, copy)"
	    " VALUES (1, 'm1', 1, (SELECT max(seq) FROM accounts), 'email', 'r', 'h', 1, 'sent', '2026-03-02T09:00:00.000Z', '', 'due'),"
	    " (2, 'm2', 1, (SELECT max(seq) FROM accounts), 'email', 'r', 'h', 1, 'unknown', '2026-03-02T09:00:00.000Z', '', NULL)");
	assert_int_equal(copies_due(db, &a, &na, &err), 0);
	assert_int_equal(copies_due(db, &b, &nb, &err), 0);
	assert_int_equal(na, 2);
	assert_int_equal(nb, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(copies_take(db, &a[i], T0 + LP_MINUTE, &err), 1);
		assert_int_equal(copies_take(db, &b[i], T0 + LP_MINUTE, &err), 0);
	}
	copies_free(b, nb);
	/* whoever took it may die over it */
	db_set_now(db, T0 + 2 * LP_MINUTE);
	assert_int_equal(copies_due(db, &b, &nb, &err), 0);
	assert_int_equal(nb, 2);
	copies_free(b, nb);
	sql("UPDATE outbox SET copy = 'done', copy_at = NULL WHERE copy = 'due'; UPDATE outbox SET state = 'sent', copy_at = NULL WHERE state = 'unknown'");
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(copies_take(db, &a[i], T0 + LP_HOUR, &err), 0);
	copies_free(a, na);
}

static int
make(void **state)
{
	struct lp_err err;

	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/lp-outbox.XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/lp.db", dir);
	if (db_create(path, true, "seed", T0, &err) == -1 || (db = db_open(path, DB_WRITE, T0, &err)) == NULL)
		return -1;
	return sqlite3_open(path, &h) == SQLITE_OK ? 0 : -1;
}

static int
unmake(void **state)
{
	char command[200];

	(void)state;
	sqlite3_close(h);
	db_close(db);
	for (const char *s[] = { "", "-wal", "-shm" }, **p = s; p < s + 3; p++) {
		snprintf(command, sizeof(command), "%s%s", path, *p);
		unlink(command);
	}
	return rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(sums), cmocka_unit_test(copies) };

	return cmocka_run_group_tests(tests, make, unmake);
}
