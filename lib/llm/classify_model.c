/*
 * The model: complement naive Bayes (Rennie and others, 2003: each class is judged by what is said in all others, which is kinder to small and
 * uneven classes).  Nothing is stored but counts: those of the data are made when the library is built (test/tools/train.c), those of
 * a person's corrections are added at run time.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "llm/classify_int.h"

#define SMOOTH 2.0
#define SHARPNESS 2.8    /* these two by cross-validation: what it is half sure of is right three times in four */
#define DAMPING 0.35

/* counts[MODEL_CELLS][CLASSES], totals[CLASSES], cells in use: written by `make` from replies.tsv. */
#include "model.inc"

struct model {
	uint16_t (*learnt)[CLASSES]; /* NULL until something is */
	uint32_t total[CLASSES], sum;
};

struct model *
model_new(void)
{
	struct model *m = xcalloc(1, sizeof(*m));

	for (size_t c = 0; c < CLASSES; c++)
		m->sum += m->total[c] = totals[c];
	return m;
}

void
model_free(struct model *m)
{
	if (m != NULL)
		free(m->learnt);
	free(m);
}

void
model_add(struct model *m, const struct words *w, enum sense class, unsigned times)
{
	uint32_t f[FEATURES_MAX];
	size_t n = features_of(w, f);

	if (m->learnt == NULL)
		m->learnt = xcalloc(MODEL_CELLS, sizeof(*m->learnt));
	for (size_t i = 0; i < n; i++) {
		uint16_t *cell = &m->learnt[f[i]][class];

		if (*cell > UINT16_MAX - times)
			continue;
		*cell += (uint16_t)times;
		m->total[class] += times;
		m->sum += times;
	}
}

void
model_ask(const struct model *m, const struct words *w, double p[CLASSES])
{
	uint32_t f[FEATURES_MAX];
	size_t n = features_of(w, f), known = 0;
	double sum = 0, best = -INFINITY, norm[CLASSES];

	for (size_t c = 0; c < CLASSES; c++) {
		p[c] = 0;
		norm[c] = log(m->sum - m->total[c] + SMOOTH * cells);
	}
	for (size_t i = 0; i < n; i++) {
		unsigned cell[CLASSES], all = 0;

		for (size_t c = 0; c < CLASSES; c++)
			all += cell[c] = counts[f[i]][c] + (m->learnt != NULL ? m->learnt[f[i]][c] : 0u);
		if (all == 0)
			continue; /* what nobody has said tells nothing */
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
