/*
 * receive_int.h - between the files of receive; no other includes it.
 */
#ifndef LP_AGENT_RECEIVE_INT_H
#define LP_AGENT_RECEIVE_INT_H

#include "agent/receive.h"
#include "base/mem.h"
#include "store/outbox.h"

/* A mail on its way through. */
struct received {
	struct lp_db *db;
	const struct inbox_new *n;
	const struct mail_in *mail;
	struct inbox_told told;         /* what it is; its strings are those below, or constants */
	char *text, *reply;             /* what can be seen of it; of that, what is new */
	char reason[160];               /* which header or words say so; of a bounce what the far side said */
	char *returned_id;              /* of a bounce or a complaint: the Message-ID and the recipients of what it is about */
	char **addresses;
	size_t naddresses;
	struct inbox_match m;
	struct inbox_result *res;
	struct buf done;                /* for the log: "; 2 enrolments stopped" */
};

/* receive_kind(x): fills what it is, from the mail alone. receive_kind_clear frees that. */
void receive_kind(struct received *);
void receive_kind_clear(struct received *);

/* The effects, after the row and the match. 0 or -1. */
int receive_bounce(struct received *, struct lp_err *);
int receive_complaint(struct received *, struct lp_err *);
int receive_auto(struct received *, struct lp_err *);

/* receive_about(x, o, err): the message that a report names by its Message-ID or an address that we mailed, as it was sent: 1; 0 none of ours; -1.
 * outbox_clear frees. */
int receive_about(struct received *, struct outbox *, struct lp_err *);
/* receive_stop(x, person, why, err): end what runs for them, counted. */
int receive_stop(struct received *, int64_t person, const char *why, struct lp_err *);

/* receive_pause(x, person, until, why, err): nothing of theirs leaves before (ms; HOURS_NEVER: a year). */
int receive_pause(struct received *, int64_t person, int64_t until, const char *why, struct lp_err *);

/* receive_reply(x, err): somebody wrote: what runs stops, an opt-out suppresses, the rest is to be judged. receive_log(x, err): that it came in, and what was done. */
int receive_reply(struct received *, struct lp_err *);
int receive_log(struct received *, struct lp_err *);

/* receive_notice(x, type, title, key, err): with the mail's first lines; `key` NULL: one for this mail. Takes title and key over. */
int receive_notice(struct received *, const char *type, char *title, char *key, struct lp_err *);

#endif
