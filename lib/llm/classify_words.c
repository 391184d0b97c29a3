/*
 * A reply as words: folded, without accents, so that "Désolé", "desole" and "DÉSOLÉ" are one; each knows where it stands in the text, and what
 * separates it from the word before, since a negation reaches no further than its clause.
 */
#include <string.h>

#include "base/json.h"
#include "llm/classify_int.h"

uint32_t
words_hash(const char *s, size_t n)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)s[i]) * 16777619u;
	return h;
}

bool
word_is(const struct word *w, const char *s)
{
	return strcmp(w->s, s) == 0;
}

bool
word_in(const struct word *w, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(w->s, *list) == 0)
			return true;
	return false;
}

/* One code point, and how many bytes it takes; what is malformed is a separator of one byte. */
static uint32_t
decode(const unsigned char *s, size_t left, size_t *n)
{
	uint32_t c;
	size_t want, i;

	*n = 1;
	if (s[0] < 0x80)
		return s[0];
	if (s[0] >= 0xc2 && s[0] <= 0xdf) {
		want = 2;
		c = s[0] & 0x1f;
	} else if ((s[0] & 0xf0) == 0xe0) {
		want = 3;
		c = s[0] & 0x0f;
	} else if (s[0] >= 0xf0 && s[0] <= 0xf4) {
		want = 4;
		c = s[0] & 0x07;
	} else
		return ' ';
	if (want > left)
		return ' ';
	for (i = 1; i < want; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return ' ';
		c = c << 6 | (s[i] & 0x3f);
	}
	*n = want;
	return c;
}

static bool
is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

static bool
is_accent(uint32_t c)
{
	return c >= 0x300 && c <= 0x36f;
}

static bool
is_letter(uint32_t c)
{
	if (c < 0x80)
		return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	return c == 0xaa || c == 0xba || (c >= 0xc0 && c < 0x2000 && c != 0xd7 && c != 0xf7) || (c >= 0x2c00 && c < 0x2e00) ||
	    (c >= 0x3040 && c < 0xd800) || (c >= 0xf900 && c < 0xfb00) || (c >= 0xff10 && c <= 0xff5a && !(c >= 0xff1a && c <= 0xff20));
}

static bool
is_apostrophe(uint32_t c)
{
	return c == '\'' || c == 0x2019 || c == 0x02bc || c == 0xb4 || c == '`' || c == 0x2018;
}

static bool
is_sign(uint32_t c)
{
	return (c >= 0x1f300 && c < 0x1f3fb) || (c >= 0x1f400 && c <= 0x1faff) || (c >= 0x2600 && c <= 0x27bf);
}

/* Joiners, variation selectors, skin tones: nothing by themselves. */
static bool
is_modifier(uint32_t c)
{
	return is_accent(c) || c == 0x200d || c == 0xfe0f || c == 0xfe0e || (c >= 0x1f3fb && c <= 0x1f3ff);
}

/* The letters of one word, folded and bare. */
static void
put_bare(struct buf *out, const char *s, size_t size)
{
	static const char latin1[] = "aaaaaaaceeeeiiiidnooooo/ouuuuyty"; /* U+00E0 .. U+00FF */
	static const char extended[] = /* U+0100 .. U+017F */
	    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
	struct buf folded = { 0 };
	size_t n;

	utf8_fold_add(&folded, s, size);
	for (size_t i = 0; i < folded.len; i += n) {
		uint32_t c = decode((const unsigned char *)folded.s + i, folded.len - i, &n);

		if (c == 0xdf)
			buf_puts(out, "ss");
		else if (c == 0xe6)
			buf_puts(out, "ae");
		else if (c == 0x153)
			buf_puts(out, "oe");
		else if (c >= 0xe0 && c <= 0xff)
			buf_putc(out, latin1[c - 0xe0]);
		else if (c >= 0x100 && c <= 0x17f)
			buf_putc(out, extended[c - 0x100]);
		else if (!is_accent(c))
			buf_add(out, folded.s + i, n);
	}
	buf_free(&folded);
}

struct splitter {
	struct words *out;
	size_t size;
	uint32_t pool[WORDS_MAX]; /* where each word begins: pointers are made at the end, when the pool no longer moves */
	uint8_t border;
	uint32_t gap_from;        /* where the last word ended */
};

