#include "store/enrolments.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/log.h"
#include "store/suppressions.h"

int
enrolment_get(struct lp_db *db, int64_t seq, struct enrolment *e, struct lp_err *err)
{
	static const char sql[] = "SELECT seq, campaign_id, lead_id, account_id, version, id, status, paused_until FROM enrolments WHERE seq = ?1";
	sqlite3_stmt *st = db_query(db, err, sql, "I", seq);
	int r;

	*e = (struct enrolment){ 0 };
	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return -1;
	if (r == 0)
		return 0;
	e->seq = db_int64(st, 0);
	e->campaign = db_int64(st, 1);
	e->lead = db_int64(st, 2);
	e->account = db_int64(st, 3);
	e->version = (int)db_int64(st, 4);
	snprintf(e->id, sizeof(e->id), "%s", db_text(st, 5));
	snprintf(e->status, sizeof(e->status), "%s", db_text(st, 6));
	e->paused_until = db_time(st, 7);
	db_done(st);
	return 1;
}

int64_t
enrolment_again(const struct enrolment *e, int64_t now)
{
	if (e->paused_until == 0)
		return now + LP_DAY;
	return e->paused_until > now ? e->paused_until : now + LP_MINUTE; /* over: lp-enqueue due is about to see it */
}

static int64_t
gcd(int64_t a, int64_t b)
{
	return b == 0 ? a : gcd(b, a % b);
}

/* The campaign's accounts: those that its version names, else every one, for a channel (NULL: its first step's). Each gets its share of the leads by what it may send a
 * day, so that none is still at it when the others are through; one that may send nothing gets none, unless that is all of them. */
static int
choose_account(struct lp_db *db, int64_t campaign, int version, int64_t lead, const char *channel, int64_t *account, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT a.seq, a.daily_limit FROM accounts a JOIN campaign_versions v ON v.campaign_id = ?1 AND v.version = ?2"
	    " JOIN campaign_steps s ON s.campaign_id = v.campaign_id AND s.version = v.version AND s.step = 1"
	    " WHERE a.channel = ifnull(?3, s.channel) AND a.status = 'active'"
	    " AND (ifnull(json_array_length(v.definition, '$.accounts'), 0) = 0"
	    "      OR a.name IN (SELECT value FROM json_each(v.definition, '$.accounts'))) ORDER BY a.seq LIMIT 1000";
	struct {
		int64_t seq, share;
	} found[1000];
	sqlite3_stmt *st = db_query(db, err, sql, "Iis", campaign, version, channel);
	int64_t common = 0, total = 0, at;
	size_t n = 0;
	int r;

	*account = 0;
	if (st == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1) {
		found[n].seq = db_int64(st, 0);
		found[n].share = db_int64(st, 1);
		common = gcd(found[n].share, common);
		total += found[n++].share;
	}
	if (r == -1 || n == 0)
		return r;
	at = (int64_t)(lp_seeded(db_seed(db), "account", lead) % (uint64_t)(total > 0 ? total / common : (int64_t)n));
	for (size_t i = 0; i < n && *account == 0; i++) {
		at -= total > 0 ? found[i].share / common : 1;
		if (at < 0)
			*account = found[i].seq;
	}
	return 0;
}

int
enrolments_account(struct lp_db *db, int64_t campaign, int version, int64_t lead, int64_t bound, const char *channel, int64_t *account, struct lp_err *err)
{
	int r = db_int(db, err, account, "SELECT seq FROM accounts WHERE seq = ?1 AND channel = ?2", "Is", bound, channel);

	return r == 0 ? choose_account(db, campaign, version, lead, channel, account, err) : r == 1 ? 0 : -1;
}

