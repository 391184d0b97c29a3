#include "store/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
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

/* ---- held ---- */

/* Numbers differ from task to task, the reason does not. */
static char *
gist(const char *reason)
{
	struct buf b = { 0 };

	for (; *reason != '\0'; reason++) {
		if (*reason < '0' || *reason > '9')
			buf_putc(&b, *reason);
		else if (b.len == 0 || b.s[b.len - 1] != '#')
			buf_putc(&b, '#');
	}
	return buf_steal(&b);
}

static const char *
helps(const char *state, const char *reason)
{
	if (strcmp(state, "approval") == 0)
		return "lp-approve";
	if (strcmp(state, "mend") == 0 && strstr(reason, "no value and no fallback") != NULL)
		return "lp-leads set LEAD FIELD=VALUE; lp-tasks retry TASK";
	if (strcmp(state, "mend") == 0)
		return "lp-tasks retry TASK, once it is mended";
	return "lp-log why";
}

static void
count_in(cJSON *list, const cJSON *row)
{
	const char *state = json_str(row, "state"), *reason = json_str(row, "reason");
	char *key = gist(reason != NULL ? reason : "");
	cJSON *o, *same = NULL;

	cJSON_ArrayForEach(o, list)
		if (strcmp(json_str(o, "state"), state) == 0 && strcmp(json_str(o, "gist"), key) == 0)
			same = o;
	if (same == NULL) {
		same = cJSON_CreateObject();
		json_set_num(same, "count", 0);
		json_set_str(same, "state", state);
		json_set_str(same, "reason", reason != NULL ? reason : "");
		json_set_str(same, "example", json_str(row, "example"));
		json_set_str(same, "command", helps(state, reason != NULL ? reason : ""));
		json_set_str(same, "gist", key);
		cJSON_AddItemToArray(list, same);
	}
	json_set_num(same, "count", json_num(same, "count", 0) + json_num(row, "count", 0));
	free(key);
}

static int
most_first(const void *a, const void *b)
{
	double x = json_num(*(cJSON *const *)a, "count", 0), y = json_num(*(cJSON *const *)b, "count", 0);

	return x < y ? 1 : x > y ? -1 : 0;
}

static cJSON *
sorted(cJSON *list)
{
	size_t n = (size_t)cJSON_GetArraySize(list), i;
	cJSON **rows = xmalloc(n * sizeof(*rows)), *out = cJSON_CreateArray();

	for (i = 0; i < n; i++)
		rows[i] = cJSON_DetachItemFromArray(list, 0);
	qsort(rows, n, sizeof(*rows), most_first);
	for (i = 0; i < n; i++) {
		json_rm(rows[i], "gist");
		cJSON_AddItemToArray(out, rows[i]);
	}
	free(rows);
	cJSON_Delete(list);
	return out;
}

cJSON *
report_held(struct lp_db *db, int64_t since, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT count(*) AS count, hold_kind AS state, hold_reason AS reason, 't' || max(seq) AS example FROM agent_tasks"
	    "  WHERE status = 'awaiting_approval' GROUP BY hold_kind, hold_reason"
	    " UNION ALL SELECT count(*), 'delayed', v.reason, 't' || max(t.seq) FROM agent_tasks t JOIN verdicts v ON v.seq ="
	    "  (SELECT max(w.seq) FROM verdicts w WHERE w.task_id = t.seq) WHERE t.status = 'pending' AND v.verdict <> 'allow' GROUP BY v.reason"
	    " UNION ALL SELECT count(*), 'retried', error_message, 't' || max(seq) FROM agent_tasks WHERE status = 'pending' AND retry_count > 0 GROUP BY error_message"
	    " UNION ALL SELECT count(*), 'failed', error_message, 't' || max(seq) FROM agent_tasks WHERE status = 'failed' GROUP BY error_message"
	    " UNION ALL SELECT count(*), m.status, m.status_reason, 'm' || max(m.seq) FROM messages m WHERE m.updated_at >= ?1"
	    "  AND m.status IN ('blocked', 'skipped', 'rejected', 'expired', 'superseded', 'refused', 'unknown') GROUP BY m.status, m.status_reason";
	cJSON *rows = rows_json(db, db_query(db, err, sql, "t", since), err), *list, *row;

	if (rows == NULL)
		return NULL;
	list = cJSON_CreateArray();
	cJSON_ArrayForEach(row, rows)
		count_in(list, row);
	cJSON_Delete(rows);
	return sorted(list);
}

/* ---- funnel ---- */

static int
steps(struct lp_db *db, cJSON *campaign, int64_t seq, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT m.step, m.variant, count(*) AS planned, count(*) FILTER (WHERE m.status = 'sent') AS sent,"
	    " count(*) FILTER (WHERE m.status = 'sent' AND EXISTS (SELECT 1 FROM inbox_messages i WHERE i.message_id = m.seq AND i.kind = 'reply')) AS replied"
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
	    "SELECT c.seq, c.name AS campaign, count(e.seq) AS enrolled, count(e.seq) FILTER (WHERE e.status = 'stopped') AS stopped,"
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
