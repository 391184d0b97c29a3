/* lp-read - read the inboxes: as a filter carry out check_inbox; by itself parse a message, or take one in. */
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
                            "       lp-read [-n] [-d file] --account account take";
static const char help[] = "  (bare)   filter: carry out check_inbox, and put on record what lp-decide made of a classify_reply\n"
                           "  parse    what is read out of a message, as JSON; needs no database\n"
                           "  take     one message from standard input, as if it had been in the account's inbox\n";

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

static int
take(struct lp_db *db, const char *name, bool dry)
{
	struct inbox_new in = { 0 };
	struct inbox_result res;
	struct lp_err err;
	struct mail_in m;
	int r;

	lp_no_terminal(usage);
	if (name == NULL)
		lp_dief(LP_USAGE, "take: name the account that received it (--account)");
	if ((r = account_find(db, name, &in.account, &err)) == 0)
		lp_dief(LP_NOINPUT, "no account '%s'", name);
	if (r == -1 || mail_parse_fd(STDIN_FILENO, MAIL_SIZE_MAX, &m, &err) == -1 || db_begin(db, &err) == -1)
		lp_die(&err);
	in.mail = &m;
	r = receive_mail(db, &in, &res, &err);
	if (db_end(db, r != -1 && !dry, r != -1 ? &err : NULL) == -1 || r == -1)
		lp_die(&err);
	lp_say("%s%s, %s%s", r == 1 ? "new" : "known", dry ? " (not taken in)" : "", res.lead != 0 ? "matched" : "unmatched",
	    res.suppressed ? ", suppressed" : "");
	mail_in_clear(&m);
	return LP_OK;
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
item(struct stage *s, struct env *e, struct lp_err *err)
{
	struct reading sum = { 0 };
	struct lp_err trouble;
	struct task t;
	int r;

	if (strcmp(e->type, "classify_reply") == 0)
		return judge_item(s, e, err);
	if (strcmp(e->type, "check_inbox") != 0 || e->has_error)
		return 0;
	if ((r = stage_task(s, e, &t, err)) != 1)
		return r;
	if (strcmp(t.type, "check_inbox") == 0) { /* the row says so too */
		r = read_all(s, &t, &sum, &trouble);
		if (r == 0)
			r = finish(s, e, &t, &sum, err);
		else if (r == 1)
			r = env_error(e, "inbox", trouble.msg, true, 0);
		else if (r == 2)
			r = env_error(e, "lease_lost", trouble.msg, false, 0);
		else
			*err = trouble;
	}
	task_clear(&t);
	return r == -1 ? -1 : 0;
}

int
main(int argc, char *argv[])
{
	static const char *const verbs[] = { "parse", "take", NULL };
	struct lp_opts o = { 0 };
	struct stage s = { .item = item, .alone = true };
	struct lp_err err;
	int i, verb, status;

	lp_init(argv[0]);
	i = lp_options(&o, argc, argv, "n account nodb", NULL, usage, help);
	verb = i < argc ? lp_verb(argv[i], verbs, usage) : -1;
	if (verb == 0)
		return parse(argv + i + 1, argc - i - 1, o.now);
	if (argc - i > 1 || (verb == -1 && o.dry))
		lp_usage(usage);
	if (verb == -1)
		lp_no_terminal(usage);
	s.db = db_open(lp_db_path(o.db), DB_WRITE, o.now, &err);
	if (s.db == NULL)
		lp_die(&err);
	status = verb == 1 ? take(s.db, o.account, o.dry) : stage_main(&s, STDIN_FILENO);
	db_close(s.db);
	return status;
}
