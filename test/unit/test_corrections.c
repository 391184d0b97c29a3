/* What a person says of a reply: the last word counts, what the brain had said stays beside it, and a lead that is forgotten takes it along. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/mem.h"
#include "store/corrections.h"

static struct lp_err err;

static void
collect(const struct correction *c, void *ctx)
{
	struct buf *b = ctx;

	buf_printf(b, "%d %s|%s|%s;", (int)c->inbox, c->subject != NULL ? c->subject : "-", c->text, c->class);
}

static void
each_is(struct lp_db *db, int n, const char *want)
{
	struct buf b = { 0 };

	assert_int_equal(corrections_each(db, collect, &b, &err), n);
	assert_string_equal(buf_str(&b), want);
	buf_free(&b);
}

static void
corrections(void **state)
{
	char dir[] = "/tmp/lp-corrections.XXXXXX", path[64];
	struct lp_db *db;
	char *was;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/x.db", dir);
	assert_int_equal(db_create(path, true, "seed", INT64_C(1772445600000), &err), 0);
	db = db_open(path, DB_WRITE, INT64_C(1772445600000), &err);
	assert_non_null(db);
	assert_int_equal(db_begin(db, &err), 0);
	each_is(db, 0, "");
	assert_int_not_equal(db_exec(db, &err, "INSERT INTO inbox_messages (id, dedupe_key, received_at, subject, classification, created_at, updated_at) VALUES"
	    " ('1', '1', 'x', 'Re: a', 'interested', 'x', 'x'), ('2', '2', 'x', NULL, NULL, 'x', 'x'), ('3', '3', 'x', 'c', NULL, 'x', 'x')", ""), -1);
	assert_int_not_equal(db_exec(db, &err, "INSERT INTO inbox_texts VALUES (1, 'all', 'own'), (2, 'whole', NULL), (3, NULL, NULL)", ""), -1);
	assert_int_equal(correction_put(db, 1, "not_now", "kim", &err), 0);
	db_set_now(db, INT64_C(1772445601000));
	assert_int_equal(correction_put(db, 2, "angry", "kim", &err), 0);
	assert_int_equal(correction_put(db, 3, "other", "kim", &err), 0);
	each_is(db, 2, "1 Re: a|own|not_now;2 -|whole|angry;");
	db_set_now(db, INT64_C(1772445602000));
	assert_int_not_equal(db_exec(db, &err, "UPDATE inbox_messages SET classification = 'not_now' WHERE seq = 1", ""), -1);
	assert_int_equal(correction_put(db, 1, "referral", "ada", &err), 0);
	each_is(db, 2, "2 -|whole|angry;1 Re: a|own|referral;");
	assert_int_equal(db_str(db, &err, &was, "SELECT was || ' ' || decided_by FROM reply_corrections WHERE inbox_message_id = 1", ""), 1);
	assert_string_equal(was, "interested ada");
	free(was);
	assert_int_equal(correction_put(db, 99, "other", "kim", &err), -1);
	assert_int_equal(err.kind, LP_NOINPUT);
	assert_int_not_equal(db_exec(db, &err, "DELETE FROM inbox_messages WHERE seq = 1", ""), -1);
	each_is(db, 1, "2 -|whole|angry;");
	assert_int_equal(db_end(db, true, &err), 0);
	db_close(db);
	assert_int_equal(unlink(path), 0);
	snprintf(path, sizeof(path), "%s/x.db-wal", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/x.db-shm", dir);
	unlink(path);
	assert_int_equal(rmdir(dir), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(corrections) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
