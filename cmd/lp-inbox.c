/* lp-inbox - what came in, for people: read it, say what it is, answer by hand, and whose conversation it is. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/inbox_reply.h"
#include "agent/typed.h"
#include "base/ask.h"
#include "base/cli.h"
#include "base/editor.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/prog.h"
#include "base/table.h"
#include "llm/classify.h"
#include "show/approval_text.h"
#include "show/inbox_text.h"
#include "store/config.h"
#include "store/control.h"
#include "store/inbox.h"
#include "store/inbox_list.h"
#include "store/leads.h"
#include "store/notify.h"

static const char usage[] = "lp-inbox [list|show|class|assign|reply|take|give|notices|done] [which ...] [options]";
static const char help[] =
    "  (bare)                       as list\n"
    "  list [--status S] [--lead L] [--campaign C] [--since T] [-l N] [-j]\n"
    "                               what came in; first what waits for somebody\n"
    "  show WHICH ... [-j] [-v]     the conversation of a mail, a thread, a message or a lead (i41, h7, m88, l12, address); -v: mails whole\n"
    "  class MAIL ... CLASS [-m WHY]\n"
    "                               what it is: it acts, and the brain learns it\n"
    "  assign MAIL ... LEAD [-m WHY]\n"
    "                               whose it is, where nobody could tell\n"
    "  reply MAIL [-m TEXT|-] [-y] [-n]\n"
    "                               answer it, in $VISUAL or $EDITOR, or with a text (- is standard input); it goes the way of every message\n"
    "  take WHICH ... [-m WHY]      the conversation is yours: nothing automatic goes into it\n"
    "  give WHICH ... [-m WHY]      it is the agent's again\n"
    "  notices [-l N] [-j]          what people should know and nobody has read\n"
    "  done WHICH ... | --all       it is known (n12), nothing is to be done about it any more (i41); all notices\n";

static struct lp_opts o = { .limit = 50, .since = LP_NO_TIME };
static bool all;
static char zone[TZ_NAME_SIZE] = "UTC";

/* ---- looking */

static void
row(struct table *t, const cJSON *r)
{
	char when[TABLE_TIME_SIZE], said[INBOX_SAID_SIZE], *from = inbox_from(r), *words = xstrdup(json_text(r, "words"));
	const char *waits = json_text(r, "waits");

	table_row(t, (const char *const[]){ json_text(r, "id"), table_time(json_str(r, "received_at"), zone, when), from, inbox_said(r, said),
	    words + strspn(words, " \t\r\n"), *waits != '\0' ? waits : json_bool(r, "answered", false) ? "answered" : "", json_text(r, "command") });
	free(words);
	free(from);
}

static int
list(struct lp_db *db)
{
	static const char *const heads[] = { "ID", "CAME IN", "FROM", "IS", "SAID", "WAITS", "TYPE THIS" };
	struct inbox_ask a = { .status = o.status, .since = o.since != LP_NO_TIME ? o.since : 0, .limit = o.limit };
	struct table *t = table_new(7, heads);
	struct lp_err err;
	cJSON *rows, *r;

	if (o.status != NULL && !inbox_status_ok(o.status))
		lp_dief(LP_USAGE, "--status: '%s' is none of waiting, new, matched, unmatched, ambiguous, handled", o.status);
	if ((o.lead != NULL && control_find(db, 'l', o.lead, &a.lead, &err) == -1) ||
	    (o.campaign != NULL && control_find(db, 'c', o.campaign, &a.campaign, &err) == -1) || (rows = inbox_rows(db, &a, &err)) == NULL)
		lp_die(&err);
	cJSON_ArrayForEach(r, rows) {
		if (o.json)
			jsonl_put(r);
		else
			row(t, r);
	}
	table_print(t);
	cJSON_Delete(rows);
	return LP_OK;
}

static void
print_buf(struct buf *b)
{
	fwrite(buf_str(b), 1, b->len, stdout);
	buf_free(b);
}

static void
print(cJSON *thread)
{
	struct buf b = { 0 };

	if (o.json)
		jsonl_put(thread);
	else {
		inbox_text(&b, thread, zone, lp_verbose);
		print_buf(&b);
	}
	cJSON_Delete(thread);
}

