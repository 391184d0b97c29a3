/* lp-rules - the rules: what may leave, what waits, what stops. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/compile.h"
#include "agent/gate.h"
#include "base/ask.h"
#include "base/cli.h"
#include "base/json.h"
#include "base/prog.h"
#include "base/table.h"
#include "rules/rulefile.h"
#include "rules/ruletest.h"

static const char usage[] =
    "lp-rules verb [argument ...] [-jnqvyVh] [-d file] [-P n] [-m reason] [--force] [--condition json] [--when text] [--lists json] [--now when]";
static const char help[] =
    "  list     all rules, in the order in which they count\n"
    "  show     one, as it would be written in a file\n"
    "  add      a new one: type=filter 'when=lead.company contains Globex' then=block\n"
    "  set      change some keys;  rm  remove;  enable, disable  switch on and off\n"
    "  load     make the rules and lists of a YAML file the only ones;  dump  write that file\n"
    "  check    do all compile, and do their own cases hold?\n"
    "  gate     filter: judge what is to leave\n"
    "  test     what would the rules, or one condition, say of situations (JSON Lines)?\n"
    "  compile  a model proposes conditions for rules in natural language; they are stored after a yes\n";

static struct lp_opts o;
static const char *condition, *when, *lists;

static struct lp_db *
open_db(enum db_mode mode)
{
	struct lp_err err;
	struct lp_db *db = db_open(lp_db_path(o.db), mode, o.now, &err);

	if (db == NULL)
		lp_die(&err);
	return db;
}

static int64_t
find(struct lp_db *db, const char *word)
{
	struct lp_err err;
	int64_t seq;
	int r = rule_find(db, word, &seq, &err);

	if (r == -1)
		lp_die(&err);
	if (r == 0)
		lp_dief(LP_NOINPUT, "no rule '%s' (lp-rules list)", word);
	return seq;
}

static void
get(struct lp_db *db, const char *word, struct rule *r)
{
	struct lp_err err = { .kind = LP_NOINPUT, .msg = "the rule is gone" };

	if (rule_get(db, find(db, word), r, &err) != 1)
		lp_die(&err);
}

/* End a transaction; with -n nothing of it stays. */
static void
finish(struct lp_db *db, bool ok, struct lp_err *err)
{
	if (db_end(db, ok && !o.dry, ok ? err : NULL) == -1 || !ok)
		lp_die(err);
}

static void
begin(struct lp_db *db)
{
	struct lp_err err;

	if (db_begin(db, &err) == -1)
		lp_die(&err);
}

/* ---- looking ---- */

static void
list_row(struct table *t, const struct rule *r, const char *zone)
{
	char id[24], priority[16], times[24], last[TABLE_TIME_SIZE], iso[LP_ISO_SIZE], *text, *cond = rule_when(r);

	snprintf(id, sizeof(id), "r%" PRId64, r->seq);
	snprintf(priority, sizeof(priority), "%d", r->priority);
	snprintf(times, sizeof(times), "%" PRId64, r->times_triggered);
	text = xasprintf("%s%s -> %s", cond != NULL ? cond : "say: ", cond != NULL ? "" : r->say, r->then);
	table_row(t, (const char *[]){ id, r->name, r->type, priority, r->enabled ? "on" : "off", times,
	    r->last_triggered_at != 0 ? table_time(lp_iso(r->last_triggered_at, iso), zone, last) : "", text });
	free(text);
	free(cond);
}

static int
list(struct lp_db *db)
{
	static const char *const heads[] = { "ID", "NAME", "TYPE", "PRIORITY", "ON", "TIMES", "LAST", "RULE" };
	struct table *t = table_new(8, heads);
	struct lp_err err;
	struct rule *rules;
	int64_t version;
	char zone[64];
	size_t n, i;

	if (ruleset_version(db, &version, zone, &err) == -1 || rules_all(db, false, &rules, &n, &err) == -1)
		lp_die(&err);
	for (i = 0; i < n; i++) {
		if (o.json) {
			cJSON *j = rule_json(&rules[i]);

			jsonl_put(j);
			cJSON_Delete(j);
		} else
			list_row(t, &rules[i], zone);
	}
	table_print(t);
	rules_free(rules, n);
	return LP_OK;
}

