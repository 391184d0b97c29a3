/*
 * table.h - aligned columns on standard output, texts of others made safe for a terminal, and instants in a zone, for people to read.
 */
#ifndef LP_BASE_TABLE_H
#define LP_BASE_TABLE_H

#include <stddef.h>

#include "base/mem.h"

#define TABLE_MAX_COLS 12
#define TABLE_TIME_SIZE 20

struct table;

/* table_new(n, heads): n columns, at most TABLE_MAX_COLS. table_row copies its n texts (NULL prints as nothing); line ends, and what a terminal
 * would obey, become spaces. table_print writes heads and rows, each column as wide as its widest text (the last isn't padded; none wider than 48 before
 * the last: what is longer is cut with an ellipsis), and frees the table. A table without rows prints nothing. */
struct table *table_new(size_t n, const char *const *heads);
void table_row(struct table *, const char *const *texts);
void table_print(struct table *);

/* text_obeyed(s): bytes of the character at s that a terminal obeys instead of showing it: C0 (but the tab) and C1 controls, marks and overrides of
 * direction; 0 for any other. */
size_t text_obeyed(const char *);
/* text_safe(out, s, indent): s, each line behind `indent` and ended; what a terminal would obey as '?'. text_line(out, s): all of it on one line, which isn't
 * ended: line ends and tabs as blanks, what else a terminal would obey as '?'. */
void text_safe(struct buf *, const char *s, const char *indent);
void text_line(struct buf *, const char *s);

/* table_width(s): columns on a terminal, counting each character as one and combining ones as none. */
size_t table_width(const char *);

/* table_time(iso, zone, out): "2026-11-22 10:00" on the clock of `zone` for a stored instant; "" for NULL, the text itself where it is none.
 * Returns out. */
char *table_time(const char *iso, const char *zone, char out[TABLE_TIME_SIZE]);

#endif
