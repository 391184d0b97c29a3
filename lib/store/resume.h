/*
 * resume.h - what a reply had stopped goes on: it turned out to be no answer (an absence notice), or it was decided so.  Nothing here commits.
 */
#ifndef LP_STORE_RESUME_H
#define LP_STORE_RESUME_H

#include <stdint.h>

#include "store/db.h"

/*
 * resume_after(db, inbox, until, err): undo just what that mail stopped, known by the reason on the rows, which ends in its handle: its person's leads
 * are active again, their enrolments paused until then (ms; 0: active at once), and their messages planned. What was ended for another reason stays
 * ended. Returns how many enrolments go on, or -1. Logged.
 */
int resume_after(struct lp_db *, int64_t inbox, int64_t until, struct lp_err *);

#endif
