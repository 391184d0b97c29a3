#include "mail/plain.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/letters.h"
#include "mail/hidden.h"

/* What doesn't fall apart into a letter and its accent. */
static const char *
special(uint32_t c)
{
	switch (c) {
	case 0xdf: case 0x1e9e: return "ss";
	case 0xe6: case 0xc6: return "ae";
	case 0x153: case 0x152: return "oe";
	case 0xf8: case 0xd8: return "o";
	case 0x142: case 0x141: return "l";
	case 0x111: case 0x110: case 0xf0: case 0xd0: return "d";
	case 0xfe: case 0xde: return "th";
	case 0x131: case 0x130: return "i";
	case 0x2018: case 0x2019: case 0x201a: case 0x201b: case 0x2032: case 0x60: case 0xb4: case 0x2bc: return "'";
	case 0x201c: case 0x201d: case 0x201e: case 0x201f: case 0xab: case 0xbb: return "\"";
	case 0x2010: case 0x2011: case 0x2012: case 0x2013: case 0x2014: case 0x2015: case 0x2212: return "-";
	case 0x2026: return "...";
	case 0x2044: return "/";
	default: return NULL;
	}
}

void
mail_plain(struct buf *out, const char *s, size_t n)
{
	const char *end = s + n, *to;

	while (s < end) {
		unsigned char a = (unsigned char)*s;
		char letter[8];
		uint32_t c;
		size_t size;

		if (a < 0x80) {
			buf_putc(out, (char)(a >= 'A' && a <= 'Z' ? a | 0x20 : a == '`' ? '\'' : a == '\t' || a == '\r' ? ' ' : a));
			s++;
			continue;
		}
		if ((size = utf8_char(s, (size_t)(end - s), &c)) == 0) {
			s++; /* no UTF-8 */
			continue;
		}
		s += size;
		if (mail_hidden_char(c))
			continue;
		if ((to = special(c)) != NULL)
			buf_puts(out, to);
		else if (utf8_space(c) || (c >= 0x80 && c < 0xa0))
			buf_putc(out, ' ');
		else
			buf_add(out, letter, utf8_bare(c, letter));
	}
	buf_reserve(out, 1);
	out->s[out->len] = '\0';
}

static size_t
char_size(const char *s)
{
	uint32_t c;
	size_t n = utf8_char(s, strnlen(s, 4), &c);

	return n > 0 ? n : 1;
}

/* How many bytes the letter at s takes; 0 where there is none. */
static size_t
letter_size(const char *s)
{
	unsigned char a = (unsigned char)*s;
	uint32_t c;
	size_t n;

	if (a < 0x80)
		return (a >= 'a' && a <= 'z') || (a >= '0' && a <= '9');
	n = utf8_char(s, strnlen(s, 4), &c);
	return n > 0 && utf8_letter(c) ? n : 0;
}

static bool
is_word(const char *s)
{
	return letter_size(s) > 0;
}

/* "l'adresse" is two words, "don't" one. */
static bool
elides(const char *w, size_t n)
{
	static const char *const with[] = { "l", "d", "m", "n", "s", "j", "c", "t", "qu", "jusqu", "dall", "dell", "all", "nell", "sull",
		"un", "quest" };

	for (size_t i = 0; i < sizeof(with) / sizeof(with[0]); i++)
		if (strlen(with[i]) == n && memcmp(with[i], w, n) == 0)
			return true;
	return false;
}

/* "e-mail" is one, "retirez-moi" two. */
static bool
joins(const char *w, size_t n)
{
	return (n == 1 && *w == 'e') || (n == 2 && memcmp(w, "un", 2) == 0);
}

static const char *
read_word(struct words *w, const char *s)
{
	size_t from = w->mem.len;

	for (;;) {
		if (is_word(s)) {
			size_t n = letter_size(s);

			buf_add(&w->mem, s, n);
			s += n;
		} else if (*s == '\'' && is_word(s + 1) && !elides(w->mem.s + from, w->mem.len - from))
			s++;
		else if (*s == '-' && is_word(s + 1) && joins(w->mem.s + from, w->mem.len - from))
			s++;
		else
			break;
	}
	buf_add(&w->mem, "", 1);
	return s;
}