static int
show_one(struct lp_db *db, const char *word, struct lp_err *err)
{
	static bool before;
	int64_t *threads, alone;
	cJSON *thread;
	size_t n;
	int r = db_look(db, err);

	if (r == 0 && (r = inbox_threads(db, word, &threads, &n, &alone, err)) == 0) {
		for (size_t i = 0; r == 0 && i < n + (alone != 0); i++) {
			thread = alone != 0 ? inbox_alone(db, alone, err) : inbox_thread(db, threads[i], err);
			if (before && !o.json)
				putchar('\n');
			if (thread == NULL)
				r = -1;
			else
				print(thread);
			before = true;
		}
		free(threads);
	}
	db_end(db, false, NULL);
	return r;
}

static void
notice_json(const struct notice_row *n, const char *id)
{
	const char *const members[][2] = { { "id", id }, { "type", n->type }, { "title", n->title }, { "message", n->message }, { "command", n->command },
		{ "created_at", n->created_at } };
	cJSON *x = cJSON_CreateObject();

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (members[i][1] != NULL)
			json_set_str(x, members[i][0], members[i][1]);
	jsonl_put(x);
	cJSON_Delete(x);
}

static int
notices(struct lp_db *db)
{
	static const char *const heads[] = { "ID", "SINCE", "NOTICE", "TYPE THIS" };
	struct table *t = table_new(4, heads);
	struct notice_row *rows;
	char when[TABLE_TIME_SIZE], id[24];
	struct lp_err err;
	size_t n;

	if (notify_unread(db, o.limit, &rows, &n, &err) == -1)
		lp_die(&err);
	for (size_t i = 0; i < n; i++) {
		snprintf(id, sizeof(id), "n%" PRId64, rows[i].seq);
		if (o.json)
			notice_json(&rows[i], id);
		else
			table_row(t, (const char *const[]){ id, table_time(rows[i].created_at, zone, when), rows[i].title,
			    rows[i].command != NULL ? rows[i].command : "" });
	}
	table_print(t);
	notify_free(rows, n);
	return LP_OK;
}

/* ---- changing: one transaction a word; the worst status is the program's */

static int
done_one(struct lp_db *db, const char *word, struct lp_err *err)
{
	int64_t seq;
	char key[32];
	int r;

	if (lp_handle(word, 'n', &seq))
		return notify_read(db, seq, err) == -1 ? -1 : 0;
	if ((r = inbox_find(db, word, &seq, err)) != 1)
		return r == -1 ? -1 : lp_fail(err, LP_NO, "no such notice or mail: %s", word);
	snprintf(key, sizeof(key), "inbox:%" PRId64, seq);
	return inbox_handled(db, seq, err) == -1 || notify_read_about(db, key, err) == -1 ? -1 : 0;
}

static int
done_all(struct lp_db *db)
{
	struct lp_err err;
	int n;

	if (db_begin(db, &err) == -1)
		lp_die(&err);
	n = notify_read_all(db, &err);
	if (db_end(db, n != -1 && !o.dry, n != -1 ? &err : NULL) == -1 || n == -1)
		lp_die(&err);
	lp_say("%d notices read%s", n, o.dry ? " (rehearsed)" : "");
	return LP_OK;
}

static int
each(struct lp_db *db, char **which, bool writes, int (*one)(struct lp_db *, const char *, struct lp_err *))
{
	int status = LP_OK, r;
	struct lp_err err;

	for (; *which != NULL; which++) {
		if (writes && db_begin(db, &err) == -1)
			lp_die(&err);
		r = one(db, *which, &err);
		if (writes && db_end(db, r == 0 && !o.dry, r == 0 ? &err : NULL) == -1)
			r = -1;
		if (r == -1) {
			lp_warn("%s", err.msg);
			status = (int)err.kind > status ? (int)err.kind : status;
		}
	}
	return status;
}

static int
said(const char *word, const char *what)
{
	lp_say("%s %s%s", word, what, o.dry ? " (rehearsed)" : "");
	return 0;
}

static int
take_one(struct lp_db *db, const char *word, struct lp_err *err)
{
	int n = inbox_take(db, word, lp_who(), o.reason, err);

	return n == -1 ? -1 : said(word, n > 0 ? "is yours" : "was a person's already");
}

static int
give_one(struct lp_db *db, const char *word, struct lp_err *err)
{
	int n = inbox_give(db, word, lp_who(), o.reason, err);

	return n == -1 ? -1 : said(word, n > 0 ? "is the agent's" : "was the agent's already");
}

static int
mail(struct lp_db *db, const char *word, int64_t *seq, struct lp_err *err)
{
	int r = inbox_find(db, word, seq, err);

	return r == 0 ? lp_fail(err, LP_NO, "no such mail: %s", word) : r;
}

static int64_t lead;

