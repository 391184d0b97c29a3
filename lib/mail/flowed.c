#include "mail/flowed.h"

#include <string.h>

#include "base/mem.h"

struct line {
	const char *s;
	size_t n, depth;       /* without its quote marks, its stuffed blank and its end; how many marks */
	bool flows, signature;
};

/* The line at s, and where the next one begins. */
static const char *
take(const char *s, struct line *l)
{
	size_t whole = strcspn(s, "\n");

	l->depth = strspn(s, ">");
	if (l->depth > whole)
		l->depth = whole;
	l->s = s + l->depth;
	l->n = whole - l->depth;
	if (l->n > 0 && l->s[l->n - 1] == '\r')
		l->n--;
	/* but the one that keeps words from being a quote goes on doing that */
	if (l->n > 0 && *l->s == ' ' && (l->depth > 0 || l->n == 1 || l->s[1] != '>')) {
		l->s++;
		l->n--;
	}
	l->signature = l->n == 3 && memcmp(l->s, "-- ", 3) == 0;
	l->flows = l->n > 0 && l->s[l->n - 1] == ' ' && !l->signature;
	return s + whole + (s[whole] == '\n');
}

static void
begin(struct buf *out, const struct line *l)
{
	for (size_t i = 0; i < l->depth; i++)
		buf_putc(out, '>');
	if (l->depth > 0 && l->n > 0)
		buf_putc(out, ' ');
}

char *
mail_unflow(const char *s, bool delsp)
{
	struct buf out = { 0 };
	struct line l, before = { 0 };
	bool open = false;     /* the line before goes on here */

	while (*s != '\0') {
		s = take(s, &l);
		/* a line that flows into another depth, or into a signature, was a mistake of its writer: it ends */
		if (open && (l.depth != before.depth || l.signature)) {
			buf_putc(&out, '\n');
			open = false;
		}
		if (!open)
			begin(&out, &l);
		buf_add(&out, l.s, l.n - (l.flows && delsp ? 1 : 0));
		open = l.flows;
		if (!open)
			buf_putc(&out, '\n');
		before = l;
	}
	if (open)
		buf_putc(&out, '\n');
	return buf_steal(&out);
}
