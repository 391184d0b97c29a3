#include "store/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "store/db_int.h"

void
log_payload_hash(const unsigned char salt[16], const char *message, const char *reasoning, const char *confidence,
    const char *details, unsigned char out[LP_HASH_SIZE])
{
	struct sha h;

	sha_init(&h);
	sha_add(&h, salt, 16);
	sha_field(&h, message);
	sha_field(&h, reasoning);
	sha_field(&h, confidence);
	sha_field(&h, details);
	sha_end(&h, out);
}

/* Decimal without printf: a million of these are a verification. */
static const char *
decimal(int64_t v, char out[24])
{
	char *p = out + 23;

	*p = '\0';
	do
		*--p = (char)('0' + v % 10);
	while ((v /= 10) > 0);
	return p;
}

void
log_row_hash(const struct log_row *r, const unsigned char prev[LP_HASH_SIZE], unsigned char out[LP_HASH_SIZE])
{
	char num[24];
	struct sha h;
	size_t i;

	sha_init(&h);
	sha_field(&h, "leadpilot-log-1");
	sha_field(&h, decimal(r->seq, num));
	sha_field(&h, r->created_at);
	sha_field(&h, r->log_type);
	for (i = 0; i < 8; i++)
		sha_field(&h, r->ids[i] > 0 ? decimal(r->ids[i], num) : NULL);
	sha_add(&h, r->payload_hash, LP_HASH_SIZE);
	sha_add(&h, prev, LP_HASH_SIZE);
	sha_end(&h, out);
}

/* The chain's end: seq and hash of the last row, zeros before the first. */
static int
head(struct lp_db *db, int64_t *seq, unsigned char hash[LP_HASH_SIZE], struct lp_err *err)
{
	static const char sql[] = "SELECT seq, hash FROM agent_logs ORDER BY seq DESC LIMIT 1";
	sqlite3_stmt *st = db_query(db, err, sql, "");
	int r;

	*seq = 0;
	memset(hash, 0, LP_HASH_SIZE);
	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return -1;
	if (r == 1) {
		*seq = db_int64(st, 0);
		memcpy(hash, sqlite3_column_blob(st, 1), LP_HASH_SIZE);
		db_done(st);
	}
	return 0;
}

int
log_add(struct lp_db *db, const struct log_entry *e, struct lp_err *err)
{
	static const char row_sql[] =
	    "INSERT INTO agent_logs (seq, created_at, log_type, task_id, lead_id, campaign_id, message_id, inbox_message_id,"
	    " account_id, rule_id, rule_version, payload_hash, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
	static const char payload_sql[] =
	    "INSERT INTO agent_log_payloads (log_id, salt, message, reasoning, details, confidence) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
	static const char plain_sql[] =
	    "INSERT INTO agent_log_payloads (log_id, salt, message, details) VALUES (?1, ?2, ?3, ?4)";
	unsigned char salt[16], payload[LP_HASH_SIZE], prev[LP_HASH_SIZE], hash[LP_HASH_SIZE];
	char confidence[32] = "";
	struct log_row row = { .created_at = db_now_iso(db), .log_type = e->type, .payload_hash = payload,
		.ids = { e->task, e->lead, e->campaign, e->message, e->inbox, e->account, e->rule, e->rule_version } };
	int64_t last;

	if (!db_in_tx(db))
		return lp_fail(err, LP_BUG, "log row outside a transaction");
	if (head(db, &last, prev, err) == -1 || db_salt16(db, salt, err) == -1)
		return -1;
	row.seq = last + 1;
	if (e->reasoning != NULL)
		snprintf(confidence, sizeof(confidence), "%.17g", e->confidence);
	log_payload_hash(salt, e->text, e->reasoning, e->reasoning != NULL ? confidence : NULL, e->details, payload);
	log_row_hash(&row, prev, hash);
	if (db_exec(db, err, row_sql, "Issnnnnnnnnbb", row.seq, row.created_at, e->type, e->task, e->lead, e->campaign, e->message,
	    e->inbox, e->account, e->rule, (int64_t)e->rule_version, payload, sizeof(payload), hash, sizeof(hash)) == -1)
		return -1;
	if (e->reasoning == NULL)
		return db_exec(db, err, plain_sql, "Ibss", row.seq, salt, sizeof(salt), e->text, e->details) == -1 ? -1 : 0;
	return db_exec(db, err, payload_sql, "Ibsssd", row.seq, salt, sizeof(salt), e->text, e->reasoning, e->details, e->confidence) == -1 ?
	    -1 : 0;
}
