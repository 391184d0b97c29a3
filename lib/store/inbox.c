#include "store/inbox.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"

/* Its Message-ID alone would do if all made one and none made the same twice; an opt-out must not be lost over that. Who has it in two
 * folders, or two of us in copy, has it once. */
static void
dedupe_key(const struct inbox_new *n, char out[LP_HEX_SIZE])
{
	unsigned char h[LP_HASH_SIZE];
	char num[24];
	struct sha s;

	snprintf(num, sizeof(num), "%" PRId64, n->mail->date);
	sha_init(&s);
	if (n->channel != NULL) { /* a service names each but once; it may tell of it with another time, or words */
		snprintf(num, sizeof(num), "%" PRId64, n->account);
		sha_field(&s, n->channel);
		sha_field(&s, num);
		sha_field(&s, n->mail->message_id);
		sha_end(&s, h);
		lp_hex(h, out);
		return;
	}
	sha_field(&s, num);
	sha_field(&s, n->mail->message_id);
	sha_field(&s, match_from(n->mail));
	sha_field(&s, n->mail->subject);
	sha_field(&s, n->mail->text);
	sha_field(&s, n->mail->report); /* two bounces may say the same in words */
	sha_field(&s, n->mail->original);
	sha_end(&s, h);
	lp_hex(h, out);
}

int
inbox_known(struct lp_db *db, const struct inbox_new *n, char key[LP_HEX_SIZE], int64_t *seq, struct lp_err *err)
{
	dedupe_key(n, key);
	return db_int(db, err, seq, "SELECT seq FROM inbox_messages WHERE dedupe_key = ?1", "s", key);
}

static char *
refs_json(const struct mail_in *mail)
{
	cJSON *list = cJSON_CreateArray();
	char *text;

	for (size_t i = 0; i < mail->nreferences; i++)
		cJSON_AddItemToArray(list, cJSON_CreateString(mail->references[i]));
	text = cJSON_PrintUnformatted(list);
	cJSON_Delete(list);
	return text;
}

int
inbox_add(struct lp_db *db, const struct inbox_new *n, const char *key, const struct inbox_told *told, const struct inbox_match *m, int64_t *seq,
    struct lp_err *err)
{
	static const char sql[] =
	    "INSERT INTO inbox_messages (id, account_id, dedupe_key, rfc_message_id, in_reply_to, refs, from_name, from_address, subject,"
	    " sent_at, received_at, file, size, kind, automatic, returned, until_at, status, matched_by, lead_id, campaign_id, thread_id, message_id,"
	    " created_at, updated_at, channel)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?11, ?11, ?24)";
	static const char texts[] = "INSERT INTO inbox_texts (inbox_message_id, text, reply_text) VALUES (?1, ?2, ?3)";
	const struct mail_in *mail = n->mail;
	const char *status = m->ambiguous ? "ambiguous" : m->by != NULL ? "matched" : "unmatched";
	char id[LP_UUID_SIZE], *refs;
	int r;

	if (db_uuid(db, id, err) == -1)
		return -1;
	refs = refs_json(mail);
	r = db_exec(db, err, sql, "snsssssssTssIsisTssnnnns", id, n->account, key, mail->message_id, mail->in_reply_to, refs,
	    mail->nfrom > 0 ? mail->from[0].name : NULL, match_from(mail), mail->subject, mail->date, db_now_iso(db), n->file, (int64_t)n->size,
	    told->kind, told->automatic, told->returned, told->until, status, m->by, m->lead, m->campaign, m->thread, m->message,
	    n->channel != NULL ? n->channel : "email");
	free(refs);
	if (r == -1)
		return -1;
	*seq = db_last_id(db);
	return db_exec(db, err, texts, "Iss", *seq, told->text, told->reply_text) == -1 ? -1 : 0;
}

