#include "store/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/mem.h"
#include "store/config_int.h"
#include "store/config_keys.h"
#include "store/log.h"

char *
config_column(sqlite3_stmt *st, int col)
{
	return xstrdup(db_text(st, col));
}

int
config_duration(sqlite3_stmt *st, int col, struct duration *d, struct lp_err *err)
{
	return duration_parse(db_text(st, col), d, err);
}

int
config_hours(sqlite3_stmt *st, int col, struct hours *h, struct lp_err *err)
{
	const char *days = db_text(st, col + 1), *off = db_text(st, col + 4);
	cJSON *list = json_parse(days, strlen(days), err), *holidays = NULL;
	const cJSON *e;
	int weekday, r = -1;
	int64_t day;

	snprintf(h->timezone, sizeof(h->timezone), "%s", db_text(st, col));
	h->days = 0;
	if (list == NULL || (holidays = json_parse(off, strlen(off), err)) == NULL)
		goto out;
	cJSON_ArrayForEach(e, list)
	{
		if (hours_day(cJSON_IsString(e) ? e->valuestring : "", &weekday, err) == -1)
			goto out;
		h->days |= 1u << weekday;
	}
	cJSON_ArrayForEach(e, holidays)
	{
		if (hours_date(cJSON_IsString(e) ? e->valuestring : "", &day, err) == -1)
			goto out;
		hours_add_off(h, day, day);
	}
	if (hours_time(db_text(st, col + 2), &h->start, err) == 0 && hours_time(db_text(st, col + 3), &h->end, err) == 0)
		r = 0;
out:
	cJSON_Delete(list);
	cJSON_Delete(holidays);
	return r;
}

static int
read_row(sqlite3_stmt *st, struct lp_config *c, struct lp_err *err)
{
	const char *approvals = db_text(st, 20), *report = db_text(st, 25);

	c->name = config_column(st, 0);
	c->max_leads_per_day = db_int64(st, 7);
	c->max_messages_per_day = db_int64(st, 8);
	c->max_actions_per_hour = db_int64(st, 9);
	c->max_messages_per_lead = db_int64(st, 10);
	c->max_messages_per_company = db_int64(st, 11);
	c->llm_provider = config_column(st, 12);
	c->llm_model = config_column(st, 13);
	c->temperature = db_double(st, 14);
	c->min_confidence = db_double(st, 15);
	c->max_llm_cost_per_day = db_double(st, 16);
	c->auto_respond_to_positive = db_int64(st, 17) != 0;
	c->auto_respond_to_questions = db_int64(st, 18) != 0;
	c->auto_book_meetings = db_int64(st, 19) != 0;
	c->stop_on_colleague = db_int64(st, 26) != 0;
	c->postal_address = config_column(st, 27);
	c->notify_on_positive_reply = db_int64(st, 28) != 0;
	c->notify_on_meeting_booked = db_int64(st, 29) != 0;
	c->notify_on_error = db_int64(st, 30) != 0;
	c->notify_email = config_column(st, 31);
	c->notify_slack_webhook_env = config_column(st, 32);
	c->is_enabled = db_int64(st, 33) != 0;
	c->version = db_int64(st, 34);
	c->ruleset = db_int64(st, 35);
	c->inbox_max_bytes = db_int64(st, 36);
	c->soft_bounces = db_int64(st, 37);
	c->notify_maildir = config_column(st, 41);
	c->notify_account = config_column(st, 42);
	c->report_at = -1;
	if ((c->require_approval_for = json_parse(approvals, strlen(approvals), err)) == NULL || config_hours(st, 2, &c->hours, err) == -1)
		return -1;
	c->hours.always = db_int64(st, 1) == 0;
	if (*report != '\0' && hours_time(report, &c->report_at, err) == -1)
		return -1;
	return config_duration(st, 21, &c->approval_expires, err) == -1 || config_duration(st, 22, &c->inbox_interval, err) == -1 ||
		config_duration(st, 23, &c->inbox_max_age, err) == -1 || config_duration(st, 24, &c->slot_grace, err) == -1 ||
		config_duration(st, 38, &c->away_pause, err) == -1 || config_duration(st, 39, &c->bounce_pause, err) == -1 ||
		config_duration(st, 40, &c->notify_interval, err) == -1 ?
	    -1 : 0;
}

