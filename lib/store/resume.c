#include "store/resume.h"

#include <inttypes.h>
#include <stdio.h>

#include "store/log.h"

/* Whose leads a mail is about. */
#define LEADS "SELECT l.seq FROM inbox_messages i JOIN leads own ON own.seq = i.lead_id JOIN leads l ON l.person_id = own.person_id WHERE i.seq = ?1"

static int
resume_messages(struct lp_db *db, int64_t inbox, const char *like, int64_t until, struct lp_err *err)
{
	/* the sending times that they had are past or given away: each gets a new one when it is due */
	static const char slots[] =
	    "UPDATE slots SET message_id = NULL WHERE message_id IN (SELECT m.seq FROM messages m JOIN enrolments e ON e.seq = m.enrolment_id"
	    " WHERE m.status = 'superseded' AND m.status_reason LIKE ?2 AND e.stop_reason LIKE ?2 AND m.lead_id IN (" LEADS "))";
	static const char sql[] =
	    "UPDATE messages SET status = 'planned', status_reason = NULL, slot_at = NULL, updated_at = ?4,"
	    " due_at = CASE WHEN due_at IS NULL THEN NULL WHEN ?3 IS NOT NULL AND due_at < ?3 THEN ?3 ELSE due_at END"
	    " WHERE status = 'superseded' AND status_reason LIKE ?2 AND lead_id IN (" LEADS ")"
	    " AND enrolment_id IN (SELECT seq FROM enrolments WHERE status = 'stopped' AND stop_reason LIKE ?2)";

	if (db_exec(db, err, slots, "Is", inbox, like) == -1)
		return -1;
	return db_exec(db, err, sql, "IsTs", inbox, like, until, db_now_iso(db)) == -1 ? -1 : 0;
}

int
resume_after(struct lp_db *db, int64_t inbox, int64_t until, struct lp_err *err)
{
	static const char lead_sql[] =
	    "UPDATE leads SET status = 'active', status_reason = NULL, version = version + 1, updated_at = ?3"
	    " WHERE status = 'replied' AND status_reason LIKE ?2 AND seq IN (" LEADS ")";
	static const char sql[] =
	    "UPDATE enrolments SET status = CASE WHEN planned_at IS NULL THEN 'enrolled' WHEN ?3 IS NULL THEN 'active' ELSE 'paused' END,"
	    " paused_until = CASE WHEN planned_at IS NULL THEN NULL ELSE ?3 END, ended_at = NULL,"
	    " stop_reason = CASE WHEN planned_at IS NULL OR ?3 IS NULL THEN NULL ELSE 'away ' || ?4 END"
	    " WHERE status = 'stopped' AND stop_reason LIKE ?2 AND lead_id IN (" LEADS ")";
	char like[40], handle[24], text[128];
	int64_t lead = 0;
	int n;

	snprintf(like, sizeof(like), "%%(i%" PRId64 ")", inbox);
	snprintf(handle, sizeof(handle), "(i%" PRId64 ")", inbox);
	if (db_exec(db, err, lead_sql, "Iss", inbox, like, db_now_iso(db)) == -1 || resume_messages(db, inbox, like, until, err) == -1 ||
	    (n = db_exec(db, err, sql, "IsTs", inbox, like, until, handle)) == -1 ||
	    db_int(db, err, &lead, "SELECT lead_id FROM inbox_messages WHERE seq = ?1", "I", inbox) == -1)
		return -1;
	snprintf(text, sizeof(text), "%d enrolment%s that i%" PRId64 " had stopped go%s on%s", n, n == 1 ? "" : "s", inbox, n == 1 ? "es" : "",
	    until != 0 ? ", after a pause" : "");
	return n > 0 && log_add(db, &(struct log_entry){ .type = "action", .lead = lead, .inbox = inbox, .text = text }, err) == -1 ? -1 : n;
}
