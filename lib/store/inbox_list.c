#include "store/inbox_list.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "store/inbox.h"
#include "store/leads.h"
#include "store/messages.h"
#include "store/views.h"

int
inbox_status_ok(const char *word)
{
	static const char *const words[] = { "waiting", "new", "matched", "unmatched", "ambiguous", "handled" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], word) == 0)
			return 1;
	return 0;
}

/* A message of ours that left after the mail x came in, or one that somebody of us wrote by hand elsewhere. */
#define ANSWERED \
	"(EXISTS (SELECT 1 FROM messages m WHERE m.inbox_message_id = x.seq AND m.status IN ('sent', 'unknown'))" \
	" OR EXISTS (SELECT 1 FROM messages m WHERE m.thread_id = x.thread_id AND m.status IN ('sent', 'unknown') AND m.sent_at > x.received_at)" \
	" OR EXISTS (SELECT 1 FROM inbox_messages o WHERE o.thread_id = x.thread_id AND o.kind = 'own' AND o.seq > x.seq))"
#define TASK(condition) "(SELECT max(t.seq) FROM agent_tasks t WHERE t.inbox_message_id = x.seq AND " condition ")"

cJSON *
inbox_rows(struct lp_db *db, const struct inbox_ask *a, struct lp_err *err)
{
	static const char sql[] =
	    "WITH x AS (SELECT i.*, h.owner, h.owner_reason FROM inbox_messages i LEFT JOIN threads h ON h.seq = i.thread_id"
	    "  WHERE i.kind <> 'own' AND (?1 IS NULL OR i.lead_id = ?1) AND (?2 IS NULL OR i.campaign_id = ?2)"
	    "  AND (?3 IS NULL OR ?3 = 'waiting' OR i.status = ?3) AND (?4 IS NULL OR i.received_at >= ?4)),"
	    " found AS (SELECT x.seq, x.status, x.kind, x.owner, " ANSWERED " AS answered,"
	    "  (SELECT max(a.seq) FROM agent_tasks t JOIN approvals a ON a.task_id = t.seq AND a.status = 'open' WHERE t.inbox_message_id = x.seq) AS approval,"
	    "  " TASK("t.status = 'awaiting_approval'") " AS mend, " TASK("t.status = 'failed'") " AS failed,"
	    "  " TASK("t.outcome = 'escalated'") " AS escalated, " TASK("t.status IN ('pending', 'running')") " AS agent,"
	    "  EXISTS (SELECT 1 FROM inbox_messages n WHERE n.thread_id = x.thread_id AND n.seq > x.seq AND n.kind = 'reply') AS overtaken FROM x),"
	    " w AS (SELECT seq, answered, approval, mend, failed, escalated, agent, CASE WHEN approval IS NOT NULL THEN 'approval'"
	    "  WHEN mend IS NOT NULL THEN 'mend' WHEN status = 'handled' OR answered OR overtaken THEN iif(agent IS NOT NULL, 'agent', NULL)"
	    "  WHEN failed IS NOT NULL THEN 'failed' WHEN escalated IS NOT NULL THEN 'escalated'"
	    "  WHEN agent IS NOT NULL THEN 'agent' WHEN kind = 'reply' AND owner = 'person' THEN 'person'"
	    "  WHEN kind = 'reply' AND status IN ('unmatched', 'ambiguous') THEN 'unmatched' END AS waits FROM found),"
	    " top AS (SELECT * FROM w WHERE ?3 IS NOT 'waiting' OR (waits IS NOT NULL AND waits <> 'agent')"
	    "  ORDER BY CASE WHEN waits IS NULL THEN 2 WHEN waits = 'agent' THEN 1 ELSE 0 END, seq DESC LIMIT ?5)"
	    " SELECT 'i' || x.seq AS id, x.id AS uuid, x.received_at, x.kind, x.status, x.automatic AS 'automatic?', 'h' || x.thread_id AS thread_id, x.owner,"
	    " 'l' || x.lead_id AS lead_id, nullif(trim(ifnull(l.first_name, '') || ' ' || ifnull(l.last_name, '')), '') AS name, l.company,"
	    " c.name AS campaign, x.from_name, x.from_address, x.subject, x.classification, x.classified_by, x.confidence, x.sentiment, x.until_at,"
	    " substr(b.reply_text, 1, 200) AS words, top.answered AS 'answered?', top.waits,"
	    " CASE top.waits WHEN 'approval' THEN 'p' || approval WHEN 'mend' THEN 't' || mend WHEN 'failed' THEN 't' || failed"
	    "  WHEN 'escalated' THEN 't' || escalated WHEN 'agent' THEN 't' || agent WHEN 'person' THEN 'h' || x.thread_id END AS waits_id,"
	    " CASE top.waits WHEN 'approval' THEN (SELECT reason FROM approvals WHERE seq = approval)"
	    "  WHEN 'mend' THEN (SELECT hold_reason FROM agent_tasks WHERE seq = mend) WHEN 'failed' THEN (SELECT error_message FROM agent_tasks WHERE seq = failed)"
	    "  WHEN 'escalated' THEN (SELECT reasoning FROM decisions WHERE task_id = escalated ORDER BY seq DESC LIMIT 1)"
	    "  WHEN 'agent' THEN (SELECT task_type FROM agent_tasks WHERE seq = agent) WHEN 'person' THEN x.owner_reason"
	    "  WHEN 'unmatched' THEN iif(x.status = 'ambiguous', 'it could be of any of several', 'of nobody we know') END AS reason,"
	    " CASE top.waits WHEN 'approval' THEN 'lp-approve show p' || approval WHEN 'mend' THEN 'lp-log why t' || mend"
	    "  WHEN 'failed' THEN 'lp-log why t' || failed WHEN 'escalated' THEN 'lp-inbox reply i' || x.seq"
	    "  WHEN 'person' THEN 'lp-inbox reply i' || x.seq WHEN 'unmatched' THEN iif(x.status = 'ambiguous', 'lp-inbox assign i', 'lp-inbox done i') || x.seq END AS command"
	    " FROM top JOIN x ON x.seq = top.seq LEFT JOIN leads l ON l.seq = x.lead_id LEFT JOIN campaigns c ON c.seq = x.campaign_id"
	    " LEFT JOIN inbox_texts b ON b.inbox_message_id = x.seq"
	    " ORDER BY CASE WHEN waits IS NULL THEN 2 WHEN waits = 'agent' THEN 1 ELSE 0 END, top.seq DESC";

	return rows_json(db, db_query(db, err, sql, "nnsTI", a->lead, a->campaign, a->status, a->since, a->limit), err);
}

