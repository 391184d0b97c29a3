/*
 * What a text is recognised by: words, pairs of words, and runs of four letters within words, which stand in for a stemmer, for accents left out
 * and for typos.  Each is a cell in a table of fixed size.  Also linked by the program that trains the model when all this is built.
 */
#include <stdlib.h>
#include <string.h>

#include "llm/classify_int.h"

#define GRAM 4           /* letters */
#define MODEL_WORDS 200  /* of a long text the beginning counts */

const char *const reply_classes[] = { "interested", "meeting_request", "question", "referral", "not_now", "not_interested", "wrong_person", "out_of_office",
	"unsubscribe", "angry", "other", NULL };

static uint32_t
mix(uint32_t h)
{
	h ^= h >> 16;
	h *= 0x85ebca6bu;
	return h ^ h >> 13;
}

static uint32_t
word_mark(const struct word *w)
{
	return w->kind == WORD_NUMBER ? words_hash("#", 1) : w->hash;
}

static uint32_t
pair_mark(const struct words *w, size_t i)
{
	return (i == 0 || w->w[i].border == BORDER_SENTENCE ? 1 : word_mark(&w->w[i - 1])) * 31 + word_mark(&w->w[i]);
}

/* "<word>": "<wor" "word" "ord>" */
static size_t
grams(const struct word *w, uint32_t *out, size_t max)
{
	char s[32];
	size_t n = w->len < sizeof(s) - 2 ? w->len : sizeof(s) - 2, made = 0;

	s[0] = '<';
	memcpy(s + 1, w->s, n);
	s[n + 1] = '>';
	for (size_t i = 0; i + GRAM <= n + 2 && made < max; i++)
		out[made++] = mix(words_hash(s + i, GRAM) + 7);
	return made;
}

/* The cells that a text is in, as often as it is. */
static size_t
features(const struct words *w, uint32_t out[FEATURES_MAX])
{
	size_t n = 0, words = w->n < MODEL_WORDS ? w->n : MODEL_WORDS;

	for (size_t i = 0; i < words && n + 3 <= FEATURES_MAX; i++) {
		out[n++] = mix(word_mark(&w->w[i]));
		out[n++] = mix(pair_mark(w, i));
		if (w->w[i].end == '?')
			out[n++] = mix('?');
		if (w->w[i].kind == WORD_TEXT)
			n += grams(&w->w[i], out + n, FEATURES_MAX - n);
	}
	for (size_t i = 0; i < n; i++)
		out[i] &= MODEL_CELLS - 1;
	return n;
}

static int
by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* Sorted, each once. */
static size_t
once(uint32_t *f, size_t n)
{
	size_t kept = 0;

	qsort(f, n, sizeof(*f), by_value);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || f[i] != f[kept - 1])
			f[kept++] = f[i];
	return kept;
}

size_t
features_of(const struct words *w, uint32_t out[FEATURES_MAX])
{
	return once(out, features(w, out));
}

size_t
marks_of(const struct words *w, uint32_t out[MARKS_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < w->n && n + 2 <= MARKS_MAX; i++) {
		out[n++] = mix(word_mark(&w->w[i]));
		out[n++] = mix(pair_mark(w, i));
	}
	return once(out, n);
}

double
marks_alike(const uint32_t *a, size_t na, const uint32_t *b, size_t nb)
{
	size_t i = 0, j = 0, both = 0;

	while (i < na && j < nb) {
		if (a[i] == b[j]) {
			both++;
			i++;
			j++;
		} else if (a[i] < b[j])
			i++;
		else
			j++;
	}
	return na + nb == both ? 0 : (double)both / (double)(na + nb - both);
}
