#include "store/stops.h"

#include <stdlib.h>

#include "base/mem.h"
#include "store/enrolments.h"
#include "store/tasks.h"

/* All of a one-column query. */
static int
collect(struct lp_db *db, sqlite3_stmt *st, int64_t **list, size_t *n, struct lp_err *err)
{
	int r = -1;

	*list = NULL;
	*n = 0;
	while (st != NULL && (r = db_step(db, st, err)) == 1) {
		if ((*n & (*n + 1)) == 0)
			*list = xrealloc(*list, (2 * *n + 2) * sizeof(**list));
		(*list)[(*n)++] = db_int64(st, 0);
	}
	return r;
}

/* Takes the list over. */
static int
supersede(struct lp_db *db, int64_t *seqs, size_t n, const char *why, struct lp_err *err)
{
	static const char approvals[] = "UPDATE approvals SET status = 'superseded' WHERE status = 'open' AND task_id = ?1";
	int r = 0;

	for (size_t i = 0; r != -1 && i < n; i++) {
		r = db_exec(db, err, approvals, "I", seqs[i]);
		if (r != -1)
			r = task_cancel(db, seqs[i], "superseded", why, err);
	}
	free(seqs);
	return r == -1 ? -1 : (int)n;
}

/* The tasks whose work is overtaken: what may leave for this person. */
static int
supersede_tasks(struct lp_db *db, int64_t person, const char *why, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT t.seq FROM leads l JOIN agent_tasks t ON t.lead_id = l.seq WHERE l.person_id = ?1"
	    " AND t.status IN ('pending', 'awaiting_approval')"
	    " AND t.task_type IN ('send_message', 'respond_to_reply', 'book_meeting', 'follow_up', 'generate_sequence') ORDER BY t.seq";
	int64_t *seqs;
	size_t n;

	if (collect(db, db_query(db, err, sql, "I", person), &seqs, &n, err) == -1) {
		free(seqs);
		return -1;
	}
	return supersede(db, seqs, n, why, err);
}

int
stop_person(struct lp_db *db, int64_t person, const char *why, struct lp_err *err)
{
	/* what is on the wire, or may be, keeps its state: the outbox tells what became of it */
	static const char messages[] =
	    "UPDATE messages SET status = 'superseded', status_reason = ?2, updated_at = ?3 WHERE status IN ('planned', 'due')"
	    " AND lead_id IN (SELECT seq FROM leads WHERE person_id = ?1)"
	    " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = messages.seq AND o.state IN ('reserved', 'sent', 'unknown'))";
	int n = enrolments_stop_person(db, person, why, err);

	/* and what belongs to no enrolment: answers, what was written by hand */
	if (n == -1 || db_exec(db, err, messages, "Iss", person, why, db_now_iso(db)) == -1 || supersede_tasks(db, person, why, err) == -1)
		return -1;
	return n;
}

int
stop_colleagues(struct lp_db *db, int64_t lead, const char *why, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT DISTINCT o.person_id FROM agent_configs c, leads l JOIN leads o ON o.company_key = l.company_key"
	    " WHERE c.stop_on_colleague = 1 AND l.seq = ?1 AND o.company_key IS NOT NULL AND o.person_id <> l.person_id";
	int64_t *persons;
	size_t n;
	int r = collect(db, db_query(db, err, sql, "I", lead), &persons, &n, err), all = 0;

	for (size_t i = 0; r != -1 && i < n; i++) {
		r = stop_person(db, persons[i], why, err);
		all += r;
	}
	free(persons);
	return r == -1 ? -1 : all;
}

int
stop_replied(struct lp_db *db, int64_t person, const char *why, struct lp_err *err)
{
	static const char sql[] = "UPDATE leads SET status = 'replied', status_reason = ?2, version = version + 1, updated_at = ?3"
	                          " WHERE person_id = ?1 AND status = 'active'";

	return db_exec(db, err, sql, "Iss", person, why, db_now_iso(db)) == -1 ? -1 : 0;
}

int
stop_answers(struct lp_db *db, int64_t inbox, const char *why, struct lp_err *err)
{
	/* what a person wrote by hand rests on nothing that a brain said of the mail */
	static const char sql[] =
	    "SELECT seq FROM agent_tasks WHERE inbox_message_id = ?1 AND status IN ('pending', 'awaiting_approval')"
	    " AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.seq = agent_tasks.message_id AND m.purpose GLOB 'hand:*') ORDER BY seq";
	static const char messages[] =
	    "UPDATE messages SET status = 'superseded', status_reason = ?2, updated_at = ?3 WHERE status IN ('planned', 'due')"
	    " AND inbox_message_id = ?1 AND purpose NOT GLOB 'hand:*' AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = messages.seq AND o.state <> 'deferred')";
	int64_t *seqs;
	size_t n;

	if (db_exec(db, err, messages, "Iss", inbox, why, db_now_iso(db)) == -1 ||
	    collect(db, db_query(db, err, sql, "I", inbox), &seqs, &n, err) == -1)
		return -1;
	return supersede(db, seqs, n, why, err);
}