static const char *
blank_line(const char *s)
{
	const char *p = s + 1;

	while (*p == ' ')
		p++;
	return *p == '\n' ? p : NULL;
}

/* Does it part clauses? "10:00" and "and/or" do not. */
static bool
is_mark(const char *s)
{
	return strchr(",;()|", *s) != NULL || (strchr(":-/", *s) != NULL && !is_word(s + 1));
}

/* Where the words are is known only once none is added. */
static void
settle(struct words *w, const size_t *at)
{
	static const char *const marks[] = { ",", "\n" };

	for (size_t i = 0; i < w->n; i++)
		w->w[i] = at[i] < 2 ? marks[at[i]] : w->mem.s + at[i] - 2;
}

const char *
words_read(struct words *w, const char *s)
{
	size_t at[WORDS_MAX];
	bool some = false;

	w->n = 0;
	w->end = '\0';
	buf_reset(&w->mem);
	while (*s != '\0' && w->n < WORDS_MAX) {
		if (is_word(s)) {
			at[w->n++] = w->mem.len + 2;
			s = read_word(w, s);
			some = true;
		} else if (*s == '.' && s[1] == ' ' && w->n > 0 && at[w->n - 1] >= 2 && s[-1] >= '0' && s[-1] <= '9') {
			s++; /* "on 14.3. we" */
		} else if (strchr(".!?", *s) != NULL && (s[1] == '\0' || strchr(" \n\"')*_.!?", s[1]) != NULL)) {
			/* of "!?" and "...!" the strongest counts */
			for (; *s != '\0' && strchr(".!?", *s) != NULL; s++)
				if (w->end != '?')
					w->end = *s;
			if (some)
				break;
			w->end = '\0';
		} else if (*s == '\n') {
			const char *p = blank_line(s);

			if (p != NULL && some)
				break;
			s = p != NULL ? p : s + 1;
			if (some)
				at[w->n++] = 1;
		} else {
			if (is_mark(s) && some && !(w->n > 0 && at[w->n - 1] == 0))
				at[w->n++] = 0;
			s += char_size(s);
		}
	}
	while (w->n > 0 && at[w->n - 1] < 2)
		w->n--;
	settle(w, at);
	return *s == '\0' && w->n == 0 ? NULL : s;
}

void
plain_words_free(struct words *w)
{
	buf_free(&w->mem);
}

bool
words_is_mark(const char *w)
{
	return *w == ',' || *w == '\n';
}

/* One word against "a|b~|c". */
static bool
word_is(const char *word, const char *alt, const char *end)
{
	size_t len = strlen(word);

	while (alt < end) {
		const char *bar = memchr(alt, '|', (size_t)(end - alt)), *stop = bar != NULL ? bar : end;
		size_t n = (size_t)(stop - alt);

		if (n > 0 && alt[n - 1] == '~' ? len >= n - 1 && memcmp(word, alt, n - 1) == 0 : len == n && memcmp(word, alt, n) == 0)
			return true;
		alt = stop + 1;
	}
	return false;
}

static bool
polite(const char *w)
{
	static const char words[] = "please|pls|plz|thanks|thank|you|now|immediately|asap|today|forthwith|kindly|cheers|regards|sir|madam|"
	    "altogether|completely|permanently|bitte|danke|sofort|umgehend|dringend|vielen|mfg|merci|svp|s|il|vous|plait|immediatement|"
	    "definitivement|cordialement|por|favor|gracias|ya|inmediatamente|inmediato|urgentemente|urgente|obrigado|obrigada|ja|per|"
	    "favore|grazie|subito|aub|a|u|b|alstublieft|alsjeblieft|dank|bedankt|nu|prosze|dziekuje|tack|takk|tak|venligst|vennligst|"
	    "kiitos|пожалуиста|спасибо";

	return word_is(w, words, words + sizeof(words) - 1);
}

