/*
 * situation_rows.h - the situation of a task, from the rows (never from the line).
 */
#ifndef LP_RULES_SITUATION_ROWS_H
#define LP_RULES_SITUATION_ROWS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/messages.h"
#include "store/records.h"
#include "store/tasks.h"

/*
 * situation_of(db, t, d, m, now, zone, lead_time, err): what a rule sees of a task at `now` (ms), as situation.h documents it.  d NULL or of seq 0: nothing
 * is decided yet, so no action and data.  m NULL or without a text: no draft.  `zone` is the schedule's.  time.lead_hour and
 * time.lead_weekday are worked out only where lead_time. The caller frees; NULL with err set.
 */
cJSON *situation_of(struct lp_db *, const struct task *, const struct decision *, const struct message *, int64_t now, const char *zone,
    bool lead_time, struct lp_err *);

/*
 * situation_planned(db, lead, campaign, now, zone, err): the same of a message that has no task and no row yet: lead, counts, campaign and time;
 * the caller adds what it knows. The caller frees.
 */
cJSON *situation_planned(struct lp_db *, int64_t lead, int64_t campaign, int64_t now, const char *zone, struct lp_err *);

/* situation_has(s): the SR_ bits of what is there. */
unsigned situation_has(const cJSON *);

#endif
