/* wishes_lex.c - a text as words and numbers: lower case, without accents, punctuation that means something kept. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "calendar/wishes_int.h"

/* U+00E0 to U+017F without their accents; what has none is a blank. */
static const char plain[] = "aaaaaaaceeeeiiiidnooooo ouuuuytyaaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnn"
                            "oooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/* One byte for each character: what is no Latin letter, digit or sign of interest is a blank; 0 drops it. */
static char
simple(uint32_t c)
{
	if (c < 0x80)
		return (char)c;
	if (c >= 0xe0 && c <= 0x17f)
		return plain[c - 0xe0];
	if (c == 0xdf)
		return 's';
	if (c >= 0x300 && c <= 0x36f)
		return 0; /* a combining accent */
	if (c == 0x2018 || c == 0x2019 || c == 0xb4)
		return '\'';
	if (c == 0x2010 || c == 0x2011 || c == 0x2012 || c == 0x2013 || c == 0x2014)
		return '-';
	if (c == 0xba || c == 0xaa || c == 0xb0)
		return 'o'; /* 10.º */
	return c == 0x20ac || c == 0xa3 ? '$' : c == 0xbf || c == 0xa1 ? ';' : ' ';
}

static char *
simplify(const char *text)
{
	size_t n = strlen(text), i = 0, len;
	char *cut, *folded;
	struct buf b = { 0 };

	if (n > WISH_TEXT_MAX)
		for (n = WISH_TEXT_MAX; n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80; n--)
			;
	cut = xstrndup(text, n);
	folded = utf8_fold(cut);
	free(cut);
	for (const unsigned char *s = (const unsigned char *)folded; s[i] != '\0'; i += len) {
		uint32_t c = s[i];
		char out;

		len = c < 0x80 ? 1 : (c & 0xe0) == 0xc0 ? 2 : (c & 0xf0) == 0xe0 ? 3 : 4;
		c = len == 1 ? c : len == 2 ? c & 0x1f : len == 3 ? c & 0x0f : c & 0x07;
		for (size_t k = 1; k < len; k++) {
			if ((s[i + k] & 0xc0) != 0x80) {
				len = k;
				break;
			}
			c = c << 6 | (s[i + k] & 0x3f);
		}
		if ((out = simple(c)) != 0)
			buf_putc(&b, out);
	}
	free(folded);
	return buf_steal(&b);
}

static bool
letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static void
add(struct toks *t, struct tok k)
{
	if ((t->n & (t->n - 1)) == 0) /* a power of two, or none: full */
		t->t = xrealloc(t->t, (t->n != 0 ? 2 * t->n : 1) * sizeof(*t->t));
	t->t[t->n++] = k;
}

/* At most `max` digits; -1 where there are none, or more. */
static int
number(const char **s, int max)
{
	int n = 0, v = 0;

	while (digit((*s)[n])) {
		if (n == max)
			return -1;
		v = v * 10 + ((*s)[n++] - '0');
	}
	*s += n;
	return n == 0 ? -1 : v;
}

/* "am", "pm", "a.m.", "p. m." right here or after a blank. */
static int
half_day(const char **s)
{
	const char *p = *s + (**s == ' ');
	char which = *p;

	if (which != 'a' && which != 'p')
		return 0;
	p++;
	p += *p == '.';
	p += *p == ' ' && p[-1] == '.';
	if (*p != 'm' || letter(p[1]) || digit(p[1]))
		return 0;
	p++;
	*s = p + (*p == '.' && p[-2] != which);
	return which == 'a' ? W_AM : W_PM;
}

static bool
suffix(const char **s, const char *const *list)
{
	for (; *list != NULL; list++) {
		size_t n = strlen(*list);

		if (strncmp(*s, *list, n) == 0 && !letter((*s)[n]) && !digit((*s)[n])) {
			*s += n;
			return true;
		}
	}
	return false;
}

