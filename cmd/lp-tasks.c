/* lp-tasks - the queue: claim and settle are the ends of every pipeline, the rest is for people. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/advance.h"
#include "agent/envelope.h"
#include "agent/settle.h"
#include "base/cli.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/prog.h"
#include "store/campaigns.h"
#include "store/leads.h"
#include "store/notify.h"
#include "store/tasklist.h"

static const char usage[] =
    "lp-tasks [-l n] [--type type] [-d file] claim\n"
    "       lp-tasks [-d file] settle\n"
    "       lp-tasks [-v] [-d file] due\n"
    "       lp-tasks [-j] [-l n] [--status status] [--type type] [--lead lead] [--campaign campaign] [--since when] [-d file] list\n"
    "       lp-tasks [-j] [-d file] show task ...\n"
    "       lp-tasks [-m reason] [-d file] cancel | retry task ...\n"
    "       lp-tasks [-n] [--until when] [-d file] prune\n"
    "       lp-tasks [-d file] tick due status | end number status rounds";
static const char help[] =
    "  claim [-l N] [--type T]   lease due tasks and print them, a line each, for a pipeline\n"
    "  settle                    end what comes out of the pipeline, by what its stages recorded\n"
    "  due                       exit 0 if a claim would find something, else 1; -v says when it will\n"
    "  list [--status S] [--type T] [--lead L] [--campaign C] [--since T] [-l N] [-j]\n"
    "  show TASK ... [-j]        one task whole\n"
    "  cancel TASK ... [-m WHY]  it will not be done\n"
    "  retry TASK ... [-m WHY]   failed or held: try again now\n"
    "  prune [--until T] [-n]    forget tasks that ended over 90 days ago\n"
    "  tick due STATUS           note a tick of cron, whose lp-enqueue ended with STATUS: its number and exit 0 where a claim would\n"
    "                            find something, else it is over, and exit 1\n"
    "  tick end N STATUS ROUNDS  it is over; the end of a tick prints notify where people are to be told something (lp-send notify)\n";

static struct lp_db *
opened(const struct lp_opts *o, enum db_mode mode)
{
	struct lp_err err;
	struct lp_db *db = db_open(o->db, mode, o->now, &err);

	if (db == NULL)
		lp_die(&err);
	return db;
}

/* Ends a transaction and the program where it failed. */
static void
ended(struct lp_db *db, bool ok, struct lp_err *err)
{
	if (!ok) {
		db_end(db, false, NULL);
		lp_die(err);
	}
	if (db_end(db, true, err) == -1)
		lp_die(err);
}

/* What was leased, as it stands now: read in bursts, so that nothing is open while a line waits to be taken. */
static void
print_claimed(struct lp_db *db, const int64_t *seqs, size_t n)
{
	enum { BURST = 256 };
	cJSON *envelopes[BURST];
	struct lp_err err = { 0 };
	size_t i, k;

	for (; n > 0; seqs += k, n -= k) {
		k = n < BURST ? n : BURST;
		if (db_look(db, &err) == -1)
			lp_die(&err);
		for (i = 0; i < k; i++)
			if ((envelopes[i] = envelope_new(db, seqs[i], &err)) == NULL)
				lp_die(&err);
		ended(db, true, &err);
		for (i = 0; i < k; i++) {
			jsonl_put(envelopes[i]);
			cJSON_Delete(envelopes[i]);
		}
	}
}

static int
claim(const struct lp_opts *o)
{
	struct lp_db *db = opened(o, DB_WRITE);
	int64_t *seqs = xmalloc((size_t)o->limit * sizeof(*seqs));
	char lease[LP_UUID_SIZE];
	struct lp_err err = { 0 };
	size_t n = 0;
	bool ok;

	if (db_begin(db, &err) == -1)
		lp_die(&err);
	/* a claim that finds nothing leaves no run behind, but what it took over from dead ones stands */
	ok = db_uuid(db, lease, &err) == 0 && tasks_claim(db, lease, o->type, (size_t)o->limit, seqs, &n, &err) == 0 &&
	    (n == 0 || run_start(db, lease, &err) == 0);
	ended(db, ok, &err);
	print_claimed(db, seqs, n);
	free(seqs);
	db_close(db);
	return LP_OK;
}

