/* html.c - the words of an HTML body, by one pass over its bytes: no tree, no recursion, nothing is fetched. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "mail/html.h"

struct src {
	const char *s, *end;
};

static bool
starts(const struct src *in, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(in->end - in->s) >= n && strncasecmp(in->s, word, n) == 0;
}

static void
skip_past(struct src *in, const char *word)
{
	size_t n = strlen(word);

	for (; (size_t)(in->end - in->s) >= n; in->s++)
		if (strncasecmp(in->s, word, n) == 0) {
			in->s += n;
			return;
		}
	in->s = in->end;
}

/* Behind the '>' of a tag, which may stand in a quoted attribute and then isn't it. */
static void
skip_tag(struct src *in)
{
	char quote = 0;

	for (; in->s < in->end; in->s++) {
		if (quote != 0)
			quote = *in->s == quote ? 0 : quote;
		else if (*in->s == '"' || *in->s == '\'')
			quote = *in->s;
		else if (*in->s == '>') {
			in->s++;
			return;
		}
	}
}

static void
newline(struct buf *out)
{
	while (out->len > 0 && out->s[out->len - 1] == ' ')
		out->s[--out->len] = '\0';
	if (out->len > 0 && !(out->len > 1 && out->s[out->len - 1] == '\n' && out->s[out->len - 2] == '\n'))
		buf_putc(out, '\n');
}

static void
put_char(struct buf *out, uint32_t c)
{
	char u[4];
	size_t n;

	if (c == 0xa0)
		c = ' ';
	if (c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0xd800 && c < 0xe000) || c > 0x10ffff)
		return;
	if (c == ' ') {
		if (out->len > 0 && out->s[out->len - 1] != ' ' && out->s[out->len - 1] != '\n')
			buf_putc(out, ' ');
		return;
	}
	if (c < 0x80) {
		u[0] = (char)c;
		n = 1;
	} else if (c < 0x800) {
		u[0] = (char)(0xc0 | c >> 6);
		n = 2;
	} else if (c < 0x10000) {
		u[0] = (char)(0xe0 | c >> 12);
		n = 3;
	} else {
		u[0] = (char)(0xf0 | c >> 18);
		n = 4;
	}
	for (size_t i = 1; i < n; i++)
		u[i] = (char)(0x80 | (c >> 6 * (n - 1 - i) & 0x3f));
	buf_add(out, u, n);
}

static void
entity(struct src *in, struct buf *out)
{
	static const struct {
		const char *name;
		uint32_t c;
	} names[] = { { "amp;", '&' }, { "lt;", '<' }, { "gt;", '>' }, { "quot;", '"' }, { "apos;", '\'' }, { "nbsp;", ' ' },
		{ "euro;", 0x20ac }, { "ndash;", 0x2013 }, { "mdash;", 0x2014 }, { "hellip;", 0x2026 }, { "rsquo;", 0x2019 },
		{ "lsquo;", 0x2018 }, { "rdquo;", 0x201d }, { "ldquo;", 0x201c }, { "auml;", 0xe4 }, { "ouml;", 0xf6 },
		{ "uuml;", 0xfc }, { "Auml;", 0xc4 }, { "Ouml;", 0xd6 }, { "Uuml;", 0xdc }, { "szlig;", 0xdf }, { "eacute;", 0xe9 },
		{ "egrave;", 0xe8 }, { "agrave;", 0xe0 }, { "ccedil;", 0xe7 } };
	size_t left, i;
	uint32_t c = 0;
	int base = 10;

	in->s++; /* the & */
	left = (size_t)(in->end - in->s);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (left >= strlen(names[i].name) && strncmp(in->s, names[i].name, strlen(names[i].name)) == 0) {
			in->s += strlen(names[i].name);
			put_char(out, names[i].c);
			return;
		}
	if (left < 3 || in->s[0] != '#') {
		buf_putc(out, '&');
		return;
	}
	in->s++;
	if (*in->s == 'x' || *in->s == 'X') {
		base = 16;
		in->s++;
	}
	for (i = 0; in->s < in->end && i < 8; in->s++, i++) {
		char d = *in->s;

		if (d >= '0' && d <= '9')
			c = c * (uint32_t)base + (uint32_t)(d - '0');
		else if (base == 16 && ((d >= 'a' && d <= 'f') || (d >= 'A' && d <= 'F')))
			c = c * 16 + (uint32_t)((d | 0x20) - 'a' + 10);
		else
			break;
	}
	if (in->s < in->end && *in->s == ';')
		in->s++;
	put_char(out, c);
}

static void
tag(struct src *in, struct buf *out)
{
	static const char *const silent[][2] = { { "<script", "</script" }, { "<style", "</style" }, { "<head", "</head" },
		{ "<title", "</title" } };
	static const char *const blocks[] = { "<br", "<p", "</p", "<div", "</div", "<tr", "<li", "<h1", "<h2", "<h3", "</h", "<hr",
		"<blockquote", "</blockquote", "<table", "</table", "</ul", "</ol" };
	bool block = false;
	size_t i;

	if (starts(in, "<!--")) {
		skip_past(in, "-->");
		return;
	}
	for (i = 0; i < sizeof(silent) / sizeof(silent[0]); i++)
		if (starts(in, silent[i][0]) && !starts(in, "<header"))
			skip_past(in, silent[i][1]);
	for (i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		block = block || starts(in, blocks[i]);
	if (block)
		newline(out);
	else if (starts(in, "<td") || starts(in, "<th"))
		put_char(out, ' ');
	if (in->s < in->end)
		skip_tag(in);
}

char *
mail_html_text(const char *html, size_t n)
{
	struct src in = { html, html + n };
	struct buf out = { 0 };

	while (in.s < in.end) {
		if (*in.s == '<' && in.s + 1 < in.end && strchr("/!?", in.s[1]) == NULL &&
		    !((in.s[1] | 0x20) >= 'a' && (in.s[1] | 0x20) <= 'z')) {
			buf_putc(&out, *in.s++); /* "a < b" */
		} else if (*in.s == '<')
			tag(&in, &out);
		else if (*in.s == '&')
			entity(&in, &out);
		else if (*in.s == ' ' || *in.s == '\n' || *in.s == '\r' || *in.s == '\t') {
			put_char(&out, ' ');
			in.s++;
		} else
			buf_putc(&out, *in.s++);
	}
	while (out.len > 0 && (out.s[out.len - 1] == '\n' || out.s[out.len - 1] == ' '))
		out.s[--out.len] = '\0';
	newline(&out);
	return buf_steal(&out);
}