static int
assign_one(struct lp_db *db, const char *word, struct lp_err *err)
{
	char what[40];
	int64_t seq;

	if (mail(db, word, &seq, err) == -1 || inbox_assign(db, seq, lead, lp_who(), o.reason, err) == -1)
		return -1;
	snprintf(what, sizeof(what), "is of l%" PRId64, lead);
	return said(word, what);
}

/* The last word of the line. */
static void
take_lead(struct lp_db *db, char *words[], int n)
{
	struct lp_err err;

	if (leads_find(db, words[n - 1], &lead, &err) == -1)
		lp_die(&err);
	words[n - 1] = NULL;
}

static const char *class;

static int
class_one(struct lp_db *db, const char *word, struct lp_err *err)
{
	int64_t seq;
	int r = mail(db, word, &seq, err);

	if (r == 1 && (r = inbox_class(db, seq, class, lp_who(), o.reason, err)) == 0)
		return lp_fail(err, LP_NO, "%s: there is nothing to judge: no person wrote it, or nobody we know", word);
	if (r == 1)
		lp_say("%s is %s%s", word, class, o.dry ? " (rehearsed)" : "");
	return r == -1 ? -1 : 0;
}

/* The last word of the line. */
static void
take_class(char *words[], int n)
{
	const char *const *c = reply_classes;
	const char *near;

	class = words[n - 1];
	words[n - 1] = NULL;
	while (*c != NULL && strcmp(*c, class) != 0)
		c++;
	if (*c == NULL && (near = lp_did_you_mean(class, reply_classes)) != NULL)
		lp_dief(LP_USAGE, "'%s' is no class of a reply (did you mean '%s'?)", class, near);
	if (*c == NULL)
		lp_dief(LP_USAGE, "'%s' is no class of a reply", class);
}

/* ---- answering by hand */

