/*
 * rulelang_int.h - the reader of words that `when` and `then` share. Not for others.
 */
#ifndef LP_RULES_RULELANG_INT_H
#define LP_RULES_RULELANG_INT_H

#include <stdbool.h>

#include "base/mem.h"
#include "rules/rulelang.h"

enum tok { T_END, T_WORD, T_TEXT, T_OPEN, T_CLOSE, T_LIST, T_LISTEND, T_COMMA, T_BAD };

struct lex {
	const char *text;       /* whole, for columns */
	const char *p;          /* behind the token */
	const char *at;         /* where the token begins */
	enum tok tok;
	struct buf word;        /* T_WORD as written, T_TEXT without quotes */
	int depth;
	struct lp_err *err;
};

void lex_init(struct lex *, const char *text, struct lp_err *);
void lex_free(struct lex *);
int lex_next(struct lex *);                             /* 0, or -1 with the error set */
bool lex_is(const struct lex *, const char *word);      /* an unquoted word */
int lex_fail(const struct lex *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
const char *lex_found(const struct lex *);              /* the token for a message: "'foo'" or "the end"; valid until the next call */

bool word_number(const char *);                         /* a number as JSON has them */
/* word_plain(s): reads back as the same text without quotes (as a value: no number, no keyword). */
bool word_plain(const char *, bool as_value);
void word_add(struct buf *, const char *, bool as_value);      /* with quotes where it needs them */

#endif
