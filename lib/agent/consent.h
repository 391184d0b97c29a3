/*
 * consent.h - does a person have to say yes first, and have they?
 */
#ifndef LP_AGENT_CONSENT_H
#define LP_AGENT_CONSENT_H

#include "store/config.h"
#include "store/messages.h"
#include "store/records.h"

/*
 * consent_judge(db, c, t, d, m, v, err): allow where no approval is asked for or a valid one binds exactly this content; else V_HOLD, for approval,
 * or to be mended where the campaign as a whole is to be approved first.  Asked for by: the configuration (require_approval_for, task types and
 * actions; a booking also where auto_book_meetings is off), the task, the decision (a brain's wish or low confidence).  Templated text is covered by the approval of its campaign version, up to the
 * number of leads that was approved; a text by a model or a person is approved one by one.  `m` NULL where nothing leaves: then v's content hash
 * is of the decision.  Fills v->verdict, hold, reason, content_hash.  Writes nothing.
 *
 * An answer (send_response) goes by itself only where the switch of its kind is on: auto_respond_to_positive for interested and meeting_request,
 * auto_respond_to_questions for question; to any other reply it never does.  Neither does it after RESPOND_TURNS_MAX automatic answers in a row in its
 * thread.  send_message in require_approval_for asks for it as well, but for a text that the approval of its campaign covers: then its lead was written to
 * already, and no number of leads is counted.
 */
int consent_judge(struct lp_db *, const struct lp_config *, const struct task *, const struct decision *, const struct message *,
    struct verdict_row *, struct lp_err *);

/* consent_hash(d, m, out): what a yes binds: the message's content, or, where there is none, the decision. */
void consent_hash(const struct decision *, const struct message *, char out[LP_HEX_SIZE]);

/* consent_automatic(db, t, m, err): does it leave without a person who wrote it or said yes to this very text? 1, 0, -1. */
int consent_automatic(struct lp_db *, const struct task *, const struct message *, struct lp_err *);

#endif
