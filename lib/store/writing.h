/*
 * writing.h - what a text is written from that no other module has: what was written so far, and whose data must not be in it.  Reads alone.
 */
#ifndef LP_STORE_WRITING_H
#define LP_STORE_WRITING_H

#include <cjson/cJSON.h>
#include <stdint.h>

#include "store/db.h"

/* writing_story(db, lead, but, limit, err): the last mails between us and the lead, the oldest first, without inbox message `but`: an array of {"ours":bool,"at",
 * "subject","text"}; NULL on failure. */
cJSON *writing_story(struct lp_db *, int64_t lead, int64_t but, int limit, struct lp_err *);

/*
 * writing_others(db, text, lead, err): what is another lead's and stands in the text: full names, companies (of several words or eight bytes), own columns and
 * memories of some length. An array of texts, at most 20; NULL on failure. The text is one line. Not another lead: the same person twice.
 */
cJSON *writing_others(struct lp_db *, const char *text, int64_t lead, struct lp_err *);

/* writing_refused(db, task, &n, err): how often a text for this task was held by the writer. */
int writing_refused(struct lp_db *, int64_t task, int64_t *n, struct lp_err *);

#endif
