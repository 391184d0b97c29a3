/* lp-leads - people to write to: take in, look at, change, stop, forget. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/intake.h"
#include "agent/lead_consent.h"
#include "agent/lead_words.h"
#include "base/cli.h"
#include "base/json.h"
#include "base/prog.h"
#include "base/table.h"
#include "sender/unsubscribe.h"
#include "show/lead_text.h"
#include "source/leadcsv.h"
#include "store/config.h"
#include "store/erase.h"
#include "store/leads.h"
#include "store/suppressions.h"

static const char usage[] =
    "lp-leads import [-jnqv] [-d file] [--campaign campaign] [--source text] [--basis basis] file|-\n"
    "       lp-leads list [-j] [-d file] [-l limit] [--status status] [--campaign campaign] [--stale]\n"
    "       lp-leads show [-j] [-d file] lead ...\n"
    "       lp-leads set [-n] [-d file] lead field=value ...\n"
    "       lp-leads pause|start [-n] [-d file] [-m reason] lead ...\n"
    "       lp-leads suppress|unsuppress [-n] [-d file] [-m reason] who ...|-\n"
    "       lp-leads suppressed [-j] [-d file]\n"
    "       lp-leads consent [-n] [-d file] lead channel=channel source=text [given=day]\n"
    "       lp-leads consent [-n] [-d file] [-m reason] --withdraw lead [channel=channel]\n"
    "       lp-leads unsubscribe [-n] [-d file] [-m how] token ...|-\n"
    "       lp-leads export [-j] [-d file] [--status status] [--campaign campaign] [lead ...]\n"
    "       lp-leads forget [-ny] [-d file] [-m reason] lead ...";
static const char help[] = "  import      take a list in: CSV of any kind, or JSON Lines; -n shows what would happen\n"
                           "  list        one line each\n"
                           "  show        the whole story of one\n"
                           "  set         change fields: first_name=Ada, custom.shop=Shopify\n"
                           "  pause start hold one back, let one go on\n"
                           "  suppress    never write there again: an address, a domain, a phone number\n"
                           "  unsuppress  lift that\n"
                           "  suppressed  who is\n"
                           "  consent     what they agreed to: channel=sms source='web form' given=2026-03-01\n"
                           "  unsubscribe act on the token of an unsubscribe link; says the same to a wrong one\n"
                           "  export      all leads as CSV or (-j) JSON Lines; of one, everything held\n"
                           "  forget      erase a person; only a hash stays, so that they aren't written to again\n"
                           "A lead is a handle (l12) or an e-mail address. More in lp-leads(1).\n";

static const char *const verbs[] = { "import", "list", "show", "set", "pause", "start", "suppress", "unsuppress", "suppressed", "consent",
	"unsubscribe", "export", "forget", NULL };
enum { IMPORT, LIST, SHOW, SET, PAUSE, START, SUPPRESS, UNSUPPRESS };
static int verb;
static const char *source, *basis = "legitimate_interest";
static bool withdraw, stale;
static struct lp_opts o;
static struct lp_db *db;
static char zone[TZ_NAME_SIZE];
static struct lp_err err;

static void
open_db(enum db_mode mode)
{
	if ((db = db_open(o.db, mode, o.now, &err)) == NULL || config_zone(db, zone, &err) == -1)
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
static int
item_failed(void)
{
	if (err.kind != LP_DATA && err.kind != LP_NO && err.kind != LP_USAGE)
		lp_die(&err);
	lp_warn("%s", err.msg);
	return err.kind;
}

/* import */

struct importing {
	const char *file;
	struct intake how;
};

static void
told(const struct intake_row *row, void *ctx)
{
	const struct importing *im = ctx;
	cJSON *out;

	if (o.json) {
		out = row->lead != NULL ? cJSON_Duplicate(row->lead, 1) : cJSON_CreateObject();
		json_set_num(out, "line", (double)row->line);
		json_set_str(out, "outcome", intake_word(row->outcome));
		if (row->why != NULL)
			json_set_str(out, "reason", row->why);
		jsonl_put(out);
		cJSON_Delete(out);
	}
	if (row->outcome == INTAKE_BAD || (row->why != NULL && !o.json && (o.dry || lp_verbose)))
		lp_warn("%s:%zu: %s%s", im->file, row->line, row->outcome == INTAKE_REFUSED ? "refused: " : "", row->why);
}

static void
summary(const struct intake_count *n)
{
	char *text = intake_summary(n, o.campaign != NULL);

	if (o.dry && !o.json)
		printf("would be: %s\n", text);
	else if (!o.dry && !o.json)
		lp_say("%s", text);
	free(text);
}

