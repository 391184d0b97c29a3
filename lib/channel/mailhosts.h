/*
 * mailhosts.h - the big mail providers: their servers and what they let through (mailhosts.tsv).  Pure: nobody is asked.
 */
#ifndef LP_CHANNEL_MAILHOSTS_H
#define LP_CHANNEL_MAILHOSTS_H

#include <stdbool.h>
#include <stddef.h>

struct mailhost_server {
	char host[128];        /* "": none known */
	int port;
	char security[12];     /* tls, starttls */
};

struct mailhost {
	struct mailhost_server smtp, imap;
	char oauth[16];        /* google, microsoft; "": passwords */
	char spf[48];          /* what the SPF of its customers' domains includes; "" */
	char dkim[32];         /* the selectors that its instructions name, commas between; "" */
	long per_day;          /* messages in any 24 hours; 0: no limit is known */
	long per_minute;
	char note[128];        /* for who sets an account up; "" */
};

/* mailhost_find(domain, m): whose addresses end with it: gmail.com. True and *m filled, which may be NULL; case doesn't count. */
bool mailhost_find(const char *domain, struct mailhost *);

/* mailhost_mx(exchanger, m): to whom a domain's mail exchanger belongs: aspmx.l.google.com. */
bool mailhost_mx(const char *exchanger, struct mailhost *);

/*
 * mailhost_account(address, host, m): whose limits hold for an account: who takes its mail in, by the server through which it sends (NULL: it isn't told).
 * A domain of one's own at smtp.gmail.com is Google Workspace's, not gmail.com's.
 */
bool mailhost_account(const char *address, const char *host, struct mailhost *);

/* mailhost_server(domain, host, m): the same, of any address at the domain. */
bool mailhost_server(const char *domain, const char *host, struct mailhost *);

#endif
