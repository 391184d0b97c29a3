/*
 * notices.h - notices to people, as mail into the Maildir that notify_maildir names: one for all that is new, not one for each.
 */
#ifndef LP_AGENT_NOTICES_H
#define LP_AGENT_NOTICES_H

#include "base/mem.h"
#include "store/notify.h"

/*
 * notices_send(db, err): tell what is due (notify_due), committing: how many notices the mail told of; 0 none was due; -1: it couldn't be told, and will be
 * tried again next time (LP_CONFIG, LP_TEMP), or database trouble.  A crash at any point, and two at a time, leave one mail.
 */
int notices_send(struct lp_db *, struct lp_err *);

/* notices_text(out, rows, n, file): the body of such a mail, about the database `file`. notices_subject: its subject; the caller frees. */
void notices_text(struct buf *, const struct notice_row *, size_t n, const char *file);
char *notices_subject(const struct notice_row *, size_t n);

#endif
