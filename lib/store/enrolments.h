/*
 * enrolments.h - leads in campaigns.  Version and account are bound when a lead is enrolled and stay: whoever wrote first, goes on
 * writing.  Nothing here commits; changes write their log rows.
 */
#ifndef LP_STORE_ENROLMENTS_H
#define LP_STORE_ENROLMENTS_H

#include <stddef.h>
#include <stdint.h>

#include "store/db.h"

struct enrolment {
	int64_t seq, campaign, lead, account;   /* account 0: the campaign has none to give yet */
	int version;
	char id[LP_UUID_SIZE];
	char status[12];                        /* enrolled active paused finished stopped */
	int64_t paused_until;                   /* ms: it goes on by itself then; 0: not paused, or until a person says so */
};

/* enrolment_get: 1, 0, -1. */
int enrolment_get(struct lp_db *, int64_t seq, struct enrolment *, struct lp_err *);
/* enrolment_again(e, now): when to look again at what waits for a paused one: when its pause is over, else in a day. */
int64_t enrolment_again(const struct enrolment *, int64_t now);

/*
 * enrol(db, campaign, lead, way, &seq, err): into the campaign's newest version, with one of its accounts, chosen by the seed and the
 * lead, each as often as its daily_limit is to the others'.  `way`: import, hand, rule, scout.  1 new; 0 it is in it already (whatever became of it); -1.  LP_DATA where the lead isn't
 * active (paused, replied, suppressed, …), is suppressed by a domain, has no address for the campaign's first step, may not come in that way
 * (entry), or the campaign is full (max_leads) or finished.
 */
int enrol(struct lp_db *, int64_t campaign, int64_t lead, const char *way, int64_t *seq, struct lp_err *);

/* enrolments_account(db, enrolment's campaign, version, lead, bound, channel, &account, err): from which account a step by that channel goes: the one bound to the lead where
 * it carries it, else the campaign's for that channel, always the same for the lead; 0 where it has none. 0, -1. */
int enrolments_account(struct lp_db *, int64_t campaign, int version, int64_t lead, int64_t bound, const char *channel, int64_t *account, struct lp_err *);

/* enrolments_bind(db, campaign, err): give an account to those that have none. Returns how many were bound, or -1. */
int enrolments_bind(struct lp_db *, int64_t campaign, struct lp_err *);

/* Stop what is enrolled, active or paused: of a lead, of a person in all their leads. Their open messages are superseded, their open
 * tasks cancelled. Returns how many enrolments stopped, or -1. */
int enrolments_stop_lead(struct lp_db *, int64_t lead, const char *reason, struct lp_err *);
int enrolments_stop_person(struct lp_db *, int64_t person, const char *reason, struct lp_err *);

/*
 * enrolments_pause_person(db, person, until, reason, err): nothing of what is enrolled or active leaves before `until` (ms); its messages keep their
 * order. What is paused for longer, or until a person says so, stays so. Returns how many were paused, or -1.
 * enrolments_resume: those whose pause is over go on. Returns how many, or -1.
 */
int enrolments_pause_person(struct lp_db *, int64_t person, int64_t until, const char *reason, struct lp_err *);
int enrolments_resume(struct lp_db *, struct lp_err *);

/* enrolments_to_plan(db, limit, &seqs, &n, err): of running campaigns, with an active lead and account, oldest first; the caller frees.
 * enrolments_planned_since: how many were planned from then on: what max_leads_per_day counts at this end. */
int enrolments_to_plan(struct lp_db *, size_t limit, int64_t **seqs, size_t *n, struct lp_err *);
int enrolments_planned_since(struct lp_db *, int64_t since, int64_t *n, struct lp_err *);
/* enrolment_planned: its messages are planned: active from now on. */
int enrolment_planned(struct lp_db *, int64_t seq, struct lp_err *);
/* enrolment_finish: where nothing planned, due or unknown is left of an active one. 1 finished, 0, -1. */
int enrolment_finish(struct lp_db *, int64_t seq, struct lp_err *);

#endif
