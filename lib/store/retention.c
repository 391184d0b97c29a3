#include "store/retention.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "store/log.h"

/* ?1 is the lead. A table that gets a text about a conversation gets a line here; see erase.c, which takes more. */
#define TASKS_OF "(SELECT seq FROM agent_tasks WHERE lead_id = ?1)"

static const char *const wipes[] = {
	"DELETE FROM gate_inputs WHERE lead_id = ?1 OR verdict_id IN (SELECT seq FROM verdicts WHERE task_id IN " TASKS_OF ")",
	"UPDATE decisions SET data = '{}' WHERE task_id IN " TASKS_OF,
	"UPDATE model_calls SET answer = NULL, error = NULL WHERE task_id IN " TASKS_OF,
	"DELETE FROM rule_answers WHERE lead_id = ?1",
	"UPDATE agent_tasks SET input_data = '{}', output_data = NULL WHERE lead_id = ?1",
	"UPDATE inbox_messages SET subject = NULL WHERE lead_id = ?1",
	"DELETE FROM notifications WHERE lead_id = ?1 OR task_id IN " TASKS_OF,
	"DELETE FROM agent_memory WHERE lead_id = ?1 AND memory_type = 'conversation'",
};

static int
one(struct lp_db *db, int64_t lead, int64_t *texts, struct lp_err *err)
{
	static const char sent[] = "DELETE FROM message_texts WHERE message_id IN (SELECT seq FROM messages WHERE lead_id = ?1)";
	static const char came[] = "DELETE FROM inbox_texts WHERE inbox_message_id IN (SELECT seq FROM inbox_messages WHERE lead_id = ?1)";
	int n, m;

	if ((n = db_exec(db, err, sent, "I", lead)) == -1 || (m = db_exec(db, err, came, "I", lead)) == -1)
		return -1;
	for (size_t i = 0; i < sizeof(wipes) / sizeof(wipes[0]); i++)
		if (db_exec(db, err, wipes[i], "I", lead) == -1)
			return -1;
	*texts += n + m;
	return 0;
}

static size_t
find(struct lp_db *db, int64_t before, int64_t found[RETENTION_BATCH], struct lp_err *err)
{
	static const char sql[] =
	    "SELECT l.seq FROM leads l WHERE (EXISTS (SELECT 1 FROM messages m JOIN message_texts t ON t.message_id = m.seq WHERE m.lead_id = l.seq)"
	    " OR EXISTS (SELECT 1 FROM inbox_messages i JOIN inbox_texts t ON t.inbox_message_id = i.seq WHERE i.lead_id = l.seq))"
	    " AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.lead_id = l.seq AND (m.status IN ('planned', 'due', 'unknown') OR m.updated_at >= ?1))"
	    " AND NOT EXISTS (SELECT 1 FROM inbox_messages i WHERE i.lead_id = l.seq AND i.received_at >= ?1)"
	    " AND NOT EXISTS (SELECT 1 FROM agent_tasks k WHERE k.lead_id = l.seq AND k.status IN ('pending', 'running', 'awaiting_approval'))"
	    " AND NOT EXISTS (SELECT 1 FROM meetings b WHERE b.lead_id = l.seq AND b.ends_at >= ?1)"
	    " ORDER BY l.seq LIMIT ?2";
	sqlite3_stmt *st = db_query(db, err, sql, "ti", before, RETENTION_BATCH);
	size_t n = 0;
	int r;

	if (st == NULL)
		return SIZE_MAX;
	while ((r = db_step(db, st, err)) == 1)
		found[n++] = db_int64(st, 0);
	return r == -1 ? SIZE_MAX : n;
}

/* Mail that is nobody's we know. */
static int
strangers(struct lp_db *db, int64_t before, struct lp_err *err)
{
	static const char sql[] = "DELETE FROM inbox_texts WHERE inbox_message_id IN (SELECT i.seq FROM inbox_messages i JOIN inbox_texts t ON t.inbox_message_id = i.seq"
	                          " WHERE i.lead_id IS NULL AND i.received_at < ?1 AND i.status <> 'ambiguous' ORDER BY i.seq LIMIT ?2)";

	return db_exec(db, err, sql, "ti", before, RETENTION_BATCH);
}

int
retention_purge(struct lp_db *db, int64_t before, int64_t *texts, struct lp_err *err)
{
	int64_t found[RETENTION_BATCH], had = *texts;
	size_t n = find(db, before, found, err);
	char *text, iso[LP_ISO_SIZE];
	int other, r = 0;

	if (n == SIZE_MAX || (other = strangers(db, before, err)) == -1)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (one(db, found[i], texts, err) == -1)
			return -1;
	*texts += other;
	if (*texts > had) {
		text = xasprintf("retention: %" PRId64 " texts from before %.10s deleted, of %zu leads", *texts - had, lp_iso(before, iso), n);
		r = log_add(db, &(struct log_entry){ .type = "action", .text = text }, err);
		free(text);
	}
	return r == -1 ? -1 : (int)n + other;
}
