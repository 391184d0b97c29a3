/*
 * An absence notice, an acknowledgement: no answer, and no reason to stop; but what follows waits until somebody is there to read it.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "agent/receive_int.h"
#include "store/config.h"
#include "store/enrolments.h"

#define FARTHEST (366 * LP_DAY) /* a date beyond that is a slip, or a joke */

int
receive_pause(struct received *x, int64_t person, int64_t until, const char *why, struct lp_err *err)
{
	char iso[LP_ISO_SIZE];
	int n;

	if (until == HOURS_NEVER)
		until = db_now(x->db) + FARTHEST;
	if ((n = enrolments_pause_person(x->db, person, until, why, err)) > 0)
		buf_printf(&x->done, "; %d enrolment%s paused until %.10s", n, n == 1 ? "" : "s", lp_iso(until, iso));
	return n == -1 ? -1 : 0;
}

/* Until when: the day that it names, else for as long as the configuration says. 0: they are back. */
static int
pause_until(struct received *x, int64_t *until, struct lp_err *err)
{
	struct lp_config c;
	int r;

	*until = x->told.until;
	if (*until != 0 && *until <= db_now(x->db)) {
		*until = 0;
		return 0;
	}
	if (*until != 0 && *until - db_now(x->db) <= FARTHEST)
		return 0;
	if (config_load(x->db, &c, err) == -1)
		return -1;
	r = hours_after(&c.hours, db_now(x->db), &c.away_pause, until, err);
	config_clear(&c);
	return r;
}

int
receive_auto(struct received *x, struct lp_err *err)
{
	/* a colleague's absence notice is the colleague's, in whoever's thread it comes */
	int64_t person = x->m.sender != 0 ? x->m.sender : x->m.person, until;
	char *why;
	int r;

	if (person == 0)
		return 0;
	if (pause_until(x, &until, err) == -1)
		return -1;
	why = xasprintf("automatic reply (i%" PRId64 ")", x->res->seq);
	r = until != 0 ? receive_pause(x, person, until, why, err) : 0;
	free(why);
	if (r == -1 || x->m.lead == 0)
		return r;
	return receive_notice(x, "automatic_mail", xasprintf("automatic reply from %s", match_from(x->mail) != NULL ? match_from(x->mail) : "nobody"),
	    xasprintf("away:l%" PRId64, x->m.lead), err);
}
