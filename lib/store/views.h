/*
 * views.h - rows as the JSON that envelopes, rules and -j show.  Members whose column is NULL are left out; ids are handles
 * ("l12") with the UUID beside them.  One shape for all: what a rule sees is what `lp-leads show -j` prints.
 */
#ifndef LP_STORE_VIEWS_H
#define LP_STORE_VIEWS_H

#include <cjson/cJSON.h>
#include <stdint.h>

#include "store/db.h"

/* row_json(st): the current row. A column named "x{}" is JSON text, "x?" a boolean, else text or number. */
cJSON *row_json(sqlite3_stmt *);
/* rows_json: all rows as an array. */
cJSON *rows_json(struct lp_db *, sqlite3_stmt *, struct lp_err *);

/* NULL with err->kind LP_NO where there is no such row. */
cJSON *view_lead(struct lp_db *, int64_t lead, struct lp_err *);         /* all fields; custom as an object */
cJSON *view_campaign(struct lp_db *, int64_t campaign, struct lp_err *); /* id name status version goal */
cJSON *view_message(struct lp_db *, int64_t message, struct lp_err *);   /* id purpose step variant channel status account … no text */
cJSON *view_reply(struct lp_db *, int64_t inbox, struct lp_err *);       /* the mail a task is about: class sentiment text … */
/* view_counts(db, lead, err): sent, sent_to_company_today, since_reply, replies, days_since_last (missing where never). */
cJSON *view_counts(struct lp_db *, int64_t lead, struct lp_err *);

#endif
