/*
 * db_int.h - what the handle is made of: for db.c, db_query.c, migrate.c and log.c alone.
 */
#ifndef LP_STORE_DB_INT_H
#define LP_STORE_DB_INT_H

#include "store/db.h"

enum { STMTS = 512, RANDOM_POOL = 1000 };

struct lp_db {
	sqlite3 *h;
	char *path;
	int64_t now;
	char now_iso[LP_ISO_SIZE];
	bool simulated;
	char seed[80];
	unsigned char salt[32];
	struct {
		const char *sql;
		sqlite3_stmt *st;
	} stmts[STMTS];                 /* open addressing by the literal's address */
	size_t nstmts;
	unsigned char pool[RANDOM_POOL];
	size_t pool_left;
	int wal_pages;                  /* after our last commit */
};

struct lp_db *db_open_raw(const char *path, int flags, struct lp_err *);   /* no checks, clock 0 */
sqlite3 *db_raw(struct lp_db *);
int db_salt16(struct lp_db *, unsigned char out[16], struct lp_err *);     /* a log payload's salt */

#endif
