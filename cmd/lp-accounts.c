/* lp-accounts - senders: where mail leaves and comes in, how much, when. */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "account/account.h"
#include "account/account_file.h"
#include "account/account_login.h"
#include "account/account_servers.h"
#include "account/account_test.h"
#include "base/cli.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/prog.h"
#include "base/table.h"
#include "channel/channel.h"
#include "net/oauth_login.h"
#include "sender/volume.h"

static const char usage[] = "lp-accounts [-j] [-d file] [--status status] [list]\n"
                            "       lp-accounts [-j] [-d file] show account\n"
                            "       lp-accounts [-ny] [-d file] add name [address] [key=value ...]\n"
                            "       lp-accounts [-n] [-d file] set account key=value ...\n"
                            "       lp-accounts [-n] [-d file] [--force] [-m reason] rm | start | pause account ...\n"
                            "       lp-accounts [-d file] [--device | --port port] [--wait seconds] login account\n"
                            "       lp-accounts [-d file] logout account\n"
                            "       lp-accounts [-d file] [--to address] [--wait seconds] test account ...\n"
                            "       lp-accounts [-n] [-d file] [--force] load file\n"
                            "       lp-accounts [-d file] dump";
static const char help[] = "  list    all accounts\n"
                           "  show    one, with everything that is set\n"
                           "  add     a new one: its ADDRESS is enough where its servers can be found, else kind=... host=...\n"
                           "  set     change some keys; an empty value is the default\n"
                           "  rm      remove one that nothing depends on\n"
                           "  start   let mail leave from it;  pause  hold what would\n"
                           "  login   by OAuth2, in a browser here or (--device) elsewhere;  logout  forget the tokens\n"
                           "  test    log in, look into the inbox; with --to, send a message and read what its receiver says of us\n"
                           "  load    the section 'accounts:' of a YAML file;  dump  write it\n";

static struct lp_opts o = { .limit = 0 };
static bool device;
static int64_t port, wait_s; /* 0: the verb's own */
static const char *to;

static int64_t
find(struct lp_db *db, const char *word)
{
	struct lp_err err;
	int64_t seq;
	int r = account_find(db, word, &seq, &err);

	if (r == -1)
		lp_die(&err);
	if (r == 0)
		lp_dief(LP_NOINPUT, "no account '%s' (lp-accounts list)", word);
	return seq;
}

static void
get(struct lp_db *db, int64_t seq, struct account *a)
{
	struct lp_err err = { .kind = LP_BUG };

	if (account_get(db, seq, a, &err) != 1)
		lp_die(&err);
}

/* "2h ago", as coarse as one wants to know it. */
static const char *
ago(int64_t ms, int64_t now, char out[32])
{
	int64_t s = (now - ms) / LP_SECOND;

	if (ms == 0)
		return "never";
	if (s < 120)
		return "now";
	if (s < 2 * 3600)
		snprintf(out, 32, "%" PRId64 "m ago", s / 60);
	else if (s < 48 * 3600)
		snprintf(out, 32, "%" PRId64 "h ago", s / 3600);
	else
		snprintf(out, 32, "%" PRId64 "d ago", s / 86400);
	return out;
}

static void
list_row(struct table *t, const struct account *a)
{
	char when[32], id[24], limit[24], *inbox;
	bool pushed = channel_pushed(a->settings);

	snprintf(id, sizeof(id), "a%" PRId64, a->seq);
	snprintf(limit, sizeof(limit), "%6" PRId64, a->daily_limit);
	inbox = xasprintf("%s%s%s", pushed ? "pushed" : json_str(a->settings, "in") == NULL && a->inbox_read_at == 0 ? "none" : ago(a->inbox_read_at, o.now, when),
	    a->inbox_error != NULL ? ": " : "", a->inbox_error != NULL ? a->inbox_error : "");
	table_row(t, (const char *const[]){ id, a->name, a->kind, a->status, a->address, limit, inbox });
	free(inbox);
}

static int
list(struct lp_db *db)
{
	struct table *t = table_new(7, (const char *const[]){ "ID", "NAME", "KIND", "STATUS", "ADDRESS", " A DAY", "INBOX READ" });
	struct lp_err err;
	struct account a;
	int64_t *seqs;
	size_t n;

	if (accounts_list(db, o.status, &seqs, &n, &err) == -1)
		lp_die(&err);
	if (!o.json && n == 0)
		lp_say("no accounts (lp-accounts add NAME ADDRESS)");
	for (size_t i = 0; i < n; i++) {
		get(db, seqs[i], &a);
		if (o.json) {
			cJSON *j = account_json(&a);

			jsonl_put(j);
			cJSON_Delete(j);
		} else
			list_row(t, &a);
		account_clear(&a);
	}
	table_print(t);
	free(seqs);
	return LP_OK;
}

