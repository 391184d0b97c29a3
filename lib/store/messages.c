#include "store/messages.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/log.h"
#include "store/meetings.h"
#include "store/views.h"

void
message_clear(struct message *m)
{
	free(m->purpose);
	free(m->rfc_message_id);
	free(m->recipient);
	free(m->subject);
	free(m->body);
	free(m->html);
	free(m->calendar);
	free(m->template);
	*m = (struct message){ 0 };
}

int
message_get(struct lp_db *db, int64_t seq, struct message *m, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT m.seq, m.id, m.purpose, m.rfc_message_id, m.lead_id, m.campaign_id, m.enrolment_id, m.thread_id, m.account_id,"
	    " m.inbox_message_id, m.step, m.variant, m.channel, m.status, m.recipient, m.content_hash, m.due_at, m.slot_at, m.sent_at,"
	    " t.subject, t.body, t.html, t.origin, t.calendar, m.meeting_id, t.template, t.made_from"
	    " FROM messages m LEFT JOIN message_texts t ON t.message_id = m.seq WHERE m.seq = ?1";
	sqlite3_stmt *st = db_query(db, err, sql, "I", seq);
	int r;

	*m = (struct message){ 0 };
	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return -1;
	if (r == 0)
		return 0;
	m->seq = db_int64(st, 0);
	db_copy(st, 1, m->id, sizeof(m->id));
	m->purpose = xstrdup(db_text(st, 2));
	m->rfc_message_id = xstrdup(db_text(st, 3));
	m->lead = db_int64(st, 4);
	m->campaign = db_int64(st, 5);
	m->enrolment = db_int64(st, 6);
	m->thread = db_int64(st, 7);
	m->account = db_int64(st, 8);
	m->inbox = db_int64(st, 9);
	m->step = (int)db_int64(st, 10);
	db_copy(st, 11, m->variant, sizeof(m->variant));
	db_copy(st, 12, m->channel, sizeof(m->channel));
	db_copy(st, 13, m->status, sizeof(m->status));
	m->recipient = xstrdup(db_text(st, 14));
	db_copy(st, 15, m->content_hash, sizeof(m->content_hash));
	m->due_at = db_time(st, 16);
	m->slot_at = db_time(st, 17);
	m->sent_at = db_time(st, 18);
	m->subject = xstrdup(db_text(st, 19));
	m->body = xstrdup(db_text(st, 20));
	m->html = xstrdup(db_text(st, 21));
	db_copy(st, 22, m->origin, sizeof(m->origin));
	m->calendar = xstrdup(db_text(st, 23));
	m->meeting = db_int64(st, 24);
	m->template = xstrdup(db_text(st, 25));
	db_copy(st, 26, m->made_from, sizeof(m->made_from));
	db_done(st);
	return 1;
}

int
message_find(struct lp_db *db, const char *text, int64_t *seq, struct lp_err *err)
{
	if (lp_handle(text, 'm', seq))
		return db_int(db, err, seq, "SELECT seq FROM messages WHERE seq = ?1", "I", *seq);
	if (lp_uuid_ok(text))
		return db_int(db, err, seq, "SELECT seq FROM messages WHERE id = ?1", "s", text);
	if (lp_handle_kind(text) != 0)
		return lp_fail(err, LP_USAGE, "'%s' is a %s, not a message", text, lp_kind_name(lp_handle_kind(text)));
	return lp_fail(err, LP_USAGE, "'%s' is no message (want m88)", text);
}

/* The Message-ID is a function of the file and the purpose: a retry, a takeover and a second pipeline all arrive at the same one. */
static int
make_rfc_id(struct lp_db *db, const char *purpose, int64_t account, char out[200], struct lp_err *err)
{
	static const char sql[] = "SELECT substr(address, instr(address, '@') + 1) FROM accounts WHERE seq = ?1 AND instr(address, '@') > 0";
	unsigned char h[LP_HASH_SIZE];
	char hex[LP_HEX_SIZE], *domain = NULL;
	struct sha s;

	if (db_str(db, err, &domain, sql, "n", account) == -1)
		return -1;
	sha_init(&s);
	sha_add(&s, db_salt(db), 32);
	sha_field(&s, purpose);
	sha_end(&s, h);
	snprintf(out, 200, "lp.%.32s@%.150s", lp_hex(h, hex), domain != NULL ? domain : "leadpilot.invalid");
	free(domain);
	return 0;
}

