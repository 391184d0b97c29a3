#include "store/persons.h"

#include <inttypes.h>

int
persons_find(struct lp_db *db, const char *kind, const char *value, int64_t *person, struct lp_err *err)
{
	static const char sql[] = "SELECT person_id FROM person_addresses WHERE kind = ?1 AND value = ?2";

	return db_int(db, err, person, sql, "ss", kind, value);
}

int
persons_new(struct lp_db *db, int64_t *person, struct lp_err *err)
{
	static const char sql[] = "INSERT INTO persons (id, created_at) VALUES (?1, ?2)";
	char uuid[LP_UUID_SIZE];

	if (db_uuid(db, uuid, err) == -1 || db_exec(db, err, sql, "ss", uuid, db_now_iso(db)) == -1)
		return -1;
	*person = db_last_id(db);
	return 0;
}

int
persons_know(struct lp_db *db, int64_t person, const char *kind, const char *value, const char *source, struct lp_err *err)
{
	static const char sql[] = "INSERT INTO person_addresses (kind, value, person_id, source, created_at) VALUES (?1, ?2, ?3, ?4, ?5)";
	int64_t owner;
	int r;

	if ((r = persons_find(db, kind, value, &owner, err)) == -1)
		return -1;
	if (r == 1)
		return owner == person ? 0 : 2;
	return db_exec(db, err, sql, "ssIss", kind, value, person, source, db_now_iso(db)) == -1 ? -1 : 1;
}

int
persons_leads(struct lp_db *db, int64_t person, struct buf *out, struct lp_err *err)
{
	sqlite3_stmt *st = db_query(db, err, "SELECT seq FROM leads WHERE person_id = ?1 ORDER BY seq", "I", person);
	int r;

	if (st == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1)
		buf_printf(out, "%sl%" PRId64, out->len > 0 ? ", " : "", db_int64(st, 0));
	return r;
}

int
persons_merge(struct lp_db *db, int64_t keep, int64_t other, struct lp_err *err)
{
	static const char both[] = "SELECT count(*) FROM agent_tasks WHERE status = 'running' AND person_id IN (?1, ?2)";
	static const char leads[] = "UPDATE leads SET person_id = ?1 WHERE person_id = ?2";
	static const char addresses[] = "UPDATE person_addresses SET person_id = ?1 WHERE person_id = ?2";
	static const char suppressions[] = "UPDATE suppressions SET person_id = ?1 WHERE person_id = ?2";
	static const char tasks[] = "UPDATE agent_tasks SET person_id = ?1 WHERE person_id = ?2";
	static const char outbox[] = "UPDATE outbox SET person_id = ?1 WHERE person_id = ?2";
	static const char consents[] = "UPDATE consents SET person_id = ?1 WHERE person_id = ?2";
	static const char gone[] = "DELETE FROM persons WHERE seq = ?1";
	int64_t running = 0;

	if (keep == other)
		return 0;
	if (db_int(db, err, &running, both, "II", keep, other) == -1)
		return -1;
	if (running > 1)
		return lp_fail(err, LP_TEMP, "two leads that are one person are both being worked on: try again");
	if (db_exec(db, err, leads, "II", keep, other) == -1 || db_exec(db, err, addresses, "II", keep, other) == -1 ||
	    db_exec(db, err, suppressions, "II", keep, other) == -1 || db_exec(db, err, tasks, "II", keep, other) == -1 ||
	    db_exec(db, err, outbox, "II", keep, other) == -1 || db_exec(db, err, consents, "II", keep, other) == -1 ||
	    db_exec(db, err, gone, "I", other) == -1)
		return -1;
	return 0;
}
