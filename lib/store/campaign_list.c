/* campaign_list.c - campaigns to look at, and who is in them. */
#include "store/campaigns.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/mem.h"
#include "store/views.h"

cJSON *
campaigns_json(struct lp_db *db, int64_t campaign, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT 'c' || c.seq AS id, c.id AS uuid, c.name, c.status, c.status_reason, c.version, json_extract(v.definition, '$.goal') AS goal,"
	    " a.seq IS NOT NULL AS \"approved?\", a.max_leads AS approved_leads,"
	    " (SELECT json_object('enrolled', count(*) FILTER (WHERE e.status = 'enrolled'), 'active', count(*) FILTER (WHERE e.status = 'active'),"
	    "  'paused', count(*) FILTER (WHERE e.status = 'paused'), 'finished', count(*) FILTER (WHERE e.status = 'finished'),"
	    "  'stopped', count(*) FILTER (WHERE e.status = 'stopped')) FROM enrolments e WHERE e.campaign_id = c.seq) AS \"leads{}\","
	    " (SELECT count(*) FROM messages m WHERE m.campaign_id = c.seq AND m.status = 'sent') AS sent,"
	    " c.started_at, c.created_at, c.updated_at"
	    " FROM campaigns c JOIN campaign_versions v ON v.campaign_id = c.seq AND v.version = c.version"
	    " LEFT JOIN approvals a ON a.seq = (SELECT max(x.seq) FROM approvals x WHERE x.campaign_id = c.seq AND x.version = c.version"
	    "  AND x.kind = 'campaign' AND x.status = 'approved' AND x.content_hash = v.hash AND (x.not_after IS NULL OR x.not_after > ?2))"
	    " WHERE ?1 = 0 OR c.seq = ?1 ORDER BY c.seq";
	sqlite3_stmt *st = db_query(db, err, sql, "Is", campaign, db_now_iso(db));

	return st != NULL ? rows_json(db, st, err) : NULL;
}

cJSON *
campaign_versions_json(struct lp_db *db, int64_t campaign, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT v.version, v.hash, v.created_at, EXISTS (SELECT 1 FROM approvals x WHERE x.campaign_id = v.campaign_id AND x.version = v.version"
	    " AND x.kind = 'campaign' AND x.status = 'approved' AND x.content_hash = v.hash AND (x.not_after IS NULL OR x.not_after > ?2))"
	    " AS \"approved?\", (SELECT count(*) FROM enrolments e WHERE e.campaign_id = v.campaign_id AND e.version = v.version) AS leads"
	    " FROM campaign_versions v WHERE v.campaign_id = ?1 ORDER BY v.version DESC";
	sqlite3_stmt *st = db_query(db, err, sql, "Is", campaign, db_now_iso(db));

	return st != NULL ? rows_json(db, st, err) : NULL;
}

char **
campaigns_names(struct lp_db *db, struct lp_err *err)
{
	sqlite3_stmt *st = db_query(db, err, "SELECT name FROM campaigns ORDER BY name", "");
	char **names = xcalloc(1, sizeof(*names));
	size_t n = 0, i;
	int r;

	if (st == NULL) {
		free(names);
		return NULL;
	}
	while ((r = db_step(db, st, err)) == 1) {
		names = xrealloc(names, (n + 2) * sizeof(*names));
		names[n++] = xstrdup(db_text(st, 0));
		names[n] = NULL;
	}
	if (r == 0)
		return names;
	for (i = 0; i < n; i++)
		free(names[i]);
	free(names);
	return NULL;
}

int
campaign_leads(struct lp_db *db, int64_t campaign, int64_t lead, struct campaign_lead **list, size_t *n, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT seq, lead_id, account_id, version, planned_at IS NOT NULL FROM enrolments WHERE campaign_id = ?1 AND (?2 = 0 OR lead_id = ?2)"
	    " AND status IN ('enrolled', 'active', 'paused') ORDER BY seq";
	sqlite3_stmt *st = db_query(db, err, sql, "II", campaign, lead);
	int r;

	*list = NULL;
	*n = 0;
	if (st == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1) {
		if ((*n & (*n - 1)) == 0)
			*list = xrealloc(*list, (*n > 0 ? 2 * *n : 1) * sizeof(**list));
		(*list)[(*n)++] = (struct campaign_lead){ .enrolment = db_int64(st, 0), .lead = db_int64(st, 1), .account = db_int64(st, 2),
			.version = (int)db_int64(st, 3), .begun = db_int64(st, 4) != 0 };
	}
	if (r == 0)
		return 0;
	free(*list);
	*list = NULL;
	*n = 0;
	return -1;
}

void
campaign_messages_free(struct campaign_message *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		free(list[i].subject);
		free(list[i].body);
	}
	free(list);
}

int
campaign_messages(struct lp_db *db, int64_t enrolment, struct campaign_message **list, size_t *n, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT m.seq, m.due_at, m.slot_at, m.sent_at, m.step, m.status, m.variant, t.subject, t.body FROM messages m"
	    " LEFT JOIN message_texts t ON t.message_id = m.seq WHERE m.enrolment_id = ?1 ORDER BY m.step";
	sqlite3_stmt *st = db_query(db, err, sql, "I", enrolment);
	struct campaign_message *m;
	int r;

	*list = NULL;
	*n = 0;
	if (st == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1) {
		*list = xrealloc(*list, (*n + 1) * sizeof(**list));
		m = &(*list)[(*n)++];
		*m = (struct campaign_message){ .seq = db_int64(st, 0), .due_at = db_time(st, 1), .slot_at = db_time(st, 2),
			.sent_at = db_time(st, 3), .step = (int)db_int64(st, 4), .subject = xstrdup(db_text(st, 7)), .body = xstrdup(db_text(st, 8)) };
		snprintf(m->status, sizeof(m->status), "%s", db_text(st, 5));
		snprintf(m->variant, sizeof(m->variant), "%s", db_null(st, 6) ? "" : db_text(st, 6));
	}
	if (r == 0)
		return 0;
	campaign_messages_free(*list, *n);
	*list = NULL;
	*n = 0;
	return -1;
}

int
campaign_times_taken(struct lp_db *db, int64_t account, int64_t from, int64_t **at, size_t *n, struct lp_err *err)
{
	static const char sql[] = "SELECT at FROM slots WHERE account_id = ?1 AND at >= ?2 AND (message_id IS NOT NULL OR lost = 1) ORDER BY at";
	sqlite3_stmt *st = db_query(db, err, sql, "It", account, from);
	int r;

	*at = NULL;
	*n = 0;
	if (st == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1) {
		if ((*n & (*n - 1)) == 0)
			*at = xrealloc(*at, (*n > 0 ? 2 * *n : 1) * sizeof(**at));
		(*at)[(*n)++] = db_time(st, 0);
	}
	return r;
}
