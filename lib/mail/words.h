/*
 * words.h - what somebody newly wrote in an answer, and whether it is one of the few things that code may understand by itself.
 */
#ifndef LP_MAIL_WORDS_H
#define LP_MAIL_WORDS_H

#include <stdbool.h>

/* mail_new_text(text): a mail's text without what it quotes: lines that begin with '>', the line that announces them ("On Monday, Ada
 * wrote:"), and everything from an "Original Message" rule on. The caller frees. */
char *mail_new_text(const char *);

/*
 * mail_opts_out(subject, new_text): does it say nothing but "don't write to me again"? True where the whole first line, or its first sentence,
 * is one of the known phrases ("stop", "remove me", "abmelden", ...), or where the subject is one (a List-Unsubscribe mail).
 * It never guesses: what says more than that is for a person.
 */
bool mail_opts_out(const char *subject, const char *new_text);

#endif
