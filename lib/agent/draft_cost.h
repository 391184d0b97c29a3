/*
 * draft_cost.h - what a text by a model costs, about: before any is written.
 */
#ifndef LP_AGENT_DRAFT_COST_H
#define LP_AGENT_DRAFT_COST_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

struct draft_cost {
	char brain[64];                 /* "anthropic:model"; "" where no model is there */
	double one;                     /* of one text, in the price list's currency */
};

/* draft_cost(db, def, brief, channel, answer, out, err): a guess, by the length of the brief, of our words and of what is usually known of a lead. 0, -1. */
int draft_cost(struct lp_db *, const cJSON *def, const char *brief, const char *channel, bool answer, struct draft_cost *, struct lp_err *);

#endif
