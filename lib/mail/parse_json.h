/*
 * parse_json.h - an incoming message as JSON, the one shape in which it is shown: lp-read(1) says what its members are.
 */
#ifndef LP_MAIL_PARSE_JSON_H
#define LP_MAIL_PARSE_JSON_H

#include <stdint.h>

#include "base/json.h"
#include "mail/parse.h"

/* mail_json(m, now): the caller frees it with cJSON_Delete. `now` (ms) is what "until Monday" is counted from. */
cJSON *mail_json(const struct mail_in *, int64_t now);

#endif
