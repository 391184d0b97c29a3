/*
 * How tasks end, wait and come back.  Part of tasks.h.  Every update says which state it moves from: no row, no move.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "store/log.h"
#include "store/notify.h"
#include "store/tasks.h"

static int
log_task(struct lp_db *db, const struct task *t, const char *type, const char *what, const char *why, struct lp_err *err)
{
	char text[600];

	if (why != NULL && *why != '\0')
		snprintf(text, sizeof(text), "%s %s: %s", t->type, what, why);
	else
		snprintf(text, sizeof(text), "%s %s", t->type, what);
	return log_add(db, &(struct log_entry){ .type = type, .task = t->seq, .lead = t->lead, .campaign = t->campaign, .message = t->message,
	    .inbox = t->inbox, .account = t->account, .text = text }, err);
}

/* After an update that asked for the lease: one row changed, or the lease is lost. */
static int
moved(int changed, const struct task *t, struct lp_err *err)
{
	if (changed == 0)
		return lp_fail(err, LP_TEMP, "t%" PRId64 ": lease lost", t->seq);
	return changed == -1 ? -1 : 0;
}

static int
notice_failed(struct lp_db *db, const struct task *t, const char *why, struct lp_err *err)
{
	char key[48], title[96], cmd[48];

	snprintf(key, sizeof(key), "failed:%" PRId64 ":%d", t->seq, t->tries);
	snprintf(title, sizeof(title), "%s failed (t%" PRId64 ")", t->type, t->seq);
	snprintf(cmd, sizeof(cmd), "lp-log why t%" PRId64, t->seq);
	return notify_add(db, &(struct notice){ .type = "error", .title = title, .message = why, .command = cmd, .task = t->seq,
	    .lead = t->lead, .dedupe = key }, err);
}

int
task_complete(struct lp_db *db, const struct task *t, const char *outcome, const char *why, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE agent_tasks SET status = 'completed', outcome = ?3, lease = NULL, completed_at = ?4, updated_at = ?4"
	    " WHERE seq = ?1 AND lease = ?2 AND status = 'running'";

	if (moved(db_exec(db, err, sql, "Isss", t->seq, t->lease, outcome, db_now_iso(db)), t, err) == -1)
		return -1;
	return log_task(db, t, "action", outcome, why, err);
}

int
task_fail(struct lp_db *db, const struct task *t, const char *outcome, const char *why, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE agent_tasks SET status = 'failed', outcome = ?3, error_message = ?4, lease = NULL, completed_at = ?5, updated_at = ?5"
	    " WHERE seq = ?1 AND lease = ?2 AND status = 'running'";

	if (moved(db_exec(db, err, sql, "Issss", t->seq, t->lease, outcome, why, db_now_iso(db)), t, err) == -1 ||
	    log_task(db, t, "error", "failed", why, err) == -1)
		return -1;
	return notice_failed(db, t, why, err);
}

/* One minute, doubled each time up to a day, with up to a quarter more: seeded, so that a rehearsal repeats it. */
static int64_t
back_off(struct lp_db *db, const struct task *t)
{
	int64_t ms = LP_MINUTE << (t->retry_count < 11 ? t->retry_count : 11);

	if (ms > LP_DAY)
		ms = LP_DAY;
	return ms + (int64_t)(lp_seeded(db_seed(db), t->id, t->retry_count) % (uint64_t)(ms / 4));
}

int
task_retry(struct lp_db *db, const struct task *t, const char *why, int64_t retry_after, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE agent_tasks SET status = 'pending', lease = NULL, retry_count = retry_count + 1, error_message = ?3, updated_at = ?4"
	    " WHERE seq = ?1 AND lease = ?2 AND status = 'running'";
	int64_t wait = retry_after > 0 ? retry_after * LP_SECOND : back_off(db, t);

	if (t->retry_count >= t->max_retries)
		return task_fail(db, t, "error", why, err);
	if (moved(db_exec(db, err, sql, "Isss", t->seq, t->lease, why, db_now_iso(db)), t, err) == -1)
		return -1;
	if (task_schedule(db, t->seq, db_now(db) + (wait < LP_MINUTE ? LP_MINUTE : wait), err) == -1)
		return -1;
	return log_task(db, t, "error", "will be tried again", why, err);
}

int
task_delay(struct lp_db *db, const struct task *t, int64_t until, const char *why, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE agent_tasks SET status = 'pending', lease = NULL, updated_at = ?3 WHERE seq = ?1 AND lease = ?2 AND status = 'running'";
	char iso[LP_ISO_SIZE], what[64];

	if (until < db_now(db) + LP_MINUTE)
		until = db_now(db) + LP_MINUTE;
	if (moved(db_exec(db, err, sql, "Iss", t->seq, t->lease, db_now_iso(db)), t, err) == -1 ||
	    task_schedule(db, t->seq, until, err) == -1)
		return -1;
	snprintf(what, sizeof(what), "delayed until %s", lp_iso(until, iso));
	return log_task(db, t, "action", what, why, err);
}

