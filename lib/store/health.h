/*
 * health.h - what lp-doctor asks of the file.
 */
#ifndef LP_STORE_HEALTH_H
#define LP_STORE_HEALTH_H

#include <stdint.h>

#include "store/db.h"

struct health {
	int64_t accounts, accounts_active;
	int64_t campaigns, running, running_unapproved; /* whose newest version nobody approved */
	int64_t drafts;
	int64_t leads, rules;
	int64_t tick_at;        /* ms; 0: none yet. When the last one began */
	int tick_status;        /* its exit status; -1 while it runs, or where it never ended */
	int64_t unknown;        /* messages of which it isn't known whether they left */
};

/* health_read(db, h, err): 0 or -1. */
int health_read(struct lp_db *, struct health *, struct lp_err *);

/* health_whole(db, &damage, err): SQLite's quick check: 1 sound, 0 not, and the first damage, which the caller frees. */
int health_whole(struct lp_db *, char **damage, struct lp_err *);

#endif
