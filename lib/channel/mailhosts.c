#include "channel/mailhosts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Written by `make` from mailhosts.tsv: records of three fields, parted by tabs, each ended by a NUL; an empty one ends them. */
static const char data[] =
#include "mailhosts.inc"
    ;

/* One word of a field: s moves past it. NULL at its end. */
static const char *
word(const char **s, const char *end, size_t *n)
{
	const char *w = *s;

	while (w < end && *w == ' ')
		w++;
	for (*s = w; *s < end && **s != ' ';)
		++*s;
	*n = (size_t)(*s - w);
	return *n > 0 ? w : NULL;
}

/* "HOST:PORT:SECURITY" */
static void
server(const char *w, size_t n, struct mailhost_server *s)
{
	const char *port = memchr(w, ':', n), *security = port != NULL ? memchr(port + 1, ':', (size_t)(w + n - port - 1)) : NULL;

	if (security == NULL)
		return;
	snprintf(s->host, sizeof(s->host), "%.*s", (int)(port - w), w);
	s->port = (int)strtol(port + 1, NULL, 10);
	snprintf(s->security, sizeof(s->security), "%.*s", (int)(w + n - security - 1), security + 1);
}

static void
fill(const char *servers, const char *limits, struct mailhost *m)
{
	const char *end = limits - 1, *w;
	size_t n;

	*m = (struct mailhost){ 0 };
	while ((w = word(&servers, end, &n)) != NULL)
		if (strncmp(w, "smtp=", 5) == 0)
			server(w + 5, n - 5, &m->smtp);
		else if (strncmp(w, "imap=", 5) == 0)
			server(w + 5, n - 5, &m->imap);
		else if (strncmp(w, "oauth=", 6) == 0)
			snprintf(m->oauth, sizeof(m->oauth), "%.*s", (int)(n - 6), w + 6);
		else if (strncmp(w, "spf=", 4) == 0)
			snprintf(m->spf, sizeof(m->spf), "%.*s", (int)(n - 4), w + 4);
		else if (strncmp(w, "dkim=", 5) == 0)
			snprintf(m->dkim, sizeof(m->dkim), "%.*s", (int)(n - 5), w + 5);
	for (end = limits + strlen(limits); (w = word(&limits, end, &n)) != NULL;)
		if (strncmp(w, "day=", 4) == 0)
			m->per_day = strtol(w + 4, NULL, 10);
		else if (strncmp(w, "minute=", 7) == 0)
			m->per_minute = strtol(w + 7, NULL, 10);
		else if (n != 1 || *w != '-') {
			snprintf(m->note, sizeof(m->note), "%s", w);
			break;
		}
}

enum by { BY_DOMAIN, BY_MX, BY_SERVER };

/* Is `name` the record's word, or (of exchangers) below it? */
static bool
fits(const char *w, size_t n, const char *name, enum by by)
{
	size_t len = strlen(name);

	if (by == BY_SERVER) {
		if (n < 5 || strncmp(w, "smtp=", 5) != 0)
			return false;
		w += 5;
		n = strcspn(w, ":");
	}
	if (by == BY_MX) {
		if (n < 3 || strncmp(w, "mx=", 3) != 0)
			return false;
		w += 3;
		n -= 3;
		if (len > n && name[len - n - 1] == '.')
			name += len - n;
		len = strlen(name);
	}
	return len == n && strncasecmp(w, name, n) == 0;
}

/* Is one of a field's words, which ends at `end`, the name? */
static bool
has(const char *at, const char *end, const char *name, enum by by)
{
	const char *w;
	size_t n;

	while ((w = word(&at, end, &n)) != NULL)
		if (fits(w, n, name, by))
			return true;
	return false;
}

/* The record that has the name. Where a server serves both a provider's own domains and its customers', the one with `domain`, else the customers'. */
static bool
look(const char *name, enum by by, const char *domain, struct mailhost *m)
{
	const char *servers, *limits, *first = NULL;

	for (const char *r = data; *r != '\0'; r += strlen(r) + 1) {
		servers = strchr(r, '\t') + 1;
		limits = strchr(servers, '\t') + 1;
		if (!(by == BY_DOMAIN ? has(r, servers - 1, name, by) : has(servers, limits - 1, name, by)))
			continue;
		if (by != BY_SERVER || has(r, servers - 1, domain, BY_DOMAIN)) {
			first = r;
			break;
		}
		if (first == NULL || (*r == '-' && *first != '-'))
			first = r;
	}
	if (first == NULL)
		return false;
	servers = strchr(first, '\t') + 1;
	if (m != NULL)
		fill(servers, strchr(servers, '\t') + 1, m);
	return true;
}

bool
mailhost_find(const char *domain, struct mailhost *m)
{
	return strcmp(domain, "-") != 0 && look(domain, BY_DOMAIN, NULL, m);
}

bool
mailhost_mx(const char *exchanger, struct mailhost *m)
{
	return look(exchanger, BY_MX, NULL, m);
}

bool
mailhost_server(const char *domain, const char *host, struct mailhost *m)
{
	return look(host, BY_SERVER, domain, m);
}

bool
mailhost_account(const char *address, const char *host, struct mailhost *m)
{
	const char *at = strrchr(address, '@');

	return host != NULL && mailhost_server(at != NULL ? at + 1 : "", host, m);
}
