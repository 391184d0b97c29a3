/*
 * typed.h - a text that a person types for a message: in an editor, or given whole.
 */
#ifndef LP_AGENT_TYPED_H
#define LP_AGENT_TYPED_H

#include <cjson/cJSON.h>

#include "base/err.h"

struct typed {
	char *file;             /* as edited: subject line and body; NULL where no editor was used */
	char *subject, *body;   /* of typed_read */
};
void typed_clear(struct typed *);

/* typed_edit(t, draft, editor, dir, err): the draft {"subject","body","drafted"}, or what was typed before, in an editor. 0; -1, LP_NO where it was left as it was
 * (but for a draft of the agent's: leaving it is a word too). */
int typed_edit(struct typed *, const cJSON *draft, const char *editor, const char *dir, struct lp_err *);
/* typed_read(t, draft, err): subject and body, of what was typed, else of the draft's body, which may begin as an edited one does. 0; -1 as
 * approval_draft_read. */
int typed_read(struct typed *, const cJSON *draft, struct lp_err *);

#endif
