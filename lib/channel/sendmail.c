/* sendmail.c - mail handed to a command.  What its exit status says (sysexits(3)) is all that is known of the message. */
#include "channel/sendmail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/child.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "channel/maildir.h"
#include "mail/bounce.h"

#define COMMAND "/usr/sbin/sendmail -i -f FROM -- TO"
#define LIMIT (2 * LP_MINUTE)

static const char *const securities[] = { "tls", "starttls", "none", NULL };
static const struct channel_key keys[] = {
	{ .name = "command", .type = KEY_COMMAND, .help = "takes a mail on standard input; the words FROM and TO become the addresses. Default: " COMMAND },
	{ .name = "in", .type = KEY_PATH, .help = "the Maildir whose new mail is read" },
	{ .name = "imap_host", .type = KEY_HOST, .help = "its IMAP server" },
	{ .name = "imap_port", .type = KEY_NUMBER, .help = "default: 993 with tls, 143", .least = 1, .most = 65535 },
	{ .name = "imap_security", .type = KEY_WORD, .help = "tls (default), starttls, or none: that only to this machine", .words = securities },
	{ .name = "user", .type = KEY_TEXT, .help = "the login's name there; default: the address" },
	{ .name = "password_env", .type = KEY_VARIABLE, .help = "the environment variable that holds the password" },
	{ .name = "password_command", .type = KEY_COMMAND, .help = "a command that prints the password" },
	{ .name = "ca_file", .type = KEY_PATH, .help = "certificates to trust instead of the system's" },
	{ .name = "sent_folder", .type = KEY_TEXT, .help = "the folder there into which what was sent is copied" },
	{ .name = "dkim_selector", .type = KEY_TEXT, .help = "of the key that its mail is signed with (lp-doctor looks at it); several with commas" },
	{ 0 }
};

struct sendmail {
	char *command;
	void *maildir;
	struct child child;
	bool running, mailing;
	struct lp_err err;
	bool failed;            /* it couldn't be begun: err */
};

static bool
reaches(const cJSON *settings)
{
	(void)settings;
	return true;
}

static const char *
command_of(const cJSON *settings)
{
	const char *s = json_str(settings, "command");

	return s != NULL ? s : COMMAND;
}

static int
validate(const cJSON *settings, struct lp_err *err)
{
	const char *in = json_str(settings, "in");

	if (command_of(settings)[strspn(command_of(settings), " \t")] == '\0')
		return lp_fail(err, LP_CONFIG, "command: it is empty");
	if (in != NULL && *in != '/')
		return lp_fail(err, LP_CONFIG, "in: '%s' is not an absolute path", in);
	return 0;
}

static void
close_sendmail(void *arg)
{
	struct sendmail *x = arg;

	if (x == NULL)
		return;
	if (x->running)
		child_clear(&x->child);
	channel_maildir.close(x->maildir);
	free(x->command);
	free(x);
}

static void *
open_out(const cJSON *settings, struct lp_err *err)
{
	const char *command = command_of(settings);
	size_t n = strcspn(command += strspn(command, " \t"), " \t");
	char *program = xstrndup(command, n);
	struct sendmail *x = NULL;

	/* one that is found on the PATH shows when it is started */
	if (strchr(program, '/') != NULL && access(program, X_OK) == -1)
		lp_fail(err, LP_CONFIG, "command: '%s' can't be run", program);
	else {
		x = xcalloc(1, sizeof(*x));
		x->command = xstrdup(command);
	}
	free(program);
	return x;
}

static void *
open_in(const cJSON *settings, bool known, struct lp_err *err)
{
	struct sendmail *x = xcalloc(1, sizeof(*x));

	x->maildir = channel_maildir.open_in(settings, known, err);
	if (x->maildir != NULL)
		return x;
	free(x);
	return NULL;
}

/* An address is one word of the command, and never an option. */
static bool
fits(const char *s)
{
	return *s != '\0' && *s != '-' && s[strcspn(s, " \t\r\n")] == '\0';
}

static char *
fill(const char *command, const char *from, const char *to)
{
	struct buf out = { 0 };
	size_t n;

	for (const char *s = command; *s != '\0'; s += n) {
		n = strspn(s, " \t");
		buf_add(&out, s, n);
		s += n;
		n = strcspn(s, " \t");
		if (n == 4 && strncmp(s, "FROM", n) == 0)
			buf_puts(&out, from);
		else if (n == 2 && strncmp(s, "TO", n) == 0)
			buf_puts(&out, to);
		else
			buf_add(&out, s, n);
	}
	return buf_steal(&out);
}

static void
begin(void *arg, const struct channel_mail *mail)
{
	struct sendmail *x = arg;
	char *command;

	x->failed = x->running = false;
	x->mailing = mail != NULL;
	if (mail == NULL)
		return;
	if (!fits(mail->from) || !fits(mail->to)) {
		x->failed = lp_fail(&x->err, LP_DATA, "'%.80s' can't be a word of a command", fits(mail->from) ? mail->to : mail->from) == -1;
		return;
	}
	command = fill(x->command, mail->from, mail->to);
	x->running = child_start(&x->child, command, mail->data, mail->len, LIMIT, 4096, &x->err) == 0;
	x->failed = !x->running;
	free(command);
}

static bool
step(void *arg)
{
	struct sendmail *x = arg;

	return !x->running || child_step(&x->child);
}

static int
fds(void *arg, struct pollfd *list, int most)
{
	struct sendmail *x = arg;

	return x->running && most >= 3 ? child_fds(&x->child, list) : 0;
}

