/*
 * booking_time.h - which times are free for a meeting with somebody, and which of them it shall be.
 */
#ifndef LP_AGENT_BOOKING_TIME_H
#define LP_AGENT_BOOKING_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/tz.h"
#include "store/config.h"
#include "store/db.h"

#define BOOKING_TIMES 512       /* most times looked at */

/* The free times of the horizon, earliest first, and what they were found by. */
struct booking_times {
	struct config_meetings c;
	int64_t length, buffer;         /* ms */
	char ours[TZ_NAME_SIZE], theirs[TZ_NAME_SIZE]; /* theirs "" where it isn't known */
	int64_t at[BOOKING_TIMES];
	size_t n;
	int64_t best[3];                /* of these the ones to propose to somebody who named none */
	size_t nbest;
};

/*
 * booking_times(db, lead, account, except, t, err): with `lead` in its hours where its zone is known (0: anybody), without the days that the sender of
 * `account` is away (0: any), as if the meeting `except` weren't there (0: none). LP_CONFIG where the file of busy times can't be read.
 * booking_times_clear frees, also after a failure. t->c, length, ours and theirs are there even where nothing is free.
 */
int booking_times(struct lp_db *, int64_t lead, int64_t account, int64_t except, struct booking_times *, struct lp_err *);
/* booking_settings(db, lead, account, t, err): the same without the times: what a person's own choice needs. */
int booking_settings(struct lp_db *, int64_t lead, int64_t account, struct booking_times *, struct lp_err *);
void booking_times_clear(struct booking_times *);

/*
 * booking_choose(db, t, text, at, n, named): of the free times the one that `text` (what the person wrote; NULL for none) asks for, and up to two others
 * on other days, of what they named first; where they named none, those to propose: at[0..*n). 1; 0 where nothing is free, or nothing of what
 * they named. *named: how many times were understood in the text.
 */
int booking_choose(struct lp_db *, const struct booking_times *, const char *text, int64_t at[3], size_t *n, int *named);

/* booking_times_drop(t, at): that one is no longer among them. */
void booking_times_drop(struct booking_times *, int64_t at);

/* booking_busy(t, from, until, err): does the .ics file of busy times say that we aren't free then? 1, 0, -1 (LP_CONFIG). */
int booking_busy(const struct booking_times *, int64_t from, int64_t until, struct lp_err *);

/* booking_day_of(t, at, from, until, err): the calendar day of ours that `at` lies in. */
int booking_day_of(const struct booking_times *, int64_t at, int64_t *from, int64_t *until, struct lp_err *);

#endif
