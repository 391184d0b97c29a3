/*
 * reply_int.h - between the files of reply.h.
 */
#ifndef LP_MAIL_REPLY_INT_H
#define LP_MAIL_REPLY_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct line {
	const char *s;         /* without the blanks around it */
	uint32_t len;
	bool quoted;           /* begins with '>' */
	bool drop;             /* is no part of the answer */
};

struct reply {
	struct line *l;
	size_t n;              /* what follows is history: cut off */
};

/* quote_cut(r): mark the quoted lines and what announces them, and set n to where history begins that isn't marked line by line. */
void quote_cut(struct reply *);

/* sign_off(r): mark signatures, closings and what phones add. footers_off: the last alone. */
void sign_off(struct reply *);
void footers_off(struct reply *);

/* The first line from i on that isn't empty; n where there is none. Linear in the empty lines passed. */
size_t next_full(const struct reply *, size_t i);

#endif