static int
show(struct lp_db *db, const char *word)
{
	char iso[LP_ISO_SIZE], *text;
	struct rule r;
	cJSON *j;

	get(db, word, &r);
	if (o.json) {
		j = rule_json(&r);
		jsonl_put(j);
		cJSON_Delete(j);
	} else {
		text = rule_yaml(&r);
		printf("# r%" PRId64 ", version %d, matched %" PRId64 " times%s%s\n%s", r.seq, r.version, r.times_triggered,
		    r.last_triggered_at != 0 ? ", last " : "", r.last_triggered_at != 0 ? lp_iso(r.last_triggered_at, iso) : "", text);
		free(text);
	}
	rule_clear(&r);
	return LP_OK;
}

static int
dump(struct lp_db *db)
{
	struct lp_err err;
	char *text;

	if (rules_dump(db, &text, &err) == -1)
		lp_die(&err);
	fputs(text, stdout);
	free(text);
	return LP_OK;
}

/* ---- changing ---- */

static void
set_keys(struct rule *r, char *words[], int n)
{
	struct lp_err err;

	if (n == 0)
		lp_dief(LP_USAGE, "nothing to set: give KEY=VALUE");
	for (int i = 0; i < n; i++) {
		const char *eq = strchr(words[i], '=');
		char *key;

		if (eq == NULL || eq == words[i])
			lp_dief(LP_USAGE, "'%s' is not KEY=VALUE", words[i]);
		key = xstrndup(words[i], (size_t)(eq - words[i]));
		if (rule_set(r, key, eq + 1, &err) == -1)
			lp_die(&err);
		free(key);
	}
}

/* Checked and stored in one transaction: the lists are those that it is stored beside. */
static int
store(struct lp_db *db, struct rule *r)
{
	struct lp_err err;
	cJSON *named;
	int n = -1;

	begin(db);
	if ((named = rule_lists(db, &err)) != NULL && (n = rule_check(r, named, &err)) != -1)
		n = rule_put(db, r, o.reason, &err);
	cJSON_Delete(named);
	finish(db, n != -1, &err);
	return n;
}

static int
add(struct lp_db *db, char *words[], int n)
{
	struct lp_err err;
	struct rule r;

	rule_init(&r);
	if (rule_set(&r, "name", words[0], &err) == -1)
		lp_die(&err);
	set_keys(&r, words + 1, n - 1);
	store(db, &r);
	lp_say("rule '%s' %s", r.name, o.dry ? "would be added" : "added");
	rule_clear(&r);
	return LP_OK;
}

static int
set(struct lp_db *db, char *words[], int n)
{
	struct rule r;
	int changed;

	get(db, words[0], &r);
	set_keys(&r, words + 1, n - 1);
	changed = store(db, &r);
	lp_say("rule '%s' %s", r.name, changed == 0 ? "is so already" : o.dry ? "would be changed" : "changed");
	rule_clear(&r);
	return LP_OK;
}

/* rm, enable, disable: all or nothing. */
static int
change(struct lp_db *db, const char *verb, char *words[], int n)
{
	struct lp_err err;
	int done = 0, r = 0;

	begin(db);
	for (int i = 0; i < n && r != -1; i++) {
		struct rule rule;

		get(db, words[i], &rule);
		if (*verb == 'r')
			r = rule_remove(db, rule.seq, o.reason, &err);
		else {
			rule.enabled = *verb == 'e';
			r = rule_put(db, &rule, o.reason, &err);
		}
		done += r == 1;
		rule_clear(&rule);
	}
	finish(db, r != -1, &err);
	lp_say("%d %s%s", done, *verb == 'r' ? "removed" : *verb == 'e' ? "enabled" : "disabled", o.dry ? " (not done)" : "");
	return LP_OK;
}

