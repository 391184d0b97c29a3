/*
 * plain.h - text as it is compared with what we know, so that "Désabonner", "DESABONNER" and "de\u0301sabonner" are one word.
 */
#ifndef LP_MAIL_PLAIN_H
#define LP_MAIL_PLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

/*
 * mail_plain(out, s, n): append n bytes of UTF-8 in lower case, accents off (ß is ss, ø o, ł l, æ ae; й и), fullwidth and mathematical
 * letters as plain ones, what can't be seen taken out, typographic quotes and dashes as ASCII, every blank but a line feed a space.
 */
void mail_plain(struct buf *, const char *, size_t n);

/*
 * Words of one sentence, and patterns over them.  A word is of letters and digits; "don't" is "dont", "e-mail" "email", "l'adresse" two
 * words, "retirez-moi" too.  Between them stand "," for any mark that parts clauses, and "\n" for a line's end.
 */
#define WORDS_MAX 240

struct words {
	const char *w[WORDS_MAX];
	size_t n;
	char end;              /* '.', '!', '?'; 0 where it just ends */
	struct buf mem;        /* the words themselves */
};

/* words_read(w, s): the sentence that begins at s, plain text, into w (zeroed before its first use); returns where the next begins, or NULL
 * where nothing is left and w is empty. An empty line ends a sentence too. */
const char *words_read(struct words *, const char *);
void plain_words_free(struct words *);
bool words_is_mark(const char *);                              /* "," or "\n" */

/*
 * Patterns: words with blanks between; a|b either; a~ any word that begins so; ?a may be there; * up to three words, ** up to seven, none of
 * them a "," or a "not"; $ the end of the clause, polite words apart, also as the last of a|b|$.  Line ends count as nothing.  A pattern
 * begins with plain words.
 */
bool words_match(const struct words *, size_t at, const char *pattern, size_t *end);

/* A set of patterns, looked through by the first byte of a word. {list, n} to begin with. */
struct word_set {
	const char *const *list;
	size_t n;
	unsigned short from[257], *item;
};

/* words_find(w, at, set, end): the first pattern of the set that matches at word `at`; NULL. */
const char *words_find(const struct words *, size_t at, struct word_set *, size_t *end);

#endif