static int
may_enrol(struct lp_db *db, int64_t lead, const char *channel, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT status, email, whatsapp, phone, status_reason, person_id FROM leads WHERE seq = ?1";
	struct suppression_hit hit;
	int64_t person;
	sqlite3_stmt *st = db_query(db, err, sql, "I", lead);
	int col = strcmp(channel, "email") == 0 ? 1 : strcmp(channel, "whatsapp") == 0 ? 2 : 3, r;

	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return -1;
	if (r == 0)
		return lp_fail(err, LP_DATA, "no such lead: l%" PRId64, lead);
	if (strcmp(db_text(st, 0), "active") != 0)
		r = lp_fail(err, LP_DATA, "l%" PRId64 " is %s%s%s", lead, db_text(st, 0), db_null(st, 4) ? "" : ": ",
		    db_null(st, 4) ? "" : db_text(st, 4));
	else if (db_null(st, col))
		r = lp_fail(err, LP_DATA, "l%" PRId64 " has no %s", lead, col == 1 ? "e-mail address" : col == 2 ? "WhatsApp number" : "phone number");
	else
		r = 0;
	person = db_int64(st, 5);
	db_done(st);
	/* a domain may have been suppressed since the lead came in */
	if (r == 0 && (r = suppressions_hit(db, person, NULL, &hit, err)) == 1)
		r = lp_fail(err, LP_DATA, "l%" PRId64 " is suppressed (%s): %s", lead, hit.kind, hit.reason);
	return r;
}

/* May leads come in this way, and is there room? */
static int
has_room(struct lp_db *db, int64_t campaign, int version, const char *way, struct lp_err *err)
{
	static const char entry_sql[] =
	    "SELECT 1 FROM campaign_versions v WHERE v.campaign_id = ?1 AND v.version = ?2 AND (json_extract(v.definition, '$.entry') IS NULL"
	    " OR ?3 IN (SELECT value FROM json_each(v.definition, '$.entry')))";
	/* the highest number first: counting for each lead of a long list would be quadratic */
	static const char full_sql[] =
	    "SELECT json_extract(v.definition, '$.max_leads') FROM campaign_versions v WHERE v.campaign_id = ?1 AND v.version = ?2"
	    " AND (SELECT max(seq) FROM enrolments) >= json_extract(v.definition, '$.max_leads')"
	    " AND (SELECT count(*) FROM enrolments e WHERE e.campaign_id = ?1) >= json_extract(v.definition, '$.max_leads')";
	int64_t v;
	int r;

	if ((r = db_int(db, err, &v, "SELECT 1 FROM campaigns WHERE seq = ?1 AND status = 'finished'", "I", campaign)) != 0)
		return r == 1 ? lp_fail(err, LP_DATA, "c%" PRId64 " is finished", campaign) : -1;
	if ((r = db_int(db, err, &v, entry_sql, "Iis", campaign, version, way)) != 1)
		return r == 0 ? lp_fail(err, LP_DATA, "c%" PRId64 " takes no leads by '%s' (entry)", campaign, way) : -1;
	if ((r = db_int(db, err, &v, full_sql, "Ii", campaign, version)) != 0)
		return r == 1 ? lp_fail(err, LP_DATA, "c%" PRId64 " is full: at most %" PRId64 " leads (max_leads)", campaign, v) : -1;
	return 0;
}

static int
newest(struct lp_db *db, int64_t campaign, int *version, char channel[12], struct lp_err *err)
{
	static const char sql[] =
	    "SELECT c.version, s.channel FROM campaigns c JOIN campaign_steps s ON s.campaign_id = c.seq AND s.version = c.version AND s.step = 1"
	    " WHERE c.seq = ?1";
	sqlite3_stmt *st = db_query(db, err, sql, "I", campaign);
	int r;

	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return -1;
	if (r == 0)
		return lp_fail(err, LP_DATA, "no such campaign: c%" PRId64, campaign);
	*version = (int)db_int64(st, 0);
	snprintf(channel, 12, "%s", db_text(st, 1));
	db_done(st);
	return 0;
}

