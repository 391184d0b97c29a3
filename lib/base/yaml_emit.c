/* Strings as YAML that every reader takes for that string, also those of YAML 1.1, where 'no' is false and 12:30 is 750. */
#include "base/yaml.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"

/* The length of a character that must be written as an escape, else 0: controls, the other line breaks, the byte order mark. */
static size_t
must_escape(const unsigned char *p)
{
	if ((*p < 0x20 && *p != '\n') || *p == 0x7f)
		return 1;
	if (p[0] == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f)
		return 2;
	if (p[0] == 0xe2 && p[1] == 0x80 && (p[2] == 0xa8 || p[2] == 0xa9))
		return 3;
	if (p[0] == 0xef && ((p[1] == 0xbb && p[2] == 0xbf) || (p[1] == 0xbf && p[2] >= 0xbe)))
		return 3;
	return 0;
}

static bool
any_escape(const char *s)
{
	for (; *s != '\0'; s++)
		if (must_escape((const unsigned char *)s) > 0)
			return true;
	return false;
}

/* Would some reader take it for a number, a date, a truth or nothing? */
static bool
means_something(const char *s)
{
	static const char *const words[] = { "null", "~", "true", "false", "yes", "no", "on", "off", "y", "n", "=", "<<",
		".inf", "-.inf", "+.inf", ".nan", NULL };
	size_t i;

	for (i = 0; words[i] != NULL; i++)
		if (strcasecmp(s, words[i]) == 0)
			return true;
	if (strchr("+-.0123456789", s[0]) == NULL)
		return false;
	return s[strspn(s, "+-.,_:0123456789eETtZz ")] == '\0' || (s[0] == '0' && strchr("xXoObB", s[1]) != NULL);
}

static bool
plain_ok(const char *s, int indent)
{
	size_t n = strlen(s), i;

	if (n == 0 || any_escape(s) || strchr(s, '\n') != NULL || means_something(s))
		return false;
	if (strchr("-?:,[]{}#&*!|>'\"%@` ", s[0]) != NULL || strncmp(s, "...", 3) == 0)
		return false;
	if (s[n - 1] == ' ' || s[n - 1] == ':' || strstr(s, ": ") != NULL || strstr(s, " #") != NULL)
		return false;
	for (i = 0; i < n && indent == 0; i++) /* a key, or inside [ ] or { } */
		if (strchr(",[]{}:", s[i]) != NULL)
			return false;
	return true;
}

/* A literal block can't say everything: no blanks before the first word, no lines of blanks alone, nothing to escape. */
static bool
block_ok(const char *s, int indent)
{
	const char *p, *nl;

	if (indent <= 0 || strchr(s, '\n') == NULL || any_escape(s) || strchr(" \n", s[0]) != NULL)
		return false;
	for (p = s; *p != '\0'; p = nl + (*nl == '\n')) {
		nl = p + strcspn(p, "\n");
		if (nl > p && strspn(p, " ") >= (size_t)(nl - p))
			return false;
	}
	return true;
}

static void
emit_block(struct buf *b, const char *s, int indent)
{
	size_t n = strlen(s);
	const char *p, *nl, *end;

	buf_putc(b, '|');
	if (s[n - 1] != '\n')
		buf_putc(b, '-');
	else if (n > 1 && s[n - 2] == '\n')
		buf_putc(b, '+');
	end = s[n - 1] == '\n' ? s + n - 1 : s + n; /* the caller ends the last line */
	for (p = s; p <= end; p = nl + 1) {
		nl = p + strcspn(p, "\n");
		if (nl > end)
			nl = end;
		buf_putc(b, '\n');
		if (nl > p)
			buf_printf(b, "%*s%.*s", indent, "", (int)(nl - p), p);
	}
}

static void
emit_quoted(struct buf *b, const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	buf_putc(b, '"');
	while (*p != '\0') {
		size_t n = must_escape(p);

		if (*p == '"' || *p == '\\')
			buf_printf(b, "\\%c", *p++);
		else if (*p == '\n' || *p == '\t') {
			buf_puts(b, *p == '\n' ? "\\n" : "\\t");
			p++;
		} else if (n == 1)
			buf_printf(b, "\\x%02X", (unsigned)*p++);
		else if (n == 2) {
			buf_printf(b, "\\x%02X", (unsigned)p[1]);
			p += 2;
		} else if (n == 3) {
			buf_printf(b, "\\u%04X",
			    (unsigned)(p[0] & 0x0f) << 12 | (unsigned)(p[1] & 0x3f) << 6 | (unsigned)(p[2] & 0x3f));
			p += 3;
		} else
			buf_putc(b, (char)*p++);
	}
	buf_putc(b, '"');
}

char *
yaml_emit_str(const char *s, int indent)
{
	struct buf b = { 0 };

	if (plain_ok(s, indent))
		buf_puts(&b, s);
	else if (block_ok(s, indent))
		emit_block(&b, s, indent);
	else
		emit_quoted(&b, s);
	return buf_steal(&b);
}
