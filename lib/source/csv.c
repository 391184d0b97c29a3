#include "source/csv.h"

#include <csv.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"

#define HEADER_ROWS 30       /* how far down a header may stand */
#define HEADER_BYTES ((size_t)1 << 17)
#define MAX_UNCLOSED 100     /* each one costs a second look at up to CSV_MAX_ROW bytes */
#define BLOCK ((size_t)1 << 16) /* the parser's buffer grows by so much each time: with its own 128 a long cell takes quadratic time */

struct csv_reader {
	struct csv_parser p;
	const char *s, *end, *at;
	size_t line;             /* of `at` */
	const char *row_at;      /* where the row being read began, NULL between rows */
	size_t row_line;
	char delimiter;
	bool ended;              /* the parser reported the end of the row */
	unsigned unclosed;
	struct buf data;         /* the fields, each with its NUL */
	size_t *offset, n, cap;  /* into data; n also counts those beyond CSV_MAX_FIELDS */
	char **field;
};

static void
on_field(void *s, size_t len, void *arg)
{
	struct csv_reader *r = arg;

	if (r->n++ >= CSV_MAX_FIELDS)
		return;
	if (r->n > r->cap) {
		r->cap = r->cap > 0 ? 2 * r->cap : 32;
		r->offset = xrealloc(r->offset, r->cap * sizeof(*r->offset));
	}
	r->offset[r->n - 1] = r->data.len;
	buf_add(&r->data, s, len);
	buf_putc(&r->data, '\0');
}

static void
on_row(int c, void *arg)
{
	struct csv_reader *r = arg;

	(void)c;
	r->ended = true;
}

/* Between rows. */
static void
clear_row(struct csv_reader *r)
{
	r->row_at = NULL;
	r->ended = false;
	r->n = 0;
	buf_reset(&r->data);
}

/* Out of the middle of a row. */
static void
restart(struct csv_reader *r)
{
	csv_free(&r->p);
	if (csv_init(&r->p, 0) != 0)
		abort(); /* it fails on a NULL parser only */
	csv_set_delim(&r->p, (unsigned char)r->delimiter);
	csv_set_blk_size(&r->p, BLOCK);
	clear_row(r);
}

struct csv_reader *
csv_open(const char *s, size_t n, char delimiter)
{
	struct csv_reader *r = xcalloc(1, sizeof(*r));

	r->s = r->at = s;
	r->end = s + n;
	r->line = 1;
	r->delimiter = delimiter;
	restart(r);
	return r;
}

void
csv_close(struct csv_reader *r)
{
	if (r == NULL)
		return;
	csv_free(&r->p);
	buf_free(&r->data);
	free(r->offset);
	free(r->field);
	free(r);
}

/* The byte after the physical line at s: after LF, or after a CR that no LF follows. */
static const char *
line_end(const char *s, const char *end)
{
	const char *lf = memchr(s, '\n', (size_t)(end - s)), *stop = lf != NULL ? lf : end, *cr = s;

	while ((cr = memchr(cr, '\r', (size_t)(stop - cr))) != NULL) {
		cr++;
		if (cr != lf)
			return cr;
	}
	return lf != NULL ? lf + 1 : end;
}

static bool
blank(const struct csv_reader *r, const char *s, const char *end)
{
	for (; s < end; s++)
		if ((*s != ' ' && *s != '\t' && *s != '\r' && *s != '\n') || *s == r->delimiter)
			return false;
	return true;
}

/* The row's quote never closes: read on after the line that opened it, for the rest of the file isn't one cell. */
static int
unclosed(struct csv_reader *r, struct lp_err *err)
{
	r->at = line_end(r->row_at, r->end);
	r->line = r->row_line + 1;
	restart(r);
	if (++r->unclosed < MAX_UNCLOSED)
		return lp_fail(err, LP_DATA, "a quote opens in this row and is never closed");
	r->at = r->end;
	return lp_fail(err, LP_DATA, "a quote opens in this row and is never closed, as in %d before it; the rest is not read",
	    MAX_UNCLOSED - 1);
}

