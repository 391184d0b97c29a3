/*
 * The proof: every row's hash from its fields and the row before, every payload's from its salt.  Part of logread.h.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "store/log.h"
#include "store/logread.h"

static int broken(struct log_proof *, int64_t, const char *, ...) __attribute__((format(printf, 3, 4)));

static int
broken(struct log_proof *p, int64_t seq, const char *fmt, ...)
{
	va_list ap;

	p->bad = seq;
	va_start(ap, fmt);
	vsnprintf(p->why, sizeof(p->why), fmt, ap);
	va_end(ap);
	return 0;
}

static int
erased(struct lp_db *db, int64_t lead, struct lp_err *err)
{
	int64_t v;

	return lead == 0 ? 0 : db_int(db, err, &v, "SELECT 1 FROM erasures WHERE lead_id = ?1", "I", lead);
}

/* 1 as it was, 0 broken, -1. */
static int
payload(struct lp_db *db, sqlite3_stmt *st, const struct log_row *row, struct log_proof *p, struct lp_err *err)
{
	unsigned char hash[LP_HASH_SIZE];
	char confidence[32];
	int r;

	if (db_null(st, 13)) {
		if ((r = erased(db, row->ids[1], err)) == 1)
			p->erased++;
		return r == 0 ? broken(p, row->seq, "its payload is gone, and its lead was not erased") : r;
	}
	if (sqlite3_column_bytes(st, 13) != 16)
		return broken(p, row->seq, "its payload's salt was changed");
	snprintf(confidence, sizeof(confidence), "%.17g", db_double(st, 16));
	log_payload_hash(sqlite3_column_blob(st, 13), db_text(st, 14), db_text(st, 15), db_null(st, 15) ? NULL : confidence, db_text(st, 17), hash);
	if (memcmp(hash, row->payload_hash, LP_HASH_SIZE) != 0)
		return broken(p, row->seq, "its message, reasoning or details were changed");
	return 1;
}

static int
row(struct lp_db *db, sqlite3_stmt *st, unsigned char prev[LP_HASH_SIZE], struct log_proof *p, struct lp_err *err)
{
	unsigned char hash[LP_HASH_SIZE];
	struct log_row r = { .seq = db_int64(st, 0), .created_at = db_text(st, 1), .log_type = db_text(st, 2) };
	int i, ok;

	if (r.seq != p->head + 1)
		return broken(p, p->head + 1, "the row is missing");
	for (i = 0; i < 8; i++)
		r.ids[i] = db_int64(st, 3 + i);
	r.payload_hash = sqlite3_column_blob(st, 11);
	if (sqlite3_column_bytes(st, 11) != LP_HASH_SIZE || sqlite3_column_bytes(st, 12) != LP_HASH_SIZE)
		return broken(p, r.seq, "its hash was changed");
	log_row_hash(&r, prev, hash);
	if (memcmp(hash, sqlite3_column_blob(st, 12), LP_HASH_SIZE) != 0)
		return broken(p, r.seq, "the row, or its place after the row before, was changed");
	if ((ok = payload(db, st, &r, p, err)) != 1)
		return ok;
	memcpy(prev, hash, LP_HASH_SIZE);
	p->head = r.seq;
	p->rows++;
	return 1;
}

/* What comes after the last row: nothing may have been there. */
static int
tail(struct lp_db *db, struct log_proof *p, struct lp_err *err)
{
	int64_t v = 0;
	int r;

	if (db_int(db, err, &v, "SELECT seq FROM sqlite_sequence WHERE name = 'agent_logs'", "") == -1)
		return -1;
	if (v > p->head)
		return broken(p, p->head + 1, "the log ends here, but it went on to g%" PRId64, v);
	if ((r = db_int(db, err, &v, "SELECT log_id FROM agent_log_payloads WHERE log_id > ?1 LIMIT 1", "I", p->head)) == -1)
		return -1;
	if (r == 1)
		return broken(p, p->head + 1, "the log ends here, but there is a payload of g%" PRId64, v);
	return 1;
}

int
log_verify(struct lp_db *db, struct log_proof *p, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT l.seq, l.created_at, l.log_type, l.task_id, l.lead_id, l.campaign_id, l.message_id, l.inbox_message_id, l.account_id, l.rule_id,"
	    " l.rule_version, l.payload_hash, l.hash, p.salt, p.message, p.reasoning, p.confidence, p.details"
	    " FROM agent_logs l LEFT JOIN agent_log_payloads p ON p.log_id = l.seq ORDER BY l.seq";
	unsigned char prev[LP_HASH_SIZE] = { 0 };
	sqlite3_stmt *st = db_query(db, err, sql, "");
	int r;

	*p = (struct log_proof){ 0 };
	if (st == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1)
		if ((r = row(db, st, prev, p, err)) != 1) {
			db_done(st);
			return r;
		}
	if (r == -1)
		return -1;
	lp_hex(prev, p->hash);
	return tail(db, p, err);
}
