#include "store/leads.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/normal.h"
#include "store/consents.h"
#include "store/lead_company.h"
#include "store/log.h"
#include "store/persons.h"
#include "store/suppressions.h"
#include "store/views.h"

/* Mail at these says nothing about where somebody works. */
static const char *const free_mail[] = { "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "hotmail.co.uk", "hotmail.fr", "hotmail.de",
	"live.com", "msn.com", "yahoo.com", "yahoo.co.uk", "yahoo.fr", "yahoo.de", "ymail.com", "icloud.com", "me.com", "mac.com", "aol.com", "gmx.de",
	"gmx.net", "gmx.com", "gmx.at", "gmx.ch", "web.de", "t-online.de", "freenet.de", "proton.me", "protonmail.com", "pm.me", "mail.com", "mail.ru",
	"yandex.ru", "yandex.com", "qq.com", "163.com", "126.com", "orange.fr", "wanadoo.fr", "free.fr", "laposte.net", "libero.it", "seznam.cz",
	"wp.pl", "o2.pl", "hey.com", "fastmail.com", "zoho.com" };

int
lead_company(struct lp_db *db, int64_t seq, struct lp_err *err)
{
	static const char get[] = "SELECT company_domain, company, substr(email, instr(email, '@') + 1) FROM leads WHERE seq = ?1";
	static const char set[] = "UPDATE leads SET company_domain = ?2, company_key = ?3 WHERE seq = ?1 AND (company_domain, company_key) IS NOT (?2, ?3)";
	sqlite3_stmt *st = db_query(db, err, get, "I", seq);
	char *domain, *company, *mail, *key;
	size_t i;
	int r;

	if (st == NULL || (r = db_step(db, st, err)) != 1)
		return st == NULL ? -1 : r;
	domain = xstrdup(db_text(st, 0));
	company = xstrdup(db_text(st, 1));
	mail = xstrdup(db_text(st, 2));
	db_done(st);
	if (domain == NULL && mail != NULL) {
		for (i = 0; i < sizeof(free_mail) / sizeof(free_mail[0]) && strcmp(mail, free_mail[i]) != 0; i++)
			;
		if (i == sizeof(free_mail) / sizeof(free_mail[0])) {
			domain = mail;
			mail = NULL;
		}
	}
	key = domain != NULL ? xstrdup(domain) : company != NULL ? normal_company_key(company) : NULL;
	r = db_exec(db, err, set, "Iss", seq, domain, key != NULL && *key != '\0' ? key : NULL);
	free(domain);
	free(company);
	free(mail);
	free(key);
	return r == -1 ? -1 : 0;
}

int
leads_find(struct lp_db *db, const char *which, int64_t *seq, struct lp_err *err)
{
	static const char by_seq[] = "SELECT seq FROM leads WHERE seq = ?1";
	static const char by_uuid[] = "SELECT seq FROM leads WHERE id = ?1";
	static const char by_email[] = "SELECT seq FROM leads WHERE email = ?1";
	static const char by_person[] = "SELECT seq FROM leads WHERE person_id = ?1 ORDER BY seq LIMIT 1";
	int64_t person = 0;
	char *value = NULL;
	char kind = lp_handle_kind(which);
	const char *how = NULL;
	int r;

	if (lp_handle(which, 'l', seq))
		r = db_int(db, err, seq, by_seq, "I", *seq);
	else if (kind != 0 && strchr(which, '@') == NULL)
		return lp_fail(err, LP_USAGE, "'%s' is a %s, not a lead", which, lp_kind_name(kind));
	else if (lp_uuid_ok(which))
		r = db_int(db, err, seq, by_uuid, "s", which);
	else {
		if (strchr(which, '@') != NULL) {
			how = "email";
			if ((value = normal_email(which, err)) == NULL)
				return -1;
		} else if ((value = normal_linkedin(which)) != NULL)
			how = "linkedin";
		else if (*which == '+') {
			char e164[NORMAL_PHONE_SIZE];

			how = "phone";
			value = xstrdup(normal_phone(which, NULL, e164) ? e164 : which);
		} else
			return lp_fail(err, LP_USAGE, "'%.100s' names no lead: give a handle (l12) or an e-mail address", which);
		r = strcmp(how, "email") == 0 ? db_int(db, err, seq, by_email, "s", value) : 0;
		if (r == 0 && (r = persons_find(db, how, value, &person, err)) == 1)
			r = db_int(db, err, seq, by_person, "I", person);
		free(value);
	}
	return r == 1 ? 0 : r == 0 ? lp_fail(err, LP_NO, "no such lead: %.100s", which) : -1;
}

