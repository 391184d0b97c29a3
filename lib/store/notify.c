#include "store/notify.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "store/config.h"

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

#define COLUMNS "SELECT seq, lead_id, task_id, type, title, message, command, created_at FROM notifications"

static int
rows(struct lp_db *db, sqlite3_stmt *st, struct notice_row **out, size_t *n, struct lp_err *err)
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
	return rows(db, db_query(db, err, COLUMNS " WHERE read_at IS NULL ORDER BY seq DESC LIMIT ?1", "I", limit), out, n, err);
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

/* ---- by mail */

/* Of the table n, with the configuration as c; ?1 is the oldest that is told of. */
#define WANTED \
	" n.delivered_at IS NULL AND n.created_at >= ?1 AND n.digest IS NULL AND n.read_at IS NULL" \
	" AND n.type NOT IN ('automatic_mail', 'opt_out', 'bounce', 'reply_judged')" \
	" AND (n.type <> 'reply_positive' OR c.notify_on_positive_reply) AND (n.type <> 'error' OR c.notify_on_error)" \
	" AND (n.type NOT GLOB 'meeting*' OR c.notify_on_meeting_booked)"
#define BEGUN " n.delivered_at IS NULL AND n.digest IS NOT NULL AND n.read_at IS NULL"

static int64_t
oldest(const struct lp_db *db)
{
	return db_now(db) - NOTIFY_DAYS * LP_DAY;
}

/* Is notify_interval over since the last mail? */
static int
again(struct lp_db *db, struct lp_err *err)
{
	struct lp_config c;
	char *last = NULL;
	int64_t at = 0;
	int r = db_str(db, err, &last, "SELECT max(delivered_at) FROM notifications", "");

	if (r == -1 || last == NULL)
		return r == -1 ? -1 : 1;
	r = lp_iso_parse(last, &at, err);
	free(last);
	if (r == -1 || config_load(db, &c, err) == -1)
		return -1;
	r = db_now(db) - at >= duration_ms(&c.notify_interval) || at > db_now(db);
	config_clear(&c);
	return r;
}

int
notify_due(struct lp_db *db, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT EXISTS (SELECT 1 FROM notifications n WHERE" BEGUN ") FROM agent_configs c WHERE c.notify_maildir IS NOT NULL"
	    " AND EXISTS (SELECT 1 FROM notifications n WHERE" BEGUN " UNION ALL SELECT 1 FROM notifications n WHERE" WANTED ")";
	int64_t begun;
	int r = db_int(db, err, &begun, sql, "t", oldest(db));

	return r != 1 || begun ? r : again(db, err);
}

int
notify_digest(struct lp_db *db, int64_t *digest, int64_t *at, struct lp_err *err)
{
	static const char begun[] = "SELECT min(digest) FROM notifications n WHERE" BEGUN " HAVING count(*) > 0";
	static const char first[] = "SELECT min(n.seq) FROM agent_configs c, notifications n WHERE" WANTED " HAVING count(*) > 0";
	static const char set[] =
	    "UPDATE notifications SET digest = ?2 WHERE seq IN (SELECT n.seq FROM agent_configs c, notifications n WHERE" WANTED ")";
	char *created = NULL;
	int r = db_int(db, err, digest, begun, "");

	if (r == 0 && (r = db_int(db, err, digest, first, "t", oldest(db))) == 1 && db_exec(db, err, set, "tI", oldest(db), *digest) == -1)
		r = -1;
	if (r == 1 && (r = db_str(db, err, &created, "SELECT created_at FROM notifications WHERE seq = ?1", "I", *digest)) == 1)
		r = lp_iso_parse(created, at, err) == -1 ? -1 : 1;
	free(created);
	return r;
}

int
notify_of_digest(struct lp_db *db, int64_t digest, struct notice_row **out, size_t *n, struct lp_err *err)
{
	static const char sql[] = COLUMNS
	    " WHERE digest = ?1 AND delivered_at IS NULL AND read_at IS NULL ORDER BY CASE type WHEN 'escalation' THEN 0 WHEN 'approval_expiring' THEN 1"
	    " WHEN 'approval_needed' THEN 2 WHEN 'complaint' THEN 3 WHEN 'error' THEN 4 WHEN 'report' THEN 9 ELSE 5 END, seq";

	return rows(db, db_query(db, err, sql, "I", digest), out, n, err);
}

int
notify_told(struct lp_db *db, int64_t digest, struct lp_err *err)
{
	static const char sql[] = "UPDATE notifications SET delivered_at = ?2 WHERE delivered_at IS NULL AND digest = ?1";

	return db_exec(db, err, sql, "Is", digest, db_now_iso(db)) == -1 ? -1 : 0;
}
