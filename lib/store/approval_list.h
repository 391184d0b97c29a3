/*
 * approval_list.h - approvals to look at: what is asked for, and all that one should see before saying yes.
 */
#ifndef LP_STORE_APPROVAL_LIST_H
#define LP_STORE_APPROVAL_LIST_H

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>

#include "store/db.h"

/* approvals_list(db, campaign, limit, &seqs, &n, err): those one can say yes to: open, not over, their task waiting for them; of a campaign or
 * (0) of all. The most urgent task first, then the oldest. The caller frees. */
int approvals_list(struct lp_db *, int64_t campaign, int64_t limit, int64_t **seqs, size_t *n, struct lp_err *);

/* approvals_find(db, word, &seq, err): a handle or a UUID of an approval; or the handle of a task or a message: its open one, else its last.
 * 1, 0 none, -1. */
int approvals_find(struct lp_db *, const char *word, int64_t *seq, struct lp_err *);

/*
 * approval_json(db, seq, err): id uuid kind status reason task_id task_type lead_id message_id campaign_id campaign version max_leads
 * content_hash rules [] created_at expires_at decided_by decided_at comment; `changed` where the message isn't any more what was asked about;
 * decision {action reasoning confidence brain}, lead {}, message {} with its text, reply {}: the mail it answers. NULL (LP_NO: none such).
 */
cJSON *approval_json(struct lp_db *, int64_t seq, struct lp_err *);

/* approval_of_campaign(db, campaign, &version, hash, err): the newest version and what an approval of it binds: 1, 0, -1.
 * approval_before(db, campaign, version, &before, err): the newest version before it that was approved: 1, 0 none, -1. */
int approval_of_campaign(struct lp_db *, int64_t campaign, int *version, char hash[LP_HEX_SIZE], struct lp_err *);
int approval_before(struct lp_db *, int64_t campaign, int version, int *before, struct lp_err *);

#endif
