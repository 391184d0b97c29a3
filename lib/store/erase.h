/*
 * erase.h - forgetting a person: what is known of them goes, the fact that they must not be written to stays, as a hash.
 */
#ifndef LP_STORE_ERASE_H
#define LP_STORE_ERASE_H

#include <cjson/cJSON.h>
#include <stdint.h>

#include "store/db.h"

/*
 * erase_lead(db, seq, reason, files, err): every lead of the person behind `seq`, over all tables: rows that others refer to stay, emptied; texts,
 * memories, gate inputs, notifications and log payloads are deleted; tasks are cancelled, enrolments stopped.  Every address is suppressed by its
 * hash.  The caller holds the transaction.  `files` (an array) gets the paths of mails of theirs that lie outside the database.
 * 0; -1: LP_TEMP while one of their tasks is running.  For one who is forgotten already it does nothing.
 */
int erase_lead(struct lp_db *, int64_t seq, const char *reason, cJSON *files, struct lp_err *);

/* erase_scrub(db, err): after the commit: rewrite the file and its log so that no free page keeps what was deleted. Outside a transaction;
 * LP_TEMP where another program has the file open (the rows are gone, an old copy of a page may not be: call it again). */
int erase_scrub(struct lp_db *, struct lp_err *);

#endif
