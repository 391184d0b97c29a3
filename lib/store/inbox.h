/*
 * inbox.h - what came in: each mail is one row, once.  Rows only: whose it is tells store/match.h, what it ends agent/receive.h.
 *
 * Nothing here commits or logs: who knows the task does.
 */
#ifndef LP_STORE_INBOX_H
#define LP_STORE_INBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/parse.h"
#include "store/db.h"
#include "store/match.h"

struct inbox_new {
	int64_t account, task;          /* by whose inbox, in which task; 0 for none */
	const struct mail_in *mail;
	const char *channel;            /* NULL: email; else mail_in has a text: its number, the service's name for it, its words */
	const char *file;               /* where it lies; may be NULL */
	size_t size;                    /* bytes; 0 where not known */
};

/* inbox_known(db, new, key, &seq, err): 1 where it is on record (*seq), 0, -1. The key is what inbox_add wants. */
int inbox_known(struct lp_db *, const struct inbox_new *, char key[LP_HEX_SIZE], int64_t *seq, struct lp_err *);

/* What it is, told by its headers and first words. */
struct inbox_told {
	const char *kind;               /* as inbox_messages.kind */
	bool automatic;                 /* no person wrote it */
	const char *returned;           /* as inbox_messages.returned, or NULL */
	int64_t until;                  /* ms, of an absence; 0: none */
	const char *text, *reply_text;  /* all that can be read, what is new; without what can't be seen */
};
/* inbox_add(db, new, key, told, match, &seq, err): a new row with its texts, matched, ambiguous or unmatched. 0 or -1. */
int inbox_add(struct lp_db *, const struct inbox_new *, const char *key, const struct inbox_told *, const struct inbox_match *, int64_t *seq,
    struct lp_err *);

/* A row with its texts; strings are NULL where there is nothing, and owned: inbox_clear frees. Words are those of the table's columns. */
struct inbox_message {
	int64_t seq, account, lead, campaign, thread, message;
	char id[LP_UUID_SIZE];
	char channel[12];
	char *rfc_message_id, *in_reply_to, *from_name, *from_address, *subject, *file;
	int64_t sent_at, received_at;   /* ms; 0 unknown */
	bool automatic;
	char kind[16], status[16], matched_by[16]; /* matched_by "": unmatched */
	char class[20], sentiment[12];  /* "": not judged */
	char *classified_by;
	double confidence;              /* -1: not judged */
	int availability;               /* 1, 0; -1: not judged */
	int64_t until;                  /* ms, of an absence or a "not now"; 0: none */
	char *text, *reply_text;        /* "" where there is none */
};
/* inbox_get(db, seq, m, err): 1, 0, -1. */
int inbox_get(struct lp_db *, int64_t seq, struct inbox_message *, struct lp_err *);
void inbox_clear(struct inbox_message *);
/* inbox_find(db, which, &seq, err): a handle (i41) or a UUID: 1, 0, -1. */
int inbox_find(struct lp_db *, const char *which, int64_t *seq, struct lp_err *);

/* inbox_set_class(db, seq, class, sentiment, confidence, availability, until, by, err): what it says, and who judged (the brain's name, or "person").
 * sentiment may be NULL; until is ms, 0 for none. 1, 0 no such row, -1. */
int inbox_set_class(struct lp_db *, int64_t seq, const char *class, const char *sentiment, double confidence, bool availability, int64_t until,
    const char *by, struct lp_err *);
/* inbox_set_lead(db, seq, lead, err): whose it is, by a person's word; its campaign and thread are those of the lead's last mail from us. 1; 0 it was somebody's
 * already; -1. */
int inbox_set_lead(struct lp_db *, int64_t seq, int64_t lead, struct lp_err *);
/* inbox_handled: nothing is to be done about it any more. */
int inbox_handled(struct lp_db *, int64_t seq, struct lp_err *);

/* inbox_newer(db, seq, err): has the lead answered again since? 1, 0, -1. */
int inbox_newer(struct lp_db *, int64_t seq, struct lp_err *);

/* inbox_rfc_id(db, seq, &id, err): its Message-ID, NULL where it has none; the caller frees. 0, -1. */
int inbox_rfc_id(struct lp_db *, int64_t seq, char **id, struct lp_err *);

#endif
