#include "store/db.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/db_int.h"

enum { BUSY_MS = 15000 };

/*
 * Not sqlite3_busy_timeout: it backs off up to 100 ms, and among eight busy writers the unluckiest starves.  Short random
 * sleeps up to a deadline share the file fairly.
 */
static int
busy(void *arg, int n)
{
	static int64_t since;
	struct timespec ts = { 0 };
	unsigned r;

	(void)arg;
	if (n == 0)
		since = lp_steady();
	else if (lp_steady() - since > BUSY_MS)
		return 0;
	sqlite3_randomness(sizeof(r), &r);
	ts.tv_nsec = 200000 + (long)(r % 800000);
	nanosleep(&ts, NULL);
	return 1;
}

int
db_error(struct lp_db *db, struct lp_err *err, const char *what)
{
	int code = sqlite3_errcode(db->h);
	enum lp_kind kind;

	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return lp_fail(err, LP_TEMP, "%s: database is locked by another program: try again", db->path);
	case SQLITE_FULL:
		return lp_fail(err, LP_TEMP, "%s: no space left on the disk: nothing was changed", db->path);
	case SQLITE_NOTADB:
		return lp_fail(err, LP_CONFIG, "%s: not a LeadPilot database", db->path);
	case SQLITE_CORRUPT:
		return lp_fail(err, LP_CONFIG, "%s: database is damaged: restore a backup", db->path);
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		kind = LP_NOPERM;
		break;
	case SQLITE_CANTOPEN:
		kind = LP_IO;
		break;
	case SQLITE_IOERR:
		kind = LP_IO;
		break;
	case SQLITE_NOMEM:
	case SQLITE_INTERRUPT:
		kind = LP_TEMP;
		break;
	default:
		kind = LP_BUG;
	}
	return lp_fail(err, kind, "%s: %s: %s", db->path, what, sqlite3_errmsg(db->h));
}

static int
check_version(struct lp_db *db, struct lp_err *err)
{
	int64_t app = 0, version = 0;

	if (db_int(db, err, &app, "PRAGMA application_id", "") == -1 ||
	    db_int(db, err, &version, "PRAGMA user_version", "") == -1)
		return -1;
	if (app != LP_APPLICATION_ID)
		return lp_fail(err, LP_CONFIG, "%s: not a LeadPilot database", db->path);
	if (version > db_schema_version())
		return lp_fail(err, LP_CONFIG, "%s: schema %d is newer than this program's %d: install the newer LeadPilot", db->path,
		    (int)version, db_schema_version());
	if (version < db_schema_version())
		return lp_fail(err, LP_CONFIG, "%s: schema %d is older than this program's %d: run `lp-config migrate`", db->path,
		    (int)version, db_schema_version());
	return 0;
}

static int
read_meta(struct lp_db *db, struct lp_err *err)
{
	static const char sql[] = "SELECT seed, salt, simulated FROM meta";
	sqlite3_stmt *st = db_query(db, err, sql, "");
	int r;

	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return -1;
	if (r == 0)
		return lp_fail(err, LP_CONFIG, "%s: not a LeadPilot database (table meta is empty)", db->path);
	snprintf(db->seed, sizeof(db->seed), "%s", db_text(st, 0));
	if (sqlite3_column_bytes(st, 1) == (int)sizeof(db->salt))
		memcpy(db->salt, sqlite3_column_blob(st, 1), sizeof(db->salt));
	db->simulated = db_int64(st, 2) != 0;
	db_done(st);
	return 0;
}

/*
 * One thread, and nobody asks how much memory is in use: no lock, no count at each call and allocation.  And what a savepoint would undo
 * stays in memory: each line of a burst has one, its pages are over the 64 KB from where on SQLite writes them into a temporary file.
 */
static void
alone(void)
{
	static bool done;

	/* refused where somebody initialized SQLite before us: then it is only slower */
	if (!done) {
		sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
		sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
		sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, -1);
	}
	done = true;
}

/*
 * The WAL stays when we close, and whoever comes alone after us reads it through from the start: so it is kept short.  (SQLite's own
 * check at each commit, which this stands in for, copies it back but leaves it as long as it was.)
 */
enum { WAL_LONG = 256, WAL_TOO_LONG = 1000 }; /* pages: cut on closing, copied back at once */

