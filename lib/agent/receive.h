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

#endif
