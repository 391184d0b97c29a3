/*
 * rulelang.h - rules as a person writes them, and the JSON they are kept as.
 *
 * when:  FIELD OPERATOR VALUE, joined with and, or, not and parentheses.  VALUE is a number, true, false, null, a word, text in
 *        quotes, a list [a, b], a named list $name, and after `between` LOW and HIGH.
 * then:  block, skip, hold, allow, delay [DURATION|until DATE], stop, notify, send template "TEXT", enqueue TYPE, do ACTION; several
 *        joined with and.  Which of them a rule may use follows from its type.
 *
 * Reading what was dumped gives the same JSON, and dumping that the same text.  Errors are LP_DATA "column N: ...", columns from 1
 * in characters.  All text is UTF-8.
 */
#ifndef LP_RULES_RULELANG_H
#define LP_RULES_RULELANG_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "base/err.h"

/* when_parse(text, err): condition_json, which the caller frees; NULL on failure. The shape only: cond_compile judges fields and values. */
cJSON *when_parse(const char *, struct lp_err *);

/* when_dump(condition, err): the text, which the caller frees; NULL with LP_DATA where the JSON is no condition. */
char *when_dump(const cJSON *, struct lp_err *);

enum rule_type { RULE_FILTER, RULE_ACTION, RULE_CONSTRAINT, RULE_TEMPLATE, RULE_SCHEDULE, RULE_ESCALATION, RULE_TYPES };

int rule_type_parse(const char *, enum rule_type *, struct lp_err *);   /* LP_DATA with "did you mean" */

/*
 * then_parse(type, text, err): action_json, with one member for each effect:
 *   "verdict": "block"|"hold"|"allow"|"delay"    "skip": true (with block: the step is skipped, the sequence goes on)
 *   "delay": "3d" or "until": "2026-12-01" (with delay; neither is a day)    "stop": true    "notify": true
 *   "template": TEXT (a body, with merge fields)    "enqueue": TASK TYPE    "action": ACTION
 */
cJSON *then_parse(enum rule_type, const char *, struct lp_err *);
char *then_dump(const cJSON *, struct lp_err *);

/* then_check(type, action, err): the same judgement for an action_json that came as JSON. */
int then_check(enum rule_type, const cJSON *, struct lp_err *);

#endif
