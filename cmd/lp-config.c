/* lp-config - set up, look at and change what LeadPilot goes by. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cli.h"
#include "base/clock.h"
#include "base/hours.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/prog.h"
#include "store/config.h"
#include "store/control.h"

static const char usage[] =
    "lp-config verb [argument ...] [-jnqvVh] [-d file] [-m reason] [--at when] [--batch] [--force] [--simulated] [--seed text] [--now when]";
static const char help[] =
    "  init [KEY=VALUE ...]   make a database (--simulated: one whose clock may be set, --seed)\n"
    "  show [KEY ...]         the configuration (-v with a word on each key)\n"
    "  set KEY=VALUE ...      change it, all or nothing\n"
    "  load FILE              make it equal to the section config: of a YAML file (-n shows the difference)\n"
    "  dump                   print that section\n"
    "  hours                  open now? next opening? (--at WHEN; --batch judges schedules given as JSON Lines)\n"
    "  cron                   print the line for this machine's crontab\n"
    "  migrate                bring an older database up to date\n"
    "  backup FILE            copy the database while it is in use\n";

struct ctx {
	struct lp_opts o;
	char **args;            /* after the verb, NULL-terminated */
	bool batch, simulated;
	const char *seed;
	const char *argv0;
};

static struct lp_db *
open_db(struct ctx *x, enum db_mode mode)
{
	struct lp_err err;
	struct lp_db *db = db_open(lp_db_path(x->o.db), mode, x->o.now, &err);

	if (db == NULL)
		lp_die(&err);
	return db;
}

/* KEY=VALUE arguments, judged. Every wrong one is told before the program ends: one run shows all there is to mend. */
static struct config_change *
pairs(char **args, size_t *n)
{
	struct config_change *c;
	struct lp_err err;
	bool bad = false;
	char *key, *eq;

	for (*n = 0; args[*n] != NULL; (*n)++)
		;
	c = xcalloc(*n + 1, sizeof(*c));
	for (size_t i = 0; i < *n; i++) {
		if ((eq = strchr(args[i], '=')) == NULL)
			lp_dief(LP_USAGE, "'%s' is not KEY=VALUE", args[i]);
		key = xstrndup(args[i], (size_t)(eq - args[i]));
		c[i].key = config_find(key, &err);
		if (c[i].key == NULL || config_value(c[i].key, eq + 1, &c[i].stored, &err) == -1) {
			lp_warn("%s", err.msg);
			bad = true;
		}
		free(key);
	}
	if (bad)
		exit(LP_USAGE);
	return c;
}

static void
free_pairs(struct config_change *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(c[i].stored);
	free(c);
}

/* Apply in a transaction of its own; `loaded` remembers the result as the file's. */
static int
apply(struct lp_db *db, const struct config_change *c, size_t n, const char *why, bool loaded, struct lp_err *err)
{
	int r;

	if (db_begin(db, err) == -1)
		return -1;
	r = config_apply(db, c, n, why, err);
	if (r != -1 && loaded && config_file_loaded(db, err) == -1)
		r = -1;
	return db_end(db, r != -1, r != -1 ? err : NULL) == -1 ? -1 : r;
}

/* init */

static char *
ask(const char *question, const char *dflt)
{
	char line[512];

	fprintf(stderr, *dflt != '\0' ? "%s [%s]: " : "%s: ", question, dflt);
	if (fgets(line, sizeof(line), stdin) == NULL)
		return xstrdup(dflt);
	line[strcspn(line, "\n")] = '\0';
	return xstrdup(line[0] != '\0' ? line : dflt);
}

static void
ask_key(const char *name, const char *question, const char *dflt, struct config_change *c)
{
	struct lp_err err;
	char *answer;

	c->key = config_find(name, &err);
	for (;;) {
		answer = ask(question, dflt);
		if (config_value(c->key, answer, &c->stored, &err) == 0)
			break;
		fprintf(stderr, "%s\n", err.msg);
		if (feof(stdin))
			lp_die(&err);
		free(answer);
	}
	free(answer);
}

