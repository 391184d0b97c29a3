/*
 * The yes of who wrote the text.  Part of approvals.h.
 */
#include <stdio.h>

#include "store/approvals.h"
#include "store/config.h"
#include "store/log.h"

int
approval_by_hand(struct lp_db *db, const struct task *t, const struct decision *d, const struct verdict_row *v, const char *by, struct lp_err *err)
{
	static const char sql[] =
	    "INSERT INTO approvals (id, kind, status, task_id, message_id, campaign_id, decision_id, content_hash, rules, reason, not_after, decided_by, decided_at,"
	    " created_at) VALUES (?1, 'task', 'approved', ?2, ?3, ?4, ?5, ?6, ?7, 'written by hand', ?8, ?9, ?10, ?10)";
	char uuid[LP_UUID_SIZE], text[120];
	struct lp_config c;
	int64_t until;
	int r;

	if (config_load(db, &c, err) == -1)
		return -1;
	r = hours_after(&c.hours, db_now(db), &c.approval_expires, &until, err);
	config_clear(&c);
	if (r == -1 || db_uuid(db, uuid, err) == -1 ||
	    db_exec(db, err, sql, "sInnnsstss", uuid, t->seq, t->message, t->campaign, d->seq, v->content_hash, v->rules != NULL ? v->rules : "[]", until, by,
	        db_now_iso(db)) == -1)
		return -1;
	snprintf(text, sizeof(text), "written by hand and approved by %.60s", by);
	return log_add(db, &(struct log_entry){ .type = "approval", .task = t->seq, .lead = t->lead, .campaign = t->campaign, .message = t->message,
	    .inbox = t->inbox, .text = text }, err);
}