int
config_load(struct lp_db *db, struct lp_config *c, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT name, schedule_enabled, schedule_timezone, schedule_days, schedule_start_time, schedule_end_time, holidays,"
	    " max_leads_per_day, max_messages_per_day, max_actions_per_hour, max_messages_per_lead, max_messages_per_company,"
	    " llm_provider, llm_model, temperature, min_confidence, max_llm_cost_per_day,"
	    " auto_respond_to_positive, auto_respond_to_questions, auto_book_meetings, require_approval_for,"
	    " approval_expires, inbox_interval, inbox_max_age, slot_grace, report_at, stop_on_colleague, postal_address,"
	    " notify_on_positive_reply, notify_on_meeting_booked, notify_on_error, notify_email, notify_slack_webhook_env,"
	    " is_enabled, version, ruleset, inbox_max_bytes, soft_bounces, away_pause, bounce_pause, notify_interval, notify_maildir, notify_account"
	    " FROM agent_configs";
	sqlite3_stmt *st = db_query(db, err, sql, "");
	int r;

	memset(c, 0, sizeof(*c));
	hours_init(&c->hours);
	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return -1;
	if (r == 0)
		return lp_fail(err, LP_CONFIG, "%s: has no configuration", db_path(db));
	r = read_row(st, c, err);
	db_done(st);
	if (r == -1) {
		config_clear(c);
		err->kind = LP_CONFIG;
		lp_err_prefix(err, "configuration");
	}
	return r;
}

void
config_clear(struct lp_config *c)
{
	free(c->name);
	free(c->llm_provider);
	free(c->llm_model);
	hours_free(&c->hours);
	cJSON_Delete(c->require_approval_for);
	free(c->postal_address);
	free(c->notify_email);
	free(c->notify_slack_webhook_env);
	free(c->notify_maildir);
	free(c->notify_account);
	memset(c, 0, sizeof(*c));
}

int
config_zone(struct lp_db *db, char out[TZ_NAME_SIZE], struct lp_err *err)
{
	struct lp_config c;

	if (config_load(db, &c, err) == -1)
		return -1;
	snprintf(out, TZ_NAME_SIZE, "%s", c.hours.timezone);
	config_clear(&c);
	return 0;
}

bool
config_requires_approval(const struct lp_config *c, const char *word)
{
	/* one way of doing a thing is the thing: who asks to see what is sent sees it whichever way it goes */
	static const struct {
		const char *action, *covered_by;
	} ways[] = { { "send_email", "send_message" }, { "send_whatsapp", "send_message" }, { "send_sms", "send_message" },
		{ "send_response", "send_message" }, { "send_response", "respond_to_reply" }, { "follow_up", "send_message" },
		{ "respond_to_reply", "send_message" } };
	const cJSON *e;

	cJSON_ArrayForEach(e, c->require_approval_for)
	{
		if (!cJSON_IsString(e))
			continue;
		if (strcmp(e->valuestring, word) == 0)
			return true;
		for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
			if (strcmp(ways[i].action, word) == 0 && strcmp(ways[i].covered_by, e->valuestring) == 0)
				return true;
	}
	return false;
}

#define COLUMN(key, type, least, most, dflt, help) #key ", "

int
config_values(struct lp_db *db, char ***values, struct lp_err *err)
{
	static const char sql[] = "SELECT " CONFIG_KEYS(COLUMN) "seq FROM agent_configs";
	sqlite3_stmt *st = db_query(db, err, sql, "");
	char **v;

	if (st == NULL || db_step(db, st, err) != 1)
		return -1;
	v = xcalloc(config_nkeys + 1, sizeof(*v));
	for (size_t i = 0; i < config_nkeys; i++)
		/* one spelling of a number, whatever the column made of it */
		v[i] = config_keys[i].type == C_NUM ? xasprintf("%.15g", db_double(st, (int)i)) : config_column(st, (int)i);
	db_done(st);
	*values = v;
	return 0;
}

void
config_values_free(char **values)
{
	if (values == NULL)
		return;
	for (size_t i = 0; i < config_nkeys; i++)
		free(values[i]);
	free(values);
}

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* For each key what it is to be, or NULL for no change; borrowed. */
static const struct config_change **
wanted(const struct config_change *changes, size_t n, char **values)
{
	const struct config_change **w = xcalloc(config_nkeys, sizeof(*w));

	for (size_t i = 0; i < n; i++)
		w[changes[i].key - config_keys] = &changes[i];
	for (size_t i = 0; i < config_nkeys; i++)
		if (w[i] != NULL && same(w[i]->stored, values[i]))
			w[i] = NULL;
	return w;
}

