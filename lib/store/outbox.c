#include "store/outbox.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/log.h"
#include "store/notify.h"

static const char *const states[] = { "none", "reserved", "sent", "deferred", "refused", "unknown" };

const char *
outbox_state_name(enum outbox_state s)
{
	return states[s];
}

void
outbox_clear(struct outbox *o)
{
	free(o->recipient);
	free(o->response);
	free(o->status);
	free(o->service_id);
	*o = (struct outbox){ 0 };
}

int
outbox_get(struct lp_db *db, int64_t message, struct outbox *o, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT message_id, task_id, account_id, state, tries, code, recipient, response, content_hash, reserved_at, next_try_at, sent_at, status,"
	    " service_id, lead_id, person_id, deferred_since, returned, campaign_id FROM outbox WHERE message_id = ?1";
	sqlite3_stmt *st = db_query(db, err, sql, "I", message);
	int r, i;

	*o = (struct outbox){ 0 };
	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return -1;
	if (r == 0)
		return 0;
	o->message = db_int64(st, 0);
	o->task = db_int64(st, 1);
	o->account = db_int64(st, 2);
	for (i = 1; i < 6; i++)
		if (strcmp(db_text(st, 3), states[i]) == 0)
			o->state = (enum outbox_state)i;
	o->tries = (int)db_int64(st, 4);
	o->code = (int)db_int64(st, 5);
	o->recipient = xstrdup(db_text(st, 6));
	o->response = xstrdup(db_text(st, 7));
	snprintf(o->content_hash, sizeof(o->content_hash), "%s", db_text(st, 8));
	o->reserved_at = db_time(st, 9);
	o->next_try_at = db_time(st, 10);
	o->sent_at = db_time(st, 11);
	o->status = xstrdup(db_text(st, 12));
	o->service_id = xstrdup(db_text(st, 13));
	o->lead = db_int64(st, 14);
	o->person = db_int64(st, 15);
	o->deferred_since = db_time(st, 16);
	db_copy(st, 17, o->returned, sizeof(o->returned));
	o->campaign = db_int64(st, 18);
	db_done(st);
	return 1;
}

int
outbox_bulk(struct lp_db *db, int64_t account, const char *recipient, const char **provider, char sender[MAILBOX_ORG_SIZE], struct lp_err *err)
{
	const char *domain = mailbox_domain(recipient), *from;
	char *address = NULL;

	*sender = '\0';
	*provider = domain != NULL ? mailbox_consumer(domain) : NULL;
	if (*provider == NULL)
		return 0;
	if (db_str(db, err, &address, "SELECT address FROM accounts WHERE seq = ?1", "I", account) == -1)
		return -1;
	if (address != NULL && (from = mailbox_domain(address)) != NULL)
		mailbox_org(from, sender);
	else
		*provider = NULL;
	free(address);
	return 0;
}

int
outbox_reserve(struct lp_db *db, const struct task *t, const struct message *m, const char *recipient, bool redo, struct lp_err *err)
{
	static const char sql[] =
	    "INSERT INTO outbox (message_id, rfc_message_id, task_id, lead_id, person_id, campaign_id, account_id, company_key, channel,"
	    " recipient, content_hash, first_contact, state, reserved_at, updated_at, provider, sender, redo)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, (SELECT company_key FROM leads WHERE seq = ?4), ?8, ?9, ?10,"
	    " NOT EXISTS (SELECT 1 FROM outbox WHERE lead_id = ?4 AND state IN ('reserved', 'sent', 'unknown')), 'reserved', ?11, ?11, ?12, ?13, ?14)"
	    " ON CONFLICT (message_id) DO UPDATE SET state = 'reserved', tries = tries + 1, reserved_at = excluded.reserved_at,"
	    " first_contact = excluded.first_contact,"
	    " next_try_at = NULL, task_id = excluded.task_id, content_hash = excluded.content_hash, recipient = excluded.recipient,"
	    " provider = excluded.provider, sender = excluded.sender, redo = excluded.redo,"
	    " updated_at = excluded.updated_at WHERE outbox.state IN ('deferred', 'reserved')";
	static const char count_sql[] =
	    "INSERT INTO campaign_contacts (campaign_id, version, leads) SELECT e.campaign_id, e.version, 1 FROM enrolments e WHERE e.seq = ?1"
	    " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.lead_id = e.lead_id AND o.campaign_id = e.campaign_id)"
	    " ON CONFLICT (campaign_id, version) DO UPDATE SET leads = leads + 1";
	char sender[MAILBOX_ORG_SIZE];
	const char *provider;
	int r;

	if (m->enrolment != 0 && db_exec(db, err, count_sql, "I", m->enrolment) == -1)
		return -1;
	if (outbox_bulk(db, m->account, recipient, &provider, sender, err) == -1)
		return -1;
	r = db_exec(db, err, sql, "IsInnnIssssssi", m->seq, m->rfc_message_id, t->seq, m->lead, t->person, m->campaign, m->account, m->channel,
	    recipient, m->content_hash, db_now_iso(db), provider, provider != NULL ? sender : NULL, (int)redo);
	if (r == 0)
		return lp_fail(err, LP_BUG, "m%" PRId64 ": reserved although it is in the outbox", m->seq);
	if (r == -1)
		return -1;
	return log_add(db, &(struct log_entry){ .type = "action", .task = t->seq, .lead = m->lead, .campaign = m->campaign, .message = m->seq,
	    .account = m->account, .text = "reserved for sending" }, err);
}

