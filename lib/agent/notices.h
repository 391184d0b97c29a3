/*
 * notices.h - notices to people: one for all that is new, not one for each, by each transport that is configured: as mail into the Maildir that notify_maildir
 * names, as mail by the server of notify_account, as a text to Slack.
 */
#ifndef LP_AGENT_NOTICES_H
#define LP_AGENT_NOTICES_H

#include "base/mem.h"
#include "store/notify.h"

/*
 * notices_send(db, &n, err): tell what is due (notify_due), committing; *n is how many notices somebody was told of for the first time. 0; -1: a transport
 * couldn't tell, and tries again (LP_CONFIG, LP_TEMP; the others did what they could), or database trouble.  To configured addresses alone, whatever the
 * hours, the limits and the state of the agent or of the account are.  A crash at any point, and two at a time, tell nothing twice.
 */
int notices_send(struct lp_db *, int *n, struct lp_err *);

/* notices_text(out, rows, n, file): the body of such a mail, about the database `file`. notices_subject: its subject; the caller frees. */
void notices_text(struct buf *, const struct notice_row *, size_t n, const char *file);
char *notices_subject(const struct notice_row *, size_t n);

/* notices_line(s, most): as much of it as fits, cut between characters, on one line, harmless to a terminal; the caller frees. */
char *notices_line(const char *, size_t most);

#endif
