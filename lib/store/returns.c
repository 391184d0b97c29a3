#include "store/returns.h"

int
returns_set(struct lp_db *db, int64_t inbox, const char *returned, struct lp_err *err)
{
	return db_exec(db, err, "UPDATE inbox_messages SET returned = ?2, updated_at = ?3 WHERE seq = ?1", "Iss", inbox, returned,
	    db_now_iso(db)) == -1 ? -1 : 0;
}

int
returns_soft_in_a_row(struct lp_db *db, int64_t message, int64_t *n, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT EXISTS (SELECT 1 FROM inbox_messages i WHERE i.message_id = o.message_id AND i.returned = 'soft')"
	    " FROM outbox m CROSS JOIN outbox o ON o.lead_id = m.lead_id WHERE m.message_id = ?1 AND o.recipient = m.recipient"
	    " AND o.state IN ('sent', 'unknown') ORDER BY o.reserved_at DESC, o.message_id DESC";
	sqlite3_stmt *st = db_query(db, err, sql, "I", message);
	int r = -1;

	*n = 0;
	while (st != NULL && (r = db_step(db, st, err)) == 1) {
		if (db_int64(st, 0) == 0) {
			db_done(st);
			return 0;
		}
		++*n;
	}
	return r;
}

int
returns_of(struct lp_db *db, int64_t account, int64_t since, struct returns *out, struct lp_err *err)
{
	static const char sent[] =
	    "SELECT count(*) FROM outbox WHERE (?1 IS NULL OR account_id = ?1) AND reserved_at >= ?2 AND state IN ('sent', 'unknown')";
	static const char back[] =
	    "SELECT count(DISTINCT i.message_id) FROM inbox_messages i CROSS JOIN outbox o ON o.message_id = i.message_id"
	    " WHERE i.returned = ?3 AND (?1 IS NULL OR o.account_id = ?1) AND o.reserved_at >= ?2";

	*out = (struct returns){ 0 };
	if (db_int(db, err, &out->sent, sent, "nt", account, since) == -1 ||
	    db_int(db, err, &out->hard, back, "nts", account, since, "hard") == -1 ||
	    db_int(db, err, &out->complaints, back, "nts", account, since, "complaint") == -1)
		return -1;
	return 0;
}

int
returns_bounced(struct lp_db *db, int64_t person, const char *address, const char *why, struct lp_err *err)
{
	static const char sql[] = "UPDATE leads SET status = 'bounced', status_reason = ?3, version = version + 1, updated_at = ?4"
	                          " WHERE person_id = ?1 AND email = ?2 AND status <> 'forgotten'";

	return db_exec(db, err, sql, "Isss", person, address, why, db_now_iso(db)) == -1 ? -1 : 0;
}
