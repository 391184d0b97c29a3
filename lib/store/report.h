/*
 * report.h - what happened and where things stand, counted from the rows.  Every function gives JSON (the caller frees; NULL with err) as
 * `lp-report -j` prints it.
 */
#ifndef LP_STORE_REPORT_H
#define LP_STORE_REPORT_H

#include <cjson/cJSON.h>
#include <stdint.h>

#include "store/db.h"

/* report_text(db, day, &text, err): a day ("2026-11-22", in the agent's zone) as plain text for people; the caller frees. 0 or -1. */
int report_text(struct lp_db *, const char *day, char **text, struct lp_err *);

cJSON *report_tick(struct lp_db *, struct lp_err *);        /* the last: started_at, ended_at, status, rounds; {} where there was none */
cJSON *report_queue(struct lp_db *, struct lp_err *);       /* [{status, hold, tasks}] */
cJSON *report_campaigns(struct lp_db *, struct lp_err *);   /* [{id, name, status, version, waiting, active, ended, sent}] */
cJSON *report_rules(struct lp_db *, struct lp_err *);       /* [{id, name, rule_type, is_enabled, times_triggered, last_triggered_at}] */
cJSON *report_notices(struct lp_db *, int limit, struct lp_err *); /* not read yet, newest first */

/* report_recent: the last rows of the log that tell of a lead, of a person's hand or of trouble, oldest first: not the machine's own comings and goings. */
cJSON *report_recent(struct lp_db *, int limit, struct lp_err *);
/* report_cost(db, since, &cost, err): what models cost since then, with what is reserved for them, in units of the price list. 0 or -1. */
int report_cost(struct lp_db *, int64_t since, double *cost, struct lp_err *);

/*
 * report_models(db, since, err): what models were asked since then: {"cost", "calls", "failed", "open", "from_record", "tokens_in", "tokens_cached", "tokens_out",
 * "rows": [the same with "purpose" and "brain", and "latency_ms", the dearest first]}. What is open counts at its worst case; what failed may have cost.
 */
cJSON *report_models(struct lp_db *, int64_t since, struct lp_err *);

/*
 * report_held(db, since, err): what was due and did not go, and why: [{count, state, reason, example, next_at, command}], most first.  State: approval,
 * mend (a person); stopped (agent, campaign, sequence, lead, account), retried, delayed, waiting, planned (a message without a sending time), running,
 * enrolled (not begun with), failed; or what a message came to since then (blocked, skipped, rejected, expired, superseded, refused) or ever
 * (unknown).  Reasons that differ in numbers alone count as one.  report_went: how many messages were sent since then.
 */
cJSON *report_held(struct lp_db *, int64_t since, struct lp_err *);
int report_went(struct lp_db *, int64_t since, int64_t *n, struct lp_err *);

/* report_funnel(db, campaign, err): [{campaign, enrolled, stopped, replied, steps: [{step, variant, planned, sent, replied}]}]; campaign 0 is all. */
cJSON *report_funnel(struct lp_db *, int64_t campaign, struct lp_err *);

#endif
