/*
 * bounce_int.h - between the files of bounce.h.
 */
#ifndef LP_MAIL_BOUNCE_INT_H
#define LP_MAIL_BOUNCE_INT_H

#include "mail/bounce.h"

/* bounce_judge(r, words): hard and ours, from status and words: what the far side said, plain (plain.h). */
void bounce_judge(struct mail_bounce_rcpt *, const char *words);

/* bounce_status(s): the first enhanced status code (RFC 3463) in s, "5.1.1", of class 4 or 5; NULL. The caller frees. */
char *bounce_status(const char *);

/* bounce_text(m, b): as mail_bounce, for what is no standard report. */
int bounce_text(const struct mail_in *, struct mail_bounce *);

/* bounce_id(s): the Message-ID in a header, no brackets; NULL. The caller frees. */
char *bounce_id(const char *header);

struct mail_bounce_rcpt *bounce_add(struct mail_bounce *);
bool has_any(const char *plain, const char *const *words);

#endif
