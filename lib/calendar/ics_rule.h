/* ics_rule.h - recurrence rules (RFC 5545, 3.3.10): libical's, with a limit to what they may cost. */
#ifndef LP_CALENDAR_ICS_RULE_H
#define LP_CALENDAR_ICS_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "calendar/ics.h"

#define ICS_RULE_BUDGET INT64_C(500000)  /* steps that the rules of one object may take together: about a second */

/* ics_rule_of_zone(rule): could be the rule of a VTIMEZONE: once a year, in a month, at one time. */
bool ics_rule_of_zone(const char *);

/* ics_rule(rule, start, first, last, budget, each, arg, err): each(arg, t) of every repetition from day `first` to day `last` by the wall clock of
 * start, whose zone t has; whichever UNTIL says of a zone is yours to ask (ics_rule_until). each returns -1 to stop. -1 with LP_DATA: a rule that
 * can't be read, or that takes more steps than *budget, which it lowers. */
int ics_rule(const char *rule, const struct ics_time *start, int64_t first, int64_t last, int64_t *budget,
    int (*each)(void *, const struct ics_time *), void *arg, struct lp_err *);

/* ics_rule_until(rule, t): whether the rule has an UNTIL, and which. False where it has none. */
bool ics_rule_until(const char *, struct ics_time *);

#endif
