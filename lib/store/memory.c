#include "store/memory.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "store/log.h"
#include "store/views.h"

static const char *const memory_types[] = { "lead_context", "conversation", "learning", "preference", "fact", "strategy", NULL };

#define LIVE "(expires_at IS NULL OR expires_at > "

static bool
known_type(const char *type)
{
	const char *const *t;

	for (t = memory_types; *t != NULL; t++)
		if (strcmp(*t, type) == 0)
			return true;
	return false;
}

static bool
one_line(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return false;
	return true;
}

static int
check(struct lp_db *db, const struct memory_new *m, struct lp_err *err)
{
	if (!known_type(m->type))
		return lp_fail(err, LP_DATA, "memory_type: '%.40s' is none of lead_context conversation learning preference fact strategy", m->type);
	if (m->lead == 0 && (strcmp(m->type, "lead_context") == 0 || strcmp(m->type, "conversation") == 0))
		return lp_fail(err, LP_DATA, "%s is memory of one lead: say of which (--lead, \"lead_id\")", m->type);
	if (*m->key == '\0' || strlen(m->key) > MEMORY_KEY_MAX || !utf8_ok(m->key, strlen(m->key)) || !one_line(m->key))
		return lp_fail(err, LP_DATA, "key: one line of UTF-8 of 1 to %d bytes is needed", MEMORY_KEY_MAX);
	if (strlen(m->value) > MEMORY_VALUE_MAX || !utf8_ok(m->value, strlen(m->value)))
		return lp_fail(err, LP_DATA, "value: UTF-8 of at most %d bytes is needed", MEMORY_VALUE_MAX);
	if (!(m->importance >= 0 && m->importance <= 1))
		return lp_fail(err, LP_DATA, "importance: a number from 0 to 1 is needed");
	if (m->expires != 0 && m->expires <= db_now(db))
		return lp_fail(err, LP_DATA, "expires_at: it would have expired already");
	return 0;
}

/* The log tells that there is a memory, not what is in it: that is erased with the memory. */
static int
put_log(struct lp_db *db, const struct memory_new *m, int64_t seq, bool fresh, struct lp_err *err)
{
	char text[MEMORY_KEY_MAX + 80];

	snprintf(text, sizeof(text), "%s y%" PRId64 " %s: %s", m->type, seq, fresh ? "kept" : "changed", m->key);
	return log_add(db, &(struct log_entry){ .type = "learning", .lead = m->lead, .campaign = m->campaign, .text = text }, err);
}

int
memory_put(struct lp_db *db, const struct memory_new *m, int64_t *seq, struct lp_err *err)
{
	static const char known_sql[] =
	    "SELECT seq FROM agent_memory WHERE memory_type = ?1 AND key = ?2 AND ifnull(lead_id, 0) = ?3 AND ifnull(campaign_id, 0) = ?4";
	static const char change_sql[] =
	    "UPDATE agent_memory SET value = ?2, metadata = ?3, importance = ?4, expires_at = ?5, updated_at = ?6 WHERE seq = ?1";
	static const char add_sql[] =
	    "INSERT INTO agent_memory (id, memory_type, lead_id, campaign_id, key, value, metadata, importance, expires_at, created_at, updated_at)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)";
	const char *metadata = m->metadata != NULL ? m->metadata : "{}";
	char uuid[LP_UUID_SIZE];
	int r;

	if (check(db, m, err) == -1 || (r = db_int(db, err, seq, known_sql, "ssII", m->type, m->key, m->lead, m->campaign)) == -1)
		return -1;
	if (r == 1)
		return db_exec(db, err, change_sql, "IssdTs", *seq, m->value, metadata, m->importance, m->expires, db_now_iso(db)) == -1 ||
		        put_log(db, m, *seq, false, err) == -1 ? -1 : 0;
	if (db_uuid(db, uuid, err) == -1 || db_exec(db, err, add_sql, "ssnnsssdTs", uuid, m->type, m->lead, m->campaign, m->key, m->value,
	        metadata, m->importance, m->expires, db_now_iso(db)) == -1)
		return -1;
	*seq = db_last_id(db);
	return put_log(db, m, *seq, true, err) == -1 ? -1 : 1;
}

/*
 * Learnings are found by the type's words in their key, over the index, since a LIKE would read them all.  Of those and of strategies only
 * what belongs to nobody is looked at: what is the lead's own comes as such, and what is another's never comes.  The inner limits bound
 * the work, whatever has piled up; the fifty are so many that recency still decides among equals.
 */
#define OF_NOBODY "lead_id IS NULL AND (campaign_id IS NULL OR campaign_id = ?3) AND " LIVE "?4)"
static const char relevant_sql[] =
    "WITH found (seq) AS ("
    " SELECT seq FROM (SELECT seq FROM (SELECT seq, importance, updated_at FROM agent_memory_fts CROSS JOIN agent_memory ON seq = agent_memory_fts.rowid"
    "  WHERE agent_memory_fts MATCH ?1 AND memory_type = 'learning' AND " OF_NOBODY " ORDER BY agent_memory_fts.rowid DESC LIMIT 2000)"
    "  ORDER BY importance DESC, updated_at DESC, seq DESC LIMIT 3)"
    " UNION SELECT seq FROM (SELECT seq FROM agent_memory WHERE lead_id = ?2 AND " LIVE "?4) ORDER BY updated_at DESC, seq DESC LIMIT 5)"
    " UNION SELECT seq FROM (SELECT seq FROM agent_memory WHERE campaign_id = ?3 AND lead_id IS NULL AND " LIVE "?4)"
    "  ORDER BY updated_at DESC, seq DESC LIMIT 3)"
    " UNION SELECT seq FROM (SELECT seq, importance, updated_at FROM (SELECT seq, importance, updated_at FROM agent_memory"
    "  WHERE memory_type = 'strategy' AND " OF_NOBODY " ORDER BY importance DESC, seq DESC LIMIT 50)"
    "  ORDER BY importance DESC, updated_at DESC, seq DESC LIMIT 3))"
    " SELECT 'y' || m.seq AS id, memory_type, key, value, importance FROM found JOIN agent_memory m ON m.seq = found.seq"
    " ORDER BY importance DESC, updated_at DESC, m.seq DESC LIMIT ?5";

