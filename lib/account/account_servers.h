/*
 * account_servers.h - where a mailbox's servers are, for who doesn't know: the table of big providers, by the address's domain or by the domain's mail
 * exchangers, else the domain's own SRV records (RFC 6186, RFC 8314).
 */
#ifndef LP_ACCOUNT_ACCOUNT_SERVERS_H
#define LP_ACCOUNT_ACCOUNT_SERVERS_H

#include "base/mem.h"
#include "net/dns.h"
#include "store/accounts.h"

/* account_servers_wanted(a): an smtp account whose host isn't given. */
bool account_servers_wanted(const struct account *);

/*
 * account_servers_find(a, dns, strangers, said, err): fill host, port and security, and where known imap_host, imap_port and imap_security; what was found and why goes to
 * `said`, lines for people. Where an OAuth client is given but no provider, oauth becomes the one that was found. SRV records that name hosts outside the
 * domain need `strangers`: whoever forges an answer of the DNS would get the password (RFC 6186, 6). 0; -1: LP_CONFIG nothing is found, and how to say it by
 * hand; LP_TEMP: the DNS can't tell now.
 */
int account_servers_find(struct account *, struct resolver *, bool strangers, struct buf *said, struct lp_err *);

#endif
