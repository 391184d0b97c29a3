#include "store/accounts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "store/log.h"

void
account_init(struct account *a)
{
	*a = (struct account){ .daily_limit = 30, .ramp_start = -1, .answer_share = 20, .gap_seconds = 120 };
	a->settings = cJSON_CreateObject();
	snprintf(a->status, sizeof(a->status), "active");
}

void
account_clear(struct account *a)
{
	free(a->name);
	free(a->kind);
	free(a->channel);
	free(a->address);
	free(a->display_name);
	cJSON_Delete(a->settings);
	free(a->status_reason);
	free(a->timezone);
	free(a->start_time);
	free(a->end_time);
	free(a->days);
	free(a->absences);
	free(a->inbox_error);
	free(a->loaded_hash);
	*a = (struct account){ 0 };
}

static int
get_absences(struct lp_db *db, struct account *a, struct lp_err *err)
{
	static const char sql[] = "SELECT first_day, last_day FROM account_absences WHERE account_id = ?1 ORDER BY first_day";
	sqlite3_stmt *st = db_query(db, err, sql, "I", a->seq);
	int r = -1;

	while (st != NULL && (r = db_step(db, st, err)) == 1) {
		a->absences = xrealloc(a->absences, (a->nabsences + 1) * sizeof(*a->absences));
		snprintf(a->absences[a->nabsences].first, DAY_SIZE, "%s", db_text(st, 0));
		snprintf(a->absences[a->nabsences++].last, DAY_SIZE, "%s", db_text(st, 1));
	}
	return r;
}

static char *
column(sqlite3_stmt *st, int col)
{
	return xstrdup(db_text(st, col));
}

int
account_get(struct lp_db *db, int64_t seq, struct account *a, struct lp_err *err)
{
	static const char sql[] = "SELECT id, name, kind, channel, address, display_name, settings, status, status_reason, daily_limit,"
	                          " ramp_start, ramp_step, ramp_from, answer_share, gap_seconds, timezone, days, start_time, end_time,"
	                          " inbox_read_at, inbox_tried_at, inbox_error, loaded_hash FROM accounts WHERE seq = ?1";
	sqlite3_stmt *st = db_query(db, err, sql, "I", seq);
	int r = st != NULL ? db_step(db, st, err) : -1;

	*a = (struct account){ 0 };
	if (r != 1)
		return r;
	a->seq = seq;
	snprintf(a->id, sizeof(a->id), "%s", db_text(st, 0));
	a->name = column(st, 1);
	a->kind = column(st, 2);
	a->channel = column(st, 3);
	a->address = column(st, 4);
	a->display_name = column(st, 5);
	a->settings = json_object(db_text(st, 6), strlen(db_text(st, 6)), err);
	snprintf(a->status, sizeof(a->status), "%s", db_text(st, 7));
	a->status_reason = column(st, 8);
	a->daily_limit = db_int64(st, 9);
	a->ramp_start = db_null(st, 10) ? -1 : db_int64(st, 10);
	a->ramp_step = db_int64(st, 11);
	snprintf(a->ramp_from, sizeof(a->ramp_from), "%s", db_null(st, 12) ? "" : db_text(st, 12));
	a->answer_share = db_int64(st, 13);
	a->gap_seconds = db_int64(st, 14);
	a->timezone = column(st, 15);
	a->days = column(st, 16);
	a->start_time = column(st, 17);
	a->end_time = column(st, 18);
	a->inbox_read_at = db_time(st, 19);
	a->inbox_tried_at = db_time(st, 20);
	a->inbox_error = column(st, 21);
	a->loaded_hash = column(st, 22);
	db_done(st);
	if (a->settings == NULL || get_absences(db, a, err) == -1) {
		account_clear(a);
		return -1;
	}
	return 1;
}

