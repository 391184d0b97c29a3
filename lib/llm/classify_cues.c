/*
 * The lexicon: phrases that say what a reply is, found in its words, and turned round where they are negated.
 *
 * cues.tsv, a line each: sense, weight, phrase.  The phrase is folded words with blanks between; a|b is either, word* begins so, word? may be
 * missing, _ is up to two words of any kind, # is a number; ^ before the first word: a sentence begins with it; $ after the last: a clause ends
 * there.  Of phrases that lie one in the other the longer counts alone.
 */
#include <stdlib.h>
#include <string.h>

#include "llm/classify_int.h"

#define PARTS_MAX 10
#define BUCKETS 512
#define NEGATION_REACH 4 /* words before what is negated */
#define NEGATION_BACK 3  /* words behind it, where the language puts it there: "passt uns nicht" */

struct cue {
	const char *part[PARTS_MAX];    /* of the pool */
	uint8_t n, sense;
	bool begins, ends;              /* ^ and $ */
	float weight;
};

struct lexicon {
	struct cue *cues;
	size_t n, cap;
	struct {
		uint16_t *at;
		size_t n, cap;
	} first[BUCKETS];       /* by the first two letters of the first word */
};

static const char *const sense_names[SENSES] = { "interested", "meeting_request", "question", "referral", "not_now", "not_interested", "wrong_person",
	"out_of_office", "unsubscribe", "angry", "other", "positive", "negative", "available", "neutral", "machine" };

/* Written by `make` from cues.tsv: records of sense, weight and phrase, parted by tabs, each ended by a NUL; an empty one ends them. */
static const char data[] =
#include "cues.inc"
    ;

static const char *const negators[] = { "not", "no", "never", "without", "cant", "cannot", "dont", "doesnt", "didnt", "isnt", "arent", "wasnt", "werent", "wont",
	"wouldnt", "couldnt", "shouldnt", "havent", "hasnt", "hadnt", "aint", "nor", "neither", "none", "nothing", "hardly", "barely", "zero", "nobody", "noone", "doubt", "fail", "fails", "refuse",
	"nicht", "kein", "keine", "keinen", "keinem", "keiner", "keinerlei", "nie", "niemals", "ohne", "weder", "nix",
	"pas", "ne", "n", "jamais", "aucun", "aucune", "sans", "rien", "ni", "nunca", "sin", "ningun", "ninguna", "nada", "tampoco", "jamas",
	"nao", "nunca", "sem", "nenhum", "nenhuma", "nem", "non", "senza", "nessun", "nessuna", "niente", "niet", "geen", "nooit", "zonder",
	"bez", "brak", "zaden", "zadnego", "nigdy", "inte", "ej", "icke", "aldrig", "utan", "ingen", "inget", "inga", "ikke", "aldri", "uden", "uten",
	"intet", "ikkje", "niemand", "niemanden", "personne", "nadie", "ninguem", "nessuno", "nikt", "nikogo", "nichts", "niets", "nulla", "nic", NULL };
/* of these, what may stand behind */
static const char *const negators_behind[] = { "not", "nicht", "niet", "inte", "ikke", "ej", "pas", "nothing", "nichts", "niets", "nada", "nulla", "rien", "nic", "ingenting",
	"never", "nooit", "niemals", "nunca", "jamais", "aldrig", "aldri", NULL };
static const char *const contrasts[] = { "but", "however", "though", "although", "aber", "jedoch", "allerdings", "sondern", "mais", "cependant", "toutefois", "pero",
	"mas", "porem", "ma", "pero", "tuttavia", "maar", "echter", "ale", "jednak", "men", "dock", "however", NULL };
static const char *const conditions[] = { "if", "whether", "unless", "wenn", "falls", "sofern", "ob", "indien", "jesli", "jezeli", "gdyby",
	"ifall", "hvis", "dersom", "once", "sobald", "caso", "qualora", NULL };
static const char *const boosters[] = { "very", "really", "definitely", "absolutely", "extremely", "highly", "totally", "sehr", "wirklich", "absolut", "unbedingt", "tres",
	"vraiment", "muy", "mucho", "muito", "molto", "davvero", "zeer", "heel", "erg", "bardzo", "mycket", "meget", "veldig", "so", NULL };
static const char *const dampers[] = { "maybe", "perhaps", "might", "possibly", "somewhat", "bit", "could", "vielleicht", "eventuell", "evtl", "peut", "quizas", "talvez",
	"forse", "misschien", "moze", "kanske", "maske", "kanskje", NULL };

