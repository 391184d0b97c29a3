#include "source/leadrow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/country.h"
#include "base/json.h"
#include "base/normal.h"
#include "base/tz.h"

#define MAX_CANDIDATES 64

struct candidate {
	const char *value;
	int rank;
	size_t col;
};

struct maker {
	const struct mapping *map;
	char *const *value;
	size_t n;
	cJSON *lead, *custom, *emails, *phones;
	struct lp_err *err;
};

/* Programs guard a cell against being taken for a formula with an apostrophe: '+49 ... */
static const char *
bare(const char *s)
{
	return s[0] == '\'' && s[1] != '\0' && strchr("=+-@", s[1]) != NULL ? s + 1 : s;
}

static bool
empty(const char *s)
{
	return s == NULL || s[strspn(s, " \t\r\n")] == '\0';
}

static int
keep(struct maker *k, size_t col)
{
	char *v = normal_block(bare(k->value[col]));
	int r = 0;

	if (strlen(v) > LEAD_CUSTOM_MAX)
		r = lp_fail(k->err, LP_DATA, "column '%.60s' is longer than %zu bytes", k->map->col[col].header, LEAD_CUSTOM_MAX);
	else if (*v != '\0')
		json_set_str(k->custom, k->map->col[col].custom, v);
	free(v);
	return r;
}

static int
put(struct maker *k, const char *name, const char *value)
{
	if (strlen(value) > LEAD_FIELD_MAX)
		return lp_fail(k->err, LP_DATA, "%s is longer than %zu bytes", name, LEAD_FIELD_MAX);
	json_set_str(k->lead, name, value);
	return 0;
}

/* "* Work", "Home", "Privat": what the column beside an address says of it. */
static int
label_rank(const struct maker *k, size_t col)
{
	size_t at = k->map->col[col].label;
	char *s, *l;
	int r = 0;

	if (at == 0 || at > k->n || k->value[at - 1] == NULL)
		return 0;
	l = utf8_fold(k->value[at - 1]);
	if (strstr(l, "home") != NULL || strstr(l, "personal") != NULL || strstr(l, "priv") != NULL)
		r = 5;
	else if ((s = strstr(l, "work")) != NULL || strstr(l, "business") != NULL || strstr(l, "arbeit") != NULL ||
	         strstr(l, "gesch") != NULL)
		r = -2;
	free(l);
	return r;
}

/* The filled cells of a field, best first; in the file's order where they rank alike. */
static size_t
candidates(const struct maker *k, enum lead_field f, struct candidate c[MAX_CANDIDATES])
{
	size_t i, j, n = 0;

	for (i = 0; i < k->n && i < k->map->n && n < MAX_CANDIDATES; i++) {
		struct candidate new = { .rank = k->map->col[i].rank, .col = i };
		enum lead_field is = k->map->col[i].field;

		if (empty(k->value[i]))
			continue;
		new.value = bare(k->value[i] + strspn(k->value[i], " \t\r\n"));
		if (is == LF_WEB) {
			is = strstr(new.value, "linkedin.com/") != NULL ? LF_LINKEDIN_URL : LF_COMPANY_DOMAIN;
			new.rank = 2;
		}
		if (is != f)
			continue;
		new.rank += f == LF_EMAIL || f == LF_PHONE ? label_rank(k, i) : 0;
		for (j = n++; j > 0 && c[j - 1].rank > new.rank; j--)
			c[j] = c[j - 1];
		c[j] = new;
	}
	return n;
}

/* A field of plain text: the best is taken, the others are kept beside it. */
static int
text_field(struct maker *k, enum lead_field f)
{
	struct candidate c[MAX_CANDIDATES];
	size_t n = candidates(k, f, c), i;
	char *v;
	int r = 0;

	for (i = 0; r == 0 && i < n; i++) {
		if (i > 0) {
			r = keep(k, c[i].col);
			continue;
		}
		v = normal_text(c[0].value);
		if (*v != '\0')
			r = put(k, mapping_field_name(f), v);
		free(v);
	}
	return r;
}

