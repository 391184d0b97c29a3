/*
 * lead_words.h - a list of leads as another program prints it: a handle or an address a line, or JSON Lines with an "id" ("email").
 */
#ifndef LP_AGENT_LEAD_WORDS_H
#define LP_AGENT_LEAD_WORDS_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/err.h"
#include "store/leads.h"

/* lead_words(fd, bad, ctx, &words, &n, err): read to the end; `bad` is told of each line that is none, by number. The caller frees each and the
 * array. 0, or -1 with LP_IO. */
typedef void lead_words_bad(size_t line, const char *why, void *ctx);
int lead_words(int fd, lead_words_bad *, void *ctx, char ***words, size_t *n, struct lp_err *);
/* lead_words_where: the handles of those that a filter finds, likewise. */
int lead_words_where(struct lp_db *, const struct lead_filter *, char ***words, size_t *n, struct lp_err *);

/* lead_lines(fd, list, bad, ctx, err): each line as text onto the array, but for comments (#). 0, or -1 with LP_IO. */
int lead_lines(int fd, cJSON *list, lead_words_bad *, void *ctx, struct lp_err *);

#endif