static size_t
bucket(const char *s)
{
	return ((size_t)(unsigned char)s[0] * 31 + (s[0] != '\0' ? (unsigned char)s[1] : 0)) % BUCKETS;
}

static void
file_under(struct lexicon *x, const char *s, size_t len, size_t cue)
{
	char two[3] = { s[0], len > 1 && s[1] != '*' && s[1] != '?' ? s[1] : '\0', '\0' };
	size_t b = bucket(two);

	if (x->first[b].n > 0 && x->first[b].at[x->first[b].n - 1] == cue)
		return;
	if (x->first[b].n == x->first[b].cap) {
		x->first[b].cap = x->first[b].cap * 2 + 4;
		x->first[b].at = xrealloc(x->first[b].at, x->first[b].cap * sizeof(uint16_t));
	}
	x->first[b].at[x->first[b].n++] = (uint16_t)cue;
}

static void
add(struct lexicon *x, const char *record)
{
	const char *weight = strchr(record, '\t') + 1, *phrase = strchr(weight, '\t') + 1;
	struct cue *c;
	size_t n, i;

	if (x->n == x->cap) {
		x->cap = x->cap * 2 + 1024;
		x->cues = xrealloc(x->cues, x->cap * sizeof(*x->cues));
	}
	c = &x->cues[x->n];
	*c = (struct cue){ .weight = strtof(weight, NULL), .sense = OTHER };
	for (i = 0; i < SENSES; i++)
		if (strncmp(record, sense_names[i], (size_t)(weight - record - 1)) == 0 && sense_names[i][weight - record - 1] == '\0')
			c->sense = (uint8_t)i;
	c->begins = *phrase == '^';
	phrase += c->begins;
	c->ends = phrase[strlen(phrase) - 1] == '$';
	for (; *phrase != '\0' && c->n < PARTS_MAX; phrase += n + (phrase[n] == ' ')) {
		n = strcspn(phrase, " ");
		c->part[c->n++] = phrase;
	}
	for (i = 0, n = strcspn(c->part[0], " "); i < n; i++)
		if (i == 0 || c->part[0][i - 1] == '|')
			file_under(x, c->part[0] + i, strcspn(c->part[0] + i, "| $"), x->n);
	x->n++;
}

struct lexicon *
lexicon_new(void)
{
	struct lexicon *x = xcalloc(1, sizeof(*x));

	for (const char *s = data; *s != '\0'; s += strlen(s) + 1)
		add(x, s);
	return x;
}

void
lexicon_free(struct lexicon *x)
{
	if (x == NULL)
		return;
	for (size_t i = 0; i < BUCKETS; i++)
		free(x->first[i].at);
	free(x->cues);
	free(x);
}

/* Is the word one of the part's? */
static bool
fits(const char *part, const struct word *w)
{
	size_t n;

	if (*part == '#')
		return w->kind == WORD_NUMBER;
	for (;; part += n + 1) {
		n = strcspn(part, "|* ?$");
		if (n <= w->len && memcmp(part, w->s, n) == 0 && (n == w->len || part[n] == '*'))
			return true;
		n += strcspn(part + n, "| ");
		if (part[n] != '|')
			return false;
	}
}

static bool
may_miss(const char *part)
{
	size_t n = strcspn(part, " ");

	return n > 0 && part[n - 1] == '?';
}

/* Does the rest of the phrase, from part p on, stand at word i? The word after its end, or 0. */
static size_t
match(const struct cue *c, size_t p, const struct words *w, size_t from, size_t i)
{
	size_t to;

	if (p == c->n)
		return c->ends && i < w->n && w->w[i].border == BORDER_NONE ? 0 : i;
	if (c->part[p][0] == '_' && (c->part[p][1] == ' ' || c->part[p][1] == '\0')) {
		for (size_t skip = 0; skip <= 2 && i + skip <= w->n; skip++) {
			if (skip > 0 && (i + skip - 1 >= w->n || w->w[i + skip - 1].border == BORDER_SENTENCE))
				return 0;
			if ((to = match(c, p + 1, w, from, i + skip)) != 0)
				return to;
		}
		return 0;
	}
	/* "Ahora no, vuelva a contactarme": what asks to be left alone is said in one breath */
	if (i < w->n && (i == from || w->w[i].border < (c->sense == UNSUBSCRIBE ? BORDER_CLAUSE : BORDER_SENTENCE)) && fits(c->part[p], &w->w[i]) && (to = match(c, p + 1, w, from, i + 1)) != 0)
		return to;
	return may_miss(c->part[p]) && i > from ? match(c, p + 1, w, from, i) : 0;
}