/* One of several in a cell, as Google (" ::: ") and HubSpot (";") write them; *s moves on, NULL after the last. */
static char *
piece(const char **s, bool list)
{
	const char *from = *s, *sep = strstr(from, ":::"), *semi = list ? strpbrk(from, ";,") : NULL;
	size_t skip = 3;

	if (semi != NULL && (sep == NULL || semi < sep)) {
		sep = semi;
		skip = 1;
	}
	*s = sep != NULL ? sep + skip : NULL;
	return xstrndup(from, sep != NULL ? (size_t)(sep - from) : strlen(from));
}

static int
email_field(struct maker *k)
{
	struct candidate c[MAX_CANDIDATES];
	size_t n = candidates(k, LF_EMAIL, c), i;
	struct lp_err bad = { .kind = LP_OK }, *why;
	struct lp_err this;
	const char *s;
	char *p, *v;

	for (i = 0; i < n; i++) {
		why = bad.kind == LP_OK ? &bad : &this;
		for (s = c[i].value; s != NULL;) {
			p = piece(&s, k->map->col[c[i].col].list);
			v = empty(p) ? NULL : normal_email(p, why);
			if (v != NULL && json_get(k->lead, "email") == NULL)
				json_set_str(k->lead, "email", v);
			else if (v != NULL && strcmp(v, json_str(k->lead, "email")) != 0)
				cJSON_AddItemToArray(k->emails, cJSON_CreateString(v));
			free(v);
			free(p);
		}
	}
	/* one that isn't an address is no reason to drop a person with a good one; it goes nowhere near a header either way */
	if (bad.kind != LP_OK && json_get(k->lead, "email") == NULL) {
		if (k->err != NULL)
			*k->err = bad;
		return -1;
	}
	return 0;
}

static int
phone_field(struct maker *k, enum lead_field f)
{
	struct candidate c[MAX_CANDIDATES];
	const char *name = mapping_field_name(f), *country = json_str(k->lead, "country"), *s;
	size_t n = candidates(k, f, c), i, raw = n;
	char e164[NORMAL_PHONE_SIZE], *p;

	for (i = 0; i < n; i++)
		for (s = c[i].value; s != NULL; free(p)) {
			p = piece(&s, false);
			if (!normal_phone(p, country, e164)) {
				if (raw == n)
					raw = i;
				else if (keep(k, c[i].col) == -1) {
					free(p);
					return -1;
				}
			} else if (json_get(k->lead, name) == NULL)
				json_set_str(k->lead, name, e164);
			else if (strcmp(json_str(k->lead, name), e164) != 0)
				cJSON_AddItemToArray(k->phones, cJSON_CreateString(e164));
		}
	if (raw == n)
		return 0;
	if (json_get(k->lead, name) != NULL)
		return keep(k, c[raw].col);
	/* shown as it was written, and never dialled or matched */
	p = normal_text(c[raw].value);
	i = (size_t)put(k, name, p);
	free(p);
	return (int)i;
}

static int
web_fields(struct maker *k)
{
	static const char *const elsewhere[] = { "linkedin.com", "facebook.com", "instagram.com", "twitter.com", "x.com", "xing.com" };
	struct candidate c[MAX_CANDIDATES];
	size_t n = candidates(k, LF_COMPANY_DOMAIN, c), i, j;
	char *d, *v;
	int r = 0;

	for (i = 0; r == 0 && i < n; i++) {
		if ((d = normal_domain(c[i].value, NULL)) == NULL) {
			r = keep(k, c[i].col);
			continue;
		}
		for (j = 0; j < sizeof(elsewhere) / sizeof(elsewhere[0]) && strcmp(d, elsewhere[j]) != 0; j++)
			;
		if (j == sizeof(elsewhere) / sizeof(elsewhere[0]) && json_get(k->lead, "company_domain") == NULL)
			json_set_str(k->lead, "company_domain", d);
		free(d);
		if (c[i].rank >= 2 && c[i].rank < 4 && json_get(k->lead, "website") == NULL) {
			v = normal_text(c[i].value);
			r = put(k, "website", v);
			free(v);
		}
	}
	n = candidates(k, LF_LINKEDIN_URL, c);
	for (i = 0; r == 0 && i < n; i++) {
		if (json_get(k->lead, "linkedin_url") == NULL && (v = normal_linkedin(c[i].value)) != NULL) {
			r = put(k, "linkedin_url", v);
			free(v);
		} else
			r = keep(k, c[i].col);
	}
	return r;
}

