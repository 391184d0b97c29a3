/*
 * receive.h - a mail that came in: put on record, matched, and what it ends.
 *
 * Nothing here commits: the row, the match, the stops, the suppression and the log stand or fall together.
 */
#ifndef LP_AGENT_RECEIVE_H
#define LP_AGENT_RECEIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "store/inbox.h"

struct inbox_result {
	int64_t seq;                    /* inbox_messages.seq, also of one that was known */
	int64_t lead, thread;           /* 0 where unmatched */
	bool suppressed;                /* it was an opt-out, or a complaint */
	int stopped;                    /* enrolments that it ended */
};

/*
 * receive_mail(db, new, result, err): 1 recorded and acted on, 0 it was on record already (nothing is done), -1.
 *
 * Whatever comes from a lead, or in a lead's thread, ends the enrolments of that person (and of the sender, where that is another one;
 * and of the company, with stop_on_colleague), supersedes their open tasks, approvals and unsent messages, and opens a notification.
 * A calendar's answer to an invitation of ours (agent/booking.h) is taken in as that, and is nothing to be judged.
 * "stop", "unsubscribe" and their like suppress the sender and the lead's person on every channel. A mail from one of our own
 * addresses that isn't LeadPilot's makes the thread a person's.
 */
int receive_mail(struct lp_db *, const struct inbox_new *, struct inbox_result *, struct lp_err *);

/* receive_opt_out(db, from, sender, lead, err): whoever wrote (an address or a number; NULL) asked not to be written to: they, the person known by it (0 for none) and the
 * lead (NULL for none) are suppressed, on every channel. 0 or -1. */
struct lead_row;
int receive_opt_out(struct lp_db *, const char *from, int64_t sender, const struct lead_row *, struct lp_err *);

/* A text that came in by WhatsApp or SMS. */
struct phone_text {
	int64_t account, task;          /* by whose number; 0 for no task */
	const char *from;               /* "+4915112345678", "whatsapp:+4915…"; of WhatsApp also without the + */
	const char *id;                 /* the service's name for it: each is taken in once */
	const char *text;               /* valid UTF-8 */
	const char *name;               /* as they call themselves; NULL */
	int64_t at;                     /* ms, by the service's clock; 0 not known */
};

/*
 * phone_receive(db, text, result, err): as receive_mail: 1 recorded and acted on, 0 on record already, -1; LP_DATA: an account that carries no texts, no number,
 * no id. "STOP" and its like, also inside a sentence (mail/optout.h), suppress the person on every channel; everything else is judged as a reply by mail is.
 */
int phone_receive(struct lp_db *, const struct phone_text *, struct inbox_result *, struct lp_err *);

#endif
