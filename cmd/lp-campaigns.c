/* lp-campaigns - what is said to whom: load, check, enrol, preview, start, pause. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/campaign_check.h"
#include "agent/lead_words.h"
#include "base/cli.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/prog.h"
#include "base/tz.h"
#include "base/yaml.h"
#include "campaign/campaign_def.h"
#include "campaign/campaign_text.h"
#include "show/campaign_print.h"
#include "show/preview.h"
#include "store/campaigns.h"
#include "store/config.h"
#include "store/enrolments.h"
#include "store/leads.h"

static const char usage[] =
    "lp-campaigns load [-nq] [-d file] [--move] file|-\n"
    "       lp-campaigns dump [-d file] [campaign ...]\n"
    "       lp-campaigns list|check [-j] [-d file] [campaign ...]\n"
    "       lp-campaigns show [-j] [-d file] campaign\n"
    "       lp-campaigns enrol [-nq] [-d file] [--status status] [--campaign from] campaign [lead ...|-]\n"
    "       lp-campaigns preview [-j] [-d file] [-l limit] [--lead lead] [--now when] campaign\n"
    "       lp-campaigns start|pause [-nq] [-d file] [-m reason] campaign ...";
static const char help[] = "  load         take a campaign from a YAML file: a draft, or a new version of a known one; -n shows the difference\n"
                           "  dump         print it as YAML again\n"
                           "  list show    all of them; one, with its versions\n"
                           "  check        is it ready? accounts, merge fields against the real leads\n"
                           "  enrol        put leads in: handles, addresses, '-' for a list on standard input, or --status active\n"
                           "  preview      every message, with its likely minute, before anything leaves (-l 0: all)\n"
                           "  start pause  let it run; hold it\n"
                           "A campaign is a name or a handle (c1). The file's format and more are in lp-campaigns(1).\n";

static struct lp_opts o = { .limit = -1 };
static struct lp_db *db;
static struct lp_err err;
static bool move;
static char zone[TZ_NAME_SIZE];
static int status;

static void
open_db(enum db_mode mode)
{
	if ((db = db_open(lp_db_path(o.db), mode, o.now, &err)) == NULL || config_zone(db, zone, &err) == -1)
		lp_die(&err);
}

static void
begin(void)
{
	if (db_begin(db, &err) == -1)
		lp_die(&err);
}

static void
end(void)
{
	if (db_end(db, !o.dry, &err) == -1)
		lp_die(&err);
}

/* Only this one is bad: say so and go on; the rest ends the program. */
static void
item_failed(const char *what)
{
	if (err.kind != LP_DATA && err.kind != LP_NO && err.kind != LP_USAGE)
		lp_die(&err);
	if (strstr(err.msg, what) != NULL)
		lp_warn("%s", err.msg);
	else
		lp_warn("%s: %s", what, err.msg);
	status = LP_DATA;
}

static int64_t
campaign(const char *word)
{
	const char *near = NULL;
	char **names;
	int64_t seq;
	int r = campaigns_find(db, word, &seq, &err);

	if (r == -1)
		lp_die(&err);
	if (r == 1)
		return seq;
	if ((names = campaigns_names(db, &err)) != NULL)
		near = lp_did_you_mean(word, (const char *const *)names);
	if (near != NULL)
		lp_dief(LP_NO, "no such campaign: '%s' (did you mean '%s'?)", word, near);
	lp_dief(LP_NO, "no such campaign: '%s'", word);
}

static cJSON *
definition(int64_t seq)
{
	cJSON *rows = campaigns_json(db, seq, &err), *def = NULL;

	if (rows != NULL)
		def = campaign_definition(db, seq, (int)json_num(cJSON_GetArrayItem(rows, 0), "version", 1), &err);
	cJSON_Delete(rows);
	if (def == NULL)
		lp_die(&err);
	return def;
}

/* ---- load, dump */

static void
show_difference(const cJSON *def)
{
	cJSON *old = NULL;
	int64_t seq;
	char *diff;
	int r = campaigns_find(db, json_str(def, "name"), &seq, &err);

	if (r == -1)
		lp_die(&err);
	if (r == 1)
		old = definition(seq);
	diff = campaign_def_diff(old, def);
	fputs(diff, stdout);
	free(diff);
	cJSON_Delete(old);
}

static void
load(char **args)
{
	struct ydoc *doc;
	struct campaign_put put;
	cJSON **defs;
	size_t n, i;

	if (args[0] == NULL || args[1] != NULL)
		lp_usage(usage);
	if ((doc = yaml_load(args[0], &err)) == NULL || campaign_defs(doc, &defs, &n, &err) == -1)
		lp_die(&err);
	open_db(o.dry ? DB_READ : DB_WRITE);
	if (!o.dry)
		begin();
	for (i = 0; i < n; i++)
		if (o.dry)
			show_difference(defs[i]);
		else {
			if (campaign_store(db, defs[i], move, &put, &err) == -1)
				lp_die(&err);
			campaign_say_loaded(json_str(defs[i], "name"), &put);
		}
	if (!o.dry)
		end();
	for (i = 0; i < n; i++)
		cJSON_Delete(defs[i]);
	free(defs);
	ydoc_free(doc);
}

