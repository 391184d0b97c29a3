/*
 * draft_lang.h - is a text in the language that was asked for?  By its small words: told apart are the languages of the table.  Pure.
 */
#ifndef LP_AGENT_DRAFT_LANG_H
#define LP_AGENT_DRAFT_LANG_H

#include <stdbool.h>

/* draft_lang_find(word): the language's name in English for that name, its own name or its code ("de", "German", "Deutsch"), in any case; NULL where it isn't
 * one of the table. draft_lang_names: all, NULL-terminated. */
const char *draft_lang_find(const char *word);
const char *const *draft_lang_names(void);

/* draft_lang_other(text, language): the name of another language that the text is plainly in; NULL where it isn't, or can't be told (a few words). */
const char *draft_lang_other(const char *text, const char *language);

#endif
