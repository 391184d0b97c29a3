#include "account/account.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/idna.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/normal.h"
#include "base/prog.h"
#include "channel/channel.h"
#include "mail/compose.h"

/* The keys of every account; those of its kind (channel.h: keys) come on top. */
static const char *const account_keys[] = { "name", "kind", "address", "display_name", "reply_to", "unsubscribe", "daily_limit", "ramp_start",
	"ramp_step", "ramp_from", "answer_share", "gap_seconds", "timezone", "days", "start_time", "end_time", "absence", NULL };

static int
plain_text(const char *key, const char *s, struct lp_err *err)
{
	for (const char *p = s; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return lp_fail(err, LP_DATA, "%s: a line break or control character", key);
	if (!utf8_ok(s, strlen(s)))
		return lp_fail(err, LP_DATA, "%s: not valid UTF-8", key);
	if (strlen(s) > 500)
		return lp_fail(err, LP_DATA, "%s: too long", key);
	return 0;
}

/* "" stays NULL in the row: the default. */
static void
put_text(char **to, const char *s)
{
	char *copy = *s != '\0' ? xstrdup(s) : NULL;

	free(*to);
	*to = copy;
}

static int
set_name(struct account *a, const char *s, struct lp_err *err)
{
	/* what would be read as something else where an account is named */
	if (*s == '\0' || *s == '-' || lp_handle_kind(s) != 0 || strpbrk(s, "@,=/ \t") != NULL)
		return lp_fail(err, LP_DATA, "name: '%s' can't name an account (no blanks, '@', ',', '=' or '/', nothing like a3)", s);
	put_text(&a->name, s);
	return 0;
}

static int
set_kind(struct account *a, const char *s, struct lp_err *err)
{
	const struct channel *ch;

	if (a->kind != NULL && strcmp(a->kind, s) == 0)
		return 0;
	if (a->seq != 0)
		return lp_fail(err, LP_DATA, "kind: an account keeps its kind ('%s'); add another one", a->kind);
	ch = channel_get(s, err);
	if (ch == NULL)
		return -1;
	put_text(&a->kind, ch->kind);
	put_text(&a->channel, ch->carries);
	return 0;
}

/* What its messages are from: a number where it carries none of e-mail. */
static int
set_address(struct account *a, const char *s, struct lp_err *err)
{
	char *low, *domain, number[NORMAL_PHONE_SIZE];
	const char *at;

	if (a->channel != NULL && strcmp(a->channel, "email") != 0) {
		if (!normal_phone(s, NULL, number))
			return lp_fail(err, LP_DATA, "address: '%s' is no number with its country (+4915112345678)", s);
		put_text(&a->address, number);
		return 0;
	}
	/* a domain in its own letters is one to people; the wire knows its other name */
	at = strrchr(s, '@');
	domain = at != NULL ? idna_ascii(at + 1) : NULL;
	low = domain != NULL ? xasprintf("%.*s@%s", (int)(at - s), s, domain) : xstrdup(s);
	free(domain);
	if (!mail_address_ok(low)) {
		free(low);
		return lp_fail(err, LP_DATA, "address: '%s' is not an address", s);
	}
	for (char *p = low; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p | 0x20);
	free(a->address);
	a->address = low;
	return 0;
}

struct number {
	const char *key;
	size_t offset;
	int64_t dflt, least, most;
};
static const struct number numbers[] = {
	{ "daily_limit", offsetof(struct account, daily_limit), 30, 0, 10000 },
	{ "ramp_start", offsetof(struct account, ramp_start), -1, 0, 10000 },
	{ "ramp_step", offsetof(struct account, ramp_step), 0, 0, 10000 },
	{ "answer_share", offsetof(struct account, answer_share), 20, 0, 100 },
	{ "gap_seconds", offsetof(struct account, gap_seconds), 120, 0, 86400 },
};

/* 1 where the key is a number and was set. */
static int
set_number(struct account *a, const char *key, const char *s, struct lp_err *err)
{
	char *end;
	int64_t v;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		const struct number *n = &numbers[i];

		if (strcmp(key, n->key) != 0)
			continue;
		v = n->dflt;
		if (*s != '\0') {
			errno = 0;
			v = strtoimax(s, &end, 10);
			if (end == s || *end != '\0' || errno != 0 || v < n->least || v > n->most)
				return lp_fail(err, LP_DATA, "%s: '%s' is not a whole number from %" PRId64 " to %" PRId64, key, s, n->least,
				    n->most);
		}
		memcpy((char *)a + n->offset, &v, sizeof(v));
		return 1;
	}
	return 0;
}

