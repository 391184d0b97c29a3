#include "net/dns.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/id.h"
#include "base/mem.h"
#include "net/dns_int.h"

#define SERVERS 3
#define LOOKUP_MS 5000
#define MESSAGE_MAX 65535
#define EDNS_SIZE 1232         /* what fits into a packet everywhere (DNS flag day 2020) */
#define ALIASES 4              /* chains that our server leaves to us */

struct server {
	struct sockaddr_storage addr;
	socklen_t len;
	char name[80];
};

struct resolver {
	struct server servers[SERVERS];
	size_t n;
	int64_t until, left;   /* of this look-up, on the steady clock; of waiting in vain in all, ms */
	unsigned char *message;
	char why[200];
};

static int64_t
steady(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int
add_server(struct resolver *d, const char *host, const char *port)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_DGRAM }, *found;
	struct server *s = &d->servers[d->n];

	if (d->n == SERVERS)
		return 0;
	if (getaddrinfo(host, port, &hints, &found) != 0)
		return -1;
	memcpy(&s->addr, found->ai_addr, found->ai_addrlen);
	s->len = found->ai_addrlen;
	snprintf(s->name, sizeof(s->name), "%s", host);
	d->n++;
	freeaddrinfo(found);
	return 0;
}

/* "192.0.2.1", "192.0.2.1:53", "[2001:db8::1]:53", "2001:db8::1" */
static int
one_server(struct resolver *d, const char *text)
{
	char host[64];
	const char *port = "53", *end = *text == '[' ? strchr(text, ']') : strrchr(text, ':');
	int n;

	if (*text == '[') {
		n = end == NULL ? -1 : snprintf(host, sizeof(host), "%.*s", (int)(end - text - 1), text + 1);
		if (end != NULL && end[1] == ':')
			port = end + 2;
	} else if (end != NULL && strchr(text, ':') == end) {
		n = snprintf(host, sizeof(host), "%.*s", (int)(end - text), text);
		port = end + 1;
	} else
		n = snprintf(host, sizeof(host), "%s", text);
	if (n <= 0 || n >= (int)sizeof(host) || strlen(port) > 5 || strtol(port, NULL, 10) < 1 || strtol(port, NULL, 10) > 65535)
		return -1;
	return add_server(d, host, port);
}

/* As resolv.conf(5): without any, the one on this machine. */
static void
system_servers(struct resolver *d)
{
	FILE *f = fopen("/etc/resolv.conf", "re");
	char line[512], word[80];

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, " nameserver %79s", word) == 1)
			add_server(d, word, "53");
	if (f != NULL)
		fclose(f);
	if (d->n == 0)
		add_server(d, "127.0.0.1", "53");
}

struct resolver *
dns_new(const char *server, int64_t total_ms, struct lp_err *err)
{
	struct resolver *d = xcalloc(1, sizeof(*d));

	if (server == NULL)
		system_servers(d);
	else if (one_server(d, server) == -1) {
		lp_fail(err, LP_USAGE, "'%.80s' is no DNS server's address (192.0.2.1 or 192.0.2.1:53)", server);
		free(d);
		return NULL;
	}
	d->left = total_ms > 0 ? total_ms : 10000;
	d->message = xmalloc(MESSAGE_MAX);
	return d;
}

void
dns_free(struct resolver *d)
{
	if (d != NULL)
		free(d->message);
	free(d);
}

const char *
dns_why(const struct resolver *d)
{
	return d->why;
}

bool
dns_name_ok(const char *name)
{
	size_t label = 0, len = strlen(name);

	if (len == 0 || len > 253)
		return false;
	for (const char *s = name; *s != '\0'; s++)
		if (*s == '.') {
			if (label == 0)
				return false;
			label = 0;
		} else if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", *s) == NULL || ++label > 63)
			return false;
	return label > 0;
}

