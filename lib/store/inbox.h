/*
 * inbox.h - what came in: each mail is one row, once; whose it is; and what it ends.
 *
 * Nothing here commits: the row, the match, the stops, the suppression and the log stand or fall together.
 */
#ifndef LP_STORE_INBOX_H
#define LP_STORE_INBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/parse.h"
#include "store/db.h"

struct inbox_new {
	int64_t account, task;          /* by whose inbox, in which task; 0 for none */
	const struct mail_in *mail;
	const char *file;               /* where it lies; may be NULL */
	size_t size;                    /* bytes; 0 where not known */
};

struct inbox_result {
	int64_t seq;                    /* inbox_messages.seq, also of one that was known */
	int64_t lead, thread;           /* 0 where unmatched */
	bool suppressed;                /* it was an opt-out */
	int stopped;                    /* enrolments that it ended */
};

/*
 * inbox_put(db, new, result, err): 1 recorded and acted on, 0 it was on record already (nothing is done), -1.
 *
 * Matched by In-Reply-To and References to a message of ours, else to a mail of the same thread that came in; else by the sender's address.
 * Whatever comes from a lead, or in a lead's thread, ends the enrolments of that person (and of the sender, where that is another one;
 * and of the company, with stop_on_colleague), supersedes their open tasks, approvals and unsent messages, and opens a notification.
 * "stop", "unsubscribe" and their like suppress the sender and the lead's person on every channel. A mail from one of our own
 * addresses that isn't LeadPilot's makes the thread a person's.
 */
int inbox_put(struct lp_db *, const struct inbox_new *, struct inbox_result *, struct lp_err *);

/*
 * inbox_stop_person(db, person, why, err): end what runs for a human being: enrolments stopped, unsent messages, open tasks and approvals
 * superseded. Returns how many enrolments ended, or -1.
 */
int inbox_stop_person(struct lp_db *, int64_t person, const char *why, struct lp_err *);

/* inbox_rfc_id(db, seq, &id, err): its Message-ID, NULL where it has none; the caller frees. 0, -1. */
int inbox_rfc_id(struct lp_db *, int64_t seq, char **id, struct lp_err *);

#endif
