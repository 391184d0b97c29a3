/* oauth_back.c - the browser comes back: one small listener on loopback, and what it may be told. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "net/oauth_int.h"
#include "net/oauth_login.h"

#define KNOCKS 50        /* whatever else on this machine finds the port */
#define HEAD_MAX 8192
#define HEAD_MS 2000     /* a browser opens connections ahead and says nothing */

static int
hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One value, decoded; false where it is there already, too long, or not of visible ASCII. */
static bool
value(const char *s, size_t n, char *out, size_t size)
{
	size_t len = 0;

	if (*out != '\0' || n == 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		int c = (unsigned char)s[i];

		if (c == '%') {
			if (i + 2 >= n || hex(s[i + 1]) < 0 || hex(s[i + 2]) < 0)
				return false;
			c = hex(s[i + 1]) * 16 + hex(s[i + 2]);
			i += 2;
		}
		if (c <= 0x20 || c >= 0x7f || len + 1 >= size)
			return false;
		out[len++] = (char)c;
	}
	out[len] = '\0';
	return true;
}

bool
oauth_back_parse(const char *head, size_t n, struct oauth_back *b)
{
	const char *end = memchr(head, '\r', n), *s, *stop;

	*b = (struct oauth_back){ 0 };
	if (end == NULL || end - head < 15 || strncmp(head, "GET /?", 6) != 0 || strncmp(end - 9, " HTTP/1.", 8) != 0)
		return false;
	stop = end - 9;
	for (s = head + 6; s < stop;) {
		const char *amp = memchr(s, '&', (size_t)(stop - s)), *last = amp != NULL ? amp : stop, *eq = memchr(s, '=', (size_t)(last - s));
		size_t name = eq != NULL ? (size_t)(eq - s) : 0, len = eq != NULL ? (size_t)(last - eq - 1) : 0;

		if ((name == 5 && strncmp(s, "state", 5) == 0 && !value(eq + 1, len, b->state, sizeof(b->state))) ||
		    (name == 4 && strncmp(s, "code", 4) == 0 && !value(eq + 1, len, b->code, sizeof(b->code))) ||
		    (name == 5 && strncmp(s, "error", 5) == 0 && !value(eq + 1, len, b->error, sizeof(b->error))))
			return false;
		s = last + 1;
	}
	return *b->state != '\0' && (*b->code != '\0') != (*b->error != '\0');
}

int
oauth_listen(int *port, struct lp_err *err)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)*port) };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd == -1 || fcntl(fd, F_SETFD, FD_CLOEXEC) == -1 || fcntl(fd, F_SETFL, O_NONBLOCK) == -1 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) == -1 || bind(fd, (struct sockaddr *)&a, len) == -1 || listen(fd, 8) == -1 ||
	    getsockname(fd, (struct sockaddr *)&a, &len) == -1) {
		lp_fail_errno(err, errno, "can't listen on 127.0.0.1:%d", *port);
		if (fd != -1)
			close(fd);
		return -1;
	}
	*port = ntohs(a.sin_port);
	return fd;
}

static void
page(int fd, const char *status, const char *words)
{
	static const char form[] = "HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %zu\r\nCache-Control: no-store\r\n"
	                           "Referrer-Policy: no-referrer\r\nConnection: close\r\n\r\n%s";
	char body[512], all[1024];
	int n;

	snprintf(body, sizeof(body), "<!doctype html><title>LeadPilot</title><p>%s</p>\n", words);
	n = snprintf(all, sizeof(all), form, status, strlen(body), body);
	if (send(fd, all, (size_t)n, MSG_NOSIGNAL) == -1)
		return; /* it is gone: what counts has been read */
}

/* A request's head, in as far as it comes in time. */
static size_t
read_head(int fd, char head[HEAD_MAX + 1], int64_t until)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t n = 0;
	ssize_t got;

	if (until > lp_now_real() + HEAD_MS)
		until = lp_now_real() + HEAD_MS;
	for (head[0] = '\0'; n < HEAD_MAX && strstr(head, "\r\n\r\n") == NULL; head[n] = '\0') {
		int64_t left = until - lp_now_real();

		if (left <= 0 || poll(&p, 1, (int)left) != 1)
			break;
		got = recv(fd, head + n, HEAD_MAX - n, 0);
		if (got <= 0 || memchr(head + n, '\0', (size_t)got) != NULL)
			break;
		n += (size_t)got;
	}
	return strstr(head, "\r\n\r\n") != NULL ? n : 0;
}

int
oauth_come_back(int fd, const char *state, int64_t until, struct oauth_back *b, struct lp_err *err)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char head[HEAD_MAX + 1];
	int64_t left;
	int c;

	for (int knocks = 0; knocks < KNOCKS;) {
		left = until - lp_now_real();
		if (left <= 0)
			return lp_fail(err, LP_TEMP, "nobody logged in in time");
		if (poll(&p, 1, left > 60000 ? 60000 : (int)left) != 1 || (c = accept(fd, NULL, NULL)) == -1)
			continue;
		knocks++;
		fcntl(c, F_SETFD, FD_CLOEXEC);
		if (!oauth_back_parse(head, read_head(c, head, until), b))
			page(c, "404 Not Found", "Nothing is here.");
		else if (strcmp(b->state, state) != 0)
			page(c, "400 Bad Request", "This answer belongs to no login of ours. Begin again from the terminal.");
		else {
			page(c, "200 OK", *b->error != '\0' ? "The login was refused. You can close this page." :
			    "Done. You can close this page; the terminal says what came of it.");
			close(c);
			return 0;
		}
		close(c);
	}
	return lp_fail(err, LP_TEMP, "something on this machine keeps knocking with answers that aren't ours: begin again");
}
