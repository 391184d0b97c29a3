#include "store/account_stop.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "store/accounts.h"
#include "store/log.h"
#include "store/notify.h"
#include "store/tasks.h"

int
account_standing(struct lp_db *db, int64_t seq, struct account_standing *s, struct lp_err *err)
{
	sqlite3_stmt *st = db_query(db, err, "SELECT stopped_for, stopped_at, rates_from, slow_until FROM accounts WHERE seq = ?1", "I", seq);
	int r = st != NULL ? db_step(db, st, err) : -1;

	*s = (struct account_standing){ 0 };
	if (r != 1)
		return r;
	db_copy(st, 0, s->stopped_for, sizeof(s->stopped_for));
	s->stopped_at = db_time(st, 1);
	s->rates_from = db_time(st, 2);
	s->slow_until = db_time(st, 3);
	db_done(st);
	return 1;
}

int
account_stop(struct lp_db *db, int64_t seq, const char *cause, const char *why, struct lp_err *err)
{
	/* complaints weigh most: nothing that comes after makes their time shorter */
	static const char sql[] =
	    "UPDATE accounts SET stopped_for = CASE stopped_for WHEN 'complaints' THEN stopped_for ELSE ?2 END, stopped_at = ?3 WHERE seq = ?1";
	int paused, r;
	int64_t v;

	if ((r = db_exec(db, err, sql, "Iss", seq, cause, db_now_iso(db))) != 1)
		return r;
	/* a person's pause is theirs to end */
	if ((paused = db_int(db, err, &v, "SELECT 1 FROM accounts WHERE seq = ?1 AND status = 'paused'", "I", seq)) != 0)
		return paused == -1 ? -1 : 0;
	return account_status(db, seq, "stopped", why, err);
}

int
account_started(struct lp_db *db, int64_t seq, struct lp_err *err)
{
	static const char sql[] = "UPDATE accounts SET rates_from = CASE WHEN stopped_for IS NULL THEN rates_from ELSE ?2 END, stopped_for = NULL,"
	                          " stopped_at = NULL, slow_until = NULL WHERE seq = ?1";

	char *name = NULL, *command;
	int r = db_exec(db, err, sql, "Is", seq, db_now_iso(db));

	if (r != -1 && (r = db_str(db, err, &name, "SELECT name FROM accounts WHERE seq = ?1", "I", seq)) == 1) {
		command = xasprintf("lp-accounts start %s", name);
		r = notify_read_done(db, command, err);
		free(command);
	}
	free(name);
	return r == -1 ? -1 : 0;
}

int
account_slow(struct lp_db *db, int64_t seq, int64_t until, const char *why, struct lp_err *err)
{
	static const char sql[] = "UPDATE accounts SET slow_until = ?2, updated_at = ?3 WHERE seq = ?1 AND (slow_until IS NULL OR slow_until < ?2)";
	char *text, iso[LP_ISO_SIZE];
	int r = db_exec(db, err, sql, "Its", seq, until, db_now_iso(db));

	if (r <= 0)
		return r;
	text = xasprintf("nothing leaves before %s: %s", lp_iso(until, iso), why);
	r = log_add(db, &(struct log_entry){ .type = "action", .account = seq, .text = text }, err);
	free(text);
	return r == -1 ? -1 : 1;
}

int
accounts_at(struct lp_db *db, const char *domain, int64_t **seqs, size_t *n, struct lp_err *err)
{
	static const char sql[] = "SELECT seq FROM accounts WHERE channel = 'email' AND substr(address, instr(address, '@') + 1) = lower(?1) ORDER BY name";
	sqlite3_stmt *st = db_query(db, err, sql, "s", domain);
	int r = -1;

	*seqs = NULL;
	*n = 0;
	while (st != NULL && (r = db_step(db, st, err)) == 1) {
		*seqs = xrealloc(*seqs, (*n + 1) * sizeof(**seqs));
		(*seqs)[(*n)++] = db_int64(st, 0);
	}
	return r;
}

int
account_release(struct lp_db *db, int64_t seq, struct lp_err *err)
{
	/* whose last word, at the door, was that this account doesn't send ("account NAME is stopped"), or can't ("account NAME: the login is refused") */
	static const char sql[] =
	    "SELECT t.seq FROM agent_tasks t JOIN messages m ON m.seq = t.message_id JOIN accounts a ON a.seq = m.account_id"
	    " WHERE t.status = 'awaiting_approval' AND t.hold_kind = 'mend' AND a.seq = ?1 AND "
	    " (substr(t.hold_reason, 1, length(a.name) + 12) = 'account ' || a.name || ' is ' OR substr(t.hold_reason, 1, length(a.name) + 9) = 'account ' || a.name || ':')"
	    " ORDER BY t.seq";
	sqlite3_stmt *st = db_query(db, err, sql, "I", seq);
	int64_t *tasks = NULL;
	size_t n = 0, i;
	int r = -1;

	while (st != NULL && (r = db_step(db, st, err)) == 1) {
		tasks = xrealloc(tasks, (n + 1) * sizeof(*tasks));
		tasks[n++] = db_int64(st, 0);
	}
	for (i = 0; r != -1 && i < n; i++)
		r = task_release(db, tasks[i], db_now(db), NULL, "its account sends again", err);
	free(tasks);
	return r == -1 ? -1 : (int)n;
}
