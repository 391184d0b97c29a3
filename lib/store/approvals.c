#include "store/approvals.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/config.h"
#include "store/log.h"
#include "store/messages.h"
#include "store/notify.h"

/* The window is part of what was approved: outside it the yes doesn't count. */
#define VALID \
	" FROM approvals WHERE task_id = ?1 AND status = 'approved' AND content_hash = ?2" \
	" AND (not_before IS NULL OR not_before <= ?3) AND (not_after IS NULL OR not_after > ?3)"

int
approvals_valid(struct lp_db *db, const struct task *t, const char *hash, struct lp_err *err)
{
	int64_t v;

	return db_int(db, err, &v, "SELECT 1" VALID " LIMIT 1", "Iss", t->seq, hash, db_now_iso(db));
}

int
approvals_rule_shown(struct lp_db *db, const struct task *t, const char *hash, int64_t rule, int version, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT 1" VALID " AND EXISTS (SELECT 1 FROM json_each(approvals.rules) r WHERE json_extract(r.value, '$.id') = 'r' || ?4"
	    " AND json_extract(r.value, '$.version') = ?5) LIMIT 1";
	int64_t v;

	return db_int(db, err, &v, sql, "IssIi", t->seq, hash, db_now_iso(db), rule, version);
}

int
approvals_campaign_valid(struct lp_db *db, int64_t campaign, int version, int64_t *max_leads, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT a.max_leads FROM approvals a JOIN campaign_versions v ON v.campaign_id = a.campaign_id AND v.version = a.version"
	    " WHERE a.kind = 'campaign' AND a.campaign_id = ?1 AND a.version = ?2 AND a.status = 'approved' AND a.content_hash = v.hash"
	    " AND (a.not_after IS NULL OR a.not_after > ?3) ORDER BY a.seq DESC LIMIT 1";

	return db_int(db, err, max_leads, sql, "Iis", campaign, version, db_now_iso(db));
}

int
approvals_open(struct lp_db *db, const struct task *t, const struct decision *d, const struct verdict_row *v, struct lp_err *err)
{
	static const char old_sql[] = "UPDATE approvals SET status = 'superseded', comment = 'asked for anew' WHERE task_id = ?1 AND status = 'open'";
	static const char sql[] =
	    "INSERT INTO approvals (id, kind, task_id, message_id, campaign_id, decision_id, content_hash, rules, reason, expires_at, created_at)"
	    " VALUES (?1, 'task', ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
	char uuid[LP_UUID_SIZE], key[64], title[96], cmd[48];
	struct lp_config c;
	int64_t expires;

	if (config_load(db, &c, err) == -1)
		return -1;
	if (hours_after(&c.hours, db_now(db), &c.approval_expires, &expires, err) == -1) {
		config_clear(&c);
		return -1;
	}
	config_clear(&c);
	if (db_exec(db, err, old_sql, "I", t->seq) == -1 || db_uuid(db, uuid, err) == -1 ||
	    db_exec(db, err, sql, "sInnnsssts", uuid, t->seq, t->message, t->campaign, d->seq, v->content_hash, v->rules != NULL ? v->rules : "[]",
	        v->reason, expires, db_now_iso(db)) == -1)
		return -1;
	snprintf(key, sizeof(key), "approval:%" PRId64, db_last_id(db));
	snprintf(title, sizeof(title), "%s waits for your approval (t%" PRId64 ")", d->action, t->seq);
	snprintf(cmd, sizeof(cmd), "lp-approve show t%" PRId64, t->seq);
	return notify_add(db, &(struct notice){ .type = "approval_needed", .title = title, .message = v->reason, .command = cmd,
	    .task = t->seq, .lead = t->lead, .dedupe = key }, err);
}

/* What an approval is of. */
struct asked {
	int64_t task, message, campaign, lead;
	int version;
	char kind[12];
};

static int
asked(struct lp_db *db, int64_t approval, struct asked *a, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT a.kind, a.task_id, a.message_id, a.campaign_id, a.version, t.lead_id FROM approvals a"
	    " LEFT JOIN agent_tasks t ON t.seq = a.task_id WHERE a.seq = ?1 AND a.status = 'open'";
	sqlite3_stmt *st = db_query(db, err, sql, "I", approval);
	int r;

	*a = (struct asked){ 0 };
	if (st == NULL)
		return -1;
	if ((r = db_step(db, st, err)) == 1) {
		snprintf(a->kind, sizeof(a->kind), "%s", db_text(st, 0));
		a->task = db_int64(st, 1);
		a->message = db_int64(st, 2);
		a->campaign = db_int64(st, 3);
		a->version = (int)db_int64(st, 4);
		a->lead = db_int64(st, 5);
		db_done(st);
	}
	return r;
}

static int
say(struct lp_db *db, const struct asked *a, const char *what, const char *by, const char *comment, struct lp_err *err)
{
	char text[600];

	snprintf(text, sizeof(text), "%s by %s%s%s", what, by, comment != NULL ? ": " : "", comment != NULL ? comment : "");
	return log_add(db, &(struct log_entry){ .type = "approval", .task = a->task, .lead = a->lead, .campaign = a->campaign,
	    .message = a->message, .text = text }, err);
}

static int
answer(struct lp_db *db, int64_t approval, const char *status, const char *by, const char *comment, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE approvals SET status = ?2, decided_by = ?3, decided_at = ?4, comment = ?5 WHERE seq = ?1 AND status = 'open'"
	    " AND (expires_at IS NULL OR expires_at > ?4)";

	return db_exec(db, err, sql, "Issss", approval, status, by, db_now_iso(db), comment);
}

int
approval_yes(struct lp_db *db, int64_t approval, const char *by, const char *comment, struct lp_err *err)
{
	struct asked a;
	int r;

	if ((r = asked(db, approval, &a, err)) != 1)
		return r;
	if ((r = answer(db, approval, "approved", by, comment, err)) <= 0)
		return r;
	/* the task doesn't wait for it any more: there is nothing to approve */
	if (a.task != 0 && (r = task_release(db, a.task, db_now(db), by, "approved", err)) != 1)
		return r;
	return say(db, &a, "approved", by, comment, err) == -1 ? -1 : 1;
}

int
approval_no(struct lp_db *db, int64_t approval, const char *by, const char *comment, struct lp_err *err)
{
	struct asked a;
	int r;

	if ((r = asked(db, approval, &a, err)) != 1)
		return r;
	if ((r = answer(db, approval, "rejected", by, comment, err)) <= 0)
		return r;
	if (say(db, &a, "rejected", by, comment, err) == -1)
		return -1;
	if (a.task != 0 && task_cancel(db, a.task, "rejected", comment, err) == -1)
		return -1;
	if (a.message != 0 && message_end(db, a.message, "rejected", comment, err) == -1)
		return -1;
	return 1;
}

int
approval_edit(struct lp_db *db, int64_t approval, const char *subject, const char *body, const char *by, struct lp_err *err)
{
	static const char bind_sql[] =
	    "UPDATE approvals SET content_hash = (SELECT content_hash FROM messages WHERE seq = ?2) WHERE seq = ?1";
	struct message m;
	struct asked a;
	int r;

	if ((r = asked(db, approval, &a, err)) != 1)
		return r;
	if (a.message == 0)
		return lp_fail(err, LP_DATA, "p%" PRId64 ": there is no text to edit", approval);
	if ((r = message_get(db, a.message, &m, err)) != 1)
		return r;
	if (m.template != NULL && strstr(m.template, "\"only\":true") != NULL)
		r = lp_fail(err, LP_DATA, "m%" PRId64 " leaves as a template that the service approved: there is no text of ours to edit", m.seq);
	else
		r = message_draft(db, a.message, m.recipient, &(struct message_text){ subject, body, NULL, m.calendar, "person", m.template, NULL }, err);
	message_clear(&m);
	if (r == -1 || db_exec(db, err, bind_sql, "II", approval, a.message) == -1 || say(db, &a, "text edited", by, NULL, err) == -1)
		return -1;
	return approval_yes(db, approval, by, "as edited", err);
}

int
approval_campaign(struct lp_db *db, int64_t campaign, int version, int64_t max_leads, const char *by, const char *comment, struct lp_err *err)
{
	static const char old_sql[] =
	    "UPDATE approvals SET status = 'superseded' WHERE kind = 'campaign' AND campaign_id = ?1 AND version = ?2 AND status IN ('open', 'approved')";
	static const char sql[] =
	    "INSERT INTO approvals (id, kind, status, campaign_id, version, max_leads, content_hash, reason, decided_by, decided_at, comment, created_at)"
	    " SELECT ?1, 'campaign', 'approved', campaign_id, version, ?4, hash, 'the campaign as a whole', ?5, ?6, ?7, ?6"
	    " FROM campaign_versions WHERE campaign_id = ?2 AND version = ?3";
	/* what was held for want of this, alone or with another reason, goes on: it is judged again */
	static const char held_sql[] =
	    "SELECT t.seq FROM agent_tasks t JOIN enrolments e ON e.seq = t.enrolment_id WHERE t.status = 'awaiting_approval'"
	    " AND t.hold_kind = 'mend' AND t.campaign_id = ?1 AND e.version = ?2 AND t.hold_reason LIKE '%campaign %approve%' LIMIT 1";
	char uuid[LP_UUID_SIZE], text[96];
	int64_t seq;
	int r;

	if (db_exec(db, err, old_sql, "Ii", campaign, version) == -1 || db_uuid(db, uuid, err) == -1)
		return -1;
	if ((r = db_exec(db, err, sql, "sIiIsss", uuid, campaign, version, max_leads, by, db_now_iso(db), comment)) <= 0)
		return r == -1 ? -1 : lp_fail(err, LP_DATA, "c%" PRId64 " has no version %d", campaign, version);
	snprintf(text, sizeof(text), "version %d approved for %" PRId64 " leads by %.40s", version, max_leads, by);
	if (log_add(db, &(struct log_entry){ .type = "approval", .campaign = campaign, .text = text }, err) == -1)
		return -1;
	while ((r = db_int(db, err, &seq, held_sql, "Ii", campaign, version)) == 1)
		if (task_release(db, seq, db_now(db), NULL, "the campaign was approved", err) == -1)
			return -1;
	return r;
}

struct late {
	int64_t seq;
	char reason[128];
};

/* The open approvals that a query with one time finds. */
static int
late_ones(struct lp_db *db, sqlite3_stmt *st, struct late **out, size_t *n, struct lp_err *err)
{
	int r;

	*out = NULL;
	*n = 0;
	if (st == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1) {
		*out = xrealloc(*out, (*n + 1) * sizeof(**out));
		(*out)[*n].seq = db_int64(st, 0);
		snprintf((*out)[(*n)++].reason, sizeof((*out)->reason), "%s", db_text(st, 1));
	}
	return r;
}

static int
expire_one(struct lp_db *db, int64_t approval, struct lp_err *err)
{
	static const char sql[] = "UPDATE approvals SET status = 'expired' WHERE seq = ?1 AND status = 'open'";
	struct asked a;
	int r;

	if ((r = asked(db, approval, &a, err)) != 1)
		return r;
	if (db_exec(db, err, sql, "I", approval) == -1 || say(db, &a, "expired: nothing was sent; not decided", "anybody", NULL, err) == -1)
		return -1;
	if (a.task != 0 && task_cancel(db, a.task, "expired", "nobody approved it in time", err) == -1)
		return -1;
	return a.message != 0 && message_end(db, a.message, "expired", "nobody approved it in time", err) == -1 ? -1 : 0;
}

static int
warn_one(struct lp_db *db, const struct late *l, struct lp_err *err)
{
	static const char sql[] = "UPDATE approvals SET warned_at = ?2 WHERE seq = ?1";
	struct asked a;
	char key[48], cmd[48];
	int r;

	if ((r = asked(db, l->seq, &a, err)) != 1 || db_exec(db, err, sql, "Is", l->seq, db_now_iso(db)) == -1)
		return r == 1 ? -1 : r;
	snprintf(key, sizeof(key), "expiring:%" PRId64, l->seq);
	snprintf(cmd, sizeof(cmd), "lp-approve show t%" PRId64, a.task);
	return notify_add(db, &(struct notice){ .type = "approval_expiring", .title = "An approval is about to expire", .message = l->reason,
	    .command = cmd, .task = a.task, .lead = a.lead, .dedupe = key }, err);
}

int
approvals_expire(struct lp_db *db, struct lp_err *err)
{
	static const char over_sql[] =
	    "SELECT seq, reason FROM approvals INDEXED BY approvals_open WHERE status = 'open' AND expires_at <= ?1 ORDER BY expires_at, seq LIMIT 1000";
	static const char warn_sql[] =
	    "SELECT seq, reason FROM approvals INDEXED BY approvals_open WHERE status = 'open' AND warned_at IS NULL AND kind = 'task'"
	    " AND julianday(expires_at) - julianday(?1) <= (julianday(expires_at) - julianday(created_at)) / 4 ORDER BY expires_at, seq LIMIT 1000";
	struct late *list;
	size_t n, i;
	int r, expired;

	if ((r = late_ones(db, db_query(db, err, over_sql, "s", db_now_iso(db)), &list, &n, err)) == 0)
		for (i = 0; i < n && r == 0; i++)
			r = expire_one(db, list[i].seq, err);
	free(list);
	expired = (int)n;
	if (r == -1 || (r = late_ones(db, db_query(db, err, warn_sql, "s", db_now_iso(db)), &list, &n, err)) == -1)
		return -1;
	for (i = 0; i < n && r == 0; i++)
		r = warn_one(db, &list[i], err);
	free(list);
	return r == -1 ? -1 : expired;
}
