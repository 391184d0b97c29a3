/* lp-report - where things stand: the last tick first, limits used, what waits, and why what was due did not go. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cli.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/prog.h"
#include "base/table.h"
#include "show/standing.h"
#include "show/why_text.h"
#include "store/config.h"
#include "store/control.h"
#include "store/meetings.h"
#include "store/report.h"
#include "store/tasks.h"

static const char usage[] =
    "lp-report [-j] [-d file]\n"
    "       lp-report [-j] [--since when] [-d file] held\n"
    "       lp-report [-j] [--campaign campaign] [-d file] funnel\n"
    "       lp-report [-j] [--since when] [-d file] cost\n"
    "       lp-report [-d file] day [date]";
static const char help[] =
    "  (bare)   last tick, status, limits used of allowed, queue, campaigns, rules, notices, recent activity\n"
    "  held     why how many of what was due did not go, today or since then\n"
    "  funnel   enrolled, sent by step and variant, replied, stopped\n"
    "  cost     what models were asked, and what it cost, today and since then\n"
    "  day      a day's report as text\n";

static char zone[TZ_NAME_SIZE] = "UTC";

static const char *
number(const cJSON *o, const char *key, char out[32])
{
	double v = json_num(o, key, 0);

	snprintf(out, 32, v == (double)(int64_t)v ? "%.0f" : v < 0.1 ? "%.4f" : "%.2f", v);
	return out;
}

/* "3 minutes", "2 days": how long nothing was heard. */
static void
ago(int64_t ms, char out[64])
{
	static const struct {
		int64_t unit;
		const char *word;
	} units[] = { { LP_DAY, "day" }, { LP_HOUR, "hour" }, { LP_MINUTE, "minute" }, { LP_SECOND, "second" } };
	size_t i;

	for (i = 0; i < 3 && ms < 2 * units[i].unit; i++)
		;
	ms = ms < 0 ? 0 : ms / units[i].unit;
	snprintf(out, 64, "%" PRId64 " %s%s ago", ms, units[i].word, ms == 1 ? "" : "s");
}

static void
print_tick(const cJSON *t, int64_t now)
{
	char when[TABLE_TIME_SIZE], since[64];
	int64_t at;

	if (json_str(t, "started_at") == NULL || lp_iso_parse(json_text(t, "started_at"), &at, NULL) == -1) {
		puts("last tick     none yet: `lp-config cron` prints the line for crontab -e");
		return;
	}
	ago(now - at, since);
	printf("last tick     %s, %s", table_time(json_text(t, "started_at"), zone, when), since);
	if (json_str(t, "ended_at") == NULL)
		puts(": at work, or it died");
	else if (json_num(t, "status", 0) != 0)
		printf(": ended with %.0f\n", json_num(t, "status", 0));
	else if (now - at > LP_HOUR)
		puts(": silent since; is cron running?");
	else
		puts("");
}

static void
print_standing(const cJSON *s)
{
	static const char *const heads[] = { "LIMIT", "USED", "ALLOWED", "" };
	struct table *t = table_new(4, heads);
	char used[32], allowed[32], read[64], when[TABLE_TIME_SIZE];
	const cJSON *o;

	printf("agent         %s%s%s\n\n", json_bool(s, "running", false) ? "running" : "stopped", *json_text(s, "why") != '\0' ? ": " : "", json_text(s, "why"));
	cJSON_ArrayForEach(o, json_get(s, "limits"))
		table_row(t, (const char *const[]){ json_text(o, "name"), number(o, "used", used), number(o, "allowed", allowed), "" });
	cJSON_ArrayForEach(o, json_get(s, "accounts")) {
		char name[96];

		snprintf(name, sizeof(name), "account %.80s", json_text(o, "name"));
		if (json_str(o, "inbox_error") != NULL)
			snprintf(read, sizeof(read), "inbox: %.50s", json_text(o, "inbox_error"));
		else if (json_str(o, "inbox_read_at") != NULL)
			snprintf(read, sizeof(read), "inbox read %s", table_time(json_text(o, "inbox_read_at"), zone, when));
		else
			snprintf(read, sizeof(read), "inbox never read");
		table_row(t, (const char *const[]){ name, number(o, "used", used), number(o, "allowed", allowed),
		    strcmp(json_text(o, "status"), "active") == 0 ? read : json_text(o, "status") });
	}
	table_print(t);
}

