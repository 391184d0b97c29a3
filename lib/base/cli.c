#include "base/cli.h"

#include <getopt.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/duration.h"
#include "base/mem.h"
#include "base/prog.h"

enum { OPT_MAX = 64, LONG_ONLY = 256, NOW = LONG_ONLY, AT, SINCE, UNTIL, AS_OF, LEAD, CAMPAIGN, ACCOUNT, STATUS, TYPE, TASK,
	FORCE, OWN };

static const struct shared {
	const char *name;
	int code; /* the letter, or one of the enum */
	bool arg, always;
} shared[] = {
	{ "db", 'd', true, true },
	{ "now", NOW, true, true },
	{ "quiet", 'q', false, true },
	{ "verbose", 'v', false, true },
	{ "version", 'V', false, true },
	{ "help", 'h', false, true },
	{ "dry-run", 'n', false, false },
	{ "json", 'j', false, false },
	{ "limit", 'l', true, false },
	{ "parallel", 'P', true, false },
	{ "reason", 'm', true, false },
	{ "yes", 'y', false, false },
	{ "follow", 'f', false, false },
	{ "at", AT, true, false },
	{ "since", SINCE, true, false },
	{ "until", UNTIL, true, false },
	{ "as-of", AS_OF, true, false },
	{ "lead", LEAD, true, false },
	{ "campaign", CAMPAIGN, true, false },
	{ "account", ACCOUNT, true, false },
	{ "status", STATUS, true, false },
	{ "type", TYPE, true, false },
	{ "task", TASK, true, false },
	{ "force", FORCE, false, false },
};

struct table {
	struct option longs[OPT_MAX + 1];
	const char *names[OPT_MAX + 1]; /* for "did you mean" */
	char letters[2 * OPT_MAX + 3];
	size_t n, nletters;
};

static bool
word_in(const char *word, const char *list)
{
	const char *p = list;
	size_t n;

	while (p != NULL && *(p += strspn(p, " ")) != '\0') {
		n = strcspn(p, " ");
		if (strlen(word) == n && strncmp(p, word, n) == 0)
			return true;
		p += n;
	}
	return false;
}

/* Is the option, by its letter or its long name, a word of the list? */
static bool
taken(const struct shared *s, const char *takes)
{
	const char letter[2] = { s->code < LONG_ONLY ? (char)s->code : '\0', '\0' };

	return word_in(s->name, takes) || (letter[0] != '\0' && word_in(letter, takes));
}

static void
add(struct table *t, const char *name, int letter, int code, bool arg)
{
	if (t->n == OPT_MAX)
		abort(); /* a program with that many options has a bug */
	t->names[t->n] = name;
	t->longs[t->n++] = (struct option){ name, arg ? required_argument : no_argument, NULL, code };
	if (letter != 0) {
		t->letters[t->nletters++] = (char)letter;
		if (arg)
			t->letters[t->nletters++] = ':';
	}
}

static void
fill(struct table *t, const char *takes, const struct lp_opt *own)
{
	memset(t, 0, sizeof(*t));
	t->letters[t->nletters++] = ':'; /* a missing argument is told apart, and getopt is silent */
	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++)
		if (shared[i].always || taken(&shared[i], takes))
			add(t, shared[i].name, shared[i].code < LONG_ONLY ? shared[i].code : 0, shared[i].code, shared[i].arg);
	for (int i = 0; own != NULL && own[i].name != NULL; i++)
		add(t, own[i].name, own[i].letter, OWN + i, own[i].flag == NULL);
}

static int64_t
when(const char *text, int64_t now, const char *option)
{
	struct lp_err err;
	int64_t ms;

	if (lp_when(text, now, &ms, &err) == -1)
		lp_dief(LP_USAGE, "%s: %s", option, err.msg);
	return ms;
}

/* The program's own option of that code, or NULL. A short one comes with its letter, a long one with its place. */
static const struct lp_opt *
own_find(const struct lp_opt *own, int code)
{
	if (code >= OWN)
		return &own[code - OWN];
	for (; own != NULL && own->name != NULL; own++)
		if (own->letter == code)
			return own;
	return NULL;
}

