/*
 * Meetings as people see them.  Part of meetings.h.
 */
#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "base/prog.h"
#include "store/meetings.h"
#include "store/views.h"

#define COLUMNS \
	"SELECT 'b' || b.seq AS id, b.id AS uuid, b.uid, b.sequence, b.status, b.status_reason, b.partstat, b.replied_at, b.starts_at, b.ends_at," \
	" b.timezone, b.title, b.location, b.attendee, 'l' || b.lead_id AS lead_id," \
	" nullif(trim(ifnull(l.first_name, '') || ' ' || ifnull(l.last_name, '')), '') AS name, l.company, 'c' || b.campaign_id AS campaign_id," \
	" a.name AS account, 'i' || b.inbox_message_id AS inbox_message_id, 't' || b.task_id AS task_id, b.booked_by, b.others AS \"others{}\"," \
	" b.next_sequence, b.next_starts_at, b.next_ends_at, (SELECT json_group_array(json_object('id', 'm' || m.seq, 'purpose', m.purpose," \
	" 'status', m.status, 'sent_at', m.sent_at)) FROM messages m WHERE m.meeting_id = b.seq) AS \"messages{}\", b.created_at, b.updated_at" \
	" FROM meetings b LEFT JOIN leads l ON l.seq = b.lead_id LEFT JOIN accounts a ON a.seq = b.account_id"

int
meeting_place(struct lp_db *db, int64_t lead, struct meeting_place *p, struct lp_err *err)
{
	static const char last[] =
	    "SELECT thread_id, account_id, campaign_id FROM messages WHERE lead_id = ?1 AND status = 'sent' AND channel = 'email'"
	    " AND account_id IS NOT NULL ORDER BY sent_at DESC, seq DESC LIMIT 1";
	static const char only[] = "SELECT max(seq) FROM accounts WHERE channel = 'email' AND status = 'active' HAVING count(*) = 1";
	sqlite3_stmt *st = db_query(db, err, last, "I", lead);
	int r;

	*p = (struct meeting_place){ 0 };
	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return -1;
	if (r == 0)
		return db_int(db, err, &p->account, only, "");
	*p = (struct meeting_place){ db_int64(st, 0), db_int64(st, 1), db_int64(st, 2) };
	db_done(st);
	return 1;
}

int
meeting_ahead(struct lp_db *db, int64_t lead, int64_t *seq, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT b.seq FROM leads l JOIN leads o ON o.person_id = l.person_id JOIN meetings b ON b.lead_id = o.seq WHERE l.seq = ?1"
	    " AND b.status IN ('reserved', 'proposed', 'confirmed') AND b.ends_at > ?2 ORDER BY b.starts_at LIMIT 1";

	return db_int(db, err, seq, sql, "Is", lead, db_now_iso(db));
}

int
meeting_message(struct lp_db *db, int64_t seq, int sequence, int64_t *message, int64_t *task, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT m.seq, (SELECT max(t.seq) FROM agent_tasks t WHERE t.message_id = m.seq) FROM messages m JOIN meetings b ON b.seq = m.meeting_id"
	    " WHERE b.seq = ?1 AND m.purpose = 'meet:' || b.uid || ':' || ?2";
	sqlite3_stmt *st = db_query(db, err, sql, "Ii", seq, sequence);
	int r;

	if (st == NULL || (r = db_step(db, st, err)) != 1)
		return st == NULL ? -1 : r;
	*message = db_int64(st, 0);
	*task = db_int64(st, 1);
	db_done(st);
	return 1;
}

cJSON *
meetings_list(struct lp_db *db, const struct meeting_filter *f, struct lp_err *err)
{
	static const char *const states[] = { "reserved", "proposed", "confirmed", "declined", "cancelled", "all", NULL };
	static const char ahead[] = COLUMNS
	    " WHERE b.status IN ('reserved', 'proposed', 'confirmed') AND b.ends_at > ?1 AND (?2 IS NULL OR b.lead_id = ?2) ORDER BY b.starts_at, b.seq"
	    " LIMIT ?3";
	static const char some[] = COLUMNS
	    " WHERE (?1 = 'all' OR b.status = ?1) AND (?2 IS NULL OR b.lead_id = ?2) ORDER BY b.starts_at, b.seq LIMIT ?3";
	int64_t limit = f->limit > 0 ? f->limit : -1;
	const char *near;
	size_t i;

	if (f->status == NULL)
		return rows_json(db, db_query(db, err, ahead, "snI", db_now_iso(db), f->lead, limit), err);
	for (i = 0; states[i] != NULL && strcmp(states[i], f->status) != 0; i++)
		;
	if (states[i] == NULL) {
		near = lp_did_you_mean(f->status, states);
		lp_fail(err, LP_USAGE, "no meeting is '%.40s'%s%s%s", f->status, near != NULL ? " (did you mean '" : "", near != NULL ? near : "",
		    near != NULL ? "'?)" : "");
		return NULL;
	}
	return rows_json(db, db_query(db, err, some, "snI", f->status, f->lead, limit), err);
}

cJSON *
meeting_json(struct lp_db *db, int64_t seq, struct lp_err *err)
{
	cJSON *all = rows_json(db, db_query(db, err, COLUMNS " WHERE b.seq = ?1", "I", seq), err), *o;

	if (all == NULL)
		return NULL;
	o = cJSON_DetachItemFromArray(all, 0);
	cJSON_Delete(all);
	if (o == NULL)
		lp_fail(err, LP_NO, "no such meeting: b%" PRId64, seq);
	return o;
}
