/*
 * answers.h - the questions that a campaign's versions have answers to, for full-text search.  Nothing here commits.
 */
#ifndef LP_STORE_ANSWERS_H
#define LP_STORE_ANSWERS_H

#include <stddef.h>
#include <stdint.h>

#include "store/db.h"

struct campaign_question {
	int number;             /* of the answer, from 1 */
	char *words;            /* the stems of one way to ask it, blanks between */
};

int answers_put(struct lp_db *, int64_t campaign, int version, const struct campaign_question *, size_t n, struct lp_err *);

/* answers_find(db, campaign, version, words, numbers, max, &n, err): the answers of that version whose questions have any of the words (blanks
 * between), the likeliest first, each once. 0 or -1. */
int answers_find(struct lp_db *, int64_t campaign, int version, const char *words, int *numbers, size_t max, size_t *n, struct lp_err *);

#endif
