/*
 * header.h - header fields as they stand on the wire: folded at 76 columns, what isn't ASCII in the encoded words of RFC 2047.
 * Values must be checked before (one line, valid UTF-8): these functions can't fail.
 */
#ifndef LP_MAIL_HEADER_H
#define LP_MAIL_HEADER_H

#include "base/mem.h"

void header_text(struct buf *, const char *name, const char *value);       /* unstructured: Subject, X-... */
/* header_mailbox(b, name, who, address): `who`, NULL or empty for none, as atoms, a quoted string or encoded words. */
void header_mailbox(struct buf *, const char *name, const char *who, const char *address);
void header_words(struct buf *, const char *name, const char *value);      /* structured ASCII: folded at blanks, words never cut */

#endif