/* Feed lines until a row has ended. As csv_next. */
static int
gather(struct csv_reader *r, struct lp_err *err)
{
	const char *stop;

	while (!r->ended && r->at < r->end) {
		stop = line_end(r->at, r->end);
		if (r->row_at == NULL) {
			if (blank(r, r->at, stop)) {
				r->at = stop;
				r->line++;
				continue;
			}
			r->row_at = r->at;
			r->row_line = r->line;
		}
		if ((size_t)(stop - r->row_at) > CSV_MAX_ROW) {
			if (r->at != r->row_at)
				return unclosed(r, err);
			restart(r);
			r->at = stop;
			r->line++;
			return lp_fail(err, LP_DATA, "row longer than %zu bytes", CSV_MAX_ROW);
		}
		csv_parse(&r->p, r->at, (size_t)(stop - r->at), on_field, on_row, r);
		r->at = stop;
		r->line++;
	}
	if (r->ended)
		return 1;
	if (r->row_at == NULL)
		return 0;
	/* the last line has no newline, or a quote is open: strict mode, which refuses more than that elsewhere, tells the two apart */
	csv_set_opts(&r->p, CSV_STRICT | CSV_STRICT_FINI);
	if (csv_fini(&r->p, on_field, on_row, r) != 0)
		return unclosed(r, err);
	csv_set_opts(&r->p, 0);
	return r->ended ? 1 : 0;
}

int
csv_next(struct csv_reader *r, struct csv_row *row, struct lp_err *err)
{
	size_t i;
	int got;

	clear_row(r);
	got = gather(r, err);
	row->line = r->row_line;
	row->n = 0;
	if (got != 1)
		return got;
	if (r->n > CSV_MAX_FIELDS)
		return lp_fail(err, LP_DATA, "more than %zu columns", CSV_MAX_FIELDS);
	r->field = xrealloc(r->field, r->cap * sizeof(*r->field));
	for (i = 0; i < r->n; i++) {
		size_t len = (i + 1 < r->n ? r->offset[i + 1] : r->data.len) - r->offset[i] - 1;

		r->field[i] = r->data.s + r->offset[i];
		if (memchr(r->field[i], '\0', len) != NULL)
			return lp_fail(err, LP_DATA, "NUL byte in column %zu", i + 1);
		if (!utf8_ok(r->field[i], len))
			return lp_fail(err, LP_DATA, "invalid UTF-8 in column %zu", i + 1);
	}
	row->n = r->n;
	row->field = r->field;
	return 1;
}

/* Excel's own first line, "sep=;". Returns the delimiter, or 0. */
static char
excel_sep(const char *s, size_t n)
{
	size_t at = n > 0 && s[0] == '"';

	if (n < at + 5 || memcmp(s + at, "sep=", 4) != 0 || s[at + 4] == '\0' || s[at + 4] == '"')
		return 0;
	if (n > at + 5 && strchr("\r\n\"", s[at + 5]) == NULL)
		return 0;
	return s[at + 4];
}

/* The best row of the first HEADER_ROWS, which lie in the first HEADER_BYTES; *line is where it stands. */
static size_t
best_row(const char *s, size_t len, char delimiter, csv_score *score, void *ctx, size_t *line)
{
	struct csv_reader *r = csv_open(s, len < HEADER_BYTES ? len : HEADER_BYTES, delimiter);
	struct csv_row row;
	size_t best = 0, n, i;
	int got;

	*line = 0;
	for (i = 0; i < HEADER_ROWS && (got = csv_next(r, &row, NULL)) != 0; i++) {
		n = got == 1 ? score(&row, ctx) : 0;
		/* one known word can stand in a note or in the data; a first row is a header all the same */
		if (n > best && (n > 1 || i == 0)) {
			best = n;
			*line = row.line;
		}
	}
	csv_close(r);
	return best;
}

char
csv_delimiter(const char *s, size_t n, csv_score *score, void *ctx)
{
	static const char candidates[] = ",;\t|";
	char best = excel_sep(s, n);
	size_t most = 0, got, line;
	const char *c;

	if (best != 0)
		return best;
	best = ',';
	for (c = candidates; *c != '\0'; c++) {
		got = best_row(s, n, *c, score, ctx, &line);
		if (got > most) {
			most = got;
			best = *c;
		}
	}
	return best;
}

int
csv_header(struct csv_reader *r, csv_score *score, void *ctx, struct csv_row *row, struct lp_err *err)
{
	bool sep = excel_sep(r->s, (size_t)(r->end - r->s)) != 0;
	size_t line;
	int got;

	best_row(r->s, (size_t)(r->end - r->s), r->delimiter, score, ctx, &line);
	if (line == 0)
		line = sep ? 2 : 1;
	while ((got = csv_next(r, row, err)) != 0)
		if (row->line >= line)
			break;
	return got;
}
