/* lp-log - the audit trail: what happened, why, and the proof that nothing was taken out. */
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cli.h"
#include "base/json.h"
#include "base/prog.h"
#include "show/why_text.h"
#include "store/config.h"
#include "store/control.h"
#include "store/leads.h"
#include "store/logread.h"
#include "store/tasks.h"

static const char usage[] =
    "lp-log [-fj] [-l n] [--type type] [--task task] [--lead lead] [--campaign campaign] [--since when] [--until when] [-d file] [list]\n"
    "       lp-log [-j] [-d file] why handle | email | name ...\n"
    "       lp-log [--head hash] [-d file] verify";
static const char help[] =
    "  list    the newest rows, oldest first; -f goes on as they come\n"
    "  why     the whole story of a lead, task, message, rule, …: inputs, decisions, rules, verdicts, approvals, every step\n"
    "  verify  walk the hash chain: nothing was changed or taken out; prints its head. --head: one noted before is in it\n";

static char zone[TZ_NAME_SIZE] = "UTC";

static struct lp_db *
opened(const struct lp_opts *o)
{
	struct lp_err err;
	struct lp_db *db = db_open(o->db, DB_READ, o->now, &err);

	if (db == NULL || config_zone(db, zone, &err) == -1)
		lp_die(&err);
	return db;
}

static void
filter_of(struct lp_db *db, const struct lp_opts *o, struct log_filter *f)
{
	struct lp_err err = { 0 };
	int r;

	*f = (struct log_filter){ .type = o->type, .since = o->since == LP_NO_TIME ? 0 : o->since, .until = o->until == LP_NO_TIME ? 0 : o->until,
		.limit = o->limit };
	if (o->type != NULL && !log_type_ok(o->type))
		lp_dief(LP_USAGE, "--type: decision, action, observation, learning, error, approval or rule_triggered, not '%s'", o->type);
	if ((o->lead != NULL && leads_find(db, o->lead, &f->lead, &err) == -1) ||
	    (o->campaign != NULL && control_find(db, 'c', o->campaign, &f->campaign, &err) == -1))
		lp_die(&err);
	/* a task that was pruned is gone, and its log is not */
	if (o->task != NULL && !lp_handle(o->task, 't', &f->task)) {
		if ((r = task_find(db, o->task, &f->task, &err)) == 0)
			lp_dief(LP_NO, "no such task: %s", o->task);
		if (r == -1)
			lp_die(&err);
	}
}

static int64_t
print_rows(struct lp_db *db, const struct log_filter *f, bool json)
{
	struct lp_err err;
	int64_t last = f->after;
	cJSON *rows = log_list(db, f, &err), *row;

	if (rows == NULL)
		lp_die(&err);
	cJSON_ArrayForEach(row, rows) {
		if (json)
			jsonl_put(row);
		else
			why_log_line(row, zone);
		last = log_seq(row);
	}
	cJSON_Delete(rows);
	if (lp_flush_out(&err) == -1)
		lp_die(&err);
	return last;
}

static int
list(const struct lp_opts *o)
{
	struct lp_db *db = opened(o);
	struct pollfd out = { .fd = STDOUT_FILENO };
	struct log_filter f;

	filter_of(db, o, &f);
	f.after = print_rows(db, &f, o->json);
	/* a reader that went away ends it also while nothing happens */
	while (o->follow && (poll(&out, 1, 500) != 1 || (out.revents & (POLLERR | POLLHUP | POLLNVAL)) == 0)) {
		f.limit = INT32_MAX;
		f.after = print_rows(db, &f, o->json);
	}
	db_close(db);
	return LP_OK;
}

static int
why(const struct lp_opts *o, char **words)
{
	struct lp_db *db = opened(o);
	struct lp_err err;
	int status = LP_OK;
	cJSON *story;
	bool more = false;

	if (*words == NULL)
		lp_usage(usage);
	for (; *words != NULL; words++) {
		if ((story = log_why(db, *words, &err)) == NULL) {
			lp_warn("%s", err.msg);
			status = (int)err.kind > status ? (int)err.kind : status;
			continue;
		}
		if (more && !o->json)
			putchar('\n');
		more = true;
		if (o->json)
			jsonl_put(story);
		else
			why_text(story, zone);
		cJSON_Delete(story);
	}
	db_close(db);
	return status;
}

static int
verify(const struct lp_opts *o, const char *head)
{
	struct lp_db *db = opened(o);
	struct log_proof p;
	struct lp_err err;
	int r = log_verify(db, head, &p, &err);

	db_close(db);
	if (r == -1)
		lp_die(&err);
	if (r == 0)
		lp_dief(LP_NO, "g%" PRId64 ": %s", p.bad, p.why);
	if (!lp_quiet)
		printf("g%" PRId64 " %s  %" PRId64 " rows, unchanged%s\n", p.head, p.hash, p.rows, p.erased > 0 ? "; payloads of erased leads gone" : "");
	return LP_OK;
}

int
main(int argc, char *argv[])
{
	static const char *const verbs[] = { "list", "why", "verify", NULL };
	struct lp_opts o = { .limit = 50 };
	const char *head = NULL;
	const struct lp_opt own[] = { { .name = "head", .str = &head }, { 0 } };
	int i, verb;

	lp_init(argv[0]);
	i = lp_options(&o, argc, argv, "f j l type task lead campaign since until", own, usage, help);
	verb = argv[i] == NULL ? 0 : lp_verb(argv[i], verbs, usage);
	if (verb != 1 && argv[i] != NULL && argv[i + 1] != NULL)
		lp_usage(usage);
	if (verb == 0)
		return list(&o);
	return verb == 1 ? why(&o, argv + i + 1) : verify(&o, head);
}