cJSON *
memory_relevant(struct lp_db *db, const struct task *t, int limit, struct lp_err *err)
{
	char match[64];

	snprintf(match, sizeof(match), "key : \"%s\"", t->type);
	return rows_json(db, db_query(db, err, relevant_sql, "snnsi", match, t->lead, t->campaign, db_now_iso(db), limit), err);
}

char *
memory_match(const char *words)
{
	static const char space[] = " \t\r\n\v\f";
	struct buf q = { 0 };
	size_t n, i;
	bool said;

	for (; *(words += strspn(words, space)) != '\0'; words += n) {
		n = strcspn(words, space);
		for (said = false, i = 0; i < n && !said; i++)
			said = (unsigned char)words[i] >= 0x80 || isalnum((unsigned char)words[i]);
		if (!said)
			continue;
		buf_puts(&q, q.len > 0 ? " OR \"" : "\"");
		for (i = 0; i < n; i++) {
			if (words[i] == '"')
				buf_putc(&q, '"');
			buf_putc(&q, words[i]);
		}
		buf_putc(&q, '"');
	}
	return q.len > 0 ? buf_steal(&q) : NULL;
}

#define WHOLE \
	"SELECT 'y' || seq AS id, id AS uuid, memory_type, 'l' || lead_id AS lead_id, 'c' || campaign_id AS campaign_id, key, value," \
	" metadata AS \"metadata{}\", importance, expires_at, created_at, updated_at"
#define FILTER \
	" AND (?2 IS NULL OR memory_type = ?2) AND (?3 IS NULL OR lead_id = ?3) AND (?4 IS NULL OR campaign_id = ?4)" \
	" AND (?5 IS NULL OR updated_at >= ?5)"

cJSON *
memory_list(struct lp_db *db, const struct memory_filter *f, struct lp_err *err)
{
	static const char sql[] = WHOLE " FROM agent_memory WHERE ?1 IS NOT NULL" FILTER " ORDER BY updated_at DESC, seq DESC LIMIT ?6";

	return rows_json(db, db_query(db, err, sql, "ssnnTI", "", f->type, f->lead, f->campaign, f->since, f->limit), err);
}

cJSON *
memory_search(struct lp_db *db, const char *words, const struct memory_filter *f, struct lp_err *err)
{
	/* the index scores each match before a LIMIT beside it would count, so the newest are taken first, inside */
	static const char sql[] =
	    WHOLE " FROM (SELECT agent_memory.*, bm25(agent_memory_fts) AS distance FROM agent_memory_fts"
	    " CROSS JOIN agent_memory ON seq = agent_memory_fts.rowid WHERE agent_memory_fts MATCH ?1" FILTER " AND " LIVE "?7)"
	    " ORDER BY agent_memory_fts.rowid DESC LIMIT 2000) ORDER BY distance * importance, updated_at DESC, seq DESC LIMIT ?6";
	char *match = memory_match(words);
	cJSON *all;

	if (match == NULL) {
		lp_fail(err, LP_USAGE, "search: there is no word in '%.60s' to look for", words);
		return NULL;
	}
	all = rows_json(db, db_query(db, err, sql, "ssnnTIs", match, f->type, f->lead, f->campaign, f->since, f->limit, db_now_iso(db)), err);
	free(match);
	return all;
}

static int
gone(struct lp_db *db, const char *what, int n, int64_t lead, struct lp_err *err)
{
	char text[96];

	if (n <= 0)
		return n;
	snprintf(text, sizeof(text), "%d %s", n, what);
	return log_add(db, &(struct log_entry){ .type = "action", .lead = lead, .text = text }, err) == -1 ? -1 : n;
}

int
memory_forget(struct lp_db *db, int64_t seq, struct lp_err *err)
{
	char what[64];

	snprintf(what, sizeof(what), "memory forgotten by hand: y%" PRId64, seq);
	return gone(db, what, db_exec(db, err, "DELETE FROM agent_memory WHERE seq = ?1", "I", seq), 0, err);
}

int
memory_forget_lead(struct lp_db *db, int64_t lead, struct lp_err *err)
{
	return gone(db, "memories forgotten by hand", db_exec(db, err, "DELETE FROM agent_memory WHERE lead_id = ?1", "I", lead), lead, err);
}

int
memory_cleanup(struct lp_db *db, int64_t before, double below, struct lp_err *err)
{
	static const char expired_sql[] = "DELETE FROM agent_memory WHERE expires_at <= ?1";
	static const char old_sql[] =
	    "DELETE FROM agent_memory WHERE memory_type NOT IN ('preference', 'fact') AND importance < ?2 AND updated_at < ?1";
	int expired = db_exec(db, err, expired_sql, "s", db_now_iso(db)), old;

	if (expired == -1 || (old = db_exec(db, err, old_sql, "td", before, below)) == -1)
		return -1;
	return gone(db, "memories cleared away: expired, or old and of little importance", expired + old, 0, err);
}
