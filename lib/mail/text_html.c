#include "mail/text_html.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

static void
put(struct buf *b, const char *s, size_t n)
{
	for (; n-- > 0; s++)
		switch (*s) {
		case '&': buf_puts(b, "&amp;"); break;
		case '<': buf_puts(b, "&lt;"); break;
		case '>': buf_puts(b, "&gt;"); break;
		case '"': buf_puts(b, "&quot;"); break;
		case '\r': break;
		default: buf_putc(b, *s);
		}
}

/* How long the link is that begins here; 0: none does. A sentence's end, or the bracket around it, is none of it. */
static size_t
link_length(const char *s)
{
	size_t n;

	if (strncasecmp(s, "https://", 8) != 0 && strncasecmp(s, "http://", 7) != 0)
		return 0;
	n = strcspn(s, " \t\r\n<>\"");
	while (n > 0 && strchr(".,;:!?)]}'", s[n - 1]) != NULL)
		n--;
	return n > 8 ? n : 0;
}

static void
line(struct buf *b, const char *s, size_t n)
{
	const char *end = s + n, *from = s;
	size_t l;

	while (s < end) {
		/* at the beginning of a word alone */
		l = s == from || strchr(" \t(<[{\"'", s[-1]) != NULL ? link_length(s) : 0;
		if (l == 0) {
			put(b, s++, 1);
			continue;
		}
		buf_puts(b, "<a href=\"");
		put(b, s, l);
		buf_puts(b, "\">");
		put(b, s, l);
		buf_puts(b, "</a>");
		s += l;
	}
}

char *
mail_text_html(const char *text)
{
	struct buf b = { 0 };
	bool open = false;
	size_t n;

	buf_puts(&b, "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>\n");
	for (const char *s = text; *s != '\0'; s += n + (s[n] == '\n')) {
		n = strcspn(s, "\n");
		if (strspn(s, " \t\r") >= n) {
			if (open)
				buf_puts(&b, "</p>\n");
			open = false;
			continue;
		}
		buf_puts(&b, open ? "<br>\n" : "<p>");
		open = true;
		line(&b, s, n);
	}
	buf_puts(&b, open ? "</p>\n</body></html>\n" : "</body></html>\n");
	return buf_steal(&b);
}
