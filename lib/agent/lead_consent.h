/*
 * lead_consent.h - what somebody agreed to, and that they are not to be written to, as a person types it.
 */
#ifndef LP_AGENT_LEAD_CONSENT_H
#define LP_AGENT_LEAD_CONSENT_H

#include <stdbool.h>

#include "store/db.h"

/*
 * lead_consent(db, words, withdraw, reason, err): LEAD channel=CHANNEL source=TEXT [given=DAY], given or, with `withdraw`, withdrawn (no channel: all
 * of them; `reason` may be NULL). The caller holds a transaction. 1 done; 0 it was so already; -1 with LP_USAGE for words that don't fit, LP_NO for an
 * unknown lead, LP_DATA.
 */
int lead_consent(struct lp_db *, char *const *words, bool withdraw, const char *reason, struct lp_err *);

/*
 * lead_suppress(db, who, lift, reason, err): a lead's handle stands for all addresses of that person, all else for itself: an address, a domain, a
 * number, a profile. `reason` may be NULL. How many were new (or were lifted), or -1 with LP_NO, LP_DATA. The caller holds a transaction.
 */
int lead_suppress(struct lp_db *, const char *who, bool lift, const char *reason, struct lp_err *);

#endif
