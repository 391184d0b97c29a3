/*
 * answers.h - which of a campaign's answers fits a reply, and how sure that is.
 */
#ifndef LP_CAMPAIGN_ANSWERS_H
#define LP_CAMPAIGN_ANSWERS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "campaign/answer_words.h"
#include "store/db.h"

#define ANSWER_SURE 0.6         /* at least this score answers */
#define ANSWER_ASKED_MAX 6      /* questions of a reply that are looked at */

struct answer_match {
	int number;             /* the answer that fits best, from 1; 0: none has a word of it */
	double score;           /* 0 to 1, in hundredths */
	bool sure;              /* it is what was asked, and nothing else was */
	char why[200];          /* in plain words */
};

/* answers_asked(text, names, q): the words of each question and request in a text, up to ANSWER_ASKED_MAX of them; of all of it where it is short and
 * has none. Returns how many there are, also beyond those. Pure. */
size_t answers_asked(const char *text, const struct answer_words *names, struct answer_words q[ANSWER_ASKED_MAX]);

/*
 * answers_match(db, campaign, version, def, text, names, m, err): what `text` asks (its questions and requests; all of it where it is short and has
 * none) against the answers of that version, whose definition is `def`.  The score is the share of the question's words that the answer's
 * question covers, brought down where that one asks more.  Not sure: a low score, two answers that fit about as well, a second thing asked.
 * Words of `names` (NULL for none: who writes to whom) don't count.  0 or -1.
 */
int answers_match(struct lp_db *, int64_t campaign, int version, const cJSON *def, const char *text, const struct answer_words *names,
    struct answer_match *, struct lp_err *);

#endif
