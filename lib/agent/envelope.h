/*
 * envelope.h - a claimed task as the line that travels through the pipeline (lp-envelope(5)).  A view of rows: stages read the rows.
 */
#ifndef LP_AGENT_ENVELOPE_H
#define LP_AGENT_ENVELOPE_H

#include <cjson/cJSON.h>
#include <stdint.h>

#include "store/db.h"

/* envelope_new(db, task, err): {"task","lead","campaign","message","reply"}, those that the task has. NULL on failure. */
cJSON *envelope_new(struct lp_db *, int64_t task, struct lp_err *);

#endif
