/*
 * letters.h - characters of UTF-8, and letters as they are compared: small, without accents, in plain style.  Needs no table library.
 */
#ifndef LP_BASE_LETTERS_H
#define LP_BASE_LETTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* utf8_char(s, left, &c): the code point at s and how many of the `left` bytes (at least one) it takes; 0 where they are no UTF-8. */
size_t utf8_char(const char *, size_t left, uint32_t *c);

bool utf8_letter(uint32_t);              /* a letter or a digit, of any script; nearly Unicode's idea of it */
bool utf8_mark(uint32_t);                /* an accent that stands on the letter before it */
bool utf8_space(uint32_t);

/*
 * utf8_bare(c, out): the letter as it is compared, as UTF-8 in out, not NUL-terminated; how many bytes, 0 for an accent.  Folded (base/json.h), without its accent
 * (Latin, Greek, Cyrillic: u for U+00FC, U+0438 for U+0439), sharp s as "ss", ae, oe, o and l for their ligatures and strokes, fullwidth and
 * mathematical letters as plain ones.
 */
size_t utf8_bare(uint32_t, char out[8]);

#endif