static void
own_option(const struct lp_opt *own, const char *arg)
{
	char what[64];

	if (own->flag != NULL)
		*own->flag = true;
	else if (own->str != NULL)
		*own->str = arg;
	else {
		snprintf(what, sizeof(what), "--%s", own->name);
		*own->num = lp_num(arg, own->least, own->most, what);
	}
}

/* A shared option that isn't about time. */
static void
plain_option(struct lp_opts *o, int code, const char *arg)
{
	struct lp_err err;

	switch (code) {
	case 'd': o->db = arg; break;
	case 'q': lp_quiet = true; break;
	case 'v': lp_verbose = true; break;
	case 'V': lp_version();
	case 'n': o->dry = true; break;
	case 'j': o->json = true; break;
	case 'y': o->yes = true; break;
	case 'f': o->follow = true; break;
	case 'm': o->reason = arg; break;
	case 'l': o->limit = lp_num(arg, 0, INT64_C(1000000000), "-l"); break;
	case 'P': o->parallel = lp_num(arg, 1, 1000, "-P"); break;
	case FORCE: o->force = true; break;
	case LEAD: o->lead = arg; break;
	case CAMPAIGN: o->campaign = arg; break;
	case ACCOUNT: o->account = arg; break;
	case STATUS: o->status = arg; break;
	case TYPE: o->type = arg; break;
	case TASK: o->task = arg; break;
	case NOW:
		if (lp_now_set(arg, &err) == -1)
			lp_die(&err);
		break;
	default: break;
	}
}

static _Noreturn void
bad_option(const struct table *t, int c, const char *arg, const char *usage)
{
	const char *near;

	if (c == ':')
		lp_warn("option '%s' wants a value", arg);
	else if (optopt == 0) { /* a long one: getopt knows no letter for it */
		near = lp_did_you_mean(arg + 2, t->names);
		lp_warn(near != NULL ? "unknown option '%s' (did you mean '--%s'?)" : "unknown option '%s'", arg, near);
	} else if (strncmp(arg, "--", 2) == 0 && strchr(arg, '=') != NULL)
		lp_warn("option '%s' takes no value", arg);
	else
		lp_warn("unknown option '-%c'", optopt);
	lp_usage(usage);
}

int
lp_options(struct lp_opts *o, int argc, char *argv[], const char *takes, const struct lp_opt *own, const char *usage,
    const char *help)
{
	static const char *const time_names[] = { "--at", "--since", "--until", "--as-of" };
	const char *times[4] = { NULL, NULL, NULL, NULL };
	int64_t *at[4] = { &o->at, &o->since, &o->until, &o->as_of };
	const struct lp_opt *mine;
	struct lp_err err;
	struct table t;
	int c;

	fill(&t, takes, own);
	opterr = 0;
	while ((c = getopt_long(argc, argv, t.letters, t.longs, NULL)) != -1) {
		if (c == '?' || c == ':')
			bad_option(&t, c, argv[optind - 1], usage);
		else if ((mine = own_find(own, c)) != NULL)
			own_option(mine, optarg);
		else if (c == 'h')
			lp_help(usage, help);
		else if (c >= AT && c <= AS_OF)
			times[c - AT] = optarg; /* relative ones wait until --now is known */
		else
			plain_option(o, c, optarg);
	}
	if (lp_now(&o->now, &err) == -1)
		lp_die(&err);
	for (size_t i = 0; i < 4; i++)
		*at[i] = times[i] != NULL ? when(times[i], o->now, time_names[i]) : LP_NO_TIME;
	if (!word_in("nodb", takes))
		o->db = lp_db_path(o->db);
	return optind;
}

int
lp_verb(const char *word, const char *const *verbs, const char *usage)
{
	const char *near;

	if (word == NULL)
		lp_usage(usage);
	for (int i = 0; verbs[i] != NULL; i++)
		if (strcmp(verbs[i], word) == 0)
			return i;
	near = lp_did_you_mean(word, verbs);
	lp_warn(near != NULL ? "unknown verb '%s' (did you mean '%s'?)" : "unknown verb '%s'", word, near);
	lp_usage(usage);
}

