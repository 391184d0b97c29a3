/* lp-draft - filter: the text of what is to be sent; plans sequences; writes the report. */
#include <stdio.h>

#include "agent/draft.h"
#include "base/cli.h"
#include "base/prog.h"

static const char usage[] = "lp-draft [-d file]";
static const char help[] = "  Reads decided tasks, adds \"draft\", prints them.\n";

int
main(int argc, char *argv[])
{
	struct lp_opts o = { 0 };
	struct stage s = { .item = draft_item };
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