int
message_plan(struct lp_db *db, const struct message *m, int64_t *seq, struct lp_err *err)
{
	static const char sql[] =
	    "INSERT INTO messages (id, purpose, rfc_message_id, lead_id, campaign_id, enrolment_id, thread_id, account_id, inbox_message_id,"
	    " step, variant, channel, due_at, created_at, updated_at, meeting_id)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, nullif(?10, 0), nullif(?11, ''), ?12, ?13, ?14, ?14, ?15)";
	char uuid[LP_UUID_SIZE], rfc[200];
	int r;

	if ((r = db_int(db, err, seq, "SELECT seq FROM messages WHERE purpose = ?1", "s", m->purpose)) != 0)
		return r == 1 ? 0 : -1;
	if (db_uuid(db, uuid, err) == -1 || make_rfc_id(db, m->purpose, m->account, rfc, err) == -1)
		return -1;
	if (db_exec(db, err, sql, "sssnnnnnnissTsn", uuid, m->purpose, rfc, m->lead, m->campaign, m->enrolment, m->thread, m->account,
	    m->inbox, m->step, m->variant, m->channel, m->due_at, db_now_iso(db), m->meeting) == -1)
		return -1;
	*seq = db_last_id(db);
	return 1;
}

int
message_open(struct lp_db *db, int64_t lead, int64_t campaign, int64_t *seq, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT m.seq FROM messages m JOIN enrolments e ON e.seq = m.enrolment_id WHERE m.lead_id = ?1 AND (?2 IS NULL OR m.campaign_id = ?2)"
	    " AND m.status IN ('planned', 'due') AND e.status = 'active' ORDER BY m.enrolment_id, m.step LIMIT 1";

	return db_int(db, err, seq, sql, "In", lead, campaign);
}

int
message_take(struct lp_db *db, int64_t seq, struct lp_err *err)
{
	static const char sql[] = "UPDATE messages SET status = 'due', updated_at = ?2 WHERE seq = ?1 AND status = 'planned'";

	return db_exec(db, err, sql, "Is", seq, db_now_iso(db)) == -1 ? -1 : 0;
}

char *
message_hash(const struct message *m, const char *recipient, char out[LP_HEX_SIZE])
{
	unsigned char h[LP_HASH_SIZE];
	char num[24];
	struct sha s;

	snprintf(num, sizeof(num), "%" PRId64, m->account);
	sha_init(&s);
	sha_field(&s, "leadpilot-message-1");
	sha_field(&s, num);
	sha_field(&s, m->channel);
	sha_field(&s, recipient);
	sha_field(&s, m->subject);
	sha_field(&s, m->body);
	sha_field(&s, m->html);
	sha_field(&s, m->calendar);
	if (m->template != NULL)
		sha_field(&s, m->template);
	sha_end(&s, h);
	return lp_hex(h, out);
}

bool
message_by_hand(const struct message *m)
{
	return m->purpose != NULL && strncmp(m->purpose, "hand:", 5) == 0 && strcmp(m->origin, "person") == 0;
}

/* What it would hash to with that text. */
static int
hash_of(struct lp_db *db, int64_t seq, const char *recipient, const struct message_text *text, char out[LP_HEX_SIZE], struct lp_err *err)
{
	struct message m, with;
	int r = message_get(db, seq, &m, err);

	if (r != 1)
		return r == -1 ? -1 : lp_fail(err, LP_BUG, "m%" PRId64 ": no such message", seq);
	with = m;
	with.subject = (char *)text->subject; /* borrowed for the hash alone */
	with.body = (char *)text->body;
	with.html = (char *)text->html;
	with.calendar = (char *)text->calendar;
	with.template = (char *)text->template;
	message_hash(&with, recipient, out);
	message_clear(&m);
	return 0;
}

int
message_draft(struct lp_db *db, int64_t seq, const char *recipient, const struct message_text *text, struct lp_err *err)
{
	static const char state_sql[] =
	    "SELECT 1 FROM messages m WHERE seq = ?1 AND status IN ('planned', 'due')"
	    " AND NOT EXISTS (SELECT 1 FROM outbox WHERE message_id = m.seq AND state <> 'deferred')";
	static const char row_sql[] = "UPDATE messages SET recipient = ?2, content_hash = ?3, updated_at = ?4 WHERE seq = ?1";
	static const char text_sql[] =
	    "INSERT INTO message_texts (message_id, subject, body, html, calendar, origin, made_at, template, made_from)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
	    " ON CONFLICT (message_id) DO UPDATE SET subject = ?2, body = ?3, html = ?4, calendar = ?5, origin = ?6, made_at = ?7, template = ?8, made_from = ?9";
	char hash[LP_HEX_SIZE];
	int64_t v;
	int r;

	if ((r = db_int(db, err, &v, state_sql, "I", seq)) != 1)
		return r == -1 ? -1 : lp_fail(err, LP_DATA, "m%" PRId64 ": not open for a new text any more", seq);
	if (hash_of(db, seq, recipient, text, hash, err) == -1 ||
	    db_exec(db, err, row_sql, "Isss", seq, recipient, hash, db_now_iso(db)) == -1)
		return -1;
	return db_exec(db, err, text_sql, "Issssssss", seq, text->subject, text->body, text->html, text->calendar, text->origin,
	    db_now_iso(db), text->template, text->made_from) == -1 ? -1 : 0;
}

