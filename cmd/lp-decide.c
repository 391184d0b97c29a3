/* lp-decide - filter: what to do about each task, with reasoning and confidence. */
#include <stdio.h>

#include "agent/decide.h"
#include "base/cli.h"
#include "base/prog.h"

static const char usage[] = "lp-decide [-d file]";
static const char help[] = "  Reads tasks from lp-tasks claim, adds \"decision\", prints them.\n";

int
main(int argc, char *argv[])
{
	struct lp_opts o = { 0 };
	struct stage s = { .item = decide_item };
	struct lp_err err;
	int i, status;

	lp_init(argv[0]);
	i = lp_options(&o, argc, argv, "", NULL, usage, help);
	if (argv[i] != NULL)
		lp_usage(usage);
	lp_no_terminal(usage);
	if ((s.db = db_open(o.db, DB_WRITE, o.now, &err)) == NULL)
		lp_die(&err);
	status = stage_main(&s, 0);
	db_close(s.db);
	return status;
}
