/*
 * consents.h - what people agreed to receive, channel by channel, with where and when: the proof that the law asks for.
 *
 * Channels are email, whatsapp and sms.  A consent is the person's, whichever leads and addresses they have.  Nothing here commits: whoever
 * writes holds a transaction.
 */
#ifndef LP_STORE_CONSENTS_H
#define LP_STORE_CONSENTS_H

#include <cjson/cJSON.h>
#include <stdint.h>

#include "store/db.h"

#define CONSENT_SOURCE_MAX ((size_t)500) /* bytes */

/* consent_given(db, person, channel, err): 1 where one stands: it wasn't withdrawn, and none on that channel was withdrawn after it was given;
 * 0; -1. */
int consent_given(struct lp_db *, int64_t person, const char *channel, struct lp_err *);

/*
 * consent_give(db, lead, channel, source, given_at, err): the lead's person agreed, as `source` proves.  `given_at` in ms; 0 where nobody knows when:
 * then it counts from now, but never over a withdrawal (a list taken in again revives nothing).  1 new; 0 one stands already, and that is kept;
 * -1 with LP_DATA: an unknown channel, no source, a time to come, or it was withdrawn since.  Logged.
 */
int consent_give(struct lp_db *, int64_t lead, const char *channel, const char *source, int64_t given_at, struct lp_err *);

/* consents_show(db, lead, to, err): those that stand as members of the object: "consent_sms": "2026-03-01 web form", as an import reads them. 0, -1. */
int consents_show(struct lp_db *, int64_t lead, cJSON *to, struct lp_err *);

/* consent_withdraw(db, person, channel, reason, err): on that channel, or (NULL) on all. How many stood, or -1. An opt-out calls it
 * (suppressions_add). Logged. */
int consent_withdraw(struct lp_db *, int64_t person, const char *channel, const char *reason, struct lp_err *);

#endif
