/*
 * inbox_reply.h - a person answers a mail by hand: their words take the way of every other message, through the gate and the door, and the conversation is
 * theirs from then on.
 */
#ifndef LP_AGENT_INBOX_REPLY_H
#define LP_AGENT_INBOX_REPLY_H

#include <cjson/cJSON.h>
#include <stdint.h>

#include "base/id.h"
#include "base/mem.h"
#include "store/db.h"

/*
 * inbox_reply_begin(db, inbox, zone, text, err): what to begin with, as {"subject","body"} (the caller frees): `text`, else (NULL) the agent's open draft where
 * there is one ("drafted": true), else a quotation of the mail, with instants on the clock of `zone`.  `seen` is what was there then, for inbox_reply.  NULL; LP_NO: no such mail;
 * LP_DATA: one that can't be answered from here.
 */
cJSON *inbox_reply_begin(struct lp_db *, int64_t inbox, const char *zone, const char *text, int64_t *seen, struct lp_err *);

struct inbox_reply {
	int64_t inbox;
	int64_t seen;                   /* of inbox_reply_begin */
	const char *subject, *body;     /* as typed; merge fields are filled in */
	const char *by;                 /* login name */
	const char *hash;               /* content that was shown and said yes to; NULL: not yet */
};
struct inbox_replied {
	int64_t message, task;
	char hash[LP_HEX_SIZE];
	char *recipient, *subject, *body; /* as it will leave */
	struct buf notes;               /* a line for each thing to know before saying yes: rules that want a look, why it won't leave at once */
};
/*
 * inbox_reply(db, reply, out, err): in the caller's transaction: what the agent had under way for this person ends, the thread is taken, and the message, its
 * decision, its approval and its task are there.  Everything that would stop it for good is said now: LP_NOPERM (a suppressed, stopped or erased lead, a rule that
 * blocks), LP_DATA (a merge field without a value, no address, a text that is no mail), LP_TEMP (something came in or left since `seen`, or it isn't what
 * was shown).  Rolled back it is a rehearsal: call it once to show, and with the hash to do it.  0, -1; inbox_replied_clear frees, also after -1.
 */
int inbox_reply(struct lp_db *, const struct inbox_reply *, struct inbox_replied *, struct lp_err *);
void inbox_replied_clear(struct inbox_replied *);
/* inbox_replied_text(buf, out): it as it will leave, and what there is to know, for a terminal. */
void inbox_replied_text(struct buf *, const struct inbox_replied *);

/*
 * inbox_take(db, word, by, why, err): the conversations that a word names (inbox_threads) are a person's: nothing automatic goes into them, and what was under
 * way for their lead ends.  inbox_give: the agent's again; a last mail that nobody answered is judged or answered by it.  How many changed hands, or -1.
 */
int inbox_take(struct lp_db *, const char *word, const char *by, const char *why, struct lp_err *);
int inbox_give(struct lp_db *, const char *word, const char *by, const char *why, struct lp_err *);

/*
 * inbox_assign(db, inbox, lead, by, why, err): a person says whose a mail is of which it couldn't be told. Its sender's address is another of theirs, their
 * sequences stop as after any reply, an opt-out in it suppresses them, and anything else is judged.  0; -1 (LP_NO: no person's mail, or somebody's already;
 * LP_DATA: the address is somebody else's).
 */
int inbox_assign(struct lp_db *, int64_t inbox, int64_t lead, const char *by, const char *why, struct lp_err *);

/* inbox_class(db, inbox, class, by, why, err): a person says what a mail is. The brain learns it; what follows from it happens, unless the brain had said so too,
 * and had been sure. 1; 0 there is nothing to judge: no person's mail, or of no lead; -1 (LP_DATA: no such class). */
int inbox_class(struct lp_db *, int64_t inbox, const char *class, const char *by, const char *why, struct lp_err *);

#endif
