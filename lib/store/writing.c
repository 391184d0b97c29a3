#include "store/writing.h"

#include "store/views.h"

cJSON *
writing_story(struct lp_db *db, int64_t lead, int64_t but, int limit, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT * FROM (SELECT * FROM ("
	    "  SELECT 1 AS \"ours?\", m.sent_at AS at, t.subject, t.body AS text FROM messages m JOIN message_texts t ON t.message_id = m.seq"
	    "  WHERE m.lead_id = ?1 AND m.status = 'sent'"
	    "  UNION ALL"
	    "  SELECT 0, i.received_at, i.subject, t.reply_text FROM inbox_messages i JOIN inbox_texts t ON t.inbox_message_id = i.seq"
	    "  WHERE i.lead_id = ?1 AND i.kind = 'reply' AND i.seq <> ?2)"
	    " ORDER BY at DESC LIMIT ?3) ORDER BY at";

	return rows_json(db, db_query(db, err, sql, "IIi", lead, but, limit), err);
}

/* A scan of all leads for a text that took a second and money: what it must find has no index. */
cJSON *
writing_others(struct lp_db *db, const char *text, int64_t lead, struct lp_err *err)
{
	static const char sql[] =
	    "WITH me(person) AS (SELECT person_id FROM leads WHERE seq = ?2), v(value) AS ("
	    " SELECT first_name || ' ' || last_name FROM leads, me"
	    "  WHERE person_id <> person AND length(first_name) > 1 AND length(last_name) > 1 AND instr(?1, last_name) > 0"
	    " UNION ALL SELECT company FROM leads, me WHERE person_id <> person AND (length(company) >= 8 OR instr(company, ' ') > 0) AND instr(?1, company) > 0"
	    " UNION ALL SELECT j.value FROM leads, me, json_each(leads.custom) j WHERE leads.custom <> '{}' AND person_id <> person AND j.type = 'text'"
	    "  AND length(j.value) >= 8 AND (j.value GLOB '*[0-9]*' OR (length(j.value) >= 16 AND instr(j.value, ' ') > 0))"
	    " UNION ALL SELECT value FROM agent_memory WHERE lead_id IS NOT NULL AND lead_id <> ?2 AND length(value) >= 12)"
	    " SELECT DISTINCT value FROM v WHERE instr(?1, value) > 0 LIMIT 20";

	return rows_json(db, db_query(db, err, sql, "sI", text, lead), err);
}

int
writing_refused(struct lp_db *db, int64_t task, int64_t *n, struct lp_err *err)
{
	return db_int(db, err, n, "SELECT count(*) FROM verdicts WHERE task_id = ?1 AND stage = 'draft' AND verdict = 'hold'", "I", task) == -1 ? -1 : 0;
}
