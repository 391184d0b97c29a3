/*
 * answer_words.h - what a question is about: its words without those that every question has, each cut down to its stem.  Pure.
 *
 * Case, accents and endings don't count: "Kosten", "kostet" and "costs", "costing" come out as one stem each.  It knows the small words of English,
 * German, French, Spanish, Portuguese, Italian, Dutch, Polish, Swedish, Danish and Norwegian.
 */
#ifndef LP_CAMPAIGN_ANSWER_WORDS_H
#define LP_CAMPAIGN_ANSWER_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#define ANSWER_WORDS_MAX 64     /* different stems of a text; what comes after isn't looked at */

struct answer_word {
	char stem[40];
	double weight;          /* 2 a name or a number ("SAP", "14"), 1 a word, 0.5 one that only asks ("how much", "when") */
};
struct answer_words {
	struct answer_word w[ANSWER_WORDS_MAX];
	size_t n;
};

/* answer_words(text, n, skip, out): the different stems of n bytes of UTF-8, in order, without those that `skip` (NULL for none) has. */
void answer_words(const char *text, size_t n, const struct answer_words *skip, struct answer_words *out);

/* answer_words_add: the same, more of them. answer_word_in: the stem's place, or NULL. */
void answer_words_add(const char *text, size_t n, const struct answer_words *skip, struct answer_words *out);
const struct answer_word *answer_word_in(const struct answer_words *, const char *stem);

/* answer_words_join(list): the stems with blanks between; the caller frees. */
char *answer_words_join(const struct answer_words *);

/* answer_words_all(text, n, out): every word, also the small ones: of names. */
void answer_words_all(const char *text, size_t n, struct answer_words *out);

/* Of folded words. answer_greets, answer_asks: does a sentence that begins with it greet ("hi"), or ask for something ("please")?
 * answer_wonders: does one ask that has it anywhere ("I'd like to know")? */
bool answer_greets(const char *word);
bool answer_asks(const char *word);
bool answer_wonders(const char *word);

/* answer_first(text, n, out): the first word, folded, without accents; "" for none. Returns how many bytes it and what stands before it take. */
size_t answer_first(const char *text, size_t n, char out[40]);

#endif
