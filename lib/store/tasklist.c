#include "store/tasklist.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "store/log.h"
#include "store/views.h"

cJSON *
tasks_list(struct lp_db *db, const struct task_filter *f, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT seq FROM agent_tasks WHERE (?1 IS NULL OR status = ?1)"
	    " AND (?2 IS NULL OR (instr(',' || ltrim(?2, '!') || ',', ',' || task_type || ',') > 0) <> (substr(?2, 1, 1) = '!')) AND (?3 IS NULL OR lead_id = ?3)"
	    " AND (?4 IS NULL OR campaign_id = ?4) AND (?5 IS NULL OR created_at >= ?5) ORDER BY seq DESC LIMIT ?6";
	sqlite3_stmt *st = db_query(db, err, sql, "ssnnTI", f->status, f->type, f->lead, f->campaign, f->since, f->limit);
	cJSON *list = cJSON_CreateArray(), *o;
	int r;

	if (st == NULL)
		goto fail;
	while ((r = db_step(db, st, err)) == 1) {
		if ((o = task_json(db, db_int64(st, 0), true, err)) == NULL) {
			db_done(st);
			goto fail;
		}
		cJSON_AddItemToArray(list, o);
	}
	if (r == 0)
		return list;
fail:
	cJSON_Delete(list);
	return NULL;
}

int
tasks_prune(struct lp_db *db, int64_t before, struct lp_err *err)
{
	static const char sql[] = "DELETE FROM agent_tasks WHERE status IN ('completed', 'cancelled') AND completed_at < ?1";
	static const char run_sql[] =
	    "DELETE FROM runs WHERE started_at < ?1 AND NOT EXISTS (SELECT 1 FROM agent_tasks t WHERE t.lease = runs.id AND t.status = 'running')";
	static const char tick_sql[] = "DELETE FROM ticks WHERE started_at < ?1";
	char text[64];
	int n = db_exec(db, err, sql, "t", before);

	if (n == -1 || db_exec(db, err, run_sql, "t", before) == -1 || db_exec(db, err, tick_sql, "t", before) == -1)
		return -1;
	if (n == 0)
		return 0;
	snprintf(text, sizeof(text), "%d old tasks pruned", n);
	return log_add(db, &(struct log_entry){ .type = "action", .text = text }, err) == -1 ? -1 : n;
}

int
tick_begin(struct lp_db *db, int64_t *seq, struct lp_err *err)
{
	if (db_exec(db, err, "INSERT INTO ticks (started_at) VALUES (?1)", "s", db_now_iso(db)) == -1)
		return -1;
	*seq = db_last_id(db);
	return 0;
}

int
tick_end(struct lp_db *db, int64_t seq, int status, int rounds, struct lp_err *err)
{
	static const char sql[] = "UPDATE ticks SET ended_at = ?2, status = ?3, rounds = ?4 WHERE seq = ?1";

	return db_exec(db, err, sql, "Isii", seq, db_now_iso(db), status, rounds) == -1 ? -1 : 0;
}
