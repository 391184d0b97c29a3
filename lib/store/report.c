#include "store/report.h"

#include "base/json.h"
#include "store/views.h"

cJSON *
report_tick(struct lp_db *db, struct lp_err *err)
{
	static const char sql[] = "SELECT started_at, ended_at, status, rounds FROM ticks ORDER BY seq DESC LIMIT 1";
	sqlite3_stmt *st = db_query(db, err, sql, "");
	cJSON *o;
	int r;

	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return NULL;
	if (r == 0)
		return cJSON_CreateObject();
	o = row_json(st);
	db_done(st);
	return o;
}

cJSON *
report_queue(struct lp_db *db, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT status, hold_kind AS hold, count(*) AS tasks FROM agent_tasks WHERE status IN ('pending', 'running', 'awaiting_approval', 'failed')"
	    " GROUP BY status, hold_kind ORDER BY status, hold_kind";

	return rows_json(db, db_query(db, err, sql, ""), err);
}

cJSON *
report_campaigns(struct lp_db *db, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT 'c' || c.seq AS id, c.name, c.status, c.version, count(e.seq) FILTER (WHERE e.status = 'enrolled') AS waiting,"
	    " count(e.seq) FILTER (WHERE e.status IN ('active', 'paused')) AS active,"
	    " count(e.seq) FILTER (WHERE e.status IN ('finished', 'stopped')) AS ended,"
	    " (SELECT count(*) FROM messages m WHERE m.campaign_id = c.seq AND m.status = 'sent') AS sent"
	    " FROM campaigns c LEFT JOIN enrolments e ON e.campaign_id = c.seq GROUP BY c.seq ORDER BY c.name";

	return rows_json(db, db_query(db, err, sql, ""), err);
}

cJSON *
report_rules(struct lp_db *db, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT 'r' || seq AS id, name, rule_type, is_enabled AS \"is_enabled?\", times_triggered, last_triggered_at FROM agent_rules"
	    " ORDER BY priority DESC, seq";

	return rows_json(db, db_query(db, err, sql, ""), err);
}

cJSON *
report_notices(struct lp_db *db, int limit, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT 'n' || seq AS id, created_at, type, title, message, command, 't' || task_id AS task_id, 'l' || lead_id AS lead_id"
	    " FROM notifications WHERE read_at IS NULL ORDER BY seq DESC LIMIT ?1";

	return rows_json(db, db_query(db, err, sql, "i", limit), err);
}

cJSON *
report_recent(struct lp_db *db, int limit, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT * FROM (SELECT 'g' || seq AS id, created_at, log_type, 't' || task_id AS task_id, 'l' || lead_id AS lead_id, 'c' || campaign_id AS campaign_id,"
	    " 'm' || message_id AS message_id, 'a' || account_id AS account_id, 'r' || rule_id AS rule_id, rule_version, message, reasoning, confidence,"
	    " nullif(message IS NULL, 0) AS \"erased?\" FROM v_log"
	    " WHERE (lead_id IS NOT NULL OR task_id IS NULL OR log_type = 'error' OR log_type = 'approval')"
	    " AND (details IS NULL OR json_type(details) <> 'object' OR (json_extract(details, '$.run') IS NULL AND json_extract(details, '$.call') IS NULL)) ORDER BY seq DESC LIMIT ?1)"
	    " ORDER BY CAST(substr(id, 2) AS INTEGER)";

	return rows_json(db, db_query(db, err, sql, "i", limit), err);
}

int
report_cost(struct lp_db *db, int64_t since, double *cost, struct lp_err *err)
{
	int64_t micros = 0;

	if (db_int(db, err, &micros, "SELECT ifnull(sum(cost_micros), 0) FROM model_calls WHERE created_at >= ?1", "t", since) == -1)
		return -1;
	*cost = (double)micros / 1e6;
	return 0;
}

#define CALLS \
	"count(*) FILTER (WHERE record_of IS NULL) AS calls, count(*) FILTER (WHERE state = 'failed') AS failed," \
	" count(*) FILTER (WHERE state = 'reserved') AS open, count(*) FILTER (WHERE record_of IS NOT NULL) AS from_record," \
	" ifnull(sum(tokens_in), 0) AS tokens_in, ifnull(sum(tokens_cached), 0) AS tokens_cached, ifnull(sum(tokens_out), 0) AS tokens_out," \
	" ifnull(sum(cost_micros), 0) / 1e6 AS cost "

cJSON *
report_models(struct lp_db *db, int64_t since, struct lp_err *err)
{
	static const char rows[] =
	    "SELECT purpose, provider || iif(model = '', '', ':' || model) AS brain, " CALLS ", CAST(avg(latency_ms) FILTER (WHERE state = 'done') AS INTEGER)"
	    " AS latency_ms FROM model_calls WHERE created_at >= ?1 GROUP BY purpose, provider, model ORDER BY cost DESC, calls DESC, purpose, brain";
	static const char sums[] = "SELECT " CALLS " FROM model_calls WHERE created_at >= ?1";
	cJSON *all = rows_json(db, db_query(db, err, sums, "t", since), err), *list, *o;

	if (all == NULL)
		return NULL;
	o = cJSON_DetachItemFromArray(all, 0);
	cJSON_Delete(all);
	if ((list = rows_json(db, db_query(db, err, rows, "t", since), err)) == NULL) {
		cJSON_Delete(o);
		return NULL;
	}
	json_set(o, "rows", list);
	return o;
}

/* ---- funnel ---- */

static int
steps(struct lp_db *db, cJSON *campaign, int64_t seq, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT m.step, m.variant, count(*) AS planned, count(*) FILTER (WHERE m.status = 'sent') AS sent,"
	    " count(*) FILTER (WHERE m.status = 'sent' AND m.seq IN (SELECT message_id FROM inbox_messages WHERE kind = 'reply')) AS replied"
	    " FROM messages m WHERE m.campaign_id = ?1 AND m.step IS NOT NULL GROUP BY m.step, m.variant ORDER BY m.step, m.variant";
	cJSON *rows = rows_json(db, db_query(db, err, sql, "I", seq), err);

	if (rows == NULL)
		return -1;
	json_set(campaign, "steps", rows);
	return 0;
}

cJSON *
report_funnel(struct lp_db *db, int64_t campaign, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT c.seq, c.name AS campaign, count(DISTINCT e.seq) AS enrolled,"
	    " count(DISTINCT e.seq) FILTER (WHERE e.status = 'stopped') AS stopped,"
	    " count(DISTINCT i.lead_id) AS replied FROM campaigns c LEFT JOIN enrolments e ON e.campaign_id = c.seq"
	    " LEFT JOIN inbox_messages i ON i.lead_id = e.lead_id AND i.campaign_id = c.seq AND i.kind = 'reply'"
	    " WHERE ?1 IS NULL OR c.seq = ?1 GROUP BY c.seq ORDER BY c.name";
	cJSON *rows = rows_json(db, db_query(db, err, sql, "n", campaign), err), *o;

	cJSON_ArrayForEach(o, rows) {
		if (steps(db, o, (int64_t)json_num(o, "seq", 0), err) == -1) {
			cJSON_Delete(rows);
			return NULL;
		}
		json_rm(o, "seq");
	}
	return rows;
}
