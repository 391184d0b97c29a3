/* lp-start - let leave again what lp-stop holds: all, or one campaign, account or lead. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cli.h"
#include "base/prog.h"
#include "store/control.h"

static const char usage[] =
    "lp-start [-nqvyVh] [-d file] [-m reason] [--campaign campaign] [--account account] [--lead lead] [--now when]";
static const char help[] = "Lets leave what is due and allowed. The next tick of cron does the work. See lp-start(1).\n";

/* Whoever put the STOP file there may not be who starts: it goes only by a yes. */
static void
stop_file(const struct lp_opts *o)
{
	char *path = control_stop_file(o->db);
	bool yes = o->yes;
	int c;

	if (!yes && !o->dry && isatty(STDIN_FILENO) && isatty(STDERR_FILENO)) {
		fprintf(stderr, "The file '%s' stops the agent. Remove it? [y/N] ", path);
		c = getchar();
		yes = c == 'y' || c == 'Y';
	}
	if (!yes)
		lp_dief(LP_NOPERM, "the file '%s' stops the agent: remove it (-y does)", path);
	if (!o->dry && unlink(path) == -1)
		lp_dief(LP_IO, "%s: can't be removed", path);
	free(path);
}

static int
start_all(struct lp_db *db, const struct lp_opts *o, const struct control_target *t, size_t n, int changed[3], struct lp_err *err)
{
	int ok = 0;

	if (db_begin(db, err) == -1)
		return -1;
	for (size_t i = 0; ok != -1 && i < n; i++)
		ok = changed[i] = control_set(db, t[i].kind, t[i].seq, true, o->reason, err);
	return db_end(db, ok != -1 && !o->dry, ok != -1 ? err : NULL) == -1 || ok == -1 ? -1 : 0;
}

int
main(int argc, char *argv[])
{
	struct lp_opts o = { 0 };
	struct control_target t[3];
	struct lp_err err;
	struct lp_db *db;
	char *why = NULL;
	int changed[3];
	size_t n;

	lp_init(argv[0]);
	if (lp_options(&o, argc, argv, "n m y campaign account lead", NULL, usage, help) != argc)
		lp_usage(usage);
	if ((db = db_open(o.db, DB_WRITE, o.now, &err)) == NULL || control_targets(db, o.campaign, o.account, o.lead, t, &n, &err) == -1)
		lp_die(&err);
	if (t[0].kind == 0 && control_stop_file_there(o.db))
		stop_file(&o);
	if (start_all(db, &o, t, n, changed, &err) == -1)
		lp_die(&err);
	for (size_t i = 0; i < n; i++)
		lp_say("%s%s%s%s", o.dry && changed[i] == 1 ? "would be started: " : changed[i] == 1 ? "started: " : "is started already: ",
		    t[i].kind == 0 ? "the agent" : lp_kind_name(t[i].kind), t[i].word != NULL ? " " : "", t[i].word != NULL ? t[i].word : "");
	/* one thing started does not move while all is stopped */
	if (t[0].kind != 0 && control_stopped(db, &why, &err) == 1)
		lp_warn("nothing leaves yet: the agent is %s (lp-start without options starts it)", why);
	free(why);
	db_close(db);
	return LP_OK;
}
