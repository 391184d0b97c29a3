/*
 * standing.h - where the agent stands: running or not, and how much of what is allowed was used.
 */
#ifndef LP_SHOW_STANDING_H
#define LP_SHOW_STANDING_H

#include <cjson/cJSON.h>

#include "store/db.h"

/*
 * standing(db, err): {"running", "why", "timezone", "day", "limits": [{"name", "used", "allowed"}], "accounts": [{"name", "status", "used", "allowed",
 * "inbox_read_at", "inbox_error"}]}: today in the agent's zone, an account's in its own.  The caller frees; NULL with err.
 */
cJSON *standing(struct lp_db *, struct lp_err *);
/* standing_today(db, &since, err): when today began in the agent's zone. */
int standing_today(struct lp_db *, int64_t *since, struct lp_err *);

#endif
