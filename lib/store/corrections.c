#include "store/corrections.h"

#include <inttypes.h>

#include "base/err.h"

int
corrections_each(struct lp_db *db, void (*fn)(const struct correction *, void *), void *ctx, struct lp_err *err)
{
	/* the inner limit takes the newest, the outer order lets the latest word come last, where it counts most */
	static const char sql[] =
	    "SELECT c.inbox_message_id, i.subject, ifnull(x.reply_text, x.text), c.class"
	    " FROM (SELECT inbox_message_id, class, created_at FROM reply_corrections ORDER BY created_at DESC, inbox_message_id DESC LIMIT 2000) c"
	    " JOIN inbox_messages i ON i.seq = c.inbox_message_id JOIN inbox_texts x ON x.inbox_message_id = c.inbox_message_id"
	    " WHERE ifnull(x.reply_text, x.text) IS NOT NULL ORDER BY c.created_at, c.inbox_message_id";
	sqlite3_stmt *st = db_query(db, err, sql, "");
	int n = 0, r;

	if (st == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1) {
		struct correction c = { .inbox = db_int64(st, 0), .subject = db_text(st, 1), .text = db_text(st, 2), .class = db_text(st, 3) };

		fn(&c, ctx);
		n++;
	}
	return r == -1 ? -1 : n;
}

int
correction_put(struct lp_db *db, int64_t inbox, const char *class, const char *by, struct lp_err *err)
{
	static const char sql[] =
	    "INSERT INTO reply_corrections (inbox_message_id, was, class, decided_by, created_at)"
	    " SELECT seq, classification, ?2, ?3, ?4 FROM inbox_messages WHERE seq = ?1"
	    " ON CONFLICT (inbox_message_id) DO UPDATE SET class = excluded.class, decided_by = excluded.decided_by, created_at = excluded.created_at";
	int n = db_exec(db, err, sql, "Isss", inbox, class, by, db_now_iso(db));

	if (n == 0)
		return lp_fail(err, LP_NOINPUT, "there is no inbox message i%" PRId64, inbox);
	return n == -1 ? -1 : 0;
}
