/*
 * reading.h - an account's inbox, read: every mail that waits becomes a row and has its effect, then it is marked as read.
 */
#ifndef LP_AGENT_READING_H
#define LP_AGENT_READING_H

#include "agent/receive.h"
#include "store/accounts.h"
#include "store/tasks.h"

struct reading {
	long seen, fresh, matched, opt_outs, stopped; /* mails; of them new; matched to a lead; opt-outs; enrolments ended */
};

/*
 * reading_account(db, a, t, sum, err): read it to the end. Commits, some mails at a time, and marks a mail as read only after the commit that
 * recorded it: a crash in between makes it be looked at once more, and found on record. The account's last good reading is
 * noted only where nothing was left unread.
 *
 * `t` is the task it is done for, checked in each commit to be still ours; NULL for none. Adds to *sum.
 * 0; 1 where the inbox can't be read (err says why, the account notes it); 2 where the lease was lost; -1 for database trouble.
 */
int reading_account(struct lp_db *, const struct account *, const struct task *, struct reading *sum, struct lp_err *);

/* reading_has_inbox(a): has the account anything to read from? */
bool reading_has_inbox(const struct account *);

#endif
