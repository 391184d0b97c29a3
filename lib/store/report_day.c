/*
 * The day's report, as text.  Part of report.h.
 */
#include <inttypes.h>

#include "base/mem.h"
#include "base/tz.h"
#include "store/config.h"
#include "store/report.h"

static int
day_span(struct lp_db *db, const char *day, char from[LP_ISO_SIZE], char to[LP_ISO_SIZE], struct lp_err *err)
{
	struct lp_config c;
	int64_t n, a, b;
	int r = -1;

	if (config_load(db, &c, err) == -1)
		return -1;
	if (hours_date(day, &n, err) == 0 && tz_midnight(c.hours.timezone, n, &a, err) == 0 && tz_midnight(c.hours.timezone, n + 1, &b, err) == 0) {
		lp_iso(a, from);
		lp_iso(b, to);
		r = 0;
	}
	config_clear(&c);
	return r;
}

static int
line(struct lp_db *db, struct buf *out, const char *what, sqlite3_stmt *st, struct lp_err *err)
{
	int r;

	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return -1;
	if (r == 1) {
		buf_printf(out, "%-28s %" PRId64 "\n", what, db_int64(st, 0));
		db_done(st);
	}
	return 0;
}

static int
groups(struct lp_db *db, struct buf *out, const char *head, sqlite3_stmt *st, struct lp_err *err)
{
	bool any = false;
	int r;

	if (st == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1) {
		if (!any)
			buf_printf(out, "\n%s\n", head);
		any = true;
		buf_printf(out, "%6" PRId64 "  %s\n", db_int64(st, 0), db_null(st, 1) ? "-" : db_text(st, 1));
	}
	return r;
}

int
report_text(struct lp_db *db, const char *day, char **text, struct lp_err *err)
{
	static const char sent[] = "SELECT count(*) FROM messages WHERE status = 'sent' AND sent_at >= ?1 AND sent_at < ?2";
	static const char fresh[] = "SELECT count(*) FROM leads WHERE contacted_at >= ?1 AND contacted_at < ?2";
	static const char replies[] = "SELECT count(*) FROM inbox_messages WHERE lead_id IS NOT NULL AND received_at >= ?1 AND received_at < ?2";
	static const char unknown[] = "SELECT count(*) FROM outbox WHERE state = 'unknown'";
	static const char campaigns[] =
	    "SELECT count(*), c.name FROM messages m JOIN campaigns c ON c.seq = m.campaign_id WHERE m.status = 'sent' AND m.sent_at >= ?1"
	    " AND m.sent_at < ?2 GROUP BY c.seq ORDER BY 1 DESC";
	static const char held[] =
	    "SELECT count(*), hold_reason FROM agent_tasks WHERE status = 'awaiting_approval' GROUP BY hold_reason ORDER BY 1 DESC LIMIT 20";
	static const char blocked[] =
	    "SELECT count(*), status_reason FROM messages WHERE status = 'blocked' AND updated_at >= ?1 AND updated_at < ?2"
	    " GROUP BY status_reason ORDER BY 1 DESC LIMIT 20";
	static const char models[] = "SELECT count(*), sum(cost_micros) / 1e6 FROM model_calls WHERE record_of IS NULL AND created_at >= ?1 AND created_at < ?2 HAVING count(*) > 0";
	char from[LP_ISO_SIZE], to[LP_ISO_SIZE];
	struct buf b = { 0 };

	if (day_span(db, day, from, to, err) == -1)
		return -1;
	if (line(db, &b, "messages sent", db_query(db, err, sent, "ss", from, to), err) == -1 ||
	    line(db, &b, "leads written to first", db_query(db, err, fresh, "ss", from, to), err) == -1 ||
	    line(db, &b, "replies", db_query(db, err, replies, "ss", from, to), err) == -1 ||
	    line(db, &b, "not known whether they left", db_query(db, err, unknown, ""), err) == -1 ||
	    groups(db, &b, "questions to models, and their cost", db_query(db, err, models, "ss", from, to), err) == -1 ||
	    groups(db, &b, "sent, by campaign", db_query(db, err, campaigns, "ss", from, to), err) == -1 ||
	    groups(db, &b, "held, and why", db_query(db, err, held, ""), err) == -1 ||
	    groups(db, &b, "blocked, and why", db_query(db, err, blocked, "ss", from, to), err) == -1) {
		buf_free(&b);
		return -1;
	}
	*text = buf_steal(&b);
	return 0;
}
