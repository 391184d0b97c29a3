#include "base/letters.h"

#include <string.h>

#include "base/json.h"

static const char latin[] = /* U+00C0 .. U+024F; a dot: by folding alone */
    "aaaaaa.ceeeeiiiidnooooo.ouuuuy..aaaaaa.ceeeeiiiidnooooo.ouuuuy.yaaaaaaccccccccddddeeeeeeeeeegggg"
    "gggghhhhiiiiiiiiii..jjkkkllllllllllnnnnnnnnnoooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"
    "b.........................l.....oo.............uu............................aaiioouuuuuuuuuu.aa"
    "aa..ggggkkoooo..j...gg..nnaa....aaaaeeeeiiiioooorrrruuuusstt..hh......aaeeooooooooyy............"
    "................";

static const char more_latin[] = /* U+1E00 .. U+1EFF; a dot: by folding alone */
    "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrr"
    "ssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwy.s....aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
    "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......";

/* Greek and Cyrillic, small letters with a mark, and without it */
static const struct {
	uint16_t from, to;
} marked[] = {
	/* clang-format off */
	{ 0x0390, 0x03b9 }, { 0x03ac, 0x03b1 }, { 0x03ad, 0x03b5 }, { 0x03ae, 0x03b7 }, { 0x03af, 0x03b9 }, { 0x03b0, 0x03c5 },
	{ 0x03ca, 0x03b9 }, { 0x03cb, 0x03c5 }, { 0x03cc, 0x03bf }, { 0x03cd, 0x03c5 }, { 0x03ce, 0x03c9 }, { 0x03d0, 0x03b2 },
	{ 0x03d1, 0x03b8 }, { 0x03d2, 0x03c5 }, { 0x03d3, 0x03c5 }, { 0x03d4, 0x03c5 }, { 0x03d5, 0x03c6 }, { 0x03d6, 0x03c0 },
	{ 0x03f0, 0x03ba }, { 0x03f1, 0x03c1 }, { 0x03f2, 0x03c2 }, { 0x03f5, 0x03b5 }, { 0x0439, 0x0438 }, { 0x0450, 0x0435 },
	{ 0x0451, 0x0435 }, { 0x0453, 0x0433 }, { 0x0457, 0x0456 }, { 0x045c, 0x043a }, { 0x045d, 0x0438 }, { 0x045e, 0x0443 },
	{ 0x0477, 0x0475 }, { 0x04c2, 0x0436 }, { 0x04d1, 0x0430 }, { 0x04d3, 0x0430 }, { 0x04d7, 0x0435 }, { 0x04db, 0x04d9 },
	{ 0x04dd, 0x0436 }, { 0x04df, 0x0437 }, { 0x04e3, 0x0438 }, { 0x04e5, 0x0438 }, { 0x04e7, 0x043e }, { 0x04eb, 0x04e9 },
	{ 0x04ed, 0x044d }, { 0x04ef, 0x0443 }, { 0x04f1, 0x0443 }, { 0x04f3, 0x0443 }, { 0x04f5, 0x0447 }, { 0x04f9, 0x044b },
	/* clang-format on */
};

size_t
utf8_char(const char *str, size_t left, uint32_t *c)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *s = (const unsigned char *)str;
	size_t n = s[0] < 0x80 ? 1 : s[0] >= 0xc2 && s[0] <= 0xdf ? 2 : (s[0] & 0xf0) == 0xe0 ? 3 : s[0] >= 0xf0 && s[0] <= 0xf4 ? 4 : 0;

	if (n == 0 || n > left)
		return 0;
	*c = n == 1 ? s[0] : s[0] & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (s[i] & 0x3fu);
	}
	return *c < least[n] || *c > 0x10ffff || (*c >= 0xd800 && *c < 0xe000) ? 0 : n;
}

static size_t
encode(uint32_t c, char *out)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

bool
utf8_mark(uint32_t c)
{
	return (c >= 0x300 && c <= 0x36f) || (c >= 0x483 && c <= 0x489) || (c >= 0x1ab0 && c <= 0x1aff) || (c >= 0x1dc0 && c <= 0x1dff) ||
	    (c >= 0x20d0 && c <= 0x20ff) || (c >= 0xfe20 && c <= 0xfe2f);
}