/* The lead of whoever has the address, 0 where there is none. *person also where there is a person without a lead. */
static int
lead_by(struct lp_db *db, const char *kind, const char *value, int64_t *person, int64_t *lead, struct lp_err *err)
{
	/* the one that is written to at this address before another of the same person */
	static const char sql[] = "SELECT seq FROM leads WHERE person_id = ?1 AND status <> 'forgotten' ORDER BY email IS ?2 DESC, seq LIMIT 1";
	int r;

	*person = *lead = 0;
	if (value == NULL)
		return 0;
	if ((r = persons_find(db, kind, value, person, err)) == 1)
		r = db_int(db, err, lead, sql, "Is", *person, value);
	return r == -1 ? -1 : 0;
}

/* Who this is: by e-mail address, else profile, else number. */
static int
match(struct lp_db *db, const cJSON *lead, int64_t *person, int64_t *seq, struct lp_err *err)
{
	static const char has_email[] = "SELECT email IS NOT NULL FROM leads WHERE seq = ?1";
	const char *email = json_str(lead, "email"), *phone = json_str(lead, "phone");
	int64_t p, l, yes = 0;

	if (lead_by(db, "email", email, person, seq, err) == -1)
		return -1;
	if (lead_by(db, "linkedin", json_str(lead, "linkedin_url"), &p, &l, err) == -1)
		return -1;
	if (p != 0 && *person != 0 && p != *person) {
		/* two that were taken for strangers share a row: they are one */
		if (persons_merge(db, *person, p, err) == -1)
			return -1;
	} else if (*person == 0)
		*person = p;
	if (*seq == 0)
		*seq = l;
	if (*person != 0 || phone == NULL || *phone != '+')
		return 0;
	if (lead_by(db, "phone", phone, &p, &l, err) == -1 || (l != 0 && db_int(db, err, &yes, has_email, "I", l) == -1))
		return -1;
	if (email == NULL || !yes) {
		*person = p;
		*seq = l;
	}
	return 0;
}

static int
refused(struct lead_put *put, int64_t seq, const struct suppression_hit *hit)
{
	put->outcome = LEAD_REFUSED;
	put->seq = seq;
	snprintf(put->why, sizeof(put->why), "suppressed (%s): %s", hit->kind, hit->reason);
	return 1;
}

/* Any address of the row, or the person it belongs to. 1 refused, 0, -1. */
static int
suppressed(struct lp_db *db, const cJSON *lead, int64_t person, int64_t seq, struct lead_put *put, struct lp_err *err)
{
	static const char *const names[] = { "email", "linkedin_url", "phone", "whatsapp", "company_domain", "emails", "phones" };
	struct suppression_hit hit;
	const cJSON *v, *x;
	size_t i;
	int r = suppressions_hit(db, person, NULL, &hit, err);

	for (i = 0; r == 0 && i < sizeof(names) / sizeof(names[0]); i++) {
		v = json_get(lead, names[i]);
		if (cJSON_IsString(v))
			r = suppressions_hit(db, 0, v->valuestring, &hit, err);
		else if (cJSON_IsArray(v))
			cJSON_ArrayForEach(x, v)
				if (r == 0 && cJSON_IsString(x))
					r = suppressions_hit(db, 0, x->valuestring, &hit, err);
	}
	return r == 1 ? refused(put, seq, &hit) : r;
}

/* Every way in the row to reach the person. */
static int
know_all(struct lp_db *db, const cJSON *lead, int64_t person, struct lp_err *err)
{
	static const char *const names[][2] = { { "email", "email" }, { "linkedin_url", "linkedin" }, { "phone", "phone" },
		{ "whatsapp", "phone" }, { "emails", "email" }, { "phones", "phone" } };
	const cJSON *v, *x;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		v = json_get(lead, names[i][0]);
		x = cJSON_IsArray(v) ? v->child : v;
		for (; x != NULL; x = cJSON_IsArray(v) ? x->next : NULL) {
			if (!cJSON_IsString(x) || (strcmp(names[i][1], "phone") == 0 && *x->valuestring != '+'))
				continue;
			if (persons_know(db, person, names[i][1], x->valuestring, "import", err) == -1)
				return -1;
		}
	}
	return 0;
}

