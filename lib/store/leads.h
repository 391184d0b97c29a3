/*
 * leads.h - people as prospects: taking them in, finding, changing, listing them.  Nothing here commits: whoever writes holds a transaction.
 * A lead travels as a JSON object with the members of view_lead (views.h).
 */
#ifndef LP_STORE_LEADS_H
#define LP_STORE_LEADS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

/* leads_find(db, which, &seq, err): a handle (l12), an e-mail address, a UUID, a LinkedIn profile or a phone number in E.164.
 * 0; -1 with LP_NO where there is none, LP_USAGE where it is a handle of another kind. */
int leads_find(struct lp_db *, const char *which, int64_t *seq, struct lp_err *);

enum lead_outcome { LEAD_NEW, LEAD_CHANGED, LEAD_SAME, LEAD_REFUSED };

struct lead_origin {
	const char *source;             /* where the data is from, as the law asks; a lead's own "source" comes first */
	const char *basis;              /* lawful basis; a lead's own "lawful_basis" comes first */
	const char *where;              /* for the log: "leads.csv:12" */
	const char *opt_out;            /* the column that says the person opted out, else NULL */
};

struct lead_put {
	enum lead_outcome outcome;
	int64_t seq;                    /* 0 where refused and unknown */
	char why[400];                  /* of a refusal */
};

/*
 * leads_put(db, lead, origin, put, err): take a normalised lead in (source/leadfile.h names its members).  Known is who has the e-mail
 * address, else the LinkedIn profile, else the phone number (unless both have an e-mail address: a number can be an office's); what the row says is
 * updated, what it is silent about stays.  Suppressed people are refused; one who opted out in the file is suppressed and refused.
 * 0 or -1; the outcome is in *put.
 */
int leads_put(struct lp_db *, const cJSON *lead, const struct lead_origin *, struct lead_put *, struct lp_err *);

/* leads_set(db, seq, field, value, err): one field, checked and normalised; an empty value clears it; "custom.NAME" (or an unknown name that
 * the lead has as a custom field) too. LP_USAGE for an unknown field (with the nearest), LP_DATA for a bad value. Logged without the value. */
int leads_set(struct lp_db *, int64_t seq, const char *field, const char *value, struct lp_err *);

/* leads_pause, leads_start: 1 done, 0 it was so already, -1 (LP_DATA: suppressed or forgotten). `reason` may be NULL. Logged. */
int leads_pause(struct lp_db *, int64_t seq, const char *reason, struct lp_err *);
int leads_start(struct lp_db *, int64_t seq, const char *reason, struct lp_err *);

/* leads_suppress, leads_unsuppress: every address of the lead's person. How many were new (were lifted: 0 or 1), or -1. */
int leads_suppress(struct lp_db *, int64_t seq, const char *reason, const char *source, struct lp_err *);
int leads_unsuppress(struct lp_db *, int64_t seq, const char *reason, struct lp_err *);

/* The lawful bases of GDPR, article 6. */
#define LEADS_BASES "legitimate_interest, consent, contract, legal_obligation, vital_interests, public_task"
bool leads_basis_ok(const char *);

/* leads_campaign(db, which, &seq, err): a campaign by name or handle; NULL gives 0. LP_NO for an unknown one. */
int leads_campaign(struct lp_db *, const char *which, int64_t *seq, struct lp_err *);

struct lead_filter {
	const char *status;             /* NULL: all but the forgotten */
	const char *campaign;           /* name or handle; NULL: any */
	int64_t limit;                  /* at most; 0: all */
	int64_t stale;                  /* ms: only those taken in before, to whom nothing was sent and who aren't suppressed; 0: any */
	bool consents;                  /* with what consents_show says */
};
/* leads_each(db, filter, fn, ctx, err): fn gets each lead as view_lead does, in order of seq; no statement is open meanwhile. It returns 0 to go on,
 * else the walk ends with that value. The tree is the walk's. LP_NO for an unknown campaign, LP_USAGE for an unknown status. */
typedef int lead_fn(const cJSON *, void *ctx);
int leads_each(struct lp_db *, const struct lead_filter *, lead_fn *, void *ctx, struct lp_err *);

/* leads_custom_names(db, err): the names of all custom fields, sorted, as an array. */
cJSON *leads_custom_names(struct lp_db *, struct lp_err *);

/* leads_story(db, seq, err): everything held of one lead: view_lead, and addresses, consents, enrolments, messages with their texts, replies, meetings,
 * tasks, decisions, approvals, verdicts, memories, notifications, suppressions and log, each an array. The right of access (GDPR, article 15). */
cJSON *leads_story(struct lp_db *, int64_t seq, struct lp_err *);

#endif
