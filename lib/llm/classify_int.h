/*
 * classify_int.h - the parts of the classifier: words, cues, model, times, people.
 */
#ifndef LP_LLM_CLASSIFY_INT_H
#define LP_LLM_CLASSIFY_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "llm/classify.h"

/* The classes in the order of reply_classes, then what a cue may be beside that. */
enum sense {
	INTERESTED, MEETING, QUESTION, REFERRAL, NOT_NOW, NOT_INTERESTED, WRONG_PERSON, OUT_OF_OFFICE, UNSUBSCRIBE, ANGRY, OTHER, CLASSES,
	POSITIVE = CLASSES, NEGATIVE, AVAILABLE,
	NEUTRAL,                /* takes what it covers out of the reckoning: "no problem", "not only" */
	MACHINE,                /* words to a machine */
	SENSES
};

/* ---- words (classify_words.c) ---- */

#define WORDS_MAX 600

enum word_kind { WORD_TEXT, WORD_NUMBER, WORD_MAIL, WORD_URL, WORD_SIGN /* emoji */ };
enum border { BORDER_NONE, BORDER_CLAUSE /* a comma and its like */, BORDER_SENTENCE };

struct word {
	const char *s;          /* folded, without accents; "<mail>", "<url>" for those */
	uint32_t len, hash;
	uint32_t at, size;      /* where it stands in the text, bytes */
	uint8_t kind;           /* enum word_kind */
	uint8_t border;         /* enum border, before it */
	char glue;              /* the one character between it and the word before, where there is no blank: "15.04." "15:00" "let's"; else 0 */
	char end;               /* the mark that ends its sentence: . ! ? and 0 where it isn't the last */
};

struct words {
	const char *text;       /* what it was made from, not owned */
	struct word w[WORDS_MAX];
	size_t n;
	unsigned letters, capitals, shouts; /* letters; of them in words all of capitals; exclamation marks */
	struct buf pool;
};

void words_split(struct words *, const char *text, size_t size);
void words_free(struct words *);
uint32_t words_hash(const char *, size_t);
bool word_is(const struct word *, const char *);
bool word_in(const struct word *, const char *const *list); /* NULL-terminated */
bool word_capital(const struct words *, size_t i);           /* does it begin with a capital in the text? */

/* ---- cues (classify_cues.c) ---- */

#define HITS_MAX 160

struct lexicon;

struct hit {
	uint8_t sense;          /* enum sense; after negation */
	bool negated;
	float weight;
	uint16_t from, to;      /* words, `to` is one past the last */
};

struct hits {
	struct hit h[HITS_MAX];
	size_t n;
	double score[SENSES];   /* per sense: the weightiest whole, the others by halves */
};

struct lexicon *lexicon_new(void);
void lexicon_free(struct lexicon *);
void lexicon_find(const struct lexicon *, const struct words *, struct hits *);
/* lexicon_denies(w, h, days): is anything denied that no phrase accounts for? With `days` a day or time may be ("not Tuesday, but Friday"). */
bool lexicon_denies(const struct words *, const struct hits *, bool days);
/* lexicon_turns: is something kind said, then "but", then a denial and nothing else? ("Sounds good, but we don't do that.") */
bool lexicon_turns(const struct words *, const struct hits *);
/* lexicon_supposes: does a condition follow the interest? ("I'd be interested if it were free") */
bool lexicon_supposes(const struct words *, const struct hits *);

/* ---- what a text is recognised by (classify_features.c) ---- */

#define MODEL_CELLS 32768u /* a power of two; two features in one cell cost a little precision and nothing else */
#define FEATURES_MAX 4096
#define MARKS_MAX 96

/* features_of: the cells that a text is in, sorted, each once. marks_of: its words and pairs of words, likewise. How many. */
size_t features_of(const struct words *, uint32_t out[FEATURES_MAX]);
size_t marks_of(const struct words *, uint32_t out[MARKS_MAX]);
/* marks_alike: how much of two is common, 0 to 1. */
double marks_alike(const uint32_t *, size_t, const uint32_t *, size_t);

/* ---- model (classify_model.c) ---- */

struct model;
struct model *model_new(void);
void model_free(struct model *);
/* model_add: a text of that class, that counts for so many lines of the data. */
void model_add(struct model *, const struct words *, enum sense, unsigned times);
/* model_ask(m, words, p): the probability of each class; all equal where it knows none of the words. */
void model_ask(const struct model *, const struct words *, double p[CLASSES]);

/* ---- times (classify_when.c, classify_until.c) ---- */

/* when_available(w, i, j, label): is a day or a time of the day named at word i? How many words it takes, 0 for none; the label says what it is. */
size_t when_available(const struct words *, size_t i, const char **label);
int when_weekday(const struct word *);   /* 0 monday .. 6, -1 */
int when_month(const struct word *);     /* 1 .. 12, 0; short forms too */
int when_number(const struct word *);    /* also as a word, "two", "drei"; -1 */
/* when_until(w, now, absent): the first day worth writing on, ms at 00:00 UTC; 0 where none is named. *from, *to: the words. */
int64_t when_until(const struct words *, int64_t now, bool absent, size_t *from, size_t *to);

/* ---- one reply under judgement (classify_says.c) ---- */

#define DOUBT 0.55      /* below the bar from which anything is done by itself */

struct judged {
	const struct classifier *c;
	const struct lexicon *lex;
	struct words *w;
	struct hits h;
	double model[CLASSES], score[CLASSES], p[CLASSES];
	enum sense class, lexicon, brain;
	double cap;
	bool available;
	struct classified *out;
};

/* judged_hear: fill score from the words, the subject and our own mail; say why in out->reasons, and how sure one may be in cap. */
void judged_hear(struct judged *, const char *subject, const char *original);
void judged_cap(struct judged *, double most);
void because(struct classified *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* quote(w, from, to): these words as they stand in the text, on one line of at most 80 bytes; the caller frees. */
char *quote(const struct words *, size_t from, size_t to);

/* ---- people (classify_who.c) ---- */

/* who_named(w, from): is a name of two words or more there, from that word on, elsewhere than where a sentence begins? */
bool who_named(const struct words *, size_t from);
void who_referred(const struct words *, const struct hits *, struct classified *);

#endif
