/*
 * lead_company.h - between the modules of leads; no other includes it.
 */
#ifndef LP_STORE_LEAD_COMPANY_H
#define LP_STORE_LEAD_COMPANY_H

#include "store/db.h"

/* lead_company(db, seq, err): after a change of domain, company or address: what counts as one company. 0 or -1. */
int lead_company(struct lp_db *, int64_t seq, struct lp_err *);

#endif