static int
do_import(char *const *which)
{
	const char *file = which[0];
	struct importing im = { .how = { .basis = basis, .campaign = o.campaign, .dry = o.dry, .with_lead = o.json } };
	const char *slash;
	struct intake_count count;
	struct leadfile *f;
	char *from;
	int fd = 0;

	if (file == NULL || which[1] != NULL)
		lp_usage(usage);
	if (!leads_basis_ok(basis))
		lp_dief(LP_USAGE, "--basis: '%s' is none of " LEADS_BASES, basis);
	slash = strrchr(file, '/');
	if (strcmp(file, "-") == 0)
		lp_no_terminal(usage);
	else if ((fd = open(file, O_RDONLY | O_CLOEXEC)) == -1) {
		lp_fail_errno(&err, errno, "%s", file);
		lp_die(&err);
	}
	if ((f = leadfile_read(fd, file, &err)) == NULL)
		lp_die(&err);
	open_db(DB_WRITE);
	im.file = leadfile_name(f);
	from = xasprintf("import of %s", slash != NULL ? slash + 1 : im.file);
	im.how.source = source != NULL ? source : from;
	if (intake_run(db, f, &im.how, told, &im, &count, &err) == -1) {
		summary(&count);
		lp_die(&err);
	}
	if (o.dry && !o.json)
		lead_text_mapping(f);
	summary(&count);
	free(from);
	leadfile_free(f);
	return count.bad > 0 ? LP_DATA : LP_OK;
}

/* list */

static int
json_row(const cJSON *lead, void *ctx)
{
	(void)ctx;
	jsonl_put(lead);
	return 0;
}

static int
do_list(char *const *none)
{
	struct lead_filter f = { .status = o.status, .campaign = o.campaign, .limit = o.limit, .stale = stale ? o.now - 30 * LP_DAY : 0 };
	struct table *t = lead_text_table();

	if (*none != NULL)
		lp_usage(usage);
	open_db(DB_READ);
	if (leads_each(db, &f, o.json ? json_row : lead_text_row, t, &err) == -1)
		lp_die(&err);
	table_print(t);
	return LP_OK;
}

/* show */

static int
each_story(char *const *which, bool as_table)
{
	int64_t seq;
	cJSON *s;
	int status = LP_OK;

	open_db(DB_READ);
	for (; *which != NULL; which++) {
		if (leads_find(db, *which, &seq, &err) == -1 || (s = leads_story(db, seq, &err)) == NULL) {
			status = item_failed();
			continue;
		}
		if (as_table) {
			lead_text_story(s, zone);
			if (which[1] != NULL)
				putchar('\n');
		} else
			jsonl_put(s);
		cJSON_Delete(s);
	}
	return status;
}

static int
do_show(char *const *which)
{
	if (*which == NULL)
		lp_usage(usage);
	return each_story(which, !o.json);
}

/* set, pause, start: all or nothing */

static int
do_set(char *const *args)
{
	const char *eq;
	char *field;
	int64_t seq;
	size_t i;

	if (args[0] == NULL || args[1] == NULL)
		lp_usage(usage);
	for (i = 1; args[i] != NULL; i++)
		if (strchr(args[i], '=') == NULL)
			lp_dief(LP_USAGE, "'%s': give FIELD=VALUE", args[i]);
	open_db(DB_WRITE);
	begin();
	if (leads_find(db, args[0], &seq, &err) == -1)
		lp_die(&err);
	for (i = 1; args[i] != NULL; i++) {
		eq = strchr(args[i], '=');
		field = xstrndup(args[i], (size_t)(eq - args[i]));
		if (leads_set(db, seq, field, eq + 1, &err) == -1)
			lp_die(&err);
		free(field);
	}
	end();
	lp_say("l%" PRId64 ": %zu changed", seq, i - 1);
	return LP_OK;
}

static int
do_status(char *const *which)
{
	bool start = verb == START;
	int64_t seq, n = 0;
	int r;

	if (*which == NULL)
		lp_usage(usage);
	open_db(DB_WRITE);
	begin();
	for (; *which != NULL; which++) {
		if (leads_find(db, *which, &seq, &err) == -1 ||
		    (r = start ? leads_start(db, seq, o.reason, &err) : leads_pause(db, seq, o.reason, &err)) == -1)
			lp_die(&err);
		n += r;
	}
	end();
	lp_say("%" PRId64 " %s", n, start ? "started" : "paused");
	return LP_OK;
}

/* suppress, unsuppress */

static void
bad_line(size_t line, const char *why, void *status)
{
	lp_warn("stdin:%zu: %s", line, why);
	*(int *)status = LP_DATA;
}

/* The words given; for "-" the lines of standard input, read whole before the lock is taken. */
static cJSON *
all_words(char *const *words, int *status)
{
	cJSON *list = cJSON_CreateArray();

	if (*words == NULL)
		lp_usage(usage);
	for (; *words != NULL; words++)
		if (strcmp(*words, "-") != 0)
			cJSON_AddItemToArray(list, cJSON_CreateString(*words));
		else {
			lp_no_terminal(usage);
			if (lead_lines(0, list, bad_line, status, &err) == -1)
				lp_die(&err);
		}
	return list;
}

