/*
 * Statements: prepared once, bound by letters, stepped.  Part of db.h.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "store/db_int.h"

static sqlite3_stmt *
prepared(struct lp_db *db, const char *sql, struct lp_err *err)
{
	size_t i = ((uintptr_t)sql >> 3) * 2654435761u % STMTS;

	for (; db->stmts[i].sql != NULL; i = (i + 1) % STMTS)
		if (db->stmts[i].sql == sql)
			return db->stmts[i].st;
	if (db->nstmts >= STMTS - 1) {
		lp_fail(err, LP_BUG, "too many statements");
		return NULL;
	}
	if (sqlite3_prepare_v3(db->h, sql, -1, SQLITE_PREPARE_PERSISTENT, &db->stmts[i].st, NULL) != SQLITE_OK) {
		db_error(db, err, "prepare");
		return NULL;
	}
	db->stmts[i].sql = sql;
	db->nstmts++;
	return db->stmts[i].st;
}

static int
bind_time(sqlite3_stmt *st, int i, int64_t ms)
{
	char iso[LP_ISO_SIZE];

	return sqlite3_bind_text(st, i, lp_iso(ms, iso), -1, SQLITE_TRANSIENT);
}

static int
bind(sqlite3_stmt *st, const char *types, va_list ap)
{
	const char *s;
	const void *p;
	int64_t v;
	int i, rc = SQLITE_OK;

	for (i = 1; *types != '\0' && rc == SQLITE_OK; types++, i++)
		switch (*types) {
		case 'i':
			rc = sqlite3_bind_int(st, i, va_arg(ap, int));
			break;
		case 'I':
			rc = sqlite3_bind_int64(st, i, va_arg(ap, int64_t));
			break;
		case 'n':
			v = va_arg(ap, int64_t);
			rc = v != 0 ? sqlite3_bind_int64(st, i, v) : sqlite3_bind_null(st, i);
			break;
		case 'd':
			rc = sqlite3_bind_double(st, i, va_arg(ap, double));
			break;
		case 's':
			s = va_arg(ap, const char *);
			rc = s != NULL ? sqlite3_bind_text(st, i, s, -1, SQLITE_STATIC) : sqlite3_bind_null(st, i);
			break;
		case 't':
			rc = bind_time(st, i, va_arg(ap, int64_t));
			break;
		case 'T':
			v = va_arg(ap, int64_t);
			rc = v != 0 ? bind_time(st, i, v) : sqlite3_bind_null(st, i);
			break;
		case 'b':
			p = va_arg(ap, const void *);
			rc = sqlite3_bind_blob64(st, i, p, va_arg(ap, size_t), SQLITE_STATIC);
			break;
		default:
			rc = SQLITE_MISUSE;
		}
	return rc;
}

static sqlite3_stmt *
vquery(struct lp_db *db, struct lp_err *err, const char *sql, const char *types, va_list ap)
{
	sqlite3_stmt *st = prepared(db, sql, err);

	if (st == NULL)
		return NULL;
	if (sqlite3_stmt_busy(st)) {
		lp_fail(err, LP_BUG, "statement used while it is being read: %.60s", sql);
		return NULL;
	}
	if (bind(st, types, ap) != SQLITE_OK) {
		lp_fail(err, LP_BUG, "cannot bind '%s' to: %.60s", types, sql);
		return NULL;
	}
	return st;
}

sqlite3_stmt *
db_query(struct lp_db *db, struct lp_err *err, const char *sql, const char *types, ...)
{
	sqlite3_stmt *st;
	va_list ap;

	va_start(ap, types);
	st = vquery(db, err, sql, types, ap);
	va_end(ap);
	return st;
}

int
db_step(struct lp_db *db, sqlite3_stmt *st, struct lp_err *err)
{
	int rc = sqlite3_step(st);

	if (rc == SQLITE_ROW)
		return 1;
	if (rc == SQLITE_DONE) {
		sqlite3_reset(st);
		return 0;
	}
	db_error(db, err, "query");
	sqlite3_reset(st);
	return -1;
}

void
db_done(sqlite3_stmt *st)
{
	sqlite3_reset(st);
}

int
db_exec(struct lp_db *db, struct lp_err *err, const char *sql, const char *types, ...)
{
	sqlite3_stmt *st;
	va_list ap;
	int r;

	va_start(ap, types);
	st = vquery(db, err, sql, types, ap);
	va_end(ap);
	if (st == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1)
		;
	return r == -1 ? -1 : sqlite3_changes(db->h);
}

/* The first row's first column, the statement run to its end: a RETURNING is only then done. */
static int
first(struct lp_db *db, sqlite3_stmt *st, int64_t *v, char **s, struct lp_err *err)
{
	int r, got;

	if (st == NULL)
		return -1;
	got = r = db_step(db, st, err);
	if (r == 1 && v != NULL)
		*v = db_int64(st, 0);
	if (r == 1 && s != NULL)
		*s = xstrdup(db_text(st, 0));
	while (r == 1)
		r = db_step(db, st, err);
	if (r == -1 && got == 1 && s != NULL) {
		free(*s);
		*s = NULL;
	}
	return r == -1 ? -1 : got;
}

int
db_int(struct lp_db *db, struct lp_err *err, int64_t *v, const char *sql, const char *types, ...)
{
	sqlite3_stmt *st;
	va_list ap;

	va_start(ap, types);
	st = vquery(db, err, sql, types, ap);
	va_end(ap);
	return first(db, st, v, NULL, err);
}

int
db_str(struct lp_db *db, struct lp_err *err, char **v, const char *sql, const char *types, ...)
{
	sqlite3_stmt *st;
	va_list ap;

	va_start(ap, types);
	st = vquery(db, err, sql, types, ap);
	va_end(ap);
	return first(db, st, NULL, v, err);
}

int64_t
db_last_id(struct lp_db *db)
{
	return sqlite3_last_insert_rowid(db->h);
}

const char *
db_text(sqlite3_stmt *st, int col)
{
	return (const char *)sqlite3_column_text(st, col);
}

int64_t
db_int64(sqlite3_stmt *st, int col)
{
	return sqlite3_column_int64(st, col);
}

double
db_double(sqlite3_stmt *st, int col)
{
	return sqlite3_column_double(st, col);
}

bool
db_null(sqlite3_stmt *st, int col)
{
	return sqlite3_column_type(st, col) == SQLITE_NULL;
}

void
db_copy(sqlite3_stmt *st, int col, char *out, size_t size)
{
	const char *s = db_text(st, col);

	snprintf(out, size, "%s", s != NULL ? s : "");
}

int64_t
db_time(sqlite3_stmt *st, int col)
{
	const char *s = db_text(st, col);
	int64_t ms;

	return s != NULL && lp_iso_parse(s, &ms, NULL) == 0 ? ms : 0;
}