/* The question, with a random id, and (RFC 6891) word of how much we can take in one packet. */
static size_t
make_query(const char *name, int type, bool edns, unsigned char q[512])
{
	static const unsigned char opt[] = { 0, 0, 41, EDNS_SIZE >> 8, EDNS_SIZE & 255, 0, 0, 0, 0, 0, 0 };
	size_t at = 12;

	memset(q, 0, 12);
	lp_random(q, 2, NULL);
	q[2] = 1; /* recursion desired */
	q[5] = 1; /* one question */
	for (const char *s = name; *s != '\0';) {
		size_t n = strcspn(s, ".");

		q[at++] = (unsigned char)n;
		memcpy(q + at, s, n);
		at += n;
		s += n + (s[n] == '.');
	}
	q[at++] = 0;
	q[at++] = (unsigned char)(type >> 8);
	q[at++] = (unsigned char)(type & 255);
	q[at++] = 0;
	q[at++] = 1; /* IN */
	if (edns) {
		q[11] = 1;
		memcpy(q + at, opt, sizeof(opt));
		at += sizeof(opt);
	}
	return at;
}

/* Wait for the socket, not beyond `until`: 1 ready, 0 time is up or an error. */
static int
await(int fd, short events, int64_t until)
{
	struct pollfd p = { .fd = fd, .events = events };
	int64_t left;

	while ((left = until - steady()) > 0) {
		int r = poll(&p, 1, (int)left);

		if (r > 0 || (r == -1 && errno != EINTR))
			return r > 0;
	}
	return 0;
}

static int
open_socket(const struct server *s, int type, int64_t until)
{
	int fd = socket(s->addr.ss_family, type, 0), soerr = 0;
	socklen_t len = sizeof(soerr);

	if (fd == -1)
		return -1;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	if (connect(fd, (const struct sockaddr *)&s->addr, s->len) == 0)
		return fd;
	if (errno == EINPROGRESS && await(fd, POLLOUT, until) == 1 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &soerr, &len) == 0 && soerr == 0)
		return fd;
	close(fd);
	return -1;
}

/* Is it an answer to this very question? Whoever sends from elsewhere doesn't know its id, nor our port. */
static bool
answers(const unsigned char *m, size_t len, const unsigned char *q)
{
	return len >= 12 && m[0] == q[0] && m[1] == q[1] && (m[2] & 0x80) != 0;
}

/* The length of the answer in d->message; 0 for none. */
static size_t
ask_udp(struct resolver *d, const struct server *s, const unsigned char *q, size_t qlen, int64_t until)
{
	int fd = open_socket(s, SOCK_DGRAM, until);
	ssize_t n;

	if (fd == -1)
		return 0;
	if (send(fd, q, qlen, 0) == (ssize_t)qlen)
		while (await(fd, POLLIN, until) == 1) {
			n = recv(fd, d->message, MESSAGE_MAX, 0);
			if (n == -1 && errno != EAGAIN && errno != EINTR)
				break; /* nobody listens there */
			if (n > 0 && answers(d->message, (size_t)n, q)) {
				close(fd);
				return (size_t)n;
			}
		}
	close(fd);
	return 0;
}

static bool
read_all(int fd, unsigned char *p, size_t len, int64_t until)
{
	ssize_t n;

	for (; len > 0; p += n, len -= (size_t)n) {
		if (await(fd, POLLIN, until) != 1)
			return false;
		n = recv(fd, p, len, 0);
		if (n == 0 || (n == -1 && errno != EAGAIN && errno != EINTR))
			return false;
		if (n == -1)
			n = 0;
	}
	return true;
}

static size_t
ask_tcp(struct resolver *d, const struct server *s, const unsigned char *q, size_t qlen, int64_t until)
{
	unsigned char framed[514], head[2];
	size_t len = 0;
	int fd = open_socket(s, SOCK_STREAM, until);

	if (fd == -1)
		return 0;
	framed[0] = (unsigned char)(qlen >> 8);
	framed[1] = (unsigned char)(qlen & 255);
	memcpy(framed + 2, q, qlen);
	/* a fresh connection takes so little at once, or it isn't worth waiting for */
	if (await(fd, POLLOUT, until) == 1 && send(fd, framed, qlen + 2, MSG_NOSIGNAL) == (ssize_t)qlen + 2 && read_all(fd, head, 2, until)) {
		len = (size_t)head[0] << 8 | head[1];
		if (!read_all(fd, d->message, len, until) || !answers(d->message, len, q))
			len = 0;
	}
	close(fd);
	return len;
}

