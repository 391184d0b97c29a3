/*
 * Claiming: runs, leases, and what dead runs left.  Part of tasks.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/control.h"
#include "store/log.h"
#include "store/notify.h"
#include "store/outbox.h"
#include "store/tasks.h"

int
run_start(struct lp_db *db, const char *lease, struct lp_err *err)
{
	static const char sql[] = "INSERT INTO runs (id, pid, host, started_at, heartbeat_at) VALUES (?1, ?2, ?3, ?4, ?5)";
	char host[256] = "";

	gethostname(host, sizeof(host) - 1);
	return db_exec(db, err, sql, "sisst", lease, (int)getpid(), host, db_now_iso(db), lp_now_real()) == -1 ? -1 : 0;
}

int
run_beat(struct lp_db *db, const char *lease, struct lp_err *err)
{
	static const char sql[] = "UPDATE runs SET heartbeat_at = ?2 WHERE id = ?1 AND heartbeat_at < ?3";
	static char last[LP_UUID_SIZE];
	static int64_t when;
	int64_t now = lp_now_real();

	if (strcmp(last, lease) == 0 && now - when < 10 * LP_SECOND && now >= when)
		return 0;
	snprintf(last, sizeof(last), "%s", lease);
	when = now;
	return db_exec(db, err, sql, "stt", lease, now, now - 10 * LP_SECOND) == -1 ? -1 : 0;
}

/* A task whose run fell silent goes back; one that keeps taking its stage down with it ends here. */
static int
take_over_one(struct lp_db *db, int64_t seq, int crashes, const char *type, struct lp_err *err)
{
	static const char again[] =
	    "UPDATE agent_tasks SET status = 'pending', lease = NULL, ready = 1, crashes = crashes + 1, updated_at = ?2 WHERE seq = ?1";
	static const char enough[] =
	    "UPDATE agent_tasks SET status = 'failed', outcome = 'crashed', lease = NULL, crashes = crashes + 1, completed_at = ?2,"
	    " error_message = 'its stage died each time', updated_at = ?2 WHERE seq = ?1";
	bool over = crashes + 1 >= TASK_MAX_CRASHES;
	char text[128], key[48];

	if (db_exec(db, err, over ? enough : again, "Is", seq, db_now_iso(db)) == -1)
		return -1;
	snprintf(text, sizeof(text), over ? "%s failed: its pipeline died %d times" : "%s taken over: its pipeline died (%d)", type, crashes + 1);
	if (log_add(db, &(struct log_entry){ .type = "error", .task = seq, .text = text }, err) == -1 || outbox_died(db, seq, err) == -1)
		return -1;
	if (!over)
		return 0;
	snprintf(key, sizeof(key), "crashed:%" PRId64, seq);
	return notify_add(db, &(struct notice){ .type = "error", .title = "A task keeps crashing its stage", .message = text, .task = seq,
	    .dedupe = key }, err);
}

static int
take_over(struct lp_db *db, struct lp_err *err)
{
	/* in no order: asked for one, SQLite would walk through all tasks that ever were */
	static const char sql[] =
	    "SELECT t.seq, t.crashes, t.task_type FROM agent_tasks t LEFT JOIN runs r ON r.id = t.lease"
	    " WHERE t.status = 'running' AND (r.id IS NULL OR r.heartbeat_at < ?1) LIMIT 1000";
	struct {
		int64_t seq;
		int crashes;
		char type[24];
	} *dead = NULL;
	size_t n = 0, i;
	sqlite3_stmt *st;
	int r;

	if ((st = db_query(db, err, sql, "t", lp_now_real() - TASK_SILENT)) == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1) {
		if ((n & (n - 1)) == 0)
			dead = xrealloc(dead, (n > 0 ? 2 * n : 1) * sizeof(*dead));
		dead[n].seq = db_int64(st, 0);
		dead[n].crashes = (int)db_int64(st, 1);
		snprintf(dead[n].type, sizeof(dead[n].type), "%s", db_text(st, 2));
		n++;
	}
	for (i = 0; i < n && r == 0; i++)
		r = take_over_one(db, dead[i].seq, dead[i].crashes, dead[i].type, err);
	free(dead);
	return r;
}

struct cursor {
	int priority;
	char created[LP_ISO_SIZE];
	int64_t seq;
};

/* What a claim may take: of some types ("T,U"), or of all but some ("!T,U"); and while the agent is stopped nothing that would leave. */
#define TAKES(type, stopped) \
	" AND (" type " IS NULL OR (instr(',' || ltrim(" type ", '!') || ',', ',' || task_type || ',') > 0) <> (substr(" type ", 1, 1) = '!'))" \
	" AND (" stopped " = 0 OR task_type NOT IN ('send_message', 'follow_up', 'respond_to_reply', 'book_meeting'))"

