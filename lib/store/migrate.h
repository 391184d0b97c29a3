/*
 * migrate.h - between db.c and migrate.c: the raw handle, for what a prepared statement can't do.  No other module includes it
 * but log.c, for its salt.
 */
#ifndef LP_STORE_MIGRATE_H
#define LP_STORE_MIGRATE_H

#include "store/db.h"

struct lp_db *db_open_raw(const char *path, int flags, struct lp_err *);   /* no checks, clock 0 */
sqlite3 *db_raw(struct lp_db *);
int db_salt16(struct lp_db *, unsigned char out[16], struct lp_err *);     /* a log payload's salt */

#endif