static int
do_init(struct ctx *x)
{
	const char *path = lp_db_path(x->o.db), *env = getenv("LP_DB");
	struct config_change *given, *c;
	char zone[TZ_NAME_SIZE];
	struct lp_err err;
	size_t n, have = 0;

	given = pairs(x->args, &n);
	if (lp_now_is_set() && !x->simulated)
		lp_dief(LP_CONFIG, "the clock is set (LP_NOW or --now): unset it, or init --simulated");
	if (x->seed != NULL && !x->simulated)
		lp_dief(LP_USAGE, "--seed goes with --simulated: a real file's seed must not be guessed");
	if (access(path, F_OK) == 0)
		lp_dief(LP_CANTCREAT, "%s: exists already", path);
	tz_system(zone);
	c = xcalloc(n + 3, sizeof(*c));
	if (isatty(STDIN_FILENO) && isatty(STDERR_FILENO) && n == 0) {
		ask_key("name", "A name for the agent", "LeadPilot Agent", &c[have++]);
		ask_key("schedule_timezone", "Time zone of its working hours", zone, &c[have++]);
		ask_key("notify_email", "Notices go to (an address, or nothing)", "", &c[have++]);
	} else {
		c[have].key = config_find("schedule_timezone", &err);
		c[have++].stored = xstrdup(zone);
	}
	memcpy(c + have, given, n * sizeof(*c)); /* later ones win */
	free(given);
	have += n;
	/* the directory of the usual place is made with the file; a place of one's own must be there */
	if (x->o.db == NULL && (env == NULL || *env == '\0'))
		lp_make_dirs(path);
	if (config_create(path, x->simulated, x->simulated && x->seed == NULL ? "leadpilot" : x->seed, x->o.now, c, have, &err) == -1)
		lp_die(&err);
	free_pairs(c, have);
	lp_say("%s made%s; next: lp-accounts add, lp-doctor", path, x->simulated ? " (simulated)" : "");
	return LP_OK;
}

/* show, set, load, dump */

static int
do_show(struct ctx *x)
{
	struct lp_db *db = open_db(x, DB_READ);
	cJSON *o = cJSON_CreateObject();
	struct lp_config state;
	struct lp_err err;
	char **values, *s;
	bool *wanted = xcalloc(config_nkeys, sizeof(*wanted));
	size_t named = 0;

	for (; x->args[named] != NULL; named++) {
		const struct config_key *k = config_find(x->args[named], &err);

		if (k == NULL)
			lp_die(&err);
		wanted[k - config_keys] = true;
	}
	if (config_values(db, &values, &err) == -1 || config_load(db, &state, &err) == -1)
		lp_die(&err);
	for (size_t i = 0; i < config_nkeys; i++) {
		const struct config_key *k = &config_keys[i];

		if (named > 0 && !wanted[i])
			continue;
		s = config_shown(k, values[i]);
		if (x->o.json)
			json_set(o, k->name, config_as_json(k, values[i]));
		else if (named == 1)
			printf("%s\n", s);
		else if (lp_verbose)
			printf("%-26s %-40s %s\n", k->name, s, k->help);
		else
			printf(*s != '\0' ? "%-26s %s\n" : "%s\n", k->name, s);
		free(s);
	}
	if (x->o.json && named == 0) {
		json_set_bool(o, "is_enabled", state.is_enabled);
		json_set_num(o, "version", (double)state.version);
		json_set_bool(o, "simulated", db_simulated(db));
	}
	if (x->o.json)
		jsonl_put(o);
	cJSON_Delete(o);
	free(wanted);
	config_values_free(values);
	config_clear(&state);
	db_close(db);
	return LP_OK;
}

static void
print_diff(struct lp_db *db, const struct config_change *c, size_t n)
{
	struct lp_err err;
	char *text;

	if (config_diff(db, c, n, &text, &err) == -1)
		lp_die(&err);
	fputs(text, stdout);
	free(text);
}

