/* lp-stop - nothing leaves from now on: of all, or of one campaign, account or lead. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cli.h"
#include "base/json.h"
#include "base/prog.h"
#include "store/control.h"

static const char usage[] =
    "lp-stop [-jnqvVh] [-d file] [-m reason] [--campaign campaign] [--account account] [--lead lead] [--now when]";
static const char help[] = "Nothing leaves from now on, also from pipelines at work. Reading and opt-outs go on. See lp-stop(1).\n";

static void
say_count(int64_t n, const char *what, const char *hint)
{
	if (n > 0)
		printf("%6" PRId64 " %s%s\n", n, what, hint);
}

/* What it could not stop any more, and what it holds: the reason why one looks, so it is told in a pipe too. */
static void
report(const struct control_target *t, const struct control_counts *c, bool dry, bool json)
{
	cJSON *o;

	if (json) {
		o = cJSON_CreateObject();
		json_set_str(o, "stopped", t->kind == 0 ? "agent" : lp_kind_name(t->kind));
		json_set_str(o, "name", t->word);
		json_set_bool(o, "done", !dry);
		json_set_num(o, "on_wire", (double)c->wire);
		json_set_num(o, "unknown", (double)c->unknown);
		json_set_num(o, "running", (double)c->running);
		json_set_num(o, "pending", (double)c->pending);
		json_set_num(o, "awaiting_approval", (double)c->approval);
		json_set_num(o, "to_mend", (double)c->mend);
		jsonl_put(o);
		cJSON_Delete(o);
		return;
	}
	printf("%s%s%s%s: nothing leaves from now on\n", dry ? "would be stopped: " : "stopped: ", t->kind == 0 ? "all" : lp_kind_name(t->kind),
	    t->word != NULL ? " " : "", t->word != NULL ? t->word : "");
	say_count(c->wire, "on the wire", ": reserved before, may still arrive");
	say_count(c->unknown, "not known to have left or not", ": lp-send resolve");
	say_count(c->running, "in a pipeline at work", ": reserve nothing any more");
	say_count(c->pending, "held, planned", "");
	say_count(c->approval, "held, waiting for approval", "");
	say_count(c->mend, "held, to be mended", "");
}

static int
stop_all(struct lp_db *db, const struct lp_opts *o, const struct control_target *t, size_t n, struct lp_err *err)
{
	int ok = 0;

	if (o->dry)
		return 0;
	if (db_begin(db, err) == -1)
		return -1;
	for (size_t i = 0; ok != -1 && i < n; i++)
		ok = control_set(db, t[i].kind, t[i].seq, false, o->reason, err);
	return db_end(db, ok != -1, ok != -1 ? err : NULL) == -1 || ok == -1 ? -1 : 0;
}

/* The database can't be written, or not by us: the file beside it stops as well. */
static int
by_file(const struct lp_opts *o, const struct lp_err *why)
{
	struct lp_err err;
	char *path;

	if (o->dry || o->campaign != NULL || o->account != NULL || o->lead != NULL || why->kind == LP_NOINPUT)
		lp_die(why);
	if (control_stop_file_make(o->db, &err) == -1) {
		lp_warn("NOT STOPPED: %s", why->msg);
		lp_die(&err);
	}
	path = control_stop_file(o->db);
	lp_warn("%s; so the file '%s' was made: nothing leaves while it is there", why->msg, path);
	free(path);
	return why->kind;
}

int
main(int argc, char *argv[])
{
	struct lp_opts o = { 0 };
	struct control_target t[3];
	struct control_counts c;
	struct lp_err err;
	struct lp_db *db;
	size_t n;

	lp_init(argv[0]);
	if (lp_options(&o, argc, argv, "n j m campaign account lead", NULL, usage, help) != argc)
		lp_usage(usage);
	if ((db = db_open(o.db, o.dry ? DB_READ : DB_WRITE, o.now, &err)) == NULL)
		return by_file(&o, &err);
	if (control_targets(db, o.campaign, o.account, o.lead, t, &n, &err) == -1)
		lp_die(&err);
	if (stop_all(db, &o, t, n, &err) == -1)
		return by_file(&o, &err);
	for (size_t i = 0; i < n; i++) {
		if (control_counts(db, t[i].kind, t[i].seq, &c, &err) == -1)
			lp_die(&err);
		if (!lp_quiet || o.json)
			report(&t[i], &c, o.dry, o.json);
	}
	db_close(db);
	return LP_OK;
}
