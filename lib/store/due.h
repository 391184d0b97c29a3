/*
 * due.h - what `lp-enqueue due` looks for, found by index: a tick with nothing to do reads a handful of rows.  Nothing here commits.
 */
#ifndef LP_STORE_DUE_H
#define LP_STORE_DUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/db.h"

struct due_message {
	int64_t message, task;          /* task 0: it has none yet */
	int64_t account, campaign, enrolment, lead, from; /* from: not before this instant */
	int version, step;
};
/* due_messages: planned, their delay over, enrolment and campaign running, lead active; follow-ups first, then by age. The caller frees. */
int due_messages(struct lp_db *, size_t limit, struct due_message **, size_t *n, struct lp_err *);
/* due_missed(db, before, ...): of tasks that are due, messages without a sending time or with one before `before`. */
int due_missed(struct lp_db *, int64_t before, size_t limit, struct due_message **, size_t *n, struct lp_err *);
/* due_inboxes(db, before, ...): accounts with an inbox not tried since `before`, also stopped ones: reading goes on whatever happens. The caller frees. */
int due_inboxes(struct lp_db *, int64_t before, int64_t **, size_t *n, struct lp_err *);
/* due_told(db, key): was the notice with this dedupe key made? 1, 0, -1. */
int due_told(struct lp_db *, const char *key, struct lp_err *);

#endif
