/*
 * report.h - what happened and where things stand, counted from the rows.
 */
#ifndef LP_STORE_REPORT_H
#define LP_STORE_REPORT_H

#include "store/db.h"

/* report_text(db, day, &text, err): a day ("2026-11-22", in the agent's zone) as plain text for people; the caller frees. 0 or -1. */
int report_text(struct lp_db *, const char *day, char **text, struct lp_err *);

#endif
