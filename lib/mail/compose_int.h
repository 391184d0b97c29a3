/* compose_int.h - what the files of compose.h share. */
#ifndef LP_MAIL_COMPOSE_INT_H
#define LP_MAIL_COMPOSE_INT_H

#include <gmime/gmime.h>

#include "mail/compose.h"

/* mail_body_check(m, err): text, HTML and calendar can stand in a body. LP_DATA. */
int mail_body_check(const struct mail_out *, struct lp_err *);

/* mail_body(m, id): the MIME tree of a checked message, for the Message-ID without brackets. The caller unrefs. */
GMimeObject *mail_body(const struct mail_out *, const char *id);

#endif
