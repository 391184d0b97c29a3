/*
 * world.h - a small world for a unit test: a database in a directory of its own, made from SQL, looked at by SQL.
 */
#ifndef LP_TEST_WORLD_H
#define LP_TEST_WORLD_H

#include "unit.h"

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/db.h"

#define NOW INT64_C(1795338000000) /* 2026-11-22T09:00:00Z */

static char dir[64], path[128];
static struct lp_db *db;
static const char *world_case = ""; /* the case of a table */

/* By a handle of its own, as another program would. */
static inline void
sql(const char *text)
{
	sqlite3 *h;
	char *msg = NULL;

	assert_int_equal(sqlite3_open(path, &h), SQLITE_OK);
	if (sqlite3_exec(h, text, NULL, NULL, &msg) != SQLITE_OK)
		fail_msg("%s: %s", text, msg);
	sqlite3_close(h);
}

/* value_is(query, want): the query's first value, as text; NULL is "NULL". */
static inline void
value_is(const char *query, const char *want)
{
	sqlite3 *h;
	sqlite3_stmt *st;
	const char *got;

	assert_int_equal(sqlite3_open(path, &h), SQLITE_OK);
	if (sqlite3_prepare_v2(h, query, -1, &st, NULL) != SQLITE_OK)
		fail_msg("%s: %s", query, sqlite3_errmsg(h));
	if (sqlite3_step(st) != SQLITE_ROW)
		fail_msg("%s: no row", query);
	got = sqlite3_column_type(st, 0) == SQLITE_NULL ? "NULL" : (const char *)sqlite3_column_text(st, 0);
	if (strcmp(got, want) != 0)
		fail_msg("%s: %s: '%s', not '%s'", world_case, query, got, want);
	sqlite3_finalize(st);
	sqlite3_close(h);
}

/* world_open(at): db, at that instant (ms). */
static inline void
world_open(int64_t at)
{
	struct lp_err err = { 0 };

	db_close(db);
	db = db_open(path, DB_WRITE, at, &err);
	must(db != NULL, &err);
}

/* world_make(at, rows): a simulated file with these rows in a new directory, opened; a "%s" among them is the directory. */
static inline void
world_make(int64_t at, const char *rows)
{
	struct lp_err err = { 0 };
	const char *here = strstr(rows, "%s");
	char *text;

	snprintf(dir, sizeof(dir), "/tmp/lp-unit.XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/lp.db", dir);
	must(db_create(path, true, "seed", at, &err) == 0, &err);
	text = here != NULL ? xasprintf("%.*s%s%s", (int)(here - rows), rows, dir, here + 2) : xstrdup(rows);
	sql(text);
	free(text);
	world_open(at);
}

static inline int
world_end(void **state)
{
	pid_t pid;

	(void)state;
	db_close(db);
	db = NULL;
	if ((pid = fork()) == 0) {
		execlp("rm", "rm", "-rf", dir, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
	return 0;
}

#endif
