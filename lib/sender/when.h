/*
 * when.h - when a message may leave: the agent's schedule, the campaign's, the account's with its absences, and the agent's hours in
 * the lead's zone where that is known.  Open is when all are.
 */
#ifndef LP_SENDER_WHEN_H
#define LP_SENDER_WHEN_H

#include <stdint.h>

#include "base/hours.h"
#include "store/accounts.h"
#include "store/config.h"
#include "store/db.h"

struct when {
	struct hours all[4];
	const struct hours *list[4];
	size_t n;                       /* how many of them apply; list[0] the agent's, list[1] the account's */
	char zone[TZ_NAME_SIZE];        /* of the account's days */
};

/* when_load(db, config, account, campaign, version, lead, w, err): campaign 0 and lead 0 for none. when_clear frees. */
int when_load(struct lp_db *, const struct lp_config *, const struct account *, int64_t campaign, int version, int64_t lead, struct when *,
    struct lp_err *);
void when_clear(struct when *);
/* when_day(zone, ms, &day, text, err): the calendar day of an instant in that zone: days since 1970 and "2026-11-22"; its
 * beginning, ms, is tz_midnight's. */
int when_day(const char *zone, int64_t ms, int64_t *day, char text[11], struct lp_err *);

#endif
