#include "store/control.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/normal.h"
#include "store/log.h"

char *
control_stop_file(const char *db_path)
{
	const char *slash = strrchr(db_path, '/');

	return xasprintf("%.*sSTOP", slash != NULL ? (int)(slash - db_path + 1) : 0, db_path);
}

bool
control_stop_file_there(const char *db_path)
{
	char *path = control_stop_file(db_path);
	struct stat sb;
	/* lstat: a dangling link is somebody's STOP too; and what can't be looked at counts as there */
	bool there = lstat(path, &sb) == 0 || (errno != ENOENT && errno != ENOTDIR);

	free(path);
	return there;
}

int
control_stop_file_make(const char *db_path, struct lp_err *err)
{
	char *path = control_stop_file(db_path);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600), r = 0;

	if (fd == -1)
		r = lp_fail_errno(err, errno, "%s", path);
	else
		close(fd);
	free(path);
	return r;
}

int
control_stopped(struct lp_db *db, char **why, struct lp_err *err)
{
	static const char sql[] = "SELECT status_reason, status FROM agent_configs WHERE is_enabled = 0";
	sqlite3_stmt *st;
	const char *reason;
	char *path;
	int r;

	if (control_stop_file_there(db_path(db))) {
		if (why != NULL) {
			path = control_stop_file(db_path(db));
			*why = xasprintf("stopped by the file '%s'", path);
			free(path);
		}
		return 1;
	}
	if ((st = db_query(db, err, sql, "")) == NULL || (r = db_step(db, st, err)) == -1)
		return -1;
	if (r == 1 && why != NULL) {
		reason = db_text(st, 0);
		if (strcmp(db_text(st, 1), "idle") == 0)
			*why = xstrdup("not started yet");
		else
			*why = xasprintf("stopped%s%s", reason != NULL ? ": " : "", reason != NULL ? reason : "");
	}
	db_done(st);
	return r;
}

static const char *
article(char kind)
{
	return strchr("aeiou", lp_kind_name(kind)[0]) != NULL ? "an" : "a";
}

int
control_find(struct lp_db *db, char kind, const char *word, int64_t *seq, struct lp_err *err)
{
	int64_t n = 0;
	char other = lp_handle_kind(word), *email;
	int r;

	lp_handle(word, kind, &n);
	if (kind == 'c')
		r = db_int(db, err, seq, "SELECT seq FROM campaigns WHERE seq = ?1 OR id = ?2 OR name = ?2 ORDER BY name <> ?2", "Is", n, word);
	else if (kind == 'a')
		r = db_int(db, err, seq, "SELECT seq FROM accounts WHERE seq = ?1 OR id = ?2 OR name = ?2 ORDER BY name <> ?2", "Is", n, word);
	else {
		email = normal_email(word, NULL);
		r = db_int(db, err, seq, "SELECT seq FROM leads WHERE seq = ?1 OR id = ?2 OR email = ?3", "Iss", n, word, email);
		free(email);
	}
	if (r == 0 && other != 0 && other != kind)
		return lp_fail(err, LP_USAGE, "'%s' is %s %s, not %s %s", word, article(other), lp_kind_name(other), article(kind), lp_kind_name(kind));
	if (r == 0)
		return lp_fail(err, LP_NO, "no %s '%.80s'", lp_kind_name(kind), word);
	return r == 1 ? 0 : -1;
}

int
control_targets(struct lp_db *db, const char *campaign, const char *account, const char *lead, struct control_target out[3], size_t *n,
    struct lp_err *err)
{
	const struct control_target named[] = { { 'c', 0, campaign }, { 'a', 0, account }, { 'l', 0, lead } };

	*n = 0;
	for (size_t i = 0; i < 3; i++) {
		if (named[i].word == NULL)
			continue;
		out[*n] = named[i];
		if (control_find(db, named[i].kind, named[i].word, &out[*n].seq, err) == -1)
			return -1;
		(*n)++;
	}
	if (*n == 0)
		out[(*n)++] = (struct control_target){ 0, 0, NULL };
	return 0;
}

static int
log_it(struct lp_db *db, char kind, int64_t seq, bool on, const char *why, struct lp_err *err)
{
	char *text, *details, handle[32] = "agent";
	struct log_entry e = { .type = "action" };
	cJSON *d = cJSON_CreateObject();
	int r;

	if (kind != 0)
		snprintf(handle, sizeof(handle), "%c%" PRId64, kind, seq);
	text = xasprintf("%s %s%s%s", handle, on ? "started" : "stopped", why != NULL ? ": " : "", why != NULL ? why : "");
	json_set_str(d, on ? "start" : "stop", handle);
	if (why != NULL)
		json_set_str(d, "reason", why);
	details = json_print(d);
	e.text = text;
	e.details = details;
	*(kind == 'c' ? &e.campaign : kind == 'a' ? &e.account : &e.lead) = seq;
	r = log_add(db, &e, err);
	cJSON_Delete(d);
	free(details);
	free(text);
	return r;
}

/* The state it is in now; the caller frees. */
static int
state_of(struct lp_db *db, char kind, int64_t seq, char **state, struct lp_err *err)
{
	if (kind == 0)
		return db_str(db, err, state, "SELECT iif(is_enabled, 'on', 'off') FROM agent_configs", "");
	if (kind == 'c')
		return db_str(db, err, state, "SELECT status FROM campaigns WHERE seq = ?1", "I", seq);
	if (kind == 'a')
		return db_str(db, err, state, "SELECT status FROM accounts WHERE seq = ?1", "I", seq);
	return db_str(db, err, state, "SELECT status FROM leads WHERE seq = ?1", "I", seq);
}

