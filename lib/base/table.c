#include "base/table.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/tz.h"

enum { CUT = 48 };

struct table {
	size_t cols, rows, width[TABLE_MAX_COLS];
	const char *const *heads;
	char **cell;
};

/* Bytes of the character at s; *wide is 0 for one that stands over the one before. */
static size_t
character(const char *str, size_t *wide)
{
	const unsigned char *s = (const unsigned char *)str;
	size_t n = 1;

	while ((s[n] & 0xc0) == 0x80)
		n++;
	*wide = !((s[0] == 0xcc) || (s[0] == 0xcd && s[1] < 0xb0));
	return n;
}

size_t
table_width(const char *s)
{
	size_t width = 0, wide;

	while (*s != '\0') {
		s += character(s, &wide);
		width += wide;
	}
	return width;
}

struct table *
table_new(size_t n, const char *const *heads)
{
	struct table *t = xcalloc(1, sizeof(*t));
	size_t i;

	t->cols = n;
	t->heads = heads;
	for (i = 0; i < n; i++)
		t->width[i] = table_width(heads[i]);
	return t;
}

size_t
text_obeyed(const char *str)
{
	const unsigned char *s = (const unsigned char *)str;

	if ((s[0] < 0x20 && s[0] != '\t') || s[0] == 0x7f)
		return 1;
	if (s[0] == 0xc2 && s[1] >= 0x80 && s[1] < 0xa0)
		return 2;
	if (s[0] == 0xe2 && s[1] == 0x80 && (s[2] == 0x8e || s[2] == 0x8f || (s[2] >= 0xa8 && s[2] <= 0xae)))
		return 3;
	return s[0] == 0xe2 && s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9 ? 3 : 0;
}

void
text_line(struct buf *out, const char *s)
{
	size_t n;

	for (; *s != '\0'; s += n > 0 ? n : 1) {
		n = text_obeyed(s);
		if (*s == '\n' || *s == '\r' || *s == '\t')
			buf_putc(out, ' ');
		else
			buf_putc(out, n > 0 ? '?' : *s);
	}
}

void
text_safe(struct buf *out, const char *s, const char *indent)
{
	size_t n;

	while (*s != '\0') {
		buf_puts(out, indent);
		for (; *s != '\0' && *s != '\n'; s += n > 0 ? n : 1) {
			n = text_obeyed(s);
			if (s[0] != '\r' || s[1] != '\n')
				buf_putc(out, n > 0 ? '?' : *s);
		}
		buf_putc(out, '\n');
		s += *s == '\n';
	}
}

/* On one line, and no wider than CUT unless it is the last. */
static char *
cell(const char *s, bool last)
{
	struct buf b = { 0 };
	size_t width = table_width(s), at = 0, n, wide;

	for (; *s != '\0'; s += n) {
		n = character(s, &wide);
		if (!last && width > CUT && at + wide > CUT - 1) {
			buf_puts(&b, "\xe2\x80\xa6");
			break;
		}
		at += wide;
		if (text_obeyed(s) > 0 || *s == '\t')
			buf_putc(&b, ' ');
		else
			buf_add(&b, s, n);
	}
	return buf_steal(&b);
}

void
table_row(struct table *t, const char *const *texts)
{
	size_t i, w;

	t->cell = xrealloc(t->cell, (t->rows + 1) * t->cols * sizeof(*t->cell));
	for (i = 0; i < t->cols; i++) {
		char *s = cell(texts[i] != NULL ? texts[i] : "", i + 1 == t->cols);

		t->cell[t->rows * t->cols + i] = s;
		if ((w = table_width(s)) > t->width[i])
			t->width[i] = w;
	}
	t->rows++;
}

static void
put(const struct table *t, size_t col, const char *s)
{
	size_t pad = t->width[col] + 2 - table_width(s);

	fputs(s, stdout);
	while (col + 1 < t->cols && pad-- > 0)
		putchar(' ');
	if (col + 1 == t->cols)
		putchar('\n');
}

void
table_print(struct table *t)
{
	size_t i;

	for (i = 0; t->rows > 0 && i < t->cols; i++)
		put(t, i, t->heads[i]);
	for (i = 0; i < t->rows * t->cols; i++) {
		put(t, i % t->cols, t->cell[i]);
		free(t->cell[i]);
	}
	free(t->cell);
	free(t);
}

char *
table_time(const char *iso, const char *zone, char out[TABLE_TIME_SIZE])
{
	struct tz_civil c;
	char local[LP_ISO_SIZE];
	int64_t ms;

	if (iso == NULL)
		out[0] = '\0';
	else if (lp_iso_parse(iso, &ms, NULL) == -1 || tz_local(zone, ms, &c, NULL) == -1)
		snprintf(out, TABLE_TIME_SIZE, "%.16s", iso);
	else {
		lp_iso(ms + c.offset_s * LP_SECOND, local);
		local[10] = ' ';
		snprintf(out, TABLE_TIME_SIZE, "%.16s", local);
	}
	return out;
}
