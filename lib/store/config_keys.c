/* config_keys.c - the vocabulary of the configuration: what each key may be, in its three forms. */
#include "store/config_keys.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/normal.h"
#include "base/prog.h"
#include "store/config.h"
#include "store/tasks.h"

enum { TEXT_MAX = 500 };

#define ENTRY(key, type, least, most, dflt, help) \
	{ #key, type, least, most, dflt, help, "UPDATE agent_configs SET " #key " = ?1, updated_at = ?2" },
const struct config_key config_keys[] = { CONFIG_KEYS(ENTRY) { 0 } };
const size_t config_nkeys = sizeof(config_keys) / sizeof(config_keys[0]) - 1;

/* Who can be asked. A provider is listed here when it is there, and refused by name until then. */
static const char *const providers[] = { "offline", "anthropic", "openai", "command", NULL };
/* What may wait for a person beside a whole task type. */
static const char *const actions[] = { "send_email", "send_whatsapp", "send_sms", "send_response", "add_to_sequence", "update_lead_status", NULL };

const struct config_key *
config_find(const char *word, struct lp_err *err)
{
	static const char *const state[] = { "is_enabled", "status", NULL };
	const char *names[sizeof(config_keys) / sizeof(config_keys[0])], *near;

	for (size_t i = 0; i <= config_nkeys; i++) {
		names[i] = config_keys[i].name;
		if (names[i] != NULL && strcmp(names[i], word) == 0)
			return &config_keys[i];
	}
	for (size_t i = 0; state[i] != NULL; i++)
		if (strcmp(state[i], word) == 0) {
			lp_fail(err, LP_USAGE, "'%s' is not set like that: lp-start and lp-stop do it", word);
			return NULL;
		}
	near = lp_did_you_mean(word, names);
	if (near == NULL && strncmp(word, "notify_slack_webhook", 20) == 0)
		near = "notify_slack_webhook_env";
	if (near != NULL)
		lp_fail(err, LP_USAGE, "unknown key '%.60s' (did you mean '%s'?)", word, near);
	else
		lp_fail(err, LP_USAGE, "unknown key '%.60s' (lp-config show lists them)", word);
	return NULL;
}

static int
bool_value(const char *text, char **out, struct lp_err *err)
{
	static const char *const words[] = { "false", "no", "off", "0", "true", "yes", "on", "1" };

	for (size_t i = 0; i < 8; i++)
		if (strcasecmp(text, words[i]) == 0) {
			*out = xstrdup(i < 4 ? "0" : "1");
			return 0;
		}
	return lp_fail(err, LP_DATA, "'%.40s' is not yes or no", text);
}

static int
number_value(const struct config_key *k, const char *text, char **out, struct lp_err *err)
{
	/* strtod alone would take " 5", "inf" and "0x10" */
	size_t n = strspn(text, k->type == C_INT ? "0123456789" : "0123456789.");
	char *end;
	double v;

	errno = 0;
	v = n > 0 && text[n] == '\0' ? strtod(text, &end) : -1;
	if (n == 0 || text[n] != '\0' || *end != '\0' || errno != 0)
		return lp_fail(err, LP_DATA, "'%.40s' is not a %s", text, k->type == C_INT ? "whole number" : "number");
	if (v < k->least || v > k->most)
		return lp_fail(err, LP_DATA, "'%.40s' is not from %.15g to %.15g", text, k->least, k->most);
	*out = xasprintf("%.15g", v);
	return 0;
}

static int
time_value(const struct config_key *k, const char *text, char **out, struct lp_err *err)
{
	char at[6];
	int minute;

	if (k->type == C_NO_OR_TIME && (*text == '\0' || strcasecmp(text, "none") == 0)) {
		*out = xstrdup("");
		return 0;
	}
	if (hours_time(text, &minute, err) == -1)
		return -1;
	if (minute > k->most)
		return lp_fail(err, LP_DATA, "'%s' is past the end of the day (the latest is 23:59)", text);
	*out = xstrdup(hours_time_print(minute, at));
	return 0;
}

/* The next word of a list such as "monday, tuesday": its length, 0 at the end; moves *s to it. */
static size_t
list_word(const char **s)
{
	*s += strspn(*s, ", \t\n");
	return strcspn(*s, ", \t\n");
}

static int
date_ok(const char *word, struct lp_err *err)
{
	int64_t day;

	return hours_date(word, &day, err);
}

static int
approval_ok(const char *word, struct lp_err *err)
{
	const char *all[40], *near;
	size_t n = 0;

	for (size_t i = 0; task_types[i] != NULL; i++)
		all[n++] = task_types[i];
	for (size_t i = 0; actions[i] != NULL; i++)
		all[n++] = actions[i];
	all[n] = NULL;
	for (size_t i = 0; i < n; i++)
		if (strcmp(all[i], word) == 0)
			return 0;
	near = lp_did_you_mean(word, all);
	return near != NULL ? lp_fail(err, LP_DATA, "unknown task type or action '%.40s' (did you mean '%s'?)", word, near) :
			      lp_fail(err, LP_DATA, "unknown task type or action '%.40s' (such as send_message, send_response, book_meeting)", word);
}

/* A list of words, each once, as a JSON array. */
static int
words_value(const char *text, int (*ok)(const char *, struct lp_err *), char **out, struct lp_err *err)
{
	cJSON *list = cJSON_CreateArray();
	const cJSON *e;
	const char *s = text;
	bool known;
	char *word;
	size_t n;
	int r = 0;

	for (; r == 0 && (n = list_word(&s)) > 0; s += n) {
		word = xstrndup(s, n);
		r = ok(word, err);
		known = false;
		cJSON_ArrayForEach(e, list)
			known = known || strcmp(e->valuestring, word) == 0;
		if (r == 0 && !known)
			cJSON_AddItemToArray(list, cJSON_CreateString(word));
		free(word);
	}
	if (r == 0)
		*out = json_print(list);
	cJSON_Delete(list);
	return r;
}

static int
days_value(const char *text, char **out, struct lp_err *err)
{
	cJSON *list;
	unsigned days;

	if (hours_days(text, &days, err) == -1)
		return -1;
	if (days == 0)
		return lp_fail(err, LP_DATA, "no day at all: nothing would ever leave (lp-stop stops the agent)");
	list = cJSON_CreateArray();
	for (int i = 0; i < 7; i++)
		if ((days >> i & 1) != 0)
			cJSON_AddItemToArray(list, cJSON_CreateString(hours_day_name(i)));
	*out = json_print(list);
	cJSON_Delete(list);
	return 0;
}

static int
duration_value(const struct config_key *k, const char *text, char **out, struct lp_err *err)
{
	char printed[DURATION_SIZE];
	struct duration d;

	if (duration_parse(text, &d, err) == -1)
		return -1;
	if (duration_none(&d) && k->most == 0)
		return lp_fail(err, LP_DATA, "'%.40s' is no time at all", text);
	*out = xstrdup(duration_print(&d, printed));
	return 0;
}

static int
provider_value(const char *text, char **out, struct lp_err *err)
{
	for (size_t i = 0; providers[i] != NULL; i++)
		if (strcmp(providers[i], text) == 0) {
			*out = xstrdup(text);
			return 0;
		}
	return lp_fail(err, LP_DATA, "there is no provider '%.40s' (there are: offline, anthropic, openai, command)", text);
}

/* A secret belongs into the environment; here is only its variable's name. */
static int
variable_value(const char *text, char **out, struct lp_err *err)
{
	size_t n = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

	if (*text == '\0')
		return 0;
	/* what was given may be the secret itself: the message doesn't repeat it */
	if (text[n] != '\0' || isdigit((unsigned char)*text) || n > 100)
		return lp_fail(err, LP_DATA, "not the name of an environment variable (the secret itself goes into the file 'env', see lp-tick(1))");
	*out = xstrdup(text);
	return 0;
}

/* Programs start in any directory: only a whole path says where. */
static int
path_value(const char *text, char **out, struct lp_err *err)
{
	if (*text == '\0')
		return 0;
	if (*text != '/')
		return lp_fail(err, LP_DATA, "'%.80s' is no whole path (it must begin with '/')", text);
	for (const char *s = text; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return lp_fail(err, LP_DATA, "has a control character in it");
	if (strlen(text) > 1000)
		return lp_fail(err, LP_DATA, "longer than 1000 bytes");
	*out = xstrdup(text);
	return 0;
}

/* Others follow it from a mail: nothing in it may end it early, and it is read by people. */
static int
link_value(const char *text, char **out, struct lp_err *err)
{
	if (*text == '\0')
		return 0;
	if (strncmp(text, "https://", 8) != 0 || text[8] == '\0' || text[8] == '/')
		return lp_fail(err, LP_DATA, "'%.80s' is no https:// address", text);
	for (const char *s = text; *s != '\0'; s++)
		if (*s <= ' ' || *s >= 0x7f || strchr("<>\"\\,()[]{}|^`", *s) != NULL)
			return lp_fail(err, LP_DATA, "has a character that can't stand in a link");
	if (memchr(text + 8, '@', strcspn(text + 8, "/?#")) != NULL)
		return lp_fail(err, LP_DATA, "a user or password in a link");
	if (strlen(text) > 300)
		return lp_fail(err, LP_DATA, "longer than 300 bytes");
	*out = xstrdup(text);
	return 0;
}

static int
compliance_value(const char *text, char **out, struct lp_err *err)
{
	static const char *const words[] = { "auto", "strict", "warn", "off", NULL };

	for (size_t i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], text) == 0) {
			*out = xstrdup(text);
			return 0;
		}
	return lp_fail(err, LP_DATA, "'%.40s' is none of auto, strict, warn, off", text);
}