static int
write_state(struct lp_db *db, char kind, int64_t seq, bool on, const char *why, struct lp_err *err)
{
	const char *now = db_now_iso(db);

	if (kind == 0)
		return db_exec(db, err, "UPDATE agent_configs SET is_enabled = ?1, status = iif(?1, 'running', 'paused'), status_reason = ?2,"
					" updated_at = ?3", "iss", on, why, now);
	if (kind == 'c')
		return db_exec(db, err, "UPDATE campaigns SET status = iif(?1, 'running', 'paused'), status_reason = ?2, updated_at = ?3"
					" WHERE seq = ?4", "issI", on, why, now, seq);
	if (kind == 'a')
		return db_exec(db, err, "UPDATE accounts SET status = iif(?1, 'active', 'paused'), status_reason = ?2, updated_at = ?3"
					" WHERE seq = ?4", "issI", on, why, now, seq);
	return db_exec(db, err, "UPDATE leads SET status = iif(?1, 'active', 'paused'), status_reason = ?2, version = version + 1,"
				" updated_at = ?3 WHERE seq = ?4", "issI", on, why, now, seq);
}

/* 1 where the state may be changed, 0 where there is nothing to change, -1 where it must not be. */
static int
may_change(char kind, int64_t seq, const char *state, bool on, struct lp_err *err)
{
	static const struct {
		char kind;
		const char *on, *off;
	} words[] = { { 0, "on", "off" }, { 'c', "running", "paused" }, { 'a', "active", "paused" }, { 'l', "active", "paused" } };
	size_t i = 0;

	while (words[i].kind != kind)
		i++;
	if (strcmp(state, on ? words[i].on : words[i].off) == 0)
		return 0;
	if (strcmp(state, on ? words[i].off : words[i].on) == 0)
		return 1;
	if (kind == 'a') /* stopped by LeadPilot: a person may start it again, or make the stop their own */
		return 1;
	if (!on)
		return 0; /* a draft, a finished campaign, a lead that is out: nothing leaves for it anyway */
	if (kind == 'c')
		return lp_fail(err, LP_NOPERM, "campaign c%" PRId64 " is %s%s: lp-campaigns start", seq, strcmp(state, "draft") == 0 ? "a " : "", state);
	return lp_fail(err, LP_NOPERM, "lead l%" PRId64 " is '%s', not paused: it is not started again", seq, state);
}

int
control_set(struct lp_db *db, char kind, int64_t seq, bool on, const char *why, struct lp_err *err)
{
	char *state = NULL;
	int r = state_of(db, kind, seq, &state, err);

	if (r == 1)
		r = may_change(kind, seq, state, on, err);
	else if (r == 0)
		r = lp_fail(err, LP_NO, "no such %s", lp_kind_name(kind));
	free(state);
	if (r != 1)
		return r;
	return write_state(db, kind, seq, on, why, err) == -1 || log_it(db, kind, seq, on, why, err) == -1 ? -1 : 1;
}

int
control_counts(struct lp_db *db, char kind, int64_t seq, struct control_counts *c, struct lp_err *err)
{
	static const char wire[] =
	    "SELECT ifnull(sum(state = 'reserved'), 0), ifnull(sum(state = 'unknown'), 0) FROM outbox"
	    " WHERE state IN ('reserved', 'deferred', 'unknown') AND (?1 = 0 OR campaign_id = ?1) AND (?2 = 0 OR account_id = ?2)"
	    " AND (?3 = 0 OR lead_id = ?3)";
	/* an account's tasks are those of the messages that are to leave from it */
	static const char tasks[] =
	    "SELECT ifnull(sum(t.status = 'running'), 0), ifnull(sum(t.status = 'pending'), 0),"
	    " ifnull(sum(t.status = 'awaiting_approval' AND t.hold_kind = 'approval'), 0),"
	    " ifnull(sum(t.status = 'awaiting_approval' AND t.hold_kind = 'mend'), 0)"
	    " FROM agent_tasks t LEFT JOIN messages m ON m.seq = t.message_id"
	    " WHERE t.status IN ('running', 'pending', 'awaiting_approval') AND (?1 = 0 OR t.campaign_id = ?1)"
	    " AND (?2 = 0 OR ifnull(t.account_id, m.account_id) = ?2) AND (?3 = 0 OR t.lead_id = ?3)";
	int64_t campaign = kind == 'c' ? seq : 0, account = kind == 'a' ? seq : 0, lead = kind == 'l' ? seq : 0;
	sqlite3_stmt *st;

	if ((st = db_query(db, err, wire, "III", campaign, account, lead)) == NULL || db_step(db, st, err) != 1)
		return -1;
	c->wire = db_int64(st, 0);
	c->unknown = db_int64(st, 1);
	db_done(st);
	if ((st = db_query(db, err, tasks, "III", campaign, account, lead)) == NULL || db_step(db, st, err) != 1)
		return -1;
	c->running = db_int64(st, 0);
	c->pending = db_int64(st, 1);
	c->approval = db_int64(st, 2);
	c->mend = db_int64(st, 3);
	db_done(st);
	return 0;
}
