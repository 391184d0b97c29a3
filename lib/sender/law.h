/*
 * law.h - what countries ask of a sender, and whether a message has it.  A data file, law.tsv, says what is asked; a file of the user's goes over it row by
 * row (country_rules).  No legal advice: the user answers for what they send.
 */
#ifndef LP_SENDER_LAW_H
#define LP_SENDER_LAW_H

#include <stdbool.h>

#include "base/mem.h"
#include "store/accounts.h"
#include "store/config.h"
#include "store/lead_row.h"
#include "store/messages.h"

enum law_consent { LAW_OPT_OUT, LAW_IMPLIED, LAW_OPT_IN };

struct law_rule {
	char country[3];                /* "*" where it isn't known, or not in the table: then the strictest */
	enum law_consent email, phone;
	bool postal, identification;
	char source[200];               /* where it is written */
};

/* law_rule(file, country, rule, err): of a country's code (NULL: not known); `file` is country_rules, or NULL. 0; -1 with LP_CONFIG where the file can't be
 * read, or a row of it (by line). law_rules_check(file, err): the whole file; how many rows, or -1. */
int law_rule(const char *file, const char *country, struct law_rule *, struct lp_err *);
int law_rules_check(const char *file, struct lp_err *);

/* law_country(lead): the code of the lead's country: as it says, else by its number and the domains of its company and address; NULL: not known, or these
 * don't agree, so that the strictest holds. */
const char *law_country(const struct lead_row *);

/* law_source(lead): where its data is from, as it can be told to the lead; NULL where that is only the name of a file. */
const char *law_source(const struct lead_row *);

/* law_level(db, c, a): what the configuration's `auto` means for this account: strict for what leaves this machine, warn for a Maildir and for
 * all of a simulated file. */
enum compliance law_level(const struct lp_db *, const struct config_law *, const struct account *);

/* law_account(c, a, why): what the account lacks before a first unasked-for mail leaves it: sender's name, postal address, privacy page. How many things;
 * each is put into `why`, parted by "; ", with the command that mends it. */
int law_account(const struct config_law *, const struct account *, struct buf *why);

/* law_config(c, rule, why): what a country asks for and the configuration doesn't have: likewise. */
int law_config(const struct config_law *, const struct law_rule *, struct buf *why);

/* law_consent(db, c, l, channel, why, err): may the lead be written to unasked, in their country? 0; 1 and why not; -1. */
int law_consent(struct lp_db *, const struct config_law *, const struct lead_row *, const char *channel, struct buf *why, struct lp_err *);

/*
 * law_message(db, c, a, l, m, why, err): all of it, for one message as it stands, whatever the level: the account, the lead's consent, and what must stand in
 * its text (footer.h), which a person may have taken out.  What answers somebody, invites to what they asked for, or was typed for one of them isn't
 * asked for anything.  0; 1 and what is missing; -1.
 */
int law_message(struct lp_db *, const struct config_law *, const struct account *, const struct lead_row *, const struct message *, struct buf *why,
    struct lp_err *);

/* law_gate(db, m, &why, err): the same at the gate and the door: 1 where the level is strict and something is missing; *why is the caller's. 0, -1. */
int law_gate(struct lp_db *, const struct message *, char **why, struct lp_err *);

/*
 * law_check(db, campaign, def, leads, say, ctx, err): what a campaign (its newest definition; NULL, and campaign 0: anything from any account) would be held for: what its accounts lack, what else a sender
 * should have, and, with `leads`, what their countries ask for besides, and whoever hasn't consented where that is asked for.  `error` where nothing would leave.  Nothing with compliance off, nor
 * with `auto` where its mail stays on this machine.  0, -1 (LP_CONFIG: country_rules).
 */
typedef void law_say_fn(bool error, int64_t lead, const char *text, void *ctx);
int law_check(struct lp_db *, int64_t campaign, const cJSON *def, bool leads, law_say_fn *, void *ctx, struct lp_err *);

#endif
