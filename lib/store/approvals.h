/*
 * approvals.h - what was shown to whom and what they said.  An approval binds a content hash: what changed since needs a new one.
 * Nothing here commits; each change has its log row (log_type approval).
 */
#ifndef LP_STORE_APPROVALS_H
#define LP_STORE_APPROVALS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/records.h"

/*
 * approvals_valid(db, task, content_hash, err): 1 where an approved, unexpired approval of this task binds exactly this content and
 * the time is inside its window; 0; -1.
 */
int approvals_valid(struct lp_db *, const struct task *, const char *content_hash, struct lp_err *);
/* approvals_rule_shown(db, task, content_hash, rule, version, err): 1 where the valid approval was given in sight of this rule and version. */
int approvals_rule_shown(struct lp_db *, const struct task *, const char *content_hash, int64_t rule, int version, struct lp_err *);
/*
 * approvals_campaign_valid(db, campaign, version, &max_leads, err): 1 where this version is approved as a whole: the approval's hash equals
 * the version's now. *max_leads is the most leads it covers.
 */
int approvals_campaign_valid(struct lp_db *, int64_t campaign, int version, int64_t *max_leads, struct lp_err *);

/*
 * approvals_open(db, task, decision, verdict, err): ask for one: supersedes an older open one of the task; binds decision, content and
 * the rules of the verdict; expires by approval_expires of the configuration; opens a notification. Called by settle.
 */
int approvals_open(struct lp_db *, const struct task *, const struct decision *, const struct verdict_row *, struct lp_err *);
/* approvals_expire(db, err): called by `lp-enqueue due`: open ones past their time become expired, their tasks cancelled (expired), their
 * messages expired; a notice goes out a quarter of the time before. Returns how many expired, or -1. */
int approvals_expire(struct lp_db *, struct lp_err *);

/* approval_yes(db, approval, by, comment, err): approved, and the task pending at once. approval_no: the task cancelled (rejected), its message
 * rejected, for good. 1; 0 where it isn't open any more, its time is over or its task doesn't wait for it: roll back; -1. */
int approval_yes(struct lp_db *, int64_t approval, const char *by, const char *comment, struct lp_err *);
int approval_no(struct lp_db *, int64_t approval, const char *by, const char *comment, struct lp_err *);
/* approval_edit: new text, new hash, and approved as edited. */
int approval_edit(struct lp_db *, int64_t approval, const char *subject, const char *body, const char *by, struct lp_err *);
/* approval_by_hand(db, task, decision, verdict, by, err): who wrote the text has said yes to it, having seen the verdict's rules: given at once, for
 * approval_expires from now on. */
int approval_by_hand(struct lp_db *, const struct task *, const struct decision *, const struct verdict_row *, const char *by, struct lp_err *);
/* approval_campaign(db, campaign, version, max_leads, by, comment, err): approve a version as a whole. */
int approval_campaign(struct lp_db *, int64_t campaign, int version, int64_t max_leads, const char *by, const char *comment, struct lp_err *);

#endif
