/* preview_int.h - what the two halves of the preview share. */
#ifndef LP_SHOW_PREVIEW_INT_H
#define LP_SHOW_PREVIEW_INT_H

#include <stdbool.h>

#include "campaign/campaign_def.h"
#include "rules/ruleset.h"
#include "sender/when.h"
#include "store/accounts.h"
#include "store/campaigns.h"
#include "store/config.h"

struct pv_message {
	size_t lead;            /* index */
	int64_t due, at;        /* 0: not known (yet) */
	int64_t seq;            /* 0: isn't there yet */
	int64_t account;        /* 0: none yet */
	int step;
	bool fixed;             /* its time is a row's */
	bool held;              /* something keeps it from leaving at its time: those after it wait */
	char status[12], variant[32];
	char *subject, *body;   /* as stored; NULL: to be filled in */
};

struct pv_lead {
	struct campaign_lead row;
	struct when when;
	bool when_loaded;
	size_t first;           /* its messages, by step, in pv.message */
	int steps;
};

struct preview {
	struct lp_db *db;
	struct lp_config config;
	int64_t campaign, now;
	struct pv_lead *lead;
	size_t nleads;
	struct pv_message *message;
	size_t nmessages;
	struct account *account; /* those that write to them */
	size_t naccounts;
	struct ruleset *rules;
	int counted_version, counted_steps; /* the last version whose steps were counted */
};

/* preview_accounts(p, err): each message's account, all of them loaded: from then on none moves. preview_account(p, seq): that account; NULL for none. */
int preview_accounts(struct preview *, struct lp_err *);
const struct account *preview_account(const struct preview *, int64_t seq);

/* preview_rules(p, m, o, holds, err): what the rules, as they are now, would say of message `o` at its time, into `holds`. 0 or -1. */
int preview_rules(struct preview *, const struct pv_message *, const cJSON *o, cJSON *holds, struct lp_err *);

/* preview_brief(p, version, o, holds, err): message `o` is a brief: what a model's text costs about, as "estimate", or in what holds it. 0 or -1. */
int preview_brief(struct preview *, int version, cJSON *o, cJSON *holds, struct lp_err *);

/* preview_held(p, m, err): would its text, its lead or a rule keep it from leaving? 1, 0, -1. */
int preview_held(struct preview *, const struct pv_message *, struct lp_err *);

/* preview_times(p, err): give every message that has no time of its own one. 0 or -1. */
int preview_times(struct preview *, struct lp_err *);

#endif
