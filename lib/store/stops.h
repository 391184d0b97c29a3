/*
 * stops.h - ending what runs for human beings.  Nothing here commits; what ends is logged where it ends.
 */
#ifndef LP_STORE_STOPS_H
#define LP_STORE_STOPS_H

#include <stdint.h>

#include "store/db.h"

/*
 * stop_person(db, person, why, err): in all their leads and campaigns: enrolments stopped, unsent messages, open tasks and approvals superseded. What is on
 * the wire, or may be, keeps its state. Returns how many enrolments ended, or -1.
 */
int stop_person(struct lp_db *, int64_t person, const char *why, struct lp_err *);

/* stop_colleagues(db, lead, why, err): the others of the lead's company, where the configuration says that one answer speaks for all
 * (stop_on_colleague). Returns how many enrolments ended, or -1. */
int stop_colleagues(struct lp_db *, int64_t lead, const char *why, struct lp_err *);

/* stop_replied(db, person, why, err): their active leads have replied. */
int stop_replied(struct lp_db *, int64_t person, const char *why, struct lp_err *);

/* stop_answers(db, inbox, why, err): the open tasks that one mail led to, and their approvals and unsent messages, but for what
 * was written by hand: superseded. How many, or -1. */
int stop_answers(struct lp_db *, int64_t inbox, const char *why, struct lp_err *);

#endif
