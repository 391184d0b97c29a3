/*
 * How many of what was due went, and why the others did not.  Part of report.h.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "store/control.h"
#include "store/report.h"
#include "store/views.h"

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
	static const struct {
		const char *state, *command;
	} all[] = { { "approval", "lp-approve" }, { "mend", "lp-tasks retry TASK, once it is mended" }, { "failed", "lp-tasks retry TASK" },
		{ "unknown", "lp-send resolve MESSAGE" }, { "stopped", "lp-start" }, { "waiting", "" }, { "planned", "" }, { "running", "" },
		{ "enrolled", "" } };

	if (strcmp(state, "mend") == 0 && strstr(reason, "no value and no fallback") != NULL)
		return "lp-leads set LEAD FIELD=VALUE; lp-tasks retry TASK";
	if (strcmp(state, "mend") == 0 && strncmp(reason, "account ", 8) == 0)
		return "lp-accounts test ACCOUNT, start ACCOUNT";
	if (strcmp(state, "stopped") == 0 && strncmp(reason, "the campaign is", 15) == 0)
		return "lp-campaigns start";
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (strcmp(all[i].state, state) == 0)
			return all[i].command;
	return "lp-log why";
}

static void
count_in(cJSON *list, const cJSON *row)
{
	const char *state = json_str(row, "state"), *reason = json_str(row, "reason"), *next = json_str(row, "next_at"), *known;
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
		if (json_str(row, "example") != NULL)
			json_set_str(same, "example", json_str(row, "example"));
		json_set_str(same, "command", helps(state, reason != NULL ? reason : ""));
		json_set_str(same, "gist", key);
		cJSON_AddItemToArray(list, same);
	}
	known = json_str(same, "next_at");
	if (next != NULL && (known == NULL || strcmp(next, known) < 0))
		json_set_str(same, "next_at", next);
	json_set_num(same, "count", json_num(same, "count", 0) + json_num(row, "count", 0));
	free(key);
}

static int
most_first(const void *a, const void *b)
{
	const cJSON *x = *(cJSON *const *)a, *y = *(cJSON *const *)b;
	double n = json_num(x, "count", 0), m = json_num(y, "count", 0);

	if (n != m)
		return n < m ? 1 : -1;
	n = strcmp(json_str(x, "state"), json_str(y, "state"));
	return n != 0 ? (int)n : strcmp(json_str(x, "reason"), json_str(y, "reason"));
}

static cJSON *
sorted(cJSON *list)
{
	size_t n = (size_t)cJSON_GetArraySize(list), i;
	cJSON **rows = xmalloc((n + 1) * sizeof(*rows)), *out = cJSON_CreateArray();

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

/* What waits for its turn says so by what stands in its way, from the widest to the narrowest.  A verdict counts only as the delay of the last
 * try: what a person let go has a hold as its last verdict, and isn't held. */
#define STATE \
	" CASE WHEN t.status = 'awaiting_approval' THEN t.hold_kind WHEN t.status = 'running' OR t.status = 'failed' THEN t.status" \
	" WHEN (?3 IS NOT NULL AND t.message_id IS NOT NULL) OR c.status <> 'running' OR e.status IN ('paused', 'stopped', 'finished') OR l.status <> 'active'" \
	"   OR a.status <> 'active' THEN 'stopped'" \
	" WHEN v.verdict = 'delay' AND v.try = t.tries THEN 'delayed' WHEN t.retry_count > 0 THEN 'retried'" \
	" WHEN t.status = 'pending' THEN 'waiting' ELSE 'planned' END"
#define REASON \
	" CASE WHEN t.status = 'awaiting_approval' THEN t.hold_reason WHEN t.status = 'running' THEN 'a pipeline has it'" \
	" WHEN t.status = 'failed' THEN t.error_message" \
	" WHEN ?3 IS NOT NULL AND t.message_id IS NOT NULL THEN 'the agent is ' || ?3" \
	" WHEN c.status <> 'running' THEN 'the campaign is ' || iif(c.status = 'draft', 'a draft', c.status)" \
	" WHEN e.status IN ('paused', 'stopped', 'finished') THEN 'the sequence is ' || e.status" \
	" WHEN l.status <> 'active' THEN 'the lead is ' || l.status WHEN a.status <> 'active' THEN 'account ' || a.name || ' is ' || a.status" \
	" WHEN v.verdict = 'delay' AND v.try = t.tries THEN v.reason WHEN t.retry_count > 0 THEN t.error_message" \
	" WHEN t.status = 'pending' AND t.scheduled_for > ?2 THEN 'its sending time is to come' WHEN t.status = 'pending' THEN 'the next tick takes it'" \
	" ELSE 'no sending time was free yet' END"
