/* lp-read - read the inboxes: as a filter carry out check_inbox; by themselves parse messages, or take them in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "agent/judge.h"
#include "agent/reading.h"
#include "agent/stage.h"
#include "base/cli.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/prog.h"
#include "mail/mbox.h"
#include "mail/parse_json.h"

static const char usage[] = "lp-read [-d file]\n"
                            "       lp-read parse [file ...]\n"
                            "       lp-read [-n] [-d file] [--account account] file ...\n"
                            "       lp-read [-n] [-d file] [--account account] texts [file ...]";
static const char help[] = "  (bare)      filter: carry out check_inbox, and put on record what lp-decide made of a classify_reply\n"
                           "  parse       what is read out of a message, as JSON; needs no database\n"
                           "  texts       take in WhatsApp messages and SMS, as JSON Lines\n"
                           "  FILE ..., - messages and mbox files, as if they had been in the account's inbox\n";

struct source {
	const char *name;
	int64_t now;
	int status;            /* of what was no mail */
};

static int
print_mail(void *arg, struct mail_in *m, size_t number, size_t size, struct lp_err *err)
{
	struct source *s = arg;
	cJSON *o;

	(void)size;
	if (m == NULL) {
		if (number > 1)
			lp_warn("%s: message %zu: %s", s->name, number, err->msg);
		else
			lp_warn("%s: %s", s->name, err->msg);
		s->status = LP_DATA;
		return 0;
	}
	o = mail_json(m, s->now);
	jsonl_put(o);
	cJSON_Delete(o);
	return 0;
}

static int
parse_file(const char *name, int64_t now, struct lp_err *err)
{
	bool stdin_too = strcmp(name, "-") == 0;
	struct source s = { stdin_too ? "stdin" : name, now, LP_OK };
	int fd = stdin_too ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC), r;

	if (fd == -1)
		return lp_fail(err, LP_NOINPUT, "can't open '%s'", name);
	r = mbox_each(fd, MAIL_SIZE_MAX, print_mail, &s, err);
	if (!stdin_too)
		close(fd);
	return r == -1 ? lp_err_prefix(err, "%s", s.name) : s.status;
}

static int
parse(char *files[], int n, int64_t now)
{
	static char *in[] = { "-" };
	struct lp_err err;
	int status = LP_OK, r;

	if (n == 0) {
		lp_no_terminal(usage);
		files = in;
		n = 1;
	}
	for (int i = 0; i < n; i++) {
		r = parse_file(files[i], now, &err);
		if (r == -1)
			lp_warn("%s", err.msg);
		if (r != LP_OK)
			status = r == -1 ? (int)err.kind : r;
	}
	return status;
}

static void
refused(void *arg, size_t number, const struct lp_err *why)
{
	const char *name = arg;

	if (number > 1)
		lp_warn("%s: message %zu: %s", name, number, why->msg);
	else
		lp_warn("%s: %s", name, why->msg);
}

/* 0, or the exit status. Whatever is wrong with the database, the deliverer keeps the mail and tries again. */
static int
take_file(struct lp_db *db, bool texts, const char *name, struct reading_how *how, struct reading *sum)
{
	bool stdin_too = strcmp(name, "-") == 0;
	struct lp_err err;
	int fd = stdin_too ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC), r;

	name = stdin_too ? "stdin" : name;
	if (fd == -1) {
		lp_warn("can't open '%s'", name);
		return LP_NOINPUT;
	}
	how->arg = (void *)(uintptr_t)name;
	r = texts ? reading_texts(db, fd, name, how, sum, &err) : reading_file(db, fd, how, sum, &err);
	if (!stdin_too)
		close(fd);
	if (r == 0)
		return LP_OK;
	lp_warn("%s: %s", name, err.msg);
	return r == -1 ? LP_TEMP : (int)err.kind;
}

static void
line_refused(void *arg, size_t number, const struct lp_err *why)
{
	lp_warn("%s:%zu: %s", (const char *)arg, number, why->msg);
}

/* `texts`: JSON Lines in place of mails. */
static int
take(const struct lp_opts *o, bool texts, char *files[], int n)
{
	static char *in[] = { "-" };
	struct reading_how how = { .dry = o->dry, .refused = texts ? line_refused : refused };
	struct reading sum = { 0 };
	struct lp_err err;
	struct lp_db *db;
	int status = LP_OK, r = 0;

	if (n == 0) {
		files = in;
		n = 1;
	}
	/* a word that was meant to be something else must not be passed over while the others go in */
	for (int i = 0; i < n; i++)
		if (strcmp(files[i], "-") == 0)
			lp_no_terminal(usage);
		else if (access(files[i], R_OK) == -1)
			lp_dief(LP_NOINPUT, "can't open '%s'", files[i]);
	if ((db = db_open(lp_db_path(o->db), DB_WRITE, o->now, &err)) == NULL)
		lp_dief(LP_TEMP, "%s", err.msg);
	if (o->account != NULL && (r = account_find(db, o->account, &how.account, &err)) == 0)
		lp_dief(LP_NOINPUT, "no account '%s'", o->account);
	else if (o->account != NULL && r == -1)
		lp_die(&err);
	for (int i = 0; i < n && status != LP_TEMP; i++)
		if ((r = take_file(db, texts, files[i], &how, &sum)) != LP_OK)
			status = r;
	db_close(db);
	lp_say("%ld new, %ld known, %ld refused; of the new %ld matched, %ld opted out%s", sum.fresh, sum.seen - sum.fresh, sum.refused, sum.matched,
	    sum.opt_outs, o->dry ? " (not taken in)" : "");
	return status == LP_OK && sum.refused > 0 ? LP_DATA : status;
}