static int
wait_ms(void *arg)
{
	struct sendmail *x = arg;
	int64_t left = x->child.deadline - lp_steady();

	/* once it has closed its ends, its own end is no descriptor's */
	return left < 0 ? 0 : x->child.out == -1 && x->child.errors == -1 ? 5 : left < 1000 ? (int)left : 1000;
}

/* What the status says; *what is the word for it where the program itself said nothing. */
static enum channel_state
judge(int status, enum channel_blame *blame, const char **what)
{
	static const struct { int status; enum channel_state state; enum channel_blame blame; const char *what; } known[] = {
		{ EX_OK, CHANNEL_ACCEPTED, BLAME_NOBODY, "taken" },
		{ EX_TEMPFAIL, CHANNEL_DEFERRED, BLAME_NOBODY, "try again later" },
		{ EX_NOUSER, CHANNEL_REFUSED, BLAME_ADDRESS, "no such user" },
		{ EX_NOHOST, CHANNEL_REFUSED, BLAME_ADDRESS, "no such host" },
		{ EX_UNAVAILABLE, CHANNEL_REFUSED, BLAME_NOBODY, "refused" },
		{ EX_DATAERR, CHANNEL_REFUSED, BLAME_NOBODY, "the message or an address isn't right" },
		{ EX_NOINPUT, CHANNEL_DEFERRED, BLAME_NOBODY, "an input is missing" },
		{ EX_USAGE, CHANNEL_DEFERRED, BLAME_US, "the command is used wrongly" },
		{ EX_CONFIG, CHANNEL_DEFERRED, BLAME_US, "it isn't set up" },
		{ EX_NOPERM, CHANNEL_DEFERRED, BLAME_US, "not allowed, or the login is refused" },
		{ EX_OSFILE, CHANNEL_DEFERRED, BLAME_NOBODY, "a file is missing" },
		{ EX_CANTCREAT, CHANNEL_DEFERRED, BLAME_NOBODY, "it can't write" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].status == status) {
			*blame = known[i].blame;
			*what = known[i].what;
			return known[i].state;
		}
	*blame = BLAME_NOBODY; /* an I/O error may come after the end of the message */
	*what = "it can't be told whether it was taken";
	return CHANNEL_UNKNOWN;
}

/* What the server said to it, as msmtp tells; 550 where it doesn't. */
static int
code_said(const char *words)
{
	const char *s = strstr(words, "server message: ");

	s = s != NULL ? s + strlen("server message: ") : "";
	return (*s == '4' || *s == '5') && strspn(s, "0123456789") == 3 ? (int)strtol(s, NULL, 10) : 550;
}

static void
result(struct sendmail *x, struct channel_result *r)
{
	struct child *c = &x->child;
	enum channel_blame blame;
	enum channel_state state;
	struct mail_bounce_rcpt said = { 0 };
	const char *what, *words;

	if (c->timed_out || c->status > 128) {
		channel_say(r, CHANNEL_UNKNOWN, 0, c->timed_out ? "the command wasn't done in time" : "the command was killed");
		return;
	}
	state = judge(c->status, &blame, &what);
	words = c->complaint.len > 0 ? buf_str(&c->complaint) : what;
	channel_say(r, state, 0, "%.*s (status %d)", (int)strcspn(words, "\r\n"), words, c->status);
	r->blame = blame;
	if (state != CHANNEL_REFUSED)
		return;
	/* msmtp gives one status for all that a server says no to; the words tell */
	mail_refusal(code_said(words), words, &said);
	if (said.status != NULL)
		snprintf(r->status, sizeof(r->status), "%s", said.status);
	if (said.status != NULL ? *said.status == '4' : code_said(words) / 100 == 4)
		r->state = CHANNEL_DEFERRED;
	if (c->status == EX_UNAVAILABLE)
		r->blame = said.ours ? BLAME_US : said.hard && r->state == CHANNEL_REFUSED ? BLAME_ADDRESS : BLAME_NOBODY;
	free(said.status);
}

static int
end(void *arg, struct channel_result *r, struct lp_err *err)
{
	struct sendmail *x = arg;

	if (!x->mailing)
		return 0;
	if (x->failed) { /* it was never begun */
		channel_say(r, x->err.kind == LP_DATA ? CHANNEL_REFUSED : CHANNEL_DEFERRED, 0, "%s", x->err.msg);
		if (x->err.kind != LP_DATA)
			r->blame = BLAME_US;
		return 0;
	}
	(void)err;
	result(x, r);
	child_clear(&x->child);
	x->running = false;
	return 0;
}

static void
deliver(void *arg, const struct channel_mail *mail, struct channel_result *r)
{
	begin(arg, mail);
	channel_wait(&channel_sendmail, arg);
	end(arg, r, NULL);
}

static long
each(void *arg, long max, channel_each *fn, void *fnarg, struct lp_err *err)
{
	return channel_maildir.each(((struct sendmail *)arg)->maildir, max, fn, fnarg, err);
}

static int
done(void *arg, const char *name, struct lp_err *err)
{
	return channel_maildir.done(((struct sendmail *)arg)->maildir, name, err);
}

static int
finish(void *arg, struct lp_err *err)
{
	return channel_maildir.finish(((struct sendmail *)arg)->maildir, err);
}

const struct channel channel_sendmail = {
	.kind = "sendmail",
	.carries = "email",
	.reaches = reaches,
	.keys = keys,
	.validate = validate,
	.open_out = open_out,
	.open_in = open_in,
	.close = close_sendmail,
	.deliver = deliver,
	.begin = begin,
	.step = step,
	.fds = fds,
	.wait_ms = wait_ms,
	.end = end,
	.each = each,
	.done = done,
	.finish = finish,
};