static int
settle(const struct lp_opts *o)
{
	struct stage s = { .db = opened(o, DB_WRITE), .item = settle_item };
	int status;

	lp_no_terminal(usage);
	status = stage_main(&s, 0);
	db_close(s.db);
	return status;
}

static int
due(const struct lp_opts *o)
{
	struct lp_db *db = opened(o, DB_READ);
	struct lp_err err;
	char iso[LP_ISO_SIZE];
	int64_t next;
	int r = tasks_due(db, &next, &err);

	if (r == -1)
		lp_die(&err);
	if (lp_verbose && r == 0 && next != 0)
		printf("%s\n", lp_iso(next, iso));
	db_close(db);
	return r == 1 ? LP_OK : LP_NO;
}

static void
print_task(const cJSON *t)
{
	const char *about = json_str(t, "hold_reason"), *lead = json_str(t, "lead_id");

	if (about == NULL)
		about = json_str(t, "error_message");
	printf("%-8s %-17s %-18s %-6s %.16s  %s\n", json_str(t, "id"), json_str(t, "task_type"), json_str(t, "status"),
	    lead != NULL ? lead : "-", json_str(t, "scheduled_for"), about != NULL ? about : "");
}

static int
list(const struct lp_opts *o)
{
	struct lp_db *db = opened(o, DB_READ);
	struct task_filter f = { .status = o->status, .type = o->type, .limit = o->limit,
		.since = o->since == LP_NO_TIME ? 0 : o->since };
	struct lp_err err = { 0 };
	cJSON *all, *t;

	if ((o->lead != NULL && leads_find(db, o->lead, &f.lead, &err) == -1) ||
	    (o->campaign != NULL && campaigns_find(db, o->campaign, &f.campaign, &err) != 1))
		lp_dief(err.kind != 0 ? err.kind : LP_NO, "%s", err.kind != 0 ? err.msg : "no such lead or campaign");
	if ((all = tasks_list(db, &f, &err)) == NULL)
		lp_die(&err);
	cJSON_ArrayForEach(t, all) {
		if (o->json)
			jsonl_put(t);
		else
			print_task(t);
	}
	cJSON_Delete(all);
	db_close(db);
	return LP_OK;
}

static int
show_one(struct lp_db *db, int64_t seq, const struct lp_opts *o, struct lp_err *err)
{
	cJSON *t = task_json(db, seq, true, err), *c;
	char *s;

	if (t == NULL)
		return -1;
	if (o->json)
		jsonl_put(t);
	else
		cJSON_ArrayForEach(c, t) {
			s = cJSON_IsString(c) ? xstrdup(c->valuestring) : json_print(c);
			printf("%-18s %s\n", c->string, s);
			free(s);
		}
	cJSON_Delete(t);
	return 1;
}

static int
cancel_one(struct lp_db *db, int64_t seq, const struct lp_opts *o, struct lp_err *err)
{
	int r = advance_cancel(db, seq, o->reason, err);

	return r != 0 ? r : lp_fail(err, LP_NO, "t%" PRId64 ": can't be cancelled: it is running, done, or its message left", seq);
}

static int
retry_one(struct lp_db *db, int64_t seq, const struct lp_opts *o, struct lp_err *err)
{
	int r = advance_retry(db, seq, o->reason != NULL ? o->reason : "by hand", err);

	return r != 0 ? r : lp_fail(err, LP_NO, "t%" PRId64 ": can't be taken up: it waits already, is running or done, or its message left", seq);
}

/* Each operand by itself; the worst status is the program's. */
static int
each(const struct lp_opts *o, char **which, bool writes, int (*one)(struct lp_db *, int64_t, const struct lp_opts *, struct lp_err *))
{
	struct lp_db *db = opened(o, writes ? DB_WRITE : DB_READ);
	struct lp_err err = { 0 };
	int status = LP_OK, r;
	int64_t seq;

	if (*which == NULL)
		lp_usage(usage);
	for (; *which != NULL; which++) {
		if (writes && db_begin(db, &err) == -1)
			lp_die(&err);
		if ((r = task_find(db, *which, &seq, &err)) == 0)
			r = lp_fail(&err, LP_NO, "no such task: %s", *which);
		if (r == 1)
			r = one(db, seq, o, &err);
		if (writes && db_end(db, r == 1, r == 1 ? &err : NULL) == -1)
			lp_die(&err);
		if (r == -1) {
			lp_warn("%s", err.msg);
			status = (int)err.kind > status ? (int)err.kind : status;
		}
	}
	db_close(db);
	return status;
}

