/*
 * match.h - whose a mail is that came in.  Reads only.
 */
#ifndef LP_STORE_MATCH_H
#define LP_STORE_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/parse.h"
#include "store/db.h"

struct inbox_match {
	int64_t lead, campaign, thread, message, enrolment; /* message: of ours, that it answers; 0 where there is none, likewise the others */
	int64_t person;                 /* the lead's */
	int64_t sender;                 /* the person known by the sender's address: may be another one; 0 for nobody */
	const char *by;                 /* in_reply_to, references, thread, address; NULL: nobody's we know */
	bool ambiguous;                 /* several could be meant: lead is 0, and persons are all that could */
	int64_t *persons;
	size_t npersons;
};
void inbox_match_clear(struct inbox_match *);

/*
 * match_mail(db, mail, m, err): 0, also where it is nobody's; -1.  By In-Reply-To and References to a message of ours, else to a mail of the
 * same thread that came in; else by the sender's address.  inbox_match_clear frees, also after a failure.
 */
int match_mail(struct lp_db *, const struct mail_in *, struct inbox_match *, struct lp_err *);

/* match_names_ours(m): does it answer a message of ours by name?  Then that message arrived. */
bool match_names_ours(const struct inbox_match *);

/* match_own(db, mail, &copy, err): 1 where it is from an address of an account of ours; *copy where it is a copy of what LeadPilot sent
 * from there. 0, -1. */
int match_own(struct lp_db *, const struct mail_in *, bool *copy, struct lp_err *);

/* match_from(mail): the sender's address, or NULL. */
const char *match_from(const struct mail_in *);

#endif
