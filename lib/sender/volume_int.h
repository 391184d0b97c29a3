/*
 * volume_int.h - between the files of volume; no other includes it.
 */
#ifndef LP_SENDER_VOLUME_INT_H
#define LP_SENDER_VOLUME_INT_H

#include <stdbool.h>

#include "sender/volume.h"

/* volume_stop(db, account, cause, why, done, err): one account stops, with a notice. 1 by this, 0 it had, -1. */
int volume_stop(struct lp_db *, int64_t account, const char *cause, const char *why, struct volume_done *, struct lp_err *);

#endif