static char *
line(size_t key, const char *from, const char *to)
{
	char *a = config_shown(&config_keys[key], from), *b = config_shown(&config_keys[key], to), *s;

	s = xasprintf("%s: %s -> %s", config_keys[key].name, *a != '\0' ? a : "(none)", *b != '\0' ? b : "(none)");
	free(a);
	free(b);
	return s;
}

int
config_diff(struct lp_db *db, const struct config_change *changes, size_t n, char **text, struct lp_err *err)
{
	const struct config_change **w;
	struct buf b = { 0 };
	char **values, *s;

	if (config_values(db, &values, err) == -1)
		return -1;
	w = wanted(changes, n, values);
	for (size_t i = 0; i < config_nkeys; i++)
		if (w[i] != NULL) {
			s = line(i, values[i], w[i]->stored);
			buf_printf(&b, "%s\n", s);
			free(s);
		}
	free(w);
	config_values_free(values);
	*text = buf_steal(&b);
	return 0;
}

static int
log_change(struct lp_db *db, size_t key, const char *from, const char *to, const char *why, struct lp_err *err)
{
	char *s = line(key, from, to), *text = xasprintf("config: %s%s%s%s", s, why != NULL ? " (" : "", why != NULL ? why : "", why != NULL ? ")" : ""),
	     *details;
	cJSON *d = cJSON_CreateObject();
	int r;

	json_set_str(d, "key", config_keys[key].name);
	json_set(d, "from", config_as_json(&config_keys[key], from));
	json_set(d, "to", config_as_json(&config_keys[key], to));
	if (why != NULL)
		json_set_str(d, "reason", why);
	details = json_print(d);
	r = log_add(db, &(struct log_entry){ .type = "action", .text = text, .details = details }, err);
	cJSON_Delete(d);
	free(details);
	free(text);
	free(s);
	return r;
}

/* What single values can't show: the configuration as a whole must be one to work by. */
static int
check_whole(struct lp_db *db, struct lp_err *err)
{
	struct lp_config c;
	int r;

	if (config_load(db, &c, err) == -1)
		return -1;
	r = hours_check(&c.hours, err);
	if (r == -1) {
		err->kind = LP_DATA;
		lp_err_prefix(err, "schedule_start_time, schedule_end_time");
	}
	config_clear(&c);
	return r;
}

int
config_apply(struct lp_db *db, const struct config_change *changes, size_t n, const char *why, struct lp_err *err)
{
	const struct config_change **w;
	char **values;
	int changed = 0;

	if (config_values(db, &values, err) == -1)
		return -1;
	w = wanted(changes, n, values);
	for (size_t i = 0; changed != -1 && i < config_nkeys; i++) {
		if (w[i] == NULL)
			continue;
		changed++;
		if (db_exec(db, err, config_keys[i].update, "ss", w[i]->stored, db_now_iso(db)) == -1 ||
		    log_change(db, i, values[i], w[i]->stored, why, err) == -1)
			changed = -1;
	}
	if (changed > 0 && check_whole(db, err) == -1)
		changed = -1;
	free(w);
	config_values_free(values);
	return changed;
}

/* A file that was made a moment ago, with what SQLite laid beside it. */
static void
unmake(const char *path)
{
	static const char *const tails[] = { "", "-wal", "-shm" };
	char *file;

	for (size_t i = 0; i < 3; i++) {
		file = xasprintf("%s%s", path, tails[i]);
		unlink(file);
		free(file);
	}
}

int
config_create(const char *path, bool simulated, const char *seed, int64_t now, const struct config_change *changes, size_t n, struct lp_err *err)
{
	struct lp_db *db;
	int r = -1;

	if (db_create(path, simulated, seed, now, err) == -1)
		return -1;
	if ((db = db_open(path, DB_WRITE, now, err)) != NULL && db_begin(db, err) == 0) {
		r = config_apply(db, changes, n, "init", err);
		if (db_end(db, r != -1, r != -1 ? err : NULL) == -1)
			r = -1;
		db_checkpoint(db);
	}
	db_close(db);
	if (r == -1)
		unmake(path);
	return r == -1 ? -1 : 0;
}