/* The next candidates after the cursor, in claim order; 0 at the end. */
static int
candidates(struct lp_db *db, const char *type, int stopped, struct cursor *c, int64_t *out, size_t max, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT seq, priority, created_at FROM agent_tasks WHERE status = 'pending' AND ready = 1 AND crashes = 0"
	    " AND (priority < ?1 OR (priority = ?1 AND (created_at, seq) > (?2, ?3)))" TAKES("?5", "?6")
	    " ORDER BY priority DESC, created_at, seq LIMIT ?4";
	sqlite3_stmt *st = db_query(db, err, sql, "isIisi", c->priority, c->created, c->seq, (int)max, type, stopped);
	size_t n = 0;
	int r;

	if (st == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1) {
		out[n++] = db_int64(st, 0);
		c->seq = out[n - 1];
		c->priority = (int)db_int64(st, 1);
		snprintf(c->created, sizeof(c->created), "%s", db_text(st, 2));
	}
	return r == -1 ? -1 : (int)n;
}

/* OR IGNORE: the unique index on the person of a running task says no to a second one. */
static int
lease_one(struct lp_db *db, int64_t seq, const char *lease, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE OR IGNORE agent_tasks SET status = 'running', lease = ?2, started_at = ?3, tries = tries + 1, output_data = NULL,"
	    " outcome = NULL, hold_kind = NULL, hold_reason = NULL, updated_at = ?3 WHERE seq = ?1 AND status = 'pending'";

	return db_exec(db, err, sql, "Iss", seq, lease, db_now_iso(db));
}

static int
pick(struct lp_db *db, const char *lease, const char *type, size_t limit, int64_t *seqs, size_t *n, struct lp_err *err)
{
	static const char crashed[] =
	    "SELECT seq FROM agent_tasks WHERE status = 'pending' AND ready = 1 AND crashes > 0"
	    TAKES("?1", "?2") " ORDER BY crashes, priority DESC, created_at, seq LIMIT 1";
	struct cursor c = { .priority = INT32_MAX, .created = "" };
	int64_t page[256], seq;
	size_t want;
	int got, i, r, stopped;

	if ((stopped = control_stopped(db, NULL, err)) == -1)
		return -1;
	while (*n < limit) {
		want = limit - *n < 256 ? limit - *n : 256;
		if ((got = candidates(db, type, stopped, &c, page, want, err)) == -1)
			return -1;
		for (i = 0; i < got; i++) {
			if ((r = lease_one(db, page[i], lease, err)) == -1)
				return -1;
			if (r > 0)
				seqs[(*n)++] = page[i];
		}
		if ((size_t)got < want)
			break;
	}
	if (*n > 0)
		return 0;
	/* alone and last: what took a pipeline down must not take others with it */
	if ((r = db_int(db, err, &seq, crashed, "si", type, stopped)) != 1)
		return r;
	if ((r = lease_one(db, seq, lease, err)) > 0)
		seqs[(*n)++] = seq;
	return r == -1 ? -1 : 0;
}

int
tasks_claim(struct lp_db *db, const char *lease, const char *type, size_t limit, int64_t *seqs, size_t *n, struct lp_err *err)
{
	static const char promote[] =
	    "UPDATE agent_tasks SET ready = 1 WHERE status = 'pending' AND ready = 0 AND scheduled_for <= ?1";
	struct buf list = { 0 };
	char text[64];
	size_t i;
	int r = 0;

	*n = 0;
	if (db_exec(db, err, promote, "s", db_now_iso(db)) == -1 || take_over(db, err) == -1 || pick(db, lease, type, limit, seqs, n, err) == -1)
		return -1;
	if (*n == 0)
		return 0;
	/* one row for the burst; the tasks' own rows say when and by which run */
	buf_printf(&list, "{\"run\":\"%s\",\"tasks\":[", lease);
	for (i = 0; i < *n; i++)
		buf_printf(&list, "%s\"t%" PRId64 "\"", i > 0 ? "," : "", seqs[i]);
	buf_puts(&list, "]}");
	snprintf(text, sizeof(text), "claimed %zu task%s", *n, *n == 1 ? "" : "s");
	r = log_add(db, &(struct log_entry){ .type = "action", .text = text, .details = buf_str(&list) }, err);
	buf_free(&list);
	return r;
}

int
tasks_due(struct lp_db *db, int64_t *next, struct lp_err *err)
{
	static const char ready_sql[] = "SELECT 1 FROM agent_tasks WHERE status = 'pending' AND ready = 1"
	    TAKES("?1", "?2") " LIMIT 1";
	static const char later_sql[] = "SELECT min(scheduled_for) FROM agent_tasks WHERE status = 'pending' AND ready = 0"
	    TAKES("?1", "?2");
	static const char dead_sql[] =
	    "SELECT 1 FROM agent_tasks t LEFT JOIN runs r ON r.id = t.lease"
	    " WHERE t.status = 'running' AND (r.id IS NULL OR r.heartbeat_at < ?1) LIMIT 1";
	int64_t v, at = 0;
	char *s = NULL;
	int r, stopped;

	if (next != NULL)
		*next = 0;
	if ((stopped = control_stopped(db, NULL, err)) == -1)
		return -1;
	if ((r = db_int(db, err, &v, ready_sql, "si", (const char *)NULL, stopped)) != 0)
		return r;
	if (db_str(db, err, &s, later_sql, "si", (const char *)NULL, stopped) == -1)
		return -1;
	if (s != NULL)
		lp_iso_parse(s, &at, NULL);
	free(s);
	if (at != 0 && at <= db_now(db))
		return 1;
	if (next != NULL)
		*next = at;
	return db_int(db, err, &v, dead_sql, "t", lp_now_real() - TASK_SILENT);
}
