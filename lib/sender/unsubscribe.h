/*
 * unsubscribe.h - the way out of a mail: one link (RFC 8058) and one address (RFC 2369), and what follows when somebody takes it.
 *
 * A token names the lead and the list (the campaign) of one message, and nothing can be read out of it: it is encrypted and signed with keys that
 * are made of the file's salt.  It holds as long as the file exists, whatever became of the lead, the campaign or the settings.
 */
#ifndef LP_SENDER_UNSUBSCRIBE_H
#define LP_SENDER_UNSUBSCRIBE_H

#include <stdbool.h>
#include <stdint.h>

#include "store/accounts.h"
#include "store/config.h"
#include "store/messages.h"

#define UNSUBSCRIBE_SIZE 48

/* unsubscribe_make(db, m, out): the token of a message: 'u' and letters, digits, '-', '_'; always the same one. */
char *unsubscribe_make(const struct lp_db *, const struct message *, char out[UNSUBSCRIBE_SIZE]);

struct unsubscribe {
	int64_t lead, campaign, message; /* campaign 0: of none; all 0: no token of this file's */
	bool fresh;                     /* of unsubscribe_apply: nothing stood in their way before */
};

/* unsubscribe_read(db, token, u): is it one that this file made? Reads and changes nothing: what a page may do when it is looked at (GET). */
bool unsubscribe_read(const struct lp_db *, const char *token, struct unsubscribe *);

/*
 * unsubscribe_apply(db, token, how, u, err): somebody asked for it (POST): their person is suppressed on every channel and address, in every campaign, and
 * what runs for them ends.  0 whatever the token is, also where it was done before: whoever asks learns nothing by it; *u is for the log.  -1: it
 * couldn't be done and is to be asked again.  `how` is one line for the log.  The caller holds a transaction.
 */
int unsubscribe_apply(struct lp_db *, const char *token, const char *how, struct unsubscribe *, struct lp_err *);

/*
 * unsubscribe_link(db, c, a, m): the https link of a message: the account's own page, where its `unsubscribe` is one, and else unsubscribe_url with the
 * token; NULL where neither is set.  *own tells that it is ours and takes RFC 8058's POST.  The caller frees.
 */
char *unsubscribe_link(const struct lp_db *, const struct config_law *, const struct account *, const struct message *, bool *own);

/*
 * unsubscribe_mailto(db, a, m, &to, err): "mailto:ADDRESS?subject=unsubscribe%20TAG": to the account's `unsubscribe`, where that is an address, its
 * reply_to, else itself.  The tag (store/match.h) stands in the subject, so that the mail is matched from whatever address it comes, also where the
 * server knows no plus addresses.  The caller frees. 0, -1.
 */
int unsubscribe_mailto(struct lp_db *, const struct account *, const struct message *, char **, struct lp_err *);

#endif