/* What follows the first number of a token decides what it is. */
static struct tok
number_tok(const char **at)
{
	static const char *const ordinal[] = { "st", "nd", "rd", "th", "er", "e", "de", "ste", "go", "ego", "-go", "o", ".o", NULL };
	const char *s = *at, *p;
	struct tok t = { .kind = T_NUMBER };

	t.a = number(&s, 4);
	if (t.a == -1) {
		*at += strspn(*at, "0123456789.,:/-");
		return (struct tok){ .kind = T_JUNK };
	}
	p = s + 1;
	if (*s == '-' && s - *at == 4 && (t.b = number(&p, 2)) != -1 && *p == '-' && (p++, t.c = number(&p, 2)) != -1) {
		t.kind = T_DATE;
		s = p;
		if (*s == 't' && digit(s[1])) /* ISO's own time */
			s++;
	} else if (t.a > 31) {
		t.kind = s - *at == 4 ? T_NUMBER : T_JUNK; /* a year, or nothing */
	} else if ((*s == ':' || *s == 'h') && digit(s[1]) && (p = s + 1, t.b = number(&p, 2)) != -1 && t.a < 25 && t.b < 60) {
		s = p;
		if (*s == ':' && digit(s[1]))
			s += strspn(s, ":0123456789");
		t.kind = T_CLOCK;
		t.c = half_day(&s);
	} else if (*s == '.' && digit(s[1]) && (p = s + 1, t.b = number(&p, 2)) != -1) {
		t.kind = T_PAIR;
		if (*p == '.') { /* 4.3. or 4.3.2026 */
			p++;
			t.kind = T_DATE;
			t.c = t.a;
			t.a = digit(*p) ? number(&p, 4) : 0;
			if (t.a > 0 && t.a < 100)
				t.a += 2000;
		} else if (t.a < 25 && t.b < 60 && (t.c = half_day(&p)) != 0)
			t.kind = T_CLOCK;
		s = p;
	} else if (*s == '/' && digit(s[1]) && (p = s + 1, t.b = number(&p, 2)) != -1) {
		t.kind = T_SLASH;
		if (*p == '/' && (p++, t.c = number(&p, 4)) > 0 && t.c < 100)
			t.c += 2000;
		s = p;
	} else if (t.a < 25 && (t.c = half_day(&s)) != 0)
		t.kind = T_CLOCK;
	else if (*s == 'h' && !letter(s[1])) {
		s++;
		t.kind = t.a < 25 ? T_CLOCK : T_JUNK;
	} else if (suffix(&s, ordinal))
		t.kind = T_ORDINAL;
	else if (*s == '.' && !digit(s[1]) && !letter(s[1])) {
		s++;
		t.kind = T_DOTTED;
	}
	if (letter(*s) || *s == '%' || *s == '$' || *s == '_' || (digit(*s) && t.kind != T_DATE) || (*s == ' ' && (s[1] == '%' || s[1] == '$')) ||
	    (strchr(".,:/", *s) != NULL && *s != '\0' && digit(s[1]))) {
		t.kind = T_JUNK; /* 10k, 5%, 1.234,50 */
		s += strspn(s, "0123456789.,:/%$_abcdefghijklmnopqrstuvwxyz");
	}
	*at = s;
	return t;
}

/* Is the line end at s the end of a sentence? Where the next line begins something, not where a mail program wrapped the last. */
static bool
ends_line(const char *s)
{
	s += strspn(s, " \t\r");
	if (*s != '\n')
		return false;
	s += 1 + strspn(s + 1, " \t\r>");
	return *s == '\n' || *s == '\0' || ((*s == '-' || *s == '*' || *s == '+') && s[1] == ' ') || (digit(*s) && s[1] == ')');
}

/* A word's length: letters, and what joins them: can't, apres-midi, t/m, p.m */
static size_t
word_len(const char *s)
{
	size_t n = *s == '\'';

	while (letter(s[n]) || (n > 0 && s[n] != '\0' && strchr("'-/.", s[n]) != NULL && letter(s[n + 1]) && (s[n] != '.' || n == 1)))
		n++;
	return n;
}

