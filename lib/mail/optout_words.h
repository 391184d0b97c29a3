/*
 * optout_words.h - the sentences that ask not to be written to again, as patterns of plain.h.
 */
#ifndef LP_MAIL_OPTOUT_WORDS_H
#define LP_MAIL_OPTOUT_WORDS_H

#include "mail/plain.h"

extern struct word_set optout_bare;      /* all that a first line says */
extern struct word_set optout_anchored;  /* where a clause begins, "please" and "could you" apart */
extern struct word_set optout_strong;    /* anywhere, unless what stands before it turns it round */

#endif
