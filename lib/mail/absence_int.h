/*
 * absence_int.h - dates as people write them.
 */
#ifndef LP_MAIL_ABSENCE_INT_H
#define LP_MAIL_ABSENCE_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOKENS_MAX 200

/* A word or a number of a sentence, or what stands between them. */
struct token {
	const char *s;         /* into the plain text */
	unsigned short len;
	short number;          /* -1: none */
	char mark;             /* the first of what follows that is no blank: '.', ',', '/', '-', ':' ...; 0 none */
	bool dash;             /* a dash is among it */
};

struct date {
	size_t from, to;       /* the tokens */
	int64_t day;           /* days since 1970-01-01; -1: over, or too far ahead */
	bool soft;             /* "next week", "April": names its first day, also after "until" */
};

/* token_is(t, list): one of these words, each behind a '|' ("|until|till|"). */
bool token_is(const struct token *, const char *list);

/* date_short_weekday(t): "Mon", "di", "wt"? Some are other words too. */
bool date_short_weekday(const struct token *);

/* date_at(t, n, i, today, english, d): does a date begin at token i? today: days since 1970-01-01. */
bool date_at(const struct token *, size_t n, size_t i, int64_t today, bool english, struct date *);

#endif