int
account_find(struct lp_db *db, const char *word, int64_t *seq, struct lp_err *err)
{
	int64_t n = 0;
	int r = db_int(db, err, seq, "SELECT seq FROM accounts WHERE name = ?1", "s", word);

	if (r == 0 && lp_handle(word, 'a', &n))
		r = db_int(db, err, seq, "SELECT seq FROM accounts WHERE seq = ?1", "I", n);
	else if (r == 0 && lp_handle_kind(word) != 0)
		return lp_fail(err, LP_USAGE, "'%s' is a %s, not an account", word, lp_kind_name(lp_handle_kind(word)));
	else if (r == 0 && lp_uuid_ok(word))
		r = db_int(db, err, seq, "SELECT seq FROM accounts WHERE id = lower(?1)", "s", word);
	else if (r == 0 && strchr(word, '@') != NULL) {
		if (db_int(db, err, &n, "SELECT count(*) FROM accounts WHERE address = lower(?1)", "s", word) == -1)
			return -1;
		if (n > 1)
			return lp_fail(err, LP_DATA, "%" PRId64 " accounts have the address '%s'; name one", n, word);
		r = db_int(db, err, seq, "SELECT seq FROM accounts WHERE address = lower(?1)", "s", word);
	}
	return r;
}

int
accounts_list(struct lp_db *db, const char *status, int64_t **seqs, size_t *n, struct lp_err *err)
{
	static const char sql[] = "SELECT seq FROM accounts WHERE ?1 IS NULL OR status = ?1 ORDER BY name";
	sqlite3_stmt *st = db_query(db, err, sql, "s", status);
	int r = -1;

	*seqs = NULL;
	*n = 0;
	while (st != NULL && (r = db_step(db, st, err)) == 1) {
		if ((*n & (*n + 1)) == 0)
			*seqs = xrealloc(*seqs, (2 * *n + 2) * sizeof(**seqs));
		(*seqs)[(*n)++] = db_int64(st, 0);
	}
	return r;
}

static int
log_account(struct lp_db *db, int64_t seq, const char *type, char *text, struct lp_err *err)
{
	struct log_entry e = { .type = type, .account = seq, .text = text };
	int r = log_add(db, &e, err);

	free(text);
	return r;
}

static int
put_absences(struct lp_db *db, const struct account *a, struct lp_err *err)
{
	static const char sql[] = "INSERT INTO account_absences (account_id, first_day, last_day) VALUES (?1, ?2, ?3)";

	if (db_exec(db, err, "DELETE FROM account_absences WHERE account_id = ?1", "I", a->seq) == -1)
		return -1;
	for (size_t i = 0; i < a->nabsences; i++)
		if (db_exec(db, err, sql, "Iss", a->seq, a->absences[i].first, a->absences[i].last) == -1)
			return -1;
	return 0;
}