#define AROUND \
	" LEFT JOIN verdicts v ON v.seq = (SELECT max(w.seq) FROM verdicts w WHERE w.task_id = t.seq)" \
	" LEFT JOIN campaigns c ON c.seq = t.campaign_id LEFT JOIN enrolments e ON e.seq = t.enrolment_id" \
	" LEFT JOIN leads l ON l.seq = t.lead_id LEFT JOIN accounts a ON a.seq = t.account_id"

cJSON *
report_held(struct lp_db *db, int64_t since, struct lp_err *err)
{
	/* due, and not ended: with its task or, planned alone, without one */
	static const char open[] =
	    "WITH h AS (SELECT" STATE " AS state," REASON " AS reason, t.scheduled_for AS next_at, 't' || t.seq AS example FROM agent_tasks t" AROUND
	    "   WHERE t.status IN ('awaiting_approval', 'running', 'failed') OR (t.status = 'pending' AND (t.message_id IS NOT NULL"
	    "     OR t.retry_count > 0 OR v.verdict <> 'allow'))"
	    "   UNION ALL SELECT" STATE "," REASON ", t.due_at, 'm' || t.message_id FROM (SELECT m.seq AS message_id, m.campaign_id, m.enrolment_id, m.lead_id,"
	    "     m.account_id, NULL AS status, NULL AS hold_kind, NULL AS hold_reason, NULL AS error_message, 0 AS retry_count, 0 AS tries, NULL AS scheduled_for,"
	    "     NULL AS seq, m.due_at FROM messages m LEFT JOIN enrolments n ON n.seq = m.enrolment_id LEFT JOIN campaign_steps s"
	    "     ON s.campaign_id = n.campaign_id AND s.version = n.version AND s.step = m.step WHERE m.status = 'planned'"
	    /* a first message that has nothing to wait for and isn't due any more was put off: its account's day was full */
	    "     AND (m.due_at <= ?2 OR (m.step = 1 AND s.delay NOT GLOB '*[1-9]*'))) t" AROUND ")"
	    " SELECT count(*) AS count, state, reason, max(example) AS example, min(CASE WHEN next_at > ?2 THEN next_at END) AS next_at FROM h"
	    " GROUP BY state, reason";
	/* what a message came to since then; and those of which that isn't known, since when ever */
	static const char ended[] =
	    "SELECT count(*) AS count, status AS state, status_reason AS reason, 'm' || max(seq) AS example FROM messages"
	    " WHERE (updated_at >= ?1 AND status IN ('blocked', 'skipped', 'rejected', 'expired', 'superseded', 'refused')) OR status = 'unknown'"
	    " GROUP BY status, status_reason";
	static const char enrolled[] =
	    "SELECT count(*) AS count, iif(?1 IS NOT NULL OR c.status <> 'running' OR l.status <> 'active', 'stopped', 'enrolled') AS state,"
	    " 'e' || max(e.seq) AS example, CASE WHEN ?1 IS NOT NULL THEN 'not begun: the agent is ' || ?1"
	    "   WHEN c.status <> 'running' THEN 'the campaign is ' || iif(c.status = 'draft', 'a draft', c.status)"
	    "   WHEN l.status <> 'active' THEN 'not begun: the lead is ' || l.status ELSE 'not begun yet: in a day at most ' || g.max_leads_per_day || ' leads are' END"
	    "   AS reason FROM enrolments e JOIN agent_configs g JOIN campaigns c ON c.seq = e.campaign_id JOIN leads l ON l.seq = e.lead_id"
	    " WHERE e.status = 'enrolled' AND e.planned_at IS NULL GROUP BY state, reason";
	cJSON *list = cJSON_CreateArray(), *rows, *row;
	char *why = NULL;
	int i, r;

	if ((r = control_stopped(db, &why, err)) == -1)
		goto fail;
	for (i = 0; i < 3; i++) {
		rows = rows_json(db, i == 0 ? db_query(db, err, open, "sss", NULL, db_now_iso(db), why) : i == 1 ? db_query(db, err, ended, "t", since) :
		    db_query(db, err, enrolled, "s", why), err);
		if (rows == NULL)
			goto fail;
		cJSON_ArrayForEach(row, rows)
			count_in(list, row);
		cJSON_Delete(rows);
	}
	free(why);
	return sorted(list);
fail:
	free(why);
	cJSON_Delete(list);
	return NULL;
}

int
report_went(struct lp_db *db, int64_t since, int64_t *n, struct lp_err *err)
{
	return db_int(db, err, n, "SELECT count(*) FROM messages WHERE status = 'sent' AND sent_at >= ?1", "t", since) == -1 ? -1 : 0;
}
