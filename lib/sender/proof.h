/*
 * proof.h - the Sent folder: a copy of what was sent, for the person whose mailbox it is; and the proof that a message of which it isn't known whether it left did leave.
 *
 * After the fact and beside it: whatever goes wrong here is tried again later, and is nobody's failure.
 */
#ifndef LP_SENDER_PROOF_H
#define LP_SENDER_PROOF_H

#include <signal.h>

#include "store/db.h"

/*
 * proof_run(db, stop, err): what is due now (store/copies.h), account by account, for at most half a minute or until *stop.  A copy is looked for by its
 * Message-ID before it is put there, so there is never a second one; Google and Microsoft put their own.  An unknown message that is there is sent, on record, and its task goes on.
 * Commits one by one; no transaction stays open while a server is asked.  0; -1 database trouble.
 */
int proof_run(struct lp_db *, const volatile sig_atomic_t *stop, struct lp_err *);

#endif
