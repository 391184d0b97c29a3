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
#define ACT 0.6            /* see the header */
#define DOUBT 0.55         /* what is capped below it */

const char *const reply_classes[] = { "interested", "meeting_request", "question", "referral", "not_now", "not_interested", "wrong_person", "out_of_office",
	"unsubscribe", "angry", "other", NULL };

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

/* ---- reasons ---- */

static void __attribute__((format(printf, 2, 3)))
because(struct classified *out, const char *fmt, ...)
{
	va_list ap;
	struct buf b = { 0 };

	if (out->nreasons == CLASSIFY_REASONS)
		return;
	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	for (size_t i = 0; i < out->nreasons; i++)
		if (strcmp(out->reasons[i], b.s) == 0) {
			buf_free(&b);
			return;
		}
	out->reasons[out->nreasons++] = buf_steal(&b);
}

/* The words from..to as they stand in the text, on one line, not too many. */
static char *
quote(const struct words *w, size_t from, size_t to)
{
	const struct word *a = &w->w[from], *b = &w->w[to - 1];
	size_t n = b->at + b->size - a->at;
	char *raw, *line;

	if (n > 80)
		for (n = 80; n > 0 && ((unsigned char)w->text[a->at + n] & 0xc0) == 0x80; n--)
			;
	raw = xstrndup(w->text + a->at, n);
	line = normal_text(raw);
	free(raw);
	return line;
}

/* ---- one reply under judgement ---- */

struct judged {
	const struct classifier *c;
	struct words *w;
	struct hits h;
	double model[CLASSES], score[CLASSES], p[CLASSES];
	enum sense class, lexicon, brain;
	double cap;
	bool available;
	struct classified *out;
};

static void
cap(struct judged *j, double most)
{
	if (j->cap > most)
		j->cap = most;
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

/* Questions: a sentence that ends with a question mark and asks for no meeting and no removal. */
static void
questions(struct judged *j)
{
	size_t start = 0, found = 0;

	for (size_t i = 0; i < j->w->n; i++) {
		bool other = false;

		if (i > start && j->w->w[i].border == BORDER_SENTENCE)
			start = i;
		if (j->w->w[i].end != '?')
			continue;
		for (size_t k = 0; k < j->h.n && !other; k++) {
			const struct hit *x = &j->h.h[k];

			other = x->from >= start && x->to <= i + 1 && (x->sense == MEETING || x->sense == UNSUBSCRIBE || x->sense == ANGRY || x->sense == REFERRAL ||
			        x->sense == AVAILABLE || x->sense == NOT_INTERESTED || x->sense == NOT_NOW || x->sense == NEUTRAL);
		}
		if (!other && i - start >= 1) {
			j->score[QUESTION] += found == 0 ? 1.6 : 0.5;
			if (found++ == 0) {
				char *q = quote(j->w, start, i + 1);

				because(j->out, "asks '%s?'", q);
				free(q);
			}
		}
	}
}

static void
availability(struct judged *j)
{
	const char *label;
	size_t n, found = 0;

	for (size_t i = 0; i < j->w->n && found < 3; i += n > 0 ? n : 1) {
		n = when_available(j->w, i, &label);
		if (n > 0) {
			char *q = quote(j->w, i, i + n);

			because(j->out, "names %s: %s", label, q);
			free(q);
			j->score[MEETING] += found++ == 0 ? strcmp(label, "a booking link") == 0 ? 3 : 0.9 : 0.4;
		}
	}
	j->available = found > 0 || j->h.score[AVAILABLE] >= 1;
	if (found > 0 || j->h.score[AVAILABLE] > 0)
		j->score[MEETING] += j->h.score[AVAILABLE] * 0.6;
}

/* A subject says something of its own where it is an absence notice's or a removal's. */
static void
subject_says(struct judged *j, const char *subject)
{
	struct words *w;
	struct hits *h;

	if (subject == NULL || *subject == '\0')
		return;
	w = xmalloc(sizeof(*w));
	h = xmalloc(sizeof(*h));
	words_split(w, subject, strlen(subject));
	lexicon_find(j->c->lexicon, w, h);
	for (size_t k = 0; k < h->n; k++) {
		enum sense s = (enum sense)h->h[k].sense;
		/* "Re: how to unsubscribe ..." may be our own subject; a removal is the whole of it */
		bool whole = h->h[k].from == 0 && h->h[k].to == w->n;

		if (s == OUT_OF_OFFICE || (s == UNSUBSCRIBE && whole)) {
			char *q = quote(w, h->h[k].from, h->h[k].to);

			j->score[s] += (double)h->h[k].weight;
			because(j->out, "subject says '%s'", q);
			free(q);
			break;
		}
	}
	words_free(w);
	free(w);
	free(h);
}

/* "Yes" and "no" answer what we asked last. */
static void
bare_answer(struct judged *j, const char *original)
{
	struct words *w;
	struct hits *h;
	size_t last = 0, from = 0;
	enum sense top = j->h.n > 0 ? (enum sense)j->h.h[0].sense : OTHER;

	if (original == NULL || j->w->n == 0 || j->w->n > 3 || strlen(original) > CLASSIFY_TEXT_MAX || (top != INTERESTED && top != NOT_INTERESTED))
		return;
	w = xmalloc(sizeof(*w));
	h = xmalloc(sizeof(*h));
	words_split(w, original, strlen(original));
	for (size_t i = 0, start = 0; i < w->n; i++) {
		if (w->w[i].border == BORDER_SENTENCE)
			start = i;
		if (w->w[i].end == '?') {
			last = i + 1;
			from = start;
		}
	}
	lexicon_find(j->c->lexicon, w, h);
	for (size_t k = 0; last > 0 && k < h->n; k++) {
		const struct hit *x = &h->h[k];

		if (x->from < from || x->to > last)
			continue;
		if (x->sense == NOT_INTERESTED || x->sense == UNSUBSCRIBE || x->sense == NOT_NOW) {
			j->score[NOT_INTERESTED] = top == INTERESTED ? 3 : 0;
			j->score[INTERESTED] = 0;
			because(j->out, "answers our question whether to stop");
			cap(j, DOUBT);
			break;
		}
		if (x->sense == WRONG_PERSON || x->sense == REFERRAL) {
			j->score[top == INTERESTED ? OTHER : WRONG_PERSON] = 3;
			j->score[top] = 0;
			because(j->out, "answers our question whom to ask");
			cap(j, DOUBT);
			break;
		}
	}
	words_free(w);
	free(w);
	free(h);
}

/* What wins where a text says several things. */
static void
precedence(struct judged *j)
{
	double *s = j->score, refusal;

	/* a wish to be left alone is heard over all else */
	if (s[UNSUBSCRIBE] >= 2.5)
		s[UNSUBSCRIBE] += 6;
	/* an absence notice may thank for the mail, name deputies and ask to call the switchboard */
	if (s[OUT_OF_OFFICE] >= 3 && s[UNSUBSCRIBE] < 2.5)
		s[OUT_OF_OFFICE] += 2.5;
	/* "not me, but Anna": the name is what counts */
	if (s[REFERRAL] >= 2 && s[OUT_OF_OFFICE] < 3) {
		s[REFERRAL] += 0.8 * (s[WRONG_PERSON] + 0.5 * s[NOT_INTERESTED]);
		s[WRONG_PERSON] *= 0.5;
	}
	/* "not now" is a kinder "no": it needs the "later" */
	if (s[NOT_NOW] >= 2)
		s[NOT_NOW] += 0.4 * s[NOT_INTERESTED];
	/* with a question asked, or a time proposed, interest is what it is asked with */
	if (s[QUESTION] >= 1.5 && s[MEETING] < 2.5)
		s[QUESTION] += 0.5 * s[INTERESTED];
	if (s[MEETING] >= 2)
		s[MEETING] += 0.4 * s[INTERESTED];
	refusal = s[NOT_INTERESTED] + s[UNSUBSCRIBE] + s[ANGRY] + s[WRONG_PERSON];
	if (refusal >= 1.5) {
		s[INTERESTED] *= 0.4;
		s[MEETING] *= 0.5;
	}
}

/* Shouting is part of the tone. */
static void
tone(struct judged *j)
{
	const struct words *w = j->w;
	bool shouting = w->letters >= 12 && w->capitals * 2 > w->letters;

	if ((shouting || w->shouts >= 3) && (j->h.score[NEGATIVE] > 0 || j->h.score[ANGRY] > 0)) {
		j->score[ANGRY] += 1;
		because(j->out, shouting ? "written in capitals" : "many exclamation marks");
	}
	j->score[ANGRY] += 0.35 * j->h.score[NEGATIVE];
	if (j->h.score[POSITIVE] > 0 && j->h.score[NEGATIVE] == 0)
		j->score[INTERESTED] += 0.35 * j->h.score[POSITIVE];
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
		cap(j, 0.75);
		if (j->class == INTERESTED || j->class == MEETING)
			cap(j, DOUBT);
	} else if (j->brain != j->class && j->model[j->brain] >= 0.5)
		cap(j, DOUBT);
	else if (j->lexicon != j->class)
		cap(j, DOUBT);
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
			cap(j, DOUBT);
			because(j->out, "but something in it declines");
			return;
		}
	}
	if (doubt >= 0.3 || j->h.score[NEGATIVE] >= 1)
		cap(j, DOUBT);
	if (j->h.score[INTERESTED] + j->h.score[MEETING] < 1 && !(j->class == MEETING && j->available))
		cap(j, DOUBT);
}

