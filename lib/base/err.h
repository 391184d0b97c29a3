/*
 * err.h - how a function says that it failed.  Lowest layer: includes nothing of ours.
 *
 * A function that can fail takes a struct lp_err * last, sets it once and returns -1 or NULL; it never
 * prints.  main prints.  Messages: lower case, no full stop, the failure first, names in single quotes,
 * and what to do where that isn't plain.  The kinds are the exit statuses of sysexits(3).
 */
#ifndef LP_BASE_ERR_H
#define LP_BASE_ERR_H

enum lp_kind {
	LP_OK = 0,
	LP_NO = 1,            /* a clean "no": not found, not matched */
	LP_USAGE = 64,        /* the command line is off */
	LP_DATA = 65,         /* this piece of input is bad; the rest may be fine */
	LP_NOINPUT = 66,      /* no such input file */
	LP_UNAVAILABLE = 69,  /* a service refused */
	LP_BUG = 70,
	LP_CANTCREAT = 73,
	LP_IO = 74,
	LP_TEMP = 75,         /* locked, disk full, time-out: try again */
	LP_NOPERM = 77,
	LP_CONFIG = 78        /* set-up: fix it, trying again won't help */
};

struct lp_err {
	enum lp_kind kind;
	char msg[1024];       /* one line, control characters replaced */
};

/* lp_fail(err, kind, fmt, ...): fill *err (which may be NULL) and return -1, so that `return lp_fail(...)` reads well. */
int lp_fail(struct lp_err *, enum lp_kind, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* lp_fail_errno(err, errnum, fmt, ...): the same for a system call; the kind follows from the errno (ENOSPC is LP_TEMP,
 * ENOENT LP_NOINPUT, EACCES LP_NOPERM, else LP_IO) and ": strerror" is added. */
int lp_fail_errno(struct lp_err *, int errnum, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* lp_err_prefix(err, fmt, ...): put "PREFIX: " in front of a message on its way up. Returns -1. */
int lp_err_prefix(struct lp_err *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
