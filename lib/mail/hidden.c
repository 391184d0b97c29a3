#include "mail/hidden.h"

#include <stddef.h>
#include <string.h>

#include "base/mem.h"

bool
mail_hidden_char(uint32_t c)
{
	/* Default_Ignorable_Code_Point, and what is drawn as nothing beside it. Sorted. */
	static const struct {
		uint32_t first, last;
	} ranges[] = { { 0xad, 0xad }, { 0x34f, 0x34f }, { 0x61c, 0x61c }, { 0x115f, 0x1160 }, { 0x17b4, 0x17b5 }, { 0x180b, 0x180f },
		{ 0x200b, 0x200f }, { 0x202a, 0x202e }, { 0x2060, 0x206f }, { 0x2800, 0x2800 }, { 0x3164, 0x3164 }, { 0xfe00, 0xfe0f },
		{ 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb }, { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
		{ 0xe0000, 0xe0fff } };
	size_t lo = 0, hi = sizeof(ranges) / sizeof(ranges[0]);

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (c > ranges[mid].last)
			lo = mid + 1;
		else if (c < ranges[mid].first)
			hi = mid;
		else
			return true;
	}
	return false;
}

/* One sequence of two to four bytes; 0 where it is none. */
static size_t
decode(const unsigned char *s, uint32_t *c)
{
	size_t n = *s >= 0xf0 && *s < 0xf8 ? 4 : *s >= 0xe0 ? 3 : 2;

	if (*s < 0xc2 || *s >= 0xf8)
		return 0;
	*c = *s & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80) /* the NUL at the end too */
			return 0;
		*c = *c << 6 | (s[i] & 0x3fu);
	}
	return n;
}

char *
mail_visible(const char *s)
{
	struct buf b = { 0 };

	while (*s != '\0') {
		size_t plain = 0, n;
		uint32_t c;

		while (s[plain] != '\0' && (unsigned char)s[plain] < 0x80)
			plain++;
		buf_add(&b, s, plain);
		s += plain;
		if (*s == '\0')
			break;
		n = decode((const unsigned char *)s, &c);
		if (n == 0 || !mail_hidden_char(c))
			buf_add(&b, s, n == 0 ? 1 : n);
		s += n == 0 ? 1 : n;
	}
	return buf_steal(&b);
}
