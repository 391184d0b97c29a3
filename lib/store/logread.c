#include "store/logread.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "store/messages.h"
#include "store/tasks.h"
#include "store/views.h"

int
log_type_ok(const char *type)
{
	static const char *const types[] = { "decision", "action", "observation", "learning", "error", "approval", "rule_triggered" };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i], type) == 0)
			return 1;
	return 0;
}

int64_t
log_seq(const cJSON *row)
{
	int64_t seq = 0;
	const char *id = json_str(row, "id");

	if (id != NULL)
		lp_handle(id, 'g', &seq);
	return seq;
}

/* A log row needs no UUID of its own: its time and its hash are one. */
static void
add_uuid(cJSON *o, sqlite3_stmt *st, int time_col, int hash_col)
{
	const unsigned char *hash = sqlite3_column_blob(st, hash_col);
	char uuid[LP_UUID_SIZE];

	if (hash != NULL && sqlite3_column_bytes(st, hash_col) >= 10)
		json_set_str(o, "uuid", lp_uuid7(db_time(st, time_col), hash, uuid));
	json_rm(o, "hash");
}

#define LOG_COLUMNS \
	"'g' || l.seq AS id, l.created_at, l.hash, l.log_type, 't' || l.task_id AS task_id, 'l' || l.lead_id AS lead_id," \
	" 'c' || l.campaign_id AS campaign_id, 'm' || l.message_id AS message_id, 'i' || l.inbox_message_id AS inbox_message_id," \
	" 'a' || l.account_id AS account_id, 'r' || l.rule_id AS rule_id, l.rule_version, p.message, p.reasoning, p.confidence," \
	" p.details AS \"details{}\", CASE WHEN p.log_id IS NULL THEN 1 END AS \"erased?\"" \
	" FROM agent_logs l LEFT JOIN agent_log_payloads p ON p.log_id = l.seq"

static cJSON *
rows(struct lp_db *db, sqlite3_stmt *st, struct lp_err *err)
{
	cJSON *list = cJSON_CreateArray(), *o;
	int r;

	if (st == NULL) {
		cJSON_Delete(list);
		return NULL;
	}
	while ((r = db_step(db, st, err)) == 1) {
		o = row_json(st);
		add_uuid(o, st, 1, 2);
		cJSON_InsertItemInArray(list, 0, o);
	}
	if (r == 0)
		return list;
	cJSON_Delete(list);
	return NULL;
}

cJSON *
log_list(struct lp_db *db, const struct log_filter *f, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT " LOG_COLUMNS " WHERE (?1 IS NULL OR l.log_type = ?1) AND (?2 IS NULL OR l.task_id = ?2) AND (?3 IS NULL OR l.lead_id = ?3)"
	    " AND (?4 IS NULL OR l.created_at >= ?4) AND (?5 IS NULL OR l.created_at < ?5) AND l.seq > ?6 AND (?8 IS NULL OR l.campaign_id = ?8)"
	    " ORDER BY l.seq DESC LIMIT ?7";

	return rows(db, db_query(db, err, sql, "snnTTIIn", f->type, f->task, f->lead, f->since, f->until, f->after, f->limit, f->campaign), err);
}

/* ---- why ---- */

struct story {
	struct lp_db *db;
	cJSON *o;
	int64_t lead, task, message, inbox, campaign, rule, account, log;
	int64_t of_campaign;            /* a task's: its approval as a whole is part of the story */
};

static int
put(struct story *s, const char *name, cJSON *v, struct lp_err *err)
{
	if (v == NULL)
		return err->kind == LP_NO ? 0 : -1;
	if (cJSON_IsArray(v) && cJSON_GetArraySize(v) == 0)
		cJSON_Delete(v);
	else
		json_set(s->o, name, v);
	return 0;
}

static int
list(struct story *s, const char *name, sqlite3_stmt *st, struct lp_err *err)
{
	return put(s, name, rows_json(s->db, st, err), err);
}

