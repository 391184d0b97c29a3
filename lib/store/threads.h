/*
 * threads.h - whose conversation it is.
 */
#ifndef LP_STORE_THREADS_H
#define LP_STORE_THREADS_H

#include "store/db.h"

/* thread_is_persons(db, thread, &why, err): 1 where a person has it (why may be NULL; the caller frees), 0, -1. */
int thread_is_persons(struct lp_db *, int64_t thread, char **why, struct lp_err *);

#endif