/* What would be refused is refused in a rehearsal too, so it is done whole and taken back. */
static int
rehearse(struct lp_db *db, const struct config_change *c, size_t n, struct lp_err *err)
{
	int r;

	print_diff(db, c, n);
	if (db_begin(db, err) == -1)
		return -1;
	r = config_apply(db, c, n, NULL, err);
	return db_end(db, false, r != -1 ? err : NULL) == -1 ? -1 : r;
}

static int
do_set(struct ctx *x)
{
	struct config_change *c;
	struct lp_err err;
	struct lp_db *db;
	size_t n;
	int r;

	c = pairs(x->args, &n);
	if (n == 0)
		lp_usage(usage);
	db = open_db(x, DB_WRITE);
	r = x->o.dry ? rehearse(db, c, n, &err) : apply(db, c, n, x->o.reason, false, &err);
	if (r == -1) {
		if (err.kind == LP_DATA)
			err.kind = LP_USAGE; /* the input is the command line */
		lp_die(&err);
	}
	if (!x->o.dry)
		lp_say("%d changed", r);
	free_pairs(c, n);
	db_close(db);
	return LP_OK;
}

static int
do_load(struct ctx *x)
{
	struct config_file f;
	struct lp_err err;
	struct ydoc *doc;
	struct lp_db *db;
	int r;

	if (x->args[0] == NULL || x->args[1] != NULL)
		lp_usage(usage);
	if ((doc = yaml_load(x->args[0], &err)) == NULL || config_file_read(doc, &f, &err) == -1)
		lp_die(&err);
	db = open_db(x, DB_WRITE);
	if (!x->o.force && config_file_check(db, &f, &err) == -1) {
		if (x->o.dry)
			print_diff(db, f.changes, f.n);
		lp_die(&err);
	}
	r = x->o.dry ? rehearse(db, f.changes, f.n, &err) :
		       apply(db, f.changes, f.n, x->o.reason != NULL ? x->o.reason : "load", true, &err);
	if (r == -1) {
		if (err.kind == LP_DATA)
			lp_err_prefix(&err, "%s", x->args[0]);
		lp_die(&err);
	}
	if (!x->o.dry)
		lp_say("%d changed", r);
	config_file_free(&f);
	ydoc_free(doc);
	db_close(db);
	return LP_OK;
}

static int
do_dump(struct ctx *x)
{
	struct lp_db *db = open_db(x, DB_READ);
	struct lp_err err;
	char *yaml;

	if (config_dump(db, &yaml, &err) == -1)
		lp_die(&err);
	fputs(yaml, stdout);
	free(yaml);
	db_close(db);
	return LP_OK;
}

/* hours */

static int
batch_line(const char *s, size_t n, int64_t now, struct lp_err *err)
{
	cJSON *in = json_object(s, n, err), *out = in != NULL ? hours_judge(in, now, err) : NULL;

	if (out != NULL)
		jsonl_put(out);
	cJSON_Delete(out);
	cJSON_Delete(in);
	return out != NULL ? 0 : -1;
}

static int
batch(int64_t now)
{
	struct lines in;
	struct lp_err err;
	const char *s;
	size_t n;
	int r, status = LP_OK;

	lp_no_terminal(usage);
	lines_init(&in, 0, "-");
	while ((r = lines_next(&in, &s, &n, &err)) != 0) {
		if (r == 1 && batch_line(s, n, now, &err) == 0)
			continue;
		if (err.kind != LP_DATA)
			lp_die(&err);
		lp_warn("stdin:%zu: %s", in.number, err.msg);
		status = LP_DATA;
	}
	lines_free(&in);
	return status;
}

static void
say_when(const char *word, const char *zone, int64_t ms)
{
	struct tz_civil c;
	struct lp_err err;

	if (ms == HOURS_NEVER)
		printf("%s never\n", word);
	else if (tz_local(zone, ms, &c, &err) == -1)
		lp_die(&err);
	else
		printf("%s %s %04d-%02d-%02d %02d:%02d (%s)\n", word, hours_day_name(c.weekday), c.year, c.month, c.day, c.hour, c.minute, zone);
}

