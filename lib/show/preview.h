/*
 * preview.h - what a campaign would send, before anything leaves: each message with its likely minute, account, variant, text, and what would
 * hold it.  Writes nothing.
 *
 * The times are those of the accounts' days as they are or will be stored, given out as plan.c gives them, as if every message left on
 * time and nobody answered; other campaigns' leads that haven't begun aren't counted in.  Rules are judged
 * as they are now, on what is known now: what counts mails or waits for a reply may say otherwise then.
 */
#ifndef LP_SHOW_PREVIEW_H
#define LP_SHOW_PREVIEW_H

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>

#include "store/db.h"

#define PREVIEW_DAYS 370 /* as far ahead as it looks */

/*
 * preview_run(db, campaign, lead, limit, fn, ctx, &total, err): `lead` 0 is all; `limit` 0 all. In the order of time: fn gets each message as
 * {"lead","email","name","step","steps","channel","account","variant","status","at","subject","body"|"brief","estimate","holds":[…]}: status preview,
 * or what the message's row says; without "at" where no time was found. The tree is the walk's. *total: how many there were in all. 0, -1.
 */
typedef void preview_fn(const cJSON *, void *ctx);
int preview_run(struct lp_db *, int64_t campaign, int64_t lead, size_t limit, preview_fn *, void *ctx, size_t *total, struct lp_err *);

/* preview_campaign_holds(db, campaign, err): what holds all of it: not approved, a draft, paused, stopped: an array of texts. NULL on failure. */
cJSON *preview_campaign_holds(struct lp_db *, int64_t campaign, struct lp_err *);

#endif
