#include "campaign/answers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "store/answers.h"

#define TEXT_MAX 8000           /* bytes of a reply that are looked at: what asks more than fits is for a person anyway */
#define CANDIDATES_MAX 20
#define NEAR 0.1                /* two scores closer than this are one */
#define SHORT_WORDS 12

/* ---- what is asked */

struct span {
	const char *s;
	size_t n;
	char end;                       /* the sign that ends it, or '\0' */
};

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* An empty line, or a line that begins an item of a list. */
static bool
breaks(const char *nl, const char *end)
{
	const char *p = nl + 1;

	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
		p++;
	if (p >= end || *p == '\n')
		return true;
	if ((*p == '-' || *p == '*') && p + 1 < end && p[1] == ' ')
		return true;
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p > nl + 1 && p < end && (*p == '.' || *p == ')') && p[-1] >= '0' && p[-1] <= '9';
}

/* "Hi Kim," and what follows it. */
static void
skip_greeting(struct span *x)
{
	char word[40];
	size_t i = answer_first(x->s, x->n, word);

	if (!answer_greets(word))
		return;
	for (; i < x->n && i < 60; i++)
		if (x->s[i] == ',' || x->s[i] == '\n' || (x->s[i] == '-' && blank(x->s[i - 1]))) {
			x->s += i + 1;
			x->n -= i + 1;
			return;
		}
}

static bool
next_sentence(const char **at, const char *end, struct span *x)
{
	const char *p = *at;

	while (p < end && blank(*p))
		p++;
	if (p == end)
		return false;
	*x = (struct span){ .s = p };
	for (; p < end; p++) {
		if (strchr(".!?", *p) != NULL && (p + 1 == end || blank(p[1]) || strchr(".!?\"')", p[1]) != NULL)) {
			/* of "?!" the question stays */
			while (p < end && strchr(".!?\"')", *p) != NULL) {
				if (x->end != '?')
					x->end = *p;
				p++;
			}
			break;
		}
		if (*p == '\n' && breaks(p, end))
			break;
	}
	x->n = (size_t)(p - x->s);
	*at = p;
	skip_greeting(x);
	return true;
}

static bool
asks(const struct span *x)
{
	char word[40];
	size_t at = answer_first(x->s, x->n, word);

	if (x->end == '?' || answer_asks(word))
		return true;
	for (; *word != '\0'; at += answer_first(x->s + at, x->n - at, word))
		if (answer_wonders(word))
			return true;
	return false;
}

size_t
answers_asked(const char *text, const struct answer_words *names, struct answer_words q[ANSWER_ASKED_MAX])
{
	size_t len = strlen(text) < TEXT_MAX ? strlen(text) : TEXT_MAX, n = 0;
	const char *at = text;
	struct answer_words w;
	struct span x;

	while (next_sentence(&at, text + len, &x)) {
		if (!asks(&x))
			continue;
		answer_words(x.s, x.n, names, &w);
		if (w.n > 0 && n++ < ANSWER_ASKED_MAX)
			q[n - 1] = w;
	}
	if (n > 0)
		return n;
	/* "Price per parcel" asks as well */
	w.n = 0;
	for (at = text; next_sentence(&at, text + len, &x);)
		answer_words_add(x.s, x.n, names, &w);
	if (w.n == 0 || w.n > SHORT_WORDS)
		return 0;
	q[0] = w;
	return 1;
}

/* ---- one question against the answers */

struct candidate {
	int number;
	double score;
	struct answer_words question;   /* of all the ways to ask it */
	struct answer_words answer;
};

static double
weigh(const struct answer_words *list)
{
	double sum = 0;

	for (size_t i = 0; i < list->n; i++)
		sum += list->w[i].weight;
	return sum;
}

/* The share of q that this answer is about. What only its text speaks of is a hint. */
static double
covered(const struct answer_words *q, const struct candidate *c)
{
	double sum = 0;

	for (size_t i = 0; i < q->n; i++)
		if (answer_word_in(&c->question, q->w[i].stem) != NULL)
			sum += q->w[i].weight;
		else if (answer_word_in(&c->answer, q->w[i].stem) != NULL)
			sum += 0.7 * q->w[i].weight;
	return sum / weigh(q);
}

/* The share of this way to ask that q has. Of several names ("with Shopify, Magento or ...?") one will do. */
static double
meant(const struct answer_words *way, const struct answer_words *q)
{
	double sum = 0, names = 0, all = weigh(way);
	bool named = false;

	for (size_t i = 0; i < way->n; i++)
		if (answer_word_in(q, way->w[i].stem) != NULL) {
			sum += way->w[i].weight;
			named = named || way->w[i].weight > 1;
		} else if (way->w[i].weight > 1)
			names += way->w[i].weight;
	if (named)
		all -= names;
	return all > 0 ? sum / all : 0;
}

