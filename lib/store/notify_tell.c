/* notify_tell.c - who was told what.  Part of notify.h. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/config.h"
#include "store/log.h"
#include "store/notify_int.h"

#define LOST_AFTER (10 * LP_MINUTE) /* nobody is at it so long */
#define WAIT LP_MINUTE
#define WAIT_MOST (6 * LP_HOUR)

static const char *const names[NOTIFY_TRANSPORTS] = { "maildir", "account", "slack" };

const char *
notify_transport_name(enum notify_transport t)
{
	return names[t];
}

/* Of the table n, with the configuration as c; ?1 is the oldest that is told of. */
#define WANTED \
	" n.delivered_at IS NULL AND n.created_at >= ?1 AND n.digest IS NULL AND n.read_at IS NULL" \
	" AND n.type NOT IN ('automatic_mail', 'opt_out', 'bounce', 'reply_judged')" \
	" AND (n.type <> 'reply_positive' OR c.notify_on_positive_reply) AND (n.type <> 'error' OR c.notify_on_error)" \
	" AND (n.type NOT GLOB 'meeting*' OR c.notify_on_meeting_booked)"
/* The transports that there are. */
#define CONFIGURED \
	"(SELECT 'maildir' AS name FROM agent_configs WHERE notify_maildir IS NOT NULL" \
	" UNION ALL SELECT 'account' FROM agent_configs WHERE notify_account IS NOT NULL" \
	" UNION ALL SELECT 'slack' FROM agent_configs WHERE notify_slack_webhook_env IS NOT NULL)"

static int64_t
oldest(const struct lp_db *db)
{
	return db_now(db) - NOTIFY_DAYS * LP_DAY;
}

/* Is notify_interval over since the last digest? */
static int
again(struct lp_db *db, struct lp_err *err)
{
	struct lp_config c;
	char *last = NULL;
	int64_t at = 0;
	int r = db_str(db, err, &last, "SELECT max(created_at) FROM notice_tellings", "");

	if (r == -1 || last == NULL)
		return r == -1 ? -1 : 1;
	r = lp_iso_parse(last, &at, err);
	free(last);
	if (r == -1 || config_load(db, &c, err) == -1)
		return -1;
	r = db_now(db) - at >= duration_ms(&c.notify_interval) || at > db_now(db);
	config_clear(&c);
	return r;
}

int
notify_due(struct lp_db *db, struct lp_err *err)
{
	static const char begun[] =
	    "SELECT 1 FROM " CONFIGURED " w JOIN notice_tellings t ON t.transport = w.name LEFT JOIN notice_transports x ON x.transport = w.name"
	    " WHERE (t.state = 'due' AND (x.not_before IS NULL OR x.not_before <= ?1)) OR (t.state = 'sending' AND t.updated_at <= ?2) LIMIT 1";
	static const char fresh[] =
	    "SELECT 1 FROM agent_configs c WHERE EXISTS (SELECT 1 FROM " CONFIGURED ") AND EXISTS (SELECT 1 FROM notifications n WHERE" WANTED ")";
	int64_t one;
	int r = db_int(db, err, &one, begun, "st", db_now_iso(db), db_now(db) - LOST_AFTER);

	if (r == 0 && (r = db_int(db, err, &one, fresh, "t", oldest(db))) == 1)
		r = again(db, err);
	return r;
}

int
notify_begin(struct lp_db *db, struct lp_err *err)
{
	static const char first[] =
	    "SELECT min(n.seq) FROM agent_configs c, notifications n WHERE EXISTS (SELECT 1 FROM " CONFIGURED ") AND" WANTED " HAVING count(*) > 0";
	static const char set[] =
	    "UPDATE notifications SET digest = ?2 WHERE seq IN (SELECT n.seq FROM agent_configs c, notifications n WHERE" WANTED ")";
	static const char each[] =
	    "INSERT INTO notice_tellings (digest, transport, state, created_at, updated_at) SELECT ?1, name, 'due', ?2, ?2 FROM " CONFIGURED;
	int64_t digest;
	int r = db_int(db, err, &digest, first, "t", oldest(db));

	if (r != 1 || (r = again(db, err)) != 1)
		return r;
	return db_exec(db, err, set, "tI", oldest(db), digest) == -1 || db_exec(db, err, each, "Is", digest, db_now_iso(db)) == -1 ? -1 : 1;
}

int
notify_lost(struct lp_db *db, enum notify_transport t, struct lp_err *err)
{
	static const char sql[] = "UPDATE notice_tellings SET state = 'dropped', error = 'it is not known whether it was told', updated_at = ?2"
	                          " WHERE state = 'sending' AND transport = ?1 AND updated_at <= ?3";
	char text[96];
	int n = db_exec(db, err, sql, "sst", names[t], db_now_iso(db), db_now(db) - LOST_AFTER);

	if (n <= 0)
		return n;
	snprintf(text, sizeof(text), "notices by %s: it is not known whether they were told (lp-inbox notices)", names[t]);
	return log_add(db, &(struct log_entry){ .type = "error", .text = text }, err) == -1 ? -1 : n;
}

