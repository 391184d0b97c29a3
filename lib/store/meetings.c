#include "store/meetings.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/enrolments.h"
#include "store/log.h"

#define HELD "status IN ('reserved', 'proposed', 'confirmed')" /* word for word as in the index */

void
meeting_clear(struct meeting *m)
{
	free(m->uid);
	free(m->booked_by);
	free(m->status_reason);
	free(m->attendee);
	free(m->title);
	free(m->location);
	free(m->others);
	*m = (struct meeting){ 0 };
}

#define COLUMNS \
	"seq, id, uid, sequence, lead_id, campaign_id, thread_id, account_id, inbox_message_id, task_id, booked_by, status, partstat, status_reason," \
	" attendee, title, location, replied_at, starts_at, ends_at, timezone, others, next_sequence, next_starts_at, next_ends_at"

static int
fill(struct lp_db *db, sqlite3_stmt *st, struct meeting *m, struct lp_err *err)
{
	int r, c = 0;

	*m = (struct meeting){ 0 };
	if (st == NULL)
		return -1;
	if ((r = db_step(db, st, err)) != 1)
		return r;
	m->seq = db_int64(st, c++);
	db_copy(st, c++, m->id, sizeof(m->id));
	m->uid = xstrdup(db_text(st, c++));
	m->sequence = (int)db_int64(st, c++);
	m->lead = db_int64(st, c++);
	m->campaign = db_int64(st, c++);
	m->thread = db_int64(st, c++);
	m->account = db_int64(st, c++);
	m->inbox = db_int64(st, c++);
	m->task = db_int64(st, c++);
	m->booked_by = xstrdup(db_text(st, c++));
	db_copy(st, c++, m->status, sizeof(m->status));
	db_copy(st, c++, m->partstat, sizeof(m->partstat));
	m->status_reason = xstrdup(db_text(st, c++));
	m->attendee = xstrdup(db_text(st, c++));
	m->title = xstrdup(db_text(st, c++));
	m->location = xstrdup(db_text(st, c++));
	m->replied_at = db_time(st, c++);
	m->starts_at = db_time(st, c++);
	m->ends_at = db_time(st, c++);
	db_copy(st, c++, m->timezone, sizeof(m->timezone));
	m->others = xstrdup(db_text(st, c++));
	m->next_sequence = (int)db_int64(st, c++);
	m->next_starts_at = db_time(st, c++);
	m->next_ends_at = db_time(st, c++);
	db_done(st);
	return 1;
}

int
meeting_get(struct lp_db *db, int64_t seq, struct meeting *m, struct lp_err *err)
{
	return fill(db, db_query(db, err, "SELECT " COLUMNS " FROM meetings WHERE seq = ?1", "I", seq), m, err);
}

int
meeting_by_uid(struct lp_db *db, const char *uid, struct meeting *m, struct lp_err *err)
{
	return fill(db, db_query(db, err, "SELECT " COLUMNS " FROM meetings WHERE uid = ?1", "s", uid), m, err);
}

int
meeting_find(struct lp_db *db, const char *word, int64_t *seq, struct lp_err *err)
{
	if (lp_handle(word, 'b', seq))
		return db_int(db, err, seq, "SELECT seq FROM meetings WHERE seq = ?1", "I", *seq);
	if (lp_uuid_ok(word))
		return db_int(db, err, seq, "SELECT seq FROM meetings WHERE id = ?1", "s", word);
	if (lp_handle_kind(word) != 0)
		return lp_fail(err, LP_USAGE, "'%s' is a %s, not a meeting", word, lp_kind_name(lp_handle_kind(word)));
	return lp_fail(err, LP_USAGE, "'%.80s' is no meeting (want b7)", word);
}

int
meeting_uid(struct lp_db *db, const char *purpose, int64_t account, char out[MEETING_UID_SIZE], struct lp_err *err)
{
	static const char sql[] = "SELECT substr(address, instr(address, '@') + 1) FROM accounts WHERE seq = ?1 AND instr(address, '@') > 0";
	unsigned char h[LP_HASH_SIZE];
	char hex[LP_HEX_SIZE], *domain = NULL;
	struct sha s;

	if (db_str(db, err, &domain, sql, "n", account) == -1)
		return -1;
	sha_init(&s);
	sha_add(&s, db_salt(db), 32);
	sha_field(&s, "meeting");
	sha_field(&s, purpose);
	sha_end(&s, h);
	snprintf(out, MEETING_UID_SIZE, "lp.%.32s@%.150s", lp_hex(h, hex), domain != NULL ? domain : "leadpilot.invalid");
	free(domain);
	return 0;
}

char *
meeting_purpose(const char *uid, int sequence, char out[MEETING_PURPOSE_SIZE])
{
	snprintf(out, MEETING_PURPOSE_SIZE, "meet:%s:%d", uid, sequence);
	return out;
}

