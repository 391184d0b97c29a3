/* lp-draft - filter: the text of what is to be sent; plans sequences; writes the report. */
#include <stdio.h>

#include "agent/ask.h"
#include "agent/draft.h"
#include "agent/draft_model.h"
#include "base/cli.h"
#include "base/prog.h"

static const char usage[] = "lp-draft [-P n] [--unordered] [-d file]\n"
                            "       lp-draft [-d file] prompt";
static const char help[] = "  Reads decided tasks, adds \"draft\", prints them.\n\n"
                           "  prompt       what a model would be sent to write from a brief; nobody is asked, nothing is written\n"
                           "  -P N         at most N questions to a model at once (4)\n"
                           "  --unordered  print lines as they are written, not in the order in which they came\n";

int
main(int argc, char *argv[])
{
	static const char *const verbs[] = { "prompt", NULL };
	struct lp_opts o = { .parallel = 4 };
	struct drafting d = { 0 };
	struct stage s = { .item = draft_item, .after = draft_after, .ctx = &d };
	const struct lp_opt own[] = { { .name = "unordered", .flag = &s.unordered }, { 0 } };
	struct lp_err err;
	int i, status;

	lp_init(argv[0]);
	i = lp_options(&o, argc, argv, "P", own, usage, help);
	d.show = argv[i] != NULL && lp_verb(argv[i], verbs, usage) == 0;
	if (argv[i] != NULL && argv[i + 1] != NULL)
		lp_usage(usage);
	if (o.parallel < 1 || o.parallel > 256)
		lp_dief(LP_USAGE, "-P: from 1 to 256");
	lp_no_terminal(usage);
	if ((s.db = db_open(o.db, DB_WRITE, o.now, &err)) == NULL)
		lp_die(&err);
	d.asker = asker_new(s.db, (int)o.parallel);
	status = stage_main(&s, 0);
	asker_free(d.asker);
	db_close(s.db);
	return status;
}