bool
utf8_space(uint32_t c)
{
	return (c >= 0x09 && c <= 0x0d) || c == ' ' || c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 ||
	    c == 0x202f || c == 0x205f || c == 0x3000;
}

bool
utf8_letter(uint32_t c)
{
	if (c < 0x80)
		return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	if (c < 0x2000)
		return c == 0xaa || c == 0xb2 || c == 0xb3 || c == 0xb5 || c == 0xb9 || c == 0xba || (c >= 0xc0 && c != 0xd7 && c != 0xf7 && !(c >= 0x2b9 && c <= 0x2df && c != 0x2bb));
	return (c >= 0x2c00 && c < 0x2e00) || (c >= 0x3005 && c <= 0x3007) || (c >= 0x3040 && c < 0xd800) || (c >= 0xf900 && c < 0xfb50) ||
	    (c >= 0xff10 && c <= 0xff19) || (c >= 0xff21 && c <= 0xff3a) || (c >= 0xff41 && c <= 0xff5a) || (c >= 0xff66 && c <= 0xffdc) ||
	    (c >= 0x1d400 && c <= 0x1d7ff) || (c >= 0x20000 && c <= 0x3ffff);
}

/* Letters of several, and those that are written in another style. */
static const char *
styled(uint32_t c, char one[2])
{
	one[1] = '\0';
	switch (c) {
	case 0xdf: case 0x1e9e: return "ss";
	case 0xe6: case 0xc6: return "ae";
	case 0x153: case 0x152: return "oe";
	case 0xfe: case 0xde: return "th";
	case 0x132: case 0x133: return "ij";
	case 0xaa: return "a";
	case 0xba: return "o";
	case 0xb9: return "1";
	case 0xb2: return "2";
	case 0xb3: return "3";
	case 0xfb00: return "ff";
	case 0xfb01: return "fi";
	case 0xfb02: return "fl";
	case 0xfb03: return "ffi";
	case 0xfb04: return "ffl";
	case 0xfb05: case 0xfb06: return "st";
	default: break;
	}
	if (c >= 0xff10 && c <= 0xff19)
		one[0] = (char)('0' + (c - 0xff10));
	else if (c >= 0xff21 && c <= 0xff3a)
		one[0] = (char)('a' + (c - 0xff21));
	else if (c >= 0xff41 && c <= 0xff5a)
		one[0] = (char)('a' + (c - 0xff41));
	else if (c >= 0x1d400 && c <= 0x1d6a3) /* bold, italic, script: alphabets of 26, capital and small in turn */
		one[0] = (char)('a' + (c - 0x1d400) % 26);
	else if (c >= 0x1d7ce && c <= 0x1d7ff)
		one[0] = (char)('0' + (c - 0x1d7ce) % 10);
	else
		return NULL;
	return one;
}

size_t
utf8_bare(uint32_t c, char out[8])
{
	struct buf folded = { 0 };
	const char *s;
	char one[2];
	size_t n;

	if (c < 0x80) {
		out[0] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
		return 1;
	}
	if (utf8_mark(c))
		return 0;
	if ((s = styled(c, one)) != NULL) {
		memcpy(out, s, strlen(s));
		return strlen(s);
	}
	if ((c >= 0xc0 && c < 0x250 && latin[c - 0xc0] != '.') || (c >= 0x1e00 && c < 0x1f00 && more_latin[c - 0x1e00] != '.')) {
		out[0] = c < 0x250 ? latin[c - 0xc0] : more_latin[c - 0x1e00];
		return 1;
	}
	n = encode(c, out);
	utf8_fold_add(&folded, out, n);
	n = folded.len < 8 ? folded.len : 7;
	memcpy(out, folded.s, n);
	buf_free(&folded);
	if (n == 2 && utf8_char(out, n, &c) == 2)
		for (size_t i = 0; i < sizeof(marked) / sizeof(marked[0]); i++)
			if (marked[i].from == c)
				return encode(marked[i].to, out);
	return n;
}