static int
opted_out(struct lp_db *db, const cJSON *lead, const struct lead_origin *o, int64_t person, int64_t seq, struct lead_put *put, struct lp_err *err)
{
	static const char *const names[][2] = { { "email", "email" }, { "linkedin_url", "linkedin" }, { "phone", "phone" } };
	char *reason = xasprintf("opted out: '%.60s' in %.100s", o->opt_out, o->where);
	const char *v;
	size_t i;
	int r = 0;

	for (i = 0; r != -1 && i < sizeof(names) / sizeof(names[0]); i++)
		if ((v = json_str(lead, names[i][0])) != NULL && (i < 2 || *v == '+'))
			r = suppressions_add(db, names[i][1], v, person, reason, "import", err);
	put->outcome = LEAD_REFUSED;
	put->seq = seq;
	snprintf(put->why, sizeof(put->why), "%s", reason);
	free(reason);
	return r == -1 ? -1 : 0;
}

static int
log_lead(struct lp_db *db, int64_t seq, const char *what, const struct lead_origin *o, struct lp_err *err)
{
	char *text = xasprintf("%s %s", what, o->where != NULL ? o->where : o->source);
	struct log_entry e = { .type = "action", .lead = seq, .text = text };
	int r = log_add(db, &e, err);

	free(text);
	return r;
}

static int
insert(struct lp_db *db, const cJSON *l, const struct lead_origin *o, int64_t person, int64_t *seq, struct lp_err *err)
{
	static const char sql[] =
	    "INSERT INTO leads (id, person_id, email, first_name, last_name, title, company, company_domain, website, linkedin_url, phone, whatsapp,"
	    " city, country, timezone, industry, employees, custom, source, lawful_basis, source_at, created_at, updated_at)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?21, ?21)";
	const cJSON *c = json_get(l, "custom");
	char uuid[LP_UUID_SIZE], *custom = c != NULL ? json_print(c) : xstrdup("{}");
	const char *source = json_str(l, "source"), *basis = json_str(l, "lawful_basis");
	int r;

	r = db_uuid(db, uuid, err);
	if (r == 0)
		r = db_exec(db, err, sql, "sIsssssssssssssssssss", uuid, person, json_str(l, "email"), json_str(l, "first_name"),
		    json_str(l, "last_name"), json_str(l, "title"), json_str(l, "company"), json_str(l, "company_domain"),
		    json_str(l, "website"), json_str(l, "linkedin_url"), json_str(l, "phone"), json_str(l, "whatsapp"), json_str(l, "city"),
		    json_str(l, "country"), json_str(l, "timezone"), json_str(l, "industry"), json_str(l, "employees"), custom,
		    source != NULL ? source : o->source, basis != NULL ? basis : o->basis, db_now_iso(db));
	free(custom);
	if (r == -1)
		return -1;
	*seq = db_last_id(db);
	return 0;
}