static int
text_value(const struct config_key *k, const char *text, char **out, struct lp_err *err)
{
	if (*text == '\0' && k->type == C_OPTIONAL)
		return 0;
	if (*text == '\0')
		return lp_fail(err, LP_DATA, "must not be empty");
	if (strlen(text) > TEXT_MAX)
		return lp_fail(err, LP_DATA, "longer than %d bytes", TEXT_MAX);
	if (!utf8_ok(text, strlen(text)))
		return lp_fail(err, LP_DATA, "not UTF-8");
	for (const char *s = text; *s != '\0'; s++)
		if (((unsigned char)*s < 0x20 && (*s != '\n' || k->type != C_OPTIONAL)) || *s == 0x7f)
			return lp_fail(err, LP_DATA, "has a control character in it");
	*out = xstrdup(text);
	return 0;
}

static int
value(const struct config_key *k, const char *text, char **out, struct lp_err *err)
{
	switch (k->type) {
	case C_BOOL: return bool_value(text, out, err);
	case C_INT:
	case C_NUM: return number_value(k, text, out, err);
	case C_ZONE:
		if (tz_ok(text, err) == -1)
			return -1;
		*out = xstrdup(text);
		return 0;
	case C_DAYS: return days_value(text, out, err);
	case C_TIME:
	case C_NO_OR_TIME: return time_value(k, text, out, err);
	case C_DATES: return words_value(text, date_ok, out, err);
	case C_APPROVALS: return words_value(text, approval_ok, out, err);
	case C_DURATION: return duration_value(k, text, out, err);
	case C_PROVIDER_OR_NONE:
		if (*text == '\0')
			return 0;
		/* FALLTHROUGH */
	case C_PROVIDER: return provider_value(text, out, err);
	case C_EMAIL:
		if (*text != '\0')
			*out = normal_email(text, err);
		return *text == '\0' || *out != NULL ? 0 : -1;
	case C_VARIABLE: return variable_value(text, out, err);
	case C_PATH: return path_value(text, out, err);
	case C_LINK: return link_value(text, out, err);
	case C_COMPLIANCE: return compliance_value(text, out, err);
	case C_TEXT:
	case C_OPTIONAL: break;
	}
	return text_value(k, text, out, err);
}