int
message_next(struct lp_db *db, int64_t seq, int64_t *next, char delay[64], struct lp_err *err)
{
	static const char sql[] =
	    "SELECT n.seq, s.delay FROM messages m JOIN messages n ON n.enrolment_id = m.enrolment_id AND n.step > m.step"
	    " JOIN enrolments e ON e.seq = m.enrolment_id"
	    " JOIN campaign_steps s ON s.campaign_id = e.campaign_id AND s.version = e.version AND s.step = n.step"
	    " WHERE m.seq = ?1 AND n.status = 'planned' ORDER BY n.step LIMIT 1";
	sqlite3_stmt *st = db_query(db, err, sql, "I", seq);
	int r;

	if (st == NULL)
		return -1;
	if ((r = db_step(db, st, err)) == 1) {
		*next = db_int64(st, 0);
		db_copy(st, 1, delay, 64);
		db_done(st);
	}
	return r;
}

int
message_due(struct lp_db *db, int64_t seq, int64_t at, struct lp_err *err)
{
	static const char sql[] = "UPDATE messages SET due_at = ?2, updated_at = ?3 WHERE seq = ?1 AND status = 'planned'";

	return db_exec(db, err, sql, "Its", seq, at, db_now_iso(db)) == -1 ? -1 : 0;
}

int
message_end(struct lp_db *db, int64_t seq, const char *status, const char *reason, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE messages SET status = ?2, status_reason = ?3, updated_at = ?4 WHERE seq = ?1 AND status IN ('planned', 'due', 'unknown')";
	static const char stop_sql[] =
	    "UPDATE enrolments SET status = 'stopped', stop_reason = ?2, paused_until = NULL, ended_at = ?3"
	    " WHERE seq = (SELECT enrolment_id FROM messages WHERE seq = ?1) AND status IN ('enrolled', 'active', 'paused')";
	static const char later_sql[] =
	    "UPDATE messages SET status = 'superseded', status_reason = ?2, updated_at = ?3 WHERE status = 'planned'"
	    " AND enrolment_id = (SELECT enrolment_id FROM messages WHERE seq = ?1)";
	static const char slot_sql[] = "UPDATE slots SET message_id = NULL WHERE message_id = ?1 AND at > ?2";
	int r = db_exec(db, err, sql, "Isss", seq, status, reason, db_now_iso(db));

	if (r <= 0)
		return r;
	/* its sending time is free for another as long as it lies ahead */
	if (db_exec(db, err, slot_sql, "Is", seq, db_now_iso(db)) == -1)
		return -1;
	/* the steps after it would wait for it for ever: the sequence ends here */
	if (strcmp(status, "skipped") != 0 && (db_exec(db, err, stop_sql, "Iss", seq, reason != NULL ? reason : status, db_now_iso(db)) == -1 ||
	    db_exec(db, err, later_sql, "Iss", seq, reason != NULL ? reason : status, db_now_iso(db)) == -1))
		return -1;
	return r;
}

int
message_reopen(struct lp_db *db, int64_t seq, struct lp_err *err)
{
	static const char may_sql[] =
	    "SELECT 1 FROM messages m LEFT JOIN leads l ON l.seq = m.lead_id WHERE m.seq = ?1"
	    " AND m.status IN ('planned', 'due', 'skipped', 'blocked', 'rejected', 'expired', 'superseded')"
	    " AND ifnull(l.status, 'active') IN ('active', 'paused')";
	static const char sql[] =
	    "UPDATE messages SET status = 'due', status_reason = NULL, updated_at = ?2 WHERE seq = ?1 AND status <> 'planned'";
	static const char later_sql[] =
	    "UPDATE messages SET status = 'planned', status_reason = NULL, due_at = NULL, updated_at = ?2 WHERE status = 'superseded'"
	    " AND enrolment_id = (SELECT enrolment_id FROM messages WHERE seq = ?1) AND step > (SELECT step FROM messages WHERE seq = ?1)";
	static const char run_sql[] =
	    "UPDATE enrolments SET status = 'active', stop_reason = NULL, ended_at = NULL"
	    " WHERE seq = (SELECT enrolment_id FROM messages WHERE seq = ?1) AND status IN ('stopped', 'finished')";
	int64_t v;
	int r;

	if ((r = db_int(db, err, &v, may_sql, "I", seq)) != 1)
		return r;
	if (db_exec(db, err, sql, "Is", seq, db_now_iso(db)) == -1 || db_exec(db, err, later_sql, "Is", seq, db_now_iso(db)) == -1 ||
	    db_exec(db, err, run_sql, "I", seq) == -1)
		return -1;
	return 1;
}