int
inbox_get(struct lp_db *db, int64_t seq, struct inbox_message *m, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT i.seq, i.account_id, i.lead_id, i.campaign_id, i.thread_id, i.message_id, i.id, i.rfc_message_id, i.in_reply_to, i.from_name,"
	    " i.from_address, i.subject, i.file, i.sent_at, i.received_at, i.automatic, i.kind, i.status, i.matched_by, i.classification,"
	    " i.sentiment, i.classified_by, i.confidence, i.mentions_availability, i.until_at, ifnull(x.text, ''), ifnull(x.reply_text, ''), i.channel"
	    " FROM inbox_messages i LEFT JOIN inbox_texts x ON x.inbox_message_id = i.seq WHERE i.seq = ?1";
	sqlite3_stmt *st = db_query(db, err, sql, "I", seq);
	int r;

	*m = (struct inbox_message){ 0 };
	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return -1;
	if (r == 0)
		return 0;
	m->seq = db_int64(st, 0);
	m->account = db_int64(st, 1);
	m->lead = db_int64(st, 2);
	m->campaign = db_int64(st, 3);
	m->thread = db_int64(st, 4);
	m->message = db_int64(st, 5);
	db_copy(st, 6, m->id, sizeof(m->id));
	m->rfc_message_id = xstrdup(db_text(st, 7));
	m->in_reply_to = xstrdup(db_text(st, 8));
	m->from_name = xstrdup(db_text(st, 9));
	m->from_address = xstrdup(db_text(st, 10));
	m->subject = xstrdup(db_text(st, 11));
	m->file = xstrdup(db_text(st, 12));
	m->sent_at = db_time(st, 13);
	m->received_at = db_time(st, 14);
	m->automatic = db_int64(st, 15) != 0;
	db_copy(st, 16, m->kind, sizeof(m->kind));
	db_copy(st, 17, m->status, sizeof(m->status));
	db_copy(st, 18, m->matched_by, sizeof(m->matched_by));
	db_copy(st, 19, m->class, sizeof(m->class));
	db_copy(st, 20, m->sentiment, sizeof(m->sentiment));
	m->classified_by = xstrdup(db_text(st, 21));
	m->confidence = db_null(st, 22) ? -1 : db_double(st, 22);
	m->availability = db_null(st, 23) ? -1 : (int)db_int64(st, 23);
	m->until = db_time(st, 24);
	m->text = xstrdup(db_text(st, 25));
	m->reply_text = xstrdup(db_text(st, 26));
	db_copy(st, 27, m->channel, sizeof(m->channel));
	db_done(st);
	return 1;
}

void
inbox_clear(struct inbox_message *m)
{
	free(m->rfc_message_id);
	free(m->in_reply_to);
	free(m->from_name);
	free(m->from_address);
	free(m->subject);
	free(m->file);
	free(m->classified_by);
	free(m->text);
	free(m->reply_text);
	*m = (struct inbox_message){ 0 };
}

int
inbox_find(struct lp_db *db, const char *which, int64_t *seq, struct lp_err *err)
{
	if (lp_handle(which, 'i', seq))
		return db_int(db, err, seq, "SELECT seq FROM inbox_messages WHERE seq = ?1", "I", *seq);
	return db_int(db, err, seq, "SELECT seq FROM inbox_messages WHERE id = ?1", "s", which);
}

int
inbox_set_class(struct lp_db *db, int64_t seq, const char *class, const char *sentiment, double confidence, bool availability, int64_t until,
    const char *by, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE inbox_messages SET classification = ?2, sentiment = ?3, confidence = ?4, mentions_availability = ?5, until_at = ?6,"
	    " classified_by = ?7, updated_at = ?8 WHERE seq = ?1";

	return db_exec(db, err, sql, "IssdiTss", seq, class, sentiment, confidence, availability, until, by, db_now_iso(db));
}

int
inbox_set_lead(struct lp_db *db, int64_t seq, int64_t lead, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE inbox_messages SET lead_id = ?2, status = 'matched', matched_by = 'person', updated_at = ?3, (campaign_id, thread_id) ="
	    " (SELECT m.campaign_id, m.thread_id FROM messages m JOIN threads h ON h.seq = m.thread_id WHERE m.lead_id = ?2 AND m.status = 'sent'"
	    " AND m.channel = 'email' ORDER BY m.sent_at DESC, m.seq DESC LIMIT 1) WHERE seq = ?1 AND lead_id IS NULL";

	return db_exec(db, err, sql, "IIs", seq, lead, db_now_iso(db));
}

int
inbox_handled(struct lp_db *db, int64_t seq, struct lp_err *err)
{
	static const char sql[] = "UPDATE inbox_messages SET status = 'handled', updated_at = ?2 WHERE seq = ?1";

	return db_exec(db, err, sql, "Is", seq, db_now_iso(db)) == -1 ? -1 : 0;
}

int
inbox_newer(struct lp_db *db, int64_t seq, struct lp_err *err)
{
	static const char sql[] = "SELECT 1 FROM inbox_messages i JOIN inbox_messages n ON n.lead_id = i.lead_id AND n.seq > i.seq AND n.kind = 'reply'"
	                          " WHERE i.seq = ?1 LIMIT 1";
	int64_t one;

	return db_int(db, err, &one, sql, "I", seq);
}

int
inbox_rfc_id(struct lp_db *db, int64_t seq, char **id, struct lp_err *err)
{
	*id = NULL;
	return db_str(db, err, id, "SELECT rfc_message_id FROM inbox_messages WHERE seq = ?1", "I", seq) == -1 ? -1 : 0;
}