int
account_put(struct lp_db *db, struct account *a, const char *what, struct lp_err *err)
{
	static const char insert[] =
	    "INSERT INTO accounts (id, name, kind, channel, address, status, created_at, updated_at)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)";
	static const char update[] =
	    "UPDATE accounts SET name = ?2, kind = ?3, channel = ?4, address = ?5, display_name = ?6, settings = ?7, daily_limit = ?8,"
	    " ramp_start = CASE WHEN ?9 < 0 THEN NULL ELSE ?9 END, ramp_step = ?10, ramp_from = nullif(?11, ''), answer_share = ?12,"
	    " gap_seconds = ?13, timezone = ?14, days = ?15, start_time = ?16, end_time = ?17, loaded_hash = ?18, updated_at = ?19"
	    " WHERE seq = ?1";
	int64_t other = 0;
	char *settings;
	bool is_new = a->seq == 0;
	int r;

	if (a->ramp_start >= 0 && a->ramp_from[0] == '\0') /* a ramp begins on the day it is set */
		snprintf(a->ramp_from, sizeof(a->ramp_from), "%.10s", db_now_iso(db));
	r = db_int(db, err, &other, "SELECT seq FROM accounts WHERE name = ?1 AND seq <> ?2", "sI", a->name, a->seq);

	if (r == 1)
		return lp_fail(err, LP_DATA, "there is an account '%s' already", a->name);
	if (r == -1)
		return -1;
	if (is_new) {
		if (db_uuid(db, a->id, err) == -1 ||
		    db_exec(db, err, insert, "sssssss", a->id, a->name, a->kind, a->channel, a->address, a->status, db_now_iso(db)) == -1)
			return -1;
		a->seq = db_last_id(db);
	}
	settings = json_canon(a->settings);
	r = db_exec(db, err, update, "IssssssIIIsIIssssss", a->seq, a->name, a->kind, a->channel, a->address, a->display_name, settings,
	    a->daily_limit, a->ramp_start, a->ramp_step, a->ramp_from, a->answer_share, a->gap_seconds, a->timezone, a->days,
	    a->start_time, a->end_time, a->loaded_hash, db_now_iso(db));
	free(settings);
	if (r == -1 || put_absences(db, a, err) == -1)
		return -1;
	return log_account(db, a->seq, "action",
	    xasprintf("account '%s' %s: %s", a->name, is_new ? "added" : "changed", what), err);
}

int
account_status(struct lp_db *db, int64_t seq, const char *status, const char *reason, struct lp_err *err)
{
	static const char sql[] = "UPDATE accounts SET status = ?2, status_reason = ?3, updated_at = ?4 WHERE seq = ?1 AND status <> ?2";
	char *name = NULL;
	int r = db_exec(db, err, sql, "Isss", seq, status, reason, db_now_iso(db));

	if (r <= 0)
		return r;
	if (db_str(db, err, &name, "SELECT name FROM accounts WHERE seq = ?1", "I", seq) == -1)
		return -1;
	r = log_account(db, seq, "action",
	    xasprintf("account '%s' is %s%s%s", name, status, reason != NULL ? ": " : "", reason != NULL ? reason : ""), err);
	free(name);
	return r == -1 ? -1 : 1;
}

int
account_remove(struct lp_db *db, int64_t seq, struct lp_err *err)
{
	static const struct {
		const char *sql, *what;
	} uses[] = { { "SELECT count(*) FROM enrolments WHERE account_id = ?1", "enrolments" },
		{ "SELECT count(*) FROM messages WHERE account_id = ?1", "messages" },
		{ "SELECT count(*) FROM inbox_messages WHERE account_id = ?1", "messages read" },
		{ "SELECT count(*) FROM threads WHERE account_id = ?1", "threads" },
		{ "SELECT count(*) FROM agent_tasks WHERE account_id = ?1 AND status IN ('pending', 'running', 'awaiting_approval')", "open tasks" } };
	char *name = NULL;
	int64_t n = 0;

	if (db_str(db, err, &name, "SELECT name FROM accounts WHERE seq = ?1", "I", seq) == -1)
		return -1;
	for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++) {
		if (db_int(db, err, &n, uses[i].sql, "I", seq) == -1)
			goto fail;
		if (n > 0) {
			lp_fail(err, LP_NOPERM, "account '%s' has %" PRId64 " %s; pause it instead", name, n, uses[i].what);
			goto fail;
		}
	}
	/* tasks that are over keep their row and lose the account */
	if (db_exec(db, err, "UPDATE agent_tasks SET account_id = NULL WHERE account_id = ?1", "I", seq) == -1 ||
	    db_exec(db, err, "DELETE FROM accounts WHERE seq = ?1", "I", seq) == -1)
		goto fail;
	n = log_account(db, seq, "action", xasprintf("account '%s' removed", name), err);
	free(name);
	return (int)n;
fail:
	free(name);
	return -1;
}

