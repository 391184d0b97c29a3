/*
 * retention.h - texts that are older than they may get: deleted, where what they prove stays.
 */
#ifndef LP_STORE_RETENTION_H
#define LP_STORE_RETENTION_H

#include <stdint.h>

#include "store/db.h"

#define RETENTION_BATCH 200 /* leads */

/*
 * retention_purge(db, before, &texts, err): of at most RETENTION_BATCH leads with whom nothing happened since `before` (ms) and nothing is planned or open, and
 * of as many mails that are nobody's: the texts of messages and replies, what gate, brains and models kept of them, and notices of that time.  Rows, addresses,
 * times, verdicts, hashes and the log stay, and the log verifies.  How many leads and mails were done, 0 when none is left, or -1; *texts is raised by
 * the texts deleted.  Logged.  The caller holds a transaction, and calls again.
 */
int retention_purge(struct lp_db *, int64_t before, int64_t *texts, struct lp_err *);

#endif