/* A message's task, a task's message and lead: so that each is told with the others. */
static int
relatives(struct story *s, struct lp_err *err)
{
	static const char of_message[] = "SELECT seq FROM agent_tasks WHERE message_id = ?1 ORDER BY seq DESC LIMIT 1";
	static const char of_task[] = "SELECT message_id, lead_id, inbox_message_id, campaign_id FROM agent_tasks WHERE seq = ?1";
	static const char lead_of[] = "SELECT lead_id FROM messages WHERE seq = ?1";
	sqlite3_stmt *st;
	int r;

	if (s->message != 0 && s->task == 0 && db_int(s->db, err, &s->task, of_message, "I", s->message) == -1)
		return -1;
	if (s->message != 0 && s->lead == 0 && db_int(s->db, err, &s->lead, lead_of, "I", s->message) == -1)
		return -1;
	if (s->task == 0)
		return 0;
	if ((st = db_query(s->db, err, of_task, "I", s->task)) == NULL || (r = db_step(s->db, st, err)) == -1)
		return -1;
	if (r == 1) {
		s->message = db_int64(st, 0);
		s->lead = db_int64(st, 1);
		s->inbox = db_int64(st, 2);
		s->of_campaign = db_int64(st, 3);
		db_done(st);
	}
	return 0;
}

static int
judged(struct story *s, struct lp_err *err)
{
	static const char decisions[] =
	    "SELECT d.created_at, 't' || d.task_id AS task_id, d.action, d.reasoning, d.confidence, d.requires_approval AS \"requires_approval?\","
	    " d.brain, d.data AS \"data{}\" FROM decisions d JOIN agent_tasks t ON t.seq = d.task_id"
	    " WHERE d.task_id = ?1 OR (?2 IS NOT NULL AND t.lead_id = ?2) ORDER BY d.seq";
	static const char verdicts[] =
	    "SELECT v.created_at, 't' || v.task_id AS task_id, v.try, v.stage, v.verdict, v.hold_kind, v.reason, v.until_at, v.rules AS \"rules{}\","
	    " CASE WHEN ?2 IS NULL THEN i.situation END AS \"situation{}\" FROM verdicts v JOIN agent_tasks t ON t.seq = v.task_id"
	    " LEFT JOIN gate_inputs i ON i.verdict_id = v.seq WHERE v.task_id = ?1 OR (?2 IS NOT NULL AND t.lead_id = ?2) ORDER BY v.seq";
	static const char approvals[] =
	    "SELECT 'p' || a.seq AS id, a.kind, a.status, a.reason, a.created_at, a.expires_at, a.decided_by, a.decided_at, a.comment,"
	    " a.version, a.rules AS \"rules{}\" FROM approvals a WHERE a.task_id = ?1 OR (a.kind = 'campaign' AND a.campaign_id = ?2)"
	    " OR (?3 IS NOT NULL AND a.task_id IN (SELECT seq FROM agent_tasks WHERE lead_id = ?3)) ORDER BY a.seq";
	static const char calls[] =
	    "SELECT c.created_at, c.seq AS call, 't' || c.task_id AS task_id, c.purpose, c.provider || iif(c.model = '', '', ':' || c.model) AS brain, c.state,"
	    " c.tokens_in, c.tokens_cached, c.tokens_out, c.cost_micros / 1e6 AS cost, c.latency_ms, c.record_of, c.answer, c.error"
	    " FROM model_calls c JOIN agent_tasks t ON t.seq = c.task_id WHERE c.task_id = ?1 OR (?2 IS NOT NULL AND t.lead_id = ?2) ORDER BY c.seq";
	/* of one task or message the situation is shown as well; of a lead the list would drown in it */
	int64_t all = s->task == 0 ? s->lead : 0;

	return list(s, "calls", db_query(s->db, err, calls, "nn", s->task, all), err) == -1 ||
	    list(s, "decisions", db_query(s->db, err, decisions, "nn", s->task, all), err) == -1 ||
	    list(s, "verdicts", db_query(s->db, err, verdicts, "nn", s->task, all), err) == -1 ||
	    list(s, "approvals", db_query(s->db, err, approvals, "nnn", s->task, s->campaign != 0 ? s->campaign : s->of_campaign, all), err) == -1 ? -1 : 0;
}