int
config_value(const struct config_key *k, const char *text, char **stored, struct lp_err *err)
{
	*stored = NULL;
	if (value(k, text, stored, err) == 0)
		return 0;
	if (err != NULL)
		err->kind = LP_DATA;
	return lp_err_prefix(err, "%s", k->name);
}

cJSON *
config_as_json(const struct config_key *k, const char *stored)
{
	if (stored == NULL)
		return cJSON_CreateNull();
	switch (k->type) {
	case C_BOOL: return cJSON_CreateBool(strcmp(stored, "0") != 0);
	case C_INT:
	case C_NUM: return cJSON_CreateNumber(strtod(stored, NULL));
	case C_DAYS:
	case C_DATES:
	case C_APPROVALS: return json_parse(stored, strlen(stored), NULL);
	default: return cJSON_CreateString(stored);
	}
}

char *
config_shown(const struct config_key *k, const char *stored)
{
	cJSON *v = config_as_json(k, stored);
	struct buf b = { 0 };
	const cJSON *e;

	if (cJSON_IsBool(v))
		buf_puts(&b, cJSON_IsTrue(v) ? "true" : "false");
	else if (cJSON_IsArray(v)) {
		cJSON_ArrayForEach(e, v)
			buf_printf(&b, "%s%s", b.len > 0 ? "," : "", e->valuestring);
	} else if (stored != NULL)
		buf_puts(&b, stored);
	cJSON_Delete(v);
	return buf_steal(&b);
}
