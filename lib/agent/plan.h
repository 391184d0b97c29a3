/*
 * plan.h - what is due: `lp-enqueue due`.  Run twice it adds nothing twice: every task that it makes has a dedupe key, every sending
 * time is a row.
 */
#ifndef LP_AGENT_PLAN_H
#define LP_AGENT_PLAN_H

#include <stdint.h>

#include "store/accounts.h"
#include "store/config.h"
#include "store/db.h"

struct plan_result {
	int inboxes, sequences, messages, moved, reports, expired, resumed; /* tasks made; sending times given anew; approvals expired; pauses over */
};

/*
 * plan_due(db, dry, r, err): in one transaction of its own (rolled back where `dry`): approvals that ran out; pauses that are over; inboxes to read; and, unless stopped: leads to start (as
 * many as a day may), messages whose delay is over (each takes the first free sending time of its account's day), those that
 * missed theirs, and the day's report.
 */
int plan_due(struct lp_db *, bool dry, struct plan_result *, struct lp_err *);

/*
 * plan_slots(db, config, account, day, &at, &n, err): the sending times of an account's day (days since 1970, its zone), as they are
 * stored or, on a day still to come, as they will be: the caller frees. Writes nothing.
 */
int plan_slots(struct lp_db *, const struct lp_config *, const struct account *, int64_t day, int64_t **at, size_t *n, struct lp_err *);

/* plan_capacity(a, day): what the account may send on that day, ramp included, answers too. */
int64_t plan_capacity(const struct account *, int64_t day);

#endif
