/* Changing one lead by hand: fields and status. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/country.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/normal.h"
#include "base/prog.h"
#include "base/tz.h"
#include "store/lead_company.h"
#include "store/leads.h"
#include "store/log.h"
#include "store/persons.h"
#include "store/suppressions.h"

#define MAX_VALUE ((size_t)1000)
#define MAX_CUSTOM ((size_t)20000)

typedef char *make_fn(const char *, struct lp_err *);

static char *
as_text(const char *s, struct lp_err *err)
{
	(void)err;
	return normal_text(s);
}

static char *
as_domain(const char *s, struct lp_err *err)
{
	return normal_domain(s, err);
}

static char *
as_linkedin(const char *s, struct lp_err *err)
{
	char *v = normal_linkedin(s);

	if (v == NULL)
		lp_fail(err, LP_DATA, "'%.100s' is not a person's LinkedIn profile (https://www.linkedin.com/in/NAME)", s);
	return v;
}

static char *
as_phone(const char *s, struct lp_err *err)
{
	char e164[NORMAL_PHONE_SIZE];

	if (!normal_phone(s, NULL, e164)) {
		lp_fail(err, LP_DATA, "'%.60s' is not a full phone number: begin with + and the country", s);
		return NULL;
	}
	return xstrdup(e164);
}

static char *
as_country(const char *s, struct lp_err *err)
{
	char *v = normal_text(s);
	const struct country *c = country_find(v);

	(void)err;
	if (c == NULL)
		return v;
	free(v);
	return xstrdup(c->code);
}

static char *
as_zone(const char *s, struct lp_err *err)
{
	if (tz_ok(s, err) == 0)
		return xstrdup(s);
	err->kind = LP_DATA; /* of a lead, not of the set-up */
	return NULL;
}

bool
leads_basis_ok(const char *s)
{
	static const char *const bases[] = { "legitimate_interest", "consent", "contract", "legal_obligation", "vital_interests", "public_task" };
	size_t i;

	for (i = 0; i < sizeof(bases) / sizeof(bases[0]); i++)
		if (strcmp(s, bases[i]) == 0)
			return true;
	return false;
}

static char *
as_basis(const char *s, struct lp_err *err)
{
	if (leads_basis_ok(s))
		return xstrdup(s);
	lp_fail(err, LP_DATA, "unknown lawful basis '%.60s': one of " LEADS_BASES, s);
	return NULL;
}

#define SET(column) "UPDATE leads SET " column " = ?2, version = version + 1, updated_at = ?3 WHERE seq = ?1"

static const struct field {
	const char *name, *sql;
	make_fn *make;
	const char *kind;          /* of the person's address that it is */
	bool required;
} fields[] = {
	{ "email", SET("email"), normal_email, "email", false },
	{ "first_name", SET("first_name"), as_text, NULL, false },
	{ "last_name", SET("last_name"), as_text, NULL, false },
	{ "title", SET("title"), as_text, NULL, false },
	{ "company", SET("company"), as_text, NULL, false },
	{ "company_domain", SET("company_domain"), as_domain, NULL, false },
	{ "website", SET("website"), as_text, NULL, false },
	{ "linkedin_url", SET("linkedin_url"), as_linkedin, "linkedin", false },
	{ "phone", SET("phone"), as_phone, "phone", false },
	{ "whatsapp", SET("whatsapp"), as_phone, "phone", false },
	{ "city", SET("city"), as_text, NULL, false },
	{ "country", SET("country"), as_country, NULL, false },
	{ "timezone", SET("timezone"), as_zone, NULL, false },
	{ "industry", SET("industry"), as_text, NULL, false },
	{ "employees", SET("employees"), as_text, NULL, false },
	{ "source", SET("source"), as_text, NULL, true },
	{ "lawful_basis", SET("lawful_basis"), as_basis, NULL, true },
};

static int
log_set(struct lp_db *db, int64_t seq, const char *what, const char *reason, struct lp_err *err)
{
	char *text = reason != NULL ? xasprintf("%s: %s", what, reason) : xstrdup(what);
	struct log_entry e = { .type = "action", .lead = seq, .text = text };
	int r = log_add(db, &e, err);

	free(text);
	return r;
}