static int
read_one(struct stage *s, const struct task *t, int64_t seq, struct reading *sum, struct lp_err *err)
{
	struct account a;
	int r = account_get(s->db, seq, &a, err);

	if (r != 1)
		return r == -1 ? -1 : 0;
	r = reading_has_inbox(&a) ? reading_account(s->db, &a, t, sum, err) : 0;
	if (r == 1)
		lp_err_prefix(err, "account %s", a.name);
	account_clear(&a);
	return r;
}

/* The account's inbox, or all. One that can't be read doesn't keep the others from being read. */
static int
read_all(struct stage *s, const struct task *t, struct reading *sum, struct lp_err *err)
{
	int64_t *seqs;
	struct lp_err bad = { 0 };
	size_t n;
	int r = 0, failed = 0;

	if (t->account != 0)
		return read_one(s, t, t->account, sum, err);
	if (accounts_list(s->db, NULL, &seqs, &n, err) == -1)
		return -1;
	for (size_t i = 0; r != -1 && r != 2 && i < n; i++)
		if ((r = read_one(s, t, seqs[i], sum, err)) == 1 && !failed++)
			bad = *err;
	free(seqs);
	if (r == -1 || r == 2 || !failed)
		return r;
	*err = bad;
	return 1;
}

static int
finish(struct stage *s, struct env *e, const struct task *t, const struct reading *sum, struct lp_err *err)
{
	cJSON *o = cJSON_CreateObject();
	char *text;
	int r;

	json_set_num(o, "seen", (double)sum->seen);
	json_set_num(o, "new", (double)sum->fresh);
	json_set_num(o, "matched", (double)sum->matched);
	json_set_num(o, "opt_outs", (double)sum->opt_outs);
	json_set_num(o, "stopped", (double)sum->stopped);
	text = json_print(o);
	r = db_begin(s->db, err);
	if (r == 0) {
		r = task_output(s->db, t, "done", text, err);
		r = db_end(s->db, r != -1, r != -1 ? err : NULL) == -1 || r == -1 ? -1 : 0;
	}
	free(text);
	if (r == 0)
		env_set(e, "result", o);
	else
		cJSON_Delete(o);
	return r;
}

static int
check_inbox(struct stage *s, struct env *e, const struct task *t, struct lp_err *err)
{
	struct reading sum = { 0 };
	struct lp_err trouble;
	int r = read_all(s, t, &sum, &trouble);

	if (r == 0)
		return finish(s, e, t, &sum, err);
	if (r == 1)
		return env_error(e, "inbox", trouble.msg, true, 0);
	if (r == 2)
		return env_error(e, "lease_lost", trouble.msg, false, 0);
	*err = trouble;
	return -1;
}

/* What it carries out: by the line's task type, which the row has to confirm. */
static const struct {
	const char *type;
	int (*carry_out)(struct stage *, struct env *, const struct task *, struct lp_err *);
} types[] = { { "check_inbox", check_inbox } };

static int
item(struct stage *s, struct env *e, struct lp_err *err)
{
	struct task t;
	size_t i = 0;
	int r;

	if (strcmp(e->type, "classify_reply") == 0)
		return judge_item(s, e, err);
	while (i < sizeof(types) / sizeof(types[0]) && strcmp(e->type, types[i].type) != 0)
		i++;
	if (i == sizeof(types) / sizeof(types[0]) || e->has_error)
		return 0;
	if ((r = stage_task(s, e, &t, err)) != 1)
		return r;
	r = strcmp(t.type, types[i].type) == 0 ? types[i].carry_out(s, e, &t, err) : 0;
	task_clear(&t);
	return r == -1 ? -1 : 0;
}

static int
filter(const struct lp_opts *o)
{
	struct stage s = { .item = item, .alone = true };
	struct lp_err err;
	int status;

	lp_no_terminal(usage);
	if ((s.db = db_open(lp_db_path(o->db), DB_WRITE, o->now, &err)) == NULL)
		lp_die(&err);
	status = stage_main(&s, STDIN_FILENO);
	db_close(s.db);
	return status;
}

int
main(int argc, char *argv[])
{
	struct lp_opts o = { 0 };
	int i;

	lp_init(argv[0]);
	i = lp_options(&o, argc, argv, "n account nodb", NULL, usage, help);
	if (i < argc && strcmp(argv[i], "parse") == 0)
		return parse(argv + i + 1, argc - i - 1, o.now);
	if (i < argc && strcmp(argv[i], "texts") == 0)
		return take(&o, true, argv + i + 1, argc - i - 1);
	if (i < argc)
		return take(&o, false, argv + i, argc - i);
	if (o.dry || o.account != NULL)
		lp_usage(usage);
	return filter(&o);
}
