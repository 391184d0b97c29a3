/* lp-approve - say yes or no to what waits for a person: one screen each on a terminal, or by handle. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/typed.h"
#include "base/ask.h"
#include "base/cli.h"
#include "base/editor.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/prog.h"
#include "base/table.h"
#include "show/approval_text.h"
#include "show/approval_whole.h"
#include "store/approval_list.h"
#include "store/approvals.h"
#include "store/campaigns.h"
#include "store/config.h"

static const char usage[] = "lp-approve [list|show|yes|no|edit] [which ...] [options]";
static const char help[] =
    "  (bare)                       on a terminal: walk through what waits, one screen each; else as list\n"
    "  list [--campaign C] [-l N] [-j]\n"
    "  show WHICH ... [-j]          an approval, task or message (p3, t12, m88), or a campaign (c3 or its name), whole\n"
    "  yes WHICH ... [-m WHY] [-l LEADS]\n"
    "                               let it go; of a campaign: its newest version, for so many leads\n"
    "  yes --all [--campaign C] -y  all that waits\n"
    "  no WHICH ... -m WHY          it will not be done\n"
    "  edit WHICH [FILE]            change the text, in $VISUAL or $EDITOR or from a file (- is standard input), and let it go\n";

static struct lp_opts o;
static bool all;
static char zone[TZ_NAME_SIZE] = "UTC";

static void
find_zone(struct lp_db *db)
{
	struct lp_err err;

	if (config_zone(db, zone, &err) == -1)
		lp_die(&err);
}

static bool
on_terminal(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

/* What a word names: 'p' an approval, 'c' a campaign. */
static int
find(struct lp_db *db, const char *word, char *kind, int64_t *seq, struct lp_err *err)
{
	char letter = lp_handle_kind(word);
	int r = approvals_find(db, word, seq, err);

	*kind = 'p';
	if (r == 0 && letter != 'p' && letter != 't' && letter != 'm') {
		*kind = 'c';
		r = campaigns_find(db, word, seq, err);
	}
	return r != 0 ? r : lp_fail(err, LP_NO, "nothing was asked for by '%s' (lp-approve list)", word);
}

static cJSON *
get(struct lp_db *db, int64_t seq)
{
	struct lp_err err;
	cJSON *a = approval_json(db, seq, &err);

	if (a == NULL)
		lp_die(&err);
	return a;
}

static void
print_buf(struct buf *b)
{
	fwrite(buf_str(b), 1, b->len, stdout);
	buf_free(b);
}

static int
list(struct lp_db *db)
{
	static const char *const heads[] = { "ID", "TASK", "EXPIRES", "ACTION", "TO", "SUBJECT", "WHY" };
	struct table *t = table_new(7, heads);
	char when[TABLE_TIME_SIZE];
	struct lp_err err;
	int64_t *seqs, campaign = 0;
	size_t n, i;
	int r = 1;

	if (o.campaign != NULL && (r = campaigns_find(db, o.campaign, &campaign, &err)) == 0)
		lp_dief(LP_NO, "no campaign '%s'", o.campaign);
	if (r == -1 || approvals_list(db, campaign, o.limit > 0 ? o.limit : 1000, &seqs, &n, &err) == -1)
		lp_die(&err);
	for (i = 0; i < n; i++) {
		cJSON *a = get(db, seqs[i]), *m = json_get(a, "message"), *d = json_get(a, "decision");

		if (o.json)
			jsonl_put(a);
		else
			table_row(t, (const char *const[]){ json_text(a, "id"), json_text(a, "task_id"), table_time(json_str(a, "expires_at"), zone, when),
			    d != NULL ? json_text(d, "action") : json_text(a, "task_type"), m != NULL ? json_text(m, "recipient") : json_text(json_get(a, "lead"), "email"),
			    json_text(m, "subject"), json_text(a, "reason") });
		cJSON_Delete(a);
	}
	table_print(t);
	free(seqs);
	return LP_OK;
}

static int
whole_get(struct lp_db *db, int64_t seq, struct whole *w, struct lp_err *err)
{
	if (whole_load(db, seq, w, err) == -1)
		return -1;
	if (o.limit > 0)
		w->leads = o.limit;
	return 0;
}