static int
do_suppress(char *const *who)
{
	bool lift = verb == UNSUPPRESS;
	int64_t n = 0;
	int r, status = LP_OK;
	cJSON *list = all_words(who, &status);
	const cJSON *v;

	open_db(DB_WRITE);
	begin();
	cJSON_ArrayForEach(v, list)
		if ((r = lead_suppress(db, v->valuestring, lift, o.reason, &err)) == -1)
			status = item_failed();
		else
			n += r;
	end();
	cJSON_Delete(list);
	lp_say("%" PRId64 " %s", n, lift ? "no longer suppressed" : "suppressed");
	return status;
}

static int
do_suppressed(char *const *none)
{
	const cJSON *row;
	cJSON *list;

	if (*none != NULL)
		lp_usage(usage);
	open_db(DB_READ);
	if ((list = suppressions_list(db, &err)) == NULL)
		lp_die(&err);
	if (!o.json)
		lead_text_suppressed(list, zone);
	else
		cJSON_ArrayForEach(row, list)
			jsonl_put(row);
	cJSON_Delete(list);
	return LP_OK;
}

static int
do_consent(char *const *words)
{
	int r;

	if (*words == NULL)
		lp_usage(usage);
	open_db(DB_WRITE);
	begin();
	if ((r = lead_consent(db, words, withdraw, o.reason, &err)) == -1)
		lp_die(&err);
	end();
	lp_say("%s: consent %s", *words, r == 0 ? "as it was" : withdraw ? "withdrawn" : "given");
	return LP_OK;
}

/* Whatever the word is, the answer is the same: whoever sends one learns nothing by it. */
static int
do_unsubscribe(char *const *tokens)
{
	struct unsubscribe u;
	int status = LP_OK, fresh = 0;
	cJSON *list = all_words(tokens, &status);
	const cJSON *t;

	open_db(DB_WRITE);
	begin();
	cJSON_ArrayForEach(t, list) {
		if (unsubscribe_apply(db, t->valuestring, o.reason != NULL ? o.reason : "by its link", &u, &err) == -1)
			lp_die(&err);
		fresh += u.fresh;
	}
	end();
	cJSON_Delete(list);
	lp_say("%d unsubscribed", fresh);
	return LP_OK;
}

/* export */

static int
do_export(char *const *which)
{
	struct lead_filter f = { .status = o.status, .campaign = o.campaign, .consents = true };
	struct leadcsv *csv;
	cJSON *custom;

	if (*which != NULL)
		return each_story(which, false);
	open_db(DB_READ);
	if (o.json) {
		if (leads_each(db, &f, json_row, NULL, &err) == -1)
			lp_die(&err);
		return LP_OK;
	}
	if ((custom = leads_custom_names(db, &err)) == NULL)
		lp_die(&err);
	csv = leadcsv_begin(stdout, custom);
	if (leads_each(db, &f, leadcsv_row, csv, &err) == -1)
		lp_die(&err);
	leadcsv_end(csv);
	cJSON_Delete(custom);
	return LP_OK;
}

/* forget */

static bool
confirmed(const char *who)
{
	char answer[8];

	if (o.yes || o.dry)
		return true;
	if (!isatty(STDIN_FILENO))
		lp_dief(LP_USAGE, "forget can't be undone: say -y");
	fprintf(stderr, "Erase %s for good? [y/N] ", who);
	return fgets(answer, sizeof(answer), stdin) != NULL && (answer[0] == 'y' || answer[0] == 'Y');
}

static int
do_forget(char *const *which)
{
	cJSON *files = cJSON_CreateArray();
	const cJSON *f;
	int64_t seq;
	int status = LP_OK;

	if (*which == NULL)
		lp_usage(usage);
	open_db(DB_WRITE);
	for (; *which != NULL; which++) {
		if (!confirmed(*which))
			continue;
		begin();
		if (leads_find(db, *which, &seq, &err) == -1 ||
		    erase_lead(db, seq, o.reason != NULL ? o.reason : "at their wish", files, &err) == -1) {
			db_end(db, false, NULL);
			if (err.kind == LP_TEMP)
				lp_die(&err);
			status = item_failed();
			continue;
		}
		end();
		lp_say("l%" PRId64 " forgotten", seq);
	}
	if (!o.dry && erase_scrub(db, &err) == -1)
		lp_die(&err);
	cJSON_ArrayForEach(f, files)
		printf("%s\n", f->valuestring);
	cJSON_Delete(files);
	return status;
}

int
main(int argc, char *argv[])
{
	static int (*const runs[])(char *const *) = { do_import, do_list, do_show, do_set, do_status, do_status, do_suppress, do_suppress, do_suppressed,
		do_consent, do_unsubscribe, do_export, do_forget };
	const struct lp_opt own[] = { { .name = "source", .str = &source }, { .name = "basis", .str = &basis }, { .name = "withdraw", .flag = &withdraw },
		{ .name = "stale", .flag = &stale }, { 0 } };
	int i, status;

	lp_init(argv[0]);
	i = lp_options(&o, argc, argv, "n j l m y status campaign", own, usage, help);
	verb = lp_verb(argv[i], verbs, usage);
	status = runs[verb](argv + i + 1);
	db_close(db);
	return status;
}