int
notify_claim(struct lp_db *db, enum notify_transport t, bool at_once, struct notify_claim *c, struct lp_err *err)
{
	static const char first[] =
	    "SELECT min(t.digest) FROM notice_tellings t WHERE t.state = 'due' AND t.transport = ?1"
	    " AND NOT EXISTS (SELECT 1 FROM notice_transports x WHERE x.transport = ?1 AND x.not_before > ?2) HAVING count(*) > 0";
	static const char one[] = "UPDATE notice_tellings SET claim = digest WHERE digest = ?1 AND transport = ?2";
	static const char all[] = "UPDATE notice_tellings SET claim = ?1, state = 'sending', updated_at = ?3 WHERE state = 'due' AND transport = ?2";
	char *created = NULL;
	int r = db_int(db, err, &c->digest, first, "ss", names[t], db_now_iso(db));

	if (r != 1)
		return r;
	c->transport = t;
	r = at_once ? db_exec(db, err, all, "Iss", c->digest, names[t], db_now_iso(db)) : db_exec(db, err, one, "Is", c->digest, names[t]);
	if (r != -1 && (r = db_str(db, err, &created, "SELECT created_at FROM notifications WHERE seq = ?1", "I", c->digest)) == 1)
		r = lp_iso_parse(created, &c->at, err) == -1 ? -1 : 1;
	free(created);
	return r;
}

#define CLAIMED " (state = 'due' OR state = 'sending') AND transport = ?2 AND claim = ?1"

int
notify_claimed(struct lp_db *db, const struct notify_claim *c, struct notice_row **out, size_t *n, struct lp_err *err)
{
	static const char sql[] = NOTIFY_COLUMNS
	    " WHERE n.digest IN (SELECT digest FROM notice_tellings WHERE" CLAIMED ") AND n.read_at IS NULL"
	    " ORDER BY CASE type WHEN 'escalation' THEN 0 WHEN 'approval_expiring' THEN 1"
	    " WHEN 'approval_needed' THEN 2 WHEN 'complaint' THEN 3 WHEN 'error' THEN 4 WHEN 'report' THEN 9 ELSE 5 END, seq";

	return notify_rows(db, db_query(db, err, sql, "Is", c->digest, names[c->transport]), out, n, err);
}

static int
log_it(struct lp_db *db, const struct notify_claim *c, const char *what, const char *error, struct lp_err *err)
{
	char *text = xasprintf("notices by %s %s%s%s", names[c->transport], what, error != NULL ? ": " : "", error != NULL ? error : "");
	int r = log_add(db, &(struct log_entry){ .type = error == NULL ? "action" : "error", .text = text }, err);

	free(text);
	return r;
}

/* How the transport does: 0 failures where `wait` is 0. */
static int
transport(struct lp_db *db, enum notify_transport t, int64_t wait, struct lp_err *err)
{
	static const char sql[] =
	    "INSERT INTO notice_transports (transport, failures, not_before, updated_at) VALUES (?1, ?2 IS NOT NULL, ?2, ?3)"
	    " ON CONFLICT (transport) DO UPDATE SET failures = CASE WHEN ?2 IS NULL THEN 0 ELSE failures + 1 END, not_before = ?2, updated_at = ?3";

	return db_exec(db, err, sql, "sTs", names[t], wait == 0 ? (int64_t)0 : db_now(db) + wait, db_now_iso(db)) == -1 ? -1 : 0;
}

int
notify_end(struct lp_db *db, const struct notify_claim *c, bool told, const char *error, struct lp_err *err)
{
	static const char mark[] =
	    "UPDATE notifications SET delivered_at = ?3 WHERE delivered_at IS NULL AND digest IN (SELECT digest FROM notice_tellings WHERE" CLAIMED ")";
	static const char sql[] = "UPDATE notice_tellings SET state = ?3, error = ?4, updated_at = ?5 WHERE" CLAIMED;
	int n = told ? db_exec(db, err, mark, "Iss", c->digest, names[c->transport], db_now_iso(db)) : 0, r;

	if (n == -1 || (r = db_exec(db, err, sql, "Issss", c->digest, names[c->transport], told ? "told" : "dropped", error, db_now_iso(db))) == -1)
		return -1;
	if (r == 0) /* another did it at the same time */
		return 0;
	return (told && transport(db, c->transport, 0, err) == -1) || log_it(db, c, told ? "told" : "dropped", error, err) == -1 ? -1 : n;
}

int
notify_later(struct lp_db *db, const struct notify_claim *c, int64_t wait, const char *error, struct lp_err *err)
{
	static const char sql[] = "UPDATE notice_tellings SET state = 'due', claim = NULL, error = ?3, updated_at = ?4 WHERE" CLAIMED;
	int64_t failures = 0;

	if (db_int(db, err, &failures, "SELECT failures FROM notice_transports WHERE transport = ?1", "s", names[c->transport]) == -1)
		return -1;
	for (int64_t w = WAIT; wait == 0; w *= 2)
		if (failures-- <= 0 || w >= WAIT_MOST)
			wait = w < WAIT_MOST ? w : WAIT_MOST;
	if (db_exec(db, err, sql, "Isss", c->digest, names[c->transport], error, db_now_iso(db)) == -1)
		return -1;
	return transport(db, c->transport, wait, err);
}

int
notify_gone(struct lp_db *db, enum notify_transport t, const char *hash, struct lp_err *err)
{
	static const char sql[] = "INSERT INTO notice_transports (transport, gone, updated_at) VALUES (?1, ?2, ?3)"
	                          " ON CONFLICT (transport) DO UPDATE SET gone = ?2, not_before = NULL, updated_at = ?3";
	char text[96];

	if (db_exec(db, err, sql, "sss", names[t], hash, db_now_iso(db)) == -1)
		return -1;
	snprintf(text, sizeof(text), "notices by %s: the service says that its address is no more: it isn't used again", names[t]);
	return log_add(db, &(struct log_entry){ .type = "error", .text = text }, err);
}

int
notify_is_gone(struct lp_db *db, enum notify_transport t, const char *hash, struct lp_err *err)
{
	int64_t v;

	return db_int(db, err, &v, "SELECT 1 FROM notice_transports WHERE transport = ?1 AND gone = ?2", "ss", names[t], hash);
}
