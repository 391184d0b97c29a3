/*
 * texts.h - what is particular to telephones in the rows: who a number is, when they wrote last, and to how many we wrote.  Reads only, but for threads.
 */
#ifndef LP_STORE_TEXTS_H
#define LP_STORE_TEXTS_H

#include <stdbool.h>
#include <stdint.h>

#include "store/match.h"

/* texts_match(db, number, account, channel, m, err): whose a text from that number is: the lead that was written to last, in the conversation with that account
 * where there is one (else m->thread is 0). As match_mail; by "number". 0, also where it is nobody's; -1. */
int texts_match(struct lp_db *, const char *number, int64_t account, const char *channel, struct inbox_match *, struct lp_err *);

/* texts_account(db, number, channel, &account, err): our account of that number: 1, 0 none, -1: LP_DATA where several are (channel NULL: any). */
int texts_account(struct lp_db *, const char *number, const char *channel, int64_t *account, struct lp_err *);

/* texts_own(db, number, err): is it a number of an account of ours? 1, 0, -1. */
int texts_own(struct lp_db *, const char *number, struct lp_err *);

/* texts_last(db, lead, account, channel, at, err): when the lead's person wrote to that account last, by the service's time where it says one: 1 (ms), 0 never, -1. */
int texts_last(struct lp_db *, int64_t lead, int64_t account, const char *channel, int64_t *at, struct lp_err *);

/* texts_thread(db, lead, account, channel, &thread, err): their conversation, the newest; made where there is none. 0, -1. */
int texts_thread(struct lp_db *, int64_t lead, int64_t account, const char *channel, int64_t *thread, struct lp_err *);

/* texts_recipients(db, account, since, but, n, oldest, err): to how many numbers other than `but` the account wrote since (ms), or may have, and when to the first of
 * them: when there is room again. 0, -1. */
int texts_recipients(struct lp_db *, int64_t account, int64_t since, const char *but, int64_t *n, int64_t *oldest, struct lp_err *);

#endif
