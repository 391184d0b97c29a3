/*
 * flowed.h - text/plain with format=flowed (RFC 3676): lines that the sender's program broke, whole again.
 */
#ifndef LP_MAIL_FLOWED_H
#define LP_MAIL_FLOWED_H

#include <stdbool.h>

/*
 * mail_unflow(s, delsp): paragraphs as one line each, the stuffed blank gone (but one that keeps words from being a quote), quotes as they were ("> " and deeper); a signature's "-- " never joins anything.
 * `delsp`: DelSp=yes, the blank at a break is the break's alone.  Linear; never longer than s and a blank for each quoted line. The caller frees.
 */
char *mail_unflow(const char *, bool delsp);

#endif
