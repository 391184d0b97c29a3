#include "store/delivery.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define KEEP (2 * LP_DAY) /* what nobody asked for by then is of another program's message */

const char *
delivery_word(const char *s)
{
	static const char *const words[][2] = {
		{ "accepted", "queued" }, { "scheduled", "queued" }, { "queued", "queued" }, { "sending", "queued" },
		{ "sent", "sent" }, { "delivered", "delivered" }, { "partially_delivered", "delivered" }, { "read", "read" },
		{ "failed", "failed" }, { "undelivered", "failed" }, { "canceled", "failed" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(s, words[i][0]) == 0)
			return words[i][1];
	return NULL;
}

int
delivery_find(struct lp_db *db, int64_t account, const char *service_id, int64_t *message, struct lp_err *err)
{
	return db_int(db, err, message, "SELECT message_id FROM outbox WHERE service_id = ?1 AND account_id = ?2", "sI", service_id, account);
}

int
delivery_unknown(struct lp_db *db, int64_t account, const char *to, int64_t at, int64_t *message, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT max(message_id) FROM outbox WHERE state = 'unknown' AND account_id = ?1 AND recipient = ?2 AND service_id IS NULL"
	    " AND reserved_at BETWEEN ?3 AND ?4 HAVING count(*) = 1";

	return db_int(db, err, message, sql, "Istt", account, to, at - LP_DAY, at + 10 * LP_MINUTE);
}

int
delivery_put(struct lp_db *db, int64_t message, const struct delivery *d, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE outbox SET delivery = ?2, updated_at = ?4,"
	    " delivered_at = CASE WHEN ?2 IN ('delivered', 'read') THEN ifnull(delivered_at, ?3) ELSE delivered_at END,"
	    " read_at = CASE ?2 WHEN 'read' THEN ifnull(read_at, ?3) ELSE read_at END,"
	    " status = CASE ?2 WHEN 'failed' THEN ifnull(nullif(?5, 0), status) ELSE status END,"
	    " response = CASE ?2 WHEN 'failed' THEN ifnull(?6, response) ELSE response END"
	    " WHERE message_id = ?1 AND instr('  queued   sent     failed   delivered read', ' ' || ?2)"
	    " > instr('  queued   sent     failed   delivered read', ' ' || ifnull(delivery, 'none')) AND ifnull(delivery, '') <> 'failed'";

	return db_exec(db, err, sql, "Istsis", message, d->status, d->at, db_now_iso(db), d->code, d->text);
}

int
delivery_keep(struct lp_db *db, const struct delivery *d, struct lp_err *err)
{
	static const char open_sql[] = "SELECT 1 FROM outbox WHERE state = 'reserved' AND account_id = ?1 LIMIT 1";
	static const char old_sql[] = "DELETE FROM delivery_early WHERE created_at < ?1";
	static const char sql[] =
	    "INSERT INTO delivery_early (account_id, service_id, status, code, response, at, created_at) VALUES (?1, ?2, ?3, nullif(?4, 0), ?5, ?6, ?7)"
	    " ON CONFLICT DO NOTHING";
	int64_t v;
	int r = db_int(db, err, &v, open_sql, "I", d->account);

	if (r != 1)
		return r;
	if (db_exec(db, err, old_sql, "t", db_now(db) - KEEP) == -1 ||
	    db_exec(db, err, sql, "Issists", d->account, d->service_id, d->status, d->code, d->text, d->at, db_now_iso(db)) == -1)
		return -1;
	return 1;
}

int
delivery_kept(struct lp_db *db, int64_t account, const char *service_id, delivery_fn *fn, void *arg, struct lp_err *err)
{
	static const char next_sql[] = "SELECT status, code, response, at FROM delivery_early WHERE account_id = ?1 AND service_id = ?2 ORDER BY at, status LIMIT 1";
	static const char gone_sql[] = "DELETE FROM delivery_early WHERE account_id = ?1 AND service_id = ?2 AND status = ?3";
	sqlite3_stmt *st;
	int r;

	while ((st = db_query(db, err, next_sql, "Is", account, service_id)) != NULL && (r = db_step(db, st, err)) != 0) {
		struct delivery d = { .account = account, .service_id = service_id };
		char *status, *text;

		if (r == -1)
			return -1;
		d.status = status = xstrdup(db_text(st, 0));
		d.code = (int)db_int64(st, 1);
		d.text = text = xstrdup(db_text(st, 2));
		d.at = db_time(st, 3);
		db_done(st);
		r = db_exec(db, err, gone_sql, "Iss", account, service_id, status) == -1 ? -1 : fn(arg, &d, err);
		free(status);
		free(text);
		if (r == -1)
			return -1;
	}
	return st == NULL ? -1 : 0;
}