static void
add_word(struct toks *t, struct buf *words, const char *s, size_t n)
{
	add(t, (struct tok){ .kind = T_WORD, .a = (int)words->len }); /* an offset as yet: the buffer moves as it grows */
	buf_add(words, s, n);
	buf_putc(words, '\0');
}

/* Where a day and its part are one word, "Donnerstagvormittag", "torsdagseftermiddag": where the second begins, else 0. */
static size_t
compound(const char *s, size_t n)
{
	static const char *const days[] = { "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "maandag", "dinsdag", "woensdag",
		"donderdag", "vrijdag", "zaterdag", "mandag", "tirsdag", "tisdag", "onsdag", "torsdag", "fredag" };
	static const char *const parts[] = { "vormittag", "nachmittag", "mittag", "abend", "fruh", "morgen", "morgens", "vormittags", "nachmittags",
		"abends", "ochtend", "middag", "namiddag", "avond", "formiddag", "ettermiddag", "eftermiddag" };

	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		size_t len = strlen(days[i]);

		if (len >= n || strncmp(s, days[i], len) != 0)
			continue;
		len += s[len] == 's';
		for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]); k++)
			if (strlen(parts[k]) == n - len && strncmp(s + len, parts[k], n - len) == 0)
				return len;
	}
	return 0;
}

/* Its full stop ends no sentence. */
static bool
abbreviation(const char *s, size_t n)
{
	static const char known[] = " kl godz mo di mi do fr mon tue tues wed thu thur fri jan feb mar apr jun jul aug sep sept oct okt nov dec dez u ca ";
	char word[8] = " ";

	memcpy(word + 1, s, n);
	memcpy(word + 1 + n, " ", 2);
	return strstr(known, word) != NULL;
}

void
toks_cut(const char *text, struct toks *t)
{
	struct buf words = { 0 };
	const char *s;
	size_t n, half;

	*t = (struct toks){ 0 };
	t->text = simplify(text);
	for (s = t->text; *s != '\0';) {
		if (letter(*s) || (*s == '\'' && s[1] == 's' && s[2] == ' ')) { /* 's ochtends */
			n = word_len(s);
			if ((half = compound(s, n)) > 0) {
				add_word(t, &words, s, half - (s[half - 1] == 's'));
				add_word(t, &words, s + half, n - half);
			} else
				add_word(t, &words, s, n);
			s += n;
			if (*s == '.' && n <= 4 && s[1] == ' ' && (letter(s[2]) || digit(s[2])) && abbreviation(s - n, n))
				s++;
		} else if (digit(*s)) {
			bool priced = s > t->text && (s[-1] == '$' || s[-1] == '#' || s[-1] == '.' || letter(s[-1]));

			add(t, number_tok(&s));
			if (priced && (t->n < 2 || t->t[t->n - 2].kind != T_DATE)) /* 2026-11-26T14:00 */
				t->t[t->n - 1].kind = T_JUNK;
		} else {
			if (*s == ',' || *s == '(' || *s == ')' || *s == ':')
				add(t, (struct tok){ .kind = T_COMMA });
			else if (*s == '-')
				add(t, (struct tok){ .kind = T_DASH });
			else if (*s == '@')
				add_word(t, &words, "@", 1);
			else if (strchr(".!?;", *s) != NULL || ends_line(s))
				add(t, (struct tok){ .kind = T_END });
			s++;
		}
	}
	free(t->text);
	t->text = buf_steal(&words);
	for (size_t i = 0; i < t->n; i++)
		if (t->t[i].kind == T_WORD)
			t->t[i].s = t->text + t->t[i].a;
}

void
toks_free(struct toks *t)
{
	free(t->t);
	free(t->text);
	*t = (struct toks){ 0 };
}
