#include "store/slots.h"

#include <stdio.h>

#include "base/mem.h"

int
slots_made(struct lp_db *db, int64_t account, const char *day, struct lp_err *err)
{
	int64_t v;

	return db_int(db, err, &v, "SELECT 1 FROM slots WHERE account_id = ?1 AND day = ?2 LIMIT 1", "Is", account, day);
}

int
slots_store(struct lp_db *db, int64_t account, const char *day, const int64_t *at, size_t n, struct lp_err *err)
{
	static const char sql[] = "INSERT INTO slots (account_id, day, n, at) VALUES (?1, ?2, ?3, ?4)";
	size_t i;

	for (i = 0; i < n; i++)
		if (db_exec(db, err, sql, "Isit", account, day, (int)i + 1, at[i]) == -1)
			return -1;
	return 0;
}

int
slots_list(struct lp_db *db, int64_t account, const char *day, int64_t **at, size_t *n, struct lp_err *err)
{
	sqlite3_stmt *st = db_query(db, err, "SELECT at FROM slots WHERE account_id = ?1 AND day = ?2 ORDER BY n", "Is", account, day);
	int r;

	*at = NULL;
	*n = 0;
	if (st == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1) {
		if ((*n & (*n - 1)) == 0)
			*at = xrealloc(*at, (*n > 0 ? 2 * *n : 1) * sizeof(**at));
		(*at)[(*n)++] = db_time(st, 0);
	}
	return r;
}

int
slots_next(struct lp_db *db, int64_t account, int64_t from, int64_t until, int64_t *at, char day[11], int64_t *n, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT at, day, n FROM slots WHERE account_id = ?1 AND message_id IS NULL AND lost = 0"
	    " AND at >= ?2 AND at < ?3 ORDER BY at, day, n LIMIT 1";
	sqlite3_stmt *st;
	int r;

	if ((st = db_query(db, err, sql, "Itt", account, from, until)) == NULL)
		return -1;
	if ((r = db_step(db, st, err)) == 1) {
		*at = db_time(st, 0);
		snprintf(day, 11, "%s", db_text(st, 1));
		*n = db_int64(st, 2);
		db_done(st);
	}
	return r;
}

int
slots_take(struct lp_db *db, int64_t account, const char *day, int64_t n, int64_t message, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE slots SET message_id = ?4 WHERE account_id = ?1 AND day = ?2 AND n = ?3 AND message_id IS NULL AND lost = 0";
	static const char msg_sql[] =
	    "UPDATE messages SET slot_at = (SELECT at FROM slots WHERE account_id = ?1 AND day = ?2 AND n = ?3), updated_at = ?5 WHERE seq = ?4";
	int r = db_exec(db, err, sql, "IsII", account, day, n, message);

	if (r <= 0)
		return r;
	return db_exec(db, err, msg_sql, "IsIIs", account, day, n, message, db_now_iso(db)) == -1 ? -1 : 1;
}

int
slots_release(struct lp_db *db, int64_t message, struct lp_err *err)
{
	static const char sql[] = "UPDATE slots SET lost = at < ?2, message_id = NULL WHERE message_id = ?1";
	static const char msg_sql[] = "UPDATE messages SET slot_at = NULL, updated_at = ?2 WHERE seq = ?1 AND slot_at IS NOT NULL";

	if (db_exec(db, err, sql, "Is", message, db_now_iso(db)) == -1)
		return -1;
	return db_exec(db, err, msg_sql, "Is", message, db_now_iso(db)) == -1 ? -1 : 0;
}
