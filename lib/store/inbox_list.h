/*
 * inbox_list.h - what came in, for people: lists, whole conversations, and what waits for somebody.  Reads only; everything is JSON as lp-inbox -j
 * prints it, which the caller frees.
 */
#ifndef LP_STORE_INBOX_LIST_H
#define LP_STORE_INBOX_LIST_H

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>

#include "store/db.h"

struct inbox_ask {
	int64_t lead, campaign;         /* 0: any */
	const char *status;             /* of the row, or "waiting": for a person; NULL: any */
	int64_t since;                  /* received, ms; 0: any */
	int64_t limit;
};
/* inbox_status_ok(word): can it be asked for? */
int inbox_status_ok(const char *);

/*
 * inbox_rows(db, ask, err): first what waits for a person, then what the agent is at, then the rest; in each the newest first.  Mails of our own by hand are
 * left out.  [{id uuid received_at kind status automatic thread_id owner lead_id name company campaign from_name from_address subject classification
 * classified_by confidence sentiment until_at words answered waits waits_id reason command}]; `words` are the first of what they newly wrote.
 *
 *	waits       what it is                                            waits_id, command
 *	approval    an answer, a booking, a referral wants a yes          p12, lp-approve show p12
 *	mend        its task can't go on                                  t44, lp-log why t44
 *	failed      its task failed                                       t44, lp-log why t44
 *	escalated   the agent handed it over, and nobody answered yet     t44, lp-inbox reply i41
 *	person      its thread is a person's, and nobody answered yet     h7, lp-inbox reply i41
 *	unmatched   of nobody we know, or of one of several (ambiguous)   lp-inbox done i41, lp-inbox assign i41
 *	agent       nothing for a person: a task of the agent's           t44
 */
cJSON *inbox_rows(struct lp_db *, const struct inbox_ask *, struct lp_err *);

/* inbox_threads(db, word, &threads, &n, &alone, err): the conversations that a word names: i41, h7, m88, l12, an address or a UUID of a lead or a mail; *alone is the
 * mail where it is in none. The caller frees. 0; -1: LP_NO where there is no such thing, LP_USAGE a handle of another kind. */
int inbox_threads(struct lp_db *, const char *word, int64_t **threads, size_t *n, int64_t *alone, struct lp_err *);

/*
 * inbox_thread(db, thread, err): a conversation whole, in order: {id uuid owner owner_reason auto_turns channel lead_id name company email lead_status
 * campaign account items waits}.  An item is a mail that came in ({type received, id at kind status from_name from_address subject text
 * whole classification …}), a message of ours ({type sent, id at status status_reason origin step subject text by approval}), sent, waiting or ended, or a
 * meeting.  `waits`: [{task_id task_type status waits reason approval command}].  inbox_alone: a mail in no conversation, in the same shape.
 */
cJSON *inbox_thread(struct lp_db *, int64_t thread, struct lp_err *);
cJSON *inbox_alone(struct lp_db *, int64_t inbox, struct lp_err *);

/* inbox_last(db, thread, &last, err): a number that changes when a mail comes into the thread, or a message of ours into it is reserved. 0, -1. */
int inbox_last(struct lp_db *, int64_t thread, int64_t *last, struct lp_err *);
/* inbox_open_draft(db, inbox, &message, err): what is written as its answer, and not sent: 1, 0, -1. */
int inbox_open_draft(struct lp_db *, int64_t inbox, int64_t *message, struct lp_err *);
/* inbox_unanswered(db, thread, &inbox, err): its last mail, where a person wrote it and nobody of ours answered: 1, 0, -1. */
int inbox_unanswered(struct lp_db *, int64_t thread, int64_t *inbox, struct lp_err *);

#endif
