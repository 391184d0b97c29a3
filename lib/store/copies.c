#include "store/copies.h"

#include <stdlib.h>

#include "base/mem.h"
#include "store/log.h"

void
copies_free(struct copy *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(list[i].rfc_id);
	free(list);
}

int
copies_due(struct lp_db *db, struct copy **list, size_t *n, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT o.message_id, o.account_id, 0 AS unknown, o.copy_tries, o.reserved_at AS since, o.rfc_message_id FROM outbox o JOIN accounts a ON a.seq = o.account_id"
	    " WHERE o.copy = 'due' AND ifnull(o.copy_at, '') <= ?1 AND json_extract(a.settings, '$.imap_host') IS NOT NULL"
	    " AND json_extract(a.settings, '$.sent_folder') IS NOT NULL"
	    " UNION ALL "
	    "SELECT o.message_id, o.account_id, 1, o.copy_tries, o.reserved_at, o.rfc_message_id FROM outbox o JOIN accounts a ON a.seq = o.account_id"
	    " WHERE o.state IN ('reserved', 'deferred', 'unknown') AND o.state = 'unknown' AND o.channel = 'email' AND ifnull(o.copy_at, '') <= ?1"
	    " AND json_extract(a.settings, '$.imap_host') IS NOT NULL AND json_extract(a.settings, '$.sent_folder') IS NOT NULL"
	    " ORDER BY 2, 3 DESC, 5 LIMIT ?2";
	sqlite3_stmt *st = db_query(db, err, sql, "si", db_now_iso(db), COPIES_MOST);
	int r = -1;

	*list = NULL;
	*n = 0;
	while (st != NULL && (r = db_step(db, st, err)) == 1) {
		struct copy *c;

		*list = xrealloc(*list, (*n + 1) * sizeof(**list));
		c = &(*list)[(*n)++];
		*c = (struct copy){ .message = db_int64(st, 0), .account = db_int64(st, 1), .unknown = db_int64(st, 2) != 0, .tries = (int)db_int64(st, 3),
			.since = db_time(st, 4), .rfc_id = xstrdup(db_text(st, 5)) };
	}
	return r == -1 ? -1 : 0;
}

int
copies_take(struct lp_db *db, const struct copy *c, int64_t until, struct lp_err *err)
{
	static const char sql[] = "UPDATE outbox SET copy_at = ?3 WHERE message_id = ?1 AND ifnull(copy_at, '') <= ?2 AND copy_tries = ?4"
	    " AND (copy = 'due' OR state = 'unknown')";

	return db_exec(db, err, sql, "IstI", c->message, db_now_iso(db), until, (int64_t)c->tries);
}

int
copy_note(struct lp_db *db, const struct copy *c, enum copy_state state, int64_t at, const char *text, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE outbox SET copy = CASE ?2 WHEN 0 THEN 'done' WHEN 2 THEN 'failed' ELSE copy END, copy_tries = copy_tries + 1,"
	    " copy_at = ifnull(?3, ?4), updated_at = ?4 WHERE message_id = ?1";

	if (db_exec(db, err, sql, "IiTs", c->message, (int)state, at, db_now_iso(db)) == -1)
		return -1;
	if (state == COPY_LATER)
		return 0;
	return log_add(db, &(struct log_entry){ .type = state == COPY_DONE ? "action" : "error", .message = c->message, .account = c->account, .text = text }, err);
}
