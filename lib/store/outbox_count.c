/* outbox_count.c - how much was sent, or may have been: a day, and a time that slides, for the door.  Each from an index or from the sums by the hour.  Part of outbox.h. */
#include "store/outbox.h"

#define COUNTED " AND state IN ('reserved', 'sent', 'unknown')"

struct tally {
	int64_t n, first_contacts;
};

/* Those of an account (0: of all) since: whole hours from their sums, what is before the first of them one by one. */
static int
tally(struct lp_db *db, int64_t account, int64_t since, struct tally *t, struct lp_err *err)
{
	static const char hours_sql[] = "SELECT ifnull(sum(n), 0), ifnull(sum(first_contacts), 0) FROM outbox_hours WHERE account_id = ?1 AND hour >= ?2";
	static const char all_sql[] = "SELECT count(*), ifnull(sum(first_contact), 0) FROM outbox WHERE reserved_at >= ?1 AND reserved_at < ?2" COUNTED;
	static const char one_sql[] =
	    "SELECT count(*), ifnull(sum(first_contact), 0) FROM outbox WHERE account_id = ?3 AND reserved_at >= ?1 AND reserved_at < ?2" COUNTED;
	int64_t whole = since % LP_HOUR == 0 ? since : since - since % LP_HOUR + LP_HOUR;
	char hour[LP_ISO_SIZE];
	sqlite3_stmt *st;

	lp_iso(whole, hour);
	hour[13] = '\0';
	if ((st = db_query(db, err, hours_sql, "Is", account, hour)) == NULL || db_step(db, st, err) != 1)
		return -1;
	*t = (struct tally){ db_int64(st, 0), db_int64(st, 1) };
	db_done(st);
	if (whole == since)
		return 0;
	st = account == 0 ? db_query(db, err, all_sql, "tt", since, whole) : db_query(db, err, one_sql, "ttI", since, whole, account);
	if (st == NULL || db_step(db, st, err) != 1)
		return -1;
	t->n += db_int64(st, 0);
	t->first_contacts += db_int64(st, 1);
	db_done(st);
	return 0;
}

int
outbox_used(struct lp_db *db, int64_t account, int64_t lead, const char *company, int64_t agent_since, int64_t account_since,
    struct outbox_used *u, struct lp_err *err)
{
	static const char lead_sql[] = "SELECT count(*) FROM outbox WHERE lead_id = ?1" COUNTED;
	static const char company_sql[] = "SELECT count(*) FROM outbox WHERE company_key = ?1 AND reserved_at >= ?2" COUNTED;
	struct tally all, mine = { 0 };

	*u = (struct outbox_used){ 0 };
	if (tally(db, 0, agent_since, &all, err) == -1 || (account != 0 && tally(db, account, account_since, &mine, err) == -1))
		return -1;
	u->agent = all.n;
	u->first_contacts = all.first_contacts;
	u->account = mine.n;
	if ((lead != 0 && db_int(db, err, &u->lead, lead_sql, "I", lead) == -1) ||
	    (company != NULL && db_int(db, err, &u->company, company_sql, "st", company, agent_since) == -1))
		return -1;
	return 0;
}

int
outbox_since(struct lp_db *db, int64_t since, int64_t *n, struct lp_err *err)
{
	struct tally t;

	/* a time that slides begins behind `since` */
	if (tally(db, 0, since + 1, &t, err) == -1)
		return -1;
	*n = t.n;
	return 0;
}

int
outbox_nth(struct lp_db *db, int64_t account, int64_t n, int64_t since, int64_t *at, struct lp_err *err)
{
	static const char all[] = "SELECT reserved_at FROM outbox WHERE state IN ('reserved', 'sent', 'unknown') ORDER BY reserved_at DESC LIMIT 1 OFFSET ?1";
	static const char one[] =
	    "SELECT reserved_at FROM outbox WHERE account_id = ?2 AND state IN ('reserved', 'sent', 'unknown') ORDER BY reserved_at DESC LIMIT 1 OFFSET ?1";
	struct tally t;
	sqlite3_stmt *st;
	int r;

	/* the hours at hand are fewer than the messages that a high limit would have to be counted through */
	if (tally(db, account, since - since % LP_HOUR, &t, err) == -1)
		return -1;
	if (t.n < n)
		return 0;
	st = account == 0 ? db_query(db, err, all, "I", n - 1) : db_query(db, err, one, "II", n - 1, account);
	if ((r = st != NULL ? db_step(db, st, err) : -1) == 1) {
		*at = db_time(st, 0);
		db_done(st);
	}
	return r;
}

int
outbox_last(struct lp_db *db, int64_t account, int64_t but, int64_t *at, struct lp_err *err)
{
	static const char sql[] = "SELECT reserved_at FROM outbox WHERE account_id = ?1 AND message_id <> ?2 ORDER BY reserved_at DESC LIMIT 1";
	sqlite3_stmt *st = db_query(db, err, sql, "II", account, but);
	int r = st != NULL ? db_step(db, st, err) : -1;

	if (r == 1) {
		*at = db_time(st, 0);
		db_done(st);
	}
	return r;
}

int
outbox_to_provider(struct lp_db *db, const char *sender, const char *provider, int64_t since, int64_t most, int64_t *n, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE provider = ?2 AND sender = ?1 AND reserved_at > ?3 AND provider IS NOT NULL"
	    " AND state IN ('reserved', 'sent', 'unknown') LIMIT ?4)";

	return db_int(db, err, n, sql, "sstI", sender, provider, since, most) == -1 ? -1 : 0;
}

int
bulk_sender(struct lp_db *db, const char *sender, const char *provider, struct lp_err *err)
{
	int64_t v;

	return db_int(db, err, &v, "SELECT 1 FROM bulk_senders WHERE sender = ?1 AND provider = ?2", "ss", sender, provider);
}

int
bulk_sender_add(struct lp_db *db, const char *sender, const char *provider, struct lp_err *err)
{
	return db_exec(db, err, "INSERT INTO bulk_senders (sender, provider, created_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING", "sss", sender, provider,
	    db_now_iso(db));
}