static int
committed(void *arg, sqlite3 *h, const char *name, int pages)
{
	struct lp_db *db = arg;

	db->wal_pages = pages;
	if (pages >= WAL_TOO_LONG)
		sqlite3_wal_checkpoint_v2(h, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	return SQLITE_OK;
}

struct lp_db *
db_open_raw(const char *path, int flags, struct lp_err *err)
{
	struct lp_db *db = xcalloc(1, sizeof(*db));
	int on = 1;

	alone();
	db->path = xstrdup(path);
	if (sqlite3_open_v2(path, &db->h, flags | SQLITE_OPEN_EXRESCODE, NULL) != SQLITE_OK) {
		db_error(db, err, "open");
		db_close(db);
		return NULL;
	}
	sqlite3_busy_handler(db->h, busy, NULL); /* before the first statement */
	sqlite3_wal_hook(db->h, committed, db);
	/* a short program alone in the file would pay five fdatasync at close; settle checkpoints instead */
	sqlite3_db_config(db->h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_db_config(db->h, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
	sqlite3_db_config(db->h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_file_control(db->h, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
	return db;
}

struct lp_db *
db_open(const char *path, enum db_mode mode, int64_t now, struct lp_err *err)
{
	struct lp_db *db;

	if (access(path, F_OK) == -1) {
		if (errno == ENOENT)
			lp_fail(err, LP_NOINPUT, "%s: no such database: `lp-config init` makes one", path);
		else
			lp_fail_errno(err, errno, "%s", path);
		return NULL;
	}
	if ((db = db_open_raw(path, mode == DB_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READWRITE, err)) == NULL)
		return NULL;
	db->now = now;
	lp_iso(now, db->now_iso);
	if (check_version(db, err) == -1 || read_meta(db, err) == -1) {
		db_close(db);
		return NULL;
	}
	if (mode == DB_WRITE && lp_now_is_set() && !db->simulated) {
		lp_fail(err, LP_CONFIG, "%s: the clock is set (LP_NOW or --now) but this is not a simulated file: unset it", path);
		db_close(db);
		return NULL;
	}
	if (mode == DB_WRITE && sqlite3_db_readonly(db->h, "main") == 1) {
		lp_fail(err, LP_NOPERM, "%s: not writable", path);
		db_close(db);
		return NULL;
	}
	return db;
}

void
db_close(struct lp_db *db)
{
	size_t i;

	if (db == NULL)
		return;
	for (i = 0; i < STMTS; i++)
		sqlite3_finalize(db->stmts[i].st);
	if (db->wal_pages >= WAL_LONG)
		db_checkpoint(db);
	sqlite3_close(db->h);
	free(db->path);
	free(db);
}

sqlite3 *
db_raw(struct lp_db *db)
{
	return db->h;
}

const char *
db_path(const struct lp_db *db)
{
	return db->path;
}

int64_t
db_now(const struct lp_db *db)
{
	return db->now;
}

const char *
db_now_iso(const struct lp_db *db)
{
	return db->now_iso;
}

void
db_set_now(struct lp_db *db, int64_t now)
{
	if (lp_now_is_set())
		return;
	db->now = now;
	lp_iso(now, db->now_iso);
}

bool
db_simulated(const struct lp_db *db)
{
	return db->simulated;
}

const char *
db_seed(const struct lp_db *db)
{
	return db->seed;
}

const unsigned char *
db_salt(const struct lp_db *db)
{
	return db->salt;
}

static int
random_bytes(struct lp_db *db, unsigned char *out, size_t n, struct lp_err *err)
{
	if (db->pool_left < n) {
		if (lp_random(db->pool, sizeof(db->pool), err) == -1)
			return -1;
		db->pool_left = sizeof(db->pool);
	}
	db->pool_left -= n;
	memcpy(out, db->pool + db->pool_left, n);
	return 0;
}

int
db_salt16(struct lp_db *db, unsigned char out[16], struct lp_err *err)
{
	unsigned char h[LP_HASH_SIZE];
	uint64_t v;
	int64_t n = 0;

	if (!db->simulated)
		return random_bytes(db, out, 16, err);
	/* a rehearsal gives the same bytes each time */
	if (db_int(db, err, &n, "SELECT ifnull(max(seq), 0) FROM agent_logs", "") == -1)
		return -1;
	v = lp_seeded(db->seed, "log salt", n);
	lp_sha256(&v, sizeof(v), h);
	memcpy(out, h, 16);
	return 0;
}

int
db_uuid(struct lp_db *db, char out[LP_UUID_SIZE], struct lp_err *err)
{
	unsigned char rnd[10], h[LP_HASH_SIZE];
	uint64_t v;
	int64_t n;

	if (db->simulated) {
		if (db_int(db, err, &n, "UPDATE meta SET ids_made = ids_made + 1 RETURNING ids_made", "") != 1)
			return -1;
		v = lp_seeded(db->seed, "uuid", n);
		lp_sha256(&v, sizeof(v), h);
		memcpy(rnd, h, sizeof(rnd));
	} else if (random_bytes(db, rnd, sizeof(rnd), err) == -1)
		return -1;
	lp_uuid7(db->now, rnd, out);
	return 0;
}

static int
simple(struct lp_db *db, const char *sql, struct lp_err *err)
{
	return db_exec(db, err, sql, "") == -1 ? -1 : 0;
}

int
db_begin(struct lp_db *db, struct lp_err *err)
{
	return simple(db, "BEGIN IMMEDIATE", err);
}

int
db_look(struct lp_db *db, struct lp_err *err)
{
	return simple(db, "BEGIN", err);
}

int
db_end(struct lp_db *db, bool ok, struct lp_err *err)
{
	if (ok) {
		if (simple(db, "COMMIT", err) == 0)
			return 0;
		if (!sqlite3_get_autocommit(db->h))
			simple(db, "ROLLBACK", NULL);
		return -1;
	}
	/* a failed statement may already have rolled back (disk full) */
	return sqlite3_get_autocommit(db->h) ? 0 : simple(db, "ROLLBACK", err);
}

bool
db_in_tx(const struct lp_db *db)
{
	return !sqlite3_get_autocommit(db->h);
}

int
db_save(struct lp_db *db, struct lp_err *err)
{
	return simple(db, "SAVEPOINT item", err);
}

int
db_release(struct lp_db *db, bool keep, struct lp_err *err)
{
	if (!keep && simple(db, "ROLLBACK TO item", err) == -1)
		return -1;
	return simple(db, "RELEASE item", err);
}

void
db_checkpoint(struct lp_db *db)
{
	/* without waiting: where others are at work, what can't be cut stays for one of them */
	sqlite3_busy_handler(db->h, NULL, NULL);
	sqlite3_wal_checkpoint_v2(db->h, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_busy_handler(db->h, busy, NULL);
	db->wal_pages = 0;
}
