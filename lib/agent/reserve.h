/*
 * reserve.h - the one door: the transaction in which a message is reserved for the wire, and in which everything that always holds is
 * looked at once more, on rows.  Whatever a stage before it printed, forgot or forged, this is what decides.
 */
#ifndef LP_AGENT_RESERVE_H
#define LP_AGENT_RESERVE_H

#include <stdbool.h>

#include "store/accounts.h"
#include "store/messages.h"
#include "store/outbox.h"
#include "store/records.h"

enum reserve {
	RESERVE_ERROR = -1,     /* database or system trouble: err */
	RESERVE_NO,             /* not now, or never: the verdict (stage send) is on record, and in *v */
	RESERVE_YES,            /* reserved: deliver *m once that is committed, then outbox_record */
	RESERVE_DONE,           /* it is in the outbox as sent, refused, unknown, or deferred for later: nothing to do (o tells) */
	RESERVE_LOOK,           /* reserved by a run that died: look whether it was delivered; if not, call again with `looked` */
	RESERVE_MISSING,        /* a stage before was left out: err->msg names it */
	RESERVE_LOST            /* the lease is somebody else's */
};

struct reserve_how {
	bool redo_is_safe;              /* the channel's: the same name twice is one message */
	bool reaches_past_loopback;     /* the channel's */
	bool looked;
};

/*
 * reserve_message(db, t, a, how, m, o, v, err): the caller holds the transaction, in which there may be others.  `a` is the account that is connected; it must be the message's.
 * In order: lease, outbox, decision, stop, lead, suppression, campaign, sequence, thread, earlier step, meeting, text and recipient, the
 * gate's verdict on exactly this content and rule set, the structured rules again, approval, account, what the law asks for, hours, sending time, inbox read
 * lately, limits.  *m, *o and *v are filled as far as they are known; the caller clears them.
 */
enum reserve reserve_message(struct lp_db *, const struct task *, const struct account *, const struct reserve_how *, struct message *,
    struct outbox *, struct verdict_row *, struct lp_err *);

#endif