static int
do_hours(struct ctx *x)
{
	int64_t at = x->o.at != LP_NO_TIME ? x->o.at : x->o.now, next, close;
	struct lp_config c;
	struct lp_err err;
	struct lp_db *db;
	cJSON *o;
	int open;

	if (x->args[0] != NULL)
		lp_usage(usage);
	if (x->batch)
		return batch(at);
	db = open_db(x, DB_READ);
	if (config_load(db, &c, &err) == -1 || (open = hours_open(&c.hours, at, &err)) == -1 ||
	    hours_next_open(&c.hours, at, &next, &err) == -1 || hours_next_close(&c.hours, at, &close, &err) == -1)
		lp_die(&err);
	if (x->o.json) {
		o = hours_answer(open, next);
		jsonl_put(o);
		cJSON_Delete(o);
	} else if (open)
		say_when("open, closes", c.hours.timezone, close);
	else
		say_when("closed, opens", c.hours.timezone, next);
	config_clear(&c);
	db_close(db);
	return LP_OK;
}

/* cron, migrate, backup */

/* As one word of sh(1) in a crontab, where % would end the line. */
static void
print_word(const char *s)
{
	bool plain = s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+,:@")] == '\0';

	fputs(plain ? "" : "'", stdout);
	for (; *s != '\0'; s++)
		if (*s == '\'')
			fputs("'\\''", stdout);
		else if (*s == '%')
			fputs("\\%", stdout);
		else
			putchar(*s);
	fputs(plain ? "" : "'", stdout);
}

static int
do_cron(struct ctx *x)
{
	char *tick = lp_beside(x->argv0, "lp-tick"), *db = realpath(lp_db_path(x->o.db), NULL);
	const char *config = getenv("XDG_CONFIG_HOME");

	if (db == NULL)
		lp_dief(LP_NOINPUT, "%s: no such database: `lp-config init` makes one", lp_db_path(x->o.db));
	if (tick == NULL)
		lp_dief(LP_CONFIG, "lp-tick is neither beside this program nor on PATH");
	fputs("*/5 * * * * ", stdout);
	if (config != NULL && *config == '/') {
		fputs("XDG_CONFIG_HOME=", stdout);
		print_word(config);
		putchar(' ');
	}
	fputs("LP_DB=", stdout);
	print_word(db);
	putchar(' ');
	print_word(tick);
	putchar('\n');
	free(tick);
	free(db);
	return LP_OK;
}

static int
do_migrate(struct ctx *x)
{
	struct lp_err err;
	int from, to;

	if (x->args[0] != NULL)
		lp_usage(usage);
	if (db_migrate(lp_db_path(x->o.db), &from, &to, &err) == -1)
		lp_die(&err);
	if (from == to)
		lp_say("schema %d is up to date", to);
	else
		lp_say("schema %d is now %d", from, to);
	return LP_OK;
}

static int
do_backup(struct ctx *x)
{
	struct lp_err err;

	if (x->args[0] == NULL || x->args[1] != NULL)
		lp_usage(usage);
	if (db_backup(lp_db_path(x->o.db), x->args[0], &err) == -1)
		lp_die(&err);
	lp_say("%s written", x->args[0]);
	return LP_OK;
}

int
main(int argc, char *argv[])
{
	static const char *const verbs[] = { "init", "show", "set", "load", "dump", "hours", "cron", "migrate", "backup", NULL };
	static int (*const run[])(struct ctx *) = { do_init, do_show, do_set, do_load, do_dump, do_hours, do_cron, do_migrate, do_backup };
	struct ctx x = { .argv0 = argv[0] };
	const struct lp_opt own[] = { { .name = "batch", .flag = &x.batch }, { .name = "simulated", .flag = &x.simulated },
		{ .name = "seed", .str = &x.seed }, { 0 } };
	int i;

	lp_init(argv[0]);
	i = lp_options(&x.o, argc, argv, "nodb n j m at force", own, usage, help);
	x.args = argv + i + (i < argc);
	return run[lp_verb(argv[i], verbs, usage)](&x);
}
