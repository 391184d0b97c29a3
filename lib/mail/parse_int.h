/*
 * parse_int.h - between the files of the parser.
 */
#ifndef LP_MAIL_PARSE_INT_H
#define LP_MAIL_PARSE_INT_H

#include <gmime/gmime.h>
#include <stdbool.h>

#include "mail/parse.h"

/* mail_clean(s, max, lines, cut): whatever came, as valid UTF-8 of at most `max` bytes: control characters out (C1 too), and line breaks,
 * unless `lines`, as blanks. *cut (may be NULL) is set where it was longer. The caller frees. */
char *mail_clean(const char *, size_t max, bool lines, bool *cut);

char *mail_lower(char *);               /* ASCII, in place; NULL is NULL */

/* mail_header_end(s, n): where the body begins: behind the first empty line. */
size_t mail_header_end(const char *, size_t n);

/* mail_utf8(s, n, charset): bytes in a charset as UTF-8, with U+FFFD where they aren't. The name may be NULL, unknown or a lie: what is
 * UTF-8 is taken as that, what can't be anything else as Windows-1252. The caller frees. */
char *mail_utf8(const char *, size_t n, const char *charset);

/* mail_reword(raw): a header's value as it came, unfolded, its encoded words in UTF-8. The caller frees. NULL is empty. */
char *mail_reword(const char *);

/* mail_defuse(s, n): blank in place what would cost GMime memory or time out of proportion: thousands of fields in a header, addresses
 * without end, groups in groups. Returns how many of the bytes may be given to it: fewer than n where there are more than MAIL_PARTS_MAX
 * boundaries. */
size_t mail_defuse(char *, size_t n);

/* mail_thin(s, n): take out of the header, in place, the fields that nobody asks for: a mail that crossed some servers has a hundred of them, and
 * each costs. What is left is moved up to the body; returns where it begins. */
size_t mail_thin(char *, size_t n);

/* mail_walk(body, m): the text, HTML, attachments, report, original and calendar of the message's MIME tree. */
void mail_walk(GMimeObject *body, struct mail_in *m);

#endif
