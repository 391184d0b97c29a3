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