static int
set_zone(struct account *a, const char *s, struct lp_err *err)
{
	if (*s != '\0' && tz_ok(s, err) == -1)
		return lp_err_prefix(err, "timezone");
	put_text(&a->timezone, s);
	return 0;
}

static int
set_days(struct account *a, const char *s, struct lp_err *err)
{
	unsigned days;
	cJSON *list;

	free(a->days);
	a->days = NULL;
	if (*s == '\0')
		return 0;
	if (hours_days(s, &days, err) == -1)
		return lp_err_prefix(err, "days");
	list = cJSON_CreateArray();
	for (int d = 0; d < 7; d++)
		if (days & 1u << d)
			cJSON_AddItemToArray(list, cJSON_CreateString(hours_day_name(d)));
	a->days = json_print(list);
	cJSON_Delete(list);
	return 0;
}

static int
set_clock(char **to, const char *key, const char *s, struct lp_err *err)
{
	char text[6];
	int minute;

	if (*s == '\0') {
		put_text(to, s);
		return 0;
	}
	if (hours_time(s, &minute, err) == -1)
		return lp_err_prefix(err, "%s", key);
	put_text(to, hours_time_print(minute, text));
	return 0;
}

static int
by_first(const void *a, const void *b)
{
	return strcmp(((const struct absence *)a)->first, ((const struct absence *)b)->first);
}

/* "2026-12-24..2027-01-02", or one day, several with commas: all absences, anew. */
static int
set_absence(struct account *a, const char *s, struct lp_err *err)
{
	struct absence *list = NULL;
	size_t n = 0, len;
	int64_t first, last;
	char day[2][64];
	int r = 0;

	for (; r == 0 && *s != '\0'; s += len + (s[len] == ',')) {
		const char *dots;
		size_t flen;

		s += strspn(s, " ");
		len = strcspn(s, ",");
		dots = strstr(s, "..");
		flen = dots != NULL && dots < s + len ? (size_t)(dots - s) : len;
		snprintf(day[0], sizeof(day[0]), "%.*s", (int)(flen < 60 ? flen : 60), s);
		snprintf(day[1], sizeof(day[1]), "%.*s", (int)(len < 120 ? len - (flen < len ? flen + 2 : 0) : 60), flen < len ? dots + 2 : s);
		if (hours_date(day[0], &first, err) == -1 || hours_date(day[1], &last, err) == -1)
			r = lp_err_prefix(err, "absence");
		else if (last < first)
			r = lp_fail(err, LP_DATA, "absence: %s is before %s", day[1], day[0]);
		else {
			list = xrealloc(list, (n + 1) * sizeof(*list));
			snprintf(list[n].first, DAY_SIZE, "%.10s", day[0]);
			snprintf(list[n++].last, DAY_SIZE, "%.10s", day[1]);
		}
	}
	if (n > 1)
		qsort(list, n, sizeof(*list), by_first);
	for (size_t i = 1; r == 0 && i < n; i++)
		if (strcmp(list[i].first, list[i - 1].last) <= 0)
			r = lp_fail(err, LP_DATA, "absence: %s..%s and %s..%s overlap", list[i - 1].first, list[i - 1].last, list[i].first, list[i].last);
	if (r == -1) {
		free(list);
		return -1;
	}
	free(a->absences);
	a->absences = list;
	a->nabsences = n;
	return 0;
}

/* What every mail account may have in its settings. */
static int
set_mail(struct account *a, const char *key, const char *s, struct lp_err *err)
{
	if (*s == '\0') {
		json_rm(a->settings, key);
		return 0;
	}
	if (!mail_address_ok(s) && (strcmp(key, "unsubscribe") != 0 || strncasecmp(s, "https://", 8) != 0 || strpbrk(s, " <>,\"") != NULL))
		return lp_fail(err, LP_DATA, "%s: '%s' is not an address%s", key, s, strcmp(key, "unsubscribe") == 0 ? " or https: link" : "");
	json_set_str(a->settings, key, s);
	return 0;
}

/* What many programs call the secret itself. */
static bool
is_secret(const char *key)
{
	static const char *const words[] = { "password", "passwd", "pass", "secret", "token", "auth_token", "access_token", "api_key", NULL };

	for (const char *const *w = words; *w != NULL; w++)
		if (strcmp(key, *w) == 0)
			return true;
	return false;
}

