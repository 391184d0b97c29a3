/* dns_int.h - between dns.c, which asks, and dns_read.c, which understands. */
#ifndef LP_NET_DNS_INT_H
#define LP_NET_DNS_INT_H

#include "net/dns.h"

enum { DNS_RCODE_NOANSWER = -2, DNS_RCODE_NONSENSE = -1, DNS_RCODE_FORMERR = 1, DNS_RCODE_SERVFAIL = 2, DNS_RCODE_NXDOMAIN = 3, DNS_RCODE_NOTIMP = 4,
	DNS_RCODE_REFUSED = 5 };
enum { DNS_TYPE_A = 1, DNS_TYPE_CNAME = 5, DNS_TYPE_PTR = 12, DNS_TYPE_MX = 15, DNS_TYPE_TXT = 16, DNS_TYPE_AAAA = 28, DNS_TYPE_SRV = 33 };

enum dns dns_look(struct resolver *, const char *name, int type, struct dns_answer *);
void dns_lower(char *);

#endif