static int
sent(struct story *s, struct lp_err *err)
{
	static const char outbox[] =
	    "SELECT 'm' || o.message_id AS message_id, m.purpose, o.state, a.name AS account, o.recipient, o.tries, o.reserved_at, o.sent_at,"
	    " o.next_try_at, o.code, o.response, o.rfc_message_id FROM outbox o LEFT JOIN accounts a ON a.seq = o.account_id"
	    " LEFT JOIN messages m ON m.seq = o.message_id WHERE o.message_id = ?1 OR (?2 IS NOT NULL AND o.lead_id = ?2) ORDER BY o.reserved_at";
	static const char messages[] =
	    "SELECT 'm' || m.seq AS id, m.purpose, m.step, m.variant, m.status, m.status_reason, m.due_at, m.slot_at, m.sent_at, c.name AS campaign,"
	    " t.subject FROM messages m LEFT JOIN campaigns c ON c.seq = m.campaign_id LEFT JOIN message_texts t ON t.message_id = m.seq"
	    " WHERE m.lead_id = ?1 ORDER BY m.seq";
	static const char memories[] =
	    "SELECT 'y' || seq AS id, memory_type, key, value, importance FROM agent_memory WHERE lead_id = ?1 ORDER BY updated_at";
	static const char notices[] =
	    "SELECT 'n' || seq AS id, created_at, type, title, message, command FROM notifications WHERE task_id = ?1"
	    " OR (?2 IS NOT NULL AND lead_id = ?2) ORDER BY seq";
	static const char replies[] =
	    "SELECT 'i' || i.seq AS id, i.received_at AS created_at, i.kind, i.from_name, i.from_address, i.subject, i.classification AS class, i.sentiment,"
	    " i.confidence, t.reply_text AS text FROM inbox_messages i LEFT JOIN inbox_texts t ON t.inbox_message_id = i.seq"
	    " WHERE i.lead_id = ?1 AND (?2 IS NULL OR i.message_id = ?2) ORDER BY i.received_at, i.seq";
	int64_t all = s->task == 0 ? s->lead : 0;

	return (all != 0 && list(s, "messages", db_query(s->db, err, messages, "n", all), err) == -1) ||
	    list(s, "outbox", db_query(s->db, err, outbox, "nn", s->message, all), err) == -1 ||
	    ((all != 0 || s->message != 0) && list(s, "replies", db_query(s->db, err, replies, "nn", s->lead, s->message), err) == -1) ||
	    list(s, "memories", db_query(s->db, err, memories, "n", s->lead), err) == -1 ||
	    list(s, "notices", db_query(s->db, err, notices, "nn", s->task, all), err) == -1 ? -1 : 0;
}

static cJSON *
memory_now(struct lp_db *db, const char *handle, struct lp_err *err)
{
	static const char sql[] = "SELECT memory_type, key, value FROM agent_memory WHERE seq = ?1";
	sqlite3_stmt *st;
	int64_t seq = 0;
	cJSON *o;
	int r;

	lp_handle(handle, 'y', &seq);
	if ((st = db_query(db, err, sql, "I", seq)) == NULL || (r = db_step(db, st, err)) == -1)
		return NULL;
	o = r == 1 ? row_json(st) : cJSON_CreateObject();
	db_done(st);
	json_set_str(o, "id", handle);
	return o;
}

/* The memories that a decision was made with, as they are now; of one that is gone its handle. */
static int
knew(struct lp_db *db, cJSON *log, struct lp_err *err)
{
	cJSON *row, *handles, *h, *m;

	cJSON_ArrayForEach(row, log) {
		if ((handles = cJSON_DetachItemFromObjectCaseSensitive(json_get(row, "details"), "memories")) == NULL)
			continue;
		json_set(row, "memories", cJSON_CreateArray());
		cJSON_ArrayForEach(h, handles) {
			if (!cJSON_IsString(h))
				continue;
			if ((m = memory_now(db, h->valuestring, err)) == NULL) {
				cJSON_Delete(handles);
				return -1;
			}
			cJSON_AddItemToArray(json_get(row, "memories"), m);
		}
		cJSON_Delete(handles);
	}
	return 0;
}

