/*
 * What a reply says, as scores of the classes: the lexicon's phrases, questions, days and times, the subject, what a bare yes answers; and which
 * of them wins where a text says several things.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/normal.h"
#include "llm/classify_int.h"

void
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
char *
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

void
judged_cap(struct judged *j, double most)
{
	if (j->cap > most)
		j->cap = most;
}

/* Questions: a sentence that ends with a question mark and asks for no meeting and no removal. */
static void
questions(struct judged *j)
{
	size_t start = 0, found = 0;
	const char *label;

	for (size_t i = 0; i < j->w->n; i++) {
		bool other = false;

		if (i > start && j->w->w[i].border == BORDER_SENTENCE)
			start = i;
		if (j->w->w[i].end != '?')
			continue;
		for (size_t k = 0; k < j->h.n && !other; k++) {
			const struct hit *x = &j->h.h[k];

			other = x->from >= start && x->to <= i + 1 && ((x->sense == INTERESTED && x->weight >= 3.5f) || x->sense == MEETING || x->sense == UNSUBSCRIBE || x->sense == ANGRY || x->sense == REFERRAL ||
			        x->sense == AVAILABLE || x->sense == NOT_INTERESTED || x->sense == NOT_NOW || x->sense == NEUTRAL);
		}
		for (size_t k = start; k <= i && !other; k++)
			other = when_available(j->w, k, &label) > 0;
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
			j->score[MEETING] += found++ == 0 ? strcmp(label, "a booking link") == 0 ? 3 : 1.3 : 0.7;
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
	lexicon_find(j->lex, w, h);
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
	lexicon_find(j->lex, w, h);
	for (size_t k = 0; last > 0 && k < h->n; k++) {
		const struct hit *x = &h->h[k];

		if (x->from < from || x->to > last)
			continue;
		if (x->sense == NOT_INTERESTED || x->sense == UNSUBSCRIBE || x->sense == NOT_NOW) {
			j->score[NOT_INTERESTED] = top == INTERESTED ? 5 : 0;
			j->score[INTERESTED] = 0;
			because(j->out, "answers our question whether to stop");
			judged_cap(j, DOUBT);
			break;
		}
		if (x->sense == WRONG_PERSON || x->sense == REFERRAL) {
			j->score[top == INTERESTED ? OTHER : WRONG_PERSON] = 5;
			j->score[top] = 0;
			because(j->out, "answers our question whom to ask");
			judged_cap(j, DOUBT);
			break;
		}
	}
	words_free(w);
	free(w);
	free(h);
}

/* Somebody else is named: an address, or a whole name behind "not me". */
static void
names(struct judged *j)
{
	bool address = false, name = false;

	if (j->score[OUT_OF_OFFICE] >= 3)
		return;
	for (size_t i = 0; i < j->w->n; i++)
		address = address || j->w->w[i].kind == WORD_MAIL;
	for (size_t k = 0; k < j->h.n && !name; k++)
		name = j->h.h[k].sense == WRONG_PERSON && who_named(j->w, j->h.h[k].to);
	if (address || name) {
		j->score[REFERRAL] += 2.5;
		because(j->out, address ? "gives an address" : "names somebody else");
	}
}

/* What wins where a text says several things. */
static void
precedence(struct judged *j)
{
	double *s = j->score, refusal;

	if (lexicon_turns(j->w, &j->h)) {
		s[NOT_INTERESTED] += 2;
		because(j->out, "kind words, then 'but' and a denial");
	}
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
	judged_cap(j, 0.4);
	j->out->to_a_machine = true;
	because(j->out, "talks to a machine: text like any other");
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

void
judged_hear(struct judged *j, const char *subject, const char *original)
{
	for (size_t k = 0; k < CLASSES; k++)
		j->score[k] = j->h.score[k];
	subject_says(j, subject);
	bare_answer(j, original);
	phrases(j);
	questions(j);
	availability(j);
	names(j);
	tone(j);
	precedence(j);
	machine(j);
}
