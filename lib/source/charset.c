#include "source/charset.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define REPLACEMENT 0xfffdUL

/* 0x80 to 0x9f of Windows-1252; the five bytes it leaves undefined are the C1 controls of the same number, as browsers read them. */
static const unsigned short high[32] = {
	0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008d,
	0x017d, 0x008f, 0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a,
	0x0153, 0x009d, 0x017e, 0x0178
};

const char *
charset_name(enum charset cs)
{
	static const char *const names[] = { "UTF-8", "UTF-16LE", "UTF-16BE", "Windows-1252" };

	return names[cs];
}

/* One character as UTF-8; U+FFFD for what is none. */
static void
charset_put(struct buf *b, unsigned long c)
{
	char u[4];
	size_t n;

	if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		c = REPLACEMENT;
	if (c < 0x80) {
		u[0] = (char)c;
		n = 1;
	} else if (c < 0x800) {
		u[0] = (char)(0xc0 | c >> 6);
		u[1] = (char)(0x80 | (c & 0x3f));
		n = 2;
	} else if (c < 0x10000) {
		u[0] = (char)(0xe0 | c >> 12);
		u[1] = (char)(0x80 | (c >> 6 & 0x3f));
		u[2] = (char)(0x80 | (c & 0x3f));
		n = 3;
	} else {
		u[0] = (char)(0xf0 | c >> 18);
		u[1] = (char)(0x80 | (c >> 12 & 0x3f));
		u[2] = (char)(0x80 | (c >> 6 & 0x3f));
		u[3] = (char)(0x80 | (c & 0x3f));
		n = 4;
	}
	buf_add(b, u, n);
}

/* Bytes of the well-formed sequence at s, or 0. */
static size_t
sequence(const unsigned char *s, const unsigned char *end)
{
	size_t n, i;

	if (*s < 0x80)
		return 1;
	if (*s >= 0xc2 && *s <= 0xdf)
		n = 2;
	else if (*s >= 0xe0 && *s <= 0xef)
		n = 3;
	else if (*s >= 0xf0 && *s <= 0xf4)
		n = 4;
	else
		return 0;
	if ((size_t)(end - s) < n)
		return 0;
	for (i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((*s == 0xe0 && s[1] < 0xa0) || (*s == 0xed && s[1] > 0x9f) || (*s == 0xf0 && s[1] < 0x90) ||
	    (*s == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

/* UTF-8 unless what is broken outweighs what is whole: one damaged row must not turn all the others into mojibake. */
static bool
is_utf8(const struct buf *t)
{
	const unsigned char *s = (const unsigned char *)t->s, *end = s + t->len;
	size_t good = 0, bad = 0, n;

	while (s < end) {
		n = sequence(s, end);
		if (n == 0)
			bad++;
		else if (n > 1)
			good++;
		s += n > 0 ? n : 1;
	}
	return bad == 0 || good > bad;
}

static void
drop(struct buf *t, size_t n)
{
	t->len -= n;
	memmove(t->s, t->s + n, t->len);
	t->s[t->len] = '\0';
}

static void
from_utf16(struct buf *t, bool big)
{
	const unsigned char *s = (const unsigned char *)t->s;
	struct buf out = { 0 };
	unsigned long c, d;
	size_t i;

	buf_reserve(&out, t->len / 2);
	for (i = 0; i + 1 < t->len; i += 2) {
		c = big ? (unsigned long)s[i] << 8 | s[i + 1] : (unsigned long)s[i + 1] << 8 | s[i];
		if (c >= 0xd800 && c <= 0xdbff && i + 3 < t->len) {
			d = big ? (unsigned long)s[i + 2] << 8 | s[i + 3] : (unsigned long)s[i + 3] << 8 | s[i + 2];
			if (d >= 0xdc00 && d <= 0xdfff) {
				c = 0x10000 + ((c - 0xd800) << 10) + (d - 0xdc00);
				i += 2;
			}
		}
		charset_put(&out, c);
	}
	if (t->len % 2 != 0)
		charset_put(&out, REPLACEMENT);
	buf_free(t);
	*t = out;
}

static void
from_windows1252(struct buf *t)
{
	struct buf out = { 0 };
	size_t i;

	buf_reserve(&out, t->len + t->len / 4);
	for (i = 0; i < t->len; i++) {
		unsigned char c = (unsigned char)t->s[i];

		charset_put(&out, c >= 0x80 && c <= 0x9f ? high[c - 0x80] : c);
	}
	buf_free(t);
	*t = out;
}

/* Text in a Latin script has a NUL in nearly every unit of UTF-16, always on the same side, and none in any other encoding. */
static bool
looks_utf16(const struct buf *t, bool *big)
{
	size_t n = t->len < 4096 ? t->len & ~(size_t)1 : 4096, at[2] = { 0, 0 }, i;

	for (i = 0; i < n; i++)
		at[i % 2] += t->s[i] == '\0';
	*big = at[0] > at[1];
	return n >= 8 && at[*big ? 0 : 1] > n / 4 && at[*big ? 1 : 0] <= n / 64;
}

enum charset
charset_utf8(struct buf *t)
{
	bool big;

	if (t->len == 0)
		return CS_UTF8;
	if (t->len >= 3 && memcmp(t->s, "\xef\xbb\xbf", 3) == 0) {
		drop(t, 3);
		return CS_UTF8;
	}
	if (t->len >= 2 && (memcmp(t->s, "\xff\xfe", 2) == 0 || memcmp(t->s, "\xfe\xff", 2) == 0)) {
		big = (unsigned char)t->s[0] == 0xfe;
		drop(t, 2);
		from_utf16(t, big);
		return big ? CS_UTF16BE : CS_UTF16LE;
	}
	if (looks_utf16(t, &big)) {
		from_utf16(t, big);
		return big ? CS_UTF16BE : CS_UTF16LE;
	}
	if (is_utf8(t))
		return CS_UTF8;
	from_windows1252(t);
	return CS_WINDOWS1252;
}