static void
dump(char **args)
{
	char **names, **all = NULL;
	cJSON *def;
	size_t n, i;

	open_db(DB_READ);
	if (args[0] == NULL && (all = campaigns_names(db, &err)) == NULL)
		lp_die(&err);
	names = all != NULL ? all : args;
	for (n = 0; names[n] != NULL; n++)
		;
	if (n != 1)
		printf("campaigns:%s\n", n == 0 ? " []" : "");
	for (i = 0; i < n; i++) {
		def = definition(campaign(names[i]));
		campaign_print_yaml(def, n != 1);
		cJSON_Delete(def);
	}
}

/* ---- list, show, check */

static void
list(char **args)
{
	struct table *t = campaign_table();
	cJSON *rows, *c;
	size_t i;

	open_db(DB_READ);
	for (i = 0; i == 0 || args[i] != NULL; i++) {
		if ((rows = campaigns_json(db, args[i] != NULL ? campaign(args[i]) : 0, &err)) == NULL)
			lp_die(&err);
		cJSON_ArrayForEach(c, rows)
			if (o.json)
				jsonl_put(c);
			else
				campaign_row(t, c);
		cJSON_Delete(rows);
		if (args[i] == NULL)
			break;
	}
	table_print(t);
}

static void
show(char **args)
{
	cJSON *rows, *c, *def, *versions, *h, *holds;
	int64_t seq;

	if (args[0] == NULL || args[1] != NULL)
		lp_usage(usage);
	open_db(DB_READ);
	seq = campaign(args[0]);
	if ((rows = campaigns_json(db, seq, &err)) == NULL || (versions = campaign_versions_json(db, seq, &err)) == NULL ||
	    (holds = preview_campaign_holds(db, seq, &err)) == NULL)
		lp_die(&err);
	c = cJSON_GetArrayItem(rows, 0);
	def = definition(seq);
	if (o.json) {
		json_set(c, "versions", versions);
		json_set(c, "holds", holds);
		json_set(c, "definition", def);
		jsonl_put(c);
		cJSON_Delete(rows);
		return;
	}
	printf("campaign '%s' (%s), version %.0f, %s\n", json_str(c, "name"), json_str(c, "id"), json_num(c, "version", 0), json_str(c, "status"));
	cJSON_ArrayForEach(h, holds)
		printf("held: %s\n", h->valuestring);
	putchar('\n');
	campaign_print_versions(versions, zone);
	putchar('\n');
	campaign_print_yaml(def, false);
	cJSON_Delete(rows);
	cJSON_Delete(versions);
	cJSON_Delete(holds);
	cJSON_Delete(def);
}

static int findings;

static void
finding(const struct campaign_finding *f, void *ctx)
{
	findings += !f->note;
	campaign_print_finding(ctx, f, o.json);
}

/* 0: nothing to say; 1: something holds single messages; 78: it can't start like that. */
static void
check(char **args)
{
	char **all = NULL, **names = args;
	size_t i;
	int r;

	open_db(DB_READ);
	if (args[0] == NULL && (names = all = campaigns_names(db, &err)) == NULL)
		lp_die(&err);
	for (i = 0; names[i] != NULL; i++) {
		if ((r = campaign_check(db, campaign(names[i]), true, finding, names[i], &err)) == -1)
			lp_die(&err);
		if (r > 0)
			status = LP_CONFIG;
	}
	if (status == 0 && findings > 0)
		status = LP_NO;
}

/* ---- enrol */

struct enrolling {
	int64_t campaign;
	int64_t fresh, known, refused;
};

static void
enrol_word(struct enrolling *e, const char *word)
{
	int64_t lead, seq;
	int r = leads_find(db, word, &lead, &err) == -1 ? -1 : enrol(db, e->campaign, lead, "hand", &seq, &err);

	if (r == -1) {
		item_failed(word);
		e->refused++;
	} else
		*(r == 1 ? &e->fresh : &e->known) += 1;
}

/* The transaction begins only now: nobody waits for a slow list. */
static void
enrol_words(struct enrolling *e, char **word, size_t n)
{
	size_t i;

	begin();
	for (i = 0; i < n; i++) {
		enrol_word(e, word[i]);
		free(word[i]);
	}
	free(word);
}

static void
bad_line(size_t line, const char *why, void *ctx)
{
	(void)ctx;
	lp_warn("stdin:%zu: %s", line, why);
	status = LP_DATA;
}

static void
enrol_stdin(struct enrolling *e)
{
	size_t n;
	char **word;

	if (isatty(STDIN_FILENO))
		lp_dief(LP_USAGE, "'-' reads leads from standard input, which is a terminal");
	if (lead_words(STDIN_FILENO, bad_line, NULL, &word, &n, &err) == -1)
		lp_die(&err);
	enrol_words(e, word, n);
}

