#include "store/rule_answers.h"

#include <stdlib.h>

#include "base/mem.h"
#include "store/log.h"

int
rule_answer_get(struct lp_db *db, int64_t rule, int version, const char *hash, int *matched, char **why, struct lp_err *err)
{
	static const char sql[] = "SELECT ifnull(matched, -1), reason FROM rule_answers WHERE rule_id = ?1 AND version = ?2 AND situation_hash = ?3";
	sqlite3_stmt *st = db_query(db, err, sql, "Iis", rule, version, hash);
	int r = st != NULL ? db_step(db, st, err) : -1;

	*why = NULL;
	if (r == 1) {
		*matched = (int)db_int64(st, 0);
		*why = xstrdup(db_text(st, 1));
		db_done(st);
	}
	return r;
}

int
rule_answer_put(struct lp_db *db, const struct task *t, int64_t rule, int version, const char *name, const char *hash, int matched, const char *why,
    int64_t call, struct lp_err *err)
{
	static const char sql[] =
	    "INSERT INTO rule_answers (rule_id, version, situation_hash, task_id, lead_id, matched, reason, model_call_id, created_at)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, nullif(?6, -1), ?7, ?8, ?9) ON CONFLICT DO NOTHING";
	char *text;
	int r = db_exec(db, err, sql, "IisInisns", rule, version, hash, t->seq, t->lead, matched, why, call, db_now_iso(db));

	if (r != 1)
		return r;
	text = xasprintf("rule '%s': the model says that it %s", name, matched == 1 ? "applies" : matched == 0 ? "doesn't apply" : "can't tell");
	r = log_add(db, &(struct log_entry){ .type = "observation", .task = t->seq, .lead = t->lead, .campaign = t->campaign, .rule = rule,
	    .rule_version = version, .text = text, .reasoning = why }, err);
	free(text);
	return r;
}
