#include "store/texts.h"

#include "store/match_int.h"
#include "store/messages.h"
#include "store/persons.h"

/* 1 and *m, 0, -1. */
static int
found(struct lp_db *db, sqlite3_stmt *st, struct inbox_match *m, struct lp_err *err)
{
	int r = st == NULL ? -1 : db_step(db, st, err);

	if (r == 1)
		match_fill(st, "number", m);
	return r;
}

int
texts_match(struct lp_db *db, const char *number, int64_t account, const char *channel, struct inbox_match *m, struct lp_err *err)
{
	static const char thread_sql[] =
	    "SELECT t.lead_id, (SELECT x.campaign_id FROM messages x WHERE x.thread_id = t.seq AND x.sent_at IS NOT NULL ORDER BY x.sent_at DESC LIMIT 1),"
	    " t.seq, (SELECT x.seq FROM messages x WHERE x.thread_id = t.seq AND x.sent_at IS NOT NULL ORDER BY x.sent_at DESC LIMIT 1), NULL"
	    " FROM leads l CROSS JOIN threads t ON t.lead_id = l.seq"
	    " WHERE l.person_id = ?1 AND t.account_id = ?2 AND t.channel = ?3 AND l.status <> 'forgotten' ORDER BY t.updated_at DESC, t.seq DESC LIMIT 1";
	static const char sent_sql[] =
	    "SELECT m.lead_id, m.campaign_id, NULL, NULL, NULL FROM leads l CROSS JOIN messages m ON m.lead_id = l.seq"
	    " WHERE l.person_id = ?1 AND m.sent_at IS NOT NULL ORDER BY m.sent_at DESC LIMIT 1";
	static const char any_sql[] =
	    "SELECT seq, NULL, NULL, NULL, NULL FROM leads WHERE person_id = ?1 AND status <> 'forgotten' ORDER BY seq LIMIT 1";
	int r = persons_find(db, "phone", number, &m->sender, err);

	if (r != 1)
		return r;
	r = found(db, db_query(db, err, thread_sql, "IIs", m->sender, account, channel), m, err);
	if (r == 0)
		r = found(db, db_query(db, err, sent_sql, "I", m->sender), m, err);
	if (r == 0)
		r = found(db, db_query(db, err, any_sql, "I", m->sender), m, err);
	if (r == 1)
		m->person = m->sender;
	return r == -1 ? -1 : 0;
}

int
texts_account(struct lp_db *db, const char *number, const char *channel, int64_t *account, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT max(seq), count(*) FROM accounts WHERE address = ?1 AND channel <> 'email' AND channel = ifnull(?2, channel)";
	sqlite3_stmt *st = db_query(db, err, sql, "ss", number, channel);
	int64_t n;

	if (st == NULL || db_step(db, st, err) != 1)
		return -1;
	*account = db_int64(st, 0);
	n = db_int64(st, 1);
	db_done(st);
	return n < 2 ? (int)n : lp_fail(err, LP_DATA, "%s is the number of %d accounts: which of them (account)", number, (int)n);
}

int
texts_own(struct lp_db *db, const char *number, struct lp_err *err)
{
	int64_t v;

	return db_int(db, err, &v, "SELECT 1 FROM accounts WHERE address = ?1 LIMIT 1", "s", number);
}

int
texts_last(struct lp_db *db, int64_t lead, int64_t account, const char *channel, int64_t *at, struct lp_err *err)
{
	/* a service's clock that runs ahead opens nothing for longer */
	static const char sql[] =
	    "SELECT max(min(ifnull(i.sent_at, i.received_at), i.received_at)) FROM leads o CROSS JOIN leads l ON l.person_id = o.person_id"
	    " CROSS JOIN inbox_messages i ON i.lead_id = l.seq WHERE o.seq = ?1 AND i.account_id = ?2 AND i.channel = ?3 AND i.kind <> 'own'";
	sqlite3_stmt *st = db_query(db, err, sql, "IIs", lead, account, channel);

	if (st == NULL || db_step(db, st, err) != 1)
		return -1;
	*at = db_time(st, 0);
	db_done(st);
	return *at != 0;
}

int
texts_thread(struct lp_db *db, int64_t lead, int64_t account, const char *channel, int64_t *thread, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT seq FROM threads WHERE lead_id = ?1 AND account_id = ?2 AND channel = ?3 ORDER BY seq DESC LIMIT 1";
	int r = db_int(db, err, thread, sql, "IIs", lead, account, channel);

	return r == 0 ? thread_new(db, lead, account, channel, thread, err) : r == 1 ? 0 : -1;
}

int
texts_recipients(struct lp_db *db, int64_t account, int64_t since, const char *but, int64_t *n, int64_t *oldest, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT count(*), min(at) FROM (SELECT max(reserved_at) AS at FROM outbox WHERE account_id = ?1 AND reserved_at > ?2"
	    " AND state IN ('reserved', 'sent', 'unknown') GROUP BY recipient HAVING recipient <> ifnull(?3, ''))";
	sqlite3_stmt *st = db_query(db, err, sql, "Its", account, since, but);

	if (st == NULL || db_step(db, st, err) != 1)
		return -1;
	*n = db_int64(st, 0);
	*oldest = db_time(st, 1);
	db_done(st);
	return 0;
}