static struct ydoc *
read_file(const char *path, struct rulefile *f)
{
	struct lp_err err;
	struct ydoc *doc = yaml_load(path, &err);

	if (doc == NULL || rulefile_read(doc, f, &err) == -1)
		lp_die(&err);
	return doc;
}

static int
load(struct lp_db *db, const char *path)
{
	struct rulefile f;
	struct ydoc *doc = read_file(path, &f);
	struct rulediff d = { 0 };
	struct lp_err err;
	int r;

	begin(db);
	r = rulefile_diff(db, &f, &d, &err);
	if (r == 0 && !o.force && !o.dry)
		r = rulefile_clash(db, &f, &err);
	if (r == 0)
		r = rulefile_apply(db, &f, o.reason, &err);
	finish(db, r == 0, &err);
	if (o.dry)
		fputs(d.text, stdout);
	lp_say("%d new, %d changed, %d removed, %d as before%s", d.added, d.changed, d.removed, d.same, o.dry ? " (not done)" : "");
	free(d.text);
	rulefile_free(&f);
	ydoc_free(doc);
	return LP_OK;
}

static int
check_stored(void)
{
	struct lp_db *db = open_db(DB_READ);
	struct lp_err err;
	struct rule *rules;
	cJSON *named;
	size_t n, i;
	int status = LP_OK;

	if ((named = rule_lists(db, &err)) == NULL || rules_all(db, false, &rules, &n, &err) == -1)
		lp_die(&err);
	for (i = 0; i < n; i++)
		if (rule_check(&rules[i], named, &err) == -1) {
			lp_warn("rule '%s': %s", rules[i].name, err.msg);
			status = LP_DATA;
		}
	if (status == LP_OK)
		lp_say("%zu rules, all good", n);
	rules_free(rules, n);
	cJSON_Delete(named);
	db_close(db);
	return status;
}

static int
check(const char *path)
{
	struct rulefile f;
	struct ydoc *doc;

	if (path == NULL)
		return check_stored();
	doc = read_file(path, &f);
	lp_say("%zu rules, all good", f.n);
	rulefile_free(&f);
	ydoc_free(doc);
	return LP_OK;
}

/* ---- judging ---- */

static int
gate(struct lp_db *db)
{
	struct stage s = { .db = db, .item = gate_item };

	lp_no_terminal(usage);
	return stage_main(&s, STDIN_FILENO);
}

static void
test_file(const struct ruletest *t, const char *path, int *status)
{
	struct lp_err err;

	if (strcmp(path, "-") == 0)
		lp_no_terminal(usage);
	if (ruletest_file(t, path, status, &err) == -1)
		lp_die(&err);
}

/* One condition by itself: any field, no database. */
static int
test_condition(char *files[], int n)
{
	struct ruletest t = { .now = o.now };
	struct lp_err err;
	int status = LP_OK;

	if (ruletest_condition(&t, condition, when, lists, &err) == -1)
		lp_die(&err);
	if (n == 0)
		test_file(&t, "-", &status);
	for (int i = 0; i < n; i++)
		test_file(&t, files[i], &status);
	ruletest_clear(&t);
	return status;
}

static int
test_rules(struct lp_db *db, char *words[], int n)
{
	struct rule *some = NULL;
	struct ruletest t = { .now = o.now };
	struct lp_err err;
	cJSON *named;
	int status = LP_OK;

	if (n == 0) {
		if ((t.set = ruleset_new(db, &err)) == NULL)
			lp_die(&err);
	} else {
		some = xcalloc((size_t)n, sizeof(*some));
		for (int i = 0; i < n; i++)
			get(db, words[i], &some[i]);
		if ((named = rule_lists(db, &err)) == NULL)
			lp_die(&err);
		t.set = ruleset_of(some, (size_t)n, named);
		cJSON_Delete(named);
	}
	test_file(&t, "-", &status);
	ruletest_clear(&t);
	return status;
}

/* ---- with a model ---- */

