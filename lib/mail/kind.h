/*
 * kind.h - what a mail is before anybody reads what it says: a person's reply, or something that only looks like one.
 */
#ifndef LP_MAIL_KIND_H
#define LP_MAIL_KIND_H

#include <stdbool.h>
#include <stdint.h>

#include "mail/parse.h"

enum mail_kind {
	MAIL_REPLY,        /* a person wrote it, as far as can be told */
	MAIL_AUTO_REPLY,   /* an absence notice, an acknowledgement */
	MAIL_BOUNCE,       /* our message came back, or is late (bounce.h) */
	MAIL_COMPLAINT,    /* somebody called it spam (bounce.h) */
	MAIL_UNSUBSCRIBE,  /* the answer of a List-Unsubscribe link, or a person who asks for it (optout.h) */
	MAIL_OTHER         /* receipts, calendar answers, lists, newsletters, what machines send by themselves */
};

struct mail_kind_of {
	enum mail_kind kind;
	bool automatic;    /* never to be answered by a machine, whatever its kind (RFC 3834, 2): may be a person's mail all the same */
	char reason[120];  /* which header or words said so, "" for a plain reply */
	int64_t until;     /* auto_reply: the first day of being back, ms at 00:00 UTC; 0 none (absence.h) */
};

/*
 * mail_kind(m, reply_text, now, k): reply_text is mail_reply_text of what can be seen (reply.h, hidden.h).  In this order: complaint;
 * bounce; receipts; calendar answers (unless they ask not to be written to); the subject or address of a List-Unsubscribe link;
 * auto-replies, by header, by subject, by their words; lists, bulk mail and other machines; an opt-out in a person's words; a reply.
 *
 * Automatic is what has Auto-Submitted other than "no", a null return path, List-Id, Precedence bulk, list, junk or auto_reply,
 * X-Auto-Response-Suppress All or AutoReply, an auto-responder's header, or comes from a mailer-daemon, postmaster or noreply address; and
 * every kind but reply and unsubscribe.  A reply that came by way of a list is a reply. X-Auto-Response-Suppress alone makes no auto-reply:
 * people's Outlook sets it too.
 */
void mail_kind(const struct mail_in *, const char *reply_text, int64_t now, struct mail_kind_of *);

const char *mail_kind_name(enum mail_kind);   /* "reply", "auto_reply", "bounce", "complaint", "unsubscribe", "other" */

#endif
