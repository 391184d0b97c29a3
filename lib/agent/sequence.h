/*
 * sequence.h - a campaign's steps as a lead's messages: which variant, which text.  What preview shows and what lp-draft stores come
 * from here, so they are the same to the byte.
 */
#ifndef LP_AGENT_SEQUENCE_H
#define LP_AGENT_SEQUENCE_H

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>

#include "store/accounts.h"
#include "store/campaigns.h"
#include "store/config.h"
#include "store/db.h"

/* sequence_variant(seed, campaign, step, lead): the variant that this lead gets of a step, by weight and seed. NULL where the step has none. */
const struct campaign_variant *sequence_variant(const char *seed, int64_t campaign, const struct campaign_step *, int64_t lead);

struct sequence_text {
	char *subject;                  /* NULL where the channel has none */
	char *body;                     /* with the campaign's footer */
};
void sequence_text_clear(struct sequence_text *);

struct sequence_for {
	const cJSON *definition;        /* of the campaign's version */
	int64_t campaign, lead;
	const cJSON *lead_view;         /* view_lead */
	const struct account *account;
	const struct lp_config *config;
	const char *thread_subject;     /* of the thread's first message, for a step without one; NULL */
};
/*
 * sequence_render(seed, f, step, variant, out, err): the text.  0; -1 with LP_DATA where a merge field can't be filled, the variant is a brief
 * for a model, or the text came out empty: the message is to be held with that reason.
 */
int sequence_render(const char *seed, const struct sequence_for *, const struct campaign_step *, const struct campaign_variant *,
    struct sequence_text *out, struct lp_err *);

#endif
