#include "store/tasks.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/prog.h"
#include "store/log.h"
#include "store/views.h"

const char *const task_types[] = { "find_leads", "enrich_lead", "generate_sequence", "send_message", "check_inbox", "classify_reply",
	"respond_to_reply", "book_meeting", "follow_up", "report", "learn", "manual", NULL };

bool
task_type_ok(const char *type)
{
	for (const char *const *t = task_types; *t != NULL; t++)
		if (strcmp(*t, type) == 0)
			return true;
	return false;
}

bool
task_types_ok(const char *list)
{
	const char *s = *list == '!' ? list + 1 : list;

	for (;; s++) {
		size_t n = strcspn(s, ",");
		char *one = xstrndup(s, n);
		bool ok = task_type_ok(one);

		free(one);
		if (!ok || s[n] == '\0')
			return ok;
		s += n;
	}
}

void
task_clear(struct task *t)
{
	free(t->input);
	*t = (struct task){ 0 };
}

#define TASK_COLUMNS \
	"seq, id, task_type, status, campaign_id, lead_id, person_id, message_id, inbox_message_id, account_id, enrolment_id," \
	" priority, depth, tries, retry_count, max_retries, crashes, requires_approval, lease, scheduled_for, created_at, outcome, input_data"

static void
fill(struct task *t, sqlite3_stmt *st)
{
	int c = 0;

	*t = (struct task){ 0 };
	t->seq = db_int64(st, c++);
	snprintf(t->id, sizeof(t->id), "%s", db_text(st, c++));
	snprintf(t->type, sizeof(t->type), "%s", db_text(st, c++));
	snprintf(t->status, sizeof(t->status), "%s", db_text(st, c++));
	t->campaign = db_int64(st, c++);
	t->lead = db_int64(st, c++);
	t->person = db_int64(st, c++);
	t->message = db_int64(st, c++);
	t->inbox = db_int64(st, c++);
	t->account = db_int64(st, c++);
	t->enrolment = db_int64(st, c++);
	t->priority = (int)db_int64(st, c++);
	t->depth = (int)db_int64(st, c++);
	t->tries = (int)db_int64(st, c++);
	t->retry_count = (int)db_int64(st, c++);
	t->max_retries = (int)db_int64(st, c++);
	t->crashes = (int)db_int64(st, c++);
	t->requires_approval = db_int64(st, c++) != 0;
	snprintf(t->lease, sizeof(t->lease), "%s", db_null(st, c) ? "" : db_text(st, c));
	c++;
	t->scheduled_for = db_time(st, c++);
	t->created_at = db_time(st, c++);
	snprintf(t->outcome, sizeof(t->outcome), "%s", db_null(st, c) ? "" : db_text(st, c));
	c++;
	t->input = xstrdup(db_text(st, c));
}

int
task_get(struct lp_db *db, int64_t seq, struct task *t, struct lp_err *err)
{
	static const char sql[] = "SELECT " TASK_COLUMNS " FROM agent_tasks WHERE seq = ?1";
	sqlite3_stmt *st = db_query(db, err, sql, "I", seq);
	int r;

	*t = (struct task){ 0 };
	if (st == NULL)
		return -1;
	if ((r = db_step(db, st, err)) == 1) {
		fill(t, st);
		db_done(st);
	}
	return r;
}

int
task_find(struct lp_db *db, const char *text, int64_t *seq, struct lp_err *err)
{
	if (lp_handle(text, 't', seq))
		return db_int(db, err, seq, "SELECT seq FROM agent_tasks WHERE seq = ?1", "I", *seq);
	if (lp_uuid_ok(text))
		return db_int(db, err, seq, "SELECT seq FROM agent_tasks WHERE id = ?1", "s", text);
	if (lp_handle_kind(text) != 0)
		return lp_fail(err, LP_USAGE, "'%s' is a %s, not a task", text, lp_kind_name(lp_handle_kind(text)));
	return lp_fail(err, LP_USAGE, "'%s' is no task (want t12)", text);
}

int
task_mine(struct lp_db *db, int64_t seq, const char *lease, struct task *t, struct lp_err *err)
{
	int r = task_get(db, seq, t, err);

	if (r == 1 && (*lease == '\0' || strcmp(t->status, "running") != 0 || strcmp(t->lease, lease) != 0)) {
		task_clear(t);
		return 0;
	}
	return r;
}

/* A clear word about the row that isn't there, before the foreign key's "constraint failed". */
static int
known(struct lp_db *db, const char *sql, int64_t seq, char kind, struct lp_err *err)
{
	int64_t v;
	int r;

	if (seq == 0)
		return 0;
	if ((r = db_int(db, err, &v, sql, "I", seq)) == 0)
		return lp_fail(err, LP_DATA, "no such %s: %c%" PRId64, lp_kind_name(kind), kind, seq);
	return r == 1 ? 0 : -1;
}

