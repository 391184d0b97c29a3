/* lp-send - put messages on the wire: reserve, deliver, record. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/notices.h"
#include "agent/sending.h"
#include "agent/sending_look.h"
#include "base/cli.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/prog.h"
#include "sender/delivered.h"
#include "sender/proof.h"
#include "store/messages.h"

static const char usage[] = "lp-send [-d file] [-P calls]\n"
                            "       lp-send -n [-d file] [message ...]\n"
                            "       lp-send [-n] [-d file] [-m reason] resolve message sent | unsent\n"
                            "       lp-send [-n] [-d file] [--account account] status\n"
                            "       lp-send [-d file] look\n"
                            "       lp-send [-d file] notify";
static const char help[] = "  (bare)   filter: send what the tasks' rows allow\n"
                           "  -P       at most so many messages on the wire at once; default: one an account\n"
                           "  -n       show messages as they would leave; do nothing\n"
                           "  resolve  a person's word on a message of which it isn't known whether it left\n"
                           "  status   filter: what services tell of messages later, as JSON Lines\n"
                           "  look     ask the services that can tell of messages of which it isn't known whether they left\n"
                           "  notify   tell people what they should know: by notify_maildir, notify_account, Slack\n";

/* In mbox form, where a line that begins with "From " would begin another message. */
static int
show(struct lp_db *db, int64_t seq, struct lp_err *err)
{
	struct buf b = { 0 };
	const char *s;
	size_t n;

	if (sending_preview(db, seq, &b, err) == -1) {
		buf_free(&b);
		return lp_err_prefix(err, "m%" PRId64, seq);
	}
	printf("From leadpilot Thu Jan  1 00:00:00 1970\n");
	for (s = buf_str(&b); *s != '\0'; s += n + (s[n] == '\n')) {
		n = strcspn(s, "\n");
		if (s != b.s && strncmp(s + strspn(s, ">"), "From ", 5) == 0)
			putchar('>');
		printf("%.*s\n", (int)n, s);
	}
	putchar('\n');
	buf_free(&b);
	return 0;
}

static int64_t
find(struct lp_db *db, const char *word)
{
	struct lp_err err;
	int64_t seq = 0;
	int r = message_find(db, word, &seq, &err);

	if (r == -1)
		lp_die(&err);
	if (r == 0)
		lp_dief(LP_NOINPUT, "no message '%s'", word);
	return seq;
}

static int
show_words(struct lp_db *db, char *words[], int n)
{
	struct lp_err err;
	int status = LP_OK;

	for (int i = 0; i < n; i++)
		if (show(db, find(db, words[i]), &err) == -1) {
			lp_warn("%s", err.msg);
			status = (int)err.kind;
		}
	return status;
}

/* The message of the task that a line names; a task without one is passed over. */
static int
show_line(struct lp_db *db, const char *s, size_t n, struct lp_err *err)
{
	cJSON *in = json_object(s, n, err);
	const char *id = json_str(json_get(in, "task"), "id");
	struct task t = { 0 };
	int64_t seq = 0;
	int r;

	if (in == NULL)
		return -1;
	if (id == NULL || !lp_handle(id, 't', &seq))
		r = 0;
	else if ((r = task_get(db, seq, &t, err)) == 1)
		r = t.message != 0 ? show(db, t.message, err) : 0;
	task_clear(&t);
	cJSON_Delete(in);
	return r;
}

static int
show_lines(struct lp_db *db)
{
	struct lp_err err;
	struct lines in;
	const char *s;
	size_t n;
	int r, status = LP_OK;

	lines_init(&in, STDIN_FILENO, "-");
	while ((r = lines_next(&in, &s, &n, &err)) != 0) {
		if (r == 1 && show_line(db, s, n, &err) != -1)
			continue;
		if (err.kind != LP_DATA)
			lp_die(&err);
		lp_warn("stdin:%zu: %s", in.number, err.msg);
		status = LP_DATA;
	}
	lines_free(&in);
	return status;
}

static int
resolve(struct lp_db *db, char *words[], int n, const struct lp_opts *o)
{
	static const char *const answers[] = { "sent", "unsent", NULL };
	struct lp_err err;
	int64_t seq;
	int answer, r;

	if (n != 2)
		lp_usage(usage);
	answer = lp_verb(words[1], answers, usage);
	seq = find(db, words[0]);
	if (db_begin(db, &err) == -1)
		lp_die(&err);
	r = deliver_resolve(db, seq, answer == 0, lp_who(), o->reason, &err);
	if (db_end(db, r == 1 && !o->dry, r == 1 ? &err : NULL) == -1 || r == -1)
		lp_die(&err);
	if (r == 0)
		lp_dief(LP_NO, "m%" PRId64 " isn't unknown: there is nothing to resolve", seq);
	lp_say("m%" PRId64 " %s%s", seq, answer == 0 ? "counts as sent" : "will be sent again", o->dry ? " (not done)" : "");
	return LP_OK;
}