static void
print_queue(const cJSON *queue, const char *next)
{
	char when[TABLE_TIME_SIZE];
	const char *hold, *type;
	const cJSON *o;

	puts("\nQueue");
	cJSON_ArrayForEach(o, queue) {
		hold = json_text(o, "hold");
		type = strcmp(hold, "approval") == 0 ? "  (lp-approve)" : strcmp(hold, "mend") == 0 ? "  (lp-report held)" :
		    strcmp(json_text(o, "status"), "failed") == 0 ? "  (lp-tasks list --status failed)" : "";
		printf("  %6.0f %s%s%s%s\n", json_num(o, "tasks", 0), json_text(o, "status"), *hold != '\0' ? ", for " : "", hold, type);
	}
	if (*next != '\0')
		printf("  next due %s\n", table_time(next, zone, when));
}

static void
print_rows(const char *head, const cJSON *rows, size_t n, const char *const *heads, const char *const *keys)
{
	struct table *t;
	const char *texts[TABLE_MAX_COLS];
	char numbers[TABLE_MAX_COLS][32], times[TABLE_MAX_COLS][TABLE_TIME_SIZE];
	const cJSON *o, *v;
	size_t i;

	if (cJSON_GetArraySize(rows) == 0)
		return;
	if (*head != '\0')
		printf("\n%s\n", head);
	t = table_new(n, heads);
	cJSON_ArrayForEach(o, rows) {
		for (i = 0; i < n; i++) {
			v = json_get(o, keys[i]);
			if (cJSON_IsString(v) && strstr(keys[i], "_at") != NULL)
				texts[i] = table_time(v->valuestring, zone, times[i]);
			else
				texts[i] = cJSON_IsString(v) ? v->valuestring : cJSON_IsNumber(v) ? number(o, keys[i], numbers[i]) : "";
		}
		table_row(t, texts);
	}
	table_print(t);
}

/* What models were asked since then, in one table with its sum. */
static void
print_models(const char *head, const cJSON *m)
{
	static const char *const heads[] = { "PURPOSE", "BRAIN", "CALLS", "FAILED", "FROM RECORD", "TOKENS IN", "CACHED", "OUT", "MS", "COST" };
	static const char *const keys[] = { "calls", "failed", "from_record", "tokens_in", "tokens_cached", "tokens_out", "latency_ms" };
	const cJSON *rows = json_get(m, "rows"), *o;
	char n[7][32], cost[32];
	struct table *t;

	printf("\n%s: %.6f for %.0f calls%s", head, json_num(m, "cost", 0), json_num(m, "calls", 0), json_num(m, "open", 0) > 0 ? ", " : "\n");
	if (json_num(m, "open", 0) > 0)
		printf("%.0f of them not over, counted at most\n", json_num(m, "open", 0));
	if (cJSON_GetArraySize(rows) == 0)
		return;
	t = table_new(10, heads);
	cJSON_ArrayForEach(o, rows) {
		for (size_t i = 0; i < 7; i++)
			number(o, keys[i], n[i]);
		snprintf(cost, sizeof(cost), "%.6f", json_num(o, "cost", 0));
		table_row(t, (const char *const[]){ json_text(o, "purpose"), json_text(o, "brain"), n[0], n[1], n[2], n[3], n[4], n[5], n[6], cost });
	}
	table_print(t);
}

static cJSON *
must(cJSON *v, const struct lp_err *err)
{
	if (v == NULL)
		lp_die(err);
	return v;
}

