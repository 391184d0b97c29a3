/*
 * notify.h - what people should be told: rows of `notifications`, delivered later and shown by lp-report.  Nothing here commits.
 */
#ifndef LP_STORE_NOTIFY_H
#define LP_STORE_NOTIFY_H

#include "store/db.h"

struct notice {
	const char *type;               /* approval_needed, approval_expiring, escalation, error, reply, report, … */
	const char *title, *message;
	const char *command;            /* what to type, or NULL */
	int64_t task, lead;
	const char *dedupe;             /* one notice for one cause; NULL for none */
};
/* notify_add: 0 (also where the cause was told already), -1. */
int notify_add(struct lp_db *, const struct notice *, struct lp_err *);
/* notify_retitle(db, dedupe, type, title, err): more is known of its cause. Nothing where it was told or read already. 0 or -1. */
int notify_retitle(struct lp_db *, const char *dedupe, const char *type, const char *title, struct lp_err *);

#endif
