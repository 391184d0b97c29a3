/*
 * The proof: every row's hash from its fields and the row before, every payload's from its salt.  Part of logread.h.  Rows and payloads are
 * read side by side, in the order in which they lie, on one snapshot: somebody may be writing.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "store/log.h"
#include "store/logread.h"

struct walk {
	struct lp_db *db;
	sqlite3_stmt *rows, *payloads;
	int64_t payload;                /* whose payload comes next; INT64_MAX after the last */
	unsigned char prev[LP_HASH_SIZE];
	bool noted, found;              /* a head that somebody noted: is it there? */
	int64_t noted_seq;              /* 0: its hash alone is known */
	unsigned char noted_hash[LP_HASH_SIZE];
	struct log_proof *p;
};

static int __attribute__((format(printf, 3, 4)))
broken(struct log_proof *p, int64_t seq, const char *fmt, ...)
{
	va_list ap;

	p->bad = seq;
	va_start(ap, fmt);
	vsnprintf(p->why, sizeof(p->why), fmt, ap);
	va_end(ap);
	return 0;
}

/* Text as it was hashed: what lies behind a NUL byte is in no hash. */
static bool
text(sqlite3_stmt *st, int col, bool null_too, const char **out)
{
	*out = db_text(st, col);
	if (*out == NULL)
		return null_too;
	return sqlite3_column_type(st, col) == SQLITE_TEXT && strlen(*out) == (size_t)sqlite3_column_bytes(st, col);
}

static const unsigned char *
blob(sqlite3_stmt *st, int col, int size)
{
	return sqlite3_column_type(st, col) == SQLITE_BLOB && sqlite3_column_bytes(st, col) == size ? sqlite3_column_blob(st, col) : NULL;
}

static int
next_payload(struct walk *w, struct lp_err *err)
{
	int r = db_step(w->db, w->payloads, err);

	w->payload = r == 1 ? db_int64(w->payloads, 0) : INT64_MAX;
	return r == -1 ? -1 : 1;
}