/* The name of a custom field as it is stored: after "custom.", or bare where the lead has one. */
static int
custom_name(struct lp_db *db, int64_t seq, const char *field, const char **name, struct lp_err *err)
{
	static const char sql[] = "SELECT 1 FROM leads, json_each(custom) WHERE leads.seq = ?1 AND json_each.key = ?2";
	const char *known[sizeof(fields) / sizeof(fields[0]) + 1], *near;
	size_t i;
	int64_t one;
	int r;

	if (strncmp(field, "custom.", 7) == 0 && field[7] != '\0') {
		*name = field + 7;
		if (strspn(*name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(*name) || !utf8_ok(*name, strlen(*name)))
			return utf8_ok(*name, strlen(*name)) ? 0 : lp_fail(err, LP_USAGE, "a field's name isn't UTF-8");
		if (strpbrk(*name, " .\"{}|\t\n") != NULL)
			return lp_fail(err, LP_USAGE, "custom field '%.60s': letters, digits and underscores", *name);
		return 0;
	}
	*name = field;
	if ((r = db_int(db, err, &one, sql, "Is", seq, field)) != 0)
		return r == 1 ? 0 : -1;
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		known[i] = fields[i].name;
	known[i] = NULL;
	near = lp_did_you_mean(field, known);
	if (near != NULL)
		return lp_fail(err, LP_USAGE, "unknown field '%.60s' (did you mean '%s'?)", field, near);
	return lp_fail(err, LP_USAGE, "unknown field '%.60s': a new one of your own is 'custom.%.60s'", field, field);
}

static int
set_custom(struct lp_db *db, int64_t seq, const char *name, const char *value, struct lp_err *err)
{
	static const char sql[] = "UPDATE leads SET custom = json_patch(custom, ?2), version = version + 1, updated_at = ?3 WHERE seq = ?1";
	char *v = normal_block(value), *patch;
	cJSON *o;
	int r;

	if (strlen(v) > MAX_CUSTOM) {
		free(v);
		return lp_fail(err, LP_DATA, "%s: longer than %zu bytes", name, MAX_CUSTOM);
	}
	o = cJSON_CreateObject();
	json_set_str(o, name, *v != '\0' ? v : NULL); /* null takes it out */
	patch = json_print(o);
	r = db_exec(db, err, sql, "Iss", seq, patch, db_now_iso(db));
	cJSON_Delete(o);
	free(patch);
	free(v);
	return r == -1 ? -1 : 0;
}

/* An address that is somebody else's, or suppressed, can't be set. */
static int
claim_address(struct lp_db *db, int64_t seq, const struct field *f, const char *value, struct lp_err *err)
{
	static const char sql[] = "SELECT person_id FROM leads WHERE seq = ?1";
	struct suppression_hit hit;
	int64_t person = 0;
	int r;

	if (db_int(db, err, &person, sql, "I", seq) == -1 || (r = suppressions_hit(db, 0, value, &hit, err)) == -1)
		return -1;
	if (r == 1)
		return lp_fail(err, LP_DATA, "%s: '%.100s' is suppressed (%s): %s", f->name, value, hit.kind, hit.reason);
	if ((r = persons_know(db, person, f->kind, value, "hand", err)) == 2 && strcmp(f->kind, "phone") != 0)
		return lp_fail(err, LP_DATA, "%s: '%.100s' belongs to another lead", f->name, value);
	return r == -1 ? -1 : 0;
}

static int
set_field(struct lp_db *db, int64_t seq, const struct field *f, const char *value, struct lp_err *err)
{
	char *v = NULL;
	int r = -1;

	if (*value == '\0' && f->required)
		return lp_fail(err, LP_DATA, "%s can't be empty", f->name);
	if (*value != '\0' && (v = f->make(value, err)) == NULL)
		return lp_err_prefix(err, "%s", f->name);
	if (v != NULL && strlen(v) > MAX_VALUE)
		lp_fail(err, LP_DATA, "%s: longer than %zu bytes", f->name, MAX_VALUE);
	else if (v == NULL || f->kind == NULL || claim_address(db, seq, f, v, err) == 0)
		r = db_exec(db, err, f->sql, "Iss", seq, v, db_now_iso(db));
	free(v);
	return r == -1 ? -1 : lead_company(db, seq, err);
}

static int
status_of(struct lp_db *db, int64_t seq, char **status, struct lp_err *err)
{
	static const char sql[] = "SELECT status FROM leads WHERE seq = ?1";
	int r = db_str(db, err, status, sql, "I", seq);

	return r == 0 ? lp_fail(err, LP_NO, "no such lead: l%" PRId64, seq) : r == 1 ? 0 : -1;
}

int
leads_set(struct lp_db *db, int64_t seq, const char *field, const char *value, struct lp_err *err)
{
	const char *name = NULL;
	char *status = NULL, *what;
	bool forgotten;
	size_t i;
	int r;

	if (status_of(db, seq, &status, err) == -1)
		return -1;
	forgotten = strcmp(status, "forgotten") == 0;
	free(status);
	if (forgotten)
		return lp_fail(err, LP_DATA, "l%" PRId64 " is forgotten: nothing is kept of it", seq);
	if (!utf8_ok(value, strlen(value)))
		return lp_fail(err, LP_DATA, "%.60s: invalid UTF-8", field);
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]) && strcmp(fields[i].name, field) != 0; i++)
		;
	if (i < sizeof(fields) / sizeof(fields[0])) {
		name = field;
		r = set_field(db, seq, &fields[i], value, err);
	} else {
		r = custom_name(db, seq, field, &name, err);
		if (r == 0)
			r = set_custom(db, seq, name, value, err);
	}
	if (r == -1)
		return -1;
	what = xasprintf("%s %s by hand", name, *value != '\0' ? "set" : "cleared");
	r = log_set(db, seq, what, NULL, err);
	free(what);
	return r;
}