static bool
on_terminal(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

/* What somebody wrote isn't lost because it wasn't sent. */
static void
keep(const struct typed *w, const char *mail_id)
{
	struct lp_err err;
	char *path = NULL;

	if (w->file != NULL && text_keep(lp_tmp(), "lp-inbox", w->file, &path, &err) == 0)
		lp_warn("the text is kept: lp-inbox reply %s -y -m - <%s", mail_id, path);
	else if (w->file != NULL)
		lp_warn("%s", err.msg);
	free(path);
}

static int
edit(const cJSON *draft, struct typed *w, struct lp_err *err)
{
	if (!on_terminal() && lp_editor() == NULL)
		return lp_fail(err, LP_USAGE, "reply: without a terminal give a text, -m TEXT, or -m - for standard input");
	return typed_edit(w, draft, lp_editor() != NULL ? lp_editor() : "vi", lp_tmp(), err);
}

static int
try(struct lp_db *db, const struct inbox_reply *r, bool keeps, struct inbox_replied *out, struct lp_err *err)
{
	int ok;

	if (db_begin(db, err) == -1)
		return -1;
	ok = inbox_reply(db, r, out, err) == 0;
	return db_end(db, ok && keeps, ok ? err : NULL) == -1 || !ok ? -1 : 0;
}

/* Yes: 1. To the editor: 2. No: 0. */
static int
asked(bool may_edit)
{
	char *s;
	int r;

	if (o.yes)
		return 1;
	if (!may_edit)
		return ask_yes("\nSend it? [y/N] ");
	s = ask_line("\ny send, e edit, q quit: ");
	r = s == NULL ? 0 : *s == 'y' ? 1 : *s == 'e' ? 2 : 0;
	free(s);
	return r;
}

/* Shown, asked, and done as it was shown. 1 done, 0 no, 2 once more to the editor, -1. */
static int
send(struct lp_db *db, struct inbox_reply *r, const struct typed *w, struct lp_err *err)
{
	struct inbox_replied out;
	struct buf shown = { 0 };
	char hash[LP_HEX_SIZE];
	int yes = 0, ok;

	r->subject = w->subject;
	r->body = w->body;
	r->hash = NULL;
	ok = try(db, r, false, &out, err);
	if (ok == 0) {
		if (!o.yes || o.dry || lp_verbose) {
			inbox_replied_text(&shown, &out);
			print_buf(&shown);
		}
		snprintf(hash, sizeof(hash), "%s", out.hash);
		yes = o.dry ? 1 : asked(w->file != NULL && on_terminal());
	}
	inbox_replied_clear(&out);
	if (ok == -1 || o.dry || yes != 1)
		return ok == -1 ? -1 : yes;
	r->hash = hash;
	if ((ok = try(db, r, true, &out, err)) == 0)
		lp_say("m%" PRId64 " will leave for %s (t%" PRId64 "); the conversation is yours", out.message, out.recipient, out.task);
	inbox_replied_clear(&out);
	return ok == -1 ? -1 : 1;
}

/* On a terminal what is wrong can be mended in the editor. */
static int
walk(struct lp_db *db, const cJSON *draft, struct inbox_reply *r, struct typed *w, struct lp_err *err)
{
	int done = 2;

	while (done == 2) {
		if (o.reason == NULL && edit(draft, w, err) == -1)
			return -1;
		done = typed_read(w, draft, err) == -1 ? -1 : send(db, r, w, err);
		if (done == -1 && w->file != NULL && on_terminal() && err->kind != LP_TEMP) {
			printf("%s\n", err->msg);
			done = ask_yes("\nBack to the editor? [y/N] ") ? 2 : -1;
		}
	}
	return done == 0 ? lp_fail(err, LP_NO, "not sent") : done;
}

static int
reply(struct lp_db *db, const char *word)
{
	struct inbox_reply r = { .by = lp_who() };
	struct typed w = { 0 };
	struct lp_err err;
	char *text = NULL;
	cJSON *draft;
	int found = inbox_find(db, word, &r.inbox, &err);

	if (found != 1)
		lp_dief(found == 0 ? LP_NO : err.kind, "%s%s", found == 0 ? "no such mail: " : err.msg, found == 0 ? word : "");
	if (!o.yes && !o.dry && (!on_terminal() || (o.reason != NULL && strcmp(o.reason, "-") == 0)))
		lp_dief(LP_USAGE, "reply: nobody is there to look at it: say so with -y, or look with -n");
	if (o.reason != NULL && strcmp(o.reason, "-") == 0) {
		lp_no_terminal(usage);
		if (text_read("-", &text, &err) == -1)
			lp_die(&err);
	}
	if ((draft = inbox_reply_begin(db, r.inbox, zone, text != NULL ? text : o.reason, &r.seen, &err)) == NULL)
		lp_die(&err);
	found = walk(db, draft, &r, &w, &err);
	if (found == -1)
		keep(&w, word);
	cJSON_Delete(draft);
	free(text);
	typed_clear(&w);
	if (found == -1)
		lp_die(&err);
	return LP_OK;
}

int
main(int argc, char *argv[])
{
	static const char *const verbs[] = { "list", "show", "notices", "class", "assign", "reply", "take", "give", "done", NULL };
	enum { LIST, SHOW, NOTICES, CLASS, ASSIGN, REPLY, TAKE, GIVE, DONE };
	static const struct lp_opt own[] = { { .name = "all", .flag = &all }, { 0 } };
	struct lp_err err;
	struct lp_db *db;
	int i, n, verb, status;

	lp_init(argv[0]);
	i = lp_options(&o, argc, argv, "n j l m y status lead campaign since", own, usage, help);
	verb = i < argc ? lp_verb(argv[i++], verbs, usage) : LIST;
	n = argc - i;
	if (((verb == LIST || verb == NOTICES) && n > 0) || ((verb == SHOW || verb == TAKE || verb == GIVE) && n == 0) || ((verb == CLASS || verb == ASSIGN) && n < 2) ||
	    (verb == REPLY && n != 1) || (verb == DONE && all == (n > 0)) || (all && verb != DONE))
		lp_usage(usage);
	if (o.limit < 1)
		lp_dief(LP_USAGE, "-l: at least 1");
	if (verb == CLASS)
		take_class(argv + i, n);
	db = db_open(o.db, verb <= NOTICES ? DB_READ : DB_WRITE, o.now, &err);
	if (db == NULL || config_zone(db, zone, &err) == -1)
		lp_die(&err);
	switch (verb) {
	case LIST: status = list(db); break;
	case SHOW: status = each(db, argv + i, false, show_one); break;
	case NOTICES: status = notices(db); break;
	case CLASS: status = each(db, argv + i, true, class_one); break;
	case ASSIGN: take_lead(db, argv + i, n); status = each(db, argv + i, true, assign_one); break;
	case REPLY: status = reply(db, argv[i]); break;
	case TAKE: status = each(db, argv + i, true, take_one); break;
	case GIVE: status = each(db, argv + i, true, give_one); break;
	default: status = all ? done_all(db) : each(db, argv + i, true, done_one); break;
	}
	db_close(db);
	return status;
}
