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
	long refused;                                 /* of a file: no mails, or to nobody here */
};
/* reading_count(sum, fresh, result): one mail more, as receive_mail told. */
void reading_count(struct reading *, int fresh, const struct inbox_result *);

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

/* How a file is taken in. */
struct reading_how {
	int64_t account;                /* that received it; 0: the one that each mail is to */
	bool dry;                       /* roll back */
	void (*refused)(void *arg, size_t number, const struct lp_err *); /* the number-th mail of it isn't taken in; NULL */
	void *arg;
};

/*
 * reading_file(db, fd, how, sum, err): a message or an mbox, from where the file stands to its end, as if it had been in the account's inbox; of what is larger
 * than inbox_max_bytes the header. Commits, some mails at a time. Adds to *sum. 0; 1 where it can't be read to its end (what could be, is
 * taken in); -1 for database trouble.
 */
int reading_file(struct lp_db *, int fd, const struct reading_how *, struct reading *sum, struct lp_err *);

/*
 * reading_texts(db, fd, name, how, sum, err): texts as JSON Lines {"account"|"to","from","id","text","name","at"}, from where fd stands to its end: phone_receive for each.
 * Commits, some lines at a time. how->refused gets the line's number. With how->account, and no line refused, the account's reading counts as done now.
 * As reading_file.
 */
int reading_texts(struct lp_db *, int fd, const char *name, const struct reading_how *, struct reading *sum, struct lp_err *);

#endif
