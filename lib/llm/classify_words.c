/*
 * A reply as words: folded, without accents, so that "Désolé", "desole" and "DÉSOLÉ" are one; each knows where it stands in the text, and what
 * separates it from the word before, since a negation reaches no further than its clause.
 */
#include <string.h>

#include "base/letters.h"
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
	uint32_t c = ' ';

	if (left == 0 || (*n = utf8_char((const char *)s, left, &c)) == 0)
		*n = 1;
	return *n == 1 && s[0] >= 0x80 ? ' ' : c;
}

static bool
is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
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
	return utf8_mark(c) || c == 0x200d || c == 0xfe0f || c == 0xfe0e || (c >= 0x1f3fb && c <= 0x1f3ff);
}

/* The letters of one word, folded and bare. */
static void
put_bare(struct buf *out, const char *s, size_t size)
{
	char letter[8];
	size_t n;

	for (size_t i = 0; i < size; i += n)
		buf_add(out, letter, utf8_bare(decode((const unsigned char *)s + i, size - i, &n), letter));
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
		if (utf8_letter(c) || utf8_mark(c)) {
			number = number && is_digit(c);
			continue;
		}
		/* n't */
		if (is_apostrophe(c) && i > start && (s[i - 1] | 0x20) == 'n' && i + n < x->size && (s[i + n] | 0x20) == 't') {
			decode(s + i + n + 1, x->size - i - n - 1, &after);
			if (i + n + 1 == x->size || !utf8_letter(decode(s + i + n + 1, x->size - i - n - 1, &after))) {
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
		else if (utf8_letter(c)) {
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
	const struct word *w = &o->w[i];
	size_t n;
	uint32_t c = decode((const unsigned char *)o->text + w->at, w->size, &n);

	if (c < 0x80)
		return c >= 'A' && c <= 'Z';
	if (c < 0x100)
		return c >= 0xc0 && c <= 0xde && c != 0xd7;
	/* capital and small in turn; three stretches begin with an odd one */
	if (c < 0x180)
		return ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e) ? c % 2 == 1 : c % 2 == 0) || c == 0x178;
	return (c >= 0x391 && c <= 0x3a9) || (c >= 0x400 && c <= 0x42f);
}
