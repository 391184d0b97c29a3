#include "store/suppressions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/normal.h"
#include "store/consents.h"
#include "store/enrolments.h"
#include "store/log.h"
#include "store/persons.h"
#include "store/views.h"

/* Hex of SHA-256 over the file's salt, kind and value. */
static void
suppressions_hash(struct lp_db *db, const char *kind, const char *value, char out[LP_HEX_SIZE])
{
	unsigned char hash[LP_HASH_SIZE];
	struct sha h;

	sha_init(&h);
	sha_add(&h, db_salt(db), LP_HASH_SIZE);
	sha_field(&h, kind);
	sha_field(&h, value);
	sha_end(&h, hash);
	lp_hex(hash, out);
}

const char *
suppressions_kind(const char *address)
{
	if (strchr(address, '@') != NULL)
		return "email";
	if (*address == '+')
		return "phone";
	return strncmp(address, "https://", 8) == 0 ? "linkedin" : "domain";
}

char *
suppressions_parse(const char *who, const char **kind, struct lp_err *err)
{
	char e164[NORMAL_PHONE_SIZE], *value;

	if (strchr(who, '@') != NULL && *who != '@') {
		*kind = "email";
		return normal_email(who, err);
	}
	if ((value = normal_linkedin(who)) != NULL) {
		*kind = "linkedin";
		return value;
	}
	if (normal_phone(who, NULL, e164)) {
		*kind = "phone";
		return xstrdup(e164);
	}
	*kind = "domain";
	if (*who == '+' || strpbrk(who, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == NULL) {
		lp_fail(err, LP_DATA, "'%.100s' is not a full phone number: begin with + and the country", who);
		return NULL;
	}
	return normal_domain(who + (*who == '@'), err);
}

cJSON *
suppressions_list(struct lp_db *db, struct lp_err *err)
{
	static const char sql[] = "SELECT kind, value, reason, source, created_at FROM suppressions ORDER BY seq";
	sqlite3_stmt *st = db_query(db, err, sql, "");

	return st != NULL ? rows_json(db, st, err) : NULL;
}

static void
tell(sqlite3_stmt *st, struct suppression_hit *hit)
{
	if (hit == NULL)
		return;
	snprintf(hit->kind, sizeof(hit->kind), "%s", db_text(st, 0));
	snprintf(hit->reason, sizeof(hit->reason), "%s", db_text(st, 1));
	snprintf(hit->since, sizeof(hit->since), "%s", db_text(st, 2));
}

/* 1 and *hit told where the statement has a row. */
static int
first_row(struct lp_db *db, sqlite3_stmt *st, struct suppression_hit *hit, struct lp_err *err)
{
	int r;

	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return -1;
	if (r == 1) {
		tell(st, hit);
		db_done(st);
	}
	return r;
}

static int
by_value(struct lp_db *db, const char *kind, const char *value, struct suppression_hit *hit, struct lp_err *err)
{
	static const char sql[] = "SELECT kind, reason, created_at FROM suppressions WHERE kind = ?1 AND hash = ?2";
	char hash[LP_HEX_SIZE];

	suppressions_hash(db, kind, value, hash);
	return first_row(db, db_query(db, err, sql, "ss", kind, hash), hit, err);
}

/* The domain and each of its parents. */
static int
by_domain(struct lp_db *db, const char *domain, struct suppression_hit *hit, struct lp_err *err)
{
	int r = 0;

	for (; r == 0 && domain != NULL && *domain != '\0'; domain = strchr(domain, '.')) {
		domain += *domain == '.';
		r = by_value(db, "domain", domain, hit, err);
	}
	return r;
}

/* What is between a mailbox's '+' and its '@' is for its owner to sort by: whoever is out as bob@x is out as bob+news@x. */
static int
by_mailbox(struct lp_db *db, const char *value, const char *at, struct suppression_hit *hit, struct lp_err *err)
{
	const char *plus = memchr(value, '+', (size_t)(at - value));
	char *plain;
	int r;

	if (plus == NULL || plus == value)
		return 0;
	plain = xasprintf("%.*s%s", (int)(plus - value), value, at);
	r = by_value(db, "email", plain, hit, err);
	free(plain);
	return r;
}

static int
by_address(struct lp_db *db, const char *kind, const char *value, struct suppression_hit *hit, struct lp_err *err)
{
	const char *at = strrchr(value, '@');
	int r = by_value(db, kind, value, hit, err);

	if (r == 0 && at != NULL)
		r = by_mailbox(db, value, at, hit, err);
	if (r == 0 && at != NULL)
		r = by_domain(db, at + 1, hit, err);
	return r;
}

/* Every address of the person, and the domains of the companies they are leads at. */
static int
by_all_of(struct lp_db *db, int64_t person, struct suppression_hit *hit, struct lp_err *err)
{
	static const char sql[] = "SELECT kind, value FROM person_addresses WHERE person_id = ?1"
	                          " UNION ALL SELECT 'domain', company_domain FROM leads WHERE person_id = ?1 AND company_domain IS NOT NULL";
	sqlite3_stmt *st = db_query(db, err, sql, "I", person);
	int r, found = 0;

	if (st == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1) {
		const char *kind = db_text(st, 0), *value = db_text(st, 1);

		found = strcmp(kind, "domain") == 0 ? by_domain(db, value, hit, err) : by_address(db, kind, value, hit, err);
		if (found != 0) {
			db_done(st);
			return found;
		}
	}
	return r;
}

int
suppressions_hit(struct lp_db *db, int64_t person, const char *address, struct suppression_hit *hit, struct lp_err *err)
{
	static const char any[] = "SELECT 1 FROM suppressions LIMIT 1";
	static const char sql[] = "SELECT kind, reason, created_at FROM suppressions WHERE person_id = ?1 ORDER BY seq LIMIT 1";
	int64_t one;
	int r;

	if ((r = db_int(db, err, &one, any, "")) != 1)
		return r;
	if (address != NULL) {
		const char *kind = suppressions_kind(address);

		r = strcmp(kind, "domain") == 0 ? by_domain(db, address, hit, err) : by_address(db, kind, address, hit, err);
		if (r != 0)
			return r;
		/* written to by an address that belongs to somebody: then to them */
		if (person == 0 && strcmp(kind, "domain") != 0 && persons_find(db, kind, address, &person, err) == -1)
			return -1;
	}
	if (person == 0)
		return 0;
	if ((r = first_row(db, db_query(db, err, sql, "I", person), hit, err)) != 0)
		return r;
	return by_all_of(db, person, hit, err);
}

static int
log_it(struct lp_db *db, int64_t lead, const char *what, const char *kind, const char *hash, const char *reason, const char *source,
    struct lp_err *err)
{
	char *text = xasprintf("%s: %s%s%s%s", what, reason, source != NULL ? " (" : "", source != NULL ? source : "", source != NULL ? ")" : "");
	char *details = xasprintf("{\"kind\":\"%s\",\"hash\":\"%s\"}", kind, hash);
	struct log_entry e = { .type = "action", .lead = lead, .text = text, .details = details };
	int r = log_add(db, &e, err);

	free(text);
	free(details);
	return r;
}

/* Its leads are suppressed and what they were enrolled in stops. *lead is the first of them, for the log. */
static int
stop_person(struct lp_db *db, int64_t person, const char *reason, int64_t *lead, struct lp_err *err)
{
	static const char first[] = "SELECT seq FROM leads WHERE person_id = ?1 ORDER BY seq LIMIT 1";
	static const char leads[] = "UPDATE leads SET status = 'suppressed', status_reason = ?2, version = version + 1, updated_at = ?3"
	                            " WHERE person_id = ?1 AND status NOT IN ('suppressed', 'forgotten')";

	if (db_int(db, err, lead, first, "I", person) == -1 || db_exec(db, err, leads, "Iss", person, reason, db_now_iso(db)) == -1 ||
	    enrolments_stop_person(db, person, "suppressed", err) == -1)
		return -1;
	return 0;
}

/* The same for everybody at a domain or below it. */
static int
stop_domain(struct lp_db *db, const char *domain, const char *reason, struct lp_err *err)
{
	static const char sql[] = "SELECT DISTINCT person_id FROM person_addresses WHERE kind = 'email'"
	                          " AND (value LIKE '%@' || ?1 OR value LIKE '%.' || ?1)"
	                          " UNION SELECT person_id FROM leads WHERE company_domain = ?1 OR company_domain LIKE '%.' || ?1";
	sqlite3_stmt *st = db_query(db, err, sql, "s", domain);
	int64_t lead;
	int r;

	if (st == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1)
		if (stop_person(db, db_int64(st, 0), reason, &lead, err) == -1) {
			db_done(st);
			return -1;
		}
	return r;
}

int
suppressions_add(struct lp_db *db, const char *kind, const char *value, int64_t person, const char *reason, const char *source,
    struct lp_err *err)
{
	static const char sql[] = "INSERT INTO suppressions (kind, hash, value, person_id, reason, source, created_at)"
	                          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET person_id = ifnull(person_id, excluded.person_id)";
	static const char there[] = "SELECT 1 FROM suppressions WHERE kind = ?1 AND hash = ?2";
	bool domain = strcmp(kind, "domain") == 0;
	char hash[LP_HEX_SIZE];
	int64_t lead = 0, one;
	int known;

	suppressions_hash(db, kind, value, hash);
	if (!domain && person == 0 && persons_find(db, kind, value, &person, err) == -1)
		return -1;
	if ((known = db_int(db, err, &one, there, "ss", kind, hash)) == -1 ||
	    db_exec(db, err, sql, "sssnsss", kind, hash, value, domain ? (int64_t)0 : person, reason, source, db_now_iso(db)) == -1)
		return -1;
	if (domain ? stop_domain(db, value, reason, err) == -1 : person != 0 && stop_person(db, person, reason, &lead, err) == -1)
		return -1;
	/* whoever doesn't want to hear from us agreed to nothing any more; a dead address says no such thing */
	if (!domain && person != 0 && strcmp(source, "bounce") != 0 && consent_withdraw(db, person, NULL, reason, err) == -1)
		return -1;
	if (known == 0 && log_it(db, lead, "suppressed", kind, hash, reason, source, err) == -1)
		return -1;
	return known == 0;
}

/* Leads marked suppressed against which nothing is left. */
static int
revive(struct lp_db *db, struct lp_err *err)
{
	static const char sql[] = "SELECT seq, person_id FROM leads WHERE status IN ('suppressed', 'bounced')";
	static const char active[] = "UPDATE leads SET status = 'active', status_reason = NULL, version = version + 1, updated_at = ?2"
	                             " WHERE seq = ?1";
	sqlite3_stmt *st = db_query(db, err, sql, "");
	int64_t *seqs = NULL;
	size_t n = 0, i;
	int r, hit;

	if (st == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1) {
		if ((hit = suppressions_hit(db, db_int64(st, 1), NULL, NULL, err)) == -1) {
			db_done(st);
			r = -1;
			break;
		}
		if (hit == 1)
			continue;
		seqs = xrealloc(seqs, (n + 1) * sizeof(*seqs));
		seqs[n++] = db_int64(st, 0);
	}
	for (i = 0; r != -1 && i < n; i++)
		r = db_exec(db, err, active, "Is", seqs[i], db_now_iso(db)) == -1 ? -1 : 0;
	free(seqs);
	return r;
}

int
suppressions_remove(struct lp_db *db, const char *kind, const char *value, const char *reason, struct lp_err *err)
{
	static const char gone[] = "DELETE FROM suppressions WHERE kind = ?1 AND hash = ?2";
	static const char persons[] = "DELETE FROM suppressions WHERE person_id = ?1";
	static const char whose[] = "SELECT person_id FROM suppressions WHERE kind = ?1 AND hash = ?2 AND person_id IS NOT NULL";
	static const char first[] = "SELECT seq FROM leads WHERE person_id = ?1 ORDER BY seq LIMIT 1";
	char hash[LP_HEX_SIZE];
	int64_t person = 0, lead = 0;
	int removed, more = 0;

	suppressions_hash(db, kind, value, hash);
	if (db_int(db, err, &person, whose, "ss", kind, hash) == -1 ||
	    (person == 0 && strcmp(kind, "domain") != 0 && persons_find(db, kind, value, &person, err) == -1))
		return -1;
	if ((removed = db_exec(db, err, gone, "ss", kind, hash)) == -1 ||
	    (person != 0 && (more = db_exec(db, err, persons, "I", person)) == -1))
		return -1;
	if (removed + more == 0)
		return 0;
	if (person != 0 && db_int(db, err, &lead, first, "I", person) == -1)
		return -1;
	if (revive(db, err) == -1 || log_it(db, lead, "no longer suppressed", kind, hash, reason, NULL, err) == -1)
		return -1;
	return 1;
}
