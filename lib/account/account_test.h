/*
 * account_test.h - try an account as it is set up: its lines are made and logged in; and, where it is asked for, one message leaves, is found where it
 * arrived, and is read for what its receiver found out about us.
 */
#ifndef LP_ACCOUNT_ACCOUNT_TEST_H
#define LP_ACCOUNT_ACCOUNT_TEST_H

#include "account/domain_check.h"
#include "store/accounts.h"

struct account_try {
	int64_t now;
	const char *to;         /* an address; NULL: nothing is sent, but that a Maildir gets one to itself */
	int64_t wait_ms;        /* at most so long for it to arrive */
};

/*
 * account_test(db, a, how, out, err): "out", "in" of Maildirs, "connect", "imap", "sent", "found", and of what was found "dkim", "spf", "dmarc", "unsubscribe".
 * It is looked for by IMAP, where `to` is the address of an account of ours that has imap_host; the message is marked as seen there. Changes no row.
 * -1: LP_CONFIG, the kind is unknown, or a simulated file and a channel that reaches past this machine; LP_USAGE, `to` is none.
 */
int account_test(struct lp_db *, const struct account *, const struct account_try *how, struct findings *out, struct lp_err *);

/* account_received(header, len, from_domain, out): what a message's header says of how it was taken in. */
void account_received(const char *header, size_t len, const char *from_domain, struct findings *out);

#endif
