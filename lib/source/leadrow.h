/*
 * leadrow.h - between leadfile.c and leadrow.c: one row's cells, by a mapping, as a lead.  No other module includes it.
 */
#ifndef LP_SOURCE_LEADROW_H
#define LP_SOURCE_LEADROW_H

#include "source/leadfile.h"

/* leadrow_make(map, value, n, row, err): cells beyond n are empty, values may be NULL. 0 and row->lead and row->opt_out, or -1 with LP_DATA. */
int leadrow_make(const struct mapping *, char *const *value, size_t n, struct lead_row *, struct lp_err *);

#endif
