/* wishes_int.h - what the files of wishes.h share: words and numbers, then what they mean. */
#ifndef LP_CALENDAR_WISHES_INT_H
#define LP_CALENDAR_WISHES_INT_H

#include "calendar/wishes.h"

enum { EN = 1, DE = 2, FR = 4, ES = 8, PT = 16, IT = 32, NL = 64, PL = 128, NO = 256, ALL = 511 }; /* NO: Danish, Norwegian, Swedish */

enum word {
	W_NONE,
	W_WEEKDAY,             /* 0 is monday */
	W_MONTH,
	W_DAY,                 /* so many days from today */
	W_WEEK,                /* so many weeks from this one */
	W_PART,                /* enum part */
	W_NEXT,                /* next friday: the one of next week */
	W_LAST,                /* last friday is no wish */
	W_NOT,
	W_PLEASE_NOT,          /* "why not", "not sure": no negation */
	W_AFTER, W_FROM, W_BEFORE, W_BY,   /* W_FROM and W_BY include what they name; 1: a bare number that follows is a day of the month */
	W_AT,                  /* a bare number that follows is an hour */
	W_OCLOCK, W_AM, W_PM,
	W_TO, W_BETWEEN, W_OR,
	W_ON,                  /* may stand before a date */
	W_IN,
	W_NUMBER,              /* one to twelve */
	W_HALF_TO,             /* "halb vier": half an hour before */
	W_HALF_PAST,
	W_AND_HALF,            /* after the hour */
	W_EARLY, W_MID, W_LATE,    /* part of a week */
	W_ZONE,                /* behind an hour: "2pm ET" */
	W_DAYS, W_WEEKS,       /* "in three days" */
	W_BUT,                 /* ends what a negation covers */
	W_FINE,                /* may follow a bare hour */
	W_OF,                  /* between what belongs together: articles */
	W_IGNORE               /* a greeting, a pleasantry */
};

enum part { PART_MORNING, PART_NOON, PART_AFTERNOON, PART_EVENING, PART_LUNCH, PART_USUAL = 8 /* mornings: of any day */ };

enum tok_kind {
	T_WORD, T_NUMBER,      /* a */
	T_ORDINAL,             /* 4th, 1er */
	T_DOTTED,              /* "4." */
	T_PAIR,                /* "15.30" or "4.3": a and b */
	T_CLOCK,               /* 15:30, 15h30, 3pm: a and b; c: 0, W_AM, W_PM */
	T_DATE,                /* written out in numbers: a year (0 none), b month, c day */
	T_SLASH,               /* 3/4 or 3/4/2026: a, b, c (0 none) */
	T_COMMA, T_DASH, T_END, /* of a sentence */
	T_JUNK                 /* a price, a percentage, a long number: means nothing, and separates */
};

struct tok {
	enum tok_kind kind;
	const char *s;         /* of a word, NUL-terminated */
	int a, b, c;
	enum word word;        /* by wish_words: what the phrase that begins here means, and of how many words it is; 0: not known */
	int value, len;
};

struct toks {
	char *text;            /* folded, without accents, cut */
	struct tok *t;
	size_t n;
};

void toks_cut(const char *text, struct toks *);
void toks_free(struct toks *);

/* wish_language(t): the one that most of its words are of; EN where none shows. */
int wish_language(const struct toks *);

/* wish_words(t, language): look all up. wish_word(t, i, &value, &len): what the words from token i on mean: the longest phrase known. W_NONE, and
 * a length of 1, where nothing. */
void wish_words(struct toks *, int language);
enum word wish_word(const struct toks *, size_t i, int *value, size_t *len);

/* What was said, in its order. */
struct item {
	enum { I_DAYS, I_WEEK, I_TIME } what;
	bool weekday;          /* of I_DAYS: by its name alone, so a week may follow */
	bool span;             /* of I_DAYS: not a day but days */
	enum word bound;       /* W_AFTER, W_FROM, W_BEFORE, W_BY it, else W_NONE */
	bool not;
	bool clear;            /* of I_TIME: no doubt that it is one: can stand without a day */
	int64_t first, last;   /* of I_DAYS and I_WEEK: days since 1970-01-01 */
	int from, until;       /* of I_TIME: minutes of the day */
	bool exact;
	const char *zone;      /* of I_TIME, where it names another; else NULL */
	int sentence, clause;
	size_t tok, end;       /* where it stands */
};

struct items {
	struct item *v;
	size_t n;
};

struct today {
	int64_t day;
	int weekday;           /* 0 is monday */
	int year, month, mday;
	bool month_first;      /* 3/4 is in march */
	bool slash_known;      /* and that is known */
};

/* The text as it is gone through. */
struct scan {
	const struct toks *t;
	int language;
	const struct today *now;
};

enum word scan_word(const struct scan *, size_t i, int *value, size_t *len);
enum word scan_at(const struct scan *, size_t i);
enum tok_kind scan_kind(const struct scan *, size_t i);      /* T_END behind the last */
size_t scan_skip(const struct scan *, size_t i);             /* past articles and prepositions */
bool scan_alone(const struct scan *, size_t i);              /* may follow a bare number that is a day or an hour: not what it would count */

/* What begins at token i: where it ends, or i where nothing does. *it is a new one. */
size_t wish_day(const struct scan *, size_t i, struct item *);
size_t wish_time(const struct scan *, size_t i, struct item *);
void wish_bound(struct item *);                              /* a time before or after an hour as the span that it is */

void wish_items(const struct toks *, int language, const struct today *, struct items *);

#endif
