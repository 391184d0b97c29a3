#include "store/notify.h"

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
	    "UPDATE notifications SET type = ?2, title = ?3 WHERE dedupe_key = ?1 AND delivered_at IS NULL AND read_at IS NULL";

	return db_exec(db, err, sql, "sss", dedupe, type, title) == -1 ? -1 : 0;
}
