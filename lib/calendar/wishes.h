/*
 * wishes.h - the times that a mail names: "Tuesday at 3pm", "nächste Woche Donnerstag vormittags", "not Monday".  Pure.
 *
 * Words of English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Danish, Norwegian and Swedish, with or without their accents.
 * A guess by nature: whoever acts on it says the time that was understood, and asks. What is ambiguous and can't be told by the language
 * or the zone (3/4 in English from nowhere) is left out.
 */
#ifndef LP_CALENDAR_WISHES_H
#define LP_CALENDAR_WISHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WISH_TEXT_MAX ((size_t)16 << 10)  /* bytes looked at */
#define WISH_DAYS 14                      /* what has no end ("after the 10th") ends after so many */

enum wish_kind {
	WISH_TIME,             /* a meeting begins at `from`; `until` is an hour later */
	WISH_PART,             /* of a day: a morning, after two, from two to four */
	WISH_DAY,
	WISH_SPAN              /* a week, a month, several days, any day but some */
};

struct wish {
	int64_t from, until;   /* ms: a window of the zone's wall clock, in the future; what the mail excludes is cut out */
	enum wish_kind kind;
};

/* wishes_read(text, now, zone, w, max): in the order of the text. How many, at most max; 0 where it names none or the zone is unknown. `text`
 * is UTF-8, what the person newly wrote. Weekdays are the coming ones; hours without more are of the working day (2 is 14:00). */
int wishes_read(const char *, int64_t now, const char *zone, struct wish *, size_t max);

/* wish_fits(w, at, length): would a meeting from `at` on do? It begins within the hour of a WISH_TIME, and lies within the window of any other. */
bool wish_fits(const struct wish *, int64_t at, int64_t length);

/* wish_pick(w, n, at, nat, length): the best of the times `at`, which are in order: for the first wish that any of them fits, the exact time, else
 * the earliest. Its index, -1 where none fits. */
int wish_pick(const struct wish *, size_t n, const int64_t *at, size_t nat, int64_t length);

const char *wish_kind_name(enum wish_kind);    /* "time", "part", "day", "span" */

#endif
