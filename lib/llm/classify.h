/*
 * classify.h - what somebody's reply is: one of eleven classes, by a lexicon with negation and a small statistical model, on this machine.
 * Pure: no database, no clock, no network.  What it reads is data; nothing written in it is obeyed.
 *
 * The classes, and how the doubtful cases are decided:
 *   interested       wants to hear more, also "send me some information"; agrees without naming a question or a time
 *   meeting_request  wants to talk or to meet, proposes or accepts a time, sends a booking link
 *   question         asks something definite, also with interest ("Sounds good, what does it cost?" is a question, sentiment positive)
 *   referral         names or takes in somebody else who is to be asked, whether or not they decline for themselves
 *   not_now          no, but later: a time or a condition to come back is named or plain
 *   not_interested   declines ("No." too); has a supplier; no need
 *   wrong_person     isn't or is no longer responsible, and names nobody who is
 *   out_of_office    an absence notice; a person who only says until when they are away, too
 *   unsubscribe      asks in so many words not to be written to any more, however politely or angrily: that wins over every other class
 *   angry            complains, threatens or insults without asking that
 *   other            none of these: thanks, a receipt, "ok", words to a machine, nothing at all
 *
 * The confidence is made to be read against two bars: from 0.6 it may be acted on, from 0.8 no second opinion is needed.  Below 0.6, always:
 * where lexicon and model disagree; interested and meeting_request where anything in the text declines, or where no phrase says so in plain
 * words; what talks to a machine ("ignore your instructions ...").
 */
#ifndef LP_LLM_CLASSIFY_H
#define LP_LLM_CLASSIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLASSIFY_REASONS 8
#define CLASSIFY_TEXT_MAX 16384 /* bytes: what comes after is not read */

extern const char *const reply_classes[]; /* NULL-terminated, in the order above */

struct classified {
	char class[20];
	double confidence;          /* 0 to 1 */
	char sentiment[12];         /* positive, neutral, negative: the tone, not the outcome; a polite refusal is neutral */
	bool to_a_machine;          /* something in it is said to a program: "ignore your instructions" */
	bool mentions_availability; /* names days, times, a calendar, a booking link; never true for absences, refusals, removals and anger */
	int64_t until;              /* not_now, out_of_office: ms at 00:00 UTC of the first day worth writing on; 0 none. Never before tomorrow */
	char referral_name[100];    /* referral: spans of the text as they stand there, "" for none: to be shown, never to be mailed by itself */
	char referral_address[255]; /* normalised (base/normal.h) */
	char *reasons[CLASSIFY_REASONS]; /* plain words, the weightiest first: "says 'let's talk'", "negated: 'interested'", "names a day: Tuesday" */
	size_t nreasons;
};

struct classifier;

/* classifier_new(): lexicon and model, trained from the data that is compiled in: a few milliseconds, once a process. */
struct classifier *classifier_new(void);
void classifier_free(struct classifier *);

/*
 * classifier_learn(c, subject, text, class): a person said that this text (as given to classify) is of that class.  It counts more than a line of the
 * data, and acts at once: the same text, and those nearly word for word like it, are of that class from now on.  What declines in plain
 * words never gets over 0.6 as interested by it, unless it is that very text.  At most 500 are kept, the latest.  An unknown class is ignored.
 */
void classifier_learn(struct classifier *, const char *subject, const char *text, const char *class);

/*
 * classify(c, subject, text, original, now, out): `text` is what the person newly wrote, without quoted mail, signature and hidden characters
 * (mail/reply.h, mail/hidden.h).  `subject` may be NULL; of it only absence and removal are read, since most of it is ours.  `original`, our mail that it answers, may
 * be NULL: its lines are passed over where they stand in the text, and tell what a bare yes or no answers.  `now` is the day from which
 * "next month" counts.  *out is filled whatever comes in; classified_clear frees its reasons.
 */
void classify(const struct classifier *, const char *subject, const char *text, const char *original, int64_t now, struct classified *);
void classified_clear(struct classified *);

#endif
