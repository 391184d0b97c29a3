/* lp-decide - filter: what to do about each task, with reasoning and confidence; by itself, what a reply is. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/ask.h"
#include "agent/classify_hand.h"
#include "agent/classifying.h"
#include "agent/decide.h"
#include "agent/decide_model.h"
#include "base/cli.h"
#include "base/prog.h"
#include "store/config.h"

static const char usage[] = "lp-decide [-P n] [--unordered] [-d file]\n"
                            "       lp-decide [-d file] prompt\n"
                            "       lp-decide [-P n] [-d file] [--now when] classify [file ...]";
static const char help[] = "  (bare)       reads tasks from lp-tasks claim, adds \"decision\", prints them\n"
                           "  prompt       what a model would be sent about each task; nobody is asked, nothing is written\n"
                           "  classify     what a reply is, from {\"subject\",\"text\",\"original\"} a line; needs no database;\n"
                           "               with -d, the file's model is asked where that isn't sure\n"
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
	if ((s.db = db_open(lp_db_path(o->db), DB_WRITE, o->now, &err)) == NULL)
		lp_die(&err);
	d.asker = asker_new(s.db, (int)o->parallel);
	status = stage_main(&s, 0);
	asker_free(d.asker);
	db_close(s.db);
	return status;
}

/* With a file that has a model, that one is asked too. */
static struct lp_db *
second_opinions(const struct lp_opts *o, struct classify_hand *h)
{
	struct config_models m;
	struct lp_err err;
	struct lp_db *db = db_open(o->db, DB_READ, o->now, &err);

	if (db == NULL || config_models(db, &m, &err) == -1)
		lp_die(&err);
	h->threshold = m.offline_threshold;
	if (strcmp(m.first.provider, "offline") != 0) {
		db_close(db);
		if ((db = db_open(o->db, DB_WRITE, o->now, &err)) == NULL)
			lp_die(&err);
		h->db = db;
		h->asker = asker_new(db, (int)o->parallel);
	}
	config_models_clear(&m);
	return db;
}

static int
classify_all(const struct lp_opts *o, char *files[], int n)
{
	static char *in[] = { "-" };
	struct classify_hand h = { .now = o->now };
	struct lp_db *db = o->db != NULL ? second_opinions(o, &h) : NULL;
	struct classifier *c;
	struct lp_err err;
	int status = LP_OK, fd, bad;

	if (n == 0) {
		lp_no_terminal(usage);
		files = in;
		n = 1;
	}
	if ((c = classifier_of(db, &err)) == NULL)
		lp_die(&err);
	h.classifier = c;
	for (int i = 0; i < n; i++) {
		if (strcmp(files[i], "-") == 0)
			fd = STDIN_FILENO;
		else if ((fd = open(files[i], O_RDONLY | O_CLOEXEC)) == -1) {
			lp_warn("can't open '%s': %s", files[i], strerror(errno));
			status = LP_NOINPUT;
			continue;
		}
		bad = LP_OK;
		if (classify_hand(&h, fd, files[i], &bad, &err) == -1)
			lp_die(&err);
		if (status == LP_OK)
			status = bad;
		if (fd != STDIN_FILENO)
			close(fd);
	}
	asker_free(h.asker);
	classifier_free(c);
	db_close(db);
	return status;
}

int
main(int argc, char *argv[])
{
	static const char *const verbs[] = { "prompt", "classify", NULL };
	struct lp_opts o = { .parallel = 4 };
	bool unordered = false;
	const struct lp_opt own[] = { { .name = "unordered", .flag = &unordered }, { 0 } };
	int i, verb;

	lp_init(argv[0]);
	i = lp_options(&o, argc, argv, "P nodb", own, usage, help);
	verb = i < argc ? lp_verb(argv[i], verbs, usage) : -1;
	if (verb != 1 && argc - i > 1)
		lp_usage(usage);
	if (o.parallel < 1 || o.parallel > 256)
		lp_dief(LP_USAGE, "-P: from 1 to 256");
	return verb == 1 ? classify_all(&o, argv + i + 1, argc - i - 1) : filter(&o, unordered, verb == 0);
}