/* ---- what surrounds a phrase ---- */

static bool
reaches(const struct words *w, const struct hits *h, const struct hit *hit, const char *const *list, size_t reach)
{
	for (size_t i = hit->from, seen = 0; i > 0 && seen < reach && w->w[i].border == BORDER_NONE; i--, seen++) {
		const struct word *v = &w->w[i - 1];
		bool taken = false;

		if (word_in(v, contrasts))
			return false;
		for (size_t k = 0; k < h->n && !taken; k++)
			taken = h->h[k].sense == NEUTRAL && h->h[k].from <= i - 1 && i - 1 < h->h[k].to;
		if (!taken && word_in(v, list))
			return true;
	}
	return false;
}

static bool
denied_behind(const struct words *w, const struct hit *hit)
{
	for (size_t i = hit->to, seen = 0; i < w->n && seen < NEGATION_BACK && w->w[i].border == BORDER_NONE; i++, seen++) {
		if (word_in(&w->w[i], contrasts))
			return false;
		/* "gefaellt uns, nicht nur ..." and "interessiert nicht nur" */
		if (word_in(&w->w[i], negators_behind))
			return i + 1 == w->n || !word_in(&w->w[i + 1], (const char *const[]){ "nur", "only", "alleen", "bara", "bare", "kun", "seulement", NULL });
	}
	return false;
}

/* "Si cela nous interesse ...", but not "Si, me interesa": the word is a condition only where its clause goes on. */
static bool
supposed(const struct words *w, const struct hit *hit)
{
	size_t i = hit->from;

	while (i > 0 && w->w[i].border == BORDER_NONE && hit->from - i < 6)
		i--;
	return i < hit->from && w->w[i].border != BORDER_NONE && word_in(&w->w[i], (const char *const[]){ "si", "se", "als", "s", NULL });
}

/* What a phrase says when it is denied; SENSES for nothing. */
static enum sense
turned(enum sense s, float *weight)
{
	switch (s) {
	case INTERESTED:
		return NOT_INTERESTED;
	case MEETING:
		*weight *= 0.5f;
		return NOT_INTERESTED;
	case REFERRAL:
		return WRONG_PERSON;
	case POSITIVE:
		return NEGATIVE;
	case NEGATIVE:
		return POSITIVE;
	default:
		return SENSES;
	}
}

static bool
can_turn(enum sense s)
{
	return s == INTERESTED || s == MEETING || s == POSITIVE || s == NEGATIVE || s == AVAILABLE || s == ANGRY || s == REFERRAL;
}

static void
surround(const struct words *w, struct hits *h)
{
	size_t kept = 0;

	for (size_t k = 0; k < h->n; k++) {
		struct hit x = h->h[k];

		if (can_turn((enum sense)x.sense) && (reaches(w, h, &x, negators, NEGATION_REACH) || denied_behind(w, &x))) {
			x.sense = (uint8_t)turned((enum sense)x.sense, &x.weight);
			x.negated = true;
		} else if ((x.sense == INTERESTED || x.sense == MEETING) && (reaches(w, h, &x, conditions, 5) || supposed(w, &x)))
			x.weight *= 0.3f;
		if (reaches(w, h, &x, boosters, 1))
			x.weight *= 1.2f;
		else if (reaches(w, h, &x, dampers, 3))
			x.weight *= 0.8f;
		if (x.sense != SENSES)
			h->h[kept++] = x;
	}
	h->n = kept;
}

/* Where a sentence turns ("we're fine, but call me in May"), what comes after weighs more than what came before. */
static void
contrast(const struct words *w, struct hits *h)
{
	for (size_t i = 1; i < w->n; i++) {
		if (!word_in(&w->w[i], contrasts))
			continue;
		for (size_t k = 0; k < h->n; k++) {
			size_t a = h->h[k].from < i ? h->h[k].from : i, b = h->h[k].from < i ? i : h->h[k].from;
			bool same = true;

			for (size_t j = a + 1; j <= b && same; j++)
				same = w->w[j].border != BORDER_SENTENCE || j == i;
			if (same)
				h->h[k].weight *= h->h[k].from < i ? 0.75f : 1.15f;
		}
	}
}

/* ---- all of it ---- */

/* Which of two phrases that share words is meant: the longer, the weightier, the first. */
static bool
beats(const struct hit *a, const struct hit *b)
{
	if (a->to - a->from != b->to - b->from)
		return a->to - a->from > b->to - b->from;
	if (a->weight != b->weight)
		return a->weight > b->weight;
	return a->from != b->from ? a->from < b->from : a < b;
}