static int
notify(struct lp_db *db)
{
	struct lp_err err;
	int n;

	if (notices_send(db, &n, &err) == -1)
		lp_die(&err);
	lp_say("%d notice%s told", n, n == 1 ? "" : "s");
	return LP_OK;
}

static void
refused(size_t line, const struct lp_err *why)
{
	lp_warn("stdin:%zu: %s", line, why->msg);
}

static int
statuses(struct lp_db *db, const struct lp_opts *o)
{
	struct delivered sum = { 0 };
	int64_t account = 0;
	struct lp_err err;
	struct lines in;
	int r = o->account != NULL ? account_find(db, o->account, &account, &err) : 1;

	if (r == -1)
		lp_die(&err);
	if (r == 0)
		lp_dief(LP_NOINPUT, "no account '%s'", o->account);
	lines_init(&in, STDIN_FILENO, "-");
	r = delivered_lines(db, &in, account, o->dry, refused, &sum, &err);
	lines_free(&in);
	if (r == -1)
		lp_die(&err);
	lp_say("%ld seen, %ld news, %ld bad%s", sum.seen, sum.news, sum.bad, o->dry ? " (not recorded)" : "");
	return sum.bad > 0 ? LP_DATA : LP_OK;
}

static volatile sig_atomic_t stop, busy;

/* Also after what waited was sent: an earlier one may be told by now. What lies in Sent folders, and is to lie there, is beside it all: it fails nothing. */
static int
look(struct lp_db *db)
{
	struct wire *wires = NULL;
	struct lp_err err;
	int looked, found;

	if (sending_look(db, &wires, &looked, &found, &err) == -1)
		lp_die(&err);
	wires_close(&wires);
	if (looked > 0)
		lp_say("%d asked about, %d found", looked, found);
	if (!stop && proof_run(db, &stop, &err) == -1)
		lp_warn("the Sent folder: %s", err.msg);
	return LP_OK;
}

/* What is on the wire is finished; where nothing is, nothing keeps us. */
static void
told_to_stop(int sig)
{
	if (!busy)
		_exit(128 + sig);
	stop = 1;
}

static int
filter(struct stage *s, int64_t parallel)
{
	struct sigaction act = { .sa_handler = told_to_stop };
	int status;

	sigemptyset(&act.sa_mask);
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGINT, &act, NULL);
	act.sa_handler = SIG_IGN; /* a reader that is gone is an error of writing: 74, once all is on record */
	sigaction(SIGPIPE, &act, NULL);
	((struct sending *)s->ctx)->parallel = (int)parallel;
	status = stage_main(s, STDIN_FILENO);
	if (status == LP_OK && !stop)
		look(s->db);
	return status == LP_OK && stop ? LP_TEMP : status;
}

int
main(int argc, char *argv[])
{
	struct lp_opts o = { 0 };
	struct sending x = { .stop = &stop, .busy = &busy };
	struct stage s = { .item = sending_item, .after = sending_after, .unordered = true, .ctx = &x, .stop = &stop };
	struct lp_err err;
	bool resolving, telling, hearing, looking;
	int i, status;

	lp_init(argv[0]);
	i = lp_options(&o, argc, argv, "n m P account", NULL, usage, help);
	resolving = i < argc && strcmp(argv[i], "resolve") == 0;
	telling = i == argc - 1 && strcmp(argv[i], "notify") == 0;
	hearing = i == argc - 1 && strcmp(argv[i], "status") == 0;
	looking = i == argc - 1 && strcmp(argv[i], "look") == 0;
	if ((i < argc && !resolving && !telling && !hearing && !looking && !o.dry) || ((telling || looking) && o.dry) || (o.account != NULL && !hearing))
		lp_usage(usage);
	if (o.parallel > 100)
		lp_dief(LP_USAGE, "-P: %" PRId64 " is more than 100", o.parallel);
	if (i == argc || hearing)
		lp_no_terminal(usage);
	s.db = db_open(o.db, o.dry && !resolving && !hearing ? DB_READ : DB_WRITE, o.now, &err);
	if (s.db == NULL)
		lp_die(&err);
	if (resolving)
		status = resolve(s.db, argv + i + 1, argc - i - 1, &o);
	else if (telling)
		status = notify(s.db);
	else if (hearing)
		status = statuses(s.db, &o);
	else if (looking)
		status = look(s.db);
	else if (o.dry)
		status = i < argc ? show_words(s.db, argv + i, argc - i) : show_lines(s.db);
	else
		status = filter(&s, o.parallel);
	sending_free(&x);
	db_close(s.db);
	return status;
}
