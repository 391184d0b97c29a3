#include "store/approval_list.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "store/messages.h"
#include "store/views.h"

int
approvals_list(struct lp_db *db, int64_t campaign, int64_t limit, int64_t **seqs, size_t *n, struct lp_err *err)
{
	/* one whose task was cancelled or went on without it asks for nothing any more */
	static const char sql[] =
	    "SELECT a.seq FROM approvals a JOIN agent_tasks t ON t.seq = a.task_id WHERE a.status = 'open' AND t.status = 'awaiting_approval'"
	    " AND (a.expires_at IS NULL OR a.expires_at > ?1) AND (?2 IS NULL OR a.campaign_id = ?2) ORDER BY t.priority DESC, a.seq LIMIT ?3";
	sqlite3_stmt *st = db_query(db, err, sql, "snI", db_now_iso(db), campaign, limit);
	int r;

	*seqs = NULL;
	*n = 0;
	if (st == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1) {
		if ((*n & (*n - 1)) == 0)
			*seqs = xrealloc(*seqs, (*n > 0 ? 2 * *n : 1) * sizeof(**seqs));
		(*seqs)[(*n)++] = db_int64(st, 0);
	}
	if (r == 0)
		return 0;
	free(*seqs);
	*seqs = NULL;
	return -1;
}

int
approvals_find(struct lp_db *db, const char *word, int64_t *seq, struct lp_err *err)
{
	static const char task_sql[] = "SELECT seq FROM approvals WHERE task_id = ?1 ORDER BY status = 'open' DESC, seq DESC LIMIT 1";
	static const char message_sql[] = "SELECT seq FROM approvals WHERE message_id = ?1 ORDER BY status = 'open' DESC, seq DESC LIMIT 1";
	int64_t n;

	if (lp_handle(word, 'p', &n))
		return db_int(db, err, seq, "SELECT seq FROM approvals WHERE seq = ?1", "I", n);
	if (lp_handle(word, 't', &n))
		return db_int(db, err, seq, task_sql, "I", n);
	if (lp_handle(word, 'm', &n))
		return db_int(db, err, seq, message_sql, "I", n);
	return lp_uuid_ok(word) ? db_int(db, err, seq, "SELECT seq FROM approvals WHERE id = ?1", "s", word) : 0;
}

/* What hangs on it; what is gone is left out. */
static int
add(struct lp_db *db, cJSON *o, const char *name, cJSON *(*view)(struct lp_db *, int64_t, struct lp_err *), int64_t seq, struct lp_err *err)
{
	cJSON *v;

	if (seq == 0)
		return 0;
	if ((v = view(db, seq, err)) == NULL)
		return err->kind == LP_NO ? 0 : -1;
	json_set(o, name, v);
	return 0;
}

static cJSON *
text(struct lp_db *db, int64_t seq, struct lp_err *err)
{
	return message_json(db, seq, true, err);
}

cJSON *
approval_json(struct lp_db *db, int64_t seq, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT 'p' || a.seq AS id, a.id AS uuid, a.kind, a.status, a.reason, 't' || a.task_id AS task_id, t.task_type, 'l' || t.lead_id AS lead_id,"
	    " 'm' || a.message_id AS message_id, 'c' || a.campaign_id AS campaign_id, c.name AS campaign, a.version, a.max_leads, a.content_hash,"
	    " a.rules AS \"rules{}\", a.created_at, a.expires_at, a.decided_by, a.decided_at, a.comment,"
	    " a.message_id IS NOT NULL AND m.content_hash IS NOT a.content_hash AS \"changed?\","
	    " CASE WHEN d.seq IS NOT NULL THEN json_object('action', d.action, 'reasoning', d.reasoning, 'confidence', d.confidence,"
	    "  'brain', d.brain, 'data', json(d.data)) END AS \"decision{}\""
	    " FROM approvals a LEFT JOIN agent_tasks t ON t.seq = a.task_id LEFT JOIN campaigns c ON c.seq = a.campaign_id"
	    " LEFT JOIN messages m ON m.seq = a.message_id LEFT JOIN decisions d ON d.seq = a.decision_id WHERE a.seq = ?1";
	static const char of_sql[] =
	    "SELECT t.lead_id, a.message_id, t.inbox_message_id FROM approvals a LEFT JOIN agent_tasks t ON t.seq = a.task_id WHERE a.seq = ?1";
	sqlite3_stmt *st = db_query(db, err, sql, "I", seq);
	int64_t lead, message, inbox;
	cJSON *o;
	int r;

	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return NULL;
	if (r == 0) {
		lp_fail(err, LP_NO, "no approval p%" PRId64, seq);
		return NULL;
	}
	o = row_json(st);
	db_done(st);
	if ((st = db_query(db, err, of_sql, "I", seq)) == NULL || db_step(db, st, err) != 1)
		goto fail;
	lead = db_int64(st, 0);
	message = db_int64(st, 1);
	inbox = db_int64(st, 2);
	db_done(st);
	if (add(db, o, "lead", view_lead, lead, err) == 0 && add(db, o, "message", text, message, err) == 0 &&
	    add(db, o, "reply", view_reply, inbox, err) == 0)
		return o;
fail:
	cJSON_Delete(o);
	return NULL;
}

int
approval_of_campaign(struct lp_db *db, int64_t campaign, int *version, char hash[LP_HEX_SIZE], struct lp_err *err)
{
	static const char sql[] =
	    "SELECT v.version, v.hash FROM campaigns c JOIN campaign_versions v ON v.campaign_id = c.seq AND v.version = c.version WHERE c.seq = ?1";
	sqlite3_stmt *st = db_query(db, err, sql, "I", campaign);
	int r;

	if (st == NULL)
		return -1;
	if ((r = db_step(db, st, err)) == 1) {
		*version = (int)db_int64(st, 0);
		snprintf(hash, LP_HEX_SIZE, "%s", db_text(st, 1));
		db_done(st);
	}
	return r;
}

int
approval_before(struct lp_db *db, int64_t campaign, int version, int *before, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT version FROM approvals WHERE kind = 'campaign' AND campaign_id = ?1 AND version < ?2 AND decided_by IS NOT NULL"
	    " AND status IN ('approved', 'superseded') ORDER BY version DESC LIMIT 1";
	int64_t v = 0;
	int r = db_int(db, err, &v, sql, "Ii", campaign, version);

	*before = (int)v;
	return r;
}