static void
whole_print(const struct whole *w)
{
	struct buf b = { 0 };

	whole_text(&b, w);
	print_buf(&b);
}

static int
show_one(struct lp_db *db, char kind, int64_t seq, struct lp_err *err)
{
	struct buf b = { 0 };
	struct whole w;
	cJSON *j;

	if (kind == 'c') {
		if (whole_get(db, seq, &w, err) == -1)
			return -1;
		if (o.json) {
			jsonl_put(j = whole_json(&w));
			cJSON_Delete(j);
		} else
			whole_print(&w);
		whole_clear(&w);
		return 1;
	}
	if ((j = approval_json(db, seq, err)) == NULL)
		return -1;
	if (o.json)
		jsonl_put(j);
	else {
		printf("%s  %s  %s\n", json_text(j, "id"), *json_text(j, "task_id") != '\0' ? json_text(j, "task_id") : json_text(j, "kind"), json_text(j, "task_type"));
		approval_text(&b, j, zone);
		print_buf(&b);
	}
	cJSON_Delete(j);
	return 1;
}

/* ---- answers; each in a transaction of its own */

struct answer {
	char key;               /* y, n, e */
	const char *why;
	const char *subject, *body; /* of e */
};

static int
answered(struct lp_db *db, int64_t seq, const struct answer *a, struct lp_err *err)
{
	int r;

	if (db_begin(db, err) == -1)
		return -1;
	if (a->key == 'e')
		r = approval_edit(db, seq, a->subject, a->body, lp_who(), err);
	else
		r = a->key == 'y' ? approval_yes(db, seq, lp_who(), a->why, err) : approval_no(db, seq, lp_who(), a->why, err);
	if (r == 0)
		r = lp_fail(err, LP_NO, "p%" PRId64 " is not open any more (lp-approve show p%" PRId64 ")", seq, seq);
	if (db_end(db, r == 1 && !o.dry, r == 1 ? err : NULL) == -1)
		return -1;
	return r;
}

static int
yes_campaign(struct lp_db *db, int64_t seq, struct lp_err *err)
{
	struct whole w;
	int r;

	if (whole_get(db, seq, &w, err) == -1)
		return -1;
	if (!o.yes && on_terminal()) {
		whole_print(&w);
		if (!ask_yes("\nApprove this campaign? [y/N] ")) {
			whole_clear(&w);
			return lp_fail(err, LP_NO, "not approved");
		}
	}
	if ((r = db_begin(db, err)) == 0) {
		int64_t version = w.version;
		char hash[LP_HEX_SIZE];

		/* what was shown is what is approved, also where it was loaded anew while one was reading */
		if ((r = approval_of_campaign(db, seq, &w.version, hash, err)) == 1 && (w.version != version || strcmp(hash, w.hash) != 0))
			r = lp_fail(err, LP_TEMP, "c%" PRId64 " was changed while it was being looked at", seq);
		if (r == 1)
			r = approval_campaign(db, seq, w.version, w.leads, lp_who(), o.reason, err);
		if (db_end(db, r == 0 && !o.dry, r == 0 ? err : NULL) == -1)
			r = -1;
	}
	if (r == 0)
		lp_say("%s version %d approved for %" PRId64 " leads%s", json_text(w.row->child, "name"), w.version, w.leads, o.dry ? " (rehearsed)" : "");
	whole_clear(&w);
	return r == 0 ? 1 : -1;
}

static int
yes_one(struct lp_db *db, char kind, int64_t seq, struct lp_err *err)
{
	if (kind == 'c')
		return yes_campaign(db, seq, err);
	if (answered(db, seq, &(struct answer){ .key = 'y', .why = o.reason }, err) == -1)
		return -1;
	lp_say("p%" PRId64 " approved%s", seq, o.dry ? " (rehearsed)" : "");
	return 1;
}

static int
no_one(struct lp_db *db, char kind, int64_t seq, struct lp_err *err)
{
	if (kind == 'c')
		return lp_fail(err, LP_USAGE, "a campaign isn't approved until somebody says yes; to stop it: lp-campaigns pause c%" PRId64, seq);
	if (answered(db, seq, &(struct answer){ .key = 'n', .why = o.reason }, err) == -1)
		return -1;
	lp_say("p%" PRId64 " rejected%s", seq, o.dry ? " (rehearsed)" : "");
	return 1;
}