static int
say(struct lp_db *db, const struct meeting *m, int64_t message, int64_t inbox, char *text, struct lp_err *err)
{
	int r = log_add(db, &(struct log_entry){ .type = "action", .task = m->task, .lead = m->lead, .campaign = m->campaign, .message = message,
	    .inbox = inbox, .account = m->account, .text = text }, err);

	free(text);
	return r;
}

/* ---- holding a time */

/* Is the time, with what must be free around it, another's? 1, 0, -1. */
static int
taken(struct lp_db *db, int64_t from, int64_t until, int64_t except, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT 1 FROM meetings WHERE " HELD " AND seq <> ?3 AND ((starts_at < ?2 AND ends_at > ?1)"
	    " OR (next_starts_at < ?2 AND next_ends_at > ?1)) LIMIT 1";
	int64_t v;

	return db_int(db, err, &v, sql, "ttI", from, until, except);
}

static int
day_full(struct lp_db *db, const struct meeting_new *n, int64_t except, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT count(*) FROM meetings WHERE " HELD " AND seq <> ?3 AND ((starts_at >= ?1 AND starts_at < ?2)"
	    " OR (next_starts_at >= ?1 AND next_starts_at < ?2))";
	int64_t count = 0;

	if (n->per_day == 0)
		return 0;
	return db_int(db, err, &count, sql, "ttI", n->day_from, n->day_until, except) == -1 ? -1 : count >= n->per_day;
}

static int
insert(struct lp_db *db, const struct meeting_new *n, int64_t *seq, struct lp_err *err)
{
	static const char sql[] =
	    "INSERT INTO meetings (id, uid, lead_id, campaign_id, thread_id, account_id, inbox_message_id, task_id, booked_by, attendee, starts_at, ends_at,"
	    " timezone, title, location, others, created_at, updated_at)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ifnull(?16, '[]'), ?17, ?17)";
	char uuid[LP_UUID_SIZE];

	if (db_uuid(db, uuid, err) == -1 ||
	    db_exec(db, err, sql, "ssnnnnnnssttsssss", uuid, n->uid, n->lead, n->campaign, n->thread, n->account, n->inbox, n->task, n->booked_by,
	        n->attendee, n->starts_at, n->ends_at, n->timezone, n->title, n->location, n->others, db_now_iso(db)) == -1)
		return -1;
	*seq = db_last_id(db);
	return 0;
}

/* One that never left is put elsewhere, and what was given up is taken up again. */
static int
put_there(struct lp_db *db, const struct meeting_new *n, int64_t seq, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE meetings SET status = 'reserved', status_reason = NULL, task_id = ifnull(?2, task_id), booked_by = ifnull(?11, booked_by),"
	    " attendee = ?3, starts_at = ?4, ends_at = ?5, timezone = ?6, title = ?7, location = ?8, others = ifnull(?9, '[]'), updated_at = ?10 WHERE seq = ?1 AND sequence = 0 AND status IN ('reserved', 'cancelled')"
	    " AND NOT EXISTS (SELECT 1 FROM messages WHERE meeting_id = ?1 AND status IN ('sent', 'unknown'))";
	int r = db_exec(db, err, sql, "Insttssssss", seq, n->task, n->attendee, n->starts_at, n->ends_at, n->timezone, n->title, n->location, n->others,
	    db_now_iso(db), n->booked_by);

	return r == 0 ? lp_fail(err, LP_BUG, "b%" PRId64 " has left already", seq) : r == -1 ? -1 : 0;
}

int
meeting_reserve(struct lp_db *db, const struct meeting_new *n, int64_t *seq, struct lp_err *err)
{
	struct meeting m;
	char iso[LP_ISO_SIZE];
	int64_t old = 0;
	int r;

	if (db_int(db, err, &old, "SELECT seq FROM meetings WHERE uid = ?1", "s", n->uid) == -1 ||
	    (r = taken(db, n->starts_at - n->buffer, n->ends_at + n->buffer, old, err)) == -1)
		return -1;
	if (r == 1 || (r = day_full(db, n, old, err)) != 0)
		return r == -1 ? -1 : 0;
	*seq = old;
	if ((old == 0 ? insert(db, n, seq, err) : put_there(db, n, old, err)) == -1 || meeting_get(db, *seq, &m, err) != 1)
		return -1;
	r = say(db, &m, 0, m.inbox, xasprintf("b%" PRId64 " reserved: %s%s%s", m.seq, lp_iso(m.starts_at, iso), m.booked_by != NULL ? ", by " : "",
	    m.booked_by != NULL ? m.booked_by : ""), err);
	meeting_clear(&m);
	return r == -1 ? -1 : 1;
}

int
meeting_attendee(struct lp_db *db, int64_t seq, const char *address, struct lp_err *err)
{
	static const char sql[] = "UPDATE meetings SET attendee = ?2, updated_at = ?3 WHERE seq = ?1 AND attendee IS NOT ?2";

	return db_exec(db, err, sql, "Iss", seq, address, db_now_iso(db)) == -1 ? -1 : 0;
}

int
meeting_task(struct lp_db *db, int64_t seq, int64_t task, struct lp_err *err)
{
	return db_exec(db, err, "UPDATE meetings SET task_id = ?2 WHERE seq = ?1", "II", seq, task) == -1 ? -1 : 0;
}

int
meetings_held(struct lp_db *db, int64_t from, int64_t until, int64_t except, struct meeting_span **out, size_t *n, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT starts_at AS a, ends_at AS b FROM meetings WHERE " HELD " AND seq <> ?3 AND starts_at < ?2 AND ends_at > ?1"
	    " UNION ALL SELECT next_starts_at, next_ends_at FROM meetings WHERE " HELD " AND next_starts_at IS NOT NULL AND seq <> ?3"
	    " AND next_starts_at < ?2 AND next_ends_at > ?1 ORDER BY a, b";
	sqlite3_stmt *st = db_query(db, err, sql, "ttI", from, until, except);
	int r;

	*out = NULL;
	*n = 0;
	if (st == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1) {
		if ((*n & (*n - 1)) == 0)
			*out = xrealloc(*out, (*n > 0 ? 2 * *n : 1) * sizeof(**out));
		(*out)[*n].from = db_time(st, 0);
		(*out)[(*n)++].until = db_time(st, 1);
	}
	return r;
}

/* ---- changes */

static int
may_change(struct lp_db *db, const struct meeting *m, struct lp_err *err)
{
	if (strcmp(m->status, "proposed") != 0 && strcmp(m->status, "confirmed") != 0)
		return lp_fail(err, LP_DATA, "b%" PRId64 " is %s", m->seq, m->status);
	if (m->ends_at <= db_now(db))
		return lp_fail(err, LP_DATA, "b%" PRId64 " is over", m->seq);
	if (m->next_sequence != 0)
		return lp_fail(err, LP_DATA, "a change of b%" PRId64 " is on its way already: lp-tasks cancel its task first (lp-book show b%" PRId64 ")",
		    m->seq, m->seq);
	return 0;
}

int
meeting_change(struct lp_db *db, int64_t seq, int64_t starts_at, int64_t ends_at, const char *why, int *sequence, struct lp_err *err)
{
	/* a change that was given up has used its number too */
	static const char next_sql[] = "SELECT max(?2, (SELECT count(*) FROM messages WHERE meeting_id = ?1))";
	static const char sql[] = "UPDATE meetings SET next_sequence = ?2, next_starts_at = ?3, next_ends_at = ?4, updated_at = ?5 WHERE seq = ?1";
	struct meeting m;
	char iso[LP_ISO_SIZE];
	int64_t next;
	int r;

	if ((r = meeting_get(db, seq, &m, err)) != 1)
		return r == -1 ? -1 : lp_fail(err, LP_NO, "no such meeting: b%" PRId64, seq);
	r = may_change(db, &m, err);
	if (r == 0 && starts_at != 0 && (r = taken(db, starts_at, ends_at, seq, err)) == 1) {
		meeting_clear(&m);
		return 0;
	}
	if (r != -1 && db_int(db, err, &next, next_sql, "Ii", seq, m.sequence + 1) == 1 &&
	    db_exec(db, err, sql, "IITTs", seq, next, starts_at, ends_at, db_now_iso(db)) == 1) {
		*sequence = (int)next;
		r = say(db, &m, 0, 0, xasprintf("b%" PRId64 " is to %s%s%s%s", seq, starts_at != 0 ? "move to " : "be called off",
		    starts_at != 0 ? lp_iso(starts_at, iso) : "", why != NULL ? ": " : "", why != NULL ? why : ""), err);
	} else
		r = -1;
	meeting_clear(&m);
	return r == -1 ? -1 : 1;
}

/* The lead is booked while a meeting is confirmed, and one who replied when none is any more. */
static int
lead_status(struct lp_db *db, const struct meeting *m, const char *why, struct lp_err *err)
{
	static const char on[] =
	    "UPDATE leads SET status = 'booked', status_reason = ?2, version = version + 1, updated_at = ?3 WHERE seq = ?1"
	    " AND status IN ('active', 'replied') AND EXISTS (SELECT 1 FROM meetings WHERE lead_id = ?1 AND status = 'confirmed')";
	static const char off[] =
	    "UPDATE leads SET status = 'replied', status_reason = ?2, version = version + 1, updated_at = ?3 WHERE seq = ?1"
	    " AND status = 'booked' AND NOT EXISTS (SELECT 1 FROM meetings WHERE lead_id = ?1 AND status = 'confirmed')";

	if (m->lead == 0)
		return 0;
	return db_exec(db, err, on, "Iss", m->lead, why, db_now_iso(db)) == -1 || db_exec(db, err, off, "Iss", m->lead, why, db_now_iso(db)) == -1 ?
	    -1 : 0;
}

/* A new time asks for a new answer. */
static int
take_over(struct lp_db *db, const struct meeting *m, struct lp_err *err)
{
	static const char moved[] =
	    "UPDATE meetings SET sequence = next_sequence, starts_at = next_starts_at, ends_at = next_ends_at, status = 'proposed', status_reason = 'moved',"
	    " partstat = 'NEEDS-ACTION', replied_at = NULL, next_sequence = NULL, next_starts_at = NULL, next_ends_at = NULL, updated_at = ?2 WHERE seq = ?1";
	static const char off[] =
	    "UPDATE meetings SET sequence = next_sequence, status = 'cancelled', status_reason = 'called off', next_sequence = NULL, updated_at = ?2"
	    " WHERE seq = ?1";

	return m->next_starts_at != 0 ? db_exec(db, err, moved, "Is", m->seq, db_now_iso(db)) : db_exec(db, err, off, "Is", m->seq, db_now_iso(db));
}

int
meeting_sent(struct lp_db *db, int64_t message, struct lp_err *err)
{
	static const char of_sql[] =
	    "SELECT b.seq FROM messages m JOIN meetings b ON b.seq = m.meeting_id WHERE m.seq = ?1"
	    " AND m.purpose = 'meet:' || b.uid || ':' || ifnull(b.next_sequence, b.sequence)";
	static const char sql[] = "UPDATE meetings SET status = 'proposed', status_reason = NULL, updated_at = ?2 WHERE seq = ?1 AND status = 'reserved'";
	const char *what = "proposed";
	struct meeting m;
	char why[80];
	int64_t seq;
	int r;

	if ((r = db_int(db, err, &seq, of_sql, "I", message)) != 1 || (r = meeting_get(db, seq, &m, err)) != 1)
		return r == -1 ? -1 : 0;
	if (m.next_sequence == 0) {
		r = db_exec(db, err, sql, "Is", seq, db_now_iso(db));
		/* whoever is invited isn't asked whether they have any thoughts */
		if (r > 0 && m.lead != 0 && enrolments_stop_lead(db, m.lead, "a meeting is proposed", err) == -1)
			r = -1;
	} else {
		what = m.next_starts_at != 0 ? "moved" : "called off";
		r = take_over(db, &m, err);
	}
	snprintf(why, sizeof(why), "b%" PRId64 " %s", seq, what);
	if (r > 0 && strcmp(what, "called off") == 0)
		r = lead_status(db, &m, why, err) == -1 ? -1 : 1;
	if (r > 0)
		r = say(db, &m, message, 0, xstrdup(why), err);
	meeting_clear(&m);
	return r == -1 ? -1 : 0;
}

int
meeting_answered(struct lp_db *db, const struct meeting *m, const char *partstat, int64_t at, int64_t inbox, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE meetings SET partstat = ?2, replied_at = ?3, status = CASE ?2 WHEN 'ACCEPTED' THEN 'confirmed' WHEN 'DECLINED' THEN 'declined'"
	    " ELSE 'proposed' END, status_reason = ?4, updated_at = ?5 WHERE seq = ?1 AND status IN ('proposed', 'confirmed', 'declined')"
	    " AND (replied_at IS NULL OR replied_at < ?3)";
	const char *what = strcmp(partstat, "ACCEPTED") == 0 ? "accepted" : strcmp(partstat, "DECLINED") == 0 ? "declined" : "accepted for now (TENTATIVE)";
	char why[80];
	int r;

	/* a declined one's time may have been given to somebody else since */
	if (strcmp(m->status, "declined") == 0 && strcmp(partstat, "DECLINED") != 0 && (m->replied_at == 0 || m->replied_at < at) &&
	    (r = taken(db, m->starts_at, m->ends_at, m->seq, err)) != 0)
		return r == 1 ? 2 : -1;
	snprintf(why, sizeof(why), "b%" PRId64 " %s (i%" PRId64 ")", m->seq, what, inbox);
	if ((r = db_exec(db, err, sql, "Istss", m->seq, partstat, at, why, db_now_iso(db))) <= 0)
		return r;
	if (lead_status(db, m, why, err) == -1)
		return -1;
	return say(db, m, 0, inbox, xstrdup(why), err) == -1 ? -1 : 1;
}
