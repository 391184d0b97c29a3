#include "store/consents.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/prog.h"
#include "store/log.h"

int
consent_given(struct lp_db *db, int64_t person, const char *channel, struct lp_err *err)
{
	static const char sql[] = "SELECT 1 FROM consents c WHERE person_id = ?1 AND channel = ?2 AND withdrawn_at IS NULL AND NOT EXISTS"
	                          " (SELECT 1 FROM consents w WHERE w.person_id = ?1 AND w.channel = ?2 AND w.withdrawn_at > c.given_at)";
	int64_t one;

	return db_int(db, err, &one, sql, "Is", person, channel);
}

static int
check(const char *channel, const char *source, int64_t at, int64_t now, struct lp_err *err)
{
	static const char *const channels[] = { "email", "whatsapp", "sms", NULL };
	const char *near;
	size_t i;

	for (i = 0; channels[i] != NULL && strcmp(channels[i], channel) != 0; i++)
		;
	if (channels[i] == NULL && (near = lp_did_you_mean(channel, channels)) != NULL)
		return lp_fail(err, LP_DATA, "unknown channel '%.40s' (did you mean '%s'?)", channel, near);
	if (channels[i] == NULL)
		return lp_fail(err, LP_DATA, "unknown channel '%.40s': email, whatsapp or sms", channel);
	if (source == NULL || source[strspn(source, " \t")] == '\0')
		return lp_fail(err, LP_DATA, "a consent needs its source: where and how it was given");
	if (strlen(source) > CONSENT_SOURCE_MAX)
		return lp_fail(err, LP_DATA, "the source of a consent is longer than %zu bytes", CONSENT_SOURCE_MAX);
	if (at > now)
		return lp_fail(err, LP_DATA, "a consent can't have been given in the time to come");
	return 0;
}

static int
log_it(struct lp_db *db, int64_t lead, const char *what, const char *channel, const char *why, struct lp_err *err)
{
	char *text = xasprintf("consent to %s %s: %s", channel, what, why);
	struct log_entry e = { .type = "action", .lead = lead, .text = text };
	int r = log_add(db, &e, err);

	free(text);
	return r;
}

int
consent_give(struct lp_db *db, int64_t lead, const char *channel, const char *source, int64_t at, struct lp_err *err)
{
	static const char whose[] = "SELECT person_id FROM leads WHERE seq = ?1 AND status <> 'forgotten'";
	static const char withdrawn[] = "SELECT max(withdrawn_at) FROM consents WHERE person_id = ?1 AND channel = ?2";
	static const char sql[] = "INSERT INTO consents (person_id, channel, source, given_at) VALUES (?1, ?2, ?3, ?4)";
	int64_t person = 0;
	char *last = NULL, iso[LP_ISO_SIZE];
	int r;

	if (check(channel, source, at, db_now(db), err) == -1 || (r = db_int(db, err, &person, whose, "I", lead)) == -1)
		return -1;
	if (r == 0)
		return lp_fail(err, LP_DATA, "l%" PRId64 " is forgotten", lead);
	if ((r = consent_given(db, person, channel, err)) != 0)
		return r == 1 ? 0 : -1;
	lp_iso(at != 0 ? at : db_now(db), iso);
	if (db_str(db, err, &last, withdrawn, "Is", person, channel) == -1)
		return -1;
	if (last != NULL && (at == 0 || strcmp(iso, last) < 0))
		r = lp_fail(err, LP_DATA, "the consent to %s was withdrawn on %.10s: one that was given again needs its own day", channel, last);
	else if (db_exec(db, err, sql, "Isss", person, channel, source, iso) == -1 || log_it(db, lead, "given", channel, source, err) == -1)
		r = -1;
	else
		r = 1;
	free(last);
	return r;
}

int
consents_show(struct lp_db *db, int64_t lead, cJSON *to, struct lp_err *err)
{
	static const char sql[] = "SELECT 'consent_' || channel, substr(given_at, 1, 10) || ' ' || source FROM consents c WHERE withdrawn_at IS NULL"
	                          " AND person_id = (SELECT person_id FROM leads WHERE seq = ?1) AND NOT EXISTS (SELECT 1 FROM consents w"
	                          " WHERE w.person_id = c.person_id AND w.channel = c.channel AND w.withdrawn_at > c.given_at) ORDER BY seq DESC";
	sqlite3_stmt *st = db_query(db, err, sql, "I", lead);
	int r;

	if (st == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1)
		json_set_str(to, db_text(st, 0), db_text(st, 1));
	return r;
}

int
consent_withdraw(struct lp_db *db, int64_t person, const char *channel, const char *reason, struct lp_err *err)
{
	static const char sql[] = "UPDATE consents SET withdrawn_at = ?3, withdrawn_reason = ?4"
	                          " WHERE person_id = ?1 AND (?2 IS NULL OR channel = ?2) AND withdrawn_at IS NULL";
	static const char first[] = "SELECT seq FROM leads WHERE person_id = ?1 ORDER BY seq LIMIT 1";
	int64_t lead = 0;
	int n;

	if ((n = db_exec(db, err, sql, "Isss", person, channel, db_now_iso(db), reason)) <= 0)
		return n;
	if (db_int(db, err, &lead, first, "I", person) == -1 ||
	    log_it(db, lead, "withdrawn", channel != NULL ? channel : "all channels", reason, err) == -1)
		return -1;
	return n;
}