static void
keep_longest(struct hits *h)
{
	bool out[HITS_MAX] = { false };
	size_t kept = 0;

	for (size_t k = 0; k < h->n; k++)
		for (size_t j = 0; j < h->n && !out[k]; j++) {
			const struct hit *a = &h->h[k], *b = &h->h[j];
			bool inside = b->from <= a->from && a->to <= b->to, shares = b->from < a->to && a->from < b->to;

			/* half in each other: of one sense they are one, and "not the right" leaves nothing of "right person for" */
			out[k] = j != k && beats(b, a) && (inside || (shares && (a->sense == b->sense || b->sense == NEUTRAL || b->sense == WRONG_PERSON || b->sense == UNSUBSCRIBE)));
		}
	for (size_t k = 0; k < h->n; k++)
		if (!out[k])
			h->h[kept++] = h->h[k];
	h->n = kept;
}

static int
weightier(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight < y->weight ? 1 : -1;
	return x->from < y->from ? -1 : x->from > y->from;
}

/* Is the word at i a denial that no phrase accounts for? */
static bool
denial(const struct words *w, const struct hits *h, size_t i, bool days)
{
	const char *label;

	if (!word_in(&w->w[i], negators))
		return false;
	for (size_t k = 0; k < h->n; k++)
		if ((h->h[k].sense == NEUTRAL || h->h[k].sense == INTERESTED || h->h[k].sense == MEETING || h->h[k].sense == POSITIVE) &&
		    h->h[k].from <= i && i < h->h[k].to)
			return false;
	for (size_t k = i > 4 ? i - 4 : 0; days && k < w->n && k < i + 6; k++)
		if (when_available(w, k, &label) > 0)
			return false;
	return true;
}

bool
lexicon_denies(const struct words *w, const struct hits *h, bool days)
{
	for (size_t i = 0; i < w->n; i++)
		if (denial(w, h, i, days))
			return true;
	return false;
}

bool
lexicon_turns(const struct words *w, const struct hits *h)
{
	size_t but = 0;
	bool before = false;

	for (size_t i = 1; i < w->n; i++)
		if (word_in(&w->w[i], contrasts))
			but = i;
	for (size_t k = 0; but > 0 && k < h->n; k++) {
		bool warm = h->h[k].sense == INTERESTED || h->h[k].sense == MEETING || h->h[k].sense == POSITIVE;

		if (h->h[k].from > but && h->h[k].sense != NEGATIVE && h->h[k].sense != OTHER)
			return false; /* what comes after speaks for itself */
		before = before || (warm && h->h[k].to <= but);
	}
	for (size_t i = but + 1; before && i < w->n; i++)
		if (denial(w, h, i, false))
			return true;
	return false;
}

bool
lexicon_supposes(const struct words *w, const struct hits *h)
{
	for (size_t k = 0; k < h->n; k++)
		for (size_t i = h->h[k].to; h->h[k].sense == INTERESTED && i < w->n && w->w[i].border != BORDER_SENTENCE; i++)
			if (word_in(&w->w[i], conditions) || (w->w[i].border == BORDER_NONE && word_is(&w->w[i], "si") && i + 1 < w->n && word_in(&w->w[i + 1], negators)))
				return true;
	return false;
}

void
lexicon_find(const struct lexicon *x, const struct words *w, struct hits *h)
{
	unsigned seen[SENSES] = { 0 };

	memset(h, 0, sizeof(*h));
	for (size_t i = 0; i < w->n; i++) {
		size_t b = bucket(w->w[i].kind == WORD_NUMBER ? "#" : w->w[i].s), to;

		for (size_t k = 0; k < x->first[b].n && h->n < HITS_MAX; k++) {
			const struct cue *c = &x->cues[x->first[b].at[k]];

			if ((!c->begins || w->w[i].border == BORDER_SENTENCE) && (to = match(c, 0, w, i, i)) > i)
				h->h[h->n++] = (struct hit){ .sense = c->sense, .weight = c->weight, .from = (uint16_t)i, .to = (uint16_t)to };
		}
	}
	keep_longest(h);
	surround(w, h);
	contrast(w, h);
	qsort(h->h, h->n, sizeof(h->h[0]), weightier);
	for (size_t k = 0; k < h->n; k++) {
		unsigned n = seen[h->h[k].sense]++;

		if (n < 4)
			h->score[h->h[k].sense] += h->h[k].weight / (double)(1u << n);
	}
}
