/*
 * respond.h - what a reply can be answered with, to whom, and whether it may be answered at all.
 *
 * Recipient, account, thread, subject and text come from rows and the campaign's templates, never from what the reply says.
 */
#ifndef LP_AGENT_RESPOND_H
#define LP_AGENT_RESPOND_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "campaign/answers.h"
#include "store/inbox.h"
#include "store/lead_row.h"
#include "store/records.h"
#include "store/threads.h"

#define RESPOND_TURNS_MAX 2     /* automatic answers in a row in a thread; then a person looks */

struct respond {
	struct inbox_message in;
	struct thread thread;           /* seq 0: it is in none of ours */
	int64_t campaign;
	int version;                    /* the campaign's newest; 0 without campaign */
	cJSON *def;                     /* its definition: after respond_match; NULL without campaign */
	struct answer_match match;      /* of what it asks: after respond_match */
};

/* respond_load(db, inbox, campaign, r, err): the rows: 1, 0 no such reply, -1. respond_clear frees. */
int respond_load(struct lp_db *, int64_t inbox, int64_t campaign, struct respond *, struct lp_err *);
void respond_clear(struct respond *);
/* respond_match(db, r, lead, err): the campaign's definition, and which of its answers fits. 0, -1. */
int respond_match(struct lp_db *, struct respond *, int64_t lead, struct lp_err *);

/*
 * respond_bar(db, r, &why, err): what forbids any answer, whoever wants it: 1 and why (the caller frees): nobody wrote it, a newer reply came in;
 * 0; -1.
 */
int respond_bar(struct lp_db *, const struct respond *, char **why, struct lp_err *);
/* respond_lead_bars(status): is a lead of this status never answered? */
bool respond_lead_bars(const char *status);

/* respond_tell(r, situation): adds "answer" {number, score, sure, why}, "responses" [classes], "thread" {auto_turns}: what a brain needs. */
void respond_tell(const struct respond *, cJSON *situation);

/*
 * respond_choose(r, d): a decision to send a response gets its text's name, and only that: data {"answer","score"} or {"response"} with the campaign's
 * "version", or a template rule's {"template"}; confidence no more than the class's and the answer's. A decision that asks for a written answer
 * (data "written") gets the response to such a reply where that is a brief, else what it would have got. Where there is no text for it, it
 * becomes escalate, with the reason.
 */
void respond_choose(const struct respond *, struct decision *);

/* respond_text(def, data): the template that a decision's data (JSON text) names; the caller frees. NULL where it isn't there (any more).
 * *by_rule: it is a rule's own text, whole. respond_version(data): 0 for none. */
char *respond_text(const cJSON *def, const char *data, bool *by_rule);
int respond_version(const char *data);
/* respond_brief(def, data): what a model is to write that response from, where it is no template; the caller frees; NULL. */
char *respond_brief(const cJSON *def, const char *data);

/* respond_address(db, in, lead, &to, err): where an answer goes: to the address it came from where that is known as the lead's person's, else to the
 * lead's own. The caller frees; NULL where there is none. 0, -1; LP_DATA where it is one of ours. */
int respond_address(struct lp_db *, const struct inbox_message *, const struct lead_row *, char **to, struct lp_err *);

/* respond_subject(in, first): "Re: " and its subject, or, where that is gone or has a link in it, the thread's `first`. The caller frees; NULL where
 * there is neither. */
char *respond_subject(const struct inbox_message *, const char *first);

/* respond_link(text, allowed): the first link in a text that isn't part of `allowed` (NULL-terminated texts) as well; the caller frees; NULL. */
char *respond_link(const char *text, const char *const *allowed);

#endif
