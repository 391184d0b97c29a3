/* outbox_count.c - counts over a time that slides, for the door: each from an index, and no further than the limit asks.  Part of outbox.h. */
#include "store/outbox.h"

int
outbox_since(struct lp_db *db, int64_t since, int64_t *n, struct lp_err *err)
{
	return db_int(db, err, n, "SELECT count(*) FROM outbox WHERE reserved_at > ?1 AND state IN ('reserved', 'sent', 'unknown')", "t", since) == -1 ? -1 : 0;
}

int
outbox_nth(struct lp_db *db, int64_t account, int64_t n, int64_t *at, struct lp_err *err)
{
	static const char all[] = "SELECT reserved_at FROM outbox WHERE state IN ('reserved', 'sent', 'unknown') ORDER BY reserved_at DESC LIMIT 1 OFFSET ?1";
	static const char one[] =
	    "SELECT reserved_at FROM outbox WHERE account_id = ?2 AND state IN ('reserved', 'sent', 'unknown') ORDER BY reserved_at DESC LIMIT 1 OFFSET ?1";
	sqlite3_stmt *st = account == 0 ? db_query(db, err, all, "I", n - 1) : db_query(db, err, one, "II", n - 1, account);
	int r = st != NULL ? db_step(db, st, err) : -1;

	if (r == 1) {
		*at = db_time(st, 0);
		db_done(st);
	}
	return r;
}

int
outbox_last(struct lp_db *db, int64_t account, int64_t but, int64_t *at, struct lp_err *err)
{
	static const char sql[] = "SELECT reserved_at FROM outbox WHERE account_id = ?1 AND message_id <> ?2 ORDER BY reserved_at DESC LIMIT 1";
	sqlite3_stmt *st = db_query(db, err, sql, "II", account, but);
	int r = st != NULL ? db_step(db, st, err) : -1;

	if (r == 1) {
		*at = db_time(st, 0);
		db_done(st);
	}
	return r;
}

int
outbox_to_provider(struct lp_db *db, const char *sender, const char *provider, int64_t since, int64_t most, int64_t *n, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE provider = ?2 AND sender = ?1 AND reserved_at > ?3 AND provider IS NOT NULL"
	    " AND state IN ('reserved', 'sent', 'unknown') LIMIT ?4)";

	return db_int(db, err, n, sql, "sstI", sender, provider, since, most) == -1 ? -1 : 0;
}

int
bulk_sender(struct lp_db *db, const char *sender, const char *provider, struct lp_err *err)
{
	int64_t v;

	return db_int(db, err, &v, "SELECT 1 FROM bulk_senders WHERE sender = ?1 AND provider = ?2", "ss", sender, provider);
}

int
bulk_sender_add(struct lp_db *db, const char *sender, const char *provider, struct lp_err *err)
{
	return db_exec(db, err, "INSERT INTO bulk_senders (sender, provider, created_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING", "sss", sender, provider,
	    db_now_iso(db));
}
