/*
 * approval_text.h - what is to be approved, as people read it on a terminal.
 */
#ifndef LP_SHOW_APPROVAL_TEXT_H
#define LP_SHOW_APPROVAL_TEXT_H

#include <cjson/cJSON.h>

#include "base/err.h"
#include "base/mem.h"

/* approval_text(out, approval, zone): approval_json() whole: why it is asked, by which rules, the decision, the lead, the mail it answers, the
 * message. Instants on the clock of `zone`. What others wrote can't do anything to the terminal. */
void approval_text(struct buf *, const cJSON *approval, const char *zone);

#endif
