/*
 * outbox.h - the wire's record: one row a message, committed before anything is sent.  States and who moves them: DESIGN of the
 * queue in lp-send(1).  Nothing here commits.
 */
#ifndef LP_STORE_OUTBOX_H
#define LP_STORE_OUTBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mailbox.h"
#include "store/db.h"
#include "store/messages.h"
#include "store/tasks.h"

enum outbox_state { OUT_NONE, OUT_RESERVED, OUT_SENT, OUT_DEFERRED, OUT_REFUSED, OUT_UNKNOWN };

struct outbox {
	int64_t message, task, account, lead, person, campaign; /* campaign 0: none */
	enum outbox_state state;
	int tries, code;
	char *recipient, *response;
	char *status, *service_id;      /* the finer answer; the service's name for it; NULL */
	char content_hash[LP_HEX_SIZE];
	int64_t reserved_at, next_try_at, sent_at;
	int64_t deferred_since;         /* the first of its deferrals in a row; 0: none that counts */
	char returned[12];              /* what came back of it (store/returns.h); "" */
};
void outbox_clear(struct outbox *);
const char *outbox_state_name(enum outbox_state);

/* outbox_get(db, message, o, err): 1, 0 (state OUT_NONE), -1. */
int outbox_get(struct lp_db *, int64_t message, struct outbox *, struct lp_err *);

/* outbox_bulk(db, account, recipient, &provider, sender, err): the provider that counts what our domain sends to it (a literal; NULL where none does), and that domain.
 * 0 or -1. */
int outbox_bulk(struct lp_db *, int64_t account, const char *recipient, const char **provider, char sender[MAILBOX_ORG_SIZE], struct lp_err *);

/* outbox_reserve(db, t, m, recipient, redo, err): the row, reserved now: new, or a deferred or (where redo is safe) reserved one again under the
 * same Message-ID. LP_BUG where it is in any other state: the caller looked before. */
int outbox_reserve(struct lp_db *, const struct task *, const struct message *, const char *recipient, bool redo, struct lp_err *);
/* outbox_died(db, task, err): its run fell silent. What it had reserved, on a channel that can't be asked, is unknown from now on, whatever becomes of the task:
 * 1, 0 there is nothing of the kind, -1. */
int outbox_died(struct lp_db *, int64_t task, struct lp_err *);

/* What came of one. Zero, or NULL, where there is nothing. */
struct outbox_result {
	enum outbox_state state;
	int code;
	const char *status, *response, *service_id;
	int64_t next_try;               /* of OUT_DEFERRED, ms */
	bool ours;                      /* of OUT_DEFERRED: our fault, so that it doesn't count among the days of trying */
};
/*
 * outbox_record(db, message, result, err): what came of it. OUT_SENT marks the message sent (message_sent) and logs
 * it; OUT_REFUSED ends the message; OUT_UNKNOWN marks it and opens a notification, which whatever is known later closes; OUT_DEFERRED keeps it for next_try.
 * Returns 1; 0 where the row isn't reserved (or unknown, for a person's or a proof's word; or deferred, where it was sent after all), which the log
 * tells where the row says otherwise; -1.
 */
int outbox_record(struct lp_db *, int64_t message, const struct outbox_result *, struct lp_err *);

/* outbox_unknown(db, since, &seqs, &n, err): the messages reserved since (ms) of which it isn't known whether they left, the oldest first, at most 100. The caller
 * frees. 0, -1. */
int outbox_unknown(struct lp_db *, int64_t since, int64_t **seqs, size_t *n, struct lp_err *);

/* How much was sent or may have been since `since` (ms): rows reserved, sent or unknown. 0 for "any" in an id. */
struct outbox_used {
	int64_t agent, account, lead, company, first_contacts, campaign;
};
/* outbox_used: agent, account (its own day), company and first contacts count from the given instants; lead is ever. */
int outbox_used(struct lp_db *, int64_t account, int64_t lead, const char *company_key, int64_t agent_since, int64_t account_since,
    struct outbox_used *, struct lp_err *);
/* outbox_since(db, since, &n, err): how many were reserved since, and left or may have. */
int outbox_since(struct lp_db *, int64_t since, int64_t *n, struct lp_err *);
/* Limits over a time that slides. outbox_nth(db, account, n, since, &at, err): when the n-th last message of an account (0: of all) was reserved: for a limit of n,
 * that one's time must be over. It may be before `since` (ms), and isn't looked for further back than need be. 1, 0 there were fewer since, -1. */
int outbox_nth(struct lp_db *, int64_t account, int64_t n, int64_t since, int64_t *at, struct lp_err *);
/* outbox_last(db, account, but, &at, err): when anything of the account was last on the wire, whatever came of it, but for one message: 1, 0 never, -1. */
int outbox_last(struct lp_db *, int64_t account, int64_t but, int64_t *at, struct lp_err *);
/* outbox_to_provider(db, sender, provider, since, most, &n, err): what an organisational domain of ours sent to a provider since, counted up to `most`. */
int outbox_to_provider(struct lp_db *, const char *sender, const char *provider, int64_t since, int64_t most, int64_t *n, struct lp_err *);
/* bulk_sender(db, sender, provider, err): is it one for ever? 1, 0, -1. bulk_sender_add: from now on: 1, 0 it was, -1. */
int bulk_sender(struct lp_db *, const char *sender, const char *provider, struct lp_err *);
int bulk_sender_add(struct lp_db *, const char *sender, const char *provider, struct lp_err *);
/* outbox_campaign_began(db, lead, campaign, err): 1 where the lead was begun with (delivered or not) and so is one of outbox_campaign_leads. */
int outbox_campaign_began(struct lp_db *, int64_t lead, int64_t campaign, struct lp_err *);
/* outbox_campaign_leads: leads of that version that were written to, or may have been. */
int outbox_campaign_leads(struct lp_db *, int64_t campaign, int version, int64_t *n, struct lp_err *);

#endif
