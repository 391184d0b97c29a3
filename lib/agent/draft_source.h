/*
 * draft_source.h - all that a text is written from: the brief, the campaign's manner, what is known of this one lead, what was written so far.
 */
#ifndef LP_AGENT_DRAFT_SOURCE_H
#define LP_AGENT_DRAFT_SOURCE_H

#include "agent/draft_check.h"
#include "agent/draft_int.h"
#include "agent/prompt_write.h"

struct draft_source {
	char inputs[LP_HEX_SIZE];       /* the hash of it: equal means that nothing would be written otherwise */
	struct prompt prompt;
	struct draft_rules rules;       /* its strings are below */
	char *ours, *company, *instructions, *over, *under;
	char fence[32];
};

/*
 * draft_source_load(w, m, text, x, err): from the rows alone, never from the line: the lead's fields without their addresses, its own memories, the mails between us. 0,
 * draft_source_clear frees; -1, LP_DATA where what stands around the text can't be filled in.
 */
int draft_source_load(struct work *, const struct message *, const struct campaign_text *, struct draft_source *, struct lp_err *);
void draft_source_clear(struct draft_source *);

/* draft_source_frame(x, body): as it goes out: under the greeting and over closing or footer. The caller frees. */
char *draft_source_frame(const struct draft_source *, const char *body);

#endif
