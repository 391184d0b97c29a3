/* Walking over leads, and everything held of one. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/prog.h"
#include "store/consents.h"
#include "store/leads.h"
#include "store/suppressions.h"
#include "store/views.h"

#define PAGE 500

static const char *const statuses[] = { "active", "paused", "replied", "booked", "bounced", "stopped", "suppressed", "forgotten", NULL };

static int
check_status(const char *s, struct lp_err *err)
{
	const char *near;
	size_t i;

	if (s == NULL)
		return 0;
	for (i = 0; statuses[i] != NULL; i++)
		if (strcmp(s, statuses[i]) == 0)
			return 0;
	near = lp_did_you_mean(s, statuses);
	if (near != NULL)
		return lp_fail(err, LP_USAGE, "unknown status '%.40s' (did you mean '%s'?)", s, near);
	return lp_fail(err, LP_USAGE, "unknown status '%.40s': active, paused, replied, booked, bounced, stopped, suppressed or forgotten", s);
}

int
leads_campaign(struct lp_db *db, const char *which, int64_t *seq, struct lp_err *err)
{
	static const char by_seq[] = "SELECT seq FROM campaigns WHERE seq = ?1";
	static const char by_name[] = "SELECT seq FROM campaigns WHERE name = ?1";
	int r;

	*seq = 0;
	if (which == NULL)
		return 0;
	r = lp_handle(which, 'c', seq) ? db_int(db, err, seq, by_seq, "I", *seq) : db_int(db, err, seq, by_name, "s", which);
	return r == 1 ? 0 : r == 0 ? lp_fail(err, LP_NO, "no such campaign: %.100s", which) : -1;
}

int
leads_each(struct lp_db *db, const struct lead_filter *f, lead_fn *fn, void *ctx, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT seq FROM leads WHERE seq > ?1 AND (status = ?2 OR (?2 IS NULL AND status <> 'forgotten'))"
	    " AND (?3 = 0 OR seq IN (SELECT lead_id FROM enrolments WHERE campaign_id = ?3))"
	    " AND (?5 IS NULL OR (contacted_at IS NULL AND source_at < ?5 AND status NOT IN ('suppressed', 'forgotten'))) ORDER BY seq LIMIT ?4";
	int64_t campaign, page[PAGE], last = 0, left = f->limit > 0 ? f->limit : INT64_MAX;
	sqlite3_stmt *st;
	cJSON *lead;
	size_t n, i;
	int r;

	if (check_status(f->status, err) == -1 || leads_campaign(db, f->campaign, &campaign, err) == -1)
		return -1;
	do {
		if ((st = db_query(db, err, sql, "IsIIT", last, f->status, campaign, left < PAGE ? left : (int64_t)PAGE, f->stale)) == NULL)
			return -1;
		for (n = 0; (r = db_step(db, st, err)) == 1;)
			page[n++] = db_int64(st, 0);
		for (i = 0; r == 0 && i < n; i++) {
			last = page[i];
			if ((lead = view_lead(db, last, err)) == NULL) {
				if (err == NULL || err->kind == LP_NO)
					continue; /* gone since the page was read */
				return -1;
			}
			r = f->consents ? consents_show(db, last, lead, err) : 0;
			if (r == 0)
				r = fn(lead, ctx);
			cJSON_Delete(lead);
		}
		left -= (int64_t)n;
	} while (r == 0 && n == PAGE && left > 0);
	return r;
}

cJSON *
leads_custom_names(struct lp_db *db, struct lp_err *err)
{
	static const char sql[] = "SELECT DISTINCT json_each.key FROM leads, json_each(leads.custom) WHERE leads.status <> 'forgotten' ORDER BY 1";
	sqlite3_stmt *st = db_query(db, err, sql, "");
	cJSON *list;
	int r;

	if (st == NULL)
		return NULL;
	list = cJSON_CreateArray();
	while ((r = db_step(db, st, err)) == 1)
		cJSON_AddItemToArray(list, cJSON_CreateString(db_text(st, 0)));
	if (r == 0)
		return list;
	cJSON_Delete(list);
	return NULL;
}