static struct word *
put_word(struct splitter *x, size_t at, size_t size, enum word_kind kind)
{
	struct words *o = x->out;
	struct word *w = &o->w[o->n];

	x->pool[o->n] = (uint32_t)o->pool.len;
	*w = (struct word){ .at = (uint32_t)at, .size = (uint32_t)size, .kind = (uint8_t)kind, .border = o->n == 0 ? BORDER_SENTENCE : x->border };
	if (kind == WORD_MAIL || kind == WORD_URL)
		buf_puts(&o->pool, kind == WORD_MAIL ? "<mail>" : "<url>");
	else
		put_bare(&o->pool, o->text + at, size);
	w->len = (uint32_t)(o->pool.len - x->pool[o->n]);
	w->hash = words_hash(o->pool.s + x->pool[o->n], w->len);
	buf_putc(&o->pool, '\0');
	if (o->n > 0 && at == x->gap_from + 1)
		w->glue = o->text[at - 1] == ' ' ? 0 : o->text[at - 1];
	x->gap_from = (uint32_t)(at + size);
	x->border = BORDER_NONE;
	o->n++;
	return w;
}

/* A run without blanks that is an address or a link: its length without the punctuation around it, else 0. */
static size_t
special(const char *s, size_t left, enum word_kind *kind)
{
	size_t n = 0, dot = 0, slash = 0, at = 0;

	while (n < left && (unsigned char)s[n] > ' ' && strchr("<>()[]\"|", s[n]) == NULL && !(s[n] == ',' || s[n] == ';')) {
		if (s[n] == '@' && at == 0)
			at = n;
		else if (s[n] == '.' && n + 1 < left && (unsigned char)s[n + 1] > ' ')
			dot = n;
		else if (s[n] == '/' && slash == 0)
			slash = n;
		n++;
	}
	while (n > 0 && strchr(".,:;!?'*_", s[n - 1]) != NULL)
		n--;
	if (at > 0 && dot > at && dot < n && slash == 0) {
		*kind = WORD_MAIL;
		return n;
	}
	*kind = WORD_URL;
	if (n > 4 && (strncmp(s, "www.", 4) == 0 || (slash > 4 && n > slash + 1 && strncmp(s + slash - 1, "://", 3) == 0)))
		return n;
	/* calendly.com/ada, but neither 15/04 nor and/or nor a.m./p.m. */
	return dot > 1 && slash > 3 && dot < slash && dot + 2 < slash && !is_digit((unsigned char)s[0]) ? n : 0;
}

static void
count_case(struct words *o, size_t at, size_t size)
{
	unsigned up = 0, letters = 0;

	for (size_t i = at; i < at + size; i++) {
		up += o->text[i] >= 'A' && o->text[i] <= 'Z';
		letters += (o->text[i] >= 'A' && o->text[i] <= 'Z') || (o->text[i] >= 'a' && o->text[i] <= 'z');
	}
	o->letters += letters;
	if (letters >= 3 && up == letters)
		o->capitals += letters;
}

/* Letters and what joins them: "don't" is dont, "we're" we and re, "j'ai" j and ai, "e-mail" e and mail. Returns where it ends. */
static size_t
letters(struct splitter *x, size_t i)
{
	const unsigned char *s = (const unsigned char *)x->out->text;
	size_t start = i, n, after;
	bool number = true;
	uint32_t c;

	for (; i < x->size; i += n) {
		c = decode(s + i, x->size - i, &n);
		if (is_letter(c) || is_accent(c)) {
			number = number && is_digit(c);
			continue;
		}
		/* n't */
		if (is_apostrophe(c) && i > start && (s[i - 1] | 0x20) == 'n' && i + n < x->size && (s[i + n] | 0x20) == 't') {
			decode(s + i + n + 1, x->size - i - n - 1, &after);
			if (i + n + 1 == x->size || !is_letter(decode(s + i + n + 1, x->size - i - n - 1, &after))) {
				struct buf *pool = &x->out->pool;
				struct word *w = put_word(x, start, i + n + 1 - start, WORD_TEXT);

				/* the fold kept the apostrophe; it goes */
				pool->len = x->pool[x->out->n - 1];
				put_bare(pool, x->out->text + start, i - start);
				buf_puts(pool, "t");
				w->len = (uint32_t)(pool->len - x->pool[x->out->n - 1]);
				w->hash = words_hash(pool->s + x->pool[x->out->n - 1], w->len);
				buf_putc(pool, '\0');
				count_case(x->out, start, i - start);
				return i + n + 1;
			}
		}
		break;
	}
	put_word(x, start, i - start, number ? WORD_NUMBER : WORD_TEXT);
	count_case(x->out, start, i - start);
	return i;
}