static int
change_status(struct lp_db *db, int64_t seq, const char *to, const char *what, const char *reason, struct lp_err *err)
{
	static const char sql[] = "UPDATE leads SET status = ?2, status_reason = ?3, version = version + 1, updated_at = ?4"
	                          " WHERE seq = ?1 AND status <> ?2";
	char *now = NULL;
	int r;

	if (status_of(db, seq, &now, err) == -1)
		return -1;
	if (strcmp(now, "suppressed") == 0 || strcmp(now, "forgotten") == 0) {
		r = lp_fail(err, LP_DATA, "l%" PRId64 " is %s%s", seq, now, *now == 's' ? ": lp-leads unsuppress lifts that" : "");
		free(now);
		return r;
	}
	free(now);
	if ((r = db_exec(db, err, sql, "Isss", seq, to, reason, db_now_iso(db))) < 1)
		return r;
	return log_set(db, seq, what, reason, err) == -1 ? -1 : 1;
}

int
leads_pause(struct lp_db *db, int64_t seq, const char *reason, struct lp_err *err)
{
	return change_status(db, seq, "paused", "paused by hand", reason, err);
}

int
leads_start(struct lp_db *db, int64_t seq, const char *reason, struct lp_err *err)
{
	return change_status(db, seq, "active", "started by hand", reason, err);
}

/* The addresses of a lead's person as [[kind, value], ...]; NULL with *err. */
static cJSON *
addresses(struct lp_db *db, int64_t seq, int64_t *person, struct lp_err *err)
{
	static const char whose[] = "SELECT person_id FROM leads WHERE seq = ?1";
	static const char sql[] = "SELECT json_group_array(json_array(kind, value)) FROM person_addresses WHERE person_id = ?1";
	char *text = NULL;
	cJSON *list;

	*person = 0;
	if (db_int(db, err, person, whose, "I", seq) == -1 || db_str(db, err, &text, sql, "I", *person) == -1)
		return NULL;
	list = cJSON_Parse(text);
	free(text);
	return list;
}

int
leads_suppress(struct lp_db *db, int64_t seq, const char *reason, const char *source, struct lp_err *err)
{
	int64_t person;
	cJSON *list = addresses(db, seq, &person, err), *a;
	int n = 0, r = list == NULL ? -1 : 0;

	cJSON_ArrayForEach(a, list)
		if (r != -1) {
			r = suppressions_add(db, cJSON_GetArrayItem(a, 0)->valuestring, cJSON_GetArrayItem(a, 1)->valuestring, person, reason,
			    source, err);
			n += r;
		}
	cJSON_Delete(list);
	return r == -1 ? -1 : n;
}

int
leads_unsuppress(struct lp_db *db, int64_t seq, const char *reason, struct lp_err *err)
{
	int64_t person;
	cJSON *list = addresses(db, seq, &person, err), *a;
	int n = 0, r = list == NULL ? -1 : 0;

	cJSON_ArrayForEach(a, list)
		if (r != -1) {
			r = suppressions_remove(db, cJSON_GetArrayItem(a, 0)->valuestring, cJSON_GetArrayItem(a, 1)->valuestring, reason, err);
			n += r;
		}
	cJSON_Delete(list);
	return r == -1 ? -1 : n > 0;
}
