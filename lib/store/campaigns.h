/*
 * campaigns.h - campaigns, their versions, steps and variants.  Nothing here commits; changes write their log rows.
 */
#ifndef LP_STORE_CAMPAIGNS_H
#define LP_STORE_CAMPAIGNS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/db.h"

/* campaigns_find(db, word, &seq, err): a handle (c3), a UUID or a name: 1; 0 no such campaign; -1. */
int campaigns_find(struct lp_db *, const char *word, int64_t *seq, struct lp_err *);

/* A step's text as a version has it. campaign_text_clear frees. */
struct campaign_variant {
	char id[32];
	int weight;
	char *subject, *body, *brief;   /* subject NULL: same thread; exactly one of body and brief */
};
struct campaign_step {
	int step;
	char channel[12];
	char delay[64];
	bool same_thread;
	struct campaign_variant *variants;
	size_t nvariants;
};
/* campaign_step_get(db, campaign, version, step, s, err): with its variants by id: 1, 0 no such step, -1. */
int campaign_step_get(struct lp_db *, int64_t campaign, int version, int step, struct campaign_step *, struct lp_err *);
void campaign_step_clear(struct campaign_step *);

/* campaign_definition: a version's definition, as loaded; the caller frees. NULL with err set. */
cJSON *campaign_definition(struct lp_db *, int64_t campaign, int version, struct lp_err *);
/* campaign_status(db, campaign, status, err): draft running paused finished into `status`: 1, 0, -1. campaign_name: caller frees. */
int campaign_status(struct lp_db *, int64_t campaign, char status[12], struct lp_err *);
int campaign_name(struct lp_db *, int64_t campaign, char **name, struct lp_err *);

#endif