int
enrol(struct lp_db *db, int64_t campaign, int64_t lead, const char *way, int64_t *seq, struct lp_err *err)
{
	static const char have_sql[] = "SELECT seq FROM enrolments WHERE campaign_id = ?1 AND lead_id = ?2";
	static const char sql[] =
	    "INSERT INTO enrolments (id, campaign_id, version, lead_id, account_id, way, enrolled_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
	char uuid[LP_UUID_SIZE], channel[12], text[64];
	int64_t account;
	int version = 0, r;

	if ((r = db_int(db, err, seq, have_sql, "II", campaign, lead)) != 0)
		return r == 1 ? 0 : -1;
	if (newest(db, campaign, &version, channel, err) == -1 || may_enrol(db, lead, channel, err) == -1 ||
	    has_room(db, campaign, version, way, err) == -1 ||
	    choose_account(db, campaign, version, lead, NULL, &account, err) == -1 || db_uuid(db, uuid, err) == -1)
		return -1;
	if (db_exec(db, err, sql, "sIiInss", uuid, campaign, version, lead, account, way, db_now_iso(db)) == -1)
		return -1;
	*seq = db_last_id(db);
	snprintf(text, sizeof(text), "enrolled in version %d (%s)", version, way);
	if (log_add(db, &(struct log_entry){ .type = "action", .lead = lead, .campaign = campaign, .account = account, .text = text }, err) == -1)
		return -1;
	return 1;
}

int
enrolments_bind(struct lp_db *db, int64_t campaign, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT seq, version, lead_id FROM enrolments WHERE campaign_id = ?1 AND account_id IS NULL AND status = 'enrolled'";
	static const char set_sql[] = "UPDATE enrolments SET account_id = ?2 WHERE seq = ?1";
	struct {
		int64_t seq, lead;
		int version;
	} *e = NULL;
	sqlite3_stmt *st = db_query(db, err, sql, "I", campaign);
	int64_t account;
	size_t n = 0, i;
	int r, bound = 0;

	if (st == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1) {
		if ((n & (n - 1)) == 0)
			e = xrealloc(e, (n > 0 ? 2 * n : 1) * sizeof(*e));
		e[n].seq = db_int64(st, 0);
		e[n].version = (int)db_int64(st, 1);
		e[n++].lead = db_int64(st, 2);
	}
	for (i = 0; i < n && r == 0; i++) {
		if ((r = choose_account(db, campaign, e[i].version, e[i].lead, NULL, &account, err)) == -1 || account == 0)
			continue;
		r = db_exec(db, err, set_sql, "II", e[i].seq, account) == -1 ? -1 : 0;
		bound++;
	}
	free(e);
	return r == -1 ? -1 : bound;
}

/* One enrolment and all that is still open of it. What is on the wire stays: it can't be called back. */
static int
stop_one(struct lp_db *db, int64_t seq, int64_t lead, int64_t campaign, const char *reason, struct lp_err *err)
{
	static const char sql[] = "UPDATE enrolments SET status = 'stopped', stop_reason = ?2, paused_until = NULL, ended_at = ?3 WHERE seq = ?1";
	static const char slot_sql[] =
	    "UPDATE slots SET lost = at < ?2, message_id = NULL WHERE message_id IN (SELECT seq FROM messages WHERE enrolment_id = ?1"
	    " AND status = 'due')";
	static const char msg_sql[] =
	    "UPDATE messages SET status = 'superseded', status_reason = ?2, updated_at = ?3 WHERE enrolment_id = ?1 AND status IN ('planned', 'due')"
	    " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = messages.seq AND o.state IN ('reserved', 'unknown'))";
	static const char task_sql[] =
	    "UPDATE agent_tasks SET status = 'cancelled', outcome = 'superseded', rejection_reason = ?2, completed_at = ?3, updated_at = ?3"
	    " WHERE enrolment_id = ?1 AND status IN ('pending', 'awaiting_approval')";
	static const char ask_sql[] =
	    "UPDATE approvals SET status = 'superseded', comment = ?2 WHERE status = 'open'"
	    " AND task_id IN (SELECT seq FROM agent_tasks WHERE enrolment_id = ?1)";
	char text[300];

	if (db_exec(db, err, sql, "Iss", seq, reason, db_now_iso(db)) == -1 || db_exec(db, err, slot_sql, "Is", seq, db_now_iso(db)) == -1 ||
	    db_exec(db, err, msg_sql, "Iss", seq, reason, db_now_iso(db)) == -1 ||
	    db_exec(db, err, ask_sql, "Is", seq, reason) == -1 || db_exec(db, err, task_sql, "Iss", seq, reason, db_now_iso(db)) == -1)
		return -1;
	snprintf(text, sizeof(text), "sequence stopped: %s", reason);
	return log_add(db, &(struct log_entry){ .type = "action", .lead = lead, .campaign = campaign, .text = text }, err);
}

