/*
 * Case folding that needs no table library: Unicode's simple folding (one code point to one) of the Latin, Greek, Cyrillic,
 * Armenian and fullwidth letters.  What simple folding cannot do stays as it is, and is said in lp-rules(5):
 *   - the German sharp s: capital U+1E9E folds to U+00DF, which does not fold to "ss";
 *   - Turkish: U+0130 (I with a dot) folds to plain i, so that the city is found by "istanbul"; U+0131 (dotless) stays itself;
 *   - a letter followed by a combining accent is not the letter with the accent: nothing is normalised.
 */
#include "base/json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Every step-th code point of first..last folds to itself plus delta. Sorted. */
static const struct fold {
	uint16_t first, last;
	int32_t delta;
	uint8_t step;
} folds[] = {
	/* clang-format off */
	{ 0x00b5, 0x00b5, 775, 1 }, { 0x00c0, 0x00d6, 32, 1 }, { 0x00d8, 0x00de, 32, 1 }, { 0x0100, 0x012e, 1, 2 }, { 0x0130, 0x0130, -199, 1 },
	{ 0x0132, 0x0136, 1, 2 }, { 0x0139, 0x0147, 1, 2 }, { 0x014a, 0x0176, 1, 2 }, { 0x0178, 0x0178, -121, 1 }, { 0x0179, 0x017d, 1, 2 },
	{ 0x017f, 0x017f, -268, 1 }, { 0x0181, 0x0181, 210, 1 }, { 0x0182, 0x0184, 1, 2 }, { 0x0186, 0x0186, 206, 1 }, { 0x0187, 0x0187, 1, 1 },
	{ 0x0189, 0x018a, 205, 1 }, { 0x018b, 0x018b, 1, 1 }, { 0x018e, 0x018e, 79, 1 }, { 0x018f, 0x018f, 202, 1 }, { 0x0190, 0x0190, 203, 1 },
	{ 0x0191, 0x0191, 1, 1 }, { 0x0193, 0x0193, 205, 1 }, { 0x0194, 0x0194, 207, 1 }, { 0x0196, 0x0196, 211, 1 }, { 0x0197, 0x0197, 209, 1 },
	{ 0x0198, 0x0198, 1, 1 }, { 0x019c, 0x019c, 211, 1 }, { 0x019d, 0x019d, 213, 1 }, { 0x019f, 0x019f, 214, 1 }, { 0x01a0, 0x01a4, 1, 2 },
	{ 0x01a6, 0x01a6, 218, 1 }, { 0x01a7, 0x01a7, 1, 1 }, { 0x01a9, 0x01a9, 218, 1 }, { 0x01ac, 0x01ac, 1, 1 }, { 0x01ae, 0x01ae, 218, 1 },
	{ 0x01af, 0x01af, 1, 1 }, { 0x01b1, 0x01b2, 217, 1 }, { 0x01b3, 0x01b5, 1, 2 }, { 0x01b7, 0x01b7, 219, 1 }, { 0x01b8, 0x01b8, 1, 1 },
	{ 0x01bc, 0x01bc, 1, 1 }, { 0x01c4, 0x01c4, 2, 1 }, { 0x01c5, 0x01c5, 1, 1 }, { 0x01c7, 0x01c7, 2, 1 }, { 0x01c8, 0x01c8, 1, 1 },
	{ 0x01ca, 0x01ca, 2, 1 }, { 0x01cb, 0x01db, 1, 2 }, { 0x01de, 0x01ee, 1, 2 }, { 0x01f1, 0x01f1, 2, 1 }, { 0x01f2, 0x01f4, 1, 2 },
	{ 0x01f6, 0x01f6, -97, 1 }, { 0x01f7, 0x01f7, -56, 1 }, { 0x01f8, 0x021e, 1, 2 }, { 0x0220, 0x0220, -130, 1 }, { 0x0222, 0x0232, 1, 2 },
	{ 0x023a, 0x023a, 10795, 1 }, { 0x023b, 0x023b, 1, 1 }, { 0x023d, 0x023d, -163, 1 }, { 0x023e, 0x023e, 10792, 1 }, { 0x0241, 0x0241, 1, 1 },
	{ 0x0243, 0x0243, -195, 1 }, { 0x0244, 0x0244, 69, 1 }, { 0x0245, 0x0245, 71, 1 }, { 0x0246, 0x024e, 1, 2 }, { 0x0370, 0x0372, 1, 2 },
	{ 0x0376, 0x0376, 1, 1 }, { 0x037f, 0x037f, 116, 1 }, { 0x0386, 0x0386, 38, 1 }, { 0x0388, 0x038a, 37, 1 }, { 0x038c, 0x038c, 64, 1 },
	{ 0x038e, 0x038f, 63, 1 }, { 0x0391, 0x03a1, 32, 1 }, { 0x03a3, 0x03ab, 32, 1 }, { 0x03c2, 0x03c2, 1, 1 }, { 0x03cf, 0x03cf, 8, 1 },
	{ 0x03d0, 0x03d0, -30, 1 }, { 0x03d1, 0x03d1, -25, 1 }, { 0x03d5, 0x03d5, -15, 1 }, { 0x03d6, 0x03d6, -22, 1 }, { 0x03d8, 0x03ee, 1, 2 },
	{ 0x03f0, 0x03f0, -54, 1 }, { 0x03f1, 0x03f1, -48, 1 }, { 0x03f4, 0x03f4, -60, 1 }, { 0x03f5, 0x03f5, -64, 1 }, { 0x03f7, 0x03f7, 1, 1 },
	{ 0x03f9, 0x03f9, -7, 1 }, { 0x03fa, 0x03fa, 1, 1 }, { 0x03fd, 0x03ff, -130, 1 }, { 0x0400, 0x040f, 80, 1 }, { 0x0410, 0x042f, 32, 1 },
	{ 0x0460, 0x0480, 1, 2 }, { 0x048a, 0x04be, 1, 2 }, { 0x04c0, 0x04c0, 15, 1 }, { 0x04c1, 0x04cd, 1, 2 }, { 0x04d0, 0x052e, 1, 2 },
	{ 0x0531, 0x0556, 48, 1 }, { 0x1e00, 0x1e94, 1, 2 }, { 0x1e9b, 0x1e9b, -58, 1 }, { 0x1e9e, 0x1e9e, -7615, 1 }, { 0x1ea0, 0x1efe, 1, 2 },
	{ 0x1f08, 0x1f0f, -8, 1 }, { 0x1f18, 0x1f1d, -8, 1 }, { 0x1f28, 0x1f2f, -8, 1 }, { 0x1f38, 0x1f3f, -8, 1 }, { 0x1f48, 0x1f4d, -8, 1 },
	{ 0x1f59, 0x1f5f, -8, 2 }, { 0x1f68, 0x1f6f, -8, 1 }, { 0x1f88, 0x1f8f, -8, 1 }, { 0x1f98, 0x1f9f, -8, 1 }, { 0x1fa8, 0x1faf, -8, 1 },
	{ 0x1fb8, 0x1fb9, -8, 1 }, { 0x1fba, 0x1fbb, -74, 1 }, { 0x1fbc, 0x1fbc, -9, 1 }, { 0x1fbe, 0x1fbe, -7173, 1 }, { 0x1fc8, 0x1fcb, -86, 1 },
	{ 0x1fcc, 0x1fcc, -9, 1 }, { 0x1fd8, 0x1fd9, -8, 1 }, { 0x1fda, 0x1fdb, -100, 1 }, { 0x1fe8, 0x1fe9, -8, 1 }, { 0x1fea, 0x1feb, -112, 1 },
	{ 0x1fec, 0x1fec, -7, 1 }, { 0x1ff8, 0x1ff9, -128, 1 }, { 0x1ffa, 0x1ffb, -126, 1 }, { 0x1ffc, 0x1ffc, -9, 1 }, { 0x2126, 0x2126, -7517, 1 },
	{ 0x212a, 0x212a, -8383, 1 }, { 0x212b, 0x212b, -8262, 1 }, { 0xff21, 0xff3a, 32, 1 },
	/* clang-format on */
};