struct about {
	int64_t task, lead, campaign, account;
	char state[12];
};

static int
about(struct lp_db *db, int64_t message, struct about *a, struct lp_err *err)
{
	static const char sql[] = "SELECT task_id, lead_id, campaign_id, account_id, state FROM outbox WHERE message_id = ?1";
	sqlite3_stmt *st = db_query(db, err, sql, "I", message);
	int r;

	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return -1;
	if (r == 1) {
		*a = (struct about){ db_int64(st, 0), db_int64(st, 1), db_int64(st, 2), db_int64(st, 3), "" };
		db_copy(st, 4, a->state, sizeof(a->state));
		db_done(st);
	}
	return r;
}

static int
after(struct lp_db *db, int64_t message, enum outbox_state s, const char *response, const struct about *a, struct lp_err *err)
{
	static const char mark_sql[] = "UPDATE messages SET status = 'unknown', updated_at = ?2 WHERE seq = ?1 AND status IN ('planned', 'due')";
	/* somebody knows that it did not leave: it may be reserved again */
	static const char back_sql[] = "UPDATE messages SET status = 'due', updated_at = ?2 WHERE seq = ?1 AND status = 'unknown'";
	char key[48], cmd[64];

	snprintf(key, sizeof(key), "unknown:%" PRId64, message);
	if (s != OUT_UNKNOWN && notify_read_about(db, key, err) == -1)
		return -1;
	if (s == OUT_SENT)
		return message_sent(db, message, db_now(db), err);
	if (s == OUT_REFUSED)
		return message_end(db, message, "refused", response, err) == -1 ? -1 : 0;
	if (s == OUT_DEFERRED)
		return db_exec(db, err, back_sql, "Is", message, db_now_iso(db)) == -1 ? -1 : 0;
	if (s != OUT_UNKNOWN)
		return 0;
	if (db_exec(db, err, mark_sql, "Is", message, db_now_iso(db)) == -1)
		return -1;
	snprintf(cmd, sizeof(cmd), "lp-send resolve m%" PRId64 " sent|unsent", message);
	return notify_add(db, &(struct notice){ .type = "error", .title = "It is not known whether a message left", .message = response,
	    .command = cmd, .task = a->task, .lead = a->lead, .dedupe = key }, err);
}

/* Somebody said meanwhile what became of it, and the answer says otherwise: it is told, for it can't be taken back. */
static int
contradicts(struct lp_db *db, int64_t message, enum outbox_state s, const char *response, struct lp_err *err)
{
	char text[640];
	struct about a;
	int r = about(db, message, &a, err);

	if (r == 1 && strcmp(a.state, states[s]) != 0) {
		snprintf(text, sizeof(text), "an answer came when it was on record as '%s': %s%s%s", a.state, states[s], response != NULL ? ": " : "",
		    response != NULL ? response : "");
		r = log_add(db, &(struct log_entry){ .type = "error", .task = a.task, .lead = a.lead, .campaign = a.campaign, .message = message,
		    .account = a.account, .text = text }, err);
	}
	return r == -1 ? -1 : 0;
}

