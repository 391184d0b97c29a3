#include "llm/classify.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/normal.h"
#include "llm/classify_int.h"

#define LEARNT_MAX 500
#define LEARNT_TIMES 6     /* lines of the data that a correction counts for */
#define LEARNT_ALIKE 0.6   /* from here on a text is like a corrected one */

struct learnt {
	uint32_t marks[MARKS_MAX];
	size_t n;
	enum sense class;
};

struct classifier {
	struct lexicon *lexicon;
	struct model *model;
	struct learnt *learnt;
	size_t nlearnt, next;
};

struct classifier *
classifier_new(void)
{
	struct classifier *c = xcalloc(1, sizeof(*c));

	c->lexicon = lexicon_new();
	c->model = model_new();
	return c;
}

void
classifier_free(struct classifier *c)
{
	if (c == NULL)
		return;
	lexicon_free(c->lexicon);
	model_free(c->model);
	free(c->learnt);
	free(c);
}

void
classifier_learn(struct classifier *c, const char *subject, const char *text, const char *class)
{
	struct words *w;
	struct learnt *l;
	size_t k = 0;

	(void)subject; /* ours, mostly: it tells nothing of the answer */
	while (reply_classes[k] != NULL && strcmp(reply_classes[k], class) != 0)
		k++;
	if (reply_classes[k] == NULL || text == NULL)
		return;
	if (c->learnt == NULL)
		c->learnt = xcalloc(LEARNT_MAX, sizeof(*c->learnt));
	w = xmalloc(sizeof(*w));
	words_split(w, text, strlen(text));
	if (w->n > 0) {
		model_add(c->model, w, (enum sense)k, LEARNT_TIMES);
		l = &c->learnt[c->next];
		c->next = (c->next + 1) % LEARNT_MAX;
		if (c->nlearnt < LEARNT_MAX)
			c->nlearnt++;
		l->n = marks_of(w, l->marks);
		l->class = (enum sense)k;
	}
	words_free(w);
	free(w);
}

/* Lines of ours that stand in the answer unmarked are blanked out. */
static char *
without_original(const char *text, const char *original)
{
	char *copy = xstrdup(text);
	size_t lines = 0;

	if (original == NULL || strlen(original) > CLASSIFY_TEXT_MAX)
		return copy;
	for (char *s = copy; *s != '\0' && lines < 100;) {
		size_t n = strcspn(s, "\n");
		char end = s[n];

		if (n >= 25) {
			s[n] = '\0';
			if (strstr(original, s) != NULL)
				memset(s, ' ', n);
			s[n] = end;
			lines++;
		}
		s += n + (end != '\0');
	}
	return copy;
}

static enum sense
most(const double *p)
{
	size_t best = 0;

	for (size_t c = 1; c < CLASSES; c++)
		if (p[c] > p[best])
			best = c;
	return (enum sense)best;
}

/* Lexicon and model as one distribution. */
static void
combine(struct judged *j)
{
	double sum = 0, top = -INFINITY, strongest;

	j->lexicon = most(j->score);
	strongest = j->score[j->lexicon];
	j->brain = most(j->model);
	for (size_t c = 0; c < CLASSES; c++) {
		j->p[c] = 1.1 * j->score[c] + 0.8 * log(j->model[c] + 1e-3);
		top = j->p[c] > top ? j->p[c] : top;
	}
	for (size_t c = 0; c < CLASSES; c++)
		sum += j->p[c] = exp(j->p[c] - top);
	for (size_t c = 0; c < CLASSES; c++)
		j->p[c] /= sum;
	j->class = most(j->p);
	if (strongest < 0.8) {
		judged_cap(j, DOUBT); /* no phrase says it: the words alone are right half of the time */
	} else if (j->brain != j->class && j->model[j->brain] >= 0.5)
		judged_cap(j, DOUBT);
	else if (j->lexicon != j->class)
		judged_cap(j, DOUBT);
}

/* Never take a refusal for interest. */
static void
beware(struct judged *j)
{
	static const enum sense refusals[] = { NOT_INTERESTED, UNSUBSCRIBE, ANGRY, WRONG_PERSON, NOT_NOW, OUT_OF_OFFICE };
	double doubt = 0;

	if (j->class != INTERESTED && j->class != MEETING)
		return;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		doubt += j->model[refusals[i]];
		if (j->h.score[refusals[i]] >= 0.7) {
			judged_cap(j, DOUBT);
			because(j->out, "but something in it declines");
			return;
		}
	}
	if (lexicon_denies(j->w, &j->h, j->class == MEETING)) {
		judged_cap(j, DOUBT);
		because(j->out, "but denies something");
	}
	if (j->class == INTERESTED && lexicon_supposes(j->w, &j->h)) {
		judged_cap(j, DOUBT);
		because(j->out, "but only if");
	}
	if (doubt >= 0.3 || j->h.score[NEGATIVE] >= 1)
		judged_cap(j, DOUBT);
	if (j->h.score[INTERESTED] + j->h.score[MEETING] < 1 && !(j->class == MEETING && j->available))
		judged_cap(j, DOUBT);
}

