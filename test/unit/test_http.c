/* HTTP against a server of ours on loopback that does what it is told by the path, right and wrong. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/http.h"

static pid_t server;
static int port;
static volatile int *seen;   /* requests to /kept, shared with the server's processes */

static void
say(int fd, const char *s)
{
	ssize_t n = write(fd, s, strlen(s));

	(void)n;
}

static void
answer(int fd)
{
	char in[8192], out[9000], *body;
	size_t have = 0, want = 0;
	ssize_t n;

	while (have < sizeof(in) - 1 && (n = read(fd, in + have, sizeof(in) - 1 - have)) > 0) {
		have += (size_t)n;
		in[have] = '\0';
		body = strstr(in, "\r\n\r\n");
		if (body != NULL && strstr(in, "Content-Length: ") != NULL)
			want = (size_t)strtol(strstr(in, "Content-Length: ") + 16, NULL, 10);
		if (body != NULL && have >= (size_t)(body + 4 - in) + want)
			break;
	}
	if (have == 0)
		return;
	if (strstr(in, "/echo ") != NULL) {
		snprintf(out, sizeof(out), "HTTP/1.1 200 OK\r\nX-Request-ID: r1\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s", strlen(in), in);
		say(fd, out);
	} else if (strstr(in, "/busy ") != NULL)
		say(fd, "HTTP/1.1 429 Too Many\r\nRetry-After: 7\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
	else if (strstr(in, "/redirect ") != NULL)
		say(fd, "HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
	else if (strstr(in, "/cut ") != NULL)
		say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"half\":");
	else if (strstr(in, "/kept ") != NULL) {
		/* the second on a connection is read, and not answered */
		__atomic_add_fetch(seen, 1, __ATOMIC_SEQ_CST);
		say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
		if (read(fd, in, sizeof(in)) > 0)
			__atomic_add_fetch(seen, 1, __ATOMIC_SEQ_CST);
	} else if (strstr(in, "/garbage ") != NULL)
		say(fd, "what is this?\r\n\r\n");
	else if (strstr(in, "/nothing ") != NULL)
		return;
	else if (strstr(in, "/slow ") != NULL) {
		nanosleep(&(struct timespec){ .tv_nsec = 700000000 }, NULL);
		say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
	} else if (strstr(in, "/big ") != NULL) {
		say(fd, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
		memset(in, 'x', sizeof(in) - 1);
		in[sizeof(in) - 1] = '\0';
		for (int i = 0; i < 100; i++)
			say(fd, in);
	}
}

static int
set_up(void **state)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0), c;
	FILE *shared;

	(void)state;
	if ((shared = tmpfile()) == NULL || ftruncate(fileno(shared), sizeof(*seen)) == -1)
		return -1;
	seen = mmap(NULL, sizeof(*seen), PROT_READ | PROT_WRITE, MAP_SHARED, fileno(shared), 0);
	if (seen == MAP_FAILED || bind(fd, (struct sockaddr *)&a, sizeof(a)) == -1 || listen(fd, 64) == -1 || getsockname(fd, (struct sockaddr *)&a, &len) == -1)
		return -1;
	port = ntohs(a.sin_port);
	if ((server = fork()) == 0) {
		signal(SIGPIPE, SIG_IGN);
		signal(SIGCHLD, SIG_IGN);
		while ((c = accept(fd, NULL, NULL)) != -1) {
			if (fork() == 0) {
				answer(c);
				_exit(0);
			}
			close(c);
		}
		_exit(0);
	}
	close(fd);
	return server == -1 ? -1 : 0;
}

static int
tear_down(void **state)
{
	(void)state;
	kill(server, SIGTERM);
	waitpid(server, NULL, 0);
	return 0;
}

static int
twice(bool once)
{
	struct lp_err err = { 0 };
	struct http_response r;
	struct http_pool *p = http_pool_new(1, &err);
	char *url = xasprintf("http://127.0.0.1:%d/kept", port);

	assert_non_null(p);
	*seen = 0;
	for (int i = 0; i < 2; i++) {
		if (http_call(p, &(struct http_request){ .method = "POST", .url = url, .body = "{}", .body_len = 2, .once = once }, &r, &err) == -1)
			fail_msg("%s", err.msg);
		http_response_clear(&r);
	}
	http_pool_free(p);
	free(url);
	return *seen;
}

/* libcurl repeats by itself what a connection that was kept didn't answer: what must not happen twice isn't sent on one. */
static void
test_once(void **state)
{
	(void)state;
	assert_int_equal(twice(false), 3);
	assert_int_equal(twice(true), 2);
}

static struct http_response
get(const char *path, size_t max, int64_t total)
{
	struct lp_err err = { 0 };
	struct http_response r;
	struct http_pool *p = http_pool_new(1, &err);
	const char *headers[] = { "X-Key: k1", NULL };
	char *url = xasprintf("http://127.0.0.1:%d%s", port, path);

	assert_non_null(p);
	if (http_call(p, &(struct http_request){ .method = "POST", .url = url, .headers = headers, .body = "{}", .body_len = 2, .total_ms = total,
	    .max_body = max }, &r, &err) == -1)
		fail_msg("%s: %s", path, err.msg);
	http_pool_free(p);
	free(url);
	return r;
}

