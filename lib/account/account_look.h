/*
 * account_look.h - the far side of an account: does its server let it in, and what does the world read about the domain that its mail is from?
 */
#ifndef LP_ACCOUNT_ACCOUNT_LOOK_H
#define LP_ACCOUNT_ACCOUNT_LOOK_H

#include "account/domain_check.h"
#include "store/accounts.h"

/*
 * account_look(db, a, dns, selectors, out): connects and logs in, where its kind has a line to be ready ("connect", "imap"), and looks at the domain of its address
 * (domain_check; of email). `selectors`, where not NULL, stand for its dkim_selector. Sends nothing, changes nothing. Nothing of a simulated file reaches
 * past this machine: then the line is left out, with a finding that says so.
 */
void account_look(struct lp_db *, const struct account *, struct resolver *, const char *selectors, struct findings *out);

/* The first part of it, and that of IMAP ("imap"): adds nothing where there is no such line. */
void account_connect(struct lp_db *, const struct account *, const cJSON *settings, struct findings *out);
void account_connect_imap(struct lp_db *, const cJSON *settings, struct findings *out);

/* Of a telephone's: its token is there ("token"), and how texts come in ("in"). Its service has no way to ask whether it would take a message, and none is
 * sent for a trial. */
struct channel;
void account_token(const struct channel *, const cJSON *settings, struct findings *out);

#endif
