/*
 * The model: multinomial naive Bayes over words, pairs of words, and the beginnings of long words (which stand in for a stemmer in languages that
 * bend their words), each counted once a text, in a table of fixed size.  Nothing is stored but counts, so that training is counting, and a
 * correction is a text that counts several times.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "llm/classify_int.h"

#define CELLS 16384u     /* a power of two; two words in one cell cost a little precision and nothing else */
#define SMOOTH 0.2
#define STEM 6           /* letters */
#define FEATURES_MAX (3 * 256)
#define MODEL_WORDS 256  /* of a long text the beginning counts */

struct model {
	float count[CELLS][CLASSES];
	double total[CLASSES];
	double texts[CLASSES];
	unsigned cells;          /* in use */
};

/* Written by `make` from replies.tsv: records of class, language and text, parted by tabs, each ended by a NUL; an empty one ends them. */
static const char data[] =
#include "replies.inc"
    ;

static int
by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

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

/* The marks of a text, sorted, each once. */
static size_t
marks(const struct words *w, uint32_t *out, size_t max, bool stems)
{
	size_t n = 0, kept = 0, words = w->n < MODEL_WORDS ? w->n : MODEL_WORDS;

	for (size_t i = 0; i < words && n + 4 <= max; i++) {
		uint32_t h = word_mark(&w->w[i]), before = i == 0 || w->w[i].border == BORDER_SENTENCE ? 1 : word_mark(&w->w[i - 1]);

		out[n++] = mix(h);
		out[n++] = mix(before * 31 + h);
		if (stems && w->w[i].kind == WORD_TEXT && w->w[i].len > STEM)
			out[n++] = mix(words_hash(w->w[i].s, STEM) + 7);
		if (w->w[i].end == '?')
			out[n++] = mix('?');
	}
	qsort(out, n, sizeof(*out), by_value);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || out[i] != out[kept - 1])
			out[kept++] = out[i];
	return kept;
}

size_t
marks_of(const struct words *w, uint32_t out[MARKS_MAX])
{
	return marks(w, out, MARKS_MAX, false);
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

void
model_add(struct model *m, const struct words *w, enum sense class, double times)
{
	uint32_t f[FEATURES_MAX];
	size_t n = marks(w, f, FEATURES_MAX, true);

	for (size_t i = 0; i < n; i++) {
		float *cell = m->count[f[i] & (CELLS - 1)];
		float sum = 0;

		for (size_t c = 0; c < CLASSES; c++)
			sum += cell[c];
		m->cells += sum == 0;
		cell[class] += (float)times;
		m->total[class] += times;
	}
	m->texts[class] += times;
}

void
model_ask(const struct model *m, const struct words *w, double p[CLASSES])
{
	uint32_t f[FEATURES_MAX];
	size_t n = marks(w, f, FEATURES_MAX, true), known = 0;
	double sum = 0, best = -INFINITY, norm[CLASSES];

	for (size_t c = 0; c < CLASSES; c++) {
		p[c] = 0;
		norm[c] = log(m->total[c] + SMOOTH * m->cells);
	}
	for (size_t i = 0; i < n; i++) {
		const float *cell = m->count[f[i] & (CELLS - 1)];
		double all = 0;

		for (size_t c = 0; c < CLASSES; c++)
			all += (double)cell[c];
		if (all <= 0)
			continue; /* a word that nobody has said tells nothing */
		known++;
		for (size_t c = 0; c < CLASSES; c++)
			p[c] += log((double)cell[c] + SMOOTH) - norm[c];
	}
	/* words lean on each other, and the sum counts each anew: the more there are, the less each may count */
	for (size_t c = 0; c < CLASSES; c++) {
		p[c] /= known > 0 ? pow((double)known, 0.35) : 1;
		best = p[c] > best ? p[c] : best;
	}
	for (size_t c = 0; c < CLASSES; c++)
		sum += p[c] = exp(p[c] - best);
	for (size_t c = 0; c < CLASSES; c++)
		p[c] /= sum;
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
