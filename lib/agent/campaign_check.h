/*
 * campaign_check.h - is a campaign ready to run?  Judges, changes nothing.
 */
#ifndef LP_AGENT_CAMPAIGN_CHECK_H
#define LP_AGENT_CAMPAIGN_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

struct campaign_finding {
	bool error;             /* stops a start; else it holds single messages, or is worth knowing */
	bool note;              /* worth knowing, and no more: what it costs */
	int64_t lead;           /* 0: about the campaign as a whole */
	const char *text;       /* one line, what is wrong and what to do */
};
typedef void campaign_finding_fn(const struct campaign_finding *, void *ctx);

/*
 * campaign_check(db, campaign, leads, fn, ctx, err): accounts for each step; merge fields that no lead has, with the nearest that there is; and, with
 * `leads`, each enrolled lead whose texts can't be filled, as they would be sent.  How many errors there were, or -1.
 */
int campaign_check(struct lp_db *, int64_t campaign, bool leads, campaign_finding_fn *, void *ctx, struct lp_err *);

/*
 * campaign_approved(db, campaign, err): 1 where its newest version may run as far as approvals go: it is approved, or the configuration asks for
 * none; 0, -1.
 */
int campaign_approved(struct lp_db *, int64_t campaign, struct lp_err *);

/*
 * campaign_start(db, campaign, why, fn, ctx, err): check it (fn gets what was found), give accounts to leads that have none, let it run. The caller
 * holds a transaction. 1 started, 0 it ran, -1: LP_CONFIG where the check found errors, LP_NOPERM where it isn't approved; err says what to do.
 */
int campaign_start(struct lp_db *, int64_t campaign, const char *why, campaign_finding_fn *, void *ctx, struct lp_err *);

#endif
