#include "store/erase.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "store/log.h"
#include "store/suppressions.h"

/*
 * What is held of a lead, table by table.  ?1 is the lead's seq, ?2 the time.  A table that gets a column about a person gets a line here;
 * the test that plants a marker in every text column of every table fails until it has.
 */
#define TASKS_OF "(SELECT seq FROM agent_tasks WHERE lead_id = ?1 AND ?2 <> '')"
#define MESSAGES_OF "(SELECT seq FROM messages WHERE lead_id = ?1 AND ?2 <> '')"

static const char *const wipes[] = {
	"DELETE FROM agent_log_payloads WHERE log_id IN (SELECT seq FROM agent_logs WHERE lead_id = ?1 AND ?2 <> '')",
	"DELETE FROM gate_inputs WHERE (lead_id = ?1 AND ?2 <> '') OR verdict_id IN (SELECT seq FROM verdicts WHERE task_id IN " TASKS_OF ")",
	"UPDATE verdicts SET reason = 'forgotten' WHERE task_id IN " TASKS_OF,
	"UPDATE model_calls SET answer = NULL, error = NULL WHERE task_id IN " TASKS_OF,
	"UPDATE decisions SET reasoning = 'forgotten', data = '{}' WHERE task_id IN " TASKS_OF,
	"UPDATE approvals SET reason = 'forgotten', comment = NULL, status = CASE status WHEN 'open' THEN 'superseded' ELSE status END"
	" WHERE task_id IN " TASKS_OF " OR message_id IN " MESSAGES_OF,
	"UPDATE agent_tasks SET status = 'cancelled', outcome = 'by_hand', completed_at = ?2 WHERE lead_id = ?1 AND status IN ('pending', 'awaiting_approval')",
	"UPDATE agent_tasks SET input_data = '{}', output_data = NULL, hold_reason = NULL, rejection_reason = NULL, error_message = NULL, updated_at = ?2"
	" WHERE lead_id = ?1",
	"DELETE FROM message_texts WHERE message_id IN " MESSAGES_OF,
	"UPDATE outbox SET recipient = '', response = NULL, status = NULL, service_id = NULL, company_key = NULL, next_try_at = NULL,"
	" state = CASE state WHEN 'deferred' THEN 'refused' ELSE state END, updated_at = ?2 WHERE message_id IN (SELECT seq FROM messages WHERE lead_id = ?1)",
	"UPDATE messages SET recipient = NULL, status_reason = NULL, status = CASE WHEN status IN ('planned', 'due') THEN 'superseded' ELSE status END,"
	" due_at = NULL, updated_at = ?2 WHERE lead_id = ?1",
	"DELETE FROM inbox_texts WHERE inbox_message_id IN (SELECT seq FROM inbox_messages WHERE lead_id = ?1 AND ?2 <> '')",
	"UPDATE inbox_messages SET dedupe_key = 'forgotten:' || seq, rfc_message_id = NULL, in_reply_to = NULL, refs = '[]', from_name = NULL,"
	" from_address = NULL, subject = NULL, file = NULL, matched_by = NULL, status = 'handled', updated_at = ?2 WHERE lead_id = ?1",
	"UPDATE threads SET owner_reason = NULL, updated_at = ?2 WHERE lead_id = ?1",
	"UPDATE meetings SET title = NULL, location = NULL, attendee = NULL, others = '[]', status_reason = NULL, updated_at = ?2 WHERE lead_id = ?1",
	"UPDATE enrolments SET stop_reason = 'forgotten', paused_until = NULL, ended_at = ifnull(ended_at, ?2), status = CASE status WHEN 'finished' THEN status ELSE 'stopped' END"
	" WHERE lead_id = ?1",
	"DELETE FROM notifications WHERE (lead_id = ?1 AND ?2 <> '') OR task_id IN " TASKS_OF,
	"DELETE FROM consents WHERE person_id = (SELECT person_id FROM leads WHERE seq = ?1 AND ?2 <> '')",
	"DELETE FROM agent_memory WHERE lead_id = ?1 AND ?2 <> ''",
	"UPDATE leads SET status = 'forgotten', status_reason = NULL, email = NULL, first_name = NULL, last_name = NULL, title = NULL, company = NULL,"
	" company_domain = NULL, company_key = NULL, website = NULL, linkedin_url = NULL, phone = NULL, whatsapp = NULL, city = NULL, country = NULL,"
	" timezone = NULL, industry = NULL, employees = NULL, custom = '{}', source = 'forgotten', version = version + 1, updated_at = ?2 WHERE seq = ?1",
};

/* Learnings and facts have no lead to hang on: whichever names one of the person's addresses, or their full name, goes. */
static int
wipe_mentions(struct lp_db *db, int64_t person, struct lp_err *err)
{
	static const char memories[] = "DELETE FROM agent_memory WHERE EXISTS (SELECT 1 FROM person_addresses a WHERE a.person_id = ?1"
	                               " AND (instr(lower(agent_memory.value), a.value) > 0 OR instr(lower(agent_memory.key), a.value) > 0"
	                               " OR instr(lower(agent_memory.metadata), a.value) > 0))"
	                               " OR EXISTS (SELECT 1 FROM leads l WHERE l.person_id = ?1 AND l.first_name <> '' AND l.last_name <> ''"
	                               " AND instr(lower(agent_memory.key || ' ' || agent_memory.value || ' ' || agent_memory.metadata),"
	                               " lower(l.first_name || ' ' || l.last_name)) > 0)";
	static const char merge[] = "INSERT INTO agent_memory_fts (agent_memory_fts) VALUES ('optimize')";

	/* the index drops a word from its segments only when they are merged */
	return db_exec(db, err, memories, "I", person) == -1 || db_exec(db, err, merge, "") == -1 ? -1 : 0;
}

