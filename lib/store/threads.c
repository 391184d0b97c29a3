#include "store/threads.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/log.h"

int
thread_get(struct lp_db *db, int64_t seq, struct thread *t, struct lp_err *err)
{
	static const char sql[] = "SELECT seq, lead_id, account_id, channel, owner, owner_reason, auto_turns, answered_at FROM threads WHERE seq = ?1";
	sqlite3_stmt *st = db_query(db, err, sql, "I", seq);
	int r;

	*t = (struct thread){ 0 };
	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return -1;
	if (r == 0)
		return 0;
	t->seq = db_int64(st, 0);
	t->lead = db_int64(st, 1);
	t->account = db_int64(st, 2);
	snprintf(t->channel, sizeof(t->channel), "%s", db_text(st, 3));
	t->persons = strcmp(db_text(st, 4), "person") == 0;
	t->reason = db_null(st, 5) ? NULL : xstrdup(db_text(st, 5));
	t->auto_turns = (int)db_int64(st, 6);
	t->answered_at = db_time(st, 7);
	db_done(st);
	return 1;
}

void
thread_clear(struct thread *t)
{
	free(t->reason);
	*t = (struct thread){ 0 };
}

int
thread_is_persons(struct lp_db *db, int64_t thread, char **why, struct lp_err *err)
{
	*why = NULL;
	return db_str(db, err, why, "SELECT owner_reason FROM threads WHERE seq = ?1 AND owner = 'person'", "I", thread);
}

static int
tell(struct lp_db *db, int64_t seq, const char *whose, const char *why, struct lp_err *err)
{
	struct thread t;
	char *text;
	int r = thread_get(db, seq, &t, err);

	if (r == -1)
		return -1;
	text = xasprintf("the thread is %s%s%s", whose, why != NULL ? ": " : "", why != NULL ? why : "");
	r = log_add(db, &(struct log_entry){ .type = "action", .lead = t.lead, .account = t.account, .text = text }, err);
	free(text);
	thread_clear(&t);
	return r == -1 ? -1 : 1;
}

int
thread_take(struct lp_db *db, int64_t thread, const char *why, struct lp_err *err)
{
	static const char sql[] = "UPDATE threads SET owner = 'person', owner_reason = ?2, updated_at = ?3 WHERE seq = ?1 AND owner <> 'person'";
	int r = db_exec(db, err, sql, "Iss", thread, why, db_now_iso(db));

	return r > 0 ? tell(db, thread, "a person's", why, err) : r;
}

int
thread_give(struct lp_db *db, int64_t thread, const char *why, struct lp_err *err)
{
	static const char sql[] = "UPDATE threads SET owner = 'agent', owner_reason = NULL, auto_turns = 0, updated_at = ?2"
	                          " WHERE seq = ?1 AND owner <> 'agent'";
	int r = db_exec(db, err, sql, "Is", thread, db_now_iso(db));

	return r > 0 ? tell(db, thread, "the agent's again", why, err) : r;
}

int
thread_answered(struct lp_db *db, int64_t thread, int64_t at, struct lp_err *err)
{
	static const char sql[] = "UPDATE threads SET auto_turns = auto_turns + 1, answered_at = ?2, updated_at = ?3 WHERE seq = ?1";

	return db_exec(db, err, sql, "Its", thread, at, db_now_iso(db)) == -1 ? -1 : 0;
}

int
thread_newer_reply(struct lp_db *db, int64_t thread, int64_t inbox, int64_t *newer, struct lp_err *err)
{
	static const char sql[] = "SELECT seq FROM inbox_messages WHERE thread_id = ?1 AND seq > ?2 AND kind = 'reply' ORDER BY seq DESC LIMIT 1";

	return db_int(db, err, newer, sql, "II", thread, inbox);
}
