/*
 * volume.h - what comes back of what we send, and what follows from it: for the address, for the person, for the account and those beside it.
 *
 * Whose fault a refusal is decides.  The address's: it is dead, suppressed, and counts as a hard bounce, whether it was refused at the door or came back
 * as a mail.  The person's: they said stop to somebody else, and it counts as said to us.  Ours: the lead is none the worse, and the account must hold, with
 * whatever else sends from its domain.  Nothing here commits: the callers hold the transaction that records the outcome.
 */
#ifndef LP_SENDER_VOLUME_H
#define LP_SENDER_VOLUME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "channel/channel.h"
#include "store/outbox.h"

#define VOLUME_DAYS 3 /* a message that nobody takes is tried for so long */

/*
 * volume_outcome(db, o, r, err): act on r->blame, before the outcome is recorded (outbox_record). *r may come back changed: what is our fault is deferred, whatever
 * the code, and what was deferred for VOLUME_DAYS by nobody's fault is refused. Also for a status that comes later (store/delivery.h). 0 or -1.
 */
int volume_outcome(struct lp_db *, const struct outbox *, struct channel_result *, struct lp_err *);

/* What was done, for the caller's log row and count. */
struct volume_done {
	int stopped;                    /* enrolments */
	struct buf text;                /* "; account sales stopped"; the caller frees */
};

/* volume_dead(db, o, person, why, done, err): the address that we mailed is dead: suppressed, what runs for the person ended, counted, the account's rates looked at.
 * `done` may be NULL. */
int volume_dead(struct lp_db *, const struct outbox *, int64_t person, const char *why, struct volume_done *, struct lp_err *);

/* volume_complained(db, o, done, err): its message was called spam: counted, the rates looked at. */
int volume_complained(struct lp_db *, const struct outbox *, struct volume_done *, struct lp_err *);

/* volume_ours(db, o, why, key, done, err): a server refuses what we send: the account stops, and every other that sends from its domain, with one notice (`key`: one
 * for one cause). */
int volume_ours(struct lp_db *, const struct outbox *, const char *why, const char *key, struct volume_done *, struct lp_err *);

/*
 * volume_rates(db, account, done, err): too much of what an account sent within rate_window came back (bounce_rate_max, complaint_rate_max, each over its floor): it
 * stops before the world stops listening to it, with a notice; at complaint_rate_warn a notice alone. 1 stopped now, 0, -1.
 */
int volume_rates(struct lp_db *, int64_t account, struct volume_done *, struct lp_err *);

/*
 * volume_start(db, account, force, reason, released, err): a person lets an account send again: what was held for its sake goes on (*released tasks more), and its
 * rates begin anew, unless it was active all the time. LP_NOPERM where
 * it was stopped for complaints less than a week ago, or their rate isn't down yet, unless `force` with a reason, which is logged. 1; 0 it was active; -1.
 */
int volume_start(struct lp_db *, int64_t account, bool force, const char *reason, int *released, struct lp_err *);

#endif