static void
test_answers(void **state)
{
	struct http_response r = get("/echo", 0, 0);
	char v[64];

	(void)state;
	assert_int_equal(r.state, HTTP_ANSWERED);
	assert_int_equal(r.status, 200);
	assert_non_null(strstr(r.body, "POST /echo HTTP/1.1"));
	assert_non_null(strstr(r.body, "X-Key: k1"));
	assert_non_null(strstr(r.body, "User-Agent: leadpilot/"));
	assert_non_null(strstr(r.body, "\r\n\r\n{}"));
	assert_true(http_header(&r, "x-request-id", v, sizeof(v)));
	assert_string_equal(v, "r1");
	assert_false(http_header(&r, "x-request", v, sizeof(v)));
	http_response_clear(&r);
	r = get("/busy", 0, 0);
	assert_int_equal(r.status, 429);
	assert_int_equal(http_retry_after(&r, 0), 7000);
	http_response_clear(&r);
	/* whoever answers for another place isn't asked there */
	r = get("/redirect", 0, 0);
	assert_int_equal(r.status, 302);
	http_response_clear(&r);
}

static void
test_faults(void **state)
{
	static const char *const lost[] = { "/cut", "/nothing", "/garbage" };
	struct http_response r;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		r = get(lost[i], 0, 0);
		if (r.state != HTTP_LOST || !r.retryable || *r.error == '\0')
			fail_msg("%s: state %d, '%s'", lost[i], r.state, r.error);
		http_response_clear(&r);
	}
	r = get("/slow", 0, 200);
	assert_int_equal(r.state, HTTP_LOST);
	assert_true(r.retryable);
	http_response_clear(&r);
	r = get("/big", 1000, 0);
	assert_int_equal(r.state, HTTP_LOST);
	assert_false(r.retryable);
	assert_string_equal(r.error, "the answer is larger than its limit");
	http_response_clear(&r);
}

static void
test_unsent(void **state)
{
	struct lp_err err = { 0 };
	struct http_pool *p = http_pool_new(1, &err);
	struct http_response r;

	(void)state;
	assert_int_equal(http_call(p, &(struct http_request){ .method = "GET", .url = "http://127.0.0.1:1/" }, &r, &err), 0);
	assert_int_equal(r.state, HTTP_UNSENT);
	assert_true(r.retryable);
	http_response_clear(&r);
	/* a connection that was never secured carried nothing; without TLS the request was on it */
	for (int tls = 1; tls >= 0; tls--) {
		struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
		int silent = socket(AF_INET, SOCK_STREAM, 0);
		socklen_t len = sizeof(a);
		char url[64];

		assert_int_equal(bind(silent, (struct sockaddr *)&a, sizeof(a)), 0);
		assert_int_equal(listen(silent, 4), 0);
		assert_int_equal(getsockname(silent, (struct sockaddr *)&a, &len), 0);
		snprintf(url, sizeof(url), "http%s://127.0.0.1:%d/", tls ? "s" : "", ntohs(a.sin_port));
		assert_int_equal(http_call(p, &(struct http_request){ .method = "POST", .url = url, .body = "x", .body_len = 1, .total_ms = 200, .once = true }, &r, &err), 0);
		assert_int_equal(r.state, tls ? HTTP_UNSENT : HTTP_LOST);
		assert_true(r.retryable);
		http_response_clear(&r);
		close(silent);
	}
	http_pool_free(p);
}

static void
test_urls(void **state)
{
	static const char *const good[] = { "https://api.example/v1", "http://127.0.0.1:8080/v1", "http://localhost", "http://[::1]:11434/v1" };
	static const char *const bad[] = { "http://api.example/", "ftp://x", "https://", "https://user:pw@api.example/", "https://a b", "https://a\r\nX: y",
		"http://127.evil.example/", "http://localhost.evil.example/", "http://127.0.0.1@evil.example/", "http://[::1].evil.example/", "" };
	struct lp_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (http_url_ok(good[i], false, &err) == -1)
			fail_msg("%s: %s", good[i], err.msg);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (http_url_ok(bad[i], false, &err) == 0)
			fail_msg("'%s' was taken", bad[i]);
		assert_int_equal(err.kind, LP_CONFIG);
		assert_null(strstr(err.msg, "pw"));
	}
	assert_int_equal(http_url_ok("http://10.0.0.5:11434/v1", true, &err), 0);
}

/* Eight in flight, no ninth; each is answered once, under its own tag. */
static void
test_many(void **state)
{
	struct lp_err err = { 0 };
	struct http_pool *p = http_pool_new(8, &err);
	char *url = xasprintf("http://127.0.0.1:%d/slow", port);
	struct http_response r;
	void *tag;
	int tags[8] = { 0 };

	(void)state;
	for (int i = 0; i < 8; i++)
		assert_int_equal(http_start(p, &(struct http_request){ .method = "GET", .url = url }, &tags[i], &err), 0);
	assert_int_equal(http_start(p, &(struct http_request){ .method = "GET", .url = url }, NULL, &err), -1);
	assert_int_equal(http_in_flight(p), 8);
	for (int i = 0; i < 8; i++) {
		assert_int_equal(http_next(p, &r, &tag, -1, NULL, &err), 1);
		assert_int_equal(r.status, 200);
		++*(int *)tag;
		http_response_clear(&r);
	}
	assert_int_equal(http_next(p, &r, &tag, -1, NULL, &err), 0);
	for (int i = 0; i < 8; i++)
		assert_int_equal(tags[i], 1);
	http_pool_free(p);
	free(url);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_answers), cmocka_unit_test(test_faults), cmocka_unit_test(test_unsent),
		cmocka_unit_test(test_urls), cmocka_unit_test(test_many), cmocka_unit_test(test_once) };

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
