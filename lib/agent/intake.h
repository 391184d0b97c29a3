/*
 * intake.h - a list of leads into the file: in batches, each row by itself, with what became of it.
 */
#ifndef LP_AGENT_INTAKE_H
#define LP_AGENT_INTAKE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "source/leadfile.h"
#include "store/db.h"

enum intake_outcome { INTAKE_NEW, INTAKE_CHANGED, INTAKE_SAME, INTAKE_REFUSED, INTAKE_BAD };

struct intake {
	const char *source;          /* for rows without one of their own */
	const char *basis;           /* lawful basis, likewise */
	const char *campaign;        /* enrol them here; NULL */
	bool dry;                    /* change nothing */
	bool with_lead;              /* the callback wants row->lead */
};

struct intake_row {
	size_t line;
	enum intake_outcome outcome;
	int64_t seq;                 /* 0 where there is no lead */
	char *why;                   /* of INTAKE_REFUSED and INTAKE_BAD, or why it wasn't enrolled; else NULL */
	bool enrolled;
	cJSON *lead;                 /* as it is, or would be, stored; NULL where there is none or nobody asked */
};

struct intake_count {
	int64_t fresh, known, refused, bad, enrolled, not_enrolled;
};

/*
 * intake_run(db, file, how, fn, ctx, count, err): read to the end.  Commits every few hundred rows, then tells fn of each of them in order; rehearsed
 * (dry) it tells when all is rolled back.  Bad rows are told of and don't stop it.  0; -1 with what stopped it: the batches before it are committed
 * and counted.
 */
typedef void intake_fn(const struct intake_row *, void *ctx);
int intake_run(struct lp_db *, struct leadfile *, const struct intake *, intake_fn *, void *ctx, struct intake_count *, struct lp_err *);

/* intake_summary(count, enrolling): "28 new, 2 known, 2 refused". The caller frees. */
char *intake_summary(const struct intake_count *, bool enrolling);

const char *intake_word(enum intake_outcome);   /* new, changed, known, refused, bad */

#endif
