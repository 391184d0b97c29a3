/*
 * mailbox.h - the big providers of mailboxes, by domain.  They count what comes from a domain, and have rules for whoever sends them much.
 */
#ifndef LP_BASE_MAILBOX_H
#define LP_BASE_MAILBOX_H

#include <stddef.h>

/* mailbox_provider(domain): "gmail", "yahoo", "outlook" and their like, for a domain at which anybody may have a mailbox; NULL for all others. A company that lets
 * Google or Microsoft carry its mail has a domain of its own: that isn't seen here, only a look-up of its MX would tell. */
const char *mailbox_provider(const char *domain);

/* mailbox_consumer(domain): the same, for those that count what a domain sends to them, and say so: "gmail", "yahoo", "outlook"; else NULL. */
const char *mailbox_consumer(const char *domain);

/* mailbox_domain(address): what stands behind the '@', or NULL. */
const char *mailbox_domain(const char *address);

/* mailbox_org(domain, out, size): the organisational domain, in lower case: "news.acme.co.uk" is "acme.co.uk". By the second-level suffixes of the countries that
 * have them; a suffix that isn't among them costs no more than that a subdomain counts for itself. */
#define MAILBOX_ORG_SIZE 256
void mailbox_org(const char *domain, char out[MAILBOX_ORG_SIZE]);

#endif
