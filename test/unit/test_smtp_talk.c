/* The mail transaction, line by line, with a server that says what a script has it say; and a wall clock that is set while it waits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "net/smtp.h"

long syscall(long, ...);

/* The wall clock alone is set by this. */
static time_t off_by;

int
clock_gettime(clockid_t which, struct timespec *ts)
{
	int r = (int)syscall(SYS_clock_gettime, which, ts);

	if (which == CLOCK_REALTIME)
		ts->tv_sec += off_by;
	return r;
}

/*
 * What a server hears, and says to it.  "." hears a message to its end; "^" hears nothing: a new connection begins; "!" hangs up; "$" hears the other side do so; "-" waits 200 ms. What it hears
 * otherwise than as it is written ends it with status 9.
 */
struct turn {
	const char *hears, *says;
};
#define HELLO { "EHLO", "250 x\r\n" }
#define PIPING { "EHLO", "250-x\r\n250 PIPELINING\r\n" }
#define MAIL { "MAIL", "250 ok\r\n" }
#define RCPT { "RCPT", "250 ok\r\n" }
#define DATA { "DATA", "354 go\r\n" }
#define TAKEN { ".", "250 stored\r\n" }

static void
serve(int fd, const struct turn *t)
{
	static char buf[4096];
	FILE *in = NULL;
	int c = -1;

	for (alarm(20); t->hears != NULL; t++) {
		if (strchr("^!", *t->hears) != NULL && in != NULL)
			fclose(in);
		if (*t->hears == '!')
			_exit(0);
		if (*t->hears == '^') {
			c = accept(fd, NULL, NULL);
			in = fdopen(c, "r");
		} else if (*t->hears == '-')
			poll(NULL, 0, 200);
		else if (*t->hears == '$') {
			if (fgets(buf, sizeof(buf), in) != NULL)
				_exit(9);
		} else
			do
				if (fgets(buf, sizeof(buf), in) == NULL)
					_exit(8);
			while (*t->hears == '.' && strcmp(buf, ".\r\n") != 0);
		if (strchr("^-.$", *t->hears) == NULL && strncmp(buf, t->hears, strlen(t->hears)) != 0)
			_exit(9);
		if (write(c, t->says, strlen(t->says)) == -1)
			_exit(7);
	}
	/* whoever hangs up first, it isn't us */
	while (fgets(buf, sizeof(buf), in) != NULL)
		;
	_exit(0);
}

struct talk {
	struct smtp *s;
	pid_t pid;
	bool stalls;    /* the server waits for more than it gets */
};

static struct talk
begin(const struct turn *script)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct smtp_server v = { .host = "127.0.0.1", .security = SMTP_PLAIN, .answer_ms = 1000, .end_ms = 1000 };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t len = sizeof(a);
	struct lp_err err;
	struct talk t = { 0 };

	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(fd, 4), 0);
	getsockname(fd, (struct sockaddr *)&a, &len);
	v.port = ntohs(a.sin_port);
	if ((t.pid = fork()) == 0)
		serve(fd, script);
	close(fd);
	t.s = smtp_new(&v, &err);
	assert_non_null(t.s);
	return t;
}

/* One message: what came of it. The wall clock is set by `jump` seconds once its end was handed over. */
static const struct smtp_outcome *
mail(struct talk *t, time_t jump)
{
	struct pollfd fds[8];
	int64_t from = lp_steady();

	smtp_send(t->s, &(struct smtp_mail){ .from = "a@b.example", .to = "c@d.example", .data = "Subject: x\n\nx\n", .len = 14 });
	while (!smtp_step(t->s)) {
		int n = smtp_fds(t->s, fds, 8);

		if (jump != 0 && lp_steady() - from > 100) {
			off_by += jump;
			jump = 0;
		}
		poll(fds, (nfds_t)n, smtp_wait_ms(t->s) < 50 ? smtp_wait_ms(t->s) : 50);
		assert_true(lp_steady() - from < 10000);
	}
	return smtp_outcome(t->s);
}

static void
over(struct talk *t)
{
	int status;

	smtp_free(t->s);
	if (t->stalls)
		kill(t->pid, SIGKILL);
	assert_int_equal(waitpid(t->pid, &status, 0), t->pid);
	if (!t->stalls && status != 0)
		fail_msg("the server heard something else: status %d", WEXITSTATUS(status));
	off_by = 0;
}

/* The messages after each other on one line, and what came of them. */
static void
talk(const char *what, const struct turn *script, const enum smtp_end *ends, size_t n)
{
	struct talk t = begin(script);

	for (size_t i = 0; i < n; i++) {
		const struct smtp_outcome *o = mail(&t, 0);

		if (o->end != ends[i])
			fail_msg("%s: message %zu: end %d, not %d: %s", what, i + 1, (int)o->end, (int)ends[i], o->text);
	}
	over(&t);
}
#define TALK(what, ends, ...) \
	talk(what, (const struct turn[]){ { "^", "220 x\r\n" }, __VA_ARGS__, { NULL, NULL } }, (const enum smtp_end[])ends, \
	    sizeof((const enum smtp_end[])ends) / sizeof(enum smtp_end))
#define ENDS(...) { __VA_ARGS__ }

