/*
 * phone.h - what must hold before words go to a telephone, and in which form they go: consent, their hours, WhatsApp's window and tier.
 */
#ifndef LP_SENDER_PHONE_H
#define LP_SENDER_PHONE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/normal.h"
#include "store/accounts.h"
#include "store/lead_row.h"
#include "store/messages.h"
#include "store/records.h"

/* phone_channel(channel): whatsapp or sms? */
bool phone_channel(const char *);

/* phone_number(s, channel, out): a number as a service writes it: "whatsapp:+4915…", and of whatsapp also without the +, as E.164. */
bool phone_number(const char *, const char *channel, char out[NORMAL_PHONE_SIZE]);

/* What is to be judged. */
struct phone_ask {
	const struct account *a;        /* NULL: not known yet; what depends on it isn't judged */
	const struct lead_row *l;
	const char *channel, *recipient;
	const char *template;           /* message_texts.template; NULL */
	int64_t inbox;                  /* the message that it answers; 0 */
};

struct phone_said {
	enum verdict verdict;           /* V_ALLOW, V_DELAY, V_HOLD */
	int64_t until;                  /* of V_DELAY, ms */
	char why[300];
};

/*
 * phone_judge(db, ask, said, err): 0, -1.  In this order: a number with its country; a consent on record for the channel (an answer to what they wrote there needs none); SMS: 08:00 to
 * 21:00 in the lead's zone, an unknown zone holds; WhatsApp: free text within 24 hours of their last message alone, else a template; people that the
 * account writes to in 24 hours under its tier. E-mail is always allowed.
 */
int phone_judge(struct lp_db *, const struct phone_ask *, struct phone_said *, struct lp_err *);

/* phone_template(db, m, at, &template, err): does the message leave as its template at `at` (ms)? 1 and the template, the caller's; 0: as text; -1. */
int phone_template(struct lp_db *, const struct message *, int64_t at, cJSON **template, struct lp_err *);

#endif