/* No gap of a pattern goes across these: they turn it round. */
static bool
negates(const char *w)
{
	static const char words[] = "not|never|dont|nicht|niet|inte|ikke|aldrig|nie|nao|non|ne|ei|не";

	return word_is(w, words, words + sizeof(words) - 1);
}

static bool
clause_ends(const struct words *w, size_t at)
{
	while (at < w->n && (*w->w[at] == '\n' || polite(w->w[at])))
		at++;
	return at >= w->n || *w->w[at] == ',';
}

static size_t
past_lines(const struct words *w, size_t at)
{
	while (at < w->n && *w->w[at] == '\n')
		at++;
	return at;
}

/* `at` is bounded by the gaps of a pattern, the depth by its elements. */
static bool
match(const struct words *w, size_t at, const char *p, size_t *end)
{
	const char *stop, *rest;

	while (*p == ' ')
		p++;
	if (*p == '\0') {
		*end = at;
		return true;
	}
	stop = p + strcspn(p, " ");
	rest = *stop == ' ' ? stop + 1 : stop;
	if (*p == '$') {
		*end = at;
		return clause_ends(w, at);
	}
	if (*p == '*') {
		size_t most = stop - p > 1 ? 7 : 3;

		for (size_t i = 0;; i++) {
			if (match(w, at, rest, end))
				return true;
			at = past_lines(w, at);
			if (i == most || at >= w->n || *w->w[at] == ',' || negates(w->w[at]))
				return false;
			at++;
		}
	}
	if (*p == '?') {
		size_t next = past_lines(w, at);

		if (next < w->n && word_is(w->w[next], p + 1, stop) && match(w, next + 1, rest, end))
			return true;
		return match(w, at, rest, end);
	}
	if (stop[-1] == '$' && clause_ends(w, at) && match(w, at, rest, end)) /* a|b|$ */
		return true;
	at = past_lines(w, at);
	return at < w->n && word_is(w->w[at], p, stop) && match(w, at + 1, rest, end);
}

bool
words_match(const struct words *w, size_t at, const char *pattern, size_t *end)
{
	return match(w, at, pattern, end);
}

/* The first bytes with which a pattern may begin. */
static void
first_bytes(const char *p, bool seen[256])
{
	memset(seen, 0, 256 * sizeof(*seen));
	for (bool start = true; *p != '\0' && *p != ' '; p++) {
		if (start)
			seen[(unsigned char)*p] = true;
		start = *p == '|';
	}
}

static void
index_set(struct word_set *set)
{
	unsigned short count[257] = { 0 };
	bool seen[256];
	size_t total = 0;

	for (size_t i = 0; i < set->n; i++) {
		first_bytes(set->list[i], seen);
		for (int c = 0; c < 256; c++)
			count[c] = (unsigned short)(count[c] + seen[c]);
	}
	for (int c = 0; c < 256; c++) {
		set->from[c] = (unsigned short)total;
		total += count[c];
		count[c] = set->from[c];
	}
	set->from[256] = (unsigned short)total;
	set->item = xcalloc(total + 1, sizeof(*set->item));
	for (size_t i = 0; i < set->n; i++) {
		first_bytes(set->list[i], seen);
		for (int c = 0; c < 256; c++)
			if (seen[c])
				set->item[count[c]++] = (unsigned short)i;
	}
}

const char *
words_find(const struct words *w, size_t at, struct word_set *set, size_t *end)
{
	unsigned char c = (unsigned char)*w->w[at];

	if (set->item == NULL)
		index_set(set);
	for (size_t i = set->from[c]; i < set->from[c + 1]; i++)
		if (words_match(w, at, set->list[set->item[i]], end))
			return set->list[set->item[i]];
	return NULL;
}
