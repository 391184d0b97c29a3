/*
 * match_int.h - between the files of match; no other includes it.
 */
#ifndef LP_STORE_MATCH_INT_H
#define LP_STORE_MATCH_INT_H

#include "store/match.h"

/* match_fill(st, by, m): from the columns lead, campaign, thread, message, enrolment; ends the statement. */
void match_fill(sqlite3_stmt *, const char *by, struct inbox_match *);

/* match_tag(db, mail, m, err): by a tag in an address that it came to: 1, 0, -1. */
int match_tag(struct lp_db *, const struct mail_in *, struct inbox_match *, struct lp_err *);

/* match_company(db, mail, m, err): by the sender's company and the subject: 1, 0, -1. Several persons: 0 and m->ambiguous. */
int match_company(struct lp_db *, const struct mail_in *, struct inbox_match *, struct lp_err *);

/* match_alias(db, mail, m, err): is the sender, whom nobody knows by the address, the lead's person? Sets m->alias. */
int match_alias(struct lp_db *, const struct mail_in *, struct inbox_match *, struct lp_err *);

#endif
