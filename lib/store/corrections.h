/*
 * corrections.h - what a person said that a reply is, where the brain had said something else.  The offline brain learns from it.
 */
#ifndef LP_STORE_CORRECTIONS_H
#define LP_STORE_CORRECTIONS_H

#include <stdint.h>

#include "store/db.h"

/* Strings are valid during the call only. `text` is what the person newly wrote. */
struct correction {
	int64_t inbox;
	const char *subject;        /* NULL for none */
	const char *text;
	const char *class;
};

/* corrections_each(db, fn, ctx, err): every correction whose text is still there, oldest first, at most the newest 2,000.  `fn` must not use
 * the database.  How many, or -1. */
int corrections_each(struct lp_db *, void (*fn)(const struct correction *, void *), void *ctx, struct lp_err *);

/*
 * correction_put(db, inbox, class, by, err): `by` (a login name) says that it is of this class; a later word takes the place of an earlier
 * one, and `was` stays what the brain had said.  Only the correction is written: the row's own class and what follows from it are the caller's.
 * Doesn't commit.  0; -1 with LP_NOINPUT where there is no such inbox message.
 */
int correction_put(struct lp_db *, int64_t inbox, const char *class, const char *by, struct lp_err *);

#endif
