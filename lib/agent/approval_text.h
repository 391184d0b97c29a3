/*
 * approval_text.h - what is to be approved, as people read it on a terminal, and the text of a message as they edit it.
 */
#ifndef LP_AGENT_APPROVAL_TEXT_H
#define LP_AGENT_APPROVAL_TEXT_H

#include <cjson/cJSON.h>

#include "base/err.h"
#include "base/mem.h"

/* approval_text(out, approval, zone): approval_json() whole: why it is asked, by which rules, the decision, the lead, the mail it answers, the
 * message. Instants on the clock of `zone`. What others wrote can't do anything to the terminal. */
void approval_text(struct buf *, const cJSON *approval, const char *zone);

/* text_safe(out, s, indent): s, each line behind `indent` and ended; control characters, and those that turn the direction of writing, as '?'. */
void text_safe(struct buf *, const char *s, const char *indent);

/* approval_draft(message): the text as a file to edit: where it has a subject, that as a first line "Subject: …" and an empty one; then the body.
 * The caller frees. */
char *approval_draft(const cJSON *message);
/* approval_draft_read(text, message, &subject, &body, err): back again; the caller frees both; subject is NULL where `message` has none.
 * 0; LP_DATA: no subject line, an empty subject or body, control characters, not UTF-8. */
int approval_draft_read(const char *, const cJSON *message, char **subject, char **body, struct lp_err *);
/* approval_draft_put(approval, text, err): what was edited, in the place of the text that was asked about, to show it. As approval_draft_read. */
int approval_draft_put(cJSON *approval, const char *text, struct lp_err *);

#endif
