/*
 * campaign_text.h - what a campaign says to one lead: the one function by which preview, check and lp-draft come to the same text.
 */
#ifndef LP_CAMPAIGN_CAMPAIGN_TEXT_H
#define LP_CAMPAIGN_CAMPAIGN_TEXT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/campaigns.h"
#include "store/db.h"

/* campaign_pick(db, campaign, step, lead): the variant of this step that the lead gets, now and for ever; belongs to `step`. */
const struct campaign_variant *campaign_pick(struct lp_db *, int64_t campaign, const struct campaign_step *, int64_t lead);

struct campaign_text_for {
	int64_t campaign;
	int version, step;
	int64_t lead, account;          /* account 0: none yet */
	const char *variant;            /* as chosen before (messages.variant); NULL or "": choose */
	const char *body;               /* a text in place of the variant's, as a template rule has it; NULL */
};

struct campaign_text {
	char channel[12], variant[32];
	bool same_thread;               /* no subject of its own: the thread's */
	char *subject;                  /* NULL with same_thread and on the phone */
	char *body;                     /* NULL where there is a brief */
	char *template;                 /* of whatsapp, JSON as message_texts.template; NULL for none. With it alone the body shows it */
	char *brief;                    /* for a model to write from; not filled in */
};

/*
 * campaign_text(db, who, text, err): 1, campaign_text_clear frees; 0 no such step or variant; -1: LP_DATA where a merge field has neither value nor
 * fallback, all named: "subject: no value and no fallback for 'company'" (*text then has channel and variant). Writes nothing.
 */
int campaign_text(struct lp_db *, const struct campaign_text_for *, struct campaign_text *, struct lp_err *);
void campaign_text_clear(struct campaign_text *);

/* campaign_fill(db, who, &body, err): a text that is no step's: who->body with the lead's fields; who->variant says what it is; campaign and version may be
 * 0. 0 and *body, the caller frees; -1: LP_DATA as above. */
int campaign_fill(struct lp_db *, const struct campaign_text_for *, char **body, struct lp_err *);

/* campaign_store(db, def, move, put, err): a definition (campaign_def.h) into the database, as campaign_put does. */
int campaign_store(struct lp_db *, const cJSON *def, bool move, struct campaign_put *, struct lp_err *);

#endif
