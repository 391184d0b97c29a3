#include "store/due.h"

#include <stdlib.h>

#include "base/mem.h"

/* Appends. */
static int
collect(struct lp_db *db, sqlite3_stmt *st, struct due_message **out, size_t *n, struct lp_err *err)
{
	int r;

	if (st == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1) {
		if ((*n & (*n - 1)) == 0)
			*out = xrealloc(*out, (*n > 0 ? 2 * *n : 1) * sizeof(**out));
		(*out)[(*n)++] = (struct due_message){ .message = db_int64(st, 0), .task = db_int64(st, 1), .account = db_int64(st, 2),
			.campaign = db_int64(st, 3), .enrolment = db_int64(st, 4), .lead = db_int64(st, 5), .version = (int)db_int64(st, 6),
			.step = (int)db_int64(st, 7), .from = db_time(st, 8) };
	}
	return r;
}

int
due_messages(struct lp_db *db, size_t limit, struct due_message **out, size_t *n, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT m.seq, 0, m.account_id, m.campaign_id, m.enrolment_id, m.lead_id, e.version, m.step, m.due_at"
	    " FROM messages m JOIN enrolments e ON e.seq = m.enrolment_id JOIN campaigns c ON c.seq = m.campaign_id"
	    " JOIN leads l ON l.seq = m.lead_id"
	    " WHERE m.status = 'planned' AND m.due_at IS NOT NULL AND m.due_at <= ?1 AND e.status = 'active' AND c.status = 'running'"
	    " AND l.status = 'active' AND (m.step IS 1) = ?3 ORDER BY m.due_at, m.seq LIMIT ?2";
	int first;

	*out = NULL;
	*n = 0;
	/* follow-ups first; two walks along the index instead of a sort of all that is due */
	for (first = 0; first <= 1 && *n < limit; first++)
		if (collect(db, db_query(db, err, sql, "sii", db_now_iso(db), (int)(limit - *n), first), out, n, err) == -1)
			return -1;
	return 0;
}

int
due_missed(struct lp_db *db, int64_t before, size_t limit, struct due_message **out, size_t *n, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT m.seq, t.seq, m.account_id, m.campaign_id, m.enrolment_id, m.lead_id, e.version, m.step, NULL"
	    " FROM messages m CROSS JOIN agent_tasks t ON t.message_id = m.seq CROSS JOIN enrolments e ON e.seq = m.enrolment_id"
	    " WHERE t.status = 'pending' AND t.ready = 1 AND m.status = 'due' AND ifnull(m.slot_at, '') < ?1"
	    " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = m.seq AND o.state <> 'deferred') ORDER BY m.step = 1, t.seq LIMIT ?2";
	/* those whose time has come in the meantime are due too */
	static const char promote[] =
	    "UPDATE agent_tasks SET ready = 1 WHERE status = 'pending' AND ready = 0 AND scheduled_for <= ?1";

	*out = NULL;
	*n = 0;
	if (db_exec(db, err, promote, "s", db_now_iso(db)) == -1)
		return -1;
	return collect(db, db_query(db, err, sql, "ti", before, (int)limit), out, n, err);
}

int
due_inboxes(struct lp_db *db, int64_t before, int64_t **out, size_t *n, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT seq FROM accounts WHERE json_extract(settings, '$.in') IS NOT NULL"
	    " AND (inbox_tried_at IS NULL OR inbox_tried_at <= ?1) ORDER BY seq";
	sqlite3_stmt *st = db_query(db, err, sql, "t", before);
	int r;

	*out = NULL;
	*n = 0;
	if (st == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1) {
		*out = xrealloc(*out, (*n + 1) * sizeof(**out));
		(*out)[(*n)++] = db_int64(st, 0);
	}
	return r;
}

int
due_told(struct lp_db *db, const char *key, struct lp_err *err)
{
	int64_t v;

	return db_int(db, err, &v, "SELECT 1 FROM notifications WHERE dedupe_key = ?1", "s", key);
}