int
account_inbox_read(struct lp_db *db, int64_t seq, int64_t at, struct lp_err *err)
{
	static const char was[] = "SELECT count(*) FROM accounts WHERE seq = ?1 AND (inbox_error IS NOT NULL OR inbox_read_at IS NULL)";
	static const char sql[] = "UPDATE accounts SET inbox_read_at = max(?2, ifnull(inbox_read_at, '')), inbox_tried_at = ?2,"
	                          " inbox_error = NULL WHERE seq = ?1";
	int64_t changed = 0;

	if (db_int(db, err, &changed, was, "I", seq) == -1 || db_exec(db, err, sql, "It", seq, at) == -1)
		return -1;
	return changed ? log_account(db, seq, "observation", xstrdup("the inbox is read"), err) : 0;
}

int
account_inbox_failed(struct lp_db *db, int64_t seq, const char *why, struct lp_err *err)
{
	static const char was[] = "SELECT count(*) FROM accounts WHERE seq = ?1 AND inbox_error IS ?2";
	static const char sql[] = "UPDATE accounts SET inbox_tried_at = ?2, inbox_error = ?3 WHERE seq = ?1";
	int64_t same = 0;

	if (db_int(db, err, &same, was, "Is", seq, why) == -1 || db_exec(db, err, sql, "Iss", seq, db_now_iso(db), why) == -1)
		return -1;
	return same ? 0 : log_account(db, seq, "error", xasprintf("the inbox can't be read: %s", why), err);
}

static void
set_text(cJSON *o, const char *key, const char *s)
{
	if (s != NULL && *s != '\0')
		json_set_str(o, key, s);
}

static void
set_time(cJSON *o, const char *key, int64_t ms)
{
	char iso[LP_ISO_SIZE];

	if (ms != 0)
		json_set_str(o, key, lp_iso(ms, iso));
}

cJSON *
account_json(const struct account *a)
{
	cJSON *o = cJSON_CreateObject(), *list;
	const cJSON *s;
	char handle[24];

	snprintf(handle, sizeof(handle), "a%" PRId64, a->seq);
	json_set_str(o, "id", handle);
	json_set_str(o, "uuid", a->id);
	json_set_str(o, "name", a->name);
	json_set_str(o, "kind", a->kind);
	json_set_str(o, "channel", a->channel);
	json_set_str(o, "address", a->address);
	set_text(o, "display_name", a->display_name);
	cJSON_ArrayForEach(s, a->settings)
		json_set(o, s->string, cJSON_Duplicate(s, 1));
	json_set_str(o, "status", a->status);
	set_text(o, "status_reason", a->status_reason);
	json_set_num(o, "daily_limit", (double)a->daily_limit);
	if (a->ramp_start >= 0) {
		json_set_num(o, "ramp_start", (double)a->ramp_start);
		json_set_num(o, "ramp_step", (double)a->ramp_step);
		set_text(o, "ramp_from", a->ramp_from);
	}
	json_set_num(o, "answer_share", (double)a->answer_share);
	json_set_num(o, "gap_seconds", (double)a->gap_seconds);
	set_text(o, "timezone", a->timezone);
	if (a->days != NULL)
		json_set(o, "days", cJSON_Parse(a->days));
	set_text(o, "start_time", a->start_time);
	set_text(o, "end_time", a->end_time);
	if (a->nabsences > 0) {
		list = cJSON_CreateArray();
		for (size_t i = 0; i < a->nabsences; i++) {
			char *text = xasprintf("%s..%s", a->absences[i].first, a->absences[i].last);

			cJSON_AddItemToArray(list, cJSON_CreateString(text));
			free(text);
		}
		json_set(o, "absence", list);
	}
	set_time(o, "inbox_read_at", a->inbox_read_at);
	set_time(o, "inbox_tried_at", a->inbox_tried_at);
	set_text(o, "inbox_error", a->inbox_error);
	return o;
}

cJSON *
account_settings(const struct account *a)
{
	cJSON *j = cJSON_Duplicate(a->settings, 1);

	json_set_str(j, "address", a->address);
	return j;
}
