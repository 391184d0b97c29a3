/* Look-ups against a server of ours on loopback (test/tools/stub-dns.pl) that answers right and wrong; and answers by hand. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "net/dns.h"

static char dir[] = "/tmp/lp-dns-XXXXXX", server[64];
static pid_t pid;

static const char zone[] =
    "ours.example TXT \"v=spf1 include:\" \"_spf.ours.example -all\"\n"
    "ours.example TXT \"other\"\n"
    "ours.example MX 20 b.ours.example\n"
    "ours.example MX 10 C.ours.example\n"
    "ours.example MX 10 a.ours.example\n"
    "null.example MX 0 .\n"
    "_submission._tcp.ours.example SRV 0 5 587 Mail.ours.example\n"
    "_submission._tcp.ours.example SRV 0 9 465 mail.ours.example\n"
    "mail.ours.example A 192.0.2.10\n"
    "mail.ours.example AAAA 2001:db8::10\n"
    "six.example AAAA 2001:db8::6\n"
    "10.2.0.192.in-addr.arpa PTR mail.ours.example\n"
    "0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa PTR mail.ours.example\n"
    "alias.example CNAME second.example\n"
    "second.example CNAME ours.example\n"
    "bare.example CNAME ours.example\n"
    "bare.example FAULT nochase\n"
    "round.example CNAME about.example\n"
    "about.example CNAME round.example\n"
    "far.example CNAME further.example\n"
    "far.example FAULT nochase\n"
    "further.example CNAME far.example\n"
    "further.example FAULT nochase\n"
    "gone.example CNAME nowhere.example\n"
    "long.example TXT repeat:6000:0123456789\n"
    "odd.example TXT \"a\\000b\\010c\\027[31m\\255 \\127\"\n"
    "empty.example TXT \"\"\n"
    "old.example TXT \"old\"\n"
    "old.example FAULT noedns\n"
    "mixed.example TXT \"right\"\n"
    "mixed.example FAULT foreign\n"
    "drop.example FAULT drop\n"
    "servfail.example FAULT servfail\n"
    "refused.example FAULT refused\n"
    "tcp.example TXT \"by tcp\"\n"
    "tcp.example FAULT truncate\n"
    "cut.example TXT \"by tcp, half of it\"\n"
    "cut.example FAULT cut\n"
    "stall.example TXT \"x\"\n"
    "stall.example FAULT stall\n"
    "garbage.example FAULT garbage\n"
    "loop.example FAULT loop\n"
    "counts.example TXT \"x\"\n"
    "counts.example FAULT counts\n";

static int
start(void **state)
{
	char path[64], portfile[64], line[16] = "";
	const char *top = getenv("LP_TOP");
	char *stub = xasprintf("%s/test/tools/stub-dns.pl", top != NULL ? top : ".");
	FILE *f;

	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/zone", dir);
	snprintf(portfile, sizeof(portfile), "%s/port", dir);
	if ((f = fopen(path, "w")) == NULL || fputs(zone, f) == EOF || fclose(f) != 0)
		return -1;
	if ((pid = fork()) == 0) {
		char log[64];

		snprintf(log, sizeof(log), "%s/log", dir);
		execlp("perl", "perl", stub, path, portfile, log, (char *)NULL);
		_exit(127);
	}
	free(stub);
	for (int i = 0; i < 1000 && (f = fopen(portfile, "r")) == NULL; i++)
		nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
	if (f == NULL || fgets(line, sizeof(line), f) == NULL)
		return -1;
	fclose(f);
	snprintf(server, sizeof(server), "127.0.0.1:%.5s", line);
	server[strcspn(server, "\n")] = '\0';
	return 0;
}

static int
stop(void **state)
{
	static const char *const names[] = { "zone", "port", "log" };
	char path[64];

	(void)state;
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		unlink(path);
	}
	return rmdir(dir);
}

typedef enum dns look(struct resolver *, const char *, struct dns_answer *);

/* The answer as one line: records with '|' between them. */
static void
check(look *f, const char *name, enum dns want, const char *text, const char *why)
{
	struct lp_err err;
	struct resolver *d = dns_new(server, 4000, &err);
	struct buf b = { 0 };
	struct dns_answer a;

	assert_non_null(d);
	assert_int_equal(f(d, name, &a), want);
	for (size_t i = 0; i < a.n; i++) {
		buf_puts(&b, i > 0 ? "|" : "");
		if (a.list[i].port != 0)
			buf_printf(&b, "%d %d %d ", a.list[i].priority, a.list[i].weight, a.list[i].port);
		else if (f == dns_mx)
			buf_printf(&b, "%d ", a.list[i].priority);
		buf_puts(&b, a.list[i].text);
	}
	assert_string_equal(buf_str(&b), text);
	if (why != NULL && strstr(dns_why(d), why) == NULL)
		fail_msg("%s: '%s' has no '%s'", name, dns_why(d), why);
	buf_free(&b);
	dns_answer_clear(&a);
	dns_free(d);
}