static void
enrol_filtered(struct enrolling *e)
{
	const struct lead_filter f = { .status = o.status, .campaign = o.campaign };
	size_t n;
	char **word;

	if (lead_words_where(db, &f, &word, &n, &err) == -1)
		lp_die(&err);
	enrol_words(e, word, n);
}

static void
enrol_all(char **args)
{
	struct enrolling e = { 0 };
	bool filter = o.status != NULL || o.campaign != NULL;
	size_t i;

	if (args[0] == NULL)
		lp_usage(usage);
	if (args[1] == NULL && !filter)
		lp_dief(LP_USAGE, "enrol whom? leads by handle or address, '-' for a list on standard input, or --status active");
	if (args[1] != NULL && filter)
		lp_dief(LP_USAGE, "either leads by name, or --status and --campaign");
	open_db(DB_WRITE);
	e.campaign = campaign(args[0]);
	if (filter)
		enrol_filtered(&e);
	else if (strcmp(args[1], "-") == 0 && args[2] == NULL)
		enrol_stdin(&e);
	else {
		begin();
		for (i = 1; args[i] != NULL; i++)
			enrol_word(&e, args[i]);
	}
	end();
	if (o.dry)
		printf("%" PRId64 " would be enrolled, %" PRId64 " are in it already, %" PRId64 " refused\n", e.fresh, e.known, e.refused);
	else
		lp_say("%" PRId64 " enrolled, %" PRId64 " were in it already, %" PRId64 " refused", e.fresh, e.known, e.refused);
}

/* ---- preview */

static void
one_message(const cJSON *m, void *ctx)
{
	(void)ctx;
	if (o.json)
		jsonl_put(m);
	else
		campaign_print_message(m, zone);
}

static void
preview(char **args)
{
	int64_t seq, lead = 0, limit = o.limit >= 0 ? o.limit : o.json ? 0 : 20;
	cJSON *holds, *h, *def;
	size_t total;

	if (args[0] == NULL || args[1] != NULL)
		lp_usage(usage);
	open_db(DB_READ);
	seq = campaign(args[0]);
	if (o.lead != NULL && leads_find(db, o.lead, &lead, &err) == -1)
		lp_die(&err);
	if ((holds = preview_campaign_holds(db, seq, &err)) == NULL)
		lp_die(&err);
	if (!o.json) {
		def = definition(seq);
		printf("campaign '%s' (c%" PRId64 "), times in %s\n", json_str(def, "name"), seq, zone);
		cJSON_ArrayForEach(h, holds)
			printf("held: %s\n", h->valuestring);
		cJSON_Delete(def);
	}
	cJSON_Delete(holds);
	if (preview_run(db, seq, lead, (size_t)limit, one_message, NULL, &total, &err) == -1)
		lp_die(&err);
	if (total == 0 && lead != 0)
		lp_dief(LP_NO, "%s isn't in the campaign, or has ended it", o.lead);
	if (!o.json && total == 0)
		puts("no leads in it: lp-campaigns enrol");
	if (!o.json && limit > 0 && total > (size_t)limit)
		printf("\n%zu messages more (-l 0 shows all)\n", total - (size_t)limit);
}

/* ---- start, pause */

static void
start_finding(const struct campaign_finding *f, void *ctx)
{
	if (f->error)
		lp_warn("%s: %s", (const char *)ctx, f->text);
}

static void
start_one(const char *word)
{
	int r = campaign_start(db, campaign(word), o.reason, start_finding, (void *)(uintptr_t)word, &err);

	if (r == -1 && err.kind != LP_CONFIG && err.kind != LP_NOPERM)
		lp_die(&err);
	if (r == -1) {
		lp_warn("%s", err.msg);
		status = err.kind;
		return;
	}
	lp_say(r == 1 ? "campaign '%s' runs%s" : "campaign '%s' ran already%s", word, o.dry ? " (not really: -n)" : "");
}

static void
pause_one(const char *word)
{
	int r = campaign_set_status(db, campaign(word), "paused", o.reason, &err);

	if (r == -1)
		lp_die(&err);
	lp_say(r == 1 ? "campaign '%s' is paused" : "campaign '%s' was paused already", word);
}

static void
each(char **args, void (*one)(const char *))
{
	if (args[0] == NULL)
		lp_usage(usage);
	open_db(DB_WRITE);
	begin();
	for (; args[0] != NULL; args++)
		one(args[0]);
	end();
}

static void
start(char **args)
{
	each(args, start_one);
}

static void
hold(char **args)
{
	each(args, pause_one);
}

int
main(int argc, char *argv[])
{
	static const char *const verbs[] = { "load", "dump", "list", "show", "check", "enrol", "preview", "start", "pause", NULL };
	static void (*const run[])(char **) = { load, dump, list, show, check, enrol_all, preview, start, hold };
	const struct lp_opt own[] = { { .name = "move", .flag = &move }, { 0 } };
	char **args;
	int i;

	lp_init(argv[0]);
	i = lp_options(&o, argc, argv, "n j l m lead campaign status", own, usage, help);
	args = argv + i + (i < argc);
	run[lp_verb(argv[i], verbs, usage)](args);
	db_close(db);
	return status;
}
