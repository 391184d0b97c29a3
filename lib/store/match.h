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
	int64_t lead, campaign, thread, message, enrolment; /* message: of ours, that it is about; 0 where there is none, likewise the others */
	int64_t person;                 /* the lead's */
	int64_t sender;                 /* the person known by the sender's address: may be another one; 0 for nobody */
	bool alias;                     /* nobody is known by it, and it is the lead's person who writes */
	const char *by;                 /* a word of match_words; NULL: nobody's we know */
	bool ambiguous;                 /* several could be meant: lead is 0, and persons are all that could */
	int64_t *persons;
	size_t npersons;
};
void inbox_match_clear(struct inbox_match *);

/* What a bounce or a complaint says of the mail that it is about. */
struct match_returned {
	const char *message_id;         /* of the returned mail, without brackets; NULL */
	const char *const *addresses;   /* that it says it was sent to */
	size_t n;
};

/*
 * match_mail(db, mail, returned, m, err): 0, also where it is nobody's; -1.  inbox_match_clear frees, also after a failure.
 *
 *	in_reply_to, references   the Message-ID of a message of ours
 *	thread                    of a mail that came in, and is somebody's
 *	original                  of ours, in the header of a mail that it returns
 *	tag                       our tag in the address that it came to, or behind "unsubscribe" in its subject
 *	recipient                 an address that we mailed, named by what came back
 *	address                   the sender is known
 *	company                   nobody knows the sender, but at the domain is one person to whom that subject was sent
 *
 * The first that fits, in this order; `returned` (not NULL: it is a report) rules the last two out, and only it allows "recipient".
 */
int match_mail(struct lp_db *, const struct mail_in *, const struct match_returned *, struct inbox_match *, struct lp_err *);

/* match_to(db, mail, m, err): a mail of one of us: to whom it is (by "sent_to"), where match_mail found nobody. 1, 0, -1. */
int match_to(struct lp_db *, const struct mail_in *, struct inbox_match *, struct lp_err *);

/* match_names_ours(m): does it name a message of ours in a way that only whoever saw it can?  Then that message arrived. */
bool match_names_ours(const struct inbox_match *);

/* match_own(db, mail, &copy, err): 1 where it is from an address of an account of ours; *copy where it is a copy of what LeadPilot sent
 * from there. 0, -1. */
int match_own(struct lp_db *, const struct mail_in *, bool *copy, struct lp_err *);

/* match_account(db, mail, &account, err): by whose inbox it came, by the addresses that it is to, else (a copy of what one of us sent) from:
 * 1, 0 none of ours, -1. */
int match_account(struct lp_db *, const struct mail_in *, int64_t *account, struct lp_err *);

/* match_from(mail): the sender's address, or NULL. */
const char *match_from(const struct mail_in *);

/*
 * match_tag_make(db, message, out, err): a tag for a subject, a plus address or an envelope sender: "m88." and a hash of the message's id with the file's salt, which
 * only this file could have made: ada+m88.0123456789abcdef@acme.example. 0; -1 (LP_DATA: no such message).
 */
#define MATCH_TAG_SIZE 40
int match_tag_make(struct lp_db *, int64_t message, char out[MATCH_TAG_SIZE], struct lp_err *);

#endif