struct part {
	int64_t seq, lead, campaign;
};

/* The statement to its end: a table must not change under a walk of it. */
static int
parts(struct lp_db *db, sqlite3_stmt *st, struct part **out, size_t *n, struct lp_err *err)
{
	int r = -1;

	*out = NULL;
	*n = 0;
	while (st != NULL && (r = db_step(db, st, err)) == 1) {
		if ((*n & (*n + 1)) == 0)
			*out = xrealloc(*out, (2 * *n + 2) * sizeof(**out));
		(*out)[(*n)++] = (struct part){ .seq = db_int64(st, 0), .lead = db_int64(st, 1), .campaign = db_int64(st, 2) };
	}
	return r;
}

static int
stop_all(struct lp_db *db, sqlite3_stmt *st, const char *reason, struct lp_err *err)
{
	struct part *e;
	size_t n;
	int r = parts(db, st, &e, &n, err);

	for (size_t i = 0; i < n && r == 0; i++)
		r = stop_one(db, e[i].seq, e[i].lead, e[i].campaign, reason, err);
	free(e);
	return r == -1 ? -1 : (int)n;
}

int
enrolments_stop_lead(struct lp_db *db, int64_t lead, const char *reason, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT seq, lead_id, campaign_id FROM enrolments WHERE lead_id = ?1 AND status IN ('enrolled', 'active', 'paused')";

	return stop_all(db, db_query(db, err, sql, "I", lead), reason, err);
}

int
enrolments_stop_person(struct lp_db *db, int64_t person, const char *reason, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT e.seq, e.lead_id, e.campaign_id FROM leads l JOIN enrolments e ON e.lead_id = l.seq"
	    " WHERE l.person_id = ?1 AND e.status IN ('enrolled', 'active', 'paused')";

	return stop_all(db, db_query(db, err, sql, "I", person), reason, err);
}

static int
log_pause(struct lp_db *db, const struct part *e, char *text, struct lp_err *err)
{
	int r = log_add(db, &(struct log_entry){ .type = "action", .lead = e->lead, .campaign = e->campaign, .text = text }, err);

	free(text);
	return r;
}

int
enrolments_pause_person(struct lp_db *db, int64_t person, int64_t until, const char *reason, struct lp_err *err)
{
	static const char find[] =
	    "SELECT e.seq, e.lead_id, e.campaign_id FROM leads l JOIN enrolments e ON e.lead_id = l.seq WHERE l.person_id = ?1"
	    " AND (e.status IN ('enrolled', 'active') OR (e.status = 'paused' AND e.paused_until < ?2))";
	static const char sql[] = "UPDATE enrolments SET status = 'paused', paused_until = ?2, stop_reason = ?3 WHERE seq = ?1";
	char iso[LP_ISO_SIZE];
	struct part *e;
	size_t n;
	int r = parts(db, db_query(db, err, find, "It", person, until), &e, &n, err);

	for (size_t i = 0; i < n && r == 0; i++) {
		if ((r = db_exec(db, err, sql, "Its", e[i].seq, until, reason)) != -1)
			r = log_pause(db, &e[i], xasprintf("sequence paused until %.10s: %s", lp_iso(until, iso), reason), err);
	}
	free(e);
	return r == -1 ? -1 : (int)n;
}