static uint32_t
fold_one(uint32_t c)
{
	size_t lo = 0, hi = sizeof(folds) / sizeof(folds[0]);

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		const struct fold *f = &folds[mid];

		if (c < f->first)
			hi = mid;
		else if (c > f->last)
			lo = mid + 1;
		else
			return (c - f->first) % f->step == 0 ? (uint32_t)((int32_t)c + f->delta) : c;
	}
	return c;
}

/* Decode one code point of two or three bytes. Returns its length, or 0 where it is longer or malformed: copied as it is. */
static size_t
decode(const unsigned char *s, size_t left, uint32_t *c)
{
	if (left >= 2 && s[0] >= 0xc2 && s[0] <= 0xdf && (s[1] & 0xc0) == 0x80) {
		*c = (uint32_t)(s[0] & 0x1f) << 6 | (s[1] & 0x3f);
		return 2;
	}
	if (left >= 3 && (s[0] & 0xf0) == 0xe0 && (s[1] & 0xc0) == 0x80 && (s[2] & 0xc0) == 0x80) {
		*c = (uint32_t)(s[0] & 0x0f) << 12 | (uint32_t)(s[1] & 0x3f) << 6 | (s[2] & 0x3f);
		return 3;
	}
	return 0;
}

static char *
encode(char *p, uint32_t c)
{
	if (c < 0x80) {
		*p++ = (char)c;
	} else if (c < 0x800) {
		*p++ = (char)(0xc0 | c >> 6);
		*p++ = (char)(0x80 | (c & 0x3f));
	} else {
		*p++ = (char)(0xe0 | c >> 12);
		*p++ = (char)(0x80 | (c >> 6 & 0x3f));
		*p++ = (char)(0x80 | (c & 0x3f));
	}
	return p;
}

void
utf8_fold_add(struct buf *out, const char *str, size_t n)
{
	const unsigned char *s = (const unsigned char *)str, *end = s + n;
	char *p;

	/* nothing grows more than U+023A and U+023E do, from two bytes to three */
	buf_reserve(out, n + n / 2 + 1);
	p = out->s + out->len;
	while (s < end) {
		uint32_t c;
		size_t len;

		if (*s < 0x80) {
			*p++ = (char)(*s >= 'A' && *s <= 'Z' ? *s + 32 : *s);
			s++;
		} else if ((len = decode(s, (size_t)(end - s), &c)) > 0) {
			p = encode(p, fold_one(c));
			s += len;
		} else
			*p++ = (char)*s++;
	}
	*p = '\0';
	out->len = (size_t)(p - out->s);
}

char *
utf8_fold(const char *s)
{
	struct buf b = { 0 };

	utf8_fold_add(&b, s, strlen(s));
	return buf_steal(&b);
}
