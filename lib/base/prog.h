/*
 * prog.h - what every program does the same way: its name, its options, its messages, its end.
 */
#ifndef LP_BASE_PROG_H
#define LP_BASE_PROG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* lp_init(argv0): remember the program's name, set malloc up for SQLite's temporary tables, see that file descriptors 0-2
 * are open, take UTF-8 as it comes, and check at exit that standard output was really written (else status 74). */
void lp_init(const char *argv0);

/* One line "PROG: message" on standard error, in one write. */
void lp_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void lp_die(const struct lp_err *);                      /* prints err->msg, exits err->kind */
_Noreturn void lp_dief(enum lp_kind, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* lp_usage(usage): "usage: ..." on standard error, exit 64. lp_help prints it with `help` (the man page's name and the verbs)
 * on standard output and exits 0. The usage string equals the SYNOPSIS of the man page. */
_Noreturn void lp_usage(const char *usage);
_Noreturn void lp_help(const char *usage, const char *help);
_Noreturn void lp_version(void);

/* lp_num(text, least, most, what): a whole number in the range, or usage exit that names `what`. */
int64_t lp_num(const char *text, int64_t least, int64_t most, const char *what);

/* Quiet, verbose: set by -q and -v, read by whoever says something. lp_said(fmt): a line on standard output about a change,
 * printed only where standard output is a terminal or -v is given (nothing in cron or a pipe). */
extern bool lp_quiet, lp_verbose;
void lp_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* lp_did_you_mean(word, candidates): the nearest of a NULL-terminated list by edit distance, or NULL where none is near. */
const char *lp_did_you_mean(const char *word, const char *const *candidates);

/* lp_flush_out(err): flush standard output now; -1 with LP_IO where the reader is gone or the disk is full. */
int lp_flush_out(struct lp_err *);

#endif