static void
machine(struct judged *j)
{
	double *s = j->score;

	if (j->h.score[MACHINE] < 1)
		return;
	for (size_t c = 0; c < CLASSES; c++)
		if (c != UNSUBSCRIBE && c != ANGRY && c != NOT_INTERESTED)
			s[c] = 0;
	s[OTHER] += 3 + j->h.score[MACHINE];
	cap(j, 0.4);
	because(j->out, "talks to a machine: text like any other");
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
	if (alike > 0.98)
		j->cap = 1;
	because(j->out, alike > 0.98 ? "a person said so of this text" : "like a text that a person put there");
}

static void
phrases(struct judged *j)
{
	for (size_t k = 0; k < j->h.n && j->out->nreasons < CLASSIFY_REASONS - 2; k++) {
		const struct hit *x = &j->h.h[k];
		char *q;

		if (x->sense == NEUTRAL || x->sense == AVAILABLE || x->sense == MACHINE)
			continue;
		q = quote(j->w, x->from, x->to);
		because(j->out, x->negated ? "negated: '%s'" : "says '%s'", q);
		free(q);
	}
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
	struct judged j = { .c = c, .out = out, .cap = 1 };
	char *own = without_original(text != NULL ? text : "", original);

	memset(out, 0, sizeof(*out));
	j.w = xmalloc(sizeof(*j.w));
	words_split(j.w, own, strlen(own));
	lexicon_find(c->lexicon, j.w, &j.h);
	model_ask(c->model, j.w, j.model);
	for (size_t k = 0; k < CLASSES; k++)
		j.score[k] = j.h.score[k];
	subject_says(&j, subject);
	bare_answer(&j, original);
	phrases(&j);
	questions(&j);
	availability(&j);
	tone(&j);
	precedence(&j);
	machine(&j);
	if (j.w->n == 0) {
		j.score[OTHER] += 2;
		cap(&j, 0.5);
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
