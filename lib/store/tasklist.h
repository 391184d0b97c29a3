/*
 * tasklist.h - tasks for people: lists, what is old, and the ticks of cron.
 */
#ifndef LP_STORE_TASKLIST_H
#define LP_STORE_TASKLIST_H

#include <cjson/cJSON.h>
#include <stdint.h>

#include "store/tasks.h"

struct task_filter {
	const char *status, *type;      /* NULL for any */
	int64_t lead, campaign;         /* 0 for any */
	int64_t since;                  /* created from then on; 0 for any */
	int64_t limit;
};
/* tasks_list: newest first, whole rows as task_json's. NULL on failure. */
cJSON *tasks_list(struct lp_db *, const struct task_filter *, struct lp_err *);
/* tasks_prune(db, before, err): delete completed and cancelled tasks that ended before then, with their decisions and verdicts; the log
 * keeps their story. Returns how many. Does not commit. */
int tasks_prune(struct lp_db *, int64_t before, struct lp_err *);

/* A tick of cron: begin gives its seq; end records the worst exit status. Neither commits. */
int tick_begin(struct lp_db *, int64_t *seq, struct lp_err *);
int tick_end(struct lp_db *, int64_t seq, int status, int rounds, struct lp_err *);

#endif
