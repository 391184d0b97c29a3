/*
 * phone.h - what who composes and judges must know of telephone accounts.
 */
#ifndef LP_CHANNEL_PHONE_H
#define LP_CHANNEL_PHONE_H

#include <cjson/cJSON.h>

#include "base/err.h"
#include "channel/channel.h"

#define PHONE_SEGMENTS 3          /* of an SMS, where max_sms_segments says nothing */

/* phone_blame(kind, code): whose fault a code of the service is, as it comes in the answer or later in a status. */
enum channel_blame phone_blame(const char *kind, int code);

/* phone_template_ok(template, kind, err): can this be a template's name, language and parameters for that kind of account? LP_DATA. */
int phone_template_ok(const cJSON *template, const char *kind, struct lp_err *);

#endif
