#include "mail/html_out.h"

#include <stdlib.h>
#include <string.h>

#define QUOTE_MAX 20

void
html_out_init(struct html_out *o)
{
	*o = (struct html_out){ .ends = 2 };
}

static void
newline(struct html_out *o)
{
	if (o->ends < 2) {
		buf_putc(&o->text, '\n');
		o->ends++;
	}
	o->used = o->blank = false;
}

void
html_out_break(struct html_out *o, int lines)
{
	if (o->ends == 0 || o->used)
		newline(o);
	while (o->ends < lines)
		newline(o);
	o->blank = false;
}

void
html_out_line(struct html_out *o)
{
	newline(o);
}

void
html_out_blank(struct html_out *o)
{
	o->blank = o->ends == 0;
}

void
html_out_mark(struct html_out *o, const char *mark)
{
	size_t n = strlen(mark);

	if (n < sizeof(o->mark))
		memcpy(o->mark, mark, n + 1);
}

void
html_out_quote_rest(struct html_out *o)
{
	html_out_break(o, 1);
	o->rest = true;
}

static void
put(struct html_out *o, const char *s, size_t n, int quote, int lists)
{
	if (o->ends > 0) {
		for (int i = quote + o->rest < QUOTE_MAX ? quote + o->rest : QUOTE_MAX; i > 0; i--)
			buf_puts(&o->text, "> ");
		for (int i = lists < QUOTE_MAX ? lists : QUOTE_MAX; i > 1; i--)
			buf_puts(&o->text, "  ");
		buf_puts(&o->text, o->mark);
		o->mark[0] = '\0';
	} else if (o->blank)
		buf_putc(&o->text, ' ');
	buf_add(&o->text, s, n);
	o->ends = 0;
	o->blank = o->used = false;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

void
html_out_text(struct html_out *o, const char *s, size_t n, bool pre, int quote, int lists)
{
	for (const char *end = s + n, *word; s < end; s = word) {
		word = s;
		if (pre && *s == '\n') {
			html_out_line(o);
			word++;
		} else if (pre && (*s == ' ' || *s == '\t')) {
			put(o, s, 1, quote, lists);
			word++;
		} else if (is_space(*s)) {
			o->blank = o->blank || o->ends == 0;
			word++;
		} else if (*s == '\xc2' && s + 1 < end && s[1] == '\xa0') { /* a hard blank */
			if (o->ends > 0)
				o->used = true;
			else
				o->blank = true;
			word += 2;
		} else {
			while (word < end && !is_space(*word) && !(*word == '\xc2' && word + 1 < end && word[1] == '\xa0'))
				word++;
			put(o, s, (size_t)(word - s), quote, lists);
		}
	}
}

/* Lines that say "From: Ada", the first of them at once. */
static bool
is_head(const char *s)
{
	int labels = 0, lines = 0;

	for (; *s != '\0' && lines < 6; lines++) {
		size_t n = strcspn(s, "\n"), colon = strcspn(s, ":\n");

		if (n > 0 && colon < n && colon > 0 && colon < 25)
			labels++;
		else if (labels == 0 && n > 0)
			return false;
		s += n + (s[n] == '\n');
	}
	return labels >= 3;
}

void
html_out_quote_head(struct html_out *o, size_t from)
{
	char *tail;

	if (o->rest || from >= o->text.len || !is_head(o->text.s + from))
		return;
	tail = xstrdup(o->text.s + from);
	o->text.len = from;
	for (const char *s = tail; *s != '\0';) {
		size_t n = strcspn(s, "\n");

		if (n > 0)
			buf_puts(&o->text, "> ");
		n += s[n] == '\n';
		buf_add(&o->text, s, n);
		s += n;
	}
	free(tail);
	o->rest = true;
}

char *
html_out_end(struct html_out *o)
{
	struct buf *b = &o->text;

	while (b->len > 0 && (b->s[b->len - 1] == '\n' || b->s[b->len - 1] == ' '))
		b->s[--b->len] = '\0';
	if (b->len > 0)
		buf_putc(b, '\n');
	return buf_steal(b);
}
