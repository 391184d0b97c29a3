/* What a server says, bytes to answers; what a message is on the wire; and what becomes of a message by what was said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <unistd.h>

#include "base/mem.h"
#include "channel/smtp.h"
#include "net/smtp_int.h"

static int
answer(const char *s, size_t n, struct smtp_answer *a, size_t *used)
{
	*a = (struct smtp_answer){ 0 };
	return smtp_answer_add(a, s, n, used);
}

static void
answers(void **state)
{
	static const struct {
		const char *in;
		int r, code;
		const char *text;
		size_t used;
	} cases[] = {
		{ "250 ok\r\n", 1, 250, "ok", 8 },
		{ "250 ok\n354 go\r\n", 1, 250, "ok", 7 },
		{ "250\r\n", 1, 250, "", 5 },
		{ "550-5.1.1 no such\r\n550 5.1.1 user\r\n", 1, 550, "5.1.1 no such 5.1.1 user", 35 },
		{ "250-more\r\n", 0, 0, "more", 10 },
		{ "250 ok", 0, 0, "", 6 },
		{ "<html>\r\n", -1, 0, "its answer is no SMTP", 8 },
		{ "\r\n", -1, 0, "its answer is no SMTP", 2 },
		{ "199 x\r\n", -1, 0, "its answer is no SMTP", 7 },
		{ "600 x\r\n", -1, 0, "its answer is no SMTP", 7 },
		{ "2500 x\r\n", -1, 0, "its answer is no SMTP", 8 },
		{ "250 a\001b\r\n", 1, 250, "a b", 9 },
		{ "250-yes\r\n550 no\r\n", -1, 0, "its answer says two things at once", 17 },
		{ "550-no\r\n250-yes\r\n", -1, 0, "its answer says two things at once", 17 },
	};
	struct smtp_answer a;
	size_t used;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int r = answer(cases[i].in, strlen(cases[i].in), &a, &used);

		if (r != cases[i].r || a.code != cases[i].code || strcmp(a.text, cases[i].text) != 0 || used != cases[i].used)
			fail_msg("'%s': %d %d '%s' %zu", cases[i].in, r, a.code, a.text, used);
	}
	/* a byte at a time is the same */
	a = (struct smtp_answer){ 0 };
	for (const char *s = "250-a\r\n250 b\r\n"; *s != '\0'; s++)
		assert_int_equal(smtp_answer_add(&a, s, 1, &used), s[1] == '\0');
	assert_string_equal(a.text, "a b");
}

/* However it talks on: one line, or many. */
static void
endless(void **state)
{
	struct smtp_answer a = { 0 };
	char line[100];
	size_t used, fed = 0;
	int r = 0;

	(void)state;
	memset(line, 'x', sizeof(line));
	for (; r == 0; fed += sizeof(line))
		r = smtp_answer_add(&a, line, sizeof(line), &used);
	assert_int_equal(r, -1);
	assert_true(fed <= SMTP_ANSWER_MAX + 2 * sizeof(line));
	a = (struct smtp_answer){ 0 };
	for (fed = 0, r = 0; r == 0; fed += 10)
		r = smtp_answer_add(&a, "250-on on\n", 10, &used);
	assert_int_equal(r, -1);
	assert_true(fed <= SMTP_ANSWER_MAX + 20);
}

static void
offers(void **state)
{
	struct smtp_offer o = { 0 };

	(void)state;
	smtp_offer_line(&o, "250-mx.acme.example");
	smtp_offer_line(&o, "250-PIPELINING");
	smtp_offer_line(&o, "250-size 35882577");
	smtp_offer_line(&o, "250-AUTH PLAIN LOGIN");
	smtp_offer_line(&o, "250 SMTPUTF8");
	assert_true(o.pipelining && o.utf8 && o.auth && o.size_known && !o.eightbit);
	assert_int_equal(o.size, 35882577);
	assert_string_equal(o.mechanisms, "PLAIN LOGIN");
	smtp_offer_line(&o, "250-SIZE");
	assert_int_equal(o.size, 0);
	smtp_offer_line(&o, "220 go ahead with TLS");
	assert_false(o.pipelining || o.auth);
	smtp_offer_line(&o, "2");
	smtp_offer_line(&o, "250");
	smtp_offer_line(&o, "334 QVVUSA==");
	assert_false(o.auth);
}