/* What is held beside the lead's own row; each query takes the lead's seq. */
static const struct part {
	const char *name, *sql;
} parts[] = {
	{ "addresses", "SELECT kind, value, source, created_at FROM person_addresses WHERE person_id ="
	               " (SELECT person_id FROM leads WHERE seq = ?1) ORDER BY kind, value" },
	{ "consents", "SELECT channel, source, given_at, withdrawn_at, withdrawn_reason FROM consents WHERE person_id ="
	              " (SELECT person_id FROM leads WHERE seq = ?1) ORDER BY seq" },
	{ "enrolments", "SELECT 'e' || e.seq AS id, c.name AS campaign, e.version, a.name AS account, e.way, e.status, e.stop_reason,"
	                " e.enrolled_at, e.planned_at, e.ended_at FROM enrolments e JOIN campaigns c ON c.seq = e.campaign_id"
	                " LEFT JOIN accounts a ON a.seq = e.account_id WHERE e.lead_id = ?1 ORDER BY e.seq" },
	{ "messages", "SELECT 'm' || m.seq AS id, m.purpose, m.rfc_message_id, m.step, m.variant, m.channel, m.status, m.status_reason, m.due_at,"
	              " m.slot_at, m.recipient, m.sent_at, o.state AS outbox, o.code, o.response, t.subject, t.body, t.html, t.origin"
	              " FROM messages m LEFT JOIN message_texts t ON t.message_id = m.seq LEFT JOIN outbox o ON o.message_id = m.seq"
	              " WHERE m.lead_id = ?1 ORDER BY m.seq" },
	{ "replies", "SELECT 'i' || i.seq AS id, i.kind, i.status, i.from_name, i.from_address, i.subject, i.sent_at, i.received_at, i.file,"
	             " i.classification, i.sentiment, i.confidence, t.text FROM inbox_messages i"
	             " LEFT JOIN inbox_texts t ON t.inbox_message_id = i.seq WHERE i.lead_id = ?1 ORDER BY i.seq" },
	{ "threads", "SELECT channel, owner, owner_reason, auto_turns, created_at, updated_at FROM threads WHERE lead_id = ?1 ORDER BY seq" },
	{ "meetings", "SELECT 'b' || seq AS id, status, status_reason, partstat, starts_at, ends_at, timezone, title, location, attendee,"
	              " booked_by FROM meetings WHERE lead_id = ?1 ORDER BY seq" },
	{ "tasks", "SELECT 't' || seq AS id, task_type, status, outcome, scheduled_for, hold_kind, hold_reason, rejection_reason, error_message,"
	           " input_data AS \"input_data{}\", output_data AS \"output_data{}\", created_at, completed_at FROM agent_tasks"
	           " WHERE lead_id = ?1 ORDER BY seq" },
	{ "decisions", "SELECT 't' || d.task_id AS task, d.action, d.reasoning, d.confidence, d.data AS \"data{}\", d.brain, d.created_at"
	               " FROM decisions d JOIN agent_tasks t ON t.seq = d.task_id WHERE t.lead_id = ?1 ORDER BY d.seq" },
	{ "verdicts", "SELECT 't' || v.task_id AS task, v.stage, v.verdict, v.hold_kind, v.reason, v.until_at, v.rules AS \"rules{}\","
	              " g.situation AS \"situation{}\", v.created_at FROM verdicts v JOIN agent_tasks t ON t.seq = v.task_id"
	              " LEFT JOIN gate_inputs g ON g.verdict_id = v.seq WHERE t.lead_id = ?1 ORDER BY v.seq" },
	{ "approvals", "SELECT 'p' || p.seq AS id, p.status, p.reason, p.decided_by, p.decided_at, p.comment, p.created_at FROM approvals p"
	               " JOIN agent_tasks t ON t.seq = p.task_id WHERE t.lead_id = ?1 ORDER BY p.seq" },
	{ "memories", "SELECT 'y' || seq AS id, memory_type, key, value, metadata AS \"metadata{}\", importance, expires_at, created_at, updated_at"
	              " FROM agent_memory WHERE lead_id = ?1 ORDER BY seq" },
	{ "model_calls", "SELECT m.provider, m.model, m.purpose, m.answer, m.created_at FROM model_calls m JOIN agent_tasks t ON t.seq = m.task_id"
	                 " WHERE t.lead_id = ?1 ORDER BY m.seq" },
	{ "notifications", "SELECT 'n' || seq AS id, type, title, message, created_at FROM notifications WHERE lead_id = ?1 ORDER BY seq" },
	{ "suppressions", "SELECT kind, value, reason, source, created_at FROM suppressions WHERE person_id ="
	                  " (SELECT person_id FROM leads WHERE seq = ?1) ORDER BY seq" },
	{ "log", "SELECT 'g' || l.seq AS id, l.created_at, l.log_type, p.message, p.reasoning, p.confidence, p.details AS \"details{}\""
	         " FROM agent_logs l LEFT JOIN agent_log_payloads p ON p.log_id = l.seq WHERE l.lead_id = ?1 ORDER BY l.seq" },
};

/* A suppression of the domain, say, isn't the person's row but stands in the way all the same. */
static int
add_hit(struct lp_db *db, int64_t seq, cJSON *story, struct lp_err *err)
{
	static const char sql[] = "SELECT person_id FROM leads WHERE seq = ?1";
	struct suppression_hit hit;
	int64_t person = 0;
	cJSON *o;
	int r;

	if (db_int(db, err, &person, sql, "I", seq) == -1 || (r = suppressions_hit(db, person, NULL, &hit, err)) == -1)
		return -1;
	if (r == 0)
		return 0;
	o = cJSON_CreateObject();
	json_set_str(o, "kind", hit.kind);
	json_set_str(o, "reason", hit.reason);
	json_set_str(o, "since", hit.since);
	json_set(story, "suppressed", o);
	return 0;
}

cJSON *
leads_story(struct lp_db *db, int64_t seq, struct lp_err *err)
{
	cJSON *story = view_lead(db, seq, err), *list;
	sqlite3_stmt *st;
	size_t i;

	if (story == NULL)
		return NULL;
	if (add_hit(db, seq, story, err) == -1) {
		cJSON_Delete(story);
		return NULL;
	}
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		st = db_query(db, err, parts[i].sql, "I", seq);
		if (st == NULL || (list = rows_json(db, st, err)) == NULL) {
			cJSON_Delete(story);
			return NULL;
		}
		json_set(story, parts[i].name, list);
	}
	return story;
}
