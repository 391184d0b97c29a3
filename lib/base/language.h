/*
 * language.h - is a text in the language that was asked for?  By its small words: told apart are the languages of the table.  Pure.
 */
#ifndef LP_BASE_LANGUAGE_H
#define LP_BASE_LANGUAGE_H

#include <stdbool.h>

/* language_find(word): the language's name in English for that name, its own name or its code ("de", "German", "Deutsch"), in any case; NULL where it isn't
 * one of the table. language_names: all, NULL-terminated. */
const char *language_find(const char *word);
const char *const *language_names(void);

/* language_other(text, language): the name of another language that the text is plainly in; NULL where it isn't, or can't be told (a few words). */
const char *language_other(const char *text, const char *language);

#endif