int
task_hold(struct lp_db *db, const struct task *t, const char *kind, const char *why, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE agent_tasks SET status = 'awaiting_approval', lease = NULL, hold_kind = ?3, hold_reason = ?4, ready = 0, updated_at = ?5"
	    " WHERE seq = ?1 AND lease = ?2 AND status = 'running'";

	if (moved(db_exec(db, err, sql, "Issss", t->seq, t->lease, kind, why, db_now_iso(db)), t, err) == -1)
		return -1;
	return log_task(db, t, strcmp(kind, "approval") == 0 ? "approval" : "observation",
	    strcmp(kind, "approval") == 0 ? "waits for approval" : "held", why, err);
}

int
task_message(struct lp_db *db, struct task *t, int64_t message, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE agent_tasks SET message_id = ?2, updated_at = ?3 WHERE seq = ?1 AND status = 'running' AND lease = ?4"
	    " AND (message_id IS NULL OR message_id = ?2)";
	int r = db_exec(db, err, sql, "IIss", t->seq, message, db_now_iso(db), t->lease);

	if (r <= 0)
		return r == -1 ? -1 : lp_fail(err, LP_BUG, "t%" PRId64 " has another message already, or isn't running under this lease", t->seq);
	t->message = message;
	return 0;
}

int
task_output(struct lp_db *db, const struct task *t, const char *outcome, const char *output, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE agent_tasks SET outcome = ?3, output_data = ?4, updated_at = ?5 WHERE seq = ?1 AND lease = ?2 AND status = 'running'";

	return moved(db_exec(db, err, sql, "Issss", t->seq, t->lease, outcome, output, db_now_iso(db)), t, err);
}

int
task_cancel(struct lp_db *db, int64_t seq, const char *outcome, const char *why, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE agent_tasks SET status = 'cancelled', outcome = ?2, rejection_reason = ?3, completed_at = ?4, updated_at = ?4"
	    " WHERE seq = ?1 AND status IN ('pending', 'awaiting_approval', 'failed')"
	    /* what is on the wire can't be called back */
	    " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = agent_tasks.message_id AND o.state IN ('reserved', 'sent', 'unknown'))";
	static const char ask_sql[] =
	    "UPDATE approvals SET status = 'superseded', comment = ifnull(comment, ?2) WHERE task_id = ?1 AND status = 'open'";
	struct task t;
	char what[40];
	int r;

	if ((r = db_exec(db, err, sql, "Isss", seq, outcome, why, db_now_iso(db))) <= 0)
		return r;
	if (db_exec(db, err, ask_sql, "Is", seq, why) == -1)
		return -1;
	if ((r = task_get(db, seq, &t, err)) != 1)
		return r;
	snprintf(what, sizeof(what), "cancelled (%s)", outcome);
	r = log_task(db, &t, "action", what, why, err);
	task_clear(&t);
	return r == -1 ? -1 : 1;
}

int
task_release(struct lp_db *db, int64_t seq, int64_t at, const char *by, const char *why, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE agent_tasks SET status = 'pending', outcome = NULL, hold_kind = NULL, hold_reason = NULL, retry_count = 0, crashes = 0,"
	    " completed_at = NULL, approved_by = ifnull(?2, approved_by), approved_at = CASE WHEN ?2 IS NULL THEN approved_at ELSE ?3 END,"
	    " updated_at = ?3 WHERE seq = ?1 AND status IN ('awaiting_approval', 'failed')";
	struct task t;
	int r;

	if ((r = db_exec(db, err, sql, "Iss", seq, by, db_now_iso(db))) <= 0)
		return r;
	if (task_schedule(db, seq, at, err) == -1 || (r = task_get(db, seq, &t, err)) != 1)
		return -1;
	r = log_task(db, &t, by != NULL ? "approval" : "action", "goes on", why, err);
	task_clear(&t);
	return r == -1 ? -1 : 1;
}

int
task_reopen(struct lp_db *db, int64_t seq, const char *why, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE agent_tasks SET status = 'pending', outcome = NULL, output_data = NULL, rejection_reason = NULL, retry_count = 0, crashes = 0,"
	    " completed_at = NULL, updated_at = ?2 WHERE seq = ?1"
	    " AND (status = 'cancelled' OR (status = 'completed' AND outcome IN ('blocked', 'skipped', 'escalated')))"
	    " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = agent_tasks.message_id AND o.state <> 'deferred')"
	    " AND NOT EXISTS (SELECT 1 FROM agent_tasks o WHERE o.dedupe_key = agent_tasks.dedupe_key AND o.seq <> agent_tasks.seq"
	    "   AND o.status IN ('pending', 'running', 'awaiting_approval'))";
	struct task t;
	int r;

	if ((r = db_exec(db, err, sql, "Is", seq, db_now_iso(db))) <= 0)
		return r;
	if (task_schedule(db, seq, db_now(db), err) == -1 || (r = task_get(db, seq, &t, err)) != 1)
		return -1;
	r = log_task(db, &t, "action", "is taken up again", why, err);
	task_clear(&t);
	return r == -1 ? -1 : 1;
}