static int
prune(const struct lp_opts *o)
{
	struct lp_db *db = opened(o, DB_WRITE);
	int64_t before = o->until != LP_NO_TIME ? o->until : o->now - 90 * LP_DAY;
	struct lp_err err = { 0 };
	int n;

	if (db_begin(db, &err) == -1)
		lp_die(&err);
	if ((n = tasks_prune(db, before, &err)) == -1)
		ended(db, false, &err);
	if (o->dry)
		db_end(db, false, NULL);
	else
		ended(db, true, &err);
	lp_say("%d pruned%s", n, o->dry ? " (rehearsed)" : "");
	db_checkpoint(db);
	db_close(db);
	return LP_OK;
}

/* The last that a tick asks: are people to be told something? */
static int
tick_over(struct lp_db *db, int64_t seq, int status, int rounds, struct lp_err *err)
{
	int tell = tick_end(db, seq, status, rounds, err) == -1 ? -1 : notify_due(db, err);

	if (tell == 1)
		puts("notify");
	return tell == -1 ? -1 : 0;
}

/* Nothing due is the usual tick, so it costs one program and one commit. */
static int
tick_due(struct lp_db *db, int enqueued, struct lp_err *err)
{
	int64_t seq;
	int due = tasks_due(db, NULL, err);

	if (due == -1 || tick_begin(db, &seq, err) == -1)
		return -1;
	if (due == 1 && enqueued == 0) {
		printf("%" PRId64 "\n", seq);
		return LP_OK;
	}
	return tick_over(db, seq, enqueued, 0, err) == -1 ? -1 : LP_NO;
}

static int
tick(const struct lp_opts *o, char **arg)
{
	struct lp_db *db;
	struct lp_err err = { 0 };
	size_t n = 0;
	int r;

	while (arg[n] != NULL)
		n++;
	if (!(n == 2 && strcmp(arg[0], "due") == 0) && !(n == 4 && strcmp(arg[0], "end") == 0))
		lp_usage(usage);
	db = opened(o, DB_WRITE);
	if (db_begin(db, &err) == -1)
		lp_die(&err);
	if (n == 2)
		r = tick_due(db, (int)lp_num(arg[1], 0, 255, "tick due"), &err);
	else
		r = tick_over(db, lp_num(arg[1], 1, INT64_MAX, "tick end"), (int)lp_num(arg[2], 0, 255, "tick end"),
		    (int)lp_num(arg[3], 0, INT32_MAX, "tick end"), &err);
	ended(db, r != -1, &err);
	/* no program of a pipeline folds the log back when it closes: once a tick is enough */
	if (n == 4)
		db_checkpoint(db);
	db_close(db);
	return r;
}

int
main(int argc, char *argv[])
{
	static const char *const verbs[] = { "claim", "settle", "due", "list", "show", "cancel", "retry", "prune", "tick", NULL };
	struct lp_opts o = { .limit = 100 };
	int i;

	lp_init(argv[0]);
	i = lp_options(&o, argc, argv, "n j l m lead campaign status type since until", NULL, usage, help);
	if (argv[i] == NULL)
		lp_usage(usage);
	if (o.limit < 1 || o.limit > 100000)
		lp_dief(LP_USAGE, "-l: from 1 to 100000");
	if (o.type != NULL && !task_types_ok(o.type))
		lp_dief(LP_USAGE, "--type: unknown task type '%s'", o.type);
	switch (lp_verb(argv[i], verbs, usage)) {
	case 0:
		return claim(&o);
	case 1:
		return settle(&o);
	case 2:
		return due(&o);
	case 3:
		return list(&o);
	case 4:
		return each(&o, argv + i + 1, false, show_one);
	case 5:
		return each(&o, argv + i + 1, true, cancel_one);
	case 6:
		return each(&o, argv + i + 1, true, retry_one);
	case 7:
		return prune(&o);
	default:
		return tick(&o, argv + i + 1);
	}
}
