/* parse_charset.c - bytes in whatever charset they are, whatever they say. */
#include "mail/parse_int.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

/* 0x80 to 0x9f of Windows-1252, where it isn't Latin 1; 0 where it has nothing */
static const unsigned short cp1252[32] = { 0x20ac, 0, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0,
	0x17d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0, 0x17e, 0x178 };

static char *
from_cp1252(const char *s, size_t n)
{
	struct buf b = { 0 };
	char u[6];

	buf_reserve(&b, n + n / 8 + 1);
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		gunichar u32 = c;

		if (c >= 0x80 && c < 0xa0)
			u32 = cp1252[c - 0x80] != 0 ? cp1252[c - 0x80] : 0xfffd;
		buf_add(&b, u, (size_t)g_unichar_to_utf8(u32, u));
	}
	return buf_steal(&b);
}

static char *
without_nul(const char *s, size_t *n)
{
	char *r = xmalloc(*n + 1), *out = r;

	for (size_t i = 0; i < *n; i++)
		if (s[i] != '\0')
			*out++ = s[i];
	*out = '\0';
	*n = (size_t)(out - r);
	return r;
}

/* UTF-8, also with a character cut at the end or a few damaged ones, else Windows-1252. */
static char *
guess(const char *s, size_t n)
{
	size_t good = 0, bad = 0;
	char *valid, *r, *whole = NULL;

	if (g_utf8_validate(s, (gssize)n, NULL))
		return xstrndup(s, n);
	if (memchr(s, '\0', n) != NULL)
		s = whole = without_nul(s, &n);
	for (const char *p = s, *end = s + n; p < end;) {
		gunichar c = g_utf8_get_char_validated(p, end - p);

		if (c == (gunichar)-2) {
			bad += good == 0; /* the only one, and cut: no sign of UTF-8 */
			break;
		}
		if (c == (gunichar)-1) {
			bad++;
			p++;
			continue;
		}
		good += c >= 0x80;
		p += g_unichar_to_utf8(c, NULL);
	}
	if (bad > good / 10)
		r = from_cp1252(s, n);
	else {
		valid = g_utf8_make_valid(s, (gssize)n);
		r = xstrdup(valid);
		g_free(valid);
	}
	free(whole);
	return r;
}

static bool
one_of(const char *name, const char *const list[])
{
	for (; *list != NULL; list++)
		if (strncasecmp(name, *list, strlen(*list)) == 0)
			return true;
	return false;
}

/* By its first letters: charsets of a byte a character, whose texts are never UTF-8 by chance. */
static bool
is_bytes(const char *name)
{
	static const char *const list[] = { "iso-8859", "iso8859", "windows-125", "cp125", "koi8", "us-ascii", "ascii", "ansi", "latin", "macroman",
		"macintosh", "x-mac", NULL };

	return one_of(name, list);
}

static bool
is_nothing(const char *name)
{
	static const char *const list[] = { "utf-8", "utf8", "us-ascii", "ascii", "ansi", "latin1", "unknown", "x-unknown", "default", "binary",
		"8bit", "7bit", NULL };

	return one_of(name, list) || strcasecmp(name, "iso-8859-1") == 0 || strcasecmp(name, "windows-1252") == 0 || strcasecmp(name, "cp1252") == 0;
}

/* What iconv calls it; where a charset is in practice a larger one, that. */
static const char *
iconv_name(const char *name)
{
	static const char *const larger[][2] = { { "gb2312", "GB18030" }, { "gb_2312-80", "GB18030" }, { "gbk", "GB18030" }, { "x-gbk", "GB18030" },
		{ "ks_c_5601-1987", "CP949" }, { "euc-kr", "CP949" }, { "shift_jis", "CP932" }, { "shift-jis", "CP932" }, { "x-sjis", "CP932" },
		{ "windows-31j", "CP932" }, { "big5", "BIG5-HKSCS" }, { "iso-8859-8-i", "ISO-8859-8" }, { "iso-8859-8-e", "ISO-8859-8" },
		{ "iso-8859-9", "WINDOWS-1254" }, { "iso-8859-11", "CP874" }, { "tis-620", "CP874" }, { "unicode-1-1-utf-7", "UTF-7" },
		{ "x-mac-roman", "MACINTOSH" }, { "macroman", "MACINTOSH" } };

	for (size_t i = 0; i < sizeof(larger) / sizeof(larger[0]); i++)
		if (strcasecmp(name, larger[i][0]) == 0)
			return larger[i][1];
	return name;
}

/* Opening one may load a module: they stay open, as many as there is room for. */
static iconv_t
converter(const char *name)
{
	static struct {
		char name[41];
		iconv_t cd;
	} open[16];
	static size_t n, next;
	size_t len = strlen(name), i;

	if (len >= sizeof(open[0].name) ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:+") != len)
		return (iconv_t)-1;
	for (i = 0; i < n && strcasecmp(open[i].name, name) != 0; i++)
		;
	if (i == n) {
		i = n < sizeof(open) / sizeof(open[0]) ? n++ : next++ % n;
		if (open[i].name[0] != '\0' && open[i].cd != (iconv_t)-1)
			iconv_close(open[i].cd);
		open[i].cd = iconv_open("UTF-8", iconv_name(name));
		memcpy(open[i].name, name, len + 1);
	}
	if (open[i].cd != (iconv_t)-1)
		iconv(open[i].cd, NULL, NULL, NULL, NULL);
	return open[i].cd;
}

/* NUL comes out as nothing. */
static char *
convert(iconv_t cd, const char *s, size_t n)
{
	struct buf b = { 0 };
	char chunk[4096], *in = (char *)s, *out;
	size_t room, r;

	do {
		out = chunk;
		room = sizeof(chunk);
		r = iconv(cd, n > 0 ? &in : NULL, &n, &out, &room);
		for (char *p = chunk; p < out; p++)
			if (*p != '\0')
				buf_putc(&b, *p);
		if (r != (size_t)-1 || errno == E2BIG)
			continue;
		buf_puts(&b, "\xef\xbf\xbd");
		if (n > 0) {
			in++;
			n--;
		}
	} while (n > 0);
	return buf_steal(&b);
}

static bool
has(const char *s, size_t n, const char *what)
{
	return g_strstr_len(s, (gssize)n, what) != NULL;
}

char *
mail_utf8(const char *s, size_t n, const char *charset)
{
	const char *name = charset != NULL ? charset : "";
	iconv_t cd;

	if (n >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0)
		return guess(s + 3, n - 3);
	if (n >= 2 && (memcmp(s, "\xff\xfe", 2) == 0 || memcmp(s, "\xfe\xff", 2) == 0))
		name = "UTF-16";
	else if (*name == '\0' || is_nothing(name))
		name = has(s, n, "\033$B") || has(s, n, "\033$@") ? "ISO-2022-JP" : "";
	else if (is_bytes(name) && g_utf8_validate(s, (gssize)n, NULL))
		name = "";
	if (*name == '\0' || (cd = converter(name)) == (iconv_t)-1)
		return guess(s, n);
	return convert(cd, s, n);
}