/* Every address becomes a hash that hangs on nobody's name. */
static int
suppress_all(struct lp_db *db, int64_t person, struct lp_err *err)
{
	static const char all[] = "SELECT json_group_array(json_array(kind, value)) FROM person_addresses WHERE person_id = ?1";
	static const char gone[] = "UPDATE suppressions SET value = NULL, reason = 'forgotten' WHERE person_id = ?1";
	static const char addresses[] = "DELETE FROM person_addresses WHERE person_id = ?1";
	char *text = NULL;
	cJSON *list, *a;
	int r = db_str(db, err, &text, all, "I", person);

	if (r == -1)
		return -1;
	list = cJSON_Parse(text);
	free(text);
	r = 0;
	cJSON_ArrayForEach(a, list)
		if (r != -1)
			r = suppressions_add(db, cJSON_GetArrayItem(a, 0)->valuestring, cJSON_GetArrayItem(a, 1)->valuestring, person, "forgotten",
			    "forget", err);
	cJSON_Delete(list);
	if (r == -1 || db_exec(db, err, gone, "I", person) == -1 || db_exec(db, err, addresses, "I", person) == -1)
		return -1;
	return 0;
}

static int
one(struct lp_db *db, int64_t lead, const char *reason, cJSON *files, struct lp_err *err)
{
	static const char opened[] = "INSERT OR IGNORE INTO erasures (lead_id, reason, created_at) VALUES (?1, ?2, ?3)";
	static const char mails[] = "SELECT json_group_array(file) FROM inbox_messages WHERE lead_id = ?1 AND file IS NOT NULL";
	struct log_entry e = { .type = "action", .lead = lead };
	char *text = NULL;
	cJSON *list, *f;
	size_t i;

	if (db_str(db, err, &text, mails, "I", lead) == -1)
		return -1;
	list = cJSON_Parse(text);
	cJSON_ArrayForEach(f, list)
		cJSON_AddItemToArray(files, cJSON_CreateString(f->valuestring));
	cJSON_Delete(list);
	free(text);
	if (db_exec(db, err, opened, "Iss", lead, "forgotten", db_now_iso(db)) == -1)
		return -1;
	for (i = 0; i < sizeof(wipes) / sizeof(wipes[0]); i++)
		if (db_exec(db, err, wipes[i], "Is", lead, db_now_iso(db)) == -1)
			return -1;
	/* the one line that may say of it what it is */
	text = xasprintf("forgotten: %s", reason);
	e.text = text;
	i = (size_t)log_add(db, &e, err);
	free(text);
	return (int)i;
}

int
erase_lead(struct lp_db *db, int64_t seq, const char *reason, cJSON *files, struct lp_err *err)
{
	static const char secure[] = "PRAGMA secure_delete = ON";
	static const char whose[] = "SELECT person_id FROM leads WHERE seq = ?1 AND status <> 'forgotten'";
	static const char running[] = "SELECT count(*) FROM agent_tasks WHERE status = 'running' AND (person_id = ?1 OR lead_id = ?2)";
	static const char reserved[] = "SELECT count(*) FROM outbox WHERE state = 'reserved' AND person_id = ?1";
	static const char all[] = "SELECT json_group_array(seq) FROM leads WHERE person_id = ?1";
	int64_t person = 0, busy = 0, wire = 0;
	char *text = NULL;
	cJSON *list, *l;
	int r;

	if (db_exec(db, err, secure, "") == -1 || (r = db_int(db, err, &person, whose, "I", seq)) == -1)
		return -1;
	if (r == 0)
		return 0;
	if (db_int(db, err, &busy, running, "II", person, seq) == -1 || db_int(db, err, &wire, reserved, "I", person) == -1)
		return -1;
	if (busy > 0 || wire > 0)
		return lp_fail(err, LP_TEMP, "l%" PRId64 " is being worked on: try again when this tick is over", seq);
	/* first the addresses, while they are there to be hashed; what that logs goes with the rest */
	if (wipe_mentions(db, person, err) == -1 || suppress_all(db, person, err) == -1 ||
	    db_str(db, err, &text, all, "I", person) == -1)
		return -1;
	list = cJSON_Parse(text);
	free(text);
	r = 0;
	cJSON_ArrayForEach(l, list)
		if (r == 0)
			r = one(db, (int64_t)l->valuedouble, reason, files, err);
	cJSON_Delete(list);
	return r;
}

int
erase_scrub(struct lp_db *db, struct lp_err *err)
{
	static const char secure[] = "PRAGMA secure_delete = ON";
	static const char vacuum[] = "VACUUM";
	static const char truncate[] = "PRAGMA wal_checkpoint(TRUNCATE)";
	int64_t busy = 0;

	if (db_exec(db, err, secure, "") == -1 || db_exec(db, err, vacuum, "") == -1 || db_int(db, err, &busy, truncate, "") == -1)
		return -1;
	if (busy != 0)
		return lp_fail(err, LP_TEMP, "%s: forgotten, but another program has the file open and an old copy of a page may remain in it: "
		                             "run this again", db_path(db));
	return 0;
}
