/*
 * classifying.h - the classifier with what people of this file have said of replies, and its opinion as JSON.
 */
#ifndef LP_AGENT_CLASSIFYING_H
#define LP_AGENT_CLASSIFYING_H

#include <cjson/cJSON.h>

#include "llm/classify.h"
#include "store/db.h"

/* classifier_of(db, err): a classifier that has learnt the file's corrections (store/corrections.h); db may be NULL: none. NULL with *err set
 * where they can't be read. The caller frees. A few milliseconds: once a run. */
struct classifier *classifier_of(struct lp_db *, struct lp_err *);

/*
 * classified_json(c): {"classification","confidence","sentiment","mentions_availability","reasons":[...]}, with "until" (ISO 8601, UTC) and
 * "referral":{"name","address"} where there is such a thing. The confidence has two decimals. The caller deletes it.
 */
cJSON *classified_json(const struct classified *);

/*
 * classify_line(c, line, size, now, &situation, err): a line {"subject","text","original"} as it came, quoted mail, signatures and what no reader sees
 * still in it: taken out, and the rest classified. NULL with LP_DATA: what is wrong with the line. *situation (may be NULL), the caller's, is
 * {"reply":{...}}: what was classified.
 */
cJSON *classify_line(const struct classifier *, const char *, size_t, int64_t now, cJSON **situation, struct lp_err *);

#endif