static int
log_rows(struct story *s, struct lp_err *err)
{
	static const char of_lead[] = "SELECT " LOG_COLUMNS " WHERE l.lead_id = ?1 ORDER BY l.seq DESC LIMIT 10000";
	/* a message's rows by its lead's: they have an index */
	static const char of_task[] =
	    "SELECT " LOG_COLUMNS " WHERE l.seq IN (SELECT seq FROM agent_logs WHERE task_id = ?1 UNION SELECT seq FROM agent_logs WHERE lead_id = ?3"
	    " AND message_id = ?2) ORDER BY l.seq DESC LIMIT 10000";
	/* of what many leads share, what is no single lead's */
	static const char others[] =
	    "SELECT " LOG_COLUMNS " WHERE (?1 IS NOT NULL AND l.campaign_id = ?1 AND l.lead_id IS NULL) OR (?2 IS NOT NULL AND l.rule_id = ?2)"
	    " OR (?3 IS NOT NULL AND l.account_id = ?3 AND l.lead_id IS NULL AND l.task_id IS NULL) OR l.seq = ?4"
	    " OR (?5 IS NOT NULL AND l.inbox_message_id = ?5) ORDER BY l.seq DESC LIMIT 1000";
	sqlite3_stmt *st;
	cJSON *list;

	if (s->task != 0 || s->message != 0)
		st = db_query(s->db, err, of_task, "nnn", s->task, s->message, s->lead);
	else if (s->lead != 0)
		st = db_query(s->db, err, of_lead, "I", s->lead);
	else
		st = db_query(s->db, err, others, "nnnIn", s->campaign, s->rule, s->account, s->log, s->inbox);
	if ((list = rows(s->db, st, err)) == NULL || knew(s->db, list, err) == -1) {
		cJSON_Delete(list);
		return -1;
	}
	return put(s, "log", list, err);
}

static cJSON *
rule_now(struct lp_db *db, int64_t rule, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT 'r' || seq AS id, id AS uuid, name, rule_type, condition, condition_json AS \"condition_json{}\", action,"
	    " action_json AS \"action_json{}\", priority, version, is_enabled AS \"is_enabled?\", times_triggered, last_triggered_at FROM agent_rules WHERE seq = ?1";
	sqlite3_stmt *st = db_query(db, err, sql, "I", rule);
	cJSON *o;
	int r;

	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return NULL;
	if (r == 0) {
		lp_fail(err, LP_NO, "no such rule");
		return NULL;
	}
	o = row_json(st);
	db_done(st);
	return o;
}

static int
tell(struct story *s, struct lp_err *err)
{
	if (relatives(s, err) == -1)
		return -1;
	if ((s->lead != 0 && put(s, "lead", view_lead(s->db, s->lead, err), err) == -1) ||
	    (s->campaign != 0 && put(s, "campaign", view_campaign(s->db, s->campaign, err), err) == -1) ||
	    (s->task != 0 && put(s, "task", task_json(s->db, s->task, true, err), err) == -1) ||
	    (s->message != 0 && put(s, "message", message_json(s->db, s->message, true, err), err) == -1) ||
	    (s->inbox != 0 && put(s, "reply", view_reply(s->db, s->inbox, err), err) == -1) ||
	    (s->rule != 0 && put(s, "rule", rule_now(s->db, s->rule, err), err) == -1))
		return -1;
	if ((s->lead != 0 || s->task != 0 || s->message != 0 || s->campaign != 0) && judged(s, err) == -1)
		return -1;
	if ((s->lead != 0 || s->task != 0 || s->message != 0) && sent(s, err) == -1)
		return -1;
	return log_rows(s, err);
}

/* An approval is told as its task, or its campaign. */
static int
approval(struct story *s, int64_t seq, struct lp_err *err)
{
	sqlite3_stmt *st = db_query(s->db, err, "SELECT task_id, campaign_id FROM approvals WHERE seq = ?1", "I", seq);
	int r;

	if (st == NULL || (r = db_step(s->db, st, err)) == -1)
		return -1;
	if (r == 0)
		return lp_fail(err, LP_NO, "no such approval: p%" PRId64, seq);
	s->task = db_int64(st, 0);
	s->campaign = s->task == 0 ? db_int64(st, 1) : 0;
	db_done(st);
	return 0;
}

