/*
 * threads.h - conversations, and whose they are.  Nothing here commits; a change of owner writes its log row.
 */
#ifndef LP_STORE_THREADS_H
#define LP_STORE_THREADS_H

#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

struct thread {
	int64_t seq, lead, account;
	char channel[12];
	bool persons;                   /* a person of ours has it: nothing automatic */
	char *reason;                   /* why; NULL */
	int auto_turns;                 /* automatic answers since a person of ours had a part in it */
	int64_t answered_at;            /* ms, when the last automatic answer was reserved; 0: never */
};
/* thread_get: 1, 0, -1; thread_clear frees. */
int thread_get(struct lp_db *, int64_t seq, struct thread *, struct lp_err *);
void thread_clear(struct thread *);

/* thread_is_persons(db, thread, &why, err): 1 where a person has it (why may be NULL; the caller frees), 0, -1. */
int thread_is_persons(struct lp_db *, int64_t thread, char **why, struct lp_err *);

/* thread_take(db, thread, why, err): it is a person's from now on; what runs for the lead is the caller's to stop (store/stops.h).
 * thread_give(db, thread, why, err): the agent's again, and automatic answers are counted anew; why may be NULL.
 * 1, 0 it was so already (or there is no such thread), -1. */
int thread_take(struct lp_db *, int64_t thread, const char *why, struct lp_err *);
int thread_give(struct lp_db *, int64_t thread, const char *why, struct lp_err *);

/* thread_newer_reply(db, thread, inbox, &newer, err): 1 where a person replied in it after that mail came in, 0, -1. */
int thread_newer_reply(struct lp_db *, int64_t thread, int64_t inbox, int64_t *newer, struct lp_err *);

/* thread_answered(db, thread, at, err): an automatic answer was reserved at `at`: one turn more. */
int thread_answered(struct lp_db *, int64_t thread, int64_t at, struct lp_err *);

#endif
