/*
 * messages.h - whatever may leave: messages, their texts, threads and slots.  Nothing here commits.
 */
#ifndef LP_STORE_MESSAGES_H
#define LP_STORE_MESSAGES_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

struct message {
	int64_t seq;
	char id[LP_UUID_SIZE];
	char *purpose, *rfc_message_id; /* without brackets */
	int64_t lead, campaign, enrolment, thread, account, inbox, meeting; /* inbox: the mail it answers */
	int step;
	char variant[32];
	char channel[12], status[12];
	char *recipient;
	char content_hash[LP_HEX_SIZE]; /* "" until drafted */
	int64_t due_at, slot_at, sent_at;
	char *subject, *body, *html, *calendar; /* NULL until drafted; subject NULL on the phone, html and calendar where there is none */
	char *template;                 /* of whatsapp: JSON {"name","language","parameters":[…],"only":true where the body just shows it}; NULL for none */
	char origin[12];
	char made_from[LP_HEX_SIZE];    /* of a model's text: the hash of what it was written from; "" */
};
void message_clear(struct message *);
/* message_by_hand(m): a person of ours wrote it for this one mail (purpose hand:UUID). */
bool message_by_hand(const struct message *);
/* message_get(db, seq, m, err): with its text: 1, 0, -1. */
int message_get(struct lp_db *, int64_t seq, struct message *, struct lp_err *);
int message_find(struct lp_db *, const char *handle_or_uuid, int64_t *seq, struct lp_err *);

/* message_plan(db, m, &seq, err): a new row by its purpose (m->purpose, lead, campaign, enrolment, thread, account, step, variant, channel,
 * due_at, inbox, meeting); rfc_message_id is made of the purpose and the account's domain. 1 new, 0 the purpose exists (*seq is that row), -1. */
int message_plan(struct lp_db *, const struct message *, int64_t *seq, struct lp_err *);

/* message_open(db, lead, campaign, &seq, err): the lead's next planned or due message (campaign 0: of any running enrolment): 1, 0, -1.
 * message_take: planned → due: a task has it now. */
int message_open(struct lp_db *, int64_t lead, int64_t campaign, int64_t *seq, struct lp_err *);
int message_take(struct lp_db *, int64_t seq, struct lp_err *);

/* message_hash(m, recipient, out): what approvals and verdicts bind: account, channel, recipient, subject, body, html, calendar and template. */
char *message_hash(const struct message *, const char *recipient, char out[LP_HEX_SIZE]);

struct message_text {
	const char *subject, *body, *html, *calendar; /* all but body may be NULL */
	const char *origin;             /* template rule model person */
	const char *template;           /* as struct message's; NULL for none */
	const char *made_from;          /* as struct message's; NULL for none */
};
/* message_draft(db, seq, recipient, text, err): store the text and its hash. Refused (LP_DATA) once the message is in the outbox or
 * final. */
int message_draft(struct lp_db *, int64_t seq, const char *recipient, const struct message_text *, struct lp_err *);
/* message_end(db, seq, status, reason, err): skipped blocked rejected expired superseded refused: final for its purpose. All but skipped
 * stop the enrolment, since the next step would wait for ever. Returns how many rows changed (0: it was final already), or -1. */
int message_end(struct lp_db *, int64_t seq, const char *status, const char *reason, struct lp_err *);
/* message_reopen(db, seq, err): a message that ended without leaving is due again, its sequence runs again, and what was planned after it stands
 * again. 1 (also where it was open), 0 where it left or its lead isn't active any more, -1. */
int message_reopen(struct lp_db *, int64_t seq, struct lp_err *);
/* message_anew(db, seq, err): an answer that was superseded before anything of it was reserved is due again, without a text: another one is to be written. 1; 0 where
 * it is no such; -1. */
int message_anew(struct lp_db *, int64_t seq, struct lp_err *);
/* message_sent(db, seq, at, err): sent, and the lead contacted. What follows from it is agent/advance.h's. */
int message_sent(struct lp_db *, int64_t seq, int64_t at, struct lp_err *);

/* message_next(db, seq, &next, delay, err): the next planned step of its enrolment and that step's delay, as text: 1, 0 none, -1.
 * message_due: when a planned message's delay is over. */
int message_next(struct lp_db *, int64_t seq, int64_t *next, char delay[64], struct lp_err *);
int message_due(struct lp_db *, int64_t seq, int64_t at, struct lp_err *);

/* message_predecessor_done: 1 where every earlier step of its enrolment is sent or skipped, 0, -1. */
int message_predecessor_done(struct lp_db *, int64_t seq, struct lp_err *);

/* The thread's references for a follow-up: rfc_message_ids of what was sent in it, oldest first, and the first subject. Caller frees. */
int thread_references(struct lp_db *, int64_t thread, char ***ids, size_t *n, char **subject, struct lp_err *);
int thread_new(struct lp_db *, int64_t lead, int64_t account, const char *channel, int64_t *seq, struct lp_err *);

cJSON *message_json(struct lp_db *, int64_t seq, bool with_text, struct lp_err *);

#endif