/* "Mr. Berg", "z. B.": no sentence ends there; nor after the number of a day ("15. April") */
static bool
dot_joins(const struct words *o)
{
	static const char *const abbreviations[] = { "mr", "mrs", "ms", "dr", "hr", "fr", "sr", "sra", "st", "prof", "eg", "ie", "z", "b", "bzw", "ca", "nr",
		"approx", "vs", "etc", "inkl", "evtl", "ggf", "tel", "p", "a", "m", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct",
		"okt", "nov", "dec", "dez", "mo", "di", "mi", "do", "kl", "d", "h", "g", "e", "u", NULL };
	const struct word *w = &o->w[o->n - 1];
	char s[8];

	if (w->kind == WORD_NUMBER)
		return w->size <= 2;
	if (w->len >= sizeof(s))
		return false;
	memcpy(s, o->text + w->at, w->size < sizeof(s) ? w->size : sizeof(s) - 1);
	s[w->size < sizeof(s) ? w->size : sizeof(s) - 1] = '\0';
	for (char *p = s; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p += 32;
	return word_in(&(struct word){ .s = s }, abbreviations);
}

/* What stands between words. */
static void
separate(struct splitter *x, size_t i, uint32_t c)
{
	struct words *o = x->out;
	const char *s = o->text;
	uint8_t b = BORDER_NONE;
	bool ends = i + 1 >= x->size || (unsigned char)s[i + 1] <= ' ' || strchr("\"')!?.", s[i + 1]) != NULL;

	if (c == '!')
		o->shouts++;
	if (c == '!' || c == '?' || c == ';' || c == 0x2026 || c == 0x3002 || c == 0xff01 || c == 0xff1f || (c == '.' && ends)) {
		b = BORDER_SENTENCE;
		if (o->n > 0 && c == '.' && x->border == BORDER_NONE && dot_joins(o))
			b = BORDER_NONE;
		else if (o->n > 0 && (c == '?' || c == 0xff1f))
			o->w[o->n - 1].end = '?';
		else if (o->n > 0 && o->w[o->n - 1].end == 0)
			o->w[o->n - 1].end = c == '!' ? '!' : '.';
	} else if (c == ',' || c == ':' || c == '(' || c == ')' || c == 0x2013 || c == 0x2014 || (c == '-' && i > 0 && (s[i - 1] == ' ' || s[i - 1] == '-')))
		b = BORDER_CLAUSE;
	if (b > x->border)
		x->border = b;
}

/* A line end is a wrap after a long line, else it ends a sentence; "Hi Kim\nthanks" does. */
static void
line_end(struct splitter *x, size_t i, size_t *line)
{
	struct words *o = x->out;
	size_t len = i - *line;

	if ((len < 50 || (i + 1 < x->size && o->text[i + 1] == '\n')) && x->border < BORDER_SENTENCE) {
		x->border = BORDER_SENTENCE;
		if (o->n > 0 && o->w[o->n - 1].end == 0)
			o->w[o->n - 1].end = '.';
	}
	*line = i + 1;
}

void
words_split(struct words *o, const char *text, size_t size)
{
	struct splitter x = { .out = o, .size = size < CLASSIFY_TEXT_MAX ? size : CLASSIFY_TEXT_MAX };
	const unsigned char *s = (const unsigned char *)text;
	enum word_kind kind;
	size_t line = 0, n;

	o->text = text;
	o->n = 0;
	o->letters = o->capitals = o->shouts = 0;
	o->pool = (struct buf){ 0 };
	for (size_t i = 0; i < x.size && o->n < WORDS_MAX; i += n) {
		uint32_t c = decode(s + i, x.size - i, &n);
		size_t run;

		if (c == '\n')
			line_end(&x, i, &line);
		else if (is_letter(c)) {
			if ((i == 0 || strchr(" \t\n\r<([\"'*:,;", (char)s[i - 1]) != NULL) && (run = special(text + i, x.size - i, &kind)) > 0) {
				put_word(&x, i, run, kind);
				n = run;
			} else
				n = letters(&x, i) - i;
		} else if (is_sign(c))
			put_word(&x, i, n, WORD_SIGN);
		else if (c > ' ' && !is_modifier(c))
			separate(&x, i, c);
	}
	for (size_t i = 0; i < o->n; i++)
		o->w[i].s = o->pool.s + x.pool[i];
	if (o->n > 0 && o->w[o->n - 1].end == 0)
		o->w[o->n - 1].end = '.';
}

void
words_free(struct words *o)
{
	buf_free(&o->pool);
}

bool
word_capital(const struct words *o, size_t i)
{
	const unsigned char *s = (const unsigned char *)o->text + o->w[i].at;

	if (s[0] < 0x80)
		return s[0] >= 'A' && s[0] <= 'Z';
	if (o->w[i].size < 2)
		return false;
	/* of two-byte letters, those that folding changes */
	if (s[0] == 0xc3)
		return s[1] >= 0x80 && s[1] <= 0x9e;
	if (s[0] == 0xc4 || s[0] == 0xc5) {
		struct buf b = { 0 };
		bool changed;

		utf8_fold_add(&b, (const char *)s, 2);
		changed = b.len != 2 || memcmp(b.s, s, 2) != 0;
		buf_free(&b);
		return changed;
	}
	return false;
}