static int
each(struct lp_db *db, char **which, int (*one)(struct lp_db *, char, int64_t, struct lp_err *))
{
	int status = LP_OK;
	struct lp_err err;
	int64_t seq;
	char kind;

	for (; *which != NULL; which++)
		if (find(db, *which, &kind, &seq, &err) == -1 || one(db, kind, seq, &err) == -1) {
			lp_warn("%s", err.msg);
			status = (int)err.kind > status ? (int)err.kind : status;
		}
	return status;
}

static int
yes_all(struct lp_db *db)
{
	int64_t *seqs, campaign = 0;
	struct lp_err err;
	size_t n, i;
	int status = LP_OK, r = 1;
	char prompt[64];

	if (o.campaign != NULL && (r = campaigns_find(db, o.campaign, &campaign, &err)) == 0)
		lp_dief(LP_NO, "no campaign '%s'", o.campaign);
	if (r == -1 || approvals_list(db, campaign, INT32_MAX, &seqs, &n, &err) == -1)
		lp_die(&err);
	if (n > 0 && !o.yes) {
		if (!on_terminal())
			lp_dief(LP_USAGE, "--all approves %zu that nobody may have looked at: say so with -y", n);
		list(db);
		snprintf(prompt, sizeof(prompt), "\nApprove all %zu? [y/N] ", n);
		if (!ask_yes(prompt))
			lp_dief(LP_NO, "none approved");
	}
	for (i = 0; i < n; i++)
		if (yes_one(db, 'p', seqs[i], &err) == -1) {
			lp_warn("%s", err.msg);
			status = (int)err.kind > status ? (int)err.kind : status;
		}
	free(seqs);
	return status;
}

/* ---- editing */

static int
edit_text(const cJSON *a, char **text, struct lp_err *err)
{
	if (json_get(a, "message") == NULL)
		return lp_fail(err, LP_DATA, "%s: there is no text to edit", json_text(a, "id"));
	if (*text == NULL)
		*text = typed_file(json_get(a, "message"));
	return editor_run(lp_editor() != NULL ? lp_editor() : "vi", lp_tmp(), text, err);
}

static int
edit(struct lp_db *db, const char *which, const char *file)
{
	char *text = NULL, *subject, *body, kind;
	struct lp_err err = { 0 };
	int64_t seq;
	cJSON *a;
	int r;

	if (find(db, which, &kind, &seq, &err) == -1)
		lp_die(&err);
	if (kind == 'c')
		lp_dief(LP_USAGE, "a campaign is edited in its file: lp-campaigns load");
	a = get(db, seq);
	if (strcmp(json_text(a, "status"), "open") != 0)
		lp_dief(LP_NO, "p%" PRId64 " is not open any more", seq);
	if (file != NULL && strcmp(file, "-") == 0)
		lp_no_terminal(usage);
	if (file == NULL && !on_terminal() && lp_editor() == NULL)
		lp_dief(LP_USAGE, "edit: without a terminal give a file, or - for standard input");
	if (file != NULL && text_read(file, &text, &err) == -1)
		lp_die(&err);
	if (file == NULL && (r = edit_text(a, &text, &err)) != 1)
		lp_dief(r == 0 ? LP_NO : err.kind, "%s", r == 0 ? "the text was not changed: not approved" : err.msg);
	if (typed_file_read(text, json_get(a, "message"), &subject, &body, &err) == -1 ||
	    answered(db, seq, &(struct answer){ .key = 'e', .subject = subject, .body = body }, &err) == -1)
		lp_die(&err);
	lp_say("p%" PRId64 " approved as edited%s", seq, o.dry ? " (rehearsed)" : "");
	free(text);
	free(subject);
	free(body);
	cJSON_Delete(a);
	return LP_OK;
}

/* ---- the walk */

