#include "store/notify.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "store/notify_int.h"

int
notify_add(struct lp_db *db, const struct notice *n, struct lp_err *err)
{
	static const char sql[] =
	    "INSERT INTO notifications (id, type, title, message, command, task_id, lead_id, dedupe_key, created_at)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (dedupe_key) DO NOTHING";
	char uuid[LP_UUID_SIZE];

	if (db_uuid(db, uuid, err) == -1)
		return -1;
	return db_exec(db, err, sql, "sssssnnss", uuid, n->type, n->title, n->message, n->command, n->task, n->lead, n->dedupe,
	    db_now_iso(db)) == -1 ? -1 : 0;
}

int
notify_retitle(struct lp_db *db, const char *dedupe, const char *type, const char *title, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE notifications SET type = ?2, title = ?3 WHERE dedupe_key = ?1 AND digest IS NULL AND read_at IS NULL";

	return db_exec(db, err, sql, "sss", dedupe, type, title) == -1 ? -1 : 0;
}

/* ---- to look at */

int
notify_rows(struct lp_db *db, sqlite3_stmt *st, struct notice_row **out, size_t *n, struct lp_err *err)
{
	int r = -1;

	*out = NULL;
	*n = 0;
	while (st != NULL && (r = db_step(db, st, err)) == 1) {
		struct notice_row *x;

		if ((*n & (*n + 1)) == 0)
			*out = xrealloc(*out, (2 * *n + 2) * sizeof(**out));
		x = &(*out)[(*n)++];
		*x = (struct notice_row){ .seq = db_int64(st, 0), .lead = db_int64(st, 1), .task = db_int64(st, 2), .title = xstrdup(db_text(st, 4)),
			.message = xstrdup(db_text(st, 5)), .command = xstrdup(db_text(st, 6)) };
		snprintf(x->type, sizeof(x->type), "%s", db_text(st, 3));
		snprintf(x->created_at, sizeof(x->created_at), "%s", db_text(st, 7));
	}
	if (r == -1) {
		notify_free(*out, *n);
		*out = NULL;
		*n = 0;
	}
	return r;
}

void
notify_free(struct notice_row *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(list[i].title);
		free(list[i].message);
		free(list[i].command);
	}
	free(list);
}

int
notify_unread(struct lp_db *db, int64_t limit, struct notice_row **out, size_t *n, struct lp_err *err)
{
	return notify_rows(db, db_query(db, err, NOTIFY_COLUMNS " WHERE read_at IS NULL ORDER BY seq DESC LIMIT ?1", "I", limit), out, n, err);
}

int
notify_read(struct lp_db *db, int64_t seq, struct lp_err *err)
{
	int64_t there;
	int r = db_exec(db, err, "UPDATE notifications SET read_at = ?2 WHERE seq = ?1 AND read_at IS NULL", "Is", seq, db_now_iso(db));

	if (r == 0 && (r = db_int(db, err, &there, "SELECT 0 FROM notifications WHERE seq = ?1", "I", seq)) != -1)
		return r == 1 ? 0 : lp_fail(err, LP_NO, "no notice n%" PRId64, seq);
	return r;
}

int
notify_read_all(struct lp_db *db, struct lp_err *err)
{
	return db_exec(db, err, "UPDATE notifications SET read_at = ?1 WHERE read_at IS NULL", "s", db_now_iso(db));
}

int
notify_read_about(struct lp_db *db, const char *dedupe, struct lp_err *err)
{
	static const char sql[] = "UPDATE notifications SET read_at = ?2 WHERE dedupe_key = ?1 AND read_at IS NULL";

	return db_exec(db, err, sql, "ss", dedupe, db_now_iso(db));
}

int
notify_read_done(struct lp_db *db, const char *command, struct lp_err *err)
{
	return db_exec(db, err, "UPDATE notifications SET read_at = ?2 WHERE read_at IS NULL AND command = ?1", "ss", command, db_now_iso(db));
}