/* A value, and of a secret's name whether the secret is there. */
static void
show_value(const cJSON *v, const char *secret)
{
	const cJSON *e;

	printf("%-18s ", v->string);
	if (cJSON_IsNumber(v))
		printf("%.0f", v->valuedouble);
	else if (cJSON_IsArray(v))
		cJSON_ArrayForEach(e, v)
			printf("%s%s", e == v->child ? "" : ",", e->valuestring);
	else
		printf("%s", v->valuestring);
	if (secret != NULL)
		printf(" (%s)", secret);
	putchar('\n');
}

static int
show(struct lp_db *db, const char *word)
{
	struct account a;
	cJSON *j, *v, *secrets;

	get(db, find(db, word), &a);
	j = account_json(&a);
	secrets = account_secrets(&a);
	if (o.json) {
		if (secrets != NULL)
			json_set(j, "secrets", secrets);
		secrets = NULL;
		jsonl_put(j);
	} else
		cJSON_ArrayForEach(v, j)
			show_value(v, json_str(secrets, v->string));
	cJSON_Delete(secrets);
	cJSON_Delete(j);
	account_clear(&a);
	return LP_OK;
}

/* KEY=VALUE, each; the kind first, since it says what other keys there are. */
static void
apply(struct account *a, char *words[], int n, struct buf *what)
{
	char cwd[PATH_MAX], *key;
	const char *home = getenv("HOME"), *eq;
	struct lp_err err;

	for (int pass = 0; pass < 2; pass++)
		for (int i = 0; i < n; i++) {
			eq = strchr(words[i], '=');
			if (eq == NULL || eq == words[i])
				lp_dief(LP_USAGE, "'%s' is not KEY=VALUE", words[i]);
			key = xstrndup(words[i], (size_t)(eq - words[i]));
			if ((strcmp(key, "kind") == 0) == (pass == 0)) {
				if (account_set(a, key, eq + 1, getcwd(cwd, sizeof(cwd)), home, &err) == -1)
					lp_die(&err);
				buf_printf(what, "%s%s", what->len > 0 ? " " : "", words[i]);
			}
			free(key);
		}
}

/* Servers that weren't named are looked for; what was found is said wherever standard output leads: it is for a person to judge. */
static void
find_servers(struct account *a, struct buf *what)
{
	struct buf said = { 0 };
	struct lp_err err;
	struct resolver *dns = dns_new(getenv("LP_DNS"), 0, &err);

	if (dns == NULL || account_servers_find(a, dns, o.yes, &said, &err) == -1) {
		if (dns == NULL)
			lp_err_prefix(&err, "LP_DNS");
		else
			lp_err_prefix(&err, "account '%s'", a->name);
		lp_die(&err);
	}
	fputs(buf_str(&said), stdout);
	buf_printf(what, " host=%s (found)", json_str(a->settings, "host"));
	buf_free(&said);
	dns_free(dns);
}

/* Whole? Then it may be stored. */
static void
complete(struct account *a)
{
	struct lp_err err;

	if (json_str(a->settings, "oauth") != NULL)
		account_token_file(a, lp_data_dir());
	if (account_check(a, &err) == -1)
		lp_die(&err);
}

static void
put(struct lp_db *db, struct account *a, const char *what)
{
	struct lp_err err;
	int r;

	if (db_begin(db, &err) == -1)
		lp_die(&err);
	r = account_put(db, a, what, &err);
	if (db_end(db, r == 0 && !o.dry, r == 0 ? &err : NULL) == -1 || r == -1)
		lp_die(&err);
}