int
message_anew(struct lp_db *db, int64_t seq, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE messages SET status = 'due', status_reason = NULL, content_hash = NULL, recipient = NULL, due_at = ?2, updated_at = ?2"
	    " WHERE seq = ?1 AND status = 'superseded' AND purpose GLOB 'resp:*' AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = ?1)";
	int r = db_exec(db, err, sql, "Is", seq, db_now_iso(db));

	return r != 1 ? r : db_exec(db, err, "DELETE FROM message_texts WHERE message_id = ?1", "I", seq) == -1 ? -1 : 1;
}

int
message_sent(struct lp_db *db, int64_t seq, int64_t at, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE messages SET status = 'sent', sent_at = ?2, updated_at = ?3 WHERE seq = ?1 AND status IN ('planned', 'due', 'unknown')";
	static const char lead_sql[] =
	    "UPDATE leads SET contacted_at = ifnull(contacted_at, ?2), updated_at = ?3 WHERE seq = (SELECT lead_id FROM messages WHERE seq = ?1)";

	if (db_exec(db, err, sql, "Its", seq, at, db_now_iso(db)) == -1)
		return -1;
	if (db_exec(db, err, lead_sql, "Its", seq, at, db_now_iso(db)) == -1)
		return -1;
	return meeting_sent(db, seq, err);
}

int
message_predecessor_done(struct lp_db *db, int64_t seq, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT NOT EXISTS (SELECT 1 FROM messages m JOIN messages p ON p.enrolment_id = m.enrolment_id AND p.step < m.step"
	    " WHERE m.seq = ?1 AND p.status NOT IN ('sent', 'skipped'))";
	int64_t done = 0;

	return db_int(db, err, &done, sql, "I", seq) == -1 ? -1 : done != 0;
}

int
thread_new(struct lp_db *db, int64_t lead, int64_t account, const char *channel, int64_t *seq, struct lp_err *err)
{
	static const char sql[] =
	    "INSERT INTO threads (id, lead_id, account_id, channel, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)";
	char uuid[LP_UUID_SIZE];

	if (db_uuid(db, uuid, err) == -1 || db_exec(db, err, sql, "snnss", uuid, lead, account, channel, db_now_iso(db)) == -1)
		return -1;
	*seq = db_last_id(db);
	return 0;
}

int
thread_references(struct lp_db *db, int64_t thread, char ***ids, size_t *n, char **subject, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT m.rfc_message_id, t.subject FROM messages m LEFT JOIN message_texts t ON t.message_id = m.seq"
	    " WHERE m.thread_id = ?1 AND m.status = 'sent' ORDER BY m.sent_at, m.seq";
	sqlite3_stmt *st = db_query(db, err, sql, "I", thread);
	int r;

	*ids = NULL;
	*n = 0;
	*subject = NULL;
	if (st == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1) {
		*ids = xrealloc(*ids, (*n + 1) * sizeof(**ids));
		(*ids)[(*n)++] = xstrdup(db_text(st, 0));
		if (*subject == NULL && !db_null(st, 1))
			*subject = xstrdup(db_text(st, 1));
	}
	return r;
}

cJSON *
message_json(struct lp_db *db, int64_t seq, bool with_text, struct lp_err *err)
{
	static const char sql[] = "SELECT subject, body, html, template, origin FROM message_texts WHERE message_id = ?1";
	cJSON *o = view_message(db, seq, err), *t, *c;
	sqlite3_stmt *st;

	if (o == NULL || !with_text)
		return o;
	if ((st = db_query(db, err, sql, "I", seq)) != NULL && db_step(db, st, err) == 1) {
		t = row_json(st);
		db_done(st);
		while ((c = cJSON_DetachItemFromArray(t, 0)) != NULL)
			cJSON_AddItemToObject(o, c->string, c);
		cJSON_Delete(t);
	}
	return o;
}
