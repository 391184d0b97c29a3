/*
 * account_test.h - try an account as it is set up: a message to its own address, composed and delivered as any other, and a look into
 * the inbox that marks nothing as read.
 */
#ifndef LP_AGENT_ACCOUNT_TEST_H
#define LP_AGENT_ACCOUNT_TEST_H

#include "store/accounts.h"

struct account_tried {
	enum lp_kind kind;      /* LP_OK, or what it failed with */
	char text[1200];        /* where the message is, how many wait; or why not */
};

/* account_test(db, a, now, out, in, err): changes no row. A channel that reaches past this machine is refused on a simulated file. -1: LP_CONFIG,
 * the kind is unknown. */
int account_test(struct lp_db *, const struct account *, int64_t now, struct account_tried *out, struct account_tried *in, struct lp_err *);

#endif