static void
score(const cJSON *def, const struct answer_words *q, struct candidate *c)
{
	const cJSON *o = cJSON_GetArrayItem(json_get(def, "answers"), c->number - 1), *way;
	const char *a = json_str(o, "a");
	struct answer_words w;
	double p, r = 0, m;

	c->question.n = c->answer.n = 0;
	cJSON_ArrayForEach(way, json_get(o, "q")) {
		answer_words(way->valuestring, strlen(way->valuestring), NULL, &w);
		if ((m = meant(&w, q)) > r)
			r = m;
		answer_words_add(way->valuestring, strlen(way->valuestring), NULL, &c->question);
	}
	if (a != NULL)
		answer_words(a, strlen(a), NULL, &c->answer);
	p = covered(q, c);
	/* what asks for more than was asked fits less, but the share of the question is the most that it can be */
	m = p + r > 0 ? 2 * p * r / (p + r) : 0;
	c->score = (double)(int)((p < m ? p : m) * 100 + 0.5) / 100;
}

/* A word of the question that isn't this answer's, and is another's: a second topic. */
static const char *
second_topic(const struct answer_words *q, const struct candidate *c, const struct candidate *all, size_t n)
{
	for (size_t i = 0; i < q->n; i++) {
		if (q->w[i].weight < 1 || answer_word_in(&c->question, q->w[i].stem) != NULL || answer_word_in(&c->answer, q->w[i].stem) != NULL)
			continue;
		for (size_t k = 0; k < n; k++)
			if (&all[k] != c && answer_word_in(&all[k].question, q->w[i].stem) != NULL)
				return q->w[i].stem;
	}
	return NULL;
}

static void
judge(const struct answer_words *q, const struct candidate *c, size_t n, struct answer_match *m)
{
	const struct candidate *best = NULL, *next = NULL;
	const char *other;

	for (size_t i = 0; i < n; i++)
		if (best == NULL || c[i].score > best->score) {
			next = best;
			best = &c[i];
		} else if (next == NULL || c[i].score > next->score)
			next = &c[i];
	*m = (struct answer_match){ .number = best->number, .score = best->score };
	if (best->score < ANSWER_SURE)
		snprintf(m->why, sizeof(m->why), "answer %d fits best, and little (%.2f)", best->number, best->score);
	else if (next != NULL && next->score > best->score - NEAR)
		snprintf(m->why, sizeof(m->why), "answers %d and %d fit about as well (%.2f, %.2f)", best->number, next->number, best->score, next->score);
	else if ((other = second_topic(q, best, c, n)) != NULL)
		snprintf(m->why, sizeof(m->why), "it asks about '%s' too, which answer %d isn't about", other, best->number);
	else {
		m->sure = true;
		snprintf(m->why, sizeof(m->why), "answer %d fits (%.2f)", best->number, best->score);
	}
}

static int
match_one(struct lp_db *db, int64_t campaign, int version, const cJSON *def, const struct answer_words *q, struct answer_match *m,
    struct lp_err *err)
{
	int numbers[CANDIDATES_MAX], r;
	struct candidate *c;
	char *words = answer_words_join(q);
	size_t n, i;

	r = answers_find(db, campaign, version, words, numbers, CANDIDATES_MAX, &n, err);
	free(words);
	*m = (struct answer_match){ .why = "no answer has a word of it" };
	if (r == -1 || n == 0)
		return r;
	c = xcalloc(n, sizeof(*c));
	for (i = 0; i < n; i++) {
		c[i].number = numbers[i];
		score(def, q, &c[i]);
	}
	judge(q, c, n, m);
	free(c);
	return 0;
}

/* Two questions are one where the same answer speaks to both; the less sure one counts. */
static void
join(struct answer_match *m, const struct answer_match *other, bool first)
{
	if (first) {
		*m = *other;
		return;
	}
	if (m->sure && other->sure && m->number != other->number) {
		int a = m->number, b = other->number;

		m->sure = false;
		snprintf(m->why, sizeof(m->why), "it asks two things: answers %d and %d", a, b);
	} else if (m->sure != other->sure || m->number != other->number) {
		bool mine = !m->sure;
		char why[sizeof(m->why)];

		memcpy(why, mine ? m->why : other->why, sizeof(why));
		if (other->score > m->score)
			m->number = other->number;
		m->sure = false;
		snprintf(m->why, sizeof(m->why), "of the questions in it one isn't answered: %.140s", why);
	}
	if (other->score < m->score)
		m->score = other->score;
}

int
answers_match(struct lp_db *db, int64_t campaign, int version, const cJSON *def, const char *text, const struct answer_words *names,
    struct answer_match *m, struct lp_err *err)
{
	struct answer_words *q = xcalloc(ANSWER_ASKED_MAX, sizeof(*q));
	struct answer_match one;
	size_t n = answers_asked(text, names, q), i;
	int r = 0;

	*m = (struct answer_match){ .why = "it has no question that can be told from the rest" };
	if (n > ANSWER_ASKED_MAX) {
		snprintf(m->why, sizeof(m->why), "it asks %zu things", n);
		n = 0;
	}
	for (i = 0; i < n && r == 0; i++)
		if ((r = match_one(db, campaign, version, def, &q[i], &one, err)) == 0)
			join(m, &one, i == 0);
	free(q);
	return r;
}