static int
name_fields(struct maker *k)
{
	struct candidate c[MAX_CANDIDATES];
	char *first = NULL, *last = NULL;
	int r = 0;

	if (text_field(k, LF_FIRST_NAME) == -1 || text_field(k, LF_LAST_NAME) == -1)
		return -1;
	if (json_get(k->lead, "first_name") != NULL || json_get(k->lead, "last_name") != NULL ||
	    candidates(k, LF_FULL_NAME, c) == 0)
		return 0;
	normal_name_split(c[0].value, &first, &last);
	if (*first != '\0')
		r = put(k, "first_name", first);
	if (r == 0 && *last != '\0')
		r = put(k, "last_name", last);
	free(first);
	free(last);
	return r;
}

static int
place_fields(struct maker *k)
{
	struct candidate c[MAX_CANDIDATES];
	const struct country *country;
	const char *s;
	char *v, num[24];
	long least;

	if (text_field(k, LF_CITY) == -1 || text_field(k, LF_COUNTRY) == -1 || text_field(k, LF_INDUSTRY) == -1)
		return -1;
	if ((s = json_str(k->lead, "country")) != NULL && (country = country_find(s)) != NULL)
		json_set_str(k->lead, "country", country->code);
	if (candidates(k, LF_TIMEZONE, c) > 0) {
		v = normal_text(c[0].value);
		if (tz_ok(v, NULL) == 0) /* an unknown zone is kept beside, not judged by */
			json_set_str(k->lead, "timezone", v);
		else if (keep(k, c[0].col) == -1) {
			free(v);
			return -1;
		}
		free(v);
	}
	if (candidates(k, LF_EMPLOYEES, c) > 0) {
		/* "51-200" is 51 to whoever compares, and stays readable beside it */
		if ((least = normal_employees(c[0].value)) >= 0) {
			snprintf(num, sizeof(num), "%ld", least);
			json_set_str(k->lead, "employees", num);
		}
		if (c[0].value[strspn(c[0].value, "0123456789., ")] != '\0' && keep(k, c[0].col) == -1)
			return -1;
	}
	return 0;
}

static int
law_fields(struct maker *k, struct lead_row *row)
{
	static const char *const bases[] = { "legitimate_interest", "consent", "contract", "legal_obligation", "vital_interests", "public_task" };
	struct candidate c[MAX_CANDIDATES];
	size_t i, n;
	char *v;

	if (text_field(k, LF_SOURCE) == -1)
		return -1;
	if (candidates(k, LF_BASIS, c) > 0) {
		v = mapping_snake(c[0].value);
		for (i = 0; i < sizeof(bases) / sizeof(bases[0]) && strcmp(v, bases[i]) != 0; i++)
			;
		free(v);
		if (i == sizeof(bases) / sizeof(bases[0]))
			return lp_fail(k->err, LP_DATA, "unknown lawful basis '%.60s'", c[0].value);
		json_set_str(k->lead, "lawful_basis", bases[i]);
	}
	n = candidates(k, LF_OPT_OUT, c);
	for (i = 0; i < n; i++) {
		static const char no[] = "|0|false|no|n|nein|non|f|active|subscribed|";
		char *folded = utf8_fold(c[i].value), word[16];

		folded[strcspn(folded, " \t\r\n")] = '\0';
		/* what isn't plainly a no is a yes: here the doubt is the person's */
		snprintf(word, sizeof(word), "|%.12s|", folded);
		if (strstr(no, word) == NULL && row->opt_out == NULL)
			row->opt_out = xstrdup(k->map->col[c[i].col].header);
		free(folded);
	}
	return 0;
}

/* "2026-03-01 web form", "yes": the day (0: not said) and the source (NULL: not said), the caller's. False where it doesn't plainly say yes: here the
 * doubt is the person's. */
static bool
says_yes(const char *cell, int64_t *at, char **source)
{
	static const char yes[] = "|yes|y|true|t|1|x|ja|oui|si|s\xc3\xad|sim|tak|given|granted|subscribed|opted_in|opted-in|opt-in|";
	char *v = normal_text(cell), *folded, word[24];
	size_t n = strcspn(v, " ");
	bool ok;

	*at = 0;
	*source = NULL;
	folded = xstrndup(v, n);
	if ((ok = lp_iso_parse(folded, at, NULL) == 0)) {
		if (v[n] != '\0')
			*source = xstrdup(v + n + 1);
	} else {
		free(folded);
		folded = utf8_fold(v);
		snprintf(word, sizeof(word), "|%.20s|", folded);
		ok = *folded != '\0' && strstr(yes, word) != NULL;
	}
	free(folded);
	free(v);
	return ok;
}

