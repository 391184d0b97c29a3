/*
 * charset.h - whatever a spreadsheet program saved, as UTF-8.  Above base only.
 */
#ifndef LP_SOURCE_CHARSET_H
#define LP_SOURCE_CHARSET_H

#include "base/mem.h"

enum charset {
	CS_UTF8,
	CS_UTF16LE,
	CS_UTF16BE,
	CS_WINDOWS1252
};

/*
 * charset_utf8(text): turn the bytes in place into UTF-8 and drop a byte order mark.  Returns what they were.
 *
 * A byte order mark decides.  Without one, text whose every other byte is NUL is UTF-16; text without invalid sequences is UTF-8;
 * text that has more valid multi-byte sequences than invalid bytes is UTF-8 with damage, which is left for the reader to refuse
 * row by row; all else is Windows-1252.  Lone surrogates and a last half unit become U+FFFD.  NUL characters stay: readers refuse
 * them where they stand.  Memory: at most three times the input while UTF-16 is being converted.
 */
enum charset charset_utf8(struct buf *);

const char *charset_name(enum charset);

#endif