static int
overview(struct lp_db *db, const struct lp_opts *o)
{
	static const char *const meeting_heads[] = { "MEETING", "AT", "STATUS", "WITH", "COMPANY" };
	static const char *const meeting_keys[] = { "id", "starts_at", "status", "name", "company" };
	static const char *const campaign_heads[] = { "CAMPAIGN", "STATUS", "WAITING", "UNDER WAY", "ENDED", "SENT" };
	static const char *const campaign_keys[] = { "name", "status", "waiting", "active", "ended", "sent" };
	static const char *const rule_heads[] = { "RULE", "TYPE", "TRIGGERED", "LAST" };
	static const char *const rule_keys[] = { "name", "rule_type", "times_triggered", "last_triggered_at" };
	static const char *const notice_heads[] = { "NOTICE", "TYPE THIS" };
	static const char *const notice_keys[] = { "title", "command" };
	struct lp_err err;
	char next[LP_ISO_SIZE] = "";
	int64_t at = 0, since = 0;
	cJSON *all = cJSON_CreateObject(), *row;

	json_set(all, "tick", must(report_tick(db, &err), &err));
	json_set(all, "agent", must(standing(db, &err), &err));
	json_set(all, "queue", must(report_queue(db, &err), &err));
	if (tasks_due(db, &at, &err) == -1)
		lp_die(&err);
	if (at != 0)
		json_set_str(all, "next_due", lp_iso(at, next));
	if (standing_today(db, &since, &err) == -1)
		lp_die(&err);
	json_set(all, "models", must(report_models(db, since, &err), &err));
	json_set(all, "meetings", must(meetings_list(db, &(struct meeting_filter){ .limit = 10 }, &err), &err));
	json_set(all, "campaigns", must(report_campaigns(db, &err), &err));
	json_set(all, "rules", must(report_rules(db, &err), &err));
	json_set(all, "notices", must(report_notices(db, 10, &err), &err));
	json_set(all, "recent", must(report_recent(db, 10, &err), &err));
	if (o->json) {
		jsonl_put(all);
		cJSON_Delete(all);
		return LP_OK;
	}
	print_tick(json_get(all, "tick"), o->now);
	print_standing(json_get(all, "agent"));
	print_queue(json_get(all, "queue"), next);
	/* silent where no model plays a part */
	if (cJSON_GetArraySize(json_get(json_get(all, "models"), "rows")) > 0)
		print_models("Models today", json_get(all, "models"));
	print_rows("Meetings", json_get(all, "meetings"), 5, meeting_heads, meeting_keys);
	print_rows("Campaigns", json_get(all, "campaigns"), 6, campaign_heads, campaign_keys);
	print_rows("Rules", json_get(all, "rules"), 4, rule_heads, rule_keys);
	print_rows("Notices", json_get(all, "notices"), 2, notice_heads, notice_keys);
	puts("\nRecent activity");
	cJSON_ArrayForEach(row, json_get(all, "recent"))
		why_log_line(row, zone);
	cJSON_Delete(all);
	return LP_OK;
}

static int
print_list(cJSON *rows, bool json, size_t n, const char *const *heads, const char *const *keys)
{
	const cJSON *o;

	if (json)
		cJSON_ArrayForEach(o, rows)
			jsonl_put(o);
	else
		print_rows("", rows, n, heads, keys);
	cJSON_Delete(rows);
	return LP_OK;
}

static int
held(struct lp_db *db, const struct lp_opts *o)
{
	static const char *const heads[] = { "TASKS", "STATE", "E.G.", "WHAT HELPS", "WHY" };
	static const char *const keys[] = { "count", "state", "example", "command", "reason" };
	char when[TABLE_TIME_SIZE], at[LP_ISO_SIZE];
	int64_t since = o->since, went;
	double not = 0;
	struct lp_err err;
	cJSON *rows, *row;
	char *s;

	if ((since == LP_NO_TIME && standing_today(db, &since, &err) == -1) || report_went(db, since, &went, &err) == -1)
		lp_die(&err);
	rows = must(report_held(db, since, &err), &err);
	if (o->json)
		return print_list(rows, true, 5, heads, keys);
	cJSON_ArrayForEach(row, rows) {
		not += json_num(row, "count", 0);
		if (json_str(row, "next_at") != NULL) {
			s = xasprintf("%s (the first %s)", json_text(row, "reason"), table_time(json_text(row, "next_at"), zone, when));
			json_set_str(row, "reason", s);
			free(s);
		}
	}
	printf("Since %s %" PRId64 " went, %.0f did not.\n", table_time(lp_iso(since, at), zone, when), went, not);
	return print_list(rows, false, 5, heads, keys);
}

