/*
 * dns.h - what the DNS says of a name: TXT, MX, SRV, PTR, addresses.
 *
 * "There is none" and "it can't be told now" are two answers, and only the first is a fact: a server that is slow, fails, refuses or talks nonsense gives
 * DNS_UNKNOWN, which a caller must never take for a failure of the domain.  Time and size are bounded whatever comes back.
 */
#ifndef LP_NET_DNS_H
#define LP_NET_DNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define DNS_NAME_SIZE 256
#define DNS_MOST 100      /* records of one answer; what is over is left out */

enum dns {
	DNS_OK,           /* at least one */
	DNS_NONE,         /* no such name, or nothing of this type there */
	DNS_UNKNOWN       /* no answer in time, or none that counts: dns_why */
};

struct dns_record {
	char *text;       /* TXT: its strings joined; MX, SRV, PTR: a host in lower case without its final dot, "." for the root; addresses: as text.
	                   * Printable ASCII alone: any other byte stands as \ddd, as in zone files */
	int priority;     /* of MX and SRV */
	int weight, port; /* of SRV */
};

/* By priority, then the heavier first, then by text: the same for the same zone. */
struct dns_answer {
	struct dns_record *list;
	size_t n;
};
void dns_answer_clear(struct dns_answer *);

struct resolver;

/*
 * dns_new(server, total_ms, err): `server` ("127.0.0.1:5353", "[::1]:53", "192.0.2.1"; NULL: those of /etc/resolv.conf) is asked; after total_ms (0: 10 s)
 * of waiting in vain, all look-ups together, every further one is DNS_UNKNOWN at once. One look-up waits at most 5 s. NULL: LP_USAGE, `server` is no address.
 */
struct resolver *dns_new(const char *server, int64_t total_ms, struct lp_err *);
void dns_free(struct resolver *);

/* One look-up each; aliases (CNAME) are followed. *a is set where DNS_OK (the caller clears), else empty. A name that can't be in the DNS is DNS_NONE. */
enum dns dns_txt(struct resolver *, const char *name, struct dns_answer *a);
enum dns dns_mx(struct resolver *, const char *name, struct dns_answer *a);
enum dns dns_srv(struct resolver *, const char *name, struct dns_answer *a);   /* "_submission._tcp.ours.example" */
enum dns dns_host(struct resolver *, const char *name, struct dns_answer *a);  /* IPv4, then IPv6 */
enum dns dns_ptr(struct resolver *, const char *address, struct dns_answer *a);/* the names of an IPv4 or IPv6 address */
/* dns_why(d): of the last DNS_UNKNOWN, why: one line. Valid until the next look-up. */
const char *dns_why(const struct resolver *);

/* dns_name_ok(name): letters, digits, '-', '_', labels of 1 to 63, at most 253 in all. */
bool dns_name_ok(const char *);

/*
 * dns_read(message, len, name, type, a, alias): one answer as it came (RFC 1035) to a question for `name` (lower case) and `type`. Where the chain of aliases leads out of it,
 * `alias` is its last name, to be asked for, else "". DNS_UNKNOWN: it is no whole, sensible answer to this question, or the server failed; *rcode is what
 * it said, -1 for nonsense. For dns.c and its tests.
 */
enum dns dns_read(const unsigned char *message, size_t len, const char *name, int type, struct dns_answer *a, char alias[DNS_NAME_SIZE], int *rcode);

#endif
