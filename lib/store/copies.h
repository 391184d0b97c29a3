/*
 * copies.h - what is to be put into, or looked for in, an account's Sent folder: a mail that was sent and isn't there yet, one of which it isn't known whether
 * it left.  outbox.copy is made 'due' in the commit that says 'sent' (outbox_record), so that no crash forgets it.  Nothing here commits.
 */
#ifndef LP_STORE_COPIES_H
#define LP_STORE_COPIES_H

#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

#define COPIES_MOST 200         /* of one asking */

struct copy {
	int64_t message, account;
	bool unknown;           /* look for it: is it there? Else: put it there */
	int tries;              /* so far */
	int64_t since;          /* ms: when it was reserved */
	char *rfc_id;
};
void copies_free(struct copy *, size_t n);

/* copies_due(db, list, n, err): those whose time has come, of accounts that have an imap_host and a sent_folder; an account's together, unknown ones first, the
 * oldest first. 0, -1. */
int copies_due(struct lp_db *, struct copy **, size_t *n, struct lp_err *);

/* copies_take(db, c, until, err): it is ours until then (ms), or until copy_note: 1; 0 somebody else has it, or it is done; -1. */
int copies_take(struct lp_db *, const struct copy *, int64_t until, struct lp_err *);

enum copy_state { COPY_DONE, COPY_LATER, COPY_FAILED };
/* copy_note(db, c, state, at, text, err): what came of it; `at`: when it is tried again (of LATER). DONE and FAILED are logged with the text. 0, -1. */
int copy_note(struct lp_db *, const struct copy *, enum copy_state, int64_t at, const char *text, struct lp_err *);

#endif
