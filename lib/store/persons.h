/*
 * persons.h - human beings and the addresses by which they are known.  What stops for one of these stops for all.
 *
 * Kinds are "email", "phone" and "linkedin"; values are normalised (base/normal.h).  Nothing here commits: the caller holds a transaction.
 */
#ifndef LP_STORE_PERSONS_H
#define LP_STORE_PERSONS_H

#include <stdint.h>

#include "base/mem.h"
#include "store/db.h"

/* persons_find(db, kind, value, &person, err): 1 and the person, 0 where nobody is known by it (person untouched), -1. */
int persons_find(struct lp_db *, const char *kind, const char *value, int64_t *person, struct lp_err *);

/* persons_new(db, &person, err): a person without addresses. 0 or -1. */
int persons_new(struct lp_db *, int64_t *person, struct lp_err *);

/* persons_know(db, person, kind, value, source, err): remember the address. 1 new; 0 known; 2 known as another's, and left there; -1.
 * Source: import, reply, hand. */
int persons_know(struct lp_db *, int64_t person, const char *kind, const char *value, const char *source, struct lp_err *);

/* persons_leads(db, person, out, err): the handles of their leads, "l1, l4", added to what is in `out`, a comma between. 0 or -1. */
int persons_leads(struct lp_db *, int64_t person, struct buf *out, struct lp_err *);

/* persons_merge(db, keep, other, err): the two are one human being: leads, addresses, suppressions, consents and tasks of `other` become those of `keep`.
 * 0 or -1; LP_TEMP where both have a running task. */
int persons_merge(struct lp_db *, int64_t keep, int64_t other, struct lp_err *);

#endif
