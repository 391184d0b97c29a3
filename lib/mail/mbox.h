/*
 * mbox.h - the messages of a file: one, or many where it is an mbox.
 */
#ifndef LP_MAIL_MBOX_H
#define LP_MAIL_MBOX_H

#include <stddef.h>

#include "base/err.h"
#include "mail/parse.h"

/*
 * What is done with one message; of an empty file there is one that is no mail. m is the iterator's, cleared when this returns. `number` counts from 1, `size` is in bytes, before anything
 * is unquoted (of a single message larger than the limit it may be less: the rest isn't read). What is no mail message comes
 * with m NULL and why in *err.
 * 0 goes on; anything else ends mbox_each, which returns it.
 */
typedef int mbox_fn(void *arg, struct mail_in *m, size_t number, size_t size, struct lp_err *err);

/*
 * mbox_each(fd, limit, fn, arg, err): read from where the file stands to its end; pipes too. It is an mbox if it begins with "From ": then a
 * message begins at each such line that follows an empty one and has a time of day in it, and lines ">From ", ">>From " lose one '>' (mboxrd). Of a
 * message of more than `limit` bytes only the header is read. Memory: the limit and what the parser needs for one message.
 * 0; what fn returned; -1 with LP_IO.
 */
int mbox_each(int fd, size_t limit, mbox_fn *, void *arg, struct lp_err *err);

#endif
