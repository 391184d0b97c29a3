#include "channel/sms_text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* One character of valid UTF-8. */
static uint32_t
next(const char **s)
{
	const unsigned char *p = (const unsigned char *)*s;
	int more = p[0] < 0x80 ? 0 : p[0] < 0xe0 ? 1 : p[0] < 0xf0 ? 2 : 3;
	uint32_t c = more == 0 ? p[0] : p[0] & (0x3fu >> more);

	for (int i = 1; i <= more && (p[i] & 0xc0) == 0x80; i++)
		c = c << 6 | (p[i] & 0x3f);
	*s += 1;
	while ((**s & 0xc0) == 0x80)
		*s += 1;
	return c;
}

/* Septets of a character in GSM 7 bit: 1, 2 from the extension table, 0 not in it. */
static int
septets(uint32_t c)
{
	static const uint16_t others[] = { 0xa1, 0xa3, 0xa4, 0xa5, 0xa7, 0xbf, 0xc4, 0xc5, 0xc6, 0xc7, 0xc9, 0xd1, 0xd6, 0xd8, 0xdc, 0xdf, 0xe0, 0xe4,
		0xe5, 0xe6, 0xe8, 0xe9, 0xec, 0xf1, 0xf2, 0xf6, 0xf8, 0xf9, 0xfc, 0x393, 0x394, 0x398, 0x39b, 0x39e, 0x3a0, 0x3a3, 0x3a6, 0x3a8, 0x3a9 };

	if (c == 0x20ac || c == 0x0c || (c < 0x80 && c != 0 && strchr("^{}\\[~]|", (int)c) != NULL))
		return 2;
	if (c == '\n' || c == '\r' || (c >= 0x20 && c < 0x7f && c != '`'))
		return 1;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (c == others[i])
			return 1;
	return 0;
}

/* Segments of at most `most` units, none ending within a character. */
static int
cut(const char *s, bool ucs2, int most)
{
	int n = 1, used = 0;

	while (*s != '\0') {
		uint32_t c = next(&s);
		int w = ucs2 ? 1 + (c > 0xffff) : septets(c);

		if (used + w > most) {
			n++;
			used = 0;
		}
		used += w;
	}
	return n;
}

void
sms_count(const char *text, struct sms_count *c)
{
	const char *s = text, *at;
	int utf16 = 0;
	uint32_t u;

	*c = (struct sms_count){ 0 };
	while (*(at = s) != '\0') {
		u = next(&s);
		utf16 += 1 + (u > 0xffff);
		if (septets(u) == 0 && !c->ucs2) {
			c->ucs2 = true;
			snprintf(c->odd, sizeof(c->odd), "%.*s", (int)(s - at), at);
		}
		c->units += septets(u);
	}
	if (c->ucs2)
		c->units = utf16;
	c->segments = c->units <= (c->ucs2 ? 70 : 160) ? 1 : cut(text, c->ucs2, c->ucs2 ? 67 : 153);
}
