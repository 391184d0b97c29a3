/* dns_read.c - answers as they come from the wire, through libresolv's parser; and the look-ups by type. */
#define _DEFAULT_SOURCE /* what arpa/nameser.h needs */
#include "net/dns.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "net/dns_int.h"

#define ALIASES_MOST 8

void
dns_answer_clear(struct dns_answer *a)
{
	for (size_t i = 0; i < a->n; i++)
		free(a->list[i].text);
	free(a->list);
	*a = (struct dns_answer){ 0 };
}

void
dns_lower(char *s)
{
	for (; *s != '\0'; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s += 'a' - 'A';
}

static void
add_byte(struct buf *b, unsigned char c)
{
	if (c >= 0x20 && c < 0x7f)
		buf_putc(b, (char)c);
	else
		buf_printf(b, "\\%03d", c);
}

/* The name at `at` of the message, as text; false where it is broken. */
static bool
name_at(const ns_msg *m, const unsigned char *at, char out[DNS_NAME_SIZE])
{
	char long_name[NS_MAXDNAME];
	size_t n;

	if (ns_name_uncompress(ns_msg_base(*m), ns_msg_end(*m), at, long_name, sizeof(long_name)) == -1)
		return false;
	n = strlen(long_name);
	/* one with so many escapes is nobody's host */
	if (n >= DNS_NAME_SIZE)
		return false;
	memcpy(out, long_name, n + 1);
	dns_lower(out);
	if (*out == '\0')
		memcpy(out, ".", 2);
	else if (n > 1 && out[n - 1] == '.' && out[n - 2] != '\\')
		out[n - 1] = '\0';
	return true;
}

/* The data of a record of the type that was asked for; NULL where it is broken. */
static char *
data_of(const ns_msg *m, const ns_rr *rr, struct dns_record *r)
{
	const unsigned char *p = ns_rr_rdata(*rr), *end = p + ns_rr_rdlen(*rr);
	char host[DNS_NAME_SIZE], text[INET6_ADDRSTRLEN];
	struct buf b = { 0 };

	switch ((int)ns_rr_type(*rr)) {
	case DNS_TYPE_A:
		return end - p == 4 ? xstrdup(inet_ntop(AF_INET, p, text, sizeof(text))) : NULL;
	case DNS_TYPE_AAAA:
		return end - p == 16 ? xstrdup(inet_ntop(AF_INET6, p, text, sizeof(text))) : NULL;
	case DNS_TYPE_TXT:
		while (p < end) {
			size_t n = *p++;

			if (n > (size_t)(end - p)) {
				buf_free(&b);
				return NULL;
			}
			while (n-- > 0)
				add_byte(&b, *p++);
		}
		return buf_steal(&b);
	case DNS_TYPE_SRV:
		if (end - p < 7)
			return NULL;
		r->priority = ns_get16(p);
		r->weight = ns_get16(p + 2);
		r->port = ns_get16(p + 4);
		p += 6;
		break;
	case DNS_TYPE_MX:
		if (end - p < 3)
			return NULL;
		r->priority = ns_get16(p);
		p += 2;
		break;
	default:
		break;
	}
	return p < end && name_at(m, p, host) ? xstrdup(host) : NULL;
}

static int
by_priority(const void *a, const void *b)
{
	const struct dns_record *x = a, *y = b;

	if (x->priority != y->priority)
		return x->priority < y->priority ? -1 : 1;
	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return strcmp(x->text, y->text);
}

/* The name that `at` is an alias of, in this answer: true and in `at`. */
static bool
follow(ns_msg *m, char at[DNS_NAME_SIZE])
{
	char owner[DNS_NAME_SIZE];
	ns_rr rr;

	for (int i = 0; i < ns_msg_count(*m, ns_s_an); i++) {
		if (ns_parserr(m, ns_s_an, i, &rr) == -1)
			return false;
		snprintf(owner, sizeof(owner), "%.255s", ns_rr_name(rr));
		dns_lower(owner);
		if ((int)ns_rr_type(rr) == DNS_TYPE_CNAME && ns_rr_class(rr) == ns_c_in && strcmp(owner, at) == 0)
			return name_at(m, ns_rr_rdata(rr), at);
	}
	return false;
}

static int
collect(ns_msg *m, const char *at, int type, struct dns_answer *a)
{
	struct dns_record r;
	ns_rr rr;

	for (int i = 0; i < ns_msg_count(*m, ns_s_an) && a->n < DNS_MOST; i++) {
		if (ns_parserr(m, ns_s_an, i, &rr) == -1)
			return -1;
		if ((int)ns_rr_type(rr) != type || ns_rr_class(rr) != ns_c_in || strcasecmp(ns_rr_name(rr), at) != 0)
			continue;
		r = (struct dns_record){ 0 };
		if ((r.text = data_of(m, &rr, &r)) == NULL)
			return -1;
		a->list = xrealloc(a->list, (a->n + 1) * sizeof(*a->list));
		a->list[a->n++] = r;
	}
	return 0;
}

static bool
same_question(ns_msg *m, const char *name, int type)
{
	ns_rr rr;

	return ns_msg_count(*m, ns_s_qd) == 1 && ns_parserr(m, ns_s_qd, 0, &rr) == 0 && (int)ns_rr_type(rr) == type &&
	    ns_rr_class(rr) == ns_c_in && strcasecmp(ns_rr_name(rr), name) == 0;
}

enum dns
dns_read(const unsigned char *message, size_t len, const char *name, int type, struct dns_answer *a, char alias[DNS_NAME_SIZE], int *rcode)
{
	char at[DNS_NAME_SIZE];
	ns_msg m;
	int hops;

	*a = (struct dns_answer){ 0 };
	*alias = '\0';
	*rcode = DNS_RCODE_NONSENSE;
	if (len > 65535 || strlen(name) >= sizeof(at) || ns_initparse(message, (int)len, &m) == -1)
		return DNS_UNKNOWN;
	/* a server that can't read the question may leave it out */
	if (ns_msg_getflag(m, ns_f_rcode) != 0 && ns_msg_getflag(m, ns_f_rcode) != DNS_RCODE_NXDOMAIN) {
		*rcode = ns_msg_getflag(m, ns_f_rcode);
		return DNS_UNKNOWN;
	}
	if (!ns_msg_getflag(m, ns_f_qr) || ns_msg_getflag(m, ns_f_tc) || !same_question(&m, name, type))
		return DNS_UNKNOWN;
	snprintf(at, sizeof(at), "%s", name);
	for (hops = 0; hops < ALIASES_MOST && follow(&m, at); hops++)
		;
	if (hops == ALIASES_MOST || collect(&m, at, type, a) == -1) {
		dns_answer_clear(a);
		return DNS_UNKNOWN;
	}
	*rcode = ns_msg_getflag(m, ns_f_rcode);
	if (a->n == 0) {
		if (*rcode == 0 && strcmp(at, name) != 0)
			memcpy(alias, at, sizeof(at));
		return DNS_NONE;
	}
	qsort(a->list, a->n, sizeof(*a->list), by_priority);
	return DNS_OK;
}

enum dns
dns_txt(struct resolver *d, const char *name, struct dns_answer *a)
{
	return dns_look(d, name, DNS_TYPE_TXT, a);
}

enum dns
dns_mx(struct resolver *d, const char *name, struct dns_answer *a)
{
	return dns_look(d, name, DNS_TYPE_MX, a);
}

enum dns
dns_srv(struct resolver *d, const char *name, struct dns_answer *a)
{
	return dns_look(d, name, DNS_TYPE_SRV, a);
}

enum dns
dns_host(struct resolver *d, const char *name, struct dns_answer *a)
{
	struct dns_answer six;
	enum dns r4 = dns_look(d, name, DNS_TYPE_A, a), r6 = dns_look(d, name, DNS_TYPE_AAAA, &six);

	if (r6 == DNS_OK) {
		a->list = xrealloc(a->list, (a->n + six.n) * sizeof(*a->list));
		memcpy(a->list + a->n, six.list, six.n * sizeof(*six.list));
		a->n += six.n;
		free(six.list);
	}
	if (a->n > 0)
		return DNS_OK;
	return r4 == DNS_UNKNOWN || r6 == DNS_UNKNOWN ? DNS_UNKNOWN : DNS_NONE;
}

enum dns
dns_ptr(struct resolver *d, const char *address, struct dns_answer *a)
{
	unsigned char b[16];
	struct buf name = { 0 };
	enum dns r;

	*a = (struct dns_answer){ 0 };
	if (inet_pton(AF_INET, address, b) == 1)
		buf_printf(&name, "%d.%d.%d.%d.in-addr.arpa", b[3], b[2], b[1], b[0]);
	else if (inet_pton(AF_INET6, address, b) == 1) {
		for (int i = 15; i >= 0; i--)
			buf_printf(&name, "%x.%x.", b[i] & 15, b[i] >> 4);
		buf_puts(&name, "ip6.arpa");
	} else
		return DNS_NONE;
	r = dns_look(d, buf_str(&name), DNS_TYPE_PTR, a);
	buf_free(&name);
	return r;
}
