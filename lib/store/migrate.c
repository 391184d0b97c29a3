/*
 * The schema files of schema/, compiled in, applied in order: one step of user_version each.
 */
#include "store/db_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

static const struct {
	int version;
	const char *name;
	const char *sql;
} steps[] = {
#include "schema.inc"
};

enum { NSTEPS = sizeof(steps) / sizeof(steps[0]) };

int
db_schema_version(void)
{
	return steps[NSTEPS - 1].version;
}

static int
script(struct lp_db *db, const char *sql, const char *what, struct lp_err *err)
{
	return sqlite3_exec(db_raw(db), sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : db_error(db, err, what);
}

/* The version is read again inside the transaction, or two first runs collide. */
static int
step_up(struct lp_db *db, struct lp_err *err)
{
	char pragma[64];
	int64_t version = 0;
	int i;

	if (db_begin(db, err) == -1 || db_int(db, err, &version, "PRAGMA user_version", "") == -1)
		goto fail;
	for (i = 0; i < NSTEPS; i++) {
		if (steps[i].version <= version)
			continue;
		if (script(db, steps[i].sql, steps[i].name, err) == -1)
			goto fail;
		snprintf(pragma, sizeof(pragma), "PRAGMA user_version = %d", steps[i].version);
		if (script(db, pragma, steps[i].name, err) == -1)
			goto fail;
	}
	snprintf(pragma, sizeof(pragma), "PRAGMA application_id = %d", LP_APPLICATION_ID);
	if (script(db, pragma, "application_id", err) == -1)
		goto fail;
	return 0;
fail:
	db_end(db, false, NULL);
	return -1;
}

static int
first_rows(struct lp_db *db, bool simulated, const char *seed, int64_t now, struct lp_err *err)
{
	unsigned char rnd[32 + 32 + 10], h[LP_HASH_SIZE];
	char iso[LP_ISO_SIZE], hex[LP_HEX_SIZE], uuid[LP_UUID_SIZE];

	if (seed != NULL) {
		lp_sha256(seed, strlen(seed), h);
		memcpy(rnd, h, 32);
		memcpy(rnd + 32, h, 32);
		memcpy(rnd + 64, h, 10);
	} else if (lp_random(rnd, sizeof(rnd), err) == -1)
		return -1;
	lp_iso(now, iso);
	lp_uuid7(now, rnd + 64, uuid);
	if (db_exec(db, err, "INSERT INTO meta (one, seed, salt, simulated, created_at) VALUES (1, ?1, ?2, ?3, ?4)", "sbis",
	    seed != NULL ? seed : lp_hex(rnd, hex), rnd + 32, (size_t)32, simulated, iso) == -1)
		return -1;
	return db_exec(db, err, "INSERT INTO agent_configs (seq, id, created_at, updated_at) VALUES (1, ?1, ?2, ?2)", "ss", uuid, iso) == -1 ?
	    -1 : 0;
}

int
db_create(const char *path, bool simulated, const char *seed, int64_t now, struct lp_err *err)
{
	struct lp_db *db;
	int fd, r = -1;

	/* the mode is the tenancy boundary: set before the first byte is written */
	if ((fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) == -1) {
		if (errno == EEXIST)
			return lp_fail(err, LP_CANTCREAT, "%s: exists already", path);
		lp_fail_errno(err, errno, "%s", path);
		err->kind = LP_CANTCREAT;
		return -1;
	}
	close(fd);
	if ((db = db_open_raw(path, SQLITE_OPEN_READWRITE, err)) == NULL)
		return -1;
	if (script(db, "PRAGMA journal_mode = WAL", "WAL", err) == 0 && step_up(db, err) == 0) {
		r = first_rows(db, simulated, seed, now, err);
		if (db_end(db, r == 0, r == 0 ? err : NULL) == -1)
			r = -1;
	}
	if (r == 0)
		db_checkpoint(db);
	db_close(db);
	if (r == -1)
		unlink(path);
	return r;
}

int
db_migrate(const char *path, int *from, int *to, struct lp_err *err)
{
	struct lp_db *db;
	int64_t app = 0, version = 0;
	int r = -1;

	if (access(path, F_OK) == -1)
		return lp_fail(err, LP_NOINPUT, "%s: no such database: `lp-config init` makes one", path);
	if ((db = db_open_raw(path, SQLITE_OPEN_READWRITE, err)) == NULL)
		return -1;
	if (db_int(db, err, &app, "PRAGMA application_id", "") == -1 || db_int(db, err, &version, "PRAGMA user_version", "") == -1)
		goto out;
	*from = (int)version;
	*to = db_schema_version();
	if (app != LP_APPLICATION_ID)
		lp_fail(err, LP_CONFIG, "%s: not a LeadPilot database", path);
	else if (version > *to)
		lp_fail(err, LP_CONFIG, "%s: schema %d is newer than this program's %d: install the newer LeadPilot", path, *from, *to);
	else if (version == *to)
		r = 0;
	else if (step_up(db, err) == 0)
		r = db_end(db, true, err);
out:
	db_close(db);
	return r;
}

int
db_backup(const char *path, const char *to, struct lp_err *err)
{
	struct lp_db *src, *dst = NULL;
	sqlite3_backup *b;
	int fd, rc = SQLITE_ERROR, r = -1;

	if ((src = db_open(path, DB_READ, 0, err)) == NULL)
		return -1;
	if ((fd = open(to, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) == -1) {
		lp_fail_errno(err, errno, "%s", to);
		err->kind = LP_CANTCREAT;
		goto out;
	}
	close(fd);
	if ((dst = db_open_raw(to, SQLITE_OPEN_READWRITE, err)) == NULL)
		goto out;
	if ((b = sqlite3_backup_init(db_raw(dst), "main", db_raw(src), "main")) != NULL) {
		rc = sqlite3_backup_step(b, -1);
		sqlite3_backup_finish(b);
	}
	r = rc == SQLITE_DONE ? 0 : db_error(dst, err, "backup");
out:
	db_close(dst);
	db_close(src);
	if (r == -1 && dst != NULL)
		unlink(to);
	return r;
}
