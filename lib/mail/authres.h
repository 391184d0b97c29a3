/*
 * authres.h - what the server that took a mail in found out about it (Authentication-Results, RFC 8601; Received-SPF, RFC 7208), and what its DKIM signatures cover.
 *
 * Only what stands above all of its kind, with the same server's name, is believed: a sender can write such a field too, but below it.
 */
#ifndef LP_MAIL_AUTHRES_H
#define LP_MAIL_AUTHRES_H

#include <stdbool.h>
#include <stddef.h>

#define AUTH_NAME_SIZE 256

/* Results are words as they stand there ("pass", "fail", "none", ...), in lower case; "" where nothing is said. Aligned: the same organisation as From's. */
struct mail_auth {
	char by[AUTH_NAME_SIZE];                        /* the server that says so; "" where none says anything */
	char dkim[16], dkim_domain[AUTH_NAME_SIZE];     /* the best of several signatures: aligned and passed, else passed, else the first */
	char spf[16], spf_domain[AUTH_NAME_SIZE];
	char dmarc[16];
	bool dkim_aligned, spf_aligned;
	char received_spf[16];                          /* by Received-SPF, whoever wrote it */
	bool signature;                                 /* there is a DKIM-Signature; of the aligned one, else the first: */
	char sign_domain[AUTH_NAME_SIZE], selector[64];
	bool covers_unsubscribe;                        /* h= names List-Unsubscribe and List-Unsubscribe-Post, those that are there */
	bool unsubscribe, post;                         /* the header has them */
};

/* mail_auth(header, len, from_domain, a): of a message's header as it was received; what is odd in it is passed over. */
void mail_auth(const char *header, size_t len, const char *from_domain, struct mail_auth *);

/* mail_tag(text, tag, out, size): the value of a tag in "v=DKIM1; k=rsa" (RFC 6376 3.2), white space around it gone: its place in the list from 1; 0 where it
 * isn't there; -1 where the list is broken: no '=', a tag twice, or a value that doesn't fit. */
int mail_tag(const char *text, const char *tag, char *out, size_t size);

#endif
