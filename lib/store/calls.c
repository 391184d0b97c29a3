#include "store/calls.h"

#include <stdlib.h>

#include "base/mem.h"
#include "store/log.h"

enum { FAILURES = 3, LONGEST = 60 }; /* in a row; minutes */

static int
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

/* In the log beside what it led to; the lead's, so that it goes with the lead. */
static int
tell(struct lp_db *db, int64_t seq, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT ifnull(c.task_id, 0), ifnull(t.lead_id, 0), ifnull(t.campaign_id, 0), format('%s%s%s (%s): %s', c.provider, iif(c.model = '', '', ':'), c.model,"
	    " c.purpose, CASE WHEN c.record_of IS NOT NULL THEN 'answered from the record' ELSE format('%s%s%.6f, %d ms%s',"
	    " iif(c.state = 'failed', 'failed, ', ''), ifnull(format('%d tokens in, %d cached, %d out, ', c.tokens_in, c.tokens_cached, c.tokens_out), ''),"
	    " c.cost_micros / 1e6, c.latency_ms, ifnull(': ' || c.error, '')) END),"
	    " json_object('call', c.seq, 'record_of', c.record_of, 'tokens_in', c.tokens_in, 'tokens_cached', c.tokens_cached, 'tokens_out', c.tokens_out,"
	    " 'cost', c.cost_micros / 1e6, 'latency_ms', c.latency_ms)"
	    " FROM model_calls c LEFT JOIN agent_tasks t ON t.seq = c.task_id WHERE c.seq = ?1";
	sqlite3_stmt *st = db_query(db, err, sql, "I", seq);
	char *text, *details;
	struct log_entry e;
	int r;

	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return -1;
	if (r == 0)
		return 0;
	text = xstrdup(db_text(st, 3));
	details = xstrdup(db_text(st, 4));
	e = (struct log_entry){ .type = "observation", .task = db_int64(st, 0), .lead = db_int64(st, 1), .campaign = db_int64(st, 2), .text = text,
		.details = details };
	db_done(st);
	r = log_add(db, &e, err);
	free(text);
	free(details);
	return r;
}

int
call_ended(struct lp_db *db, int64_t seq, const struct call_end *e, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE model_calls SET state = ?2, cost_micros = ?3, tokens_in = nullif(?4, -1), tokens_cached = nullif(?5, -1),"
	    " tokens_out = nullif(?6, -1), latency_ms = ?7, answer = ?8, error = ?9, updated_at = ?10 WHERE seq = ?1 AND state = 'reserved'";
	int r = db_exec(db, err, sql, "IsIIIIIsss", seq, e->error == NULL ? "done" : "failed", e->cost_micros, e->tokens_in, e->tokens_cached,
	    e->tokens_out, e->latency_ms, e->answer, e->error, db_now_iso(db));

	return r == 1 ? tell(db, seq, err) : r;
}

int
call_again(struct lp_db *db, const struct call_new *n, int64_t of, struct lp_err *err)
{
	static const char sql[] =
	    "INSERT INTO model_calls (task_id, provider, model, purpose, prompt_hash, state, cost_micros, record_of, created_at, updated_at)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, 'done', 0, ?6, ?7, ?7)";

	if (db_exec(db, err, sql, "nssssIs", n->task, n->provider, n->model, n->purpose, n->prompt_hash, of, db_now_iso(db)) == -1)
		return -1;
	return tell(db, db_last_id(db), err);
}

int
call_unusable(struct lp_db *db, int64_t seq, struct lp_err *err)
{
	return db_exec(db, err, "UPDATE model_calls SET error = 'it was of no use' WHERE seq = ?1 AND state = 'done'", "I", seq) == -1 ? -1 : 0;
}

int
call_known(struct lp_db *db, const char *hash, int64_t since, int64_t *seq, char **answer, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT seq FROM model_calls WHERE prompt_hash = ?1 AND state = 'done' AND error IS NULL AND created_at >= ?2 AND answer IS NOT NULL ORDER BY created_at DESC LIMIT 1";
	int r = db_int(db, err, seq, sql, "st", hash, since);

	*answer = NULL;
	return r != 1 ? r : db_str(db, err, answer, "SELECT answer FROM model_calls WHERE seq = ?1", "I", *seq);
}

int
circuit_open(struct lp_db *db, const char *provider, int64_t *until, char **why, struct lp_err *err)
{
	sqlite3_stmt *st = db_query(db, err, "SELECT open_until, error FROM llm_circuits WHERE provider = ?1 AND open_until > ?2", "ss", provider,
	    db_now_iso(db));
	int r = st != NULL ? db_step(db, st, err) : -1;

	*why = NULL;
	if (r == 1) {
		*until = db_time(st, 0);
		*why = xstrdup(db_text(st, 1));
		db_done(st);
	}
	return r;
}

int
circuit_failed(struct lp_db *db, const char *provider, int times, const char *error, struct lp_err *err)
{
	/* what was in flight when it opened says nothing new; and only one that opens again stays open for longer */
	static const char sql[] =
	    "INSERT INTO llm_circuits (provider, failures, error, updated_at) VALUES (?1, min(?4, ?5), ?2, ?3)"
	    " ON CONFLICT (provider) DO UPDATE SET failures = iif(failures < ?5, min(failures + ?4, ?5), failures + 1), error = ?2, updated_at = ?3"
	    " WHERE open_until IS NULL OR open_until <= ?3";
	int64_t failures = 0, minutes = 1;
	int n = db_exec(db, err, sql, "sssii", provider, error, db_now_iso(db), times, FAILURES);

	if (n <= 0)
		return n == 0 ? 1 : -1;
	if (db_int(db, err, &failures, "SELECT failures FROM llm_circuits WHERE provider = ?1", "s", provider) == -1)
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