/* NAME, then perhaps the bare ADDRESS; then KEY=VALUE. An address of mail makes it one of smtp where no kind is said. */
static int
add(struct lp_db *db, char *words[], int n)
{
	bool bare = n > 1 && strchr(words[1], '=') == NULL, kind = false, mail = bare;
	char *first[2] = { (char[]){ "kind=smtp" }, NULL };
	struct buf what = { 0 };
	struct lp_err err;
	struct account a;

	for (int i = 1; i < n; i++) {
		kind = kind || strncmp(words[i], "kind=", 5) == 0;
		mail = mail || (strncmp(words[i], "address=", 8) == 0 && strchr(words[i], '@') != NULL);
	}
	account_init(&a);
	if (account_set(&a, "name", words[0], NULL, NULL, &err) == -1)
		lp_die(&err);
	if (n == 1)
		lp_dief(LP_USAGE, "nothing to set: give an address or KEY=VALUE");
	if (bare)
		first[1] = xasprintf("address=%s", words[1]);
	if (mail && !kind)
		apply(&a, first, 1, &what);
	apply(&a, words + 1 + bare, n - 1 - bare, &what);
	if (bare)
		apply(&a, first + 1, 1, &what);
	if (account_servers_wanted(&a))
		find_servers(&a, &what);
	complete(&a);
	put(db, &a, buf_str(&what));
	lp_say("account '%s' %s", a.name, o.dry ? "would be added" : "added");
	free(first[1]);
	buf_free(&what);
	account_clear(&a);
	return LP_OK;
}

static int
set(struct lp_db *db, char *words[], int n)
{
	struct buf what = { 0 };
	struct account a;

	get(db, find(db, words[0]), &a);
	if (n == 1)
		lp_dief(LP_USAGE, "nothing to set: give KEY=VALUE");
	apply(&a, words + 1, n - 1, &what);
	complete(&a);
	put(db, &a, buf_str(&what));
	lp_say("account '%s' %s", a.name, o.dry ? "would be changed" : "changed");
	buf_free(&what);
	account_clear(&a);
	return LP_OK;
}

static void
show_login(void *arg, const char *url, const char *code)
{
	(void)arg;
	if (code == NULL)
		printf("Open this in a browser on this machine, and log in:\n\n%s\n\n", url);
	else
		printf("Open this in any browser, and type the code %s:\n\n%s\n\n", code, url);
	fflush(stdout);
}

static int
login(struct lp_db *db, const char *word)
{
	struct account_login how = { device, (int)port, (wait_s > 0 ? wait_s : 300) * LP_SECOND };
	struct oauth_ui ui = { .show = show_login };
	struct account a;
	struct lp_err err;

	get(db, find(db, word), &a);
	if (account_login(db, &a, &how, &ui, &err) == -1)
		lp_die(&err);
	printf("%s: logged in\n", a.name);
	account_clear(&a);
	return LP_OK;
}

static int
logout(struct lp_db *db, const char *word)
{
	struct account a;
	struct lp_err err;
	int r;

	get(db, find(db, word), &a);
	if ((r = account_logout(db, &a, &err)) == -1)
		lp_die(&err);
	printf("%s: %s\n", a.name, r == 1 ? "logged out; the provider's own page of applications ends the consent itself" : "nobody was logged in");
	account_clear(&a);
	return LP_OK;
}

/* rm, start, pause: all or nothing. */
static int
change(struct lp_db *db, const char *verb, char *words[], int n)
{
	bool starts = strcmp(verb, "start") == 0;
	const char *status = starts ? "active" : "paused";
	struct lp_err err;
	int r = 0, changed = 0, released = 0;

	if (db_begin(db, &err) == -1)
		lp_die(&err);
	for (int i = 0; r != -1 && i < n; i++) {
		int64_t seq = find(db, words[i]);

		r = strcmp(verb, "rm") == 0 ? account_remove(db, seq, &err) : starts ? volume_start(db, seq, o.force, o.reason, &released, &err) :
		    account_status(db, seq, status, o.reason, &err);
		changed += r == 1 || (r == 0 && strcmp(verb, "rm") == 0);
	}
	if (db_end(db, r != -1 && !o.dry, r != -1 ? &err : NULL) == -1 || r == -1)
		lp_die(&err);
	if (released > 0)
		lp_say("%d %s, %d held for its sake %s on%s", changed, status, released, released == 1 ? "goes" : "go", o.dry ? " (not done)" : "");
	else
		lp_say("%d %s%s", changed, strcmp(verb, "rm") == 0 ? "removed" : status, o.dry ? " (not done)" : "");
	return LP_OK;
}

