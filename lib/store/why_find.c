/*
 * What a word names.  Part of logread.h.
 */
#include <stdlib.h>

#include "base/normal.h"
#include "store/logread.h"

#define BY_ID(table) "SELECT seq FROM " table " WHERE id = ?1"

static int
by_uuid(struct lp_db *db, const char *word, char *kind, int64_t *seq, struct lp_err *err)
{
	static const char lead[] = BY_ID("leads"), campaign[] = BY_ID("campaigns"), message[] = BY_ID("messages"), task[] = BY_ID("agent_tasks"),
			  inbox[] = BY_ID("inbox_messages"), rule[] = BY_ID("agent_rules"), meeting[] = BY_ID("meetings"),
			  account[] = BY_ID("accounts"), approval[] = BY_ID("approvals"), notice[] = BY_ID("notifications"),
			  memory[] = BY_ID("agent_memory"), enrolment[] = BY_ID("enrolments");
	const struct {
		char kind;
		const char *sql;
	} all[] = { { 'l', lead }, { 'c', campaign }, { 'm', message }, { 't', task }, { 'i', inbox }, { 'r', rule }, { 'b', meeting },
		{ 'a', account }, { 'p', approval }, { 'n', notice }, { 'y', memory }, { 'e', enrolment } };
	int r = 0;

	for (size_t i = 0; r == 0 && i < sizeof(all) / sizeof(all[0]); i++) {
		*kind = all[i].kind;
		r = db_int(db, err, seq, all[i].sql, "s", word);
	}
	return r;
}

/* A lead by its own address, else by any other that its person is known by. */
static int
by_address(struct lp_db *db, const char *word, int64_t *seq, struct lp_err *err)
{
	static const char known[] =
	    "SELECT l.seq FROM person_addresses p JOIN leads l ON l.person_id = p.person_id WHERE p.kind = 'email' AND p.value = ?1"
	    " ORDER BY l.seq LIMIT 1";
	char *email = normal_email(word, NULL);
	int r = 0;

	if (email != NULL && (r = db_int(db, err, seq, "SELECT seq FROM leads WHERE email = ?1", "s", email)) == 0)
		r = db_int(db, err, seq, known, "s", email);
	free(email);
	return r;
}

static int
by_name(struct lp_db *db, const char *word, char *kind, int64_t *seq, struct lp_err *err)
{
	static const char campaign[] = "SELECT seq FROM campaigns WHERE name = ?1", account[] = "SELECT seq FROM accounts WHERE name = ?1 OR address = ?1",
			  rule[] = "SELECT seq FROM agent_rules WHERE name = ?1";
	int r;

	*kind = 'c';
	if ((r = db_int(db, err, seq, campaign, "s", word)) != 0)
		return r;
	*kind = 'a';
	if ((r = db_int(db, err, seq, account, "s", word)) != 0)
		return r;
	*kind = 'r';
	return db_int(db, err, seq, rule, "s", word);
}

int
log_named(struct lp_db *db, const char *word, char *kind, int64_t *seq, struct lp_err *err)
{
	int r;

	if ((*kind = lp_handle_kind(word)) != 0 && lp_handle(word, *kind, seq))
		return 0;
	if (lp_uuid_ok(word))
		r = by_uuid(db, word, kind, seq, err);
	else {
		*kind = 'l';
		if ((r = by_address(db, word, seq, err)) == 0)
			r = by_name(db, word, kind, seq, err);
	}
	if (r == 0)
		return lp_fail(err, LP_NO, "nothing is called '%.80s': give a handle (t12), an e-mail address or a name", word);
	return r == 1 ? 0 : -1;
}
