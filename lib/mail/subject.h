/*
 * subject.h - which subjects are one conversation, and the subject of an answer.  Pure.
 */
#ifndef LP_MAIL_SUBJECT_H
#define LP_MAIL_SUBJECT_H

#include <stdbool.h>

/*
 * mail_base_subject(s): the subject without what mail programs put in front of it ("Re:", "AW: ", "SV[2]:", "Fwd:", "Automatic reply:", "[External]"), case
 * folded, white space as single spaces: equal for a mail and whatever answers it (RFC 5256, section 2.1, with more languages).  The caller frees.
 */
char *mail_base_subject(const char *);

/* mail_says_reply(s): does it begin as an answer or a forward ("Re:", "AW:", "Fwd:")? mail_answer_subject(s): "Re: s", or s itself where it does. The caller
 * frees. */
bool mail_says_reply(const char *);
char *mail_answer_subject(const char *);

#endif
