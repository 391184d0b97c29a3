/*
 * stage.h - a filter of the pipeline: one line in, one line out.
 *
 * stage_main() reads the lines that are there, hands each to `item` inside one transaction, commits once, and prints them.  A line
 * that `item` leaves alone is printed byte for byte as it came.  A malformed line is reported with its number and the status becomes 65.
 */
#ifndef LP_AGENT_STAGE_H
#define LP_AGENT_STAGE_H

#include <cjson/cJSON.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/tasks.h"

struct env {
	cJSON *json;                    /* the line, parsed */
	int64_t task;                   /* seq of task.id; 0 where the line names none */
	const char *lease;              /* task.lease, or "" */
	const char *type;               /* task.task_type, or "" */
	bool has_error;                 /* an earlier stage failed it: pass it on */
	bool changed;                   /* print json instead of the bytes read */
	bool undo;                      /* roll back what this item wrote (set by env_error) */
	int waiting;                    /* questions that `after` will answer */
	bool printed;
	char *raw;                      /* the line as it was read */
	size_t len;
};

struct stage {
	struct lp_db *db;
	void *ctx;
	/* item(stage, env, err): 0; -1 only for database or system trouble, which ends the stage. A task's own trouble is env_error(). */
	int (*item)(struct stage *, struct env *, struct lp_err *);
	size_t burst;                   /* most lines a transaction; 0 is 256 */
	bool alone;                     /* item does its own transactions, one line at a time (lp-send, lp-read) */
	/* after(stage, err): called once after each burst's commit, before anything of it is printed: what takes long, such as asking a model. It commits
	 * by itself. May be NULL. 0, or -1 for what ends the stage. */
	int (*after)(struct stage *, struct lp_err *);
	bool unordered;                 /* lines are printed as they are done, not in the order in which they came */
	volatile sig_atomic_t *stop;    /* becomes true: no more is read; may be NULL */
	/* done(stage, env, err): called for each line after the commit, before it is printed; may be NULL. */
	int (*done)(struct stage *, struct env *, struct lp_err *);
};

/* stage_main(stage, input): standard input (or an open fd) to the end. Returns the exit status: 0, 65, or a fatal kind (message printed). */
int stage_main(struct stage *, int fd);

/* stage_task(stage, env, t, err): the task, where it runs under the line's lease: 1 (beats its run); 0, with the error lease_lost
 * in the envelope; -1. Call it first; `task_clear` after. */
int stage_task(struct stage *, struct env *, struct task *, struct lp_err *);

/* stage_print(stage, env, err): this line is done: print it, once. For `after` of an unordered stage, once its rows are committed. 0, -1. */
int stage_print(struct stage *, struct env *, struct lp_err *);

/* A task's own trouble, in its envelope: {"code","message","retryable","retry_after"}; what the item wrote is undone. Returns 0. */
int env_error(struct env *, const char *code, const char *message, bool retryable, int64_t retry_after_s);
void env_set(struct env *, const char *member, cJSON *value);   /* takes value over; marks the line changed */

#endif
