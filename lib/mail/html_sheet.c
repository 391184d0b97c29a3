/* html_sheet.c - <style>: which of its rules are for an element. */
#include "mail/html_int.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

#define RULES_MAX 200

struct html_rule {
	char *selector;        /* one compound: "div.a#b" */
	char *css;
};

static const char *
skip_space(const char *s, const char *end)
{
	while (s < end && isspace((unsigned char)*s))
		s++;
	return s;
}

/* Comments out, and the marks that hid a sheet from browsers without any. */
static char *
uncommented(const char *s, size_t n)
{
	struct buf b = { 0 };

	for (size_t i = 0; i < n; i++) {
		if (s[i] == '/' && i + 1 < n && s[i + 1] == '*') {
			for (i += 2; i + 1 < n && !(s[i] == '*' && s[i + 1] == '/'); i++)
				;
			i++;
			buf_putc(&b, ' ');
		} else if (n - i >= 4 && memcmp(s + i, "<!--", 4) == 0)
			i += 3;
		else if (n - i >= 3 && memcmp(s + i, "-->", 3) == 0)
			i += 2;
		else
			buf_putc(&b, s[i]);
	}
	return buf_steal(&b);
}

/* Behind the '}' that ends the block which begins before s. */
static const char *
block_end(const char *s, const char *end)
{
	int depth = 1;

	for (; s < end && depth > 0; s++)
		depth += *s == '{' ? 1 : *s == '}' ? -1 : 0;
	return s;
}

static bool
hides(const char *s, size_t n)
{
	static const char *const words[] = { "display", "visibility", "opacity", "font-size", "color", "background", "mso-hide", "height", "width",
		"position", "indent", "clip", "margin", "overflow", "transform" };

	for (const char *end = s + n; s < end; s++)
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if ((size_t)(end - s) >= strlen(words[i]) && strncasecmp(s, words[i], strlen(words[i])) == 0)
				return true;
	return false;
}

/* One selector of a list: its last compound, where that can be judged by the element alone. */
static void
add_rule(struct html_sheet *sheet, const char *s, const char *end, const char *css, size_t n)
{
	const char *last;
	bool inside;

	while (end > s && isspace((unsigned char)end[-1]))
		end--;
	s = skip_space(s, end);
	for (last = end; last > s && strchr(" \t\r\n>+~", last[-1]) == NULL; last--)
		;
	inside = last > s;
	if (sheet->n == RULES_MAX || last == end || memchr(last, ':', (size_t)(end - last)) != NULL ||
	    memchr(last, '[', (size_t)(end - last)) != NULL ||
	    (inside && memchr(last, '.', (size_t)(end - last)) == NULL && memchr(last, '#', (size_t)(end - last)) == NULL))
		return;
	sheet->list = xrealloc(sheet->list, (sheet->n + 1) * sizeof(*sheet->list));
	sheet->list[sheet->n].selector = xstrndup(last, (size_t)(end - last));
	sheet->list[sheet->n++].css = xstrndup(css, n);
}

/* For every screen? What is for those of some width only hides nothing from the others. */
static bool
general(const char *s, const char *open)
{
	size_t n = (size_t)(open - s);

	if (n < 6 || strncasecmp(s, "@media", 6) != 0 || memchr(s, '(', n) != NULL)
		return false;
	for (; s < open; s++)
		if (strncasecmp(s, "print", 5) == 0 || strncasecmp(s, "not ", 4) == 0)
			return false;
	return true;
}

void
html_sheet_add(struct html_sheet *sheet, const char *css, size_t n)
{
	char *text = uncommented(css, n);
	const char *s = text, *end = text + strlen(text), *open, *close;

	while ((s = skip_space(s, end)) < end && sheet->n < RULES_MAX) {
		if (*s == '}') { /* of an @media whose rules were read */
			s++;
			continue;
		}
		if ((open = memchr(s, '{', (size_t)(end - s))) == NULL)
			break;
		if (*s == '@' && (close = memchr(s, ';', (size_t)(open - s))) != NULL) { /* @import */
			s = close + 1;
			continue;
		}
		if (*s == '@') {
			s = general(s, open) ? open + 1 : block_end(open + 1, end);
			continue;
		}
		if ((close = memchr(open, '}', (size_t)(end - open))) == NULL)
			close = end;
		if (hides(open + 1, (size_t)(close - open - 1)))
			for (const char *comma; s < open; s = comma + 1) {
				if ((comma = memchr(s, ',', (size_t)(open - s))) == NULL)
					comma = open;
				add_rule(sheet, s, comma, open + 1, (size_t)(close - open - 1));
			}
		s = close < end ? close + 1 : end;
	}
	free(text);
}

void
html_sheet_clear(struct html_sheet *sheet)
{
	for (size_t i = 0; i < sheet->n; i++) {
		free(sheet->list[i].selector);
		free(sheet->list[i].css);
	}
	free(sheet->list);
	*sheet = (struct html_sheet){ 0 };
}

/* Is the word one of the blank-separated, in any case? */
static bool
html_has_class(const char *list, const char *word, size_t n)
{
	for (size_t len; *(list += strspn(list, " \t\r\n")) != '\0'; list += len) {
		len = strcspn(list, " \t\r\n");
		if (len == n && strncasecmp(list, word, n) == 0)
			return true;
	}
	return false;
}

static bool
matches(const char *s, const char *tag, const char *class, const char *id)
{
	size_t n = strcspn(s, ".#");

	if (n > 0 && !(n == 1 && *s == '*') && !(strlen(tag) == n && strncasecmp(s, tag, n) == 0))
		return false;
	for (s += n; *s != '\0'; s += n) {
		const char *word = s + 1;

		n = 1 + strcspn(word, ".#");
		if (*s == '.' ? class == NULL || !html_has_class(class, word, n - 1)
		              : id == NULL || strlen(id) != n - 1 || strncasecmp(id, word, n - 1) != 0)
			return false;
	}
	return true;
}

void
html_sheet_match(const struct html_sheet *sheet, const char *tag, const char *const *atts, void (*fn)(void *, const char *, size_t), void *arg)
{
	const char *class, *id;

	if (sheet->n == 0)
		return;
	class = html_attribute(atts, "class");
	id = html_attribute(atts, "id");
	for (size_t i = 0; i < sheet->n; i++)
		if (matches(sheet->list[i].selector, tag, class, id))
			fn(arg, sheet->list[i].css, strlen(sheet->list[i].css));
}
