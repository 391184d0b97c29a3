/*
 * situation.h - what a rule can see: the one table of fields, with their types.
 *
 * A situation is a JSON object whose members are the roots below.  A condition names a field by its dotted path; elements of a
 * list by number (lead.tags.0).  Roots that end in ".*" are open: what the operator imports or a decision carries.
 */
#ifndef LP_RULES_SITUATION_H
#define LP_RULES_SITUATION_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/err.h"

enum sf_type { SF_ANY, SF_TEXT, SF_NUM, SF_BOOL, SF_TIME, SF_ENUM, SF_LIST };

enum sf_root {
	SR_ACTION = 1,
	SR_DATA = 2,
	SR_TASK = 4,
	SR_LEAD = 8,
	SR_CAMPAIGN = 16,
	SR_MESSAGE = 32,
	SR_DRAFT = 64,
	SR_REPLY = 128,
	SR_COUNTS = 256,
	SR_TIME = 512
};

struct sf {
	const char *path;               /* "lead.company", or "lead.custom.*" */
	enum sf_type type;
	const char *const *values;      /* SF_ENUM: NULL-terminated; else NULL */
	const char *what;               /* one line for people */
};

extern const struct sf situation_fields[];
extern const size_t situation_nfields;

/* situation_field(path, err): the field's definition, or NULL with LP_DATA "no field 'x' in a situation (did you mean 'y'?)". */
const struct sf *situation_field(const char *path, struct lp_err *);

/* situation_root(path): the SR_ bit of a path's first word; 0 where there is none. */
unsigned situation_root(const char *path);

/* situation_type_name(type): "text", "number", ... */
const char *situation_type_name(enum sf_type);

/* situation_value_check(field, value, err): a value that the field can never have ("reply.class equals intrested") is LP_DATA. */
int situation_value_check(const struct sf *, const cJSON *value, struct lp_err *);

#endif