static int
unknown_key(const struct account *a, const char *key, struct lp_err *err)
{
	const struct channel *ch = a->kind != NULL ? channel_get(a->kind, err) : NULL;
	const char *all[64], *near;
	size_t n = 0;

	for (const char *const *k = account_keys; *k != NULL && n < 60; k++)
		all[n++] = *k;
	for (const struct channel_key *k = ch != NULL ? ch->keys : NULL; k != NULL && k->name != NULL && n < 63; k++)
		all[n++] = k->name;
	all[n] = NULL;
	near = lp_did_you_mean(key, all);
	if (is_secret(key))
		return lp_fail(err, LP_USAGE, "unknown key '%s': no secret is stored; %s", key, ch != NULL && strcmp(ch->carries, "email") != 0
		    ? "token_env=NAME names the variable that holds it, token_command=... prints it"
		    : "password_env=NAME names the variable that holds it, password_command=... prints it");
	if (near != NULL)
		return lp_fail(err, LP_USAGE, "unknown key '%s' (did you mean '%s'?)", key, near);
	if (ch == NULL)
		return lp_fail(err, LP_USAGE, "unknown key '%s'; say kind=... (such as smtp) for what belongs to a kind", key);
	return lp_fail(err, LP_USAGE, "unknown key '%s' of an account of kind %s", key, ch->kind);
}

int
account_set(struct account *a, const char *key, const char *value, const char *cwd, const char *home, struct lp_err *err)
{
	const struct channel *ch = a->kind != NULL ? channel_get(a->kind, NULL) : NULL;
	int r;

	if (plain_text(key, value, err) == -1 || (r = set_number(a, key, value, err)) == -1)
		return -1;
	if (r == 1)
		return 0;
	if (strcmp(key, "name") == 0)
		return set_name(a, value, err);
	if (strcmp(key, "kind") == 0)
		return set_kind(a, value, err);
	if (strcmp(key, "address") == 0)
		return set_address(a, value, err);
	if (strcmp(key, "display_name") == 0) {
		put_text(&a->display_name, value);
		return 0;
	}
	if (strcmp(key, "reply_to") == 0 || strcmp(key, "unsubscribe") == 0)
		return set_mail(a, key, value, err);
	if (strcmp(key, "ramp_from") == 0) {
		int64_t day;

		if (*value != '\0' && hours_date(value, &day, err) == -1)
			return lp_err_prefix(err, "ramp_from");
		snprintf(a->ramp_from, sizeof(a->ramp_from), "%s", value);
		return 0;
	}
	if (strcmp(key, "timezone") == 0)
		return set_zone(a, value, err);
	if (strcmp(key, "days") == 0)
		return set_days(a, value, err);
	if (strcmp(key, "start_time") == 0)
		return set_clock(&a->start_time, key, value, err);
	if (strcmp(key, "end_time") == 0)
		return set_clock(&a->end_time, key, value, err);
	if (strcmp(key, "absence") == 0)
		return set_absence(a, value, err);
	for (const struct channel_key *k = ch != NULL ? ch->keys : NULL; k != NULL && k->name != NULL; k++)
		if (strcmp(key, k->name) == 0)
			return account_setting(a, k, value, cwd, home, err);
	return unknown_key(a, key, err);
}

int
account_check(const struct account *a, struct lp_err *err)
{
	const struct channel *ch;
	struct hours agent, mine;
	int r;

	if (a->name == NULL)
		return lp_fail(err, LP_CONFIG, "an account needs a name");
	if (a->kind == NULL)
		return lp_fail(err, LP_CONFIG, "account '%s' needs kind=... (such as smtp, maildir)", a->name);
	ch = channel_get(a->kind, err);
	if (ch == NULL)
		return -1;
	if (a->address == NULL)
		return lp_fail(err, LP_CONFIG, "account '%s' needs address=..., %s", a->name,
		    strcmp(ch->carries, "email") == 0 ? "what its mail is from" : "its number with the country: +4915112345678");
	if (ch->validate(a->settings, err) == -1)
		return lp_err_prefix(err, "account '%s'", a->name);
	if (a->days != NULL && strcmp(a->days, "[]") == 0)
		return lp_fail(err, LP_CONFIG, "account '%s': days: none at all; pause it instead", a->name);
	/* whatever the agent's hours are: those of the account must make sense beside the defaults */
	hours_init(&agent);
	r = account_hours(a, &agent, &mine, err);
	if (r == -1)
		lp_err_prefix(err, "account '%s'", a->name);
	hours_free(&mine);
	hours_free(&agent);
	return r;
}
