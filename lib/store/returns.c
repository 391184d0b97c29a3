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
returns_mark(struct lp_db *db, int64_t message, const char *returned, struct lp_err *err)
{
	static const char sql[] = "UPDATE outbox SET returned = CASE returned WHEN 'complaint' THEN returned ELSE ?2 END WHERE message_id = ?1";

	return db_exec(db, err, sql, "Is", message, returned);
}

#define SENT " reserved_at >= ?2 AND (state = 'sent' OR state = 'unknown' OR (state = 'refused' AND returned = 'hard'))"

int
returns_back(struct lp_db *db, int64_t account, int64_t since, struct returns *out, struct lp_err *err)
{
	static const char sql[] = "SELECT count(*) FROM outbox WHERE account_id = ?1 AND returned = ?2 AND reserved_at >= ?3 AND returned IS NOT NULL";

	*out = (struct returns){ 0 };
	return db_int(db, err, &out->hard, sql, "Ist", account, "hard", since) == -1 ||
		db_int(db, err, &out->complaints, sql, "Ist", account, "complaint", since) == -1 ? -1 : 0;
}

int
returns_sent(struct lp_db *db, int64_t account, int64_t since, int64_t most, int64_t *n, struct lp_err *err)
{
	static const char sql[] = "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE account_id = ?1 AND" SENT " LIMIT ?3)";

	return db_int(db, err, n, sql, "ItI", account, since, most) == -1 ? -1 : 0;
}

int
returns_of(struct lp_db *db, int64_t account, int64_t since, struct returns *out, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT count(*), ifnull(sum(returned = 'hard'), 0), ifnull(sum(returned = 'complaint'), 0) FROM outbox"
	    " WHERE (?1 IS NULL OR account_id = ?1) AND" SENT;
	sqlite3_stmt *st = db_query(db, err, sql, "nt", account, since);

	*out = (struct returns){ 0 };
	if (st == NULL || db_step(db, st, err) != 1)
		return -1;
	*out = (struct returns){ db_int64(st, 0), db_int64(st, 1), db_int64(st, 2) };
	db_done(st);
	return 0;
}

int
returns_bounced(struct lp_db *db, int64_t person, const char *address, const char *why, struct lp_err *err)
{
	static const char sql[] = "UPDATE leads SET status = 'bounced', status_reason = ?3, version = version + 1, updated_at = ?4"
	                          " WHERE person_id = ?1 AND (email = ?2 OR phone = ?2 OR whatsapp = ?2) AND status <> 'forgotten'";

	return db_exec(db, err, sql, "Isss", person, address, why, db_now_iso(db)) == -1 ? -1 : 0;
}