/* Once the end is handed over, only a yes is a yes, and only a no is a no. */
static void
the_end(void **state)
{
	(void)state;
	TALK("a 354 to the end", ENDS(SMTP_LOST), HELLO, MAIL, RCPT, DATA, { ".", "354 go on\r\n" });
	TALK("a yes and a no", ENDS(SMTP_LOST), HELLO, MAIL, RCPT, DATA, { ".", "250-yes\r\n550 no\r\n" });
	TALK("half an answer", ENDS(SMTP_LOST), HELLO, MAIL, RCPT, DATA, { ".", "250-st" }, { "!", "" });
	TALK("a first line", ENDS(SMTP_LOST), HELLO, MAIL, RCPT, DATA, { ".", "550-no\r\n" }, { "!", "" });
	TALK("a no", ENDS(SMTP_SAID_NO), HELLO, MAIL, RCPT, DATA, { ".", "421 4.3.2 bye\r\n" });
	TALK("two lines", ENDS(SMTP_TAKEN), HELLO, MAIL, RCPT, DATA, { ".", "250-yes\r\n250 yes\r\n" });
	TALK("a yes in two parts", ENDS(SMTP_TAKEN), HELLO, MAIL, RCPT, DATA, { ".", "25" }, { "-", "0 stored\r" }, { "-", "\n" });
}

/* A line that served one message serves the next, or there is another. */
static void
the_next(void **state)
{
	(void)state;
	TALK("taken, then it hangs up", ENDS(SMTP_TAKEN, SMTP_TAKEN), HELLO, MAIL, RCPT, DATA, TAKEN, { "^", "220 x\r\n" }, HELLO, MAIL, RCPT, DATA, TAKEN);
	TALK("bye behind the yes", ENDS(SMTP_TAKEN, SMTP_TAKEN), PIPING, MAIL, RCPT, DATA, { ".", "250 stored\r\n421 bye\r\n" }, { "^", "220 x\r\n" }, HELLO, MAIL, RCPT, DATA, TAKEN);
	TALK("an answer too many", ENDS(SMTP_TAKEN, SMTP_TAKEN), HELLO, MAIL, RCPT, DATA, { ".", "250 stored\r\n250 stored\r\n" }, { "^", "220 x\r\n" }, HELLO, MAIL, RCPT, DATA, TAKEN);
	TALK("no RSET", ENDS(SMTP_SAID_NO, SMTP_TAKEN), HELLO, MAIL, { "RCPT", "450 later\r\n" }, { "RSET", "502 what?\r\n" }, { "^", "220 x\r\n" }, HELLO, MAIL, RCPT, DATA, TAKEN);
	TALK("a 4xx at RCPT", ENDS(SMTP_SAID_NO, SMTP_TAKEN), HELLO, MAIL, { "RCPT", "450 later\r\n" }, { "RSET", "250 ok\r\n" }, MAIL, RCPT, DATA, TAKEN);
	TALK("the same, together", ENDS(SMTP_SAID_NO, SMTP_TAKEN), PIPING, MAIL, { "RCPT", "450 later\r\n" }, { "DATA", "503 no recipient\r\n" }, { "RSET", "250 ok\r\n" }, MAIL, RCPT,
	    DATA, TAKEN);
	TALK("it wants the message all the same", ENDS(SMTP_SAID_NO, SMTP_TAKEN), PIPING, MAIL, { "RCPT", "550 no\r\n" }, { "DATA", "354 go\r\n" }, { "$", "" }, { "^", "220 x\r\n" }, HELLO, MAIL, RCPT,
	    DATA, TAKEN);
	TALK("answers that come together", ENDS(SMTP_TAKEN), PIPING, { "MAIL", "" }, { "RCPT", "" }, { "DATA", "250-ok\r\n250 ok\r\n250 ok\r\n354 go\r\n" }, TAKEN);
	TALK("421 to the next one's MAIL", ENDS(SMTP_TAKEN, SMTP_TAKEN), PIPING, MAIL, RCPT, DATA, TAKEN, { "MAIL", "421 enough\r\n" }, { "^", "220 x\r\n" }, HELLO, MAIL, RCPT, DATA, TAKEN);
	TALK("421 in the middle", ENDS(SMTP_SAID_NO, SMTP_TAKEN), HELLO, MAIL, { "RCPT", "421 4.3.2 going down\r\n" }, { "^", "220 x\r\n" }, HELLO, MAIL, RCPT, DATA, TAKEN);
}

/* An hour forward while the answer is awaited is no hour of waiting; an hour back doesn't make the wait an hour longer. */
static void
clocks(void **state)
{
	static const struct turn late[] = { { "^", "220 x\r\n" }, HELLO, MAIL, RCPT, DATA, { ".", "" }, { "-", "" }, { "-", "250 stored\r\n" }, { NULL, NULL } };
	static const struct turn never[] = { { "^", "220 x\r\n" }, HELLO, MAIL, RCPT, DATA, { ".", "" }, { NULL, NULL } };
	struct talk t = begin(late);

	(void)state;
	assert_int_equal(mail(&t, 3600)->end, SMTP_TAKEN);
	over(&t);
	t = begin(never);
	t.stalls = true;
	assert_int_equal(mail(&t, -3600)->end, SMTP_LOST);
	over(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_end),
		cmocka_unit_test(the_next),
		cmocka_unit_test(clocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
