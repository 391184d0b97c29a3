/*
 * notify.h - what people should be told: rows of `notifications`, shown by lp-report and lp-inbox until they are read, and told by mail
 * (agent/notices.h).  Nothing here commits.
 */
#ifndef LP_STORE_NOTIFY_H
#define LP_STORE_NOTIFY_H

#include <stddef.h>
#include <stdint.h>

#include "store/db.h"

struct notice {
	const char *type;               /* approval_needed, approval_expiring, escalation, error, reply, report, … */
	const char *title, *message;
	const char *command;            /* what to type, or NULL */
	int64_t task, lead;
	const char *dedupe;             /* one notice for one cause; NULL for none */
};
/* notify_add: 0 (also where the cause was told already), -1. */
int notify_add(struct lp_db *, const struct notice *, struct lp_err *);
/* notify_retitle(db, dedupe, type, title, err): more is known of its cause. Nothing where it was told or read already. 0 or -1. */
int notify_retitle(struct lp_db *, const char *dedupe, const char *type, const char *title, struct lp_err *);

/* A row to look at. Strings are owned. */
struct notice_row {
	int64_t seq, lead, task;        /* 0 for none */
	char type[24];
	char *title, *message, *command; /* command NULL for none */
	char created_at[LP_ISO_SIZE];
};
void notify_free(struct notice_row *, size_t n);
/* notify_unread(db, limit, &rows, &n, err): not read yet, the newest first. 0, -1. */
int notify_unread(struct lp_db *, int64_t limit, struct notice_row **, size_t *n, struct lp_err *);
/* notify_read(db, seq, err): somebody knows of it: 1, 0 it was read before, -1 (LP_NO: no such notice). notify_read_all: how many. notify_read_about: that of
 * one cause, by its dedupe key: how many. */
int notify_read(struct lp_db *, int64_t seq, struct lp_err *);
int notify_read_all(struct lp_db *, struct lp_err *);
int notify_read_about(struct lp_db *, const char *dedupe, struct lp_err *);

/*
 * By mail.  Told of are those of the last NOTIFY_DAYS days that nobody read and that ask for somebody: not what only goes on record (an absence, an
 * opt-out, a bounce, a judged reply that isn't positive), and not what notify_on_positive_reply, notify_on_meeting_booked or notify_on_error switch off.
 */
#define NOTIFY_DAYS 7
/* notify_due(db, err): 1 where there is a notify_maildir, something to tell, and notify_interval over since the last mail (or a mail that was
 * begun with isn't written); 0; -1.  A look into an index where there is nothing. */
int notify_due(struct lp_db *, struct lp_err *);
/* notify_digest(db, &digest, &at, err): what the next mail tells of: the one begun with, else all that is to be told, as one from now on; and when (ms) the
 * first of it was added, which together name the mail for ever. 1, 0 nothing, -1. */
int notify_digest(struct lp_db *, int64_t *digest, int64_t *at, struct lp_err *);
/* notify_of_digest(db, digest, &rows, &n, err): its rows that nobody read since, the most urgent first. 0, -1. */
int notify_of_digest(struct lp_db *, int64_t digest, struct notice_row **, size_t *n, struct lp_err *);
/* notify_told(db, digest, err): the mail is written. */
int notify_told(struct lp_db *, int64_t digest, struct lp_err *);

#endif
