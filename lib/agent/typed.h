/*
 * typed.h - a text that a person types for a message: in an editor, or given whole; and the file that an editor gets.
 */
#ifndef LP_AGENT_TYPED_H
#define LP_AGENT_TYPED_H

#include <cjson/cJSON.h>

#include "base/err.h"

/* typed_file(message): the text as a file to edit: where it has a subject, that as a first line "Subject: …" and an empty one; then the body.
 * The caller frees. */
char *typed_file(const cJSON *message);
/* typed_file_read(text, message, &subject, &body, err): back again; the caller frees both; subject is NULL where `message` has none.
 * 0; LP_DATA: no subject line, an empty subject or body, control characters, not UTF-8. */
int typed_file_read(const char *, const cJSON *message, char **subject, char **body, struct lp_err *);
/* typed_file_put(approval, text, err): what was edited, in the place of the text that was asked about, to show it. As typed_file_read. */
int typed_file_put(cJSON *approval, const char *text, struct lp_err *);

struct typed {
	char *file;             /* as edited: subject line and body; NULL where no editor was used */
	char *subject, *body;   /* of typed_read */
};
void typed_clear(struct typed *);

/* typed_edit(t, draft, editor, dir, err): the draft {"subject","body","drafted"}, or what was typed before, in an editor. 0; -1, LP_NO where it was left as it was
 * (but for a draft of the agent's: leaving it is a word too). */
int typed_edit(struct typed *, const cJSON *draft, const char *editor, const char *dir, struct lp_err *);
/* typed_read(t, draft, err): subject and body, of what was typed, else of the draft's body, which may begin as an edited one does. 0; -1 as
 * typed_file_read. */
int typed_read(struct typed *, const cJSON *draft, struct lp_err *);

#endif