static void
wire(void **state)
{
	static const struct {
		const char *in, *out;
		bool eight;
	} cases[] = {
		{ "a\nb\n", "a\r\nb\r\n.\r\n", false },
		{ "a\r\nb", "a\r\nb\r\n.\r\n", false },
		{ ".\n..\n.x\n", "..\r\n...\r\n..x\r\n.\r\n", false },
		{ "a\r.\r\nb\n", "a.\r\nb\r\n.\r\n", false },
		{ "\r\n\r\r\n", "\r\n\r\n.\r\n", false },
		{ "a\n\r.\nb\n", "a\r\n..\r\nb\r\n.\r\n", false },
		{ "a\r\n\r\r.\r\nQUIT", "a\r\n..\r\nQUIT\r\n.\r\n", false },
		{ "\r.", "..\r\n.\r\n", false },
		{ "\r", "\r\n.\r\n", false },
		{ "", ".\r\n", false },
		{ "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f\r\n.\r\n", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf b = { 0 };

		assert_int_equal(smtp_wire(cases[i].in, strlen(cases[i].in), &b), cases[i].eight);
		assert_string_equal(buf_str(&b), cases[i].out);
		buf_free(&b);
	}
}

static void
loopback(void **state)
{
	static const char *const here[] = { "localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1", "[::1]" };
	static const char *const there[] = { "", "127.evil.example", "localhost.evil.example", "128.0.0.1", "127.0.0.1.nip.io", "::2" };

	(void)state;
	for (size_t i = 0; i < sizeof(here) / sizeof(here[0]); i++)
		assert_true(smtp_loopback(here[i]));
	for (size_t i = 0; i < sizeof(there) / sizeof(there[0]); i++)
		assert_false(smtp_loopback(there[i]));
}

static void
results(void **state)
{
	static const struct {
		struct smtp_outcome o;
		enum channel_state state;
		enum channel_blame blame;
		const char *status;
	} cases[] = {
		{ { SMTP_TAKEN, SMTP_AT_END, 250, LP_TEMP, "2.0.0 ok" }, CHANNEL_ACCEPTED, BLAME_NOBODY, "" },
		{ { SMTP_SAID_NO, SMTP_AT_RCPT, 550, LP_TEMP, "5.1.1 <a@b.example>: user unknown" }, CHANNEL_REFUSED, BLAME_ADDRESS, "5.1.1" },
		{ { SMTP_SAID_NO, SMTP_AT_RCPT, 550, LP_TEMP, "No such user here" }, CHANNEL_REFUSED, BLAME_ADDRESS, "" },
		{ { SMTP_SAID_NO, SMTP_AT_RCPT, 550, LP_TEMP, "5.1.2 bad domain" }, CHANNEL_REFUSED, BLAME_ADDRESS, "5.1.2" },
		{ { SMTP_SAID_NO, SMTP_AT_RCPT, 551, LP_TEMP, "5.1.6 moved" }, CHANNEL_REFUSED, BLAME_ADDRESS, "5.1.6" },
		{ { SMTP_SAID_NO, SMTP_AT_RCPT, 450, LP_TEMP, "4.2.0 greylisted, try again later" }, CHANNEL_DEFERRED, BLAME_NOBODY, "4.2.0" },
		{ { SMTP_SAID_NO, SMTP_AT_RCPT, 450, LP_TEMP, "4.1.1 user unknown, for now" }, CHANNEL_DEFERRED, BLAME_NOBODY, "4.1.1" },
		{ { SMTP_SAID_NO, SMTP_AT_RCPT, 552, LP_TEMP, "5.2.2 mailbox full" }, CHANNEL_REFUSED, BLAME_NOBODY, "5.2.2" },
		{ { SMTP_SAID_NO, SMTP_AT_END, 550, LP_TEMP, "5.7.515 Access denied, sending domain doesn't meet the required authentication level" },
		    CHANNEL_REFUSED, BLAME_US, "5.7.515" },
		{ { SMTP_SAID_NO, SMTP_AT_END, 550, LP_TEMP, "5.7.26 This mail is unauthenticated" }, CHANNEL_REFUSED, BLAME_US, "5.7.26" },
		{ { SMTP_SAID_NO, SMTP_AT_END, 554, LP_TEMP, "5.7.1 rejected by policy" }, CHANNEL_REFUSED, BLAME_US, "5.7.1" },
		{ { SMTP_SAID_NO, SMTP_AT_END, 421, LP_TEMP, "4.7.32 from header isn't aligned" }, CHANNEL_DEFERRED, BLAME_US, "4.7.32" },
		{ { SMTP_SAID_NO, SMTP_AT_RCPT, 450, LP_TEMP, "too many messages, slow down: rate limit" }, CHANNEL_DEFERRED, BLAME_US, "" },
		{ { SMTP_SAID_NO, SMTP_AT_RCPT, 451, LP_TEMP, "local error" }, CHANNEL_DEFERRED, BLAME_NOBODY, "" },
		{ { SMTP_SAID_NO, SMTP_AT_MAIL, 550, LP_TEMP, "5.1.8 sender address rejected: user unknown" }, CHANNEL_REFUSED, BLAME_US, "5.1.8" },
		{ { SMTP_SAID_NO, SMTP_AT_MAIL, 530, LP_TEMP, "5.7.0 must authenticate" }, CHANNEL_REFUSED, BLAME_US, "5.7.0" },
		{ { SMTP_SAID_NO, SMTP_AT_MAIL, 552, LP_TEMP, "5.3.4 message size exceeds fixed limit" }, CHANNEL_REFUSED, BLAME_NOBODY, "5.3.4" },
		{ { SMTP_SAID_NO, SMTP_AT_MAIL, 553, LP_TEMP, "5.6.7 no SMTPUTF8 there" }, CHANNEL_REFUSED, BLAME_NOBODY, "5.6.7" },
		{ { SMTP_CUT, SMTP_AT_DATA, 0, LP_TEMP, "cut" }, CHANNEL_DEFERRED, BLAME_NOBODY, "" },
		{ { SMTP_LOST, SMTP_AT_END, 0, LP_TEMP, "cut" }, CHANNEL_UNKNOWN, BLAME_NOBODY, "" },
		{ { SMTP_CANT, SMTP_AT_READY, 0, LP_TEMP, "too large" }, CHANNEL_REFUSED, BLAME_NOBODY, "" },
		{ { SMTP_DOWN, SMTP_AT_LOGIN, 535, LP_CONFIG, "no" }, CHANNEL_DEFERRED, BLAME_NOBODY, "" },
	};
	struct channel_result r;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		smtp_result(&cases[i].o, &r);
		if (r.state != cases[i].state || r.blame != cases[i].blame || strcmp(r.status, cases[i].status) != 0)
			fail_msg("%d %s: state %d blame %d status '%s'", cases[i].o.code, cases[i].o.text, (int)r.state, (int)r.blame, r.status);
	}
}