static void
say_why(struct resolver *d, const struct server *s, int rcode)
{
	static const char *const names[] = { [DNS_RCODE_FORMERR] = "can't read the question", [DNS_RCODE_SERVFAIL] = "failed (SERVFAIL)",
		[DNS_RCODE_NOTIMP] = "doesn't do this", [DNS_RCODE_REFUSED] = "refused" };

	if (rcode > 0 && (size_t)rcode < sizeof(names) / sizeof(names[0]) && names[rcode] != NULL)
		snprintf(d->why, sizeof(d->why), "the DNS server %s %s", s->name, names[rcode]);
	else if (rcode == DNS_RCODE_NOANSWER)
		snprintf(d->why, sizeof(d->why), "no answer from the DNS server %s in time", s->name);
	else
		snprintf(d->why, sizeof(d->why), "no sensible answer from the DNS server %s", s->name);
}

/* One question to one server, by TCP where the answer doesn't fit. */
static enum dns
ask(struct resolver *d, const struct server *s, const char *name, int type, bool *edns, int64_t until, struct dns_answer *a, char *alias)
{
	unsigned char q[512];
	size_t qlen = make_query(name, type, *edns, q), len = ask_udp(d, s, q, qlen, until);
	int rcode = DNS_RCODE_NOANSWER;
	enum dns r = DNS_UNKNOWN;

	if (len > 0 && (d->message[2] & 0x02) != 0)
		len = ask_tcp(d, s, q, qlen, d->until);
	if (len > 0)
		r = dns_read(d->message, len, name, type, a, alias, &rcode);
	if (r == DNS_UNKNOWN)
		say_why(d, s, rcode);
	if (rcode == DNS_RCODE_FORMERR || rcode == DNS_RCODE_NOTIMP)
		*edns = false; /* an old one, or a middlebox: ask plainly */
	return r;
}

/* Every server, and once more those that didn't know: a packet may be lost. */
static enum dns
ask_all(struct resolver *d, const char *name, int type, struct dns_answer *a, char *alias)
{
	bool edns = true;

	for (int round = 0; round < 3; round++)
		for (size_t i = 0; i < d->n; i++) {
			int64_t now = steady(), until = now + 1000 + 500 * round;
			enum dns r;

			if (now >= d->until)
				return DNS_UNKNOWN;
			r = ask(d, &d->servers[i], name, type, &edns, until < d->until ? until : d->until, a, alias);
			if (r != DNS_UNKNOWN)
				return r;
		}
	return DNS_UNKNOWN;
}

enum dns
dns_look(struct resolver *d, const char *name, int type, struct dns_answer *a)
{
	char at[DNS_NAME_SIZE], alias[DNS_NAME_SIZE];
	int64_t began = steady();
	enum dns r = DNS_NONE;

	*a = (struct dns_answer){ 0 };
	if (!dns_name_ok(name))
		return DNS_NONE;
	if (d->left <= 0)
		return DNS_UNKNOWN; /* d->why stands */
	d->until = began + (d->left < LOOKUP_MS ? d->left : LOOKUP_MS);
	snprintf(at, sizeof(at), "%s", name);
	dns_lower(at);
	for (int i = 0; i < ALIASES; i++) {
		*alias = '\0';
		r = ask_all(d, at, type, a, alias);
		if (r != DNS_NONE || !dns_name_ok(alias))
			break;
		memcpy(at, alias, sizeof(at));
		r = DNS_UNKNOWN;
		snprintf(d->why, sizeof(d->why), "the aliases of %s lead nowhere", name);
	}
	if (r == DNS_UNKNOWN)
		d->left -= steady() - began;
	return r;
}
