/*
 * The model: complement naive Bayes (Rennie and others, 2003: each class is judged by what is said in all others, which is kinder to small and
 * uneven classes) over words, pairs of words, and runs of four letters within words, which stand in for a stemmer, for accents left out and for
 * typos.  Each counts once a text, in a table of fixed size.  Nothing is stored but counts, so that training is counting, and a correction
 * is a text that counts several times.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "llm/classify_int.h"

#define CELLS 32768u     /* a power of two; two features in one cell cost a little precision and nothing else */
#define SMOOTH 2.0
#define SHARPNESS 2.8    /* these two by cross-validation: what it is half sure of is right three times in four */
#define DAMPING 0.35
#define GRAM 4           /* letters */
#define FEATURES_MAX 4096
#define MODEL_WORDS 200  /* of a long text the beginning counts */

struct model {
	uint16_t count[CELLS][CLASSES];
	uint32_t total[CLASSES], sum;
	uint32_t seen[CELLS];    /* the text in which it was met last */
	uint32_t texts;
	uint32_t cells;          /* in use */
};

/* Written by `make` from replies.tsv: records of class, language and text, parted by tabs, each ended by a NUL; an empty one ends them. */
static const char data[] =
#include "replies.inc"
    ;

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
features(const struct words *w, uint32_t *out)
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
		out[i] &= CELLS - 1;
	return n;
}

void
model_add(struct model *m, const struct words *w, enum sense class, unsigned times)
{
	uint32_t f[FEATURES_MAX];
	size_t n = features(w, f);

	m->texts++;
	for (size_t i = 0; i < n; i++) {
		uint16_t *cell = &m->count[f[i]][class];

		if (m->seen[f[i]] == m->texts || *cell > UINT16_MAX - times)
			continue;
		m->cells += m->seen[f[i]] == 0;
		m->seen[f[i]] = m->texts;
		*cell += (uint16_t)times;
		m->total[class] += times;
		m->sum += times;
	}
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

void
model_ask(const struct model *m, const struct words *w, double p[CLASSES])
{
	uint32_t f[FEATURES_MAX];
	size_t n = once(f, features(w, f)), known = 0;
	double sum = 0, best = -INFINITY, norm[CLASSES];

	for (size_t c = 0; c < CLASSES; c++) {
		p[c] = 0;
		norm[c] = log(m->sum - m->total[c] + SMOOTH * m->cells);
	}
	for (size_t i = 0; i < n; i++) {
		const uint16_t *cell = m->count[f[i]];
		unsigned all = 0;

		if (m->seen[f[i]] == 0)
			continue; /* what nobody has said tells nothing */
		for (size_t c = 0; c < CLASSES; c++)
			all += cell[c];
		known++;
		for (size_t c = 0; c < CLASSES; c++)
			p[c] += norm[c] - log(all - cell[c] + SMOOTH);
	}
	/* features lean on each other, and the sum counts each anew: the more there are, the less each may count */
	for (size_t c = 0; c < CLASSES; c++) {
		p[c] *= known > 0 ? SHARPNESS / pow((double)known, DAMPING) : 0;
		best = p[c] > best ? p[c] : best;
	}
	for (size_t c = 0; c < CLASSES; c++)
		sum += p[c] = exp(p[c] - best);
	for (size_t c = 0; c < CLASSES; c++)
		p[c] /= sum;
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

static enum sense
class_of(const char *name, size_t n)
{
	for (size_t c = 0; c < CLASSES; c++)
		if (strncmp(reply_classes[c], name, n) == 0 && reply_classes[c][n] == '\0')
			return (enum sense)c;
	return CLASSES;
}

struct model *
model_new(void)
{
	struct model *m = xcalloc(1, sizeof(*m));
	struct words *w = xmalloc(sizeof(*w));

	for (const char *s = data; *s != '\0'; s += strlen(s) + 1) {
		size_t n = strcspn(s, "\t");
		enum sense c = class_of(s, n);
		const char *text = strchr(s + n + 1, '\t') + 1;

		if (c == CLASSES)
			continue;
		words_split(w, text, strlen(text));
		model_add(m, w, c, 1);
		words_free(w);
	}
	free(w);
	return m;
}

void
model_free(struct model *m)
{
	free(m);
}