static int
funnel(struct lp_db *db, const struct lp_opts *o)
{
	static const char *const heads[] = { "STEP", "VARIANT", "PLANNED", "SENT", "REPLIED" };
	static const char *const keys[] = { "step", "variant", "planned", "sent", "replied" };
	struct lp_err err;
	int64_t campaign = 0;
	char head[300];
	cJSON *rows, *c;

	if (o->campaign != NULL && control_find(db, 'c', o->campaign, &campaign, &err) == -1)
		lp_die(&err);
	rows = must(report_funnel(db, campaign, &err), &err);
	cJSON_ArrayForEach(c, rows) {
		if (o->json) {
			jsonl_put(c);
			continue;
		}
		snprintf(head, sizeof(head), "%.100s: %.0f enrolled, %.0f replied, %.0f stopped", json_text(c, "campaign"), json_num(c, "enrolled", 0),
		    json_num(c, "replied", 0), json_num(c, "stopped", 0));
		if (cJSON_GetArraySize(json_get(c, "steps")) == 0)
			puts(head);
		print_rows(head, json_get(c, "steps"), 5, heads, keys);
	}
	cJSON_Delete(rows);
	return LP_OK;
}

/* Today against the limit; and the window, where one is given. */
static int
cost(struct lp_db *db, const struct lp_opts *o)
{
	int64_t today = 0;
	struct lp_err err;
	struct lp_config c;
	cJSON *all = cJSON_CreateObject(), *m;
	char head[96], when[TABLE_TIME_SIZE], iso[LP_ISO_SIZE];

	if (config_load(db, &c, &err) == -1 || standing_today(db, &today, &err) == -1)
		lp_die(&err);
	m = must(report_models(db, today, &err), &err);
	json_set_num(m, "allowed", c.max_llm_cost_per_day);
	json_set_str(m, "since", lp_iso(today, iso));
	json_set(all, "today", m);
	if (o->since != LP_NO_TIME) {
		m = must(report_models(db, o->since, &err), &err);
		json_set_str(m, "since", lp_iso(o->since, iso));
		json_set(all, "window", m);
	}
	if (o->json)
		jsonl_put(all);
	else {
		snprintf(head, sizeof(head), "Models today, of %.2f allowed a day", c.max_llm_cost_per_day);
		print_models(head, json_get(all, "today"));
		if (o->since != LP_NO_TIME) {
			snprintf(head, sizeof(head), "Models since %s", table_time(iso, zone, when));
			print_models(head, json_get(all, "window"));
		}
	}
	config_clear(&c);
	cJSON_Delete(all);
	return LP_OK;
}

static int
day(struct lp_db *db, const char *date)
{
	struct lp_err err;
	cJSON *today = must(standing(db, &err), &err);
	char *text;

	if (report_text(db, date != NULL ? date : json_text(today, "day"), &text, &err) == -1)
		lp_die(&err);
	fputs(text, stdout);
	free(text);
	cJSON_Delete(today);
	return LP_OK;
}

int
main(int argc, char *argv[])
{
	static const char *const verbs[] = { "held", "funnel", "day", "cost", NULL };
	struct lp_opts o = { 0 };
	struct lp_err err;
	struct lp_db *db;
	int i, verb, status;

	lp_init(argv[0]);
	i = lp_options(&o, argc, argv, "j since campaign", NULL, usage, help);
	verb = argv[i] == NULL ? -1 : lp_verb(argv[i], verbs, usage);
	if (argv[i] != NULL && argv[i + 1] != NULL && (verb != 2 || argv[i + 2] != NULL))
		lp_usage(usage);
	if ((db = db_open(o.db, DB_READ, o.now, &err)) == NULL || config_zone(db, zone, &err) == -1)
		lp_die(&err);
	status = verb == -1 ? overview(db, &o) : verb == 0 ? held(db, &o) : verb == 1 ? funnel(db, &o) : verb == 3 ? cost(db, &o) :
	    day(db, argv[i + 1]);
	db_close(db);
	return status;
}