/* ---- which conversations */

static int
of_lead(struct lp_db *db, int64_t lead, int64_t **threads, size_t *n, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT h.seq FROM threads h WHERE h.lead_id = ?1 AND (EXISTS (SELECT 1 FROM messages m WHERE m.thread_id = h.seq)"
	    " OR EXISTS (SELECT 1 FROM inbox_messages i WHERE i.thread_id = h.seq)) ORDER BY h.seq";
	sqlite3_stmt *st = db_query(db, err, sql, "I", lead);
	int r = -1;

	while (st != NULL && (r = db_step(db, st, err)) == 1) {
		if ((*n & (*n + 1)) == 0)
			*threads = xrealloc(*threads, (2 * *n + 2) * sizeof(**threads));
		(*threads)[(*n)++] = db_int64(st, 0);
	}
	return r;
}

static void
just(int64_t thread, int64_t **threads, size_t *n)
{
	*threads = xmalloc(sizeof(**threads));
	(*threads)[0] = thread;
	*n = 1;
}

static int
of_mail(struct lp_db *db, int64_t inbox, int64_t **threads, size_t *n, int64_t *alone, struct lp_err *err)
{
	int64_t thread = 0;
	int r = db_int(db, err, &thread, "SELECT ifnull(thread_id, 0) FROM inbox_messages WHERE seq = ?1", "I", inbox);

	if (r == 1 && thread != 0)
		just(thread, threads, n);
	else
		*alone = inbox;
	return r == -1 ? -1 : 0;
}

static int
of_message(struct lp_db *db, int64_t message, const char *word, int64_t **threads, size_t *n, struct lp_err *err)
{
	int64_t thread = 0;
	int r = db_int(db, err, &thread, "SELECT ifnull(thread_id, 0) FROM messages WHERE seq = ?1", "I", message);

	if (r == 1 && thread != 0)
		just(thread, threads, n);
	return r == -1 ? -1 : thread != 0 ? 0 : lp_fail(err, LP_NO, r == 1 ? "%s is in no conversation" : "no such message: %s", word);
}

int
inbox_threads(struct lp_db *db, const char *word, int64_t **threads, size_t *n, int64_t *alone, struct lp_err *err)
{
	int64_t seq;
	int r;

	*threads = NULL;
	*n = 0;
	*alone = 0;
	if (lp_handle(word, 'h', &seq)) {
		if ((r = db_int(db, err, &seq, "SELECT seq FROM threads WHERE seq = ?1", "I", seq)) == 1)
			just(seq, threads, n);
		return r == 1 ? 0 : r == -1 ? -1 : lp_fail(err, LP_NO, "no such conversation: %s", word);
	}
	if (lp_handle(word, 'm', &seq))
		return of_message(db, seq, word, threads, n, err);
	if ((r = inbox_find(db, word, &seq, err)) != 0)
		return r == -1 ? -1 : of_mail(db, seq, threads, n, alone, err);
	if (lp_handle_kind(word) == 'i')
		return lp_fail(err, LP_NO, "no such mail: %s", word);
	if (leads_find(db, word, &seq, err) == -1 || of_lead(db, seq, threads, n, err) == -1)
		return -1;
	return *n > 0 ? 0 : lp_fail(err, LP_NO, "nothing was said to or by %s yet", word);
}

/* ---- a conversation */

#define RECEIVED(of) \
	"SELECT 'received' AS type, 'i' || i.seq AS id, i.received_at AS at, i.kind, i.status, NULL AS status_reason, i.from_name, i.from_address," \
	" i.subject, x.reply_text AS text, x.text AS whole, i.automatic AS 'automatic?', i.classification, i.classified_by, i.confidence, i.sentiment," \
	" i.mentions_availability AS 'mentions_availability?', i.until_at, NULL AS origin, NULL AS step, NULL AS 'by', NULL AS approval, NULL AS recipient," \
	" 0 AS later, i.seq AS n FROM inbox_messages i LEFT JOIN inbox_texts x ON x.inbox_message_id = i.seq WHERE i." of

static int
add(cJSON *o, const char *member, cJSON *value)
{
	if (value == NULL)
		return -1;
	json_set(o, member, value);
	return 0;
}

static void
tidy(cJSON *items)
{
	cJSON *item;

	cJSON_ArrayForEach(item, items) {
		json_rm(item, "later");
		json_rm(item, "n");
	}
}

cJSON *
inbox_thread(struct lp_db *db, int64_t thread, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT 'h' || h.seq AS id, h.id AS uuid, h.channel, h.owner, h.owner_reason, h.auto_turns, 'l' || h.lead_id AS lead_id,"
	    " nullif(trim(ifnull(l.first_name, '') || ' ' || ifnull(l.last_name, '')), '') AS name, l.company, l.email, l.status AS lead_status, a.name AS account,"
	    " (SELECT c.name FROM messages m JOIN campaigns c ON c.seq = m.campaign_id WHERE m.thread_id = h.seq ORDER BY m.seq LIMIT 1) AS campaign"
	    " FROM threads h LEFT JOIN leads l ON l.seq = h.lead_id LEFT JOIN accounts a ON a.seq = h.account_id WHERE h.seq = ?1";
	/* what has not left comes last, in the order in which it would leave */
	static const char items[] =
	    RECEIVED("thread_id = ?1")
	    " UNION ALL SELECT 'sent', 'm' || m.seq, CASE WHEN m.status IN ('planned', 'due') THEN m.due_at ELSE ifnull(m.sent_at, m.updated_at) END, NULL,"
	    " m.status, m.status_reason, NULL, NULL, x.subject, x.body, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, x.origin, m.step,"
	    " (SELECT p.decided_by FROM approvals p WHERE p.message_id = m.seq AND p.status = 'approved' ORDER BY p.seq DESC LIMIT 1),"
	    " (SELECT 'p' || p.seq FROM agent_tasks t JOIN approvals p ON p.task_id = t.seq WHERE t.message_id = m.seq AND p.status = 'open'), m.recipient,"
	    " m.status IN ('planned', 'due'), m.seq FROM messages m LEFT JOIN message_texts x ON x.message_id = m.seq WHERE m.thread_id = ?1"
	    " UNION ALL SELECT 'meeting', 'b' || b.seq, b.created_at, NULL, b.status, b.status_reason, NULL, NULL, b.title, b.starts_at, NULL, NULL, NULL, NULL,"
	    " NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, b.attendee, 0, b.seq FROM meetings b WHERE b.thread_id = ?1"
	    " ORDER BY later, at, type, n";
	static const char waits[] =
	    "SELECT 't' || t.seq AS task_id, t.task_type, t.status, CASE WHEN p.seq IS NOT NULL THEN 'approval' WHEN t.status = 'awaiting_approval' THEN 'mend'"
	    "  WHEN t.status = 'failed' THEN 'failed' ELSE 'agent' END AS waits, CASE WHEN p.seq IS NOT NULL THEN p.reason"
	    "  WHEN t.status = 'pending' THEN NULL ELSE ifnull(t.hold_reason, t.error_message) END AS reason,"
	    " CASE WHEN t.status = 'pending' THEN t.scheduled_for END AS at, 'p' || p.seq AS approval,"
	    " CASE WHEN p.seq IS NOT NULL THEN 'lp-approve show p' || p.seq WHEN t.status IN ('awaiting_approval', 'failed') THEN 'lp-log why t' || t.seq END"
	    "  AS command"
	    " FROM agent_tasks t LEFT JOIN approvals p ON p.task_id = t.seq AND p.status = 'open' WHERE t.status IN ('pending', 'running', 'awaiting_approval')"
	    " AND t.seq IN (SELECT k.seq FROM inbox_messages i JOIN agent_tasks k ON k.inbox_message_id = i.seq WHERE i.thread_id = ?1"
	    "  UNION SELECT k.seq FROM messages m JOIN agent_tasks k ON k.message_id = m.seq WHERE m.thread_id = ?1) ORDER BY t.seq";
	sqlite3_stmt *st = db_query(db, err, sql, "I", thread);
	cJSON *o = NULL;

	if (st == NULL || db_step(db, st, err) != 1)
		return NULL;
	o = row_json(st);
	db_done(st);
	if (add(o, "items", rows_json(db, db_query(db, err, items, "I", thread), err)) == -1 ||
	    add(o, "waits", rows_json(db, db_query(db, err, waits, "I", thread), err)) == -1) {
		cJSON_Delete(o);
		return NULL;
	}
	tidy(json_get(o, "items"));
	return o;
}

cJSON *
inbox_alone(struct lp_db *db, int64_t inbox, struct lp_err *err)
{
	static const char sql[] = RECEIVED("seq = ?1");
	cJSON *o = cJSON_CreateObject();

	if (add(o, "items", rows_json(db, db_query(db, err, sql, "I", inbox), err)) == -1) {
		cJSON_Delete(o);
		return NULL;
	}
	json_set(o, "waits", cJSON_CreateArray());
	tidy(json_get(o, "items"));
	return o;
}

/* ---- for who answers */

int
inbox_last(struct lp_db *db, int64_t thread, int64_t *last, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT (SELECT count(*) FROM inbox_messages WHERE thread_id = ?1)"
	    " + (SELECT count(*) FROM messages m JOIN outbox o ON o.message_id = m.seq WHERE m.thread_id = ?1)";

	return db_int(db, err, last, sql, "I", thread) == -1 ? -1 : 0;
}

int
inbox_open_draft(struct lp_db *db, int64_t inbox, int64_t *message, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT m.seq FROM messages m JOIN message_texts x ON x.message_id = m.seq WHERE m.inbox_message_id = ?1 AND m.status IN ('planned', 'due')"
	    " AND m.meeting_id IS NULL AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = m.seq) ORDER BY m.seq DESC LIMIT 1";

	return db_int(db, err, message, sql, "I", inbox);
}

int
inbox_unanswered(struct lp_db *db, int64_t thread, int64_t *inbox, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT x.seq FROM inbox_messages x WHERE x.seq = (SELECT max(seq) FROM inbox_messages WHERE thread_id = ?1 AND kind IN ('reply', 'own'))"
	    " AND x.kind = 'reply' AND x.lead_id IS NOT NULL AND x.status <> 'handled' AND NOT x.automatic AND NOT " ANSWERED;

	return db_int(db, err, inbox, sql, "I", thread);
}