static int
test(struct lp_db *db, char *words[], int n)
{
	struct account_try how = { .now = o.now, .to = to, .wait_ms = (wait_s > 0 ? wait_s : 60) * LP_SECOND };
	int status = LP_OK;

	for (int i = 0; i < n; i++) {
		struct findings f = { 0 };
		struct account a;
		struct lp_err err = { 0 };

		get(db, find(db, words[i]), &a);
		if (account_test(db, &a, &how, &f, &err) == -1)
			lp_die(&err);
		for (size_t k = 0; k < f.n; k++) {
			const struct finding *t = &f.list[k];
			const char *next = t->next != NULL ? "; next: " : "", *what = t->next != NULL ? t->next : "";

			if (t->state == FOUND_OK || t->state == FOUND_WARN)
				printf("%s: %s: %s%s%s\n", a.name, t->check, t->text, next, what);
			else
				lp_warn("account %s: %s: %s%s%s", a.name, t->check, t->text, next, what);
		}
		if (findings_status(&f) != LP_OK)
			status = (int)findings_status(&f);
		findings_clear(&f);
		account_clear(&a);
	}
	return status;
}

static int
load(struct lp_db *db, const char *name)
{
	const char *slash = strrchr(name, '/');
	char cwd[PATH_MAX], *dir;
	struct account_file f;
	struct buf diff = { 0 };
	struct lp_err err;
	struct ydoc *doc = yaml_load(name, &err);
	int changed;

	if (doc == NULL)
		lp_die(&err);
	/* a path in a file is relative to the file */
	if (getcwd(cwd, sizeof(cwd)) == NULL)
		lp_dief(LP_NOINPUT, "no working directory");
	if (slash == NULL)
		dir = xstrdup(cwd);
	else if (*name == '/')
		dir = xstrndup(name, (size_t)(slash - name));
	else
		dir = xasprintf("%s/%.*s", cwd, (int)(slash - name), name);
	if (account_file_read(doc, dir, getenv("HOME"), lp_data_dir(), &f, &err) == -1 || db_begin(db, &err) == -1)
		lp_die(&err);
	changed = account_file_apply(db, &f, o.force, &diff, &err);
	if (db_end(db, changed != -1 && !o.dry, changed != -1 ? &err : NULL) == -1 || changed == -1)
		lp_die(&err);
	if (o.dry)
		fputs(buf_str(&diff), stdout);
	lp_say("%d account%s %schanged", changed, changed == 1 ? "" : "s", o.dry ? "would be " : "");
	buf_free(&diff);
	account_file_free(&f);
	ydoc_free(doc);
	free(dir);
	return LP_OK;
}

static int
dump(struct lp_db *db)
{
	struct lp_err err;
	struct buf out = { 0 };

	if (account_file_dump(db, &out, &err) == -1)
		lp_die(&err);
	fputs(buf_str(&out), stdout);
	buf_free(&out);
	return LP_OK;
}

int
main(int argc, char *argv[])
{
	static const char *const verbs[] = { "list", "show", "add", "set", "rm", "start", "pause", "test", "load", "dump",
		"login", "logout", NULL };
	enum { LIST, SHOW, ADD, SET, RM, START, PAUSE, TEST, LOAD, DUMP, LOGIN, LOGOUT };
	static const struct lp_opt own[] = { { .name = "device", .flag = &device }, { .name = "port", .num = &port, .least = 1, .most = 65535 },
		{ .name = "wait", .num = &wait_s, .least = 1, .most = 3600 },
		{ .name = "to", .str = &to }, { 0 } };
	struct lp_err err;
	struct lp_db *db;
	int i, n, verb, status = LP_OK;

	lp_init(argv[0]);
	i = lp_options(&o, argc, argv, "n j m y status force", own, usage, help);
	verb = i < argc ? lp_verb(argv[i++], verbs, usage) : LIST;
	n = argc - i;
	if (((verb == LIST || verb == DUMP) && n > 0) || ((verb == SHOW || verb == LOAD || verb >= LOGIN) && n != 1) ||
	    (verb > SHOW && verb < LOAD && n == 0))
		lp_usage(usage);
	if (device && port != 0)
		lp_dief(LP_USAGE, "--device and --port: a code needs no port");
	db = db_open(o.db, verb == LIST || verb == SHOW || verb == TEST || verb == DUMP ? DB_READ : DB_WRITE, o.now, &err);
	if (db == NULL)
		lp_die(&err);
	switch (verb) {
	case LIST: status = list(db); break;
	case SHOW: status = show(db, argv[i]); break;
	case ADD: status = add(db, argv + i, n); break;
	case SET: status = set(db, argv + i, n); break;
	case LOAD: status = load(db, argv[i]); break;
	case DUMP: status = dump(db); break;
	case TEST: status = test(db, argv + i, n); break;
	case LOGIN: status = login(db, argv[i]); break;
	case LOGOUT: status = logout(db, argv[i]); break;
	default: status = change(db, verbs[verb], argv + i, n); break;
	}
	db_close(db);
	return status;
}
