/*
 * bounce.h - a message that came back, and why; and the complaint of somebody who called one spam.
 *
 * What these say was written by whoever sent them: who believes them looks first whether the message was ours.
 */
#ifndef LP_MAIL_BOUNCE_H
#define LP_MAIL_BOUNCE_H

#include <stdbool.h>
#include <stddef.h>

#include "mail/parse.h"

#define BOUNCE_RCPT_MAX 100

struct mail_bounce_rcpt {
	char *address;         /* as we wrote it where the report tells (Original-Recipient), else where it ended; lower case; NULL */
	char *status;          /* "5.1.1" (RFC 3463); NULL where nobody says */
	char *action;          /* "failed", "delayed" */
	char *diagnostic;      /* what the far side said, one line, at most 500 bytes; NULL */
	bool hard, ours;
};

struct mail_bounce {
	/* of all recipients together: hard, the address is dead; ours, it is the sender that isn't wanted (authentication, reputation,
	 * policy, rate: 5.7.515, 5.7.26, 5.7.1, 4.7.32 ...), and the address is none the worse. Neither: try again later. */
	bool hard, ours;
	bool delayed;          /* a warning that it takes longer: nothing has come back yet */
	struct mail_bounce_rcpt *rcpt; /* without those that were delivered */
	size_t n;
	char *message_id;      /* of the returned message, no brackets; NULL */
};

/*
 * mail_bounce(m, b): 1 where it is a bounce or a warning of delay, 0 where not (b is then empty). A report of RFC 3464 and 6533 (a
 * receipt that it was delivered is none), else the plain words of qmail, Exim, Postfix, Exchange, Gmail, Yahoo, GMX, Notes and their like,
 * taken from mailer-daemons only. mail_bounce_clear frees.
 */
int mail_bounce(const struct mail_in *, struct mail_bounce *);
void mail_bounce_clear(struct mail_bounce *);

/*
 * mail_refusal(code, text, r): the same judgement of what a server says to our face: an SMTP code (4xx, 5xx) and the words behind it. r->status, hard
 * and ours are filled; the caller frees r->status. What is temporary is never hard.
 */
void mail_refusal(int code, const char *text, struct mail_bounce_rcpt *);

struct mail_complaint {
	char *type;            /* "abuse", "fraud", "opt-out" ..., lower case; never NULL */
	char *address;         /* who complains, lower case; NULL where it was taken out */
	char *message_id;      /* of the message complained of; NULL */
};

/* mail_complaint(m, c): 1 where it is a complaint in the form of RFC 5965 or of Microsoft's programme, 0 where not: neither "not-spam" nor
 * a DMARC failure is one. mail_complaint_clear frees. */
int mail_complaint(const struct mail_in *, struct mail_complaint *);
void mail_complaint_clear(struct mail_complaint *);

#endif
