#include "store/health.h"

#include <stdlib.h>
#include <string.h>

int
health_read(struct lp_db *db, struct health *h, struct lp_err *err)
{
	static const char counts[] =
	    "SELECT (SELECT count(*) FROM accounts), (SELECT count(*) FROM accounts WHERE status = 'active'),"
	    " (SELECT count(*) FROM campaigns), (SELECT count(*) FROM campaigns WHERE status = 'running'),"
	    " (SELECT count(*) FROM campaigns c WHERE status = 'running' AND NOT EXISTS (SELECT 1 FROM approvals a"
	    "   WHERE a.kind = 'campaign' AND a.campaign_id = c.seq AND a.version = c.version AND a.status = 'approved')),"
	    " (SELECT count(*) FROM campaigns WHERE status = 'draft'), (SELECT count(*) FROM leads),"
	    " (SELECT count(*) FROM agent_rules WHERE is_enabled = 1), (SELECT count(*) FROM outbox WHERE state = 'unknown')";
	static const char tick[] = "SELECT started_at, ifnull(status, -1) FROM ticks ORDER BY seq DESC LIMIT 1";
	sqlite3_stmt *st;
	int r;

	memset(h, 0, sizeof(*h));
	if ((st = db_query(db, err, counts, "")) == NULL || db_step(db, st, err) != 1)
		return -1;
	h->accounts = db_int64(st, 0);
	h->accounts_active = db_int64(st, 1);
	h->campaigns = db_int64(st, 2);
	h->running = db_int64(st, 3);
	h->running_unapproved = db_int64(st, 4);
	h->drafts = db_int64(st, 5);
	h->leads = db_int64(st, 6);
	h->rules = db_int64(st, 7);
	h->unknown = db_int64(st, 8);
	db_done(st);
	if ((st = db_query(db, err, tick, "")) == NULL || (r = db_step(db, st, err)) == -1)
		return -1;
	if (r == 1) {
		h->tick_at = db_time(st, 0);
		h->tick_status = (int)db_int64(st, 1);
	}
	db_done(st);
	return 0;
}

int
health_whole(struct lp_db *db, char **damage, struct lp_err *err)
{
	int r = db_str(db, err, damage, "PRAGMA quick_check(1)", "");

	if (r == 1 && strcmp(*damage, "ok") == 0) {
		free(*damage);
		*damage = NULL;
		return 1;
	}
	return r == 1 ? 0 : -1;
}