static void
add_consent(struct maker *k, const char *channel, const char *source, int64_t at)
{
	cJSON *list = cJSON_GetObjectItemCaseSensitive(k->lead, "consents"), *o = cJSON_CreateObject();
	char iso[LP_ISO_SIZE];

	if (list == NULL)
		list = cJSON_AddArrayToObject(k->lead, "consents");
	json_set_str(o, "channel", channel);
	if (source != NULL)
		json_set_str(o, "source", source);
	if (at != 0)
		json_set_str(o, "given_at", lp_iso(at, iso));
	cJSON_AddItemToArray(list, o);
}

static int
consent_fields(struct maker *k)
{
	static const char *const channels[] = { "email", "whatsapp", "sms" };
	static const char no[] = "|no|n|false|f|0|none|nein|non|";
	struct candidate c[MAX_CANDIDATES];
	int64_t at, day = 0;
	char *source, *all = NULL, *folded, word[16];
	size_t n;
	int r = 0;

	if (candidates(k, LF_CONSENT_SOURCE, c) > 0)
		all = normal_text(c[0].value);
	/* without a day that can be read it counts as of no known day */
	if (candidates(k, LF_CONSENT_DATE, c) > 0 && lp_iso_parse(c[0].value, &day, NULL) == -1)
		r = keep(k, c[0].col);
	for (int i = 0; r == 0 && i < 3; i++) {
		if ((n = candidates(k, (enum lead_field)(LF_CONSENT_EMAIL + i), c)) == 0)
			continue;
		if (says_yes(c[0].value, &at, &source))
			add_consent(k, channels[i], source != NULL ? source : all, at != 0 ? at : day);
		else {
			folded = utf8_fold(c[0].value);
			snprintf(word, sizeof(word), "|%.12s|", folded);
			r = strstr(no, word) == NULL ? keep(k, c[0].col) : 0;
			free(folded);
		}
		free(source);
	}
	free(all);
	return r;
}

static int
fill(struct maker *k, struct lead_row *row)
{
	size_t i;

	if (email_field(k) == -1 || name_fields(k) == -1 || text_field(k, LF_TITLE) == -1 || text_field(k, LF_COMPANY) == -1 ||
	    web_fields(k) == -1 || place_fields(k) == -1 || phone_field(k, LF_PHONE) == -1 || phone_field(k, LF_WHATSAPP) == -1 ||
	    law_fields(k, row) == -1 || consent_fields(k) == -1)
		return -1;
	for (i = 0; i < k->n && i < k->map->n; i++)
		if (k->map->col[i].field == LF_CUSTOM && !empty(k->value[i]) && keep(k, i) == -1)
			return -1;
	if (json_get(k->lead, "email") == NULL && json_get(k->lead, "linkedin_url") == NULL &&
	    (json_get(k->lead, "phone") == NULL || *json_str(k->lead, "phone") != '+'))
		return lp_fail(k->err, LP_DATA, "no e-mail address, no LinkedIn profile and no full phone number: nobody could be found by it again");
	return 0;
}

int
leadrow_make(const struct mapping *map, char *const *value, size_t n, struct lead_row *row, struct lp_err *err)
{
	struct maker k = { .map = map, .value = value, .n = n, .err = err };
	int r;

	row->opt_out = NULL;
	row->lead = k.lead = cJSON_CreateObject();
	k.custom = cJSON_CreateObject();
	k.emails = cJSON_CreateArray();
	k.phones = cJSON_CreateArray();
	r = fill(&k, row);
	if (k.custom->child != NULL)
		json_set(k.lead, "custom", k.custom);
	else
		cJSON_Delete(k.custom);
	if (k.emails->child != NULL)
		json_set(k.lead, "emails", k.emails);
	else
		cJSON_Delete(k.emails);
	if (k.phones->child != NULL)
		json_set(k.lead, "phones", k.phones);
	else
		cJSON_Delete(k.phones);
	if (r == -1) {
		cJSON_Delete(row->lead);
		free(row->opt_out);
		row->lead = NULL;
		row->opt_out = NULL;
	}
	return r;
}
