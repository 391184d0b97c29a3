/*
 * csv.h - the rows of a CSV text in memory (UTF-8, see charset.h), over libcsv.  Above base only.
 *
 * A row knows the physical line on which it began, so that an editor's "go to line" finds it.  One bad row doesn't lose the next:
 * the reader says what is wrong with it and goes on.
 */
#ifndef LP_SOURCE_CSV_H
#define LP_SOURCE_CSV_H

#include <stddef.h>

#include "base/err.h"

#define CSV_MAX_ROW ((size_t)1 << 20)    /* bytes of a row, with its quoted newlines */
#define CSV_MAX_FIELDS ((size_t)500)

struct csv_row {
	size_t line;           /* physical line, from 1, on which the row begins */
	size_t n;
	char **field;          /* UTF-8, NUL-terminated; valid until the next csv_next */
};

struct csv_reader;

/* csv_open(text, n, delimiter): the text stays the caller's and must outlive the reader. csv_close(NULL) does nothing. */
struct csv_reader *csv_open(const char *, size_t, char delimiter);
void csv_close(struct csv_reader *);

/*
 * csv_next(r, row, err): 1 and a row; 0 at the end; -1 with LP_DATA for a row that is bad (row->line says where it began; go on
 * with the next): a NUL byte, invalid UTF-8, a row over CSV_MAX_ROW or CSV_MAX_FIELDS, a quote that is never closed (the reader goes on
 * with the line after the one that opened it).  After too many unclosed quotes it gives up and then returns 0.  Blank lines are passed over.
 */
int csv_next(struct csv_reader *, struct csv_row *, struct lp_err *);

/* How much a row looks like a header: the number of column names that are known. */
typedef size_t csv_score(const struct csv_row *, void *ctx);

/* csv_delimiter(text, n, score, ctx): which of comma, semicolon, tab and bar gives the best-scoring header; comma where none scores.
 * A first line "sep=;" (Excel) decides. */
char csv_delimiter(const char *, size_t, csv_score *, void *ctx);

/* csv_header(r, score, ctx, row, err): move to the header and return it: the best-scoring of the first rows, past a "sep=" line and the
 * notes that some exports put above it; the first row where none scores twice. Returns as csv_next; 0 where there is no row at all. */
int csv_header(struct csv_reader *, csv_score *, void *ctx, struct csv_row *, struct lp_err *);

#endif
