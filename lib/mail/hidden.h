/*
 * hidden.h - what a text holds that no reader sees: it may be no part of what is judged, or a stranger could say one thing to a person and
 * another to a program.
 */
#ifndef LP_MAIL_HIDDEN_H
#define LP_MAIL_HIDDEN_H

#include <stdbool.h>
#include <stdint.h>

/* mail_hidden_char(c): has this code point no shape of its own? Zero width characters and joiners, soft hyphens, marks and overrides of
 * direction, tag characters, variation selectors, fillers, annotations, and whatever else Unicode lets a renderer ignore. */
bool mail_hidden_char(uint32_t);

/* mail_visible(text): the text without them. UTF-8 in and out; bytes that are no UTF-8 stay. An emoji joined of several falls into its
 * parts. The caller frees. */
char *mail_visible(const char *);

#endif