/* Yes or no, said to the database. False where there was no answer after all. */
static bool
walk_answer(struct lp_db *db, int64_t seq, const cJSON *a, char key, bool edited)
{
	const cJSON *m = json_get(a, "message");
	struct answer answer = { .key = key, .subject = json_str(m, "subject"), .body = json_str(m, "body") };
	char *why = NULL;
	struct lp_err err;

	if (key == 'y' && edited)
		answer.key = 'e';
	if (key == 'n' && ((why = ask_line("Why not? ")) == NULL || *why == '\0')) {
		printf("Not without a reason; nothing was done.\n");
		free(why);
		return false;
	}
	answer.why = why;
	if (answered(db, seq, &answer, &err) == -1)
		printf("%s\n", err.msg);
	else
		printf("%s%s\n", key == 'n' ? "Rejected." : edited ? "Approved as edited." : "Approved.", o.dry ? " (rehearsed)" : "");
	free(why);
	return true;
}

/* One screen, until it is answered or left. False: no more. */
static bool
walk_one(struct lp_db *db, int64_t seq, const char *title)
{
	char *text = NULL, *s, key = 0;
	bool edited = false;
	struct lp_err err;
	struct buf b;

	while (key == 0) {
		cJSON *a = get(db, seq);

		b = (struct buf){ 0 };
		/* what is wrong with it can be mended in the editor; until then it isn't what would be approved */
		if (text != NULL && !(edited = typed_file_put(a, text, &err) == 0))
			printf("%s\n", err.msg);
		printf("\n---- %s: %s, %s%s\n", title, json_text(a, "id"), json_text(a, "task_id"), edited ? ", edited" : "");
		approval_text(&b, a, zone);
		print_buf(&b);
		s = ask_line("\ny yes, e edit, n no, l later, q quit: ");
		key = s == NULL ? 'q' : s[0] != '\0' && s[1] == '\0' ? s[0] : 0;
		free(s);
		if (key == 'e' && edit_text(a, &text, &err) == -1)
			printf("%s\n", err.msg);
		if ((key == 'y' || key == 'n') && !walk_answer(db, seq, a, key, edited))
			key = 0;
		if (key == 'e' || (key != 0 && strchr("ynlq", key) == NULL))
			key = 0;
		cJSON_Delete(a);
	}
	free(text);
	return key != 'q';
}

static int
walk(struct lp_db *db)
{
	struct lp_err err;
	int64_t *seqs;
	size_t n, i;
	char title[48];

	if (approvals_list(db, 0, INT32_MAX, &seqs, &n, &err) == -1)
		lp_die(&err);
	if (n == 0)
		printf("Nothing waits for you.\n");
	for (i = 0; i < n; i++) {
		snprintf(title, sizeof(title), "%zu of %zu", i + 1, n);
		if (!walk_one(db, seqs[i], title))
			break;
	}
	free(seqs);
	return LP_OK;
}

int
main(int argc, char *argv[])
{
	static const char *const verbs[] = { "list", "show", "yes", "no", "edit", NULL };
	enum { LIST, SHOW, YES, NO, EDIT, WALK };
	static const struct lp_opt own[] = { { .name = "all", .flag = &all }, { 0 } };
	struct lp_err err;
	struct lp_db *db;
	int i, n, verb, status;

	lp_init(argv[0]);
	i = lp_options(&o, argc, argv, "n j l m y campaign", own, usage, help);
	verb = i < argc ? lp_verb(argv[i++], verbs, usage) : on_terminal() && !o.json ? WALK : LIST;
	n = argc - i;
	if ((verb == LIST && n > 0) || ((verb == SHOW || verb == NO) && n == 0) || (verb == YES && all != (n == 0)) ||
	    (verb == EDIT && n != 1 && n != 2) || (all && verb != YES))
		lp_usage(usage);
	if (verb == NO && (o.reason == NULL || *o.reason == '\0'))
		lp_dief(LP_USAGE, "no: say why (-m)");
	db = db_open(o.db, verb == LIST || verb == SHOW ? DB_READ : DB_WRITE, o.now, &err);
	if (db == NULL)
		lp_die(&err);
	find_zone(db);
	switch (verb) {
	case LIST: status = list(db); break;
	case SHOW: status = each(db, argv + i, show_one); break;
	case YES: status = all ? yes_all(db) : each(db, argv + i, yes_one); break;
	case NO: status = each(db, argv + i, no_one); break;
	case EDIT: status = edit(db, argv[i], n == 2 ? argv[i + 1] : NULL); break;
	default: status = walk(db); break;
	}
	db_close(db);
	return status;
}
