#include "store/records.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "store/log.h"

void
decision_clear(struct decision *d)
{
	free(d->reasoning);
	free(d->data);
	free(d->memories);
	*d = (struct decision){ 0 };
}

void
decision_copy(struct decision *to, const struct decision *from)
{
	*to = *from;
	to->reasoning = xstrdup(from->reasoning);
	to->data = xstrdup(from->data);
	to->memories = xstrdup(from->memories);
}

int
decision_get(struct lp_db *db, int64_t task, const char *inputs_hash, struct decision *d, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT seq, action, reasoning, confidence, requires_approval, data, brain FROM decisions"
	    " WHERE task_id = ?1 AND inputs_hash = ?2";
	/* not ORDER BY: to sort what is nearly always one row or none costs more than all the rest */
	static const char last_sql[] =
	    "SELECT seq, action, reasoning, confidence, requires_approval, data, brain FROM decisions"
	    " WHERE seq = (SELECT max(seq) FROM decisions WHERE task_id = ?1)";
	sqlite3_stmt *st = inputs_hash != NULL ? db_query(db, err, sql, "Is", task, inputs_hash) : db_query(db, err, last_sql, "I", task);
	int r;

	*d = (struct decision){ 0 };
	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return -1;
	if (r == 0)
		return 0;
	d->seq = db_int64(st, 0);
	snprintf(d->action, sizeof(d->action), "%s", db_text(st, 1));
	d->reasoning = xstrdup(db_text(st, 2));
	d->confidence = db_double(st, 3);
	d->requires_approval = db_int64(st, 4) != 0;
	d->data = xstrdup(db_text(st, 5));
	snprintf(d->brain, sizeof(d->brain), "%s", db_text(st, 6));
	db_done(st);
	return 1;
}

int
decision_put(struct lp_db *db, const struct task *t, const char *inputs_hash, struct decision *d, struct lp_err *err)
{
	static const char sql[] =
	    "INSERT INTO decisions (task_id, inputs_hash, action, reasoning, confidence, requires_approval, data, brain, created_at, model_call_id)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
	cJSON *details;
	char text[128], *json;
	int r;

	if (db_exec(db, err, sql, "Isssdisssn", t->seq, inputs_hash, d->action, d->reasoning, d->confidence, (int)d->requires_approval,
	    d->data != NULL ? d->data : "{}", d->brain, db_now_iso(db), d->call) == -1)
		return -1;
	d->seq = db_last_id(db);
	snprintf(text, sizeof(text), "decided: %s", d->action);
	details = cJSON_CreateObject();
	json_set_str(details, "action", d->action);
	json_set_str(details, "brain", d->brain);
	json_set_bool(details, "requires_approval", d->requires_approval);
	if (d->memories != NULL)
		json_set(details, "memories", cJSON_Parse(d->memories));
	json = json_print(details);
	cJSON_Delete(details);
	r = log_add(db, &(struct log_entry){ .type = "decision", .task = t->seq, .lead = t->lead, .campaign = t->campaign,
	    .message = t->message, .inbox = t->inbox, .account = t->account, .text = text, .reasoning = d->reasoning,
	    .confidence = d->confidence, .details = json }, err);
	free(json);
	return r;
}

cJSON *
decision_json(const struct decision *d)
{
	cJSON *o = cJSON_CreateObject(), *data = cJSON_Parse(d->data != NULL ? d->data : "{}");

	json_set_str(o, "action", d->action);
	json_set_str(o, "reasoning", d->reasoning);
	json_set_num(o, "confidence", d->confidence);
	json_set_bool(o, "requires_approval", d->requires_approval);
	json_set(o, "data", data != NULL ? data : cJSON_CreateObject());
	json_set_str(o, "brain", d->brain);
	return o;
}

void
verdict_clear(struct verdict_row *v)
{
	free(v->reason);
	free(v->rules);
	*v = (struct verdict_row){ 0 };
}

static const char *const verdict_names[] = { "allow", "delay", "hold", "block" };
static const char *const hold_names[] = { NULL, "approval", "mend" };

