/*
 * deliver.h - from a reserved outbox row to the wire, and what came of it back into the row.  It decides nothing: whether a message may
 * leave was judged, and committed, by who reserved it (agent/reserve.h).
 */
#ifndef LP_SENDER_DELIVER_H
#define LP_SENDER_DELIVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "channel/channel.h"
#include "channel/sms_text.h"
#include "store/accounts.h"
#include "store/outbox.h"

/* A connection of an account, open for the rest of the program's run. */
struct wire {
	struct account account;
	const struct channel *ch;
	void *conn;
	struct lp_err down;     /* why it could not be logged in: not tried again in this run, for a wrong password at each message gets an account locked; LP_OK: it is well */
	struct wire *next;
};

/*
 * wire_open(list, db, account, err): the account's connection, opened where *list hasn't got it yet. NULL: LP_CONFIG to be mended by a person
 * (unknown kind, no way out, a channel that reaches past this machine on a simulated file), LP_TEMP to try again, or database trouble
 * (*fatal is set).  wires_close closes them all.
 */
struct wire *wire_open(struct wire **list, struct lp_db *, int64_t account, bool *fatal, struct lp_err *);
/* wire_ready(w, err): the line is up and logged in: to be asked before a message is reserved. 0; -1 LP_CONFIG, LP_TEMP. */
int wire_ready(struct wire *, struct lp_err *);
void wires_close(struct wire **list);

/* The bytes of a mail (deliver_mail.c).
 * deliver_check(db, account, message, err): can the stored text be a message at all? To be asked before it is reserved. LP_DATA says why not.
 * deliver_compose: the bytes as they would leave, with the Date of `date` (ms). 0, -1. */
int deliver_check(struct lp_db *, const struct account *, int64_t message, struct lp_err *);
int deliver_compose(struct lp_db *, const struct account *, int64_t message, int64_t date, struct buf *, struct lp_err *);

/* deliver_phone_length(a, body, c, err): is the text short enough for the account? LP_DATA. *c counts it as SMS. */
int deliver_phone_length(const struct account *, const char *body, struct sms_count *c, struct lp_err *);
/* deliver_phone(db, account, message, at, out, err): of the telephone's channels both in one: is it fit to leave (LP_DATA says why not), and what people are shown of
 * it, as it would leave at `at` (ms). 0, -1. (deliver_phone.c) */
int deliver_phone(struct lp_db *, const struct account *, int64_t message, int64_t at, struct buf *, struct lp_err *);

/*
 * deliver(db, w, message, r, err): the row is reserved and committed. Composes, delivers, and records the outcome, committing. *r is what came of
 * it. 0; -1 database trouble.
 */
int deliver(struct lp_db *, struct wire *, int64_t message, struct channel_result *r, struct lp_err *);

/*
 * The same in steps, for several wires at once. deliver_begin: from then on deliver_step until it is true, polling meanwhile for what the channel says (a channel
 * that can't but wait is done at once). deliver_record: the outcome into the row and *r; the caller holds a transaction, and may try again after it was rolled back.
 * NULL and -1: database trouble. deliver_free(NULL) does nothing.
 */
struct parcel;
/* A message as it was made to see whether it can be one: taken as it is where it was reserved with the same text and at the same time. */
struct made {
	struct buf data;
	int64_t date;
	char hash[LP_HEX_SIZE];
};
/* deliver_make(db, account, message, date, made, err): deliver_check, and what came out. 0 (also where there is no text yet: empty), -1. The caller frees made->data. */
int deliver_make(struct lp_db *, const struct account *, int64_t message, int64_t date, struct made *, struct lp_err *);
struct parcel *deliver_begin(struct lp_db *, struct wire *, int64_t message, const struct made *, struct lp_err *); /* made may be NULL */
bool deliver_step(struct parcel *);
int deliver_record(struct lp_db *, struct parcel *, struct channel_result *r, struct lp_err *);
void deliver_free(struct parcel *);

/*
 * deliver_look(db, w, message, r, err): an earlier run reserved it and died. 1: the channel has it under the message's name; recorded, committing,
 * in *r. 0: it hasn't. 2: it can't tell now, *r says why. -1 database trouble.
 */
int deliver_look(struct lp_db *, struct wire *, int64_t message, struct channel_result *r, struct lp_err *);

/*
 * deliver_resolve(db, message, sent, by, why, err): a person's word on a message of which it isn't known whether it left: sent, or to be sent again.
 * Its task goes on. The caller holds a transaction. 1; 0 where the message isn't unknown; -1.
 */
int deliver_resolve(struct lp_db *, int64_t message, bool sent, const char *by, const char *why, struct lp_err *);

#endif