int
outbox_record(struct lp_db *db, int64_t message, const struct outbox_result *x, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE outbox SET state = ?2, code = nullif(?3, 0), response = ?4, next_try_at = ?5, sent_at = CASE ?2 WHEN 'sent' THEN ?6 END,"
	    " updated_at = ?6, status = nullif(?7, ''), service_id = ifnull(nullif(?8, ''), service_id),"
	    " deferred_since = CASE WHEN ?2 = 'deferred' AND NOT ?9 THEN ifnull(deferred_since, ?6) END,"
	    " copy_at = NULL, copy_tries = 0, copy = CASE WHEN ?2 = 'sent' AND channel = 'email' AND (SELECT json_extract(settings, '$.sent_folder')"
	    " FROM accounts WHERE seq = account_id) IS NOT NULL THEN 'due' END"
	    " WHERE message_id = ?1 AND (state IN ('reserved', 'unknown') OR (state = 'deferred' AND ?2 = 'sent'))";
	const char *response = x->response;
	enum outbox_state s = x->state;
	struct about a = { 0 };
	char text[640];
	int r;

	if ((r = db_exec(db, err, sql, "IsisTsssi", message, states[s], x->code, response, x->next_try, db_now_iso(db),
	    x->status, x->service_id, (int)x->ours)) == -1)
		return -1;
	if (r == 0)
		return contradicts(db, message, s, response, err);
	if (about(db, message, &a, err) != 1 || after(db, message, s, response, &a, err) == -1)
		return -1;
	snprintf(text, sizeof(text), "%s%s%s", s == OUT_SENT ? "sent" : s == OUT_UNKNOWN ? "not known whether it left" : states[s],
	    response != NULL && *response != '\0' ? ": " : "", response != NULL ? response : "");
	r = log_add(db, &(struct log_entry){ .type = s == OUT_SENT ? "action" : "error", .task = a.task, .lead = a.lead,
	    .campaign = a.campaign, .message = message, .account = a.account, .text = text }, err);
	return r == -1 ? -1 : 1;
}

int
outbox_died(struct lp_db *db, int64_t task, struct lp_err *err)
{
	static const char sql[] = "SELECT message_id FROM outbox WHERE task_id = ?1 AND state = 'reserved' AND redo = 0"
	    " AND message_id = (SELECT message_id FROM agent_tasks WHERE seq = ?1)";
	int64_t message;
	int r = db_int(db, err, &message, sql, "I", task);

	return r != 1 ? r : outbox_record(db, message, &(struct outbox_result){ .state = OUT_UNKNOWN, .response = "the pipeline died while it was on the wire" }, err);
}

int
outbox_unknown(struct lp_db *db, int64_t since, int64_t **seqs, size_t *n, struct lp_err *err)
{
	static const char sql[] = "SELECT message_id FROM outbox WHERE state = 'unknown' AND reserved_at >= ?1 ORDER BY reserved_at LIMIT 100";
	sqlite3_stmt *st = db_query(db, err, sql, "t", since);
	int r;

	*seqs = xcalloc(100, sizeof(**seqs));
	*n = 0;
	if (st == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1)
		(*seqs)[(*n)++] = db_int64(st, 0);
	return r;
}

#define COUNTED " AND state IN ('reserved', 'sent', 'unknown')"

int
outbox_campaign_began(struct lp_db *db, int64_t lead, int64_t campaign, struct lp_err *err)
{
	int64_t v;

	return db_int(db, err, &v, "SELECT 1 FROM outbox WHERE lead_id = ?1 AND campaign_id = ?2 LIMIT 1", "II", lead, campaign);
}

int
outbox_campaign_leads(struct lp_db *db, int64_t campaign, int version, int64_t *n, struct lp_err *err)
{
	*n = 0;
	return db_int(db, err, n, "SELECT leads FROM campaign_contacts WHERE campaign_id = ?1 AND version = ?2", "Ii", campaign, version) == -1 ?
	    -1 : 0;
}
