/* campaign_put.c - new campaigns, new versions, and whether they run. */
#include "store/campaigns.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/log.h"
#include "store/notify.h"

static int
put_steps(struct lp_db *db, int64_t campaign, int version, const struct campaign_new *c, struct lp_err *err)
{
	static const char step_sql[] =
	    "INSERT INTO campaign_steps (campaign_id, version, step, channel, delay, same_thread) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
	static const char variant_sql[] =
	    "INSERT INTO step_variants (campaign_id, version, step, variant, weight, subject, body, brief, template)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
	size_t i, k;

	for (i = 0; i < c->nsteps; i++) {
		const struct campaign_step *s = &c->steps[i];

		if (db_exec(db, err, step_sql, "Iiissi", campaign, version, s->step, s->channel, s->delay, (int)s->same_thread) == -1)
			return -1;
		for (k = 0; k < s->nvariants; k++) {
			const struct campaign_variant *v = &s->variants[k];

			if (db_exec(db, err, variant_sql, "Iiisissss", campaign, version, s->step, v->id, v->weight, v->subject, v->body,
			    v->brief, v->template) == -1)
				return -1;
		}
	}
	return 0;
}

static int
put_version(struct lp_db *db, int64_t campaign, int version, const struct campaign_new *c, struct lp_err *err)
{
	static const char sql[] =
	    "INSERT INTO campaign_versions (campaign_id, version, definition, hash, created_at) VALUES (?1, ?2, ?3, ?4, ?5)";
	char *text;
	int rc;

	if (db_exec(db, err, sql, "Iisss", campaign, version, c->definition, c->hash, db_now_iso(db)) == -1 ||
	    put_steps(db, campaign, version, c, err) == -1 || answers_put(db, campaign, version, c->questions, c->nquestions, err) == -1)
		return -1;
	text = xasprintf("campaign '%s': version %d loaded as a %s", c->name, version, version == 1 ? "draft" : "new version");
	rc = log_add(db, &(struct log_entry){ .type = "action", .campaign = campaign, .text = text }, err);
	free(text);
	return rc;
}

static int
put_new(struct lp_db *db, const struct campaign_new *c, struct campaign_put *put, struct lp_err *err)
{
	static const char sql[] =
	    "INSERT INTO campaigns (id, name, loaded_hash, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?4)";
	char uuid[LP_UUID_SIZE];

	if (db_uuid(db, uuid, err) == -1 || db_exec(db, err, sql, "ssss", uuid, c->name, c->hash, db_now_iso(db)) == -1)
		return -1;
	put->outcome = CAMPAIGN_NEW;
	put->seq = db_last_id(db);
	put->version = 1;
	snprintf(put->status, sizeof(put->status), "draft");
	return put_version(db, put->seq, 1, c, err);
}

static int
count_leads(struct lp_db *db, struct campaign_put *put, struct lp_err *err)
{
	static const char begun[] =
	    "SELECT count(*) FROM enrolments WHERE campaign_id = ?1 AND version < ?2 AND status IN ('active', 'paused')";
	static const char waiting[] = "SELECT count(*) FROM enrolments WHERE campaign_id = ?1 AND version < ?2 AND status = 'enrolled'";

	return db_int(db, err, &put->under_way, begun, "Ii", put->seq, put->version) == -1 ||
		db_int(db, err, &put->waiting, waiting, "Ii", put->seq, put->version) == -1 ? -1 : 0;
}

/* Those that nothing was planned for, and that nobody is planning for right now. Their account stays. */
static int
move_waiting(struct lp_db *db, const struct campaign_put *put, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE enrolments SET version = ?2 WHERE campaign_id = ?1 AND version < ?2 AND status = 'enrolled' AND planned_at IS NULL"
	    " AND NOT EXISTS (SELECT 1 FROM agent_tasks t WHERE t.enrolment_id = enrolments.seq AND t.status = 'running')";
	char text[120];
	int n = db_exec(db, err, sql, "Ii", put->seq, put->version);

	if (n <= 0)
		return n;
	snprintf(text, sizeof(text), "%d leads that wait for their first message move to version %d", n, put->version);
	return log_add(db, &(struct log_entry){ .type = "action", .campaign = put->seq, .text = text }, err);
}

static int
put_next(struct lp_db *db, const struct campaign_new *c, bool move, struct campaign_put *put, struct lp_err *err)
{
	static const char sql[] = "UPDATE campaigns SET version = ?2, loaded_hash = ?3, updated_at = ?4 WHERE seq = ?1";

	put->outcome = CAMPAIGN_VERSION;
	put->version++;
	put->moved = move || strcmp(put->status, "draft") == 0;
	if (db_exec(db, err, sql, "Iiss", put->seq, put->version, c->hash, db_now_iso(db)) == -1 ||
	    put_version(db, put->seq, put->version, c, err) == -1 || count_leads(db, put, err) == -1)
		return -1;
	return put->moved ? move_waiting(db, put, err) : 0;
}

int
campaign_put(struct lp_db *db, const struct campaign_new *c, bool move, struct campaign_put *put, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT c.seq, c.version, c.status, v.hash FROM campaigns c JOIN campaign_versions v ON v.campaign_id = c.seq AND v.version = c.version"
	    " WHERE c.name = ?1";
	sqlite3_stmt *st = db_query(db, err, sql, "s", c->name);
	bool same;
	int r;

	*put = (struct campaign_put){ 0 };
	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return -1;
	if (r == 0)
		return put_new(db, c, put, err);
	put->outcome = CAMPAIGN_SAME;
	put->seq = db_int64(st, 0);
	put->version = (int)db_int64(st, 1);
	snprintf(put->status, sizeof(put->status), "%s", db_text(st, 2));
	same = strcmp(db_text(st, 3), c->hash) == 0;
	db_done(st);
	return same ? 0 : put_next(db, c, move, put, err);
}

int
campaign_set_status(struct lp_db *db, int64_t campaign, const char *status, const char *why, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE campaigns SET status = ?2, status_reason = ?3, started_at = iif(?2 = 'running', ifnull(started_at, ?4), started_at),"
	    " updated_at = ?4 WHERE seq = ?1 AND status <> ?2";
	char *text, command[48];
	int n = db_exec(db, err, sql, "Isss", campaign, status, why, db_now_iso(db)), rc;

	if (n <= 0)
		return n;
	snprintf(command, sizeof(command), "lp-campaigns start c%" PRId64, campaign);
	if (strcmp(status, "running") == 0 && notify_read_done(db, command, err) == -1)
		return -1;
	text = xasprintf("campaign is %s%s%s", status, why != NULL ? ": " : "", why != NULL ? why : "");
	rc = log_add(db, &(struct log_entry){ .type = "action", .campaign = campaign, .text = text }, err);
	free(text);
	return rc == -1 ? -1 : 1;
}