/* A payload may be gone with the data of its lead alone, and the log itself must tell of that. */
static int
erased(struct walk *w, const struct log_row *row, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT 1 FROM erasures e WHERE e.lead_id = ?1 AND EXISTS (SELECT 1 FROM agent_logs l JOIN agent_log_payloads p ON p.log_id = l.seq"
	    " WHERE l.lead_id = ?1 AND l.seq > ?2 AND l.log_type = 'action' AND p.message GLOB 'forgotten: *')";
	int64_t lead = row->ids[1], v;
	int r = lead > 0 ? db_int(w->db, err, &v, sql, "II", lead, row->seq) : 0;

	if (r == 0)
		return broken(w->p, row->seq, "its payload is gone, and its lead was not erased");
	w->p->erased += r == 1;
	return r;
}

/* 1 as it was, 0 broken, -1. */
static int
payload(struct walk *w, const struct log_row *row, struct lp_err *err)
{
	sqlite3_stmt *st = w->payloads;
	const char *message, *reasoning, *details;
	unsigned char hash[LP_HASH_SIZE];
	const unsigned char *salt;
	char confidence[32];

	if (w->payload != row->seq)
		return erased(w, row, err);
	if ((salt = blob(st, 1, 16)) == NULL)
		return broken(w->p, row->seq, "its payload's salt was changed");
	if (!db_null(st, 4))
		snprintf(confidence, sizeof(confidence), "%.17g", db_double(st, 4));
	if (!text(st, 2, false, &message) || !text(st, 3, true, &reasoning) || !text(st, 5, true, &details))
		return broken(w->p, row->seq, "its message, reasoning or details were changed");
	log_payload_hash(salt, message, reasoning, db_null(st, 4) ? NULL : confidence, details, hash);
	if (memcmp(hash, row->payload_hash, LP_HASH_SIZE) != 0)
		return broken(w->p, row->seq, "its message, reasoning or details were changed");
	return next_payload(w, err);
}

static int
row(struct walk *w, struct lp_err *err)
{
	unsigned char hash[LP_HASH_SIZE];
	const unsigned char *stored = blob(w->rows, 12, LP_HASH_SIZE);
	struct log_row r = { .seq = db_int64(w->rows, 0), .payload_hash = blob(w->rows, 11, LP_HASH_SIZE) };
	bool same = stored != NULL && r.payload_hash != NULL && text(w->rows, 1, false, &r.created_at) && text(w->rows, 2, false, &r.log_type);
	int i, ok;

	if (r.seq != w->p->head + 1)
		return broken(w->p, w->p->head + 1, "the row is missing");
	for (i = 0; i < 8; i++) {
		r.ids[i] = db_int64(w->rows, 3 + i);
		same &= db_null(w->rows, 3 + i) || r.ids[i] > 0; /* nought hashes as NULL */
	}
	if (same)
		log_row_hash(&r, w->prev, hash);
	if (!same || memcmp(hash, stored, LP_HASH_SIZE) != 0)
		return broken(w->p, r.seq, "the row, or its place after the row before, was changed");
	if (w->payload < r.seq)
		return broken(w->p, w->payload, "there is a payload, and the row is missing");
	if ((ok = payload(w, &r, err)) != 1)
		return ok;
	memcpy(w->prev, hash, LP_HASH_SIZE);
	w->p->head = r.seq;
	w->p->rows++;
	if (w->noted && (w->noted_seq == 0 || w->noted_seq == r.seq) && memcmp(hash, w->noted_hash, LP_HASH_SIZE) == 0)
		w->found = true;
	if (w->noted_seq == r.seq && !w->found)
		return broken(w->p, r.seq, "it isn't the row that was noted: the log was written anew since");
	return 1;
}

/* What comes after the last row: nothing may have been there. */
static int
tail(struct walk *w, struct lp_err *err)
{
	struct log_proof *p = w->p;
	int64_t v = 0;

	if (db_int(w->db, err, &v, "SELECT seq FROM sqlite_sequence WHERE name = 'agent_logs'", "") == -1)
		return -1;
	if (v > p->head)
		return broken(p, p->head + 1, "the log ends here, but it went on to g%" PRId64, v);
	if (v < p->head)
		return broken(p, p->head, "the file's own count of rows ends at g%" PRId64, v);
	if (w->payload != INT64_MAX)
		return broken(p, p->head + 1, "the log ends here, but there is a payload of g%" PRId64, w->payload);
	if (w->noted && !w->found)
		return broken(p, w->noted_seq != 0 ? w->noted_seq : p->head, "the head that was noted isn't in the log: it was cut off or written anew since");
	return 1;
}

static int
walk(struct walk *w, struct lp_err *err)
{
	int r, ok;

	if (next_payload(w, err) == -1)
		return -1;
	while ((r = db_step(w->db, w->rows, err)) == 1)
		if ((ok = row(w, err)) != 1)
			return ok;
	return r == -1 ? -1 : tail(w, err);
}

/* "g12 HASH" and whatever comes after it on the line, or the hash alone. */
static int
read_noted(struct walk *w, const char *noted, struct lp_err *err)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = noted, *high, *low;
	size_t i, n = strcspn(noted, " ");
	char handle[24];

	if (noted[n] != '\0' && n < sizeof(handle)) {
		snprintf(handle, sizeof(handle), "%.*s", (int)n, noted);
		if (lp_handle(handle, 'g', &w->noted_seq))
			at += n + strspn(noted + n, " ");
	}
	for (i = 0; i < LP_HASH_SIZE; i++, at += 2) {
		if (at[0] == '\0' || (high = strchr(digits, at[0] | 0x20)) == NULL || at[1] == '\0' || (low = strchr(digits, at[1] | 0x20)) == NULL)
			return lp_fail(err, LP_USAGE, "--head: '%.80s' is no head: give what an earlier verify printed", noted);
		w->noted_hash[i] = (unsigned char)((high - digits) << 4 | (low - digits));
	}
	if (*at != '\0' && *at != ' ')
		return lp_fail(err, LP_USAGE, "--head: '%.80s' is no head: give what an earlier verify printed", noted);
	/* noted before there was anything: every log grew from that */
	w->noted = at - LP_HASH_SIZE * 2 == noted || w->noted_seq != 0;
	return 0;
}

int
log_verify(struct lp_db *db, const char *noted, struct log_proof *p, struct lp_err *err)
{
	static const char rows[] =
	    "SELECT seq, created_at, log_type, task_id, lead_id, campaign_id, message_id, inbox_message_id, account_id, rule_id, rule_version,"
	    " payload_hash, hash FROM agent_logs ORDER BY seq";
	static const char payloads[] =
	    "SELECT log_id, salt, message, reasoning, confidence, details FROM agent_log_payloads ORDER BY log_id";
	struct walk w = { .db = db, .p = p };
	int r = -1;

	*p = (struct log_proof){ 0 };
	if ((noted != NULL && read_noted(&w, noted, err) == -1) || db_exec(db, err, "BEGIN", "") == -1)
		return -1;
	if ((w.rows = db_query(db, err, rows, "")) != NULL && (w.payloads = db_query(db, err, payloads, "")) != NULL) {
		r = walk(&w, err);
		db_done(w.rows);
		db_done(w.payloads);
	}
	if (db_exec(db, r == -1 ? NULL : err, "COMMIT", "") == -1)
		return -1;
	lp_hex(w.prev, p->hash);
	return r;
}