/* What the row says, over what is there. Number of rows changed: 0 where nothing is new. */
static int
update(struct lp_db *db, const cJSON *l, int64_t seq, struct lp_err *err)
{
	static const char sql[] =
	    "UPDATE leads SET first_name = ifnull(?2, first_name), last_name = ifnull(?3, last_name), title = ifnull(?4, title),"
	    " company = ifnull(?5, company), company_domain = ifnull(?6, company_domain), website = ifnull(?7, website),"
	    " linkedin_url = ifnull(?8, linkedin_url), phone = ifnull(?9, phone), whatsapp = ifnull(?10, whatsapp), city = ifnull(?11, city),"
	    " country = ifnull(?12, country), timezone = ifnull(?13, timezone), industry = ifnull(?14, industry),"
	    " employees = ifnull(?15, employees), custom = json_patch(custom, ?16), email = ifnull(?17, email),"
	    " lawful_basis = ifnull(?18, lawful_basis), version = version + 1, updated_at = ?19"
	    " WHERE seq = ?1 AND ((first_name, last_name, title, company, company_domain, website, linkedin_url, phone, whatsapp, city, country,"
	    " timezone, industry, employees, email, lawful_basis) IS NOT (ifnull(?2, first_name), ifnull(?3, last_name), ifnull(?4, title),"
	    " ifnull(?5, company), ifnull(?6, company_domain), ifnull(?7, website), ifnull(?8, linkedin_url), ifnull(?9, phone),"
	    " ifnull(?10, whatsapp), ifnull(?11, city), ifnull(?12, country), ifnull(?13, timezone), ifnull(?14, industry),"
	    " ifnull(?15, employees), ifnull(?17, email), ifnull(?18, lawful_basis)) OR custom <> json_patch(custom, ?16))";
	static const char known[] = "SELECT 1 FROM person_addresses WHERE kind = 'email' AND value = ?1";
	const cJSON *c = json_get(l, "custom");
	const char *email = json_str(l, "email");
	char *custom;
	int64_t one;
	int r;

	/* an address that is known already is the lead's own or the person's second: neither changes the one they are written to at */
	if (email != NULL && (r = db_int(db, err, &one, known, "s", email)) != 0) {
		if (r == -1)
			return -1;
		email = NULL;
	}
	custom = c != NULL ? json_print(c) : xstrdup("{}");
	r = db_exec(db, err, sql, "Issssssssssssssssss", seq, json_str(l, "first_name"), json_str(l, "last_name"), json_str(l, "title"),
	    json_str(l, "company"), json_str(l, "company_domain"), json_str(l, "website"), json_str(l, "linkedin_url"), json_str(l, "phone"),
	    json_str(l, "whatsapp"), json_str(l, "city"), json_str(l, "country"), json_str(l, "timezone"), json_str(l, "industry"),
	    json_str(l, "employees"), custom, email, json_str(l, "lawful_basis"), db_now_iso(db));
	free(custom);
	return r;
}

/* What the row says they agreed to: how many are new. One that can't count is told in the log, and is no reason to refuse the person. */
static int
consents(struct lp_db *db, const cJSON *lead, const struct lead_origin *o, int64_t seq, struct lp_err *err)
{
	const cJSON *c;
	const char *source, *day;
	struct lp_err why;
	int64_t at;
	int r, n = 0;

	cJSON_ArrayForEach(c, json_get(lead, "consents")) {
		source = json_str(c, "source");
		at = 0;
		if ((day = json_str(c, "given_at")) != NULL && lp_iso_parse(day, &at, err) == -1)
			return -1;
		if (source == NULL && (source = json_str(lead, "source")) == NULL)
			source = o->source;
		r = consent_give(db, seq, json_str(c, "channel"), source, at, &why);
		if (r == -1 && why.kind != LP_DATA) {
			*err = why;
			return -1;
		}
		if (r == -1 && log_add(db, &(struct log_entry){ .type = "observation", .lead = seq, .text = why.msg }, err) == -1)
			return -1;
		n += r == 1;
	}
	return n;
}

int
leads_put(struct lp_db *db, const cJSON *lead, const struct lead_origin *o, struct lead_put *put, struct lp_err *err)
{
	int64_t person, seq;
	int r;

	*put = (struct lead_put){ .outcome = LEAD_SAME };
	if (match(db, lead, &person, &seq, err) == -1)
		return -1;
	if (o->opt_out != NULL)
		return opted_out(db, lead, o, person, seq, put, err);
	if ((r = suppressed(db, lead, person, seq, put, err)) != 0)
		return r == 1 ? 0 : -1;
	if (seq == 0) {
		put->outcome = LEAD_NEW;
		if ((person == 0 && persons_new(db, &person, err) == -1) || insert(db, lead, o, person, &seq, err) == -1)
			return -1;
	} else {
		if ((r = update(db, lead, seq, err)) == -1)
			return -1;
		put->outcome = r > 0 ? LEAD_CHANGED : LEAD_SAME;
	}
	put->seq = seq;
	if (know_all(db, lead, person, err) == -1 || lead_company(db, seq, err) == -1 || (r = consents(db, lead, o, seq, err)) == -1)
		return -1;
	if (r > 0 && put->outcome == LEAD_SAME)
		put->outcome = LEAD_CHANGED;
	if (put->outcome == LEAD_SAME)
		return 0;
	return log_lead(db, seq, put->outcome == LEAD_NEW ? "taken in from" : "updated from", o, err);
}