/* Others likewise; the row itself is told too. */
static int
other(struct story *s, char kind, int64_t seq, struct lp_err *err)
{
	static const char meeting[] =
	    "SELECT 'b' || seq AS id, id AS uuid, status, status_reason, partstat, starts_at, ends_at, timezone, title, location, attendee, booked_by,"
	    " next_starts_at, 'l' || lead_id AS lead_id, 't' || task_id AS task_id,"
	    " created_at FROM meetings WHERE seq = ?1";
	static const char notice[] =
	    "SELECT 'n' || seq AS id, id AS uuid, type, title, message, command, 'l' || lead_id AS lead_id, 't' || task_id AS task_id, created_at, read_at"
	    " FROM notifications WHERE seq = ?1";
	static const char memory[] =
	    "SELECT 'y' || seq AS id, id AS uuid, memory_type, key, value, importance, 'l' || lead_id AS lead_id, expires_at, created_at, updated_at"
	    " FROM agent_memory WHERE seq = ?1";
	static const char enrolment[] =
	    "SELECT 'e' || seq AS id, id AS uuid, 'c' || campaign_id AS campaign_id, version, way, status, stop_reason, 'l' || lead_id AS lead_id, enrolled_at,"
	    " planned_at, ended_at FROM enrolments WHERE seq = ?1";
	static const char account[] =
	    "SELECT 'a' || seq AS id, id AS uuid, name, kind, address, status, status_reason, daily_limit, inbox_read_at, inbox_error, created_at"
	    " FROM accounts WHERE seq = ?1";
	static const char log[] = "SELECT 't' || task_id AS task_id FROM agent_logs WHERE seq = ?1";
	const char *sql = kind == 'a' ? account : kind == 'b' ? meeting : kind == 'n' ? notice : kind == 'y' ? memory : kind == 'e' ? enrolment : log;
	cJSON *all = rows_json(s->db, db_query(s->db, err, sql, "I", seq), err), *o;

	if (all == NULL)
		return -1;
	o = cJSON_DetachItemFromArray(all, 0);
	cJSON_Delete(all);
	if (kind == 'a')
		s->account = seq;
	if (o == NULL)
		return kind == 'a' ? 0 : lp_fail(err, LP_NO, "no such %s: %c%" PRId64, lp_kind_name(kind), kind, seq);
	if (json_str(o, "task_id") != NULL)
		lp_handle(json_str(o, "task_id"), 't', &s->task);
	else if (json_str(o, "lead_id") != NULL)
		lp_handle(json_str(o, "lead_id"), 'l', &s->lead);
	if (kind == 'g') {
		s->log = seq;
		cJSON_Delete(o);
	} else
		json_set(s->o, "about", o);
	return 0;
}

static int
named(struct story *s, const char *word, struct lp_err *err)
{
	int64_t seq;
	char kind;

	if (log_named(s->db, word, &kind, &seq, err) == -1)
		return -1;
	switch (kind) {
	case 't': s->task = seq; break;
	case 'm': s->message = seq; break;
	case 'c': s->campaign = seq; break;
	case 'r': s->rule = seq; break;
	case 'i': s->inbox = seq; break;
	case 'l': s->lead = seq; break;
	case 'p': return approval(s, seq, err);
	default: return other(s, kind, seq, err);
	}
	return 0;
}

cJSON *
log_why(struct lp_db *db, const char *word, struct lp_err *err)
{
	struct story s = { .db = db, .o = cJSON_CreateObject() };

	if (named(&s, word, err) == -1 || tell(&s, err) == -1) {
		cJSON_Delete(s.o);
		return NULL;
	}
	if (s.o->child == NULL) {
		cJSON_Delete(s.o);
		lp_fail(err, LP_NO, "nothing is known of %s", word);
		return NULL;
	}
	return s.o;
}