static int
check_new(struct lp_db *db, const struct task_new *n, struct lp_err *err)
{
	const char *hint;

	if (!task_type_ok(n->type)) {
		hint = lp_did_you_mean(n->type, task_types);
		if (hint != NULL)
			return lp_fail(err, LP_DATA, "unknown task type '%.40s' (did you mean '%s'?)", n->type, hint);
		return lp_fail(err, LP_DATA, "unknown task type '%.40s'", n->type);
	}
	if (n->depth > TASK_MAX_DEPTH)
		return lp_fail(err, LP_DATA, "task is child of a child more than %d deep", TASK_MAX_DEPTH);
	if (known(db, "SELECT 1 FROM leads WHERE seq = ?1", n->lead, 'l', err) == -1 ||
	    known(db, "SELECT 1 FROM campaigns WHERE seq = ?1", n->campaign, 'c', err) == -1 ||
	    known(db, "SELECT 1 FROM messages WHERE seq = ?1", n->message, 'm', err) == -1 ||
	    known(db, "SELECT 1 FROM inbox_messages WHERE seq = ?1", n->inbox, 'i', err) == -1 ||
	    known(db, "SELECT 1 FROM accounts WHERE seq = ?1", n->account, 'a', err) == -1)
		return -1;
	return 0;
}

int
task_add(struct lp_db *db, const struct task_new *n, int64_t *seq, struct lp_err *err)
{
	static const char dup_sql[] =
	    "SELECT seq FROM agent_tasks WHERE dedupe_key = ?1 AND (status = 'pending' OR status = 'running' OR status = 'awaiting_approval')";
	static const char sql[] =
	    "INSERT INTO agent_tasks (id, task_type, priority, ready, scheduled_for, created_at, campaign_id, lead_id, person_id,"
	    " message_id, inbox_message_id, account_id, enrolment_id, dedupe_key, depth, input_data, max_retries, updated_at)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, (SELECT person_id FROM leads WHERE seq = ?8), ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?6)";
	int64_t at = n->at != 0 ? n->at : db_now(db);
	char uuid[LP_UUID_SIZE];
	int r;

	if (check_new(db, n, err) == -1)
		return -1;
	if (n->dedupe != NULL && (r = db_int(db, err, seq, dup_sql, "s", n->dedupe)) != 0)
		return r == 1 ? 0 : -1;
	if (db_uuid(db, uuid, err) == -1 ||
	    db_exec(db, err, sql, "ssiitsnnnnnnsisi", uuid, n->type, n->priority, at <= db_now(db), at, db_now_iso(db), n->campaign, n->lead,
	        n->message, n->inbox, n->account, n->enrolment, n->dedupe, n->depth, n->input != NULL ? n->input : "{}",
	        n->max_retries != 0 ? n->max_retries : 3) == -1)
		return -1;
	*seq = db_last_id(db);
	if (log_add(db, &(struct log_entry){ .type = "action", .task = *seq, .lead = n->lead, .campaign = n->campaign,
	    .message = n->message, .inbox = n->inbox, .account = n->account, .text = n->why != NULL ? n->why : "task added" }, err) == -1)
		return -1;
	return 1;
}

int
task_schedule(struct lp_db *db, int64_t seq, int64_t at, struct lp_err *err)
{
	static const char sql[] = "UPDATE agent_tasks SET scheduled_for = ?2, ready = ?3, updated_at = ?4 WHERE seq = ?1";

	return db_exec(db, err, sql, "Itis", seq, at, at <= db_now(db), db_now_iso(db)) == -1 ? -1 : 0;
}

cJSON *
task_json(struct lp_db *db, int64_t seq, bool whole, struct lp_err *err)
{
	static const char brief[] =
	    "SELECT 't' || seq AS id, id AS uuid, task_type, 'l' || lead_id AS lead_id, 'c' || campaign_id AS campaign_id,"
	    " 'm' || message_id AS message_id, 'i' || inbox_message_id AS inbox_message_id, 'a' || account_id AS account_id,"
	    " input_data AS \"input_data{}\", priority, retry_count + 1 AS attempt, depth, lease FROM agent_tasks WHERE seq = ?1";
	static const char full[] =
	    "SELECT 't' || seq AS id, id AS uuid, task_type, status, outcome, 'l' || lead_id AS lead_id, 'c' || campaign_id AS campaign_id,"
	    " 'm' || message_id AS message_id, 'i' || inbox_message_id AS inbox_message_id, 'a' || account_id AS account_id,"
	    " 'e' || enrolment_id AS enrolment_id, input_data AS \"input_data{}\", output_data AS \"output_data{}\", priority,"
	    " scheduled_for, requires_approval AS \"requires_approval?\", approved_by, approved_at, rejection_reason, hold_kind, hold_reason,"
	    " error_message, retry_count, max_retries, tries, crashes, depth, dedupe_key, lease, started_at, completed_at, created_at,"
	    " updated_at FROM agent_tasks WHERE seq = ?1";
	sqlite3_stmt *st = db_query(db, err, whole ? full : brief, "I", seq);
	cJSON *o = NULL;
	int r;

	if (st == NULL)
		return NULL;
	if ((r = db_step(db, st, err)) == 1) {
		o = row_json(st);
		db_done(st);
	} else if (r == 0)
		lp_fail(err, LP_NO, "no such task: t%" PRId64, seq);
	return o;
}