/* A server that takes a message up to 354, and then so many bytes of it. */
static pid_t
half_server(int *port, size_t takes, bool stall)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0), c;
	static char buf[65536];
	FILE *in, *out;
	pid_t pid;

	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(fd, 4), 0);
	getsockname(fd, (struct sockaddr *)&a, &len);
	*port = ntohs(a.sin_port);
	if ((pid = fork()) != 0) {
		close(fd);
		return pid;
	}
	alarm(20);
	c = accept(fd, NULL, NULL);
	in = fdopen(c, "r");
	out = fdopen(dup(c), "w");
	fprintf(out, "220 half\r\n");
	for (const char *s[] = { "250 half\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n" }, **p = s; p < s + 4; p++) {
		fflush(out);
		if (fgets(buf, sizeof(buf), in) == NULL)
			_exit(1);
		fputs(*p, out);
	}
	fflush(out);
	for (ssize_t n; takes > 0 && (n = read(c, buf, sizeof(buf) < takes ? sizeof(buf) : takes)) > 0;)
		takes -= (size_t)n;
	if (stall)
		pause();
	_exit(0);
}

static struct smtp_outcome
send_large(int port)
{
	struct smtp_server v = { .host = "127.0.0.1", .port = port, .security = SMTP_PLAIN, .answer_ms = 1000, .end_ms = 1000 };
	size_t n = (size_t)24 << 20; /* more than sockets hold */
	char *data = xmalloc(n);
	struct smtp_outcome o;
	struct pollfd fds[8];
	struct lp_err err;
	struct smtp *s = smtp_new(&v, &err);

	assert_non_null(s);
	for (size_t i = 0; i < n; i++)
		data[i] = i % 64 == 63 ? '\n' : '.';
	smtp_send(s, &(struct smtp_mail){ .from = "a@b.example", .to = "c@d.example", .data = data, .len = n });
	while (!smtp_step(s)) {
		int k = smtp_fds(s, fds, 8);

		poll(fds, (nfds_t)k, smtp_wait_ms(s));
	}
	o = *smtp_outcome(s);
	smtp_free(s);
	free(data);
	return o;
}

/* Before the last byte was handed over a message can't have been accepted: cut or stalled, it is sent again. */
static void
half_way(void **state)
{
	struct smtp_outcome o;
	pid_t pid;
	int port;

	(void)state;
	for (int stall = 0; stall < 2; stall++) {
		pid = half_server(&port, (size_t)4 << 20, stall == 1);
		o = send_large(port);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		if (o.end != SMTP_CUT || o.at != SMTP_AT_DATA)
			fail_msg("stall %d: end %d at %d: %s", stall, (int)o.end, (int)o.at, o.text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers),
		cmocka_unit_test(endless),
		cmocka_unit_test(offers),
		cmocka_unit_test(wire),
		cmocka_unit_test(loopback),
		cmocka_unit_test(results),
		cmocka_unit_test(half_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
