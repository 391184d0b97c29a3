/* lp-doctor - the whole set-up in one look, also as cron sees it, with the next step; and what the world sees of an account or a domain. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "account/account_here.h"
#include "account/account_look.h"
#include "base/cli.h"
#include "base/envfile.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/prog.h"
#include "calendar/busy.h"
#include "channel/channel.h"
#include "sender/law.h"
#include "store/accounts.h"
#include "store/config.h"
#include "store/control.h"
#include "store/health.h"

static const char usage[] = "lp-doctor [-jqvVh] [-d file] [--now when] [--selector name] [account | domain ...]";
static const char help[] = "Checks the set-up, also as cron sees it, and names the next step. Of an account: does its server let it in? Of it and of a\n"
                           "domain: SPF, DKIM, DMARC, MX, reverse DNS. Exit status 78 where something fails, 75 where the DNS didn't answer.\n";

enum state { OK, WARN, FAIL, UNKNOWN };

struct ctx {
	struct lp_opts o;
	const char *argv0, *selector;
	bool failed, unknown;
};

/* One line of the report. `next` is what to type, or NULL. */
static void say(struct ctx *, enum state, const char *check, const char *next, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

static void
say(struct ctx *x, enum state state, const char *check, const char *next, const char *fmt, ...)
{
	static const char *const words[] = { "ok", "warn", "fail", "unknown" };
	struct buf b = { 0 };
	va_list ap;
	cJSON *o;

	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	x->failed |= state == FAIL;
	x->unknown |= state == UNKNOWN;
	if (x->o.json) {
		o = cJSON_CreateObject();
		json_set_str(o, "status", words[state]);
		json_set_str(o, "check", check);
		json_set_str(o, "message", buf_str(&b));
		json_set_str(o, "next", next);
		jsonl_put(o);
		cJSON_Delete(o);
	} else if (!lp_quiet || state != OK)
		printf("%-7s  %-10s  %s%s%s\n", words[state], check, buf_str(&b), next != NULL ? "; next: " : "", next != NULL ? next : "");
	buf_free(&b);
}

static void
saydf(struct ctx *x, enum state state, const char *check, char *next, const char *message)
{
	say(x, state, check, next, "%s", message);
	free(next);
}

static void
check_clock(struct ctx *x, bool simulated)
{
	if (!lp_now_is_set())
		say(x, OK, "clock", NULL, "the machine's");
	else if (simulated)
		say(x, OK, "clock", NULL, "set by LP_NOW or --now, on a simulated file");
	else
		say(x, FAIL, "clock", "unset LP_NOW", "LP_NOW is set on a file that is not simulated: nothing can be written");
}

static void
check_file(struct ctx *x, const char *path)
{
	struct stat sb;
	char *dir = xstrdup(path), *slash = strrchr(dir, '/');

	if (stat(path, &sb) == 0 && (sb.st_mode & 077) != 0)
		saydf(x, FAIL, "database", xasprintf("chmod 600 %s", path), "others can read or write it");
	if (access(path, W_OK) == -1)
		say(x, FAIL, "database", NULL, "can't be written by this user");
	if (slash != NULL)
		slash[slash == dir] = '\0';
	/* the WAL and its index lie beside the database */
	if (access(slash != NULL ? dir : ".", W_OK) == -1)
		say(x, FAIL, "database", NULL, "its directory can't be written by this user");
	free(dir);
}

static struct lp_db *
check_database(struct ctx *x, const char *path)
{
	struct lp_err err;
	struct lp_db *db = db_open(path, DB_READ, x->o.now, &err);
	char *damage = NULL;
	int r;

	if (db == NULL) {
		say(x, FAIL, "database", err.kind == LP_NOINPUT ? "lp-config init" : NULL, "%s", err.msg);
		return NULL;
	}
	if ((r = health_whole(db, &damage, &err)) == 1)
		say(x, OK, "database", NULL, "%s, schema %d%s", path, db_schema_version(), db_simulated(db) ? ", simulated" : "");
	else
		say(x, FAIL, "database", "restore a backup", "%s", r == 0 ? damage : err.msg);
	free(damage);
	return db;
}

static void
check_disk(struct ctx *x, const char *path)
{
	struct statvfs fs;
	uint64_t mb;

	if (statvfs(path, &fs) == -1) {
		say(x, WARN, "disk", NULL, "can't be asked: %s", strerror(errno));
		return;
	}
	mb = (uint64_t)fs.f_bavail * fs.f_frsize >> 20;
	say(x, mb < 20 ? FAIL : mb < 200 ? WARN : OK, "disk", mb < 200 ? "make room" : NULL, "%" PRIu64 " MB free", mb);
}

static void
check_env_file(struct ctx *x, const struct account_env *env, const struct lp_err *unreadable)
{
	struct stat sb;

	if (stat(env->path, &sb) == -1) {
		if (errno == ENOENT)
			say(x, OK, "env", NULL, "no file %s: cron has no secrets", env->path);
		else
			say(x, FAIL, "env", NULL, "%s: %s", env->path, strerror(errno));
	} else if ((sb.st_mode & 077) != 0)
		saydf(x, FAIL, "env", xasprintf("chmod 600 %s", env->path), "others can read cron's secrets");
	else if (unreadable != NULL)
		say(x, FAIL, "env", NULL, "%s", unreadable->msg);
	else
		say(x, OK, "env", NULL, "%s", env->path);
}

static void
check_programs(struct ctx *x)
{
	static const char *const names[] = { "lp-tick", "lp-enqueue", "lp-tasks", "lp-memory", "lp-decide", "lp-draft", "lp-rules", "lp-send",
		"lp-read", NULL };
	struct buf missing = { 0 };
	char *path;

	for (size_t i = 0; names[i] != NULL; i++) {
		path = lp_beside(x->argv0, names[i]);
		if (path == NULL)
			buf_printf(&missing, " %s", names[i]);
		free(path);
	}
	if (missing.len > 0)
		say(x, FAIL, "programs", "make install", "not found:%s", buf_str(&missing));
	else
		say(x, OK, "programs", NULL, "all there");
	buf_free(&missing);
}

/* Run a program as cron does: hardly any environment, no terminal. Its exit status, or -1. */
static int
as_cron(const char *program, const char *arg, const char *db)
{
	char *home = xasprintf("HOME=%s", getenv("HOME") != NULL ? getenv("HOME") : "/"), *lp_db = xasprintf("LP_DB=%s", db), *zone = NULL;
	char *env[] = { "PATH=/usr/bin:/bin", "SHELL=/bin/sh", home, lp_db, NULL, NULL }, *argv[] = { NULL, NULL, NULL };
	int status = -1, null;
	pid_t pid;

	if (getenv("TZDIR") != NULL)
		env[4] = zone = xasprintf("TZDIR=%s", getenv("TZDIR"));
	argv[0] = xstrdup(program);
	argv[1] = xstrdup(arg);
	fflush(stdout);
	if ((pid = fork()) == 0) {
		if ((null = open("/dev/null", O_RDWR)) != -1) {
			dup2(null, 0);
			dup2(null, 1);
			dup2(null, 2);
		}
		execve(program, argv, env);
		_exit(127);
	}
	if (pid != -1)
		while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
			;
	free(argv[0]);
	free(argv[1]);
	free(home);
	free(lp_db);
	free(zone);
	return pid != -1 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
check_cron(struct ctx *x, const char *path, const struct health *h)
{
	char *tick = lp_beside(x->argv0, "lp-tick");
	int64_t minutes = h != NULL && h->tick_at != 0 ? (x->o.now - h->tick_at) / LP_MINUTE : 0;
	int status;

	if (tick == NULL)
		return; /* told by check_programs */
	if ((status = as_cron(tick, "-V", path)) == 0)
		say(x, OK, "cron", NULL, "%s runs in cron's bare environment", tick);
	else
		say(x, FAIL, "cron", NULL, "%s doesn't run in cron's bare environment (status %d)", tick, status);
	free(tick);
	if (h == NULL)
		return;
	if (h->tick_at == 0)
		say(x, WARN, "tick", "lp-config cron prints the line for crontab -e", "none yet");
	else if (minutes > 60)
		say(x, WARN, "tick", "lp-config cron prints the line for crontab -e", "the last one was %" PRId64 " hours ago", minutes / 60);
	else if (h->tick_status > 0)
		say(x, WARN, "tick", "lp-tick", "the last one, %" PRId64 " minutes ago, ended with status %d", minutes, h->tick_status);
	else
		say(x, OK, "tick", NULL, "%" PRId64 " minutes ago", minutes);
}

static void
check_zone(struct ctx *x, const struct lp_config *c)
{
	struct lp_err err;
	int open;

	if (hours_check(&c->hours, &err) == -1 || (open = hours_open(&c->hours, x->o.now, &err)) == -1)
		say(x, FAIL, "hours", "lp-config set schedule_timezone=...", "%s", err.msg);
	else if (c->hours.always)
		say(x, WARN, "hours", "lp-config set schedule_enabled=yes", "no schedule: mail leaves at any hour");
	else
		say(x, OK, "hours", NULL, "%s, now %s", c->hours.timezone, open ? "open" : "closed");
}

static void
say_found(struct ctx *x, const struct findings *f)
{
	static const enum state states[] = { [FOUND_OK] = OK, [FOUND_WARN] = WARN, [FOUND_FAIL] = FAIL, [FOUND_UNKNOWN] = UNKNOWN };

	for (size_t i = 0; i < f->n; i++)
		say(x, states[f->list[i].state], f->list[i].check, f->list[i].next, "%s", f->list[i].text);
}

static void
check_accounts(struct ctx *x, struct lp_db *db, const struct account_env *env)
{
	struct buf abroad = { 0 };
	struct findings f = { 0 };
	struct account a;
	struct lp_err err;
	int64_t *seqs;
	size_t n;

	if (accounts_list(db, NULL, &seqs, &n, &err) == -1) {
		say(x, FAIL, "account", NULL, "%s", err.msg);
		return;
	}
	if (n == 0)
		say(x, WARN, "account", "lp-accounts add", "none yet: nothing can leave");
	for (size_t i = 0; i < n; i++)
		if (account_get(db, seqs[i], &a, &err) == 1) {
			account_here(&a, env, &f);
			say_found(x, &f);
			findings_clear(&f);
			if (strcmp(a.status, "active") == 0)
				buf_printf(&abroad, " %s", a.name);
			account_clear(&a);
		} else
			say(x, FAIL, "account", NULL, "%s", err.msg);
	if (abroad.len > 0)
		saydf(x, OK, "abroad", xasprintf("lp-doctor%s", buf_str(&abroad)), "servers and DNS (SPF, DKIM, DMARC) are not asked here");
	buf_free(&abroad);
	free(seqs);
}

static void
law_says(bool error, int64_t lead, const char *text, void *ctx)
{
	(void)lead;
	say(ctx, error ? FAIL : WARN, "law", NULL, "%s", text);
}

/* What the law asks of a sender, where it is looked at: what is missing holds every first mail. */
static void
check_law(struct ctx *x, struct lp_db *db)
{
	struct lp_err err;

	if (law_check(db, 0, NULL, false, law_says, x, &err) == -1)
		say(x, FAIL, "law", NULL, "%s", err.msg);
}

/* The file that says when we are busy: read as the booker reads it, which else finds out when a lead wants to meet. */
static void
check_busy(struct ctx *x, struct lp_db *db)
{
	struct config_meetings m;
	struct busy_span *spans = NULL;
	struct lp_err err;
	size_t n;

	if (config_meetings(db, &m, &err) == -1) {
		say(x, FAIL, "busy", NULL, "%s", err.msg);
		return;
	}
	if (m.busy != NULL && busy_file(m.busy, m.hours.timezone, x->o.now, x->o.now + 30 * LP_DAY, &spans, &n, &err) == -1)
		say(x, FAIL, "busy", "mend the file, or lp-config set meeting_busy=FILE", "meeting_busy: %s", err.msg);
	else if (m.busy != NULL)
		say(x, OK, "busy", NULL, "%s: %zu times taken in 30 days", m.busy, n);
	free(spans);
	config_meetings_clear(&m);
}

static void
check_work(struct ctx *x, struct lp_db *db, const struct health *h)
{
	struct lp_err err;
	char *why = NULL;

	say(x, h->leads > 0 ? OK : WARN, "leads", h->leads > 0 ? NULL : "lp-leads import FILE", "%" PRId64, h->leads);
	say(x, OK, "rules", NULL, "%" PRId64 " enabled", h->rules);
	if (h->running_unapproved > 0)
		say(x, WARN, "campaigns", "lp-approve", "%" PRId64 " running, %" PRId64 " of them not approved", h->running, h->running_unapproved);
	else if (h->running > 0)
		say(x, OK, "campaigns", NULL, "%" PRId64 " running", h->running);
	else
		say(x, WARN, "campaigns", h->drafts > 0 ? "lp-approve, lp-campaigns start" : "lp-campaigns load FILE", "none running, %" PRId64 " draft",
		    h->drafts);
	if (h->unknown > 0)
		say(x, WARN, "sent", "lp-send resolve", "of %" PRId64 " messages it isn't known whether they left", h->unknown);
	switch (control_stopped(db, &why, &err)) {
	case 0: say(x, OK, "agent", NULL, "started"); break;
	case 1: say(x, WARN, "agent", "lp-start", "%s", why); break;
	default: say(x, FAIL, "agent", NULL, "%s", err.msg);
	}
	free(why);
}

/* The whole set-up of this machine; nobody else is asked. */
static void
look_here(struct ctx *x)
{
	struct lp_config c;
	struct health h = { 0 };
	struct lp_err err, unreadable;
	struct lp_db *db = check_database(x, x->o.db);
	char *path = xasprintf("%s/env", lp_config_dir()), **names;
	bool known = false, readable = envfile_names(path, &names, &unreadable) == 0;
	const struct account_env env = { path, names };
	struct findings f = { 0 };

	if (db != NULL) {
		check_file(x, x->o.db);
		check_disk(x, x->o.db);
		check_clock(x, db_simulated(db));
		known = config_load(db, &c, &err) == 0;
		if (!known)
			say(x, FAIL, "config", NULL, "%s", err.msg);
		else
			check_zone(x, &c);
	}
	check_programs(x);
	check_env_file(x, &env, readable ? NULL : &unreadable);
	if (known) {
		config_here(db, &c, &env, &f);
		say_found(x, &f);
		findings_clear(&f);
	}
	if (db != NULL && health_read(db, &h, &err) == -1) {
		say(x, FAIL, "database", NULL, "%s", err.msg);
		check_cron(x, x->o.db, NULL);
	} else
		check_cron(x, x->o.db, db != NULL ? &h : NULL);
	if (db != NULL) {
		if (known) {
			check_busy(x, db);
			notices_here(db, &c, &f);
		}
		say_found(x, &f);
		findings_clear(&f);
		check_accounts(x, db, &env);
		check_law(x, db);
		check_work(x, db, &h);
	}
	if (known)
		config_clear(&c);
	db_close(db);
	envfile_free(names);
	free(path);
}

/* An account, by whatever names one, else a domain. */
static void
look_abroad(struct ctx *x, struct lp_db *db, struct resolver *dns, const char *word)
{
	struct domain_asked asked = { .domain = word, .selectors = x->selector };
	struct findings f = { 0 };
	struct account a;
	struct lp_err err;
	int64_t seq;
	int r = db != NULL ? account_find(db, word, &seq, &err) : 0;

	if (r == 1 && (r = account_get(db, seq, &a, &err)) == 1) {
		account_look(db, &a, dns, x->selector, &f);
		account_clear(&a);
	} else if (r == 0 && strchr(word, '.') != NULL && strchr(word, '@') == NULL)
		domain_check(dns, &asked, &f);
	else if (r == 0)
		lp_dief(LP_NOINPUT, "no account '%s', and no domain either", word);
	if (r == -1)
		lp_die(&err);
	say_found(x, &f);
	findings_clear(&f);
}

int
main(int argc, char *argv[])
{
	struct ctx x = { .argv0 = argv[0] };
	const struct lp_opt own[] = { { .name = "selector", .str = &x.selector }, { 0 } };
	struct resolver *dns;
	struct lp_db *db;
	struct lp_err err;
	int i;

	lp_init(argv[0]);
	i = lp_options(&x.o, argc, argv, "j nodb", own, usage, help);
	if (i == argc) {
		if (x.selector != NULL)
			lp_usage(usage);
		x.o.db = lp_db_path(x.o.db);
		look_here(&x);
		return x.failed ? LP_CONFIG : LP_OK;
	}
	if ((dns = dns_new(getenv("LP_DNS"), 0, &err)) == NULL)
		lp_die(&err);
	db = db_open(lp_db_path(x.o.db), DB_READ, x.o.now, &err);
	if (db == NULL && err.kind != LP_NOINPUT)
		lp_die(&err);
	for (; i < argc; i++)
		look_abroad(&x, db, dns, argv[i]);
	dns_free(dns);
	db_close(db);
	return x.failed ? LP_CONFIG : x.unknown ? LP_TEMP : LP_OK;
}
