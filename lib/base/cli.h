/*
 * cli.h - the options that mean the same in every program, and where the database is.
 * This is the one place of the library that looks at the environment for a program (the clock's LP_NOW apart).
 *
 * A program names the shared options that it takes, adds its own, and gets the rest of the command line back:
 *
 *	struct lp_opts o = { .limit = 100 };
 *	bool batch = false;
 *	const struct lp_opt own[] = { { .name = "batch", .flag = &batch }, { 0 } };
 *
 *	lp_init(argv[0]);
 *	i = lp_options(&o, argc, argv, "n j l m lead since", own, usage, help);
 *	verb = argv[i];
 *
 * Always there: -d --db, --now, -q --quiet, -v --verbose, -V --version, -h --help.
 * To be named in `takes`, by letter or else by long name:
 *	n dry-run · j json · l limit · P parallel · m reason · y yes · f follow · at · since · until · as-of ·
 *	lead · campaign · account · status · type · task · force
 * The word `nodb` leaves the database's path for later (lp_db_path): for programs that may do without one, also without a home.
 */
#ifndef LP_BASE_CLI_H
#define LP_BASE_CLI_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define LP_NO_TIME INT64_MIN

struct lp_opts {
	const char *db;          /* -d, else $LP_DB, else $XDG_DATA_HOME/leadpilot/leadpilot.db; filled by lp_options */
	bool dry, json, yes, follow, force;
	int64_t limit, parallel; /* left as they were where not given */
	const char *reason, *lead, *campaign, *account, *status, *type, *task; /* NULL, or text of argv */
	int64_t now;             /* ms: --now, else LP_NOW, else the wall clock */
	int64_t at, since, until, as_of; /* ms; LP_NO_TIME where not given */
};

/* An option of one program. Exactly one of flag, str, num is set. */
struct lp_opt {
	const char *name;        /* long name; NULL ends the table */
	char letter;             /* or 0 */
	bool *flag;
	const char **str;        /* text of argv */
	int64_t *num;            /* from least to most */
	int64_t least, most;
};

/* lp_options(o, argc, argv, takes, own, usage, help): parse; `own` may be NULL. Options may stand before, after and between the
 * operands, which end up last in argv; the index of the first is returned (argc where there is none). Whatever isn't right ends
 * the program with 64 and a line that says what; -h and -V end it with 0. */
int lp_options(struct lp_opts *, int argc, char *argv[], const char *takes, const struct lp_opt *own, const char *usage,
    const char *help);

/* lp_verb(word, verbs, usage): the place of `word` in a NULL-terminated list; NULL or an unknown one is a usage exit that names the nearest. */
int lp_verb(const char *word, const char *const *verbs, const char *usage);

/* lp_db_path(opt_d): the database's path as above. Belongs to the library, valid until the next call. Exits 78 without a home. */
const char *lp_db_path(const char *opt_d);

/* lp_who(): whose name stands under what a person said or did: $LOGNAME, else of the user id. Belongs to the library. */
const char *lp_who(void);

/* lp_editor(): the person's editor, $VISUAL, else $EDITOR, else NULL. lp_tmp(): where a text may lie for it: $TMPDIR, else /tmp. */
const char *lp_editor(void);
const char *lp_tmp(void);

/* lp_config_dir(): $XDG_CONFIG_HOME/leadpilot, else ~/.config/leadpilot; the same ownership. The file `env` there is cron's environment. */
const char *lp_config_dir(void);

/* lp_data_dir(): $XDG_DATA_HOME/leadpilot, else ~/.local/share/leadpilot; the same ownership. */
const char *lp_data_dir(void);

/* lp_beside(argv0, name): the absolute path of a program of the same installation: beside argv0, else on PATH; NULL where there is none. The caller frees. */
char *lp_beside(const char *argv0, const char *name);

/* lp_make_dirs(path): make what is missing of the directories above `path`, private (0700). What can't be made shows when it is used. */
void lp_make_dirs(const char *path);

/* lp_no_terminal(): a filter with a terminal on standard input says so and exits 64. */
void lp_no_terminal(const char *usage);

#endif
