/*
 * judge.h - what a reply is, on record, and what follows from it.  The one place for a brain's word (lp-read) and a person's (lp-inbox class).
 *
 * Reading has stopped the sequence already, whatever the mail says; here is only what its class adds: an opt-out that only its words
 * show suppresses, an absence lets the sequence go on after it, a "not now" comes back at its time, somebody who was named is proposed as a lead, held for
 * a person's yes, and everything else becomes a task respond_to_reply. Nothing is sent from here, and nothing here commits.
 */
#ifndef LP_AGENT_JUDGE_H
#define LP_AGENT_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/stage.h"

struct judgement {
	int64_t inbox;
	const char *class;              /* one of reply_classes (llm/classify.h) */
	double confidence;              /* 0 to 1 */
	const char *sentiment;          /* positive neutral negative; NULL: stays what it is */
	int availability;               /* 1 or 0; -1: stays what it is */
	int64_t until;                  /* ms: of an absence, of a "not now"; 0 for none */
	const char *referral_name, *referral_address; /* who was named instead; NULL for none */
	const char *by;                 /* the brain's name, or "person" */
	const char *why;                /* one line, or NULL */
	const struct task *task;        /* that it is done for; NULL for none */
};

/* judge_put(db, j, err): 1 on record and acted on; 0 there is nothing to judge: not a person's mail of a lead; -1 (LP_DATA: no such class). */
int judge_put(struct lp_db *, const struct judgement *, struct lp_err *);

/* judge_apply(db, inbox, class, by, why, err): a person's word: counts whole, undoes what waits because of the class before, and acts at once. */
int judge_apply(struct lp_db *, int64_t inbox, const char *class, const char *by, const char *why, struct lp_err *);

/* judge_item: of a stage that does its own transactions: carries out the decision on record of a classify_reply task, and commits. */
int judge_item(struct stage *, struct env *, struct lp_err *);

#endif
