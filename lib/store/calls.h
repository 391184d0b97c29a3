/*
 * calls.h - the record of what models were asked: money, answers that can be used again, and providers that are left alone for a while.
 *
 * A call is a row before it is made, at its worst case; what a crash leaves reserved stays counted so. Nothing here commits. Money is in
 * millionths of the price list's currency.
 */
#ifndef LP_STORE_CALLS_H
#define LP_STORE_CALLS_H

#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

struct call_new {
	int64_t task;                   /* 0 for none */
	const char *provider, *model;
	const char *purpose;            /* decide, draft, classify, rule */
	const char *prompt_hash;        /* hex, of all that was asked */
	int64_t worst_micros;
};
/*
 * call_reserve(db, new, since, most, &seq, err): the one door of money: 1 and the row; 0 where what was spent since then (ms) and this call's worst case
 * together are over `most` micros; -1.
 */
int call_reserve(struct lp_db *, const struct call_new *, int64_t since, int64_t most, int64_t *seq, struct lp_err *);

struct call_end {
	int64_t cost_micros;            /* what it did cost; the worst case where nobody knows */
	int64_t tokens_in, tokens_cached, tokens_out; /* -1: not told */
	int64_t latency_ms;
	const char *answer;             /* as it came; NULL for none */
	const char *error;              /* NULL: it is an answer */
};
/* call_ended: on record, with a row in the log. */
int call_ended(struct lp_db *, int64_t seq, const struct call_end *, struct lp_err *);

/* call_again(db, new, of, err): an equal question got the answer of the call `of` from the record, for nothing: a row of its own, and one in the log. */
int call_again(struct lp_db *, const struct call_new *, int64_t of, struct lp_err *);

/* call_unusable(db, seq, err): what was said couldn't be used: it isn't given again. */
int call_unusable(struct lp_db *, int64_t seq, struct lp_err *);

/* call_known(db, prompt_hash, since, &seq, &answer, err): an equal question's answer from then (ms) on: 1 (the caller frees), 0, -1. */
int call_known(struct lp_db *, const char *prompt_hash, int64_t since, int64_t *seq, char **answer, struct lp_err *);

/*
 * Circuits, by provider and address. What only a person can mend counts three times, and opens it at once.
 * circuit_open: 1, until when (ms) nobody asks, and the last failure (the caller frees); 0; -1.
 * circuit_failed: so many failures more; the third in a row opens it for a minute, one after that for twice as long, at most an hour; what fails while it
 * is open doesn't count: 1 where it is open now, 0, -1.
 * circuit_worked: closed.
 */
int circuit_open(struct lp_db *, const char *provider, int64_t *until, char **why, struct lp_err *);
int circuit_failed(struct lp_db *, const char *provider, int times, const char *error, struct lp_err *);
int circuit_worked(struct lp_db *, const char *provider, struct lp_err *);

#endif
