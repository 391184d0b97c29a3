/*
 * How the statements of the queue and of a tick are carried out, whatever has piled up: along an index, and not by a sort.  The functions
 * are called once on an empty file; then SQLite is asked about each statement that they left prepared.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/plan.h"
#include "store/approvals.h"
#include "store/config.h"
#include "store/db_int.h"
#include "store/due.h"
#include "store/enrolments.h"
#include "store/log.h"
#include "store/memory.h"
#include "store/outbox.h"
#include "store/records.h"
#include "store/returns.h"
#include "store/slots.h"
#include "store/tasks.h"

static char dir[] = "/tmp/lp-test-plans.XXXXXX", path[64];
static struct lp_db *db;

static int
set_up(void **state)
{
	struct lp_err err;

	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/lp.db", dir);
	if (config_create(path, true, "plans", 0, NULL, 0, &err) == -1)
		return -1;
	return (db = db_open(path, DB_WRITE, LP_DAY, &err)) != NULL && db_begin(db, &err) == 0 ? 0 : -1;
}

static int
tear_down(void **state)
{
	static const char *const tails[] = { "", "-wal", "-shm" };
	char file[80];

	(void)state;
	db_end(db, false, NULL);
	db_close(db);
	for (size_t i = 0; i < 3; i++) {
		snprintf(file, sizeof(file), "%s%s", path, tails[i]);
		unlink(file);
	}
	return rmdir(dir);
}

/* Tables of one row, or of a handful that a person made; and the end of a table by its key. */
static bool
scan_is_small(const char *detail, const char *sql)
{
	static const char *const small[] = { "SCAN meta", "SCAN agent_configs", "SCAN accounts", "SCAN a", "SCAN CONSTANT ROW",
		"SCAN (subquery-1)" }; /* what a LIMIT within has counted */

	for (size_t i = 0; i < sizeof(small) / sizeof(*small); i++)
		if (strcmp(detail, small[i]) == 0)
			return true;
	return strstr(detail, " INDEX ") != NULL || strstr(detail, "VIRTUAL TABLE") != NULL || strstr(sql, "ORDER BY seq DESC LIMIT 1") != NULL;
}

/* What is sorted is few: tasks that crashed, sending times that were missed, what the inner limits of a recall leave. */
static bool
sort_is_small(const char *sql)
{
	return strstr(sql, "crashes > 0") != NULL || strstr(sql, "m.status = 'due' AND ifnull(m.slot_at, '') <") != NULL ||
	    strstr(sql, "WITH found (seq)") != NULL;
}

static int
judge(const char *sql)
{
	char ask[8192];
	const char *detail;
	sqlite3_stmt *st;
	int faults = 0;

	snprintf(ask, sizeof(ask), "EXPLAIN QUERY PLAN %s", sql);
	assert_int_equal(sqlite3_prepare_v2(db_raw(db), ask, -1, &st, NULL), SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW) {
		detail = (const char *)sqlite3_column_text(st, 3);
		if ((strncmp(detail, "SCAN ", 5) == 0 && !scan_is_small(detail, sql) && !sort_is_small(sql)) ||
		    (strstr(detail, "TEMP B-TREE") != NULL && !sort_is_small(sql))) {
			print_error("%s: %s\n", detail, sql);
			faults++;
		}
	}
	sqlite3_finalize(st);
	return faults;
}

static void
by_index(void **state)
{
	struct task t = { .seq = 1, .lead = 1, .campaign = 1, .type = "send_message" };
	struct outbox_used used;
	struct returns back;
	struct due_message *list;
	struct decision d;
	struct verdict_row v;
	struct lp_err err;
	sqlite3_stmt *st = NULL, *next;
	char **asked = NULL;
	size_t n = 0, i;
	int64_t *seqs, claimed[8], day, hour;
	char text[11];
	int faults = 0;

	(void)state;
	assert_int_equal(tasks_claim(db, "none", "check_inbox", 8, claimed, &n, &err), 0);
	assert_int_equal(tasks_due(db, &day, &err), 0);
	assert_int_equal(task_mine(db, 1, "none", &t, &err), 0);
	assert_int_equal(decision_get(db, 1, NULL, &d, &err), 0);
	assert_int_equal(decision_get(db, 1, "hash", &d, &err), 0);
	assert_int_equal(verdict_last(db, &t, NULL, &v, &err), 0);
	assert_int_equal(due_messages(db, 10, &list, &n, &err), 0);
	free(list);
	assert_int_equal(due_missed(db, 1, 10, &list, &n, &err), 0);
	free(list);
	assert_int_equal(due_inboxes(db, 1, &seqs, &n, &err), 0);
	free(seqs);
	assert_int_equal(enrolments_to_plan(db, 10, &seqs, &n, &err), 0);
	free(seqs);
	assert_int_equal(approvals_expire(db, &err), 0);
	assert_int_equal(slots_next(db, 1, 0, LP_DAY, &hour, text, &day, &err), 0);
	assert_int_equal(outbox_used(db, 1, 1, "acme", 1, 1, &used, &err), 0);
	assert_int_equal(outbox_since(db, 0, &day, &err), 0);
	assert_int_equal(outbox_nth(db, 0, 0, 0, &hour, &err), 0);
	assert_int_equal(outbox_nth(db, 1, 0, 0, &hour, &err), 0);
	assert_int_equal(outbox_last(db, 1, 1, &hour, &err), 0);
	assert_int_equal(outbox_to_provider(db, "acme.example", "gmail", 0, 5000, &day, &err), 0);
	assert_int_equal(returns_back(db, 1, 0, &back, &err), 0);
	assert_int_equal(returns_sent(db, 1, 0, 1000, &day, &err), 0);
	cJSON_Delete(memory_relevant(db, &t, 10, &err));
	assert_int_equal(log_add(db, &(struct log_entry){ .type = "action", .text = "x" }, &err), 0);

	n = 0;
	while ((st = sqlite3_next_stmt(db_raw(db), st)) != NULL)
		n++;
	assert_true(n > 20);
	asked = calloc(n, sizeof(*asked));
	assert_non_null(asked);
	for (i = 0, next = NULL; (next = sqlite3_next_stmt(db_raw(db), next)) != NULL && i < n; i++)
		asked[i] = strdup(sqlite3_sql(next));
	for (i = 0; i < n; i++) {
		faults += judge(asked[i]);
		free(asked[i]);
	}
	free(asked);
	assert_int_equal(faults, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(by_index) };

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
