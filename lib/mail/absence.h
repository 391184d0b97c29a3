/*
 * absence.h - "I am out of the office until 14 March": whether a text says so, and when its writer is back.
 */
#ifndef LP_MAIL_ABSENCE_H
#define LP_MAIL_ABSENCE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * mail_absence_until(text, now): the first day on which the writer is back, ms at 00:00 UTC of that day; 0 where the text names none.
 *   - "back on 14 March", "ab dem 14.3. wieder erreichbar", "de retour le 14": that day;
 *   - "until 14 March", "bis 14.3.", "jusqu'au 14", "10.3. - 14.3.": the day after, whether the words say "inclusive" or not: nobody is
 *     disturbed on a last day off.  "Not back until the 14th" and "erst am 14. wieder" name the 14th itself;
 *   - "until Monday" the Tuesday after, "back on Monday" the next Monday, "back next week" the next Monday, "until April" the 1st of April.
 * A date without a year is the next one; but one that passed within the last 60 days is over, and 0 is given, as for any past day and any
 * over a year ahead.  3/4 is 3 April except in English, where the nearer of both that is to come is taken.
 * Thirteen languages, as in optout.h, without Russian. `now` is ms.
 */
int64_t mail_absence_until(const char *text, int64_t now);

/* mail_absence_subject(subject): is it what an auto-responder puts there ("Automatic reply: ...", "Abwesenheitsnotiz")? */
bool mail_absence_subject(const char *);

/* mail_absence_says(text, alone): do its first sentences say that the writer is away?  alone: nothing else marks it as automatic, so it
 * must
 * also speak as such notices do (thanks for the message, names who stands in, doesn't forward) and ask nothing. */
bool mail_absence_says(const char *text, bool alone);

#endif
