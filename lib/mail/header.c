#include "mail/header.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define FOLD 76      /* columns, RFC 2047's limit for lines with encoded words */
#define WORD_BYTES 63 /* of payload in one encoded word: 75 less "=?utf-8?q?" and "?=" */
#define LONGEST 900  /* an unbroken word over this can't stay raw: 998 is a line's hard limit */

static bool
plain(const char *s)
{
	size_t run = 0;

	for (; *s != '\0'; s++) {
		run = *s == ' ' ? 0 : run + 1;
		if ((unsigned char)*s >= 0x80 || (s[0] == '=' && s[1] == '?') || run > LONGEST)
			return false; /* "=?" as it stands would be read as an encoded word */
	}
	return true;
}

/* Append the words of s to a line that has *col columns, breaking it at single blanks; other blanks stay where they are. */
static void
fold(struct buf *b, const char *s, size_t *col)
{
	while (*s != '\0') {
		size_t blank = strspn(s, " "), n = blank + strcspn(s + blank, " ");

		/* a line of blanks alone may not be: break only where a word follows */
		if (blank > 0 && n > blank && *col > 1 && *col + n > FOLD) {
			buf_putc(b, '\n');
			*col = 0;
		}
		buf_add(b, s, n);
		*col += n;
		s += n;
	}
}

void
header_words(struct buf *b, const char *name, const char *value)
{
	size_t col = strlen(name) + 1;

	buf_printf(b, "%s:", name);
	if (*value != '\0') {
		buf_putc(b, ' ');
		col++;
	}
	fold(b, value, &col);
	buf_putc(b, '\n');
}

/* Bytes that one character of valid UTF-8 takes. */
static size_t
char_len(unsigned char c)
{
	return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

static bool
q_safe(unsigned char c)
{
	/* what RFC 2047 allows in a phrase, the strictest place: one encoder serves both */
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c != 0 && strchr("!*+-/", c) != NULL);
}

static size_t
q_cost(const char *s, size_t n)
{
	size_t cost = 0;

	for (size_t i = 0; i < n; i++)
		cost += q_safe((unsigned char)s[i]) || s[i] == ' ' ? 1 : 3;
	return cost;
}

static void
q_word(struct buf *b, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == ' ')
			buf_putc(b, '_');
		else if (q_safe(c))
			buf_putc(b, (char)c);
		else
			buf_printf(b, "=%02X", c);
	}
}

static void
b_word(struct buf *b, const char *str, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *s = (const unsigned char *)str;

	for (size_t i = 0; i < n; i += 3) {
		unsigned v = (unsigned)s[i] << 16 | (i + 1 < n ? (unsigned)s[i + 1] << 8 : 0) | (i + 2 < n ? s[i + 2] : 0u);
		char four[4] = { digits[v >> 18], digits[v >> 12 & 63], i + 1 < n ? digits[v >> 6 & 63] : '=',
			i + 2 < n ? digits[v & 63] : '=' };

		buf_add(b, four, 4);
	}
}

/* The whole value as encoded words, each a line's length and cut between characters, whichever of Q and B is shorter. */
static void
encode(struct buf *b, const char *s, size_t *col)
{
	size_t len = strlen(s), room, n, cost, step, start;
	bool q = q_cost(s, len) <= (len + 2) / 3 * 4, first = true;

	while (len > 0) {
		room = *col + 14 < FOLD ? FOLD - *col - 12 : 0;
		/* each on a line of its own: the blank between two encoded words is not part of the value. The longest character takes 12 */
		if (room < 12 || !first) {
			buf_puts(b, "\n ");
			*col = 1;
			room = FOLD - 13;
		}
		if (room > WORD_BYTES)
			room = WORD_BYTES;
		for (n = cost = 0; n < len; n += step) {
			step = char_len((unsigned char)s[n]);
			cost = q ? cost + q_cost(s + n, step) : (n + step + 2) / 3 * 4;
			if (cost > room)
				break;
		}
		start = b->len;
		buf_printf(b, "=?utf-8?%c?", q ? 'q' : 'b');
		(q ? q_word : b_word)(b, s, n);
		buf_puts(b, "?=");
		s += n;
		len -= n;
		*col += b->len - start;
		first = false;
	}
}

void
header_text(struct buf *b, const char *name, const char *value)
{
	size_t col = strlen(name) + 2;

	if (plain(value)) {
		header_words(b, name, value);
		return;
	}
	buf_printf(b, "%s: ", name);
	encode(b, value, &col);
	buf_putc(b, '\n');
}

static bool
all_atoms(const char *s)
{
	for (; *s != '\0'; s++)
		if (*s != ' ' && strchr("()<>@,;:\\\".[]", *s) != NULL)
			return false;
	return true;
}

void
header_mailbox(struct buf *b, const char *name, const char *who, const char *address)
{
	size_t col = strlen(name) + 2, start;
	bool encoded;

	buf_printf(b, "%s: ", name);
	if (who == NULL || *who == '\0') {
		buf_printf(b, "%s\n", address);
		return;
	}
	start = b->len;
	encoded = !plain(who) || strlen(who) > 64;
	if (encoded)
		encode(b, who, &col);
	else if (all_atoms(who))
		buf_puts(b, who);
	else {
		buf_putc(b, '"');
		for (; *who != '\0'; who++) {
			if (*who == '"' || *who == '\\')
				buf_putc(b, '\\');
			buf_putc(b, *who);
		}
		buf_putc(b, '"');
	}
	if (!encoded)
		col += b->len - start;
	/* room for the address, or a line of its own */
	buf_printf(b, "%s<%s>\n", col + strlen(address) + 3 > FOLD ? "\n " : " ", address);
}
