/*
 * approval_whole.h - a campaign as it is approved as a whole: all that its newest version binds, as text and as JSON.
 */
#ifndef LP_SHOW_APPROVAL_WHOLE_H
#define LP_SHOW_APPROVAL_WHOLE_H

#include <cjson/cJSON.h>
#include <stdint.h>

#include "base/id.h"
#include "base/mem.h"
#include "store/db.h"

struct whole {
	cJSON *def, *row;       /* its definition; campaigns_json()'s array of one */
	cJSON *old;             /* the definition approved last before this, or NULL */
	char *foot;             /* under the first mail to the lead `foot_lead`, which footer.h makes; NULL for none */
	int64_t foot_lead;
	int64_t seq, leads;     /* leads: how many a yes is for, by its max_leads */
	int version, before;    /* before: of `old`; 0 for none */
	char hash[LP_HEX_SIZE];
};
/* whole_load: 0 or -1; whole_clear frees. */
int whole_load(struct lp_db *, int64_t campaign, struct whole *, struct lp_err *);
void whole_clear(struct whole *);

/* whole_text: name, version, leads, hash, then the definition as its file has it, the foot that
 * comes under its mails, and what it changes against the one approved before. */
void whole_text(struct buf *, const struct whole *);
cJSON *whole_json(const struct whole *);

#endif
