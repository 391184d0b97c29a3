/*
 * peer_queue.c - peer_queue FILE N BATCH: the raw limit beside which the queue is measured.  A table of tasks with the queue's indexes
 * and a log table without a chain; N tasks are put in, then claimed by BATCH in one transaction and settled with one audit row each in another, at
 * synchronous=FULL.  No pipe, no JSON, no checks.  Prints two figures: tasks put in a second (one transaction, with their audit rows), and
 * claimed and settled a second.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static sqlite3 *db;

static void
must(int rc, const char *what)
{
	if (rc == SQLITE_OK || rc == SQLITE_ROW || rc == SQLITE_DONE)
		return;
	fprintf(stderr, "peer_queue: %s: %s\n", what, sqlite3_errmsg(db));
	exit(74);
}

static void
sql(const char *text)
{
	must(sqlite3_exec(db, text, NULL, NULL, NULL), text);
}

static sqlite3_stmt *
prepared(const char *text)
{
	sqlite3_stmt *st;

	must(sqlite3_prepare_v2(db, text, -1, &st, NULL), text);
	return st;
}

static void
once(sqlite3_stmt *st)
{
	must(sqlite3_step(st), "step");
	must(sqlite3_reset(st), "reset");
}

static double
seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

int
main(int argc, char *argv[])
{
	long n, batch, done = 0;
	sqlite3_int64 *seqs;
	sqlite3_stmt *put, *take, *settle, *log;
	double start, put_time;

	if (argc != 4 || (n = strtol(argv[2], NULL, 10)) < 1 || (batch = strtol(argv[3], NULL, 10)) < 1) {
		fprintf(stderr, "usage: peer_queue file n batch\n");
		return 64;
	}
	if ((seqs = calloc((size_t)batch, sizeof(*seqs))) == NULL)
		return 71;
	must(sqlite3_open(argv[1], &db), argv[1]);
	sql("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
	sql("CREATE TABLE task(seq INTEGER PRIMARY KEY, id TEXT UNIQUE, type TEXT, status TEXT, ready INT, priority INT, created_at TEXT, lease TEXT, input TEXT)");
	sql("CREATE INDEX ready ON task(priority DESC, created_at, seq) WHERE status = 'pending' AND ready = 1");
	sql("CREATE INDEX running ON task(lease) WHERE status = 'running'");
	sql("CREATE TABLE log(seq INTEGER PRIMARY KEY, at TEXT, task INT, message TEXT)");
	put = prepared("INSERT INTO task(id, type, status, ready, priority, created_at, input)"
	               " VALUES (lower(hex(randomblob(16))), 'manual', 'pending', 1, ?1 % 7, '2026-03-02T10:00:00.000Z', '{}')");
	take = prepared("UPDATE task SET status = 'running', lease = ?1 WHERE seq IN (SELECT seq FROM task WHERE status = 'pending' AND ready = 1"
	                " ORDER BY priority DESC, created_at, seq LIMIT ?2) RETURNING seq");
	settle = prepared("UPDATE task SET status = 'completed', lease = NULL WHERE seq = ?1 AND lease = ?2 AND status = 'running'");
	log = prepared("INSERT INTO log(at, task, message) VALUES ('2026-03-02T10:00:00.000Z', ?1, 'completed')");
	start = seconds();
	sql("BEGIN IMMEDIATE");
	for (long i = 0; i < n; i++) {
		sqlite3_bind_int64(put, 1, i);
		once(put);
		sqlite3_bind_int64(log, 1, i + 1);
		once(log);
	}
	sql("COMMIT");
	put_time = seconds() - start;
	start = seconds();
	while (done < n) {
		long got = 0;

		sql("BEGIN IMMEDIATE");
		sqlite3_bind_text(take, 1, "run", -1, SQLITE_STATIC);
		sqlite3_bind_int64(take, 2, batch);
		while (got < batch && sqlite3_step(take) == SQLITE_ROW)
			seqs[got++] = sqlite3_column_int64(take, 0);
		must(sqlite3_reset(take), "claim");
		sql("COMMIT");
		if (got == 0)
			break;
		sql("BEGIN IMMEDIATE");
		for (long i = 0; i < got; i++) {
			sqlite3_bind_int64(settle, 1, seqs[i]);
			sqlite3_bind_text(settle, 2, "run", -1, SQLITE_STATIC);
			once(settle);
			sqlite3_bind_int64(log, 1, seqs[i]);
			once(log);
		}
		sql("COMMIT");
		done += got;
	}
	printf("%.0f %.0f\n", (double)n / put_time, (double)done / (seconds() - start));
	sqlite3_finalize(put);
	sqlite3_finalize(take);
	sqlite3_finalize(settle);
	sqlite3_finalize(log);
	sqlite3_close(db);
	free(seqs);
	return done == n ? 0 : 70;
}