int
enrolments_resume(struct lp_db *db, struct lp_err *err)
{
	static const char find[] = "SELECT seq, lead_id, campaign_id FROM enrolments WHERE paused_until IS NOT NULL AND paused_until <= ?1 ORDER BY seq";
	static const char sql[] =
	    "UPDATE enrolments SET status = iif(planned_at IS NULL, 'enrolled', 'active'), paused_until = NULL, stop_reason = NULL WHERE seq = ?1";
	struct part *e;
	size_t n;
	int r = parts(db, db_query(db, err, find, "s", db_now_iso(db)), &e, &n, err);

	for (size_t i = 0; i < n && r == 0; i++) {
		/* its last message may have left while it was paused: from the wire */
		if (db_exec(db, err, sql, "I", e[i].seq) == -1 || enrolment_finish(db, e[i].seq, err) == -1)
			r = -1;
		else
			r = log_pause(db, &e[i], xstrdup("the pause is over: the sequence goes on"), err);
	}
	free(e);
	return r == -1 ? -1 : (int)n;
}

int
enrolments_to_plan(struct lp_db *db, size_t limit, int64_t **seqs, size_t *n, struct lp_err *err)
{
	/* a lead whose planning is under way, failed or held has a task; failed ones wait for lp-tasks retry. Those of an account that doesn't send wait
	 * too: planned, they would use up the day's leads of the others */
	static const char sql[] =
	    "SELECT e.seq FROM enrolments e INDEXED BY enrolments_waiting CROSS JOIN campaigns c ON c.seq = e.campaign_id"
	    " CROSS JOIN leads l ON l.seq = e.lead_id CROSS JOIN accounts a ON a.seq = e.account_id"
	    " WHERE e.status = 'enrolled' AND c.status = 'running' AND l.status = 'active' AND a.status = 'active'"
	    " AND NOT EXISTS (SELECT 1 FROM agent_tasks t WHERE t.enrolment_id = e.seq AND t.task_type = 'generate_sequence')"
	    " ORDER BY e.seq LIMIT ?1";
	sqlite3_stmt *st = db_query(db, err, sql, "i", (int)limit);
	int r;

	*seqs = NULL;
	*n = 0;
	if (st == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1) {
		*seqs = xrealloc(*seqs, (*n + 1) * sizeof(**seqs));
		(*seqs)[(*n)++] = db_int64(st, 0);
	}
	return r;
}

int
enrolments_planned_since(struct lp_db *db, int64_t since, int64_t *n, struct lp_err *err)
{
	return db_int(db, err, n, "SELECT count(*) FROM enrolments WHERE planned_at >= ?1", "t", since) == -1 ? -1 : 0;
}

int
enrolment_planned(struct lp_db *db, int64_t seq, struct lp_err *err)
{
	static const char sql[] = "UPDATE enrolments SET status = 'active', planned_at = ?2 WHERE seq = ?1 AND status = 'enrolled'";

	return db_exec(db, err, sql, "Is", seq, db_now_iso(db)) == -1 ? -1 : 0;
}

int
enrolment_finish(struct lp_db *db, int64_t seq, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE enrolments SET status = 'finished', ended_at = ?2 WHERE seq = ?1 AND status = 'active'"
	    " AND NOT EXISTS (SELECT 1 FROM messages o WHERE o.enrolment_id = ?1 AND o.status IN ('planned', 'due', 'unknown'))";

	return db_exec(db, err, sql, "Is", seq, db_now_iso(db));
}
