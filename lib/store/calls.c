#include "store/calls.h"

#include <stdio.h>

enum { FAILURES = 3, LONGEST = 60 }; /* in a row; minutes */

int
call_spent(struct lp_db *db, int64_t since, int64_t *micros, struct lp_err *err)
{
	return db_int(db, err, micros, "SELECT ifnull(sum(cost_micros), 0) FROM model_calls WHERE created_at >= ?1", "t", since) == -1 ? -1 : 0;
}

int
call_reserve(struct lp_db *db, const struct call_new *n, int64_t since, int64_t most, int64_t *seq, struct lp_err *err)
{
	static const char sql[] =
	    "INSERT INTO model_calls (task_id, provider, model, purpose, prompt_hash, state, cost_micros, created_at, updated_at)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, 'reserved', ?6, ?7, ?7)";
	int64_t spent;

	if (call_spent(db, since, &spent, err) == -1)
		return -1;
	if (spent + n->worst_micros > most)
		return 0;
	if (db_exec(db, err, sql, "nssssIs", n->task, n->provider, n->model, n->purpose, n->prompt_hash, n->worst_micros, db_now_iso(db)) == -1)
		return -1;
	*seq = db_last_id(db);
	return 1;
}

int
call_ended(struct lp_db *db, int64_t seq, const struct call_end *e, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE model_calls SET state = ?2, cost_micros = ?3, tokens_in = nullif(?4, -1), tokens_cached = nullif(?5, -1),"
	    " tokens_out = nullif(?6, -1), latency_ms = ?7, answer = ?8, error = ?9, updated_at = ?10 WHERE seq = ?1 AND state = 'reserved'";

	return db_exec(db, err, sql, "IsIIIIIsss", seq, e->error == NULL ? "done" : "failed", e->cost_micros, e->tokens_in, e->tokens_cached,
	    e->tokens_out, e->latency_ms, e->answer, e->error, db_now_iso(db)) == -1 ? -1 : 0;
}

int
call_known(struct lp_db *db, const char *hash, int64_t since, int64_t *seq, char **answer, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT seq FROM model_calls WHERE prompt_hash = ?1 AND state = 'done' AND created_at >= ?2 AND answer IS NOT NULL ORDER BY created_at DESC LIMIT 1";
	int r = db_int(db, err, seq, sql, "st", hash, since);

	*answer = NULL;
	return r != 1 ? r : db_str(db, err, answer, "SELECT answer FROM model_calls WHERE seq = ?1", "I", *seq);
}

int
circuit_open(struct lp_db *db, const char *provider, int64_t *until, struct lp_err *err)
{
	sqlite3_stmt *st = db_query(db, err, "SELECT open_until FROM llm_circuits WHERE provider = ?1 AND open_until > ?2", "ss", provider,
	    db_now_iso(db));
	int r = st != NULL ? db_step(db, st, err) : -1;

	if (r == 1) {
		*until = db_time(st, 0);
		db_done(st);
	}
	return r;
}

int
circuit_failed(struct lp_db *db, const char *provider, bool for_good, const char *error, struct lp_err *err)
{
	static const char sql[] =
	    "INSERT INTO llm_circuits (provider, failures, error, updated_at) VALUES (?1, ?4, ?2, ?3)"
	    " ON CONFLICT (provider) DO UPDATE SET failures = failures + ?4, error = ?2, updated_at = ?3";
	int64_t failures = 0, minutes = 1;

	if (db_exec(db, err, sql, "sssi", provider, error, db_now_iso(db), for_good ? FAILURES : 1) == -1 ||
	    db_int(db, err, &failures, "SELECT failures FROM llm_circuits WHERE provider = ?1", "s", provider) == -1)
		return -1;
	if (failures < FAILURES)
		return 0;
	for (int64_t i = FAILURES; i < failures && minutes < LONGEST; i++)
		minutes *= 2;
	if (minutes > LONGEST)
		minutes = LONGEST;
	return db_exec(db, err, "UPDATE llm_circuits SET open_until = ?2 WHERE provider = ?1", "st", provider, db_now(db) + minutes * LP_MINUTE) == -1 ?
	    -1 : 1;
}

int
circuit_worked(struct lp_db *db, const char *provider, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE llm_circuits SET failures = 0, open_until = NULL, error = NULL, updated_at = ?2 WHERE provider = ?1 AND failures > 0";

	return db_exec(db, err, sql, "ss", provider, db_now_iso(db)) == -1 ? -1 : 0;
}