/* $XDG_whatever/leadpilot, else $HOME/dflt/leadpilot. A relative XDG directory is ignored, as its specification asks. */
static char *
xdg(const char *variable, const char *dflt, const char *what)
{
	const char *base = getenv(variable), *home = getenv("HOME");

	if (base != NULL && *base == '/')
		return xasprintf("%s/leadpilot", base);
	if (home == NULL || *home != '/')
		lp_dief(LP_CONFIG, "no %s: neither %s nor HOME is set", what, variable);
	return xasprintf("%s/%s/leadpilot", home, dflt);
}

const char *
lp_db_path(const char *opt_d)
{
	static char *path; /* reachable to the end: argv and this outlive every user */
	const char *env = getenv("LP_DB");
	char *dir;

	if (opt_d != NULL && *opt_d == '\0')
		lp_dief(LP_USAGE, "-d: the name of the database is empty");
	if (opt_d != NULL)
		return opt_d;
	if (env != NULL && *env != '\0')
		return env;
	dir = xdg("XDG_DATA_HOME", ".local/share", "database (give -d FILE or set LP_DB)");
	free(path);
	path = xasprintf("%s/leadpilot.db", dir);
	free(dir);
	return path;
}

const char *
lp_who(void)
{
	static char who[64];
	const char *name = getenv("LOGNAME");
	const struct passwd *pw;

	if (name == NULL || *name == '\0')
		name = (pw = getpwuid(getuid())) != NULL ? pw->pw_name : "";
	snprintf(who, sizeof(who), "%s", name);
	if (*who == '\0')
		snprintf(who, sizeof(who), "user %ld", (long)getuid());
	return who;
}

const char *
lp_editor(void)
{
	const char *editor = getenv("VISUAL");

	if (editor == NULL || *editor == '\0')
		editor = getenv("EDITOR");
	return editor != NULL && *editor != '\0' ? editor : NULL;
}

const char *
lp_tmp(void)
{
	const char *dir = getenv("TMPDIR");

	return dir != NULL && *dir != '\0' ? dir : "/tmp";
}

const char *
lp_config_dir(void)
{
	static char *dir;

	free(dir);
	dir = xdg("XDG_CONFIG_HOME", ".config", "configuration directory");
	return dir;
}

const char *
lp_data_dir(void)
{
	static char *dir;

	free(dir);
	dir = xdg("XDG_DATA_HOME", ".local/share", "data directory");
	return dir;
}

/* The program `name` in the directory [dir, dir + n), absolute, where it can be run. */
static char *
program_in(const char *dir, size_t n, const char *name)
{
	char *path = xasprintf("%.*s/%s", (int)n, dir, name), *real;

	real = access(path, X_OK) == 0 ? realpath(path, NULL) : NULL;
	free(path);
	return real;
}

char *
lp_beside(const char *argv0, const char *name)
{
	const char *slash = strrchr(argv0, '/'), *p = getenv("PATH");
	char *found = NULL;
	size_t n;

	if (slash != NULL)
		found = program_in(argv0, (size_t)(slash - argv0), name);
	for (; found == NULL && p != NULL && *p != '\0'; p += n + (p[n] == ':')) {
		n = strcspn(p, ":");
		if (n > 0)
			found = program_in(p, n, name);
	}
	return found;
}

void
lp_make_dirs(const char *path)
{
	char *dir = xstrdup(path), *p;

	for (p = dir + 1; *dir != '\0' && (p = strchr(p, '/')) != NULL; p++) {
		*p = '\0';
		mkdir(dir, 0700);
		*p = '/';
	}
	free(dir);
}

void
lp_no_terminal(const char *usage)
{
	if (!isatty(STDIN_FILENO))
		return;
	lp_warn("standard input is a terminal; this is a filter (try '-h')");
	lp_usage(usage);
}
