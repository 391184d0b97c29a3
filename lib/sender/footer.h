/*
 * footer.h - the foot of a mail: who writes, from where, where the address is from, what people's rights are, and a way out.
 *
 * It is part of the text as lp-draft writes it: what a person is shown, what an approval and the gate bind, and what leaves, are the same words.  It is made
 * of the configuration, the account, the lead and the message alone, so the same rows give the same foot, and where they change the text is made anew.
 */
#ifndef LP_SENDER_FOOTER_H
#define LP_SENDER_FOOTER_H

#include <stdbool.h>

#include "base/mem.h"
#include "store/accounts.h"
#include "store/config.h"
#include "store/lead_row.h"
#include "store/messages.h"

struct footer_for {
	const struct config_law *law;
	const struct account *account;
	const struct lead_row *lead;
	const struct message *message;  /* seq 0: a preview of one that isn't there yet */
};

/* footer_unasked(m): does it go to somebody who didn't ask for it? Not an answer, not a meeting's message, nothing typed by hand for one of them. */
bool footer_unasked(const struct message *);

/*
 * footer_add(db, f, words, &body, err): put the foot under *body, which is made anew (the caller's).  The first message to a lead has all of it, a later one who
 * writes and the way out, an answer only who writes; what stands in the body already isn't said twice.  In the language of the body, else of `words` (the
 * campaign's texts; NULL), else English.  None with compliance off, on the phone, under a meeting's message, and under what was typed by hand; nor, with
 * `auto`, where mail stays on this machine and none of postal_address, identification, privacy_url and unsubscribe_url is set.  0, -1.
 */
int footer_add(struct lp_db *, const struct footer_for *, const char *words, char **body, struct lp_err *);

/* footer_here(db, message, &body, err): the same, with the rows of its account, lead and campaign. */
int footer_here(struct lp_db *, const struct message *, char **body, struct lp_err *);

/* footer_shown(db, campaign, &lead, &foot, err): the foot as it will stand under the first mail of a campaign to its first lead, whose number is *lead; NULL where
 * there is none, or no lead yet. The caller frees. 0, -1. */
int footer_shown(struct lp_db *, int64_t campaign, int64_t *lead, char **foot, struct lp_err *);

/* footer_missing(db, f, why, err): what must stand in the message's text and doesn't: how many things, each put into `why`; -1. */
int footer_missing(struct lp_db *, const struct footer_for *, struct buf *why, struct lp_err *);

/* The words, for each language. */
enum footer_language { FOOTER_EN, FOOTER_DE, FOOTER_FR, FOOTER_ES, FOOTER_IT, FOOTER_NL, FOOTER_LANGUAGES };
struct footer_words {
	const char *source;             /* "... %s" */
	const char *rights;             /* "... %s" */
	const char *link;               /* "... %s" */
	const char *reply;              /* a whole sentence */
};
extern const struct footer_words footer_words[FOOTER_LANGUAGES];

/* footer_language(text): told by its little words; FOOTER_LANGUAGES where that can't be. */
enum footer_language footer_language(const char *);

#endif
