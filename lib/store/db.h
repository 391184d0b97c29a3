/*
 * db.h - the file: opening, statements, transactions.  All SQL lives in lib/store, beside the function that needs it.
 *
 * Nothing here commits unless it says so.  A transaction is db_begin ... db_end, taken for writing at once (BEGIN IMMEDIATE);
 * never hold one, or a statement that isn't stepped to its end, across a read of standard input, a write to standard output,
 * a network call or a sleep.
 */
#ifndef LP_STORE_DB_H
#define LP_STORE_DB_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/id.h"

#define LP_APPLICATION_ID 0x4c454144 /* "LEAD": what file(1) and we know the file by */

struct lp_db;

enum db_mode { DB_READ, DB_WRITE };

/*
 * db_open(path, mode, now, err): open a LeadPilot file.  `now` is the caller's clock (lp_now), which db_now() then gives to all.
 * Refused: no such file (LP_NOINPUT), not a LeadPilot file, an older one (`lp-config migrate`) or a newer one (both numbers are
 * named) (LP_CONFIG); for DB_WRITE also a clock that is set (LP_NOW, --now) on a file that isn't marked simulated (LP_CONFIG).
 * Opening migrates nothing.
 */
struct lp_db *db_open(const char *path, enum db_mode, int64_t now, struct lp_err *);
void db_close(struct lp_db *);

/* db_create(path, simulated, seed, now, err): a new file, mode 0600, WAL, every schema file applied, one agent_configs row with
 * the defaults.  `seed` may be NULL (random). LP_CANTCREAT where the path exists. db_migrate brings an older file up to date:
 * *from and *to say what was done. Both commit. */
int db_create(const char *path, bool simulated, const char *seed, int64_t now, struct lp_err *);
int db_migrate(const char *path, int *from, int *to, struct lp_err *);
int db_schema_version(void);                        /* what this program knows */
/* db_backup(path, to, err): an online copy, 0600; LP_CANTCREAT where `to` exists. */
int db_backup(const char *path, const char *to, struct lp_err *);

const char *db_path(const struct lp_db *);
int64_t db_now(const struct lp_db *);               /* the caller's clock, ms */
const char *db_now_iso(const struct lp_db *);
void db_set_now(struct lp_db *, int64_t);           /* the next burst's time; no effect while the clock is set */
bool db_simulated(const struct lp_db *);
const char *db_seed(const struct lp_db *);
const unsigned char *db_salt(const struct lp_db *); /* 32 bytes */

/* db_uuid(db, out, err): a new UUID: random; on a simulated file derived from the seed (then inside a transaction). */
int db_uuid(struct lp_db *, char out[LP_UUID_SIZE], struct lp_err *);

/* Transactions. db_end(db, ok, err) commits where ok, else rolls back; a failed commit is rolled back, returns -1 (LP_TEMP where
 * trying again helps). db_in_tx tells whether one is open. A savepoint undoes one item of a burst. */
int db_begin(struct lp_db *, struct lp_err *);
int db_look(struct lp_db *, struct lp_err *);                    /* to read only: one state of the file, one lock for many queries */
int db_end(struct lp_db *, bool ok, struct lp_err *);
bool db_in_tx(const struct lp_db *);
int db_save(struct lp_db *, struct lp_err *);                    /* SAVEPOINT item */
int db_release(struct lp_db *, bool keep, struct lp_err *);      /* RELEASE, after ROLLBACK TO unless keep */
/* db_checkpoint: fold the WAL back into the file and cut it, as far as readers allow. Never waits, never fails loudly.
 * db_close does it where the WAL has grown long by our commits. */
void db_checkpoint(struct lp_db *);

/*
 * Statements.  `sql` must be a string literal: prepared once per handle and found again by its address.  Values are bound in order of
 * ?1, ?2 … as `types` says, one letter each:
 *   i int   I int64_t   n int64_t id, 0 is NULL   d double   s const char * (NULL is NULL)
 *   t int64_t ms as ISO text   T the same, 0 is NULL   b const void *, size_t (two arguments)
 * db_query gives the statement, ready for db_step: 1 a row, 0 done (reset), -1 error (reset). Read columns with db_text …; leave
 * early with db_done(st). Strings bound must live until the statement is done.
 */
sqlite3_stmt *db_query(struct lp_db *, struct lp_err *, const char *sql, const char *types, ...);
int db_step(struct lp_db *, sqlite3_stmt *, struct lp_err *);
void db_done(sqlite3_stmt *);
/* db_exec: run to the end. Returns -1, else the number of rows changed by it. */
int db_exec(struct lp_db *, struct lp_err *, const char *sql, const char *types, ...);
/* db_int: the first column of the first row into *v: 1, 0 no row (v untouched), -1. */
int db_int(struct lp_db *, struct lp_err *, int64_t *v, const char *sql, const char *types, ...);
/* db_str: the same as text, which the caller frees; NULL column gives NULL. */
int db_str(struct lp_db *, struct lp_err *, char **v, const char *sql, const char *types, ...);
int64_t db_last_id(struct lp_db *);                 /* seq of the last INSERT */

const char *db_text(sqlite3_stmt *, int col);       /* NULL for NULL; until the next step */
int64_t db_int64(sqlite3_stmt *, int col);
double db_double(sqlite3_stmt *, int col);
bool db_null(sqlite3_stmt *, int col);
/* db_copy(st, col, out, size): the text into an array, cut to fit; "" for NULL. */
void db_copy(sqlite3_stmt *, int col, char *out, size_t size);
int64_t db_time(sqlite3_stmt *, int col);           /* ms; 0 for NULL or what isn't a time */

/* db_error(db, err, what): *err from the handle's last error, its kind by whether trying again helps. Returns -1. */
int db_error(struct lp_db *, struct lp_err *, const char *what);

#endif