int
verdict_put(struct lp_db *db, const struct task *t, struct verdict_row *v, const char *situation, struct lp_err *err)
{
	static const char sql[] =
	    "INSERT INTO verdicts (task_id, try, stage, verdict, hold_kind, reason, until_at, content_hash, ruleset, rules, created_at)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, nullif(?8, ''), (SELECT ruleset FROM agent_configs), ?9, ?10) RETURNING seq, ruleset";
	static const char input_sql[] = "INSERT INTO gate_inputs (verdict_id, lead_id, situation) VALUES (?1, ?2, ?3)";
	sqlite3_stmt *st;
	char text[600];
	int r;

	st = db_query(db, err, sql, "IissssTsss", t->seq, t->tries, v->stage, verdict_names[v->verdict],
	    v->verdict == V_HOLD ? hold_names[v->hold] : NULL, v->reason != NULL ? v->reason : "", v->verdict == V_DELAY ? v->until : (int64_t)0,
	    v->content_hash, v->rules != NULL ? v->rules : "[]", db_now_iso(db));
	if (st == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1) {
		v->seq = db_int64(st, 0);
		v->ruleset = db_int64(st, 1);
	}
	if (r == -1)
		return -1;
	if (situation != NULL && db_exec(db, err, input_sql, "Ins", v->seq, t->lead, situation) == -1)
		return -1;
	if (v->verdict == V_ALLOW)
		return 0;
	snprintf(text, sizeof(text), "%s says %s: %s", v->stage, verdict_names[v->verdict], v->reason != NULL ? v->reason : "");
	return log_add(db, &(struct log_entry){ .type = "observation", .task = t->seq, .lead = t->lead, .campaign = t->campaign,
	    .message = t->message, .inbox = t->inbox, .account = t->account, .text = text, .details = v->rules }, err);
}

int
verdict_last(struct lp_db *db, const struct task *t, const char *stage, struct verdict_row *v, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT seq, stage, verdict, hold_kind, reason, until_at, content_hash, ruleset, rules FROM verdicts"
	    " WHERE task_id = ?1 AND try = ?2 AND (?3 IS NULL OR stage = ?3) ORDER BY seq DESC LIMIT 1";
	sqlite3_stmt *st = db_query(db, err, sql, "Iis", t->seq, t->tries, stage);
	int i, r;

	*v = (struct verdict_row){ 0 };
	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return -1;
	if (r == 0)
		return 0;
	v->seq = db_int64(st, 0);
	snprintf(v->stage, sizeof(v->stage), "%s", db_text(st, 1));
	for (i = 0; i < 4; i++)
		if (strcmp(db_text(st, 2), verdict_names[i]) == 0)
			v->verdict = (enum verdict)i;
	if (!db_null(st, 3))
		v->hold = strcmp(db_text(st, 3), "approval") == 0 ? HOLD_APPROVAL : HOLD_MEND;
	v->reason = xstrdup(db_text(st, 4));
	v->until = db_time(st, 5);
	snprintf(v->content_hash, sizeof(v->content_hash), "%s", db_null(st, 6) ? "" : db_text(st, 6));
	v->ruleset = db_int64(st, 7);
	v->rules = xstrdup(db_text(st, 8));
	db_done(st);
	return 1;
}

cJSON *
verdict_json(const struct verdict_row *v)
{
	cJSON *o = cJSON_CreateObject(), *reasons = cJSON_CreateArray(), *rules = cJSON_Parse(v->rules != NULL ? v->rules : "[]");
	char iso[LP_ISO_SIZE];

	json_set_str(o, "verdict", verdict_names[v->verdict]);
	if (v->verdict == V_HOLD)
		json_set_str(o, "hold", hold_names[v->hold]);
	if (v->verdict == V_DELAY)
		json_set_str(o, "until", lp_iso(v->until, iso));
	if (v->reason != NULL && *v->reason != '\0')
		cJSON_AddItemToArray(reasons, cJSON_CreateString(v->reason));
	json_set(o, "reasons", reasons);
	json_set(o, "rules", rules != NULL ? rules : cJSON_CreateArray());
	return o;
}