static void
answers(void **state)
{
	(void)state;
	check(dns_txt, "ours.example", DNS_OK, "other|v=spf1 include:_spf.ours.example -all", NULL);
	check(dns_txt, "OURS.example", DNS_OK, "other|v=spf1 include:_spf.ours.example -all", NULL);
	check(dns_txt, "empty.example", DNS_OK, "", NULL);
	check(dns_mx, "ours.example", DNS_OK, "10 a.ours.example|10 c.ours.example|20 b.ours.example", NULL);
	check(dns_mx, "null.example", DNS_OK, "0 .", NULL);
	check(dns_srv, "_submission._tcp.ours.example", DNS_OK, "0 9 465 mail.ours.example|0 5 587 mail.ours.example", NULL);
	check(dns_host, "mail.ours.example", DNS_OK, "192.0.2.10|2001:db8::10", NULL);
	check(dns_host, "six.example", DNS_OK, "2001:db8::6", NULL);
	check(dns_ptr, "192.0.2.10", DNS_OK, "mail.ours.example", NULL);
	check(dns_ptr, "2001:db8::10", DNS_OK, "mail.ours.example", NULL);
	check(dns_ptr, "mail.ours.example", DNS_NONE, "", NULL);
}

static void
nothing_there(void **state)
{
	(void)state;
	check(dns_txt, "mail.ours.example", DNS_NONE, "", NULL);
	check(dns_txt, "nowhere.example", DNS_NONE, "", NULL);
	check(dns_txt, "gone.example", DNS_NONE, "", NULL);
	check(dns_host, "ours.example", DNS_NONE, "", NULL);
	check(dns_txt, "", DNS_NONE, "", NULL);
	check(dns_txt, "a..b", DNS_NONE, "", NULL);
	check(dns_txt, "b\xc3\xbc.example", DNS_NONE, "", NULL);
	check(dns_txt, "0123456789012345678901234567890123456789012345678901234567890123.example", DNS_NONE, "", NULL);
}

static void
aliases(void **state)
{
	(void)state;
	check(dns_mx, "alias.example", DNS_OK, "10 a.ours.example|10 c.ours.example|20 b.ours.example", NULL);
	check(dns_txt, "bare.example", DNS_OK, "other|v=spf1 include:_spf.ours.example -all", NULL);
	check(dns_txt, "round.example", DNS_UNKNOWN, "", "no sensible answer");
	check(dns_txt, "far.example", DNS_UNKNOWN, "", "lead nowhere");
}

static void
by_tcp(void **state)
{
	char *text = xmalloc(60001);

	(void)state;
	check(dns_txt, "tcp.example", DNS_OK, "by tcp", NULL);
	for (size_t i = 0; i < 60000; i++)
		text[i] = (char)('0' + i % 10);
	text[60000] = '\0';
	check(dns_txt, "long.example", DNS_OK, text, NULL);
	check(dns_txt, "cut.example", DNS_UNKNOWN, "", "no answer");
	free(text);
}

static void
bytes_are_shown(void **state)
{
	(void)state;
	check(dns_txt, "odd.example", DNS_OK, "a\\000b\\010c\\027[31m\\255 \\127", NULL);
}

static void
unknown_is_not_none(void **state)
{
	(void)state;
	check(dns_txt, "servfail.example", DNS_UNKNOWN, "", "SERVFAIL");
	check(dns_txt, "refused.example", DNS_UNKNOWN, "", "refused");
	check(dns_txt, "garbage.example", DNS_UNKNOWN, "", "no sensible answer");
	check(dns_mx, "loop.example", DNS_UNKNOWN, "", "no sensible answer");
	check(dns_txt, "counts.example", DNS_UNKNOWN, "", "no sensible answer");
	check(dns_txt, "old.example", DNS_OK, "old", NULL);
	check(dns_txt, "mixed.example", DNS_OK, "right", NULL);
}

static int64_t
steady(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The waiting is bounded, in one look-up and altogether: this ends, whatever the machine is doing besides. */
static void
never_waits_long(void **state)
{
	struct lp_err err;
	struct resolver *d = dns_new(server, 600, &err);
	struct dns_answer a;
	int64_t began = steady();

	(void)state;
	assert_non_null(d);
	assert_int_equal(dns_txt(d, "drop.example", &a), DNS_UNKNOWN);
	assert_non_null(strstr(dns_why(d), "in time"));
	for (int i = 0; i < 1000; i++)
		assert_int_equal(dns_txt(d, "ours.example", &a), DNS_UNKNOWN);
	dns_free(d);
	d = dns_new(server, 600, &err);
	assert_int_equal(dns_txt(d, "stall.example", &a), DNS_UNKNOWN);
	dns_free(d);
	d = dns_new("127.0.0.1:1", 600, &err);
	assert_int_equal(dns_mx(d, "ours.example", &a), DNS_UNKNOWN);
	dns_free(d);
	assert_true(steady() - began < 60000);
}

static void
servers(void **state)
{
	static const char *const bad[] = { "", "localhost", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000", "127.0.0.1:-1", "[::1", "[::1]:99999999999", "ns.example:53", "1.2.3.4:53:53 x" };
	static const char *const good[] = { "192.0.2.1", "192.0.2.1:5353", "[::1]:53", "::1", "[2001:db8::1]" };
	struct lp_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (dns_new(bad[i], 0, &err) != NULL)
			fail_msg("'%s' passed", bad[i]);
		assert_int_equal(err.kind, LP_USAGE);
	}
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct resolver *d = dns_new(good[i], 0, &err);

		if (d == NULL)
			fail_msg("'%s': %s", good[i], err.msg);
		dns_free(d);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers),
		cmocka_unit_test(nothing_there),
		cmocka_unit_test(aliases),
		cmocka_unit_test(by_tcp),
		cmocka_unit_test(bytes_are_shown),
		cmocka_unit_test(unknown_is_not_none),
		cmocka_unit_test(never_waits_long),
		cmocka_unit_test(servers),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
