/* lp-decide - filter: what to do about each task, with reasoning and confidence. */
#include <stdio.h>
#include <string.h>

#include "agent/ask.h"
#include "agent/decide.h"
#include "agent/decide_model.h"
#include "base/cli.h"
#include "base/prog.h"

static const char usage[] = "lp-decide [-P n] [--unordered] [-d file]\n"
                            "       lp-decide [-d file] prompt";
static const char help[] = "  (bare)       reads tasks from lp-tasks claim, adds \"decision\", prints them\n"
                           "  prompt       what a model would be sent about each task; nobody is asked, nothing is written\n"
                           "  -P N         at most N questions to a model at once (4)\n"
                           "  --unordered  print lines as they are decided, not in the order in which they came\n";

static int
filter(const struct lp_opts *o, bool unordered, bool show)
{
	struct deciding d = { .show = show };
	struct stage s = { .item = decide_item, .after = decide_after, .ctx = &d, .unordered = unordered };
	struct lp_err err;
	int status;

	lp_no_terminal(usage);
	if ((s.db = db_open(o->db, DB_WRITE, o->now, &err)) == NULL)
		lp_die(&err);
	d.asker = asker_new(s.db, (int)o->parallel);
	status = stage_main(&s, 0);
	asker_free(d.asker);
	db_close(s.db);
	return status;
}

int
main(int argc, char *argv[])
{
	static const char *const verbs[] = { "prompt", NULL };
	struct lp_opts o = { .parallel = 4 };
	bool unordered = false;
	const struct lp_opt own[] = { { .name = "unordered", .flag = &unordered }, { 0 } };
	int i;

	lp_init(argv[0]);
	i = lp_options(&o, argc, argv, "P", own, usage, help);
	if (argc - i > 1)
		lp_usage(usage);
	if (o.parallel < 1 || o.parallel > 256)
		lp_dief(LP_USAGE, "-P: from 1 to 256");
	return filter(&o, unordered, argv[i] != NULL && lp_verb(argv[i], verbs, usage) == 0);
}
