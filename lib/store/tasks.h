/*
 * tasks.h - the queue: agent_tasks and the runs that lease them.
 *
 * A stage may write for a task only while task_mine() says 1 in the same transaction; else its error is lease_lost.
 * Nothing here commits.
 */
#ifndef LP_STORE_TASKS_H
#define LP_STORE_TASKS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

#define TASK_SILENT (5 * LP_MINUTE)     /* a run silent for longer is dead (real clock) */
#define TASK_MAX_CRASHES 4
#define TASK_MAX_DEPTH 8

struct task {
	int64_t seq;
	char id[LP_UUID_SIZE];
	char type[24];
	char status[20];
	int64_t campaign, lead, person, message, inbox, account, enrolment;     /* 0 for none */
	int priority, depth, tries, retry_count, max_retries, crashes;
	bool requires_approval;
	char lease[LP_UUID_SIZE];       /* "" while not running */
	int64_t scheduled_for, created_at;
	char outcome[12];               /* "", or what ended it, or what an inner stage put there */
	char *input;                    /* JSON object text; task_clear frees it */
};
void task_clear(struct task *);

/* task_get(db, seq, t, err): 1, 0 no such task, -1. */
int task_get(struct lp_db *, int64_t seq, struct task *, struct lp_err *);
/* task_find(db, text, &seq, err): a handle (t12) or a UUID: 1, 0, -1. */
int task_find(struct lp_db *, const char *, int64_t *seq, struct lp_err *);
/* task_mine(db, seq, lease, t, err): 1 where the task is running under this lease (*t filled), 0 where not, -1. */
int task_mine(struct lp_db *, int64_t seq, const char *lease, struct task *, struct lp_err *);

struct task_new {
	const char *type;
	int priority, depth;
	int64_t campaign, lead, message, inbox, account, enrolment;
	int64_t at;                     /* ms; 0 is now */
	const char *dedupe;             /* unique over live tasks; NULL for none */
	const char *input;              /* JSON object text; NULL is {} */
	int max_retries;                /* 0 is the default, 3 */
	const char *why;                /* for the log row; NULL: "task added" */
};
/* task_add(db, new, &seq, err): 1 added, with its log row; 0 a live task has the key already (*seq is that one's); -1.
 * LP_DATA: unknown type, no such lead/campaign/…, depth over TASK_MAX_DEPTH. The person is the lead's. */
int task_add(struct lp_db *, const struct task_new *, int64_t *seq, struct lp_err *);
bool task_type_ok(const char *);
/* task_types_ok(list): is it what tasks_claim takes: names with commas between, after an optional '!'? */
bool task_types_ok(const char *);
extern const char *const task_types[];  /* NULL-terminated */

/* task_schedule(db, seq, at, err): the one place that sets scheduled_for, and ready with it. */
int task_schedule(struct lp_db *, int64_t seq, int64_t at, struct lp_err *);

/*
 * tasks_claim(db, lease, type, limit, seqs, &n, err): make due tasks ready, take over what dead runs left, and lease up to `limit`
 * (by priority, then age; one a person; a task whose stage crashed alone and last). `type` NULL is any; "T,U" these; "!T,U" all but these.
 */
int tasks_claim(struct lp_db *, const char *lease, const char *type, size_t limit, int64_t *seqs, size_t *n, struct lp_err *);
/* tasks_due(db, err): 1 where a claim would find something, 0, -1. *next, where not NULL: when the next pending task is due, 0 for none. */
int tasks_due(struct lp_db *, int64_t *next, struct lp_err *);

/* run_start(db, lease, err): a run under this lease (a fresh UUID), alive from now on. */
int run_start(struct lp_db *, const char *lease, struct lp_err *);
/* run_beat(db, lease, err): the run is alive; at most one write every 10 s, on the real clock. */
int run_beat(struct lp_db *, const char *lease, struct lp_err *);

/* Ends. All demand the task running under `t->lease`, write a log row, and return -1 also where that is no longer so (LP_TEMP). */
int task_complete(struct lp_db *, const struct task *, const char *outcome, const char *why, struct lp_err *); /* done skipped blocked escalated */
int task_fail(struct lp_db *, const struct task *, const char *outcome, const char *why, struct lp_err *);     /* error crashed */
/* task_retry: pending again with retry_count + 1, after retry_after seconds or the jittered back-off; failed, with a notice, once
 * max_retries retries were made. */
int task_retry(struct lp_db *, const struct task *, const char *why, int64_t retry_after, struct lp_err *);
int task_delay(struct lp_db *, const struct task *, int64_t until, const char *why, struct lp_err *);          /* no retry is counted; never before a minute from now */
int task_hold(struct lp_db *, const struct task *, const char *kind, const char *why, struct lp_err *);        /* approval or mend */
/* task_output(db, t, outcome, output, err): a stage that did an inner task says so on the row; settle completes by it. */
int task_output(struct lp_db *, const struct task *, const char *outcome, const char *output_json, struct lp_err *);

/* task_message(db, t, message, err): what this task sends: the row that an inner stage planned for it. One that it has already is an error (LP_BUG). */
int task_message(struct lp_db *, struct task *, int64_t message, struct lp_err *);

/* From outside a run. task_cancel: pending, awaiting or failed → cancelled, its open approval superseded; 0 where its state doesn't allow it. */
int task_cancel(struct lp_db *, int64_t seq, const char *outcome, const char *why, struct lp_err *);            /* rejected expired superseded by_hand */
/* task_release: awaiting_approval or failed → pending at `at`; approved_by NULL keeps who approved. 0 where its state doesn't allow it. */
int task_release(struct lp_db *, int64_t seq, int64_t at, const char *approved_by, const char *why, struct lp_err *);
/* task_reopen: cancelled, or completed without an effect (blocked, skipped, escalated) → pending now. 0 where its state doesn't allow it, its message
 * left, or a live task has its key. */
int task_reopen(struct lp_db *, int64_t seq, const char *why, struct lp_err *);

/* The row as an envelope's "task" member, and as -j prints it. */
cJSON *task_json(struct lp_db *, int64_t seq, bool whole, struct lp_err *);

#endif