/* What a person said of this text, or one nearly like it. */
static void
remember(struct judged *j)
{
	uint32_t marks[MARKS_MAX];
	size_t n, best = 0;
	double alike = 0;

	if (j->c->nlearnt == 0 || j->w->n == 0)
		return;
	n = marks_of(j->w, marks);
	for (size_t i = 0; i < j->c->nlearnt; i++) {
		size_t at = (j->c->next + LEARNT_MAX - 1 - i) % LEARNT_MAX; /* the latest first */
		double a = marks_alike(marks, n, j->c->learnt[at].marks, j->c->learnt[at].n);

		if (a > alike) {
			alike = a;
			best = at;
		}
	}
	if (alike < LEARNT_ALIKE)
		return;
	j->class = j->c->learnt[best].class;
	for (size_t c = 0; c < CLASSES; c++)
		j->p[c] = c == j->class ? 0.6 + 0.38 * (alike - LEARNT_ALIKE) / (1 - LEARNT_ALIKE) : 0;
	/* of a text that is only like it, what it declines itself is still heard */
	if (alike > 0.98)
		j->cap = 1;
	else if ((j->class != INTERESTED && j->class != MEETING) || (j->h.score[NOT_INTERESTED] + j->h.score[UNSUBSCRIBE] + j->h.score[ANGRY] < 0.7 && !lexicon_denies(j->w, &j->h, false)))
		j->cap = 0.9;
	else
		judged_cap(j, DOUBT);
	because(j->out, alike > 0.98 ? "a person said so of this text" : "like a text that a person put there");
}

static void
sentiment(struct judged *j)
{
	static const double tone_of[CLASSES] = { [INTERESTED] = 1.2, [MEETING] = 1.2, [QUESTION] = 0.2, [NOT_INTERESTED] = -0.3, [ANGRY] = -3, [UNSUBSCRIBE] = -0.3 };
	double t = tone_of[j->class] + j->h.score[POSITIVE] + 0.5 * j->h.score[INTERESTED] - 1.2 * j->h.score[NEGATIVE] - j->h.score[ANGRY];

	snprintf(j->out->sentiment, sizeof(j->out->sentiment), "%s", t >= 0.8 ? "positive" : t <= -0.8 ? "negative" : "neutral");
}

static void
finish(struct judged *j, int64_t now)
{
	struct classified *out = j->out;
	size_t from, to;

	snprintf(out->class, sizeof(out->class), "%s", reply_classes[j->class]);
	out->confidence = j->p[j->class] < j->cap ? j->p[j->class] : j->cap;
	if (out->confidence > 0.99)
		out->confidence = 0.99;
	sentiment(j);
	out->mentions_availability = j->available && j->class != OUT_OF_OFFICE && j->class != NOT_INTERESTED && j->class != UNSUBSCRIBE && j->class != ANGRY &&
	    j->class != WRONG_PERSON;
	if (j->class == NOT_NOW || j->class == OUT_OF_OFFICE) {
		if ((out->until = when_until(j->w, now, j->class == OUT_OF_OFFICE, &from, &to)) != 0) {
			char *q = quote(j->w, from, to);

			because(out, "names when: %s", q);
			free(q);
		}
	}
	if (j->class == REFERRAL)
		who_referred(j->w, &j->h, out);
	if (out->nreasons == 0)
		because(out, j->w->n == 0 ? "no words in it" : "no phrase known; by its words only");
}

void
classify(const struct classifier *c, const char *subject, const char *text, const char *original, int64_t now, struct classified *out)
{
	struct judged j = { .c = c, .lex = c->lexicon, .out = out, .cap = 1 };
	char *own = without_original(text != NULL ? text : "", original);

	memset(out, 0, sizeof(*out));
	j.w = xmalloc(sizeof(*j.w));
	words_split(j.w, own, strlen(own));
	lexicon_find(c->lexicon, j.w, &j.h);
	model_ask(c->model, j.w, j.model);
	judged_hear(&j, subject, original);
	if (j.w->n == 0) {
		j.score[OTHER] += 2;
		judged_cap(&j, 0.5);
	}
	combine(&j);
	beware(&j);
	remember(&j);
	finish(&j, now);
	words_free(j.w);
	free(j.w);
	free(own);
}

void
classified_clear(struct classified *out)
{
	for (size_t i = 0; i < out->nreasons; i++)
		free(out->reasons[i]);
	out->nreasons = 0;
}