/* One proposal: shown, and stored where it is wanted. What isn't done raises the status. */
static int
propose(struct lp_db *db, struct compile *c, int *stored)
{
	bool proposed = c->outcome == COMPILE_PROPOSED;
	char *text = compile_text(c);
	cJSON *j = compile_json(c);
	struct lp_err err;
	int r = 0;

	if (!o.json)
		fputs(text, stdout);
	if (proposed && !o.dry && (o.yes || ask_yes("Store it? [y/N] "))) {
		begin(db);
		r = compile_store(db, c, o.reason, &err);
		finish(db, r != -1, &err);
		*stored += r;
	}
	json_set_bool(j, "stored", r == 1);
	if (o.json)
		jsonl_put(j);
	cJSON_Delete(j);
	free(text);
	return (int)compile_status(c->outcome);
}

static int
compile(struct lp_db *db, char *words[], int n)
{
	struct compile *list = NULL;
	int status = LP_OK, stored = 0, r;
	int64_t *seqs = NULL;
	size_t many = (size_t)n;
	struct lp_err err;

	if (!o.yes && !o.dry && (o.json || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)))
		lp_dief(LP_USAGE, "there is nobody to ask: -y stores what is proposed, -n only shows it");
	if (n > 0)
		seqs = xcalloc(many, sizeof(*seqs));
	for (int i = 0; i < n; i++)
		seqs[i] = find(db, words[i]);
	if ((n == 0 && compile_waiting(db, &seqs, &many, &err) == -1) || compile_rules(db, seqs, many, (int)o.parallel, &list, &err) == -1)
		lp_die(&err);
	for (size_t i = 0; i < many; i++)
		if ((r = propose(db, &list[i], &stored)) > status)
			status = r;
	lp_say("%zu asked about, %d stored", many, stored);
	compiles_free(list, many);
	free(seqs);
	return status;
}

int
main(int argc, char *argv[])
{
	static const char *const verbs[] = { "list", "show", "add", "set", "rm", "enable", "disable", "load", "dump", "check", "gate", "test",
		"compile", NULL };
	enum { LIST, SHOW, ADD, SET, RM, ENABLE, DISABLE, LOAD, DUMP, CHECK, GATE, TEST, COMPILE };
	static const struct {
		int least, most;
	} words[] = { { 0, 0 }, { 1, 1 }, { 2, 100 }, { 2, 100 }, { 1, 10000 }, { 1, 10000 }, { 1, 10000 }, { 1, 1 }, { 0, 0 }, { 0, 1 }, { 0, 0 },
		{ 0, 10000 }, { 0, 1000 } };
	const struct lp_opt own[] = { { .name = "condition", .str = &condition }, { .name = "when", .str = &when },
		{ .name = "lists", .str = &lists }, { 0 } };
	struct lp_db *db;
	int i, n, verb, status = LP_OK;
	bool alone;

	lp_init(argv[0]);
	o.parallel = 4;
	i = lp_options(&o, argc, argv, "nodb n j m y P force", own, usage, help);
	verb = i < argc ? lp_verb(argv[i++], verbs, usage) : LIST;
	n = argc - i;
	alone = condition != NULL || when != NULL;
	if (n < words[verb].least || n > words[verb].most || ((alone || lists != NULL) && verb != TEST) ||
	    (condition != NULL && when != NULL) || (lists != NULL && !alone) || o.parallel < 1 || o.parallel > 256)
		lp_usage(usage);
	if (alone)
		return test_condition(argv + i, n);
	if (verb == CHECK)
		return check(argv[i]);
	db = open_db(verb == LIST || verb == SHOW || verb == DUMP || verb == TEST ? DB_READ : DB_WRITE);
	switch (verb) {
	case LIST: status = list(db); break;
	case SHOW: status = show(db, argv[i]); break;
	case ADD: status = add(db, argv + i, n); break;
	case SET: status = set(db, argv + i, n); break;
	case LOAD: status = load(db, argv[i]); break;
	case DUMP: status = dump(db); break;
	case GATE: status = gate(db); break;
	case TEST: status = test_rules(db, argv + i, n); break;
	case COMPILE: status = compile(db, argv + i, n); break;
	default: status = change(db, verbs[verb], argv + i, n); break;
	}
	db_close(db);
	return status;
}
