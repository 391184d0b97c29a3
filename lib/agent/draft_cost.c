#include "agent/draft_cost.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/prompt_write.h"
#include "campaign/campaign_def.h"
#include "store/config.h"

enum { KNOWN = 3000 }; /* bytes of a lead's facts, memories and mails, and of what explains them */

int
draft_cost(struct lp_db *db, const cJSON *def, const char *brief, const char *channel, bool answer, struct draft_cost *out, struct lp_err *err)
{
	struct prompt_writing p = { .brief = brief, .channel = channel, .is_answer = answer, .with_subject = !answer };
	struct campaign_writing w;
	struct config_models c;
	char *words;
	double in;

	*out = (struct draft_cost){ 0 };
	if (config_models(db, &c, err) == -1)
		return -1;
	if (strcmp(c.first.provider, "offline") != 0) {
		campaign_writing(def, channel, answer, &w);
		p.max_words = w.max_words;
		words = prompt_write_words(&p);
		in = (double)(strlen(words) + strlen(brief) + KNOWN) / 4; /* a token is about four bytes */
		free(words);
		/* and a word about one and a half, with the form of the answer */
		out->one = (in * c.first.price_in + (1.5 * w.max_words + 40) * c.first.price_out) / 1e6;
		snprintf(out->brain, sizeof(out->brain), "%.20s:%.42s", c.first.provider, c.first.model != NULL ? c.first.model : "");
	}
	config_models_clear(&c);
	return 0;
}
