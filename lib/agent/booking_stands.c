/*
 * Whether a message still says what its meeting's row says. Part of booking.h.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "agent/booking.h"
#include "agent/booking_int.h"
#include "agent/booking_words.h"
#include "base/mem.h"

bool
booking_cancels(const struct meeting *m, const struct message *msg)
{
	char purpose[MEETING_PURPOSE_SIZE];

	return m->next_sequence != 0 && m->next_starts_at == 0 && strcmp(msg->purpose, meeting_purpose(m->uid, m->next_sequence, purpose)) == 0;
}

static enum booking_stands
no(char **why, enum booking_stands what, char *text)
{
	*why = text;
	return what;
}

/* Its own time has come near: what the agent chose it chooses anew, what a person chose is theirs to mend. */
static enum booking_stands
too_near(const struct meeting *m, int64_t at, bool anew, char **why)
{
	char *when = booking_time(m->timezone, at, NULL), *text;

	text = anew ? xasprintf("%s has come too near: another time is chosen", when != NULL ? when : "its time") :
	    xasprintf("%s has come too near: lp-book move b%" PRId64 " --at WHEN", when != NULL ? when : "its time", m->seq);
	free(when);
	return no(why, anew ? BOOKING_ANEW : BOOKING_MEND, text);
}

static enum booking_stands
stands(struct lp_db *db, const struct meeting *m, const struct message *msg, char **why)
{
	char purpose[MEETING_PURPOSE_SIZE];

	if (m->next_sequence != 0 && strcmp(msg->purpose, meeting_purpose(m->uid, m->next_sequence, purpose)) == 0) {
		if (m->next_starts_at != 0 && m->next_starts_at - db_now(db) < BOOKING_LEAST)
			return too_near(m, m->next_starts_at, false, why);
		if (m->ends_at <= db_now(db))
			return no(why, BOOKING_OVER, xasprintf("b%" PRId64 " is over", m->seq));
		return BOOKING_STANDS;
	}
	if (strcmp(msg->purpose, meeting_purpose(m->uid, m->sequence, purpose)) != 0 || m->sequence != 0)
		return no(why, BOOKING_OVER, xasprintf("that change of b%" PRId64 " was given up (lp-book show b%" PRId64 ")", m->seq, m->seq));
	if (strcmp(m->status, "reserved") != 0)
		return no(why, BOOKING_OVER, xasprintf("b%" PRId64 " is %s%s%s", m->seq, m->status, m->status_reason != NULL ? ": " : "",
		    m->status_reason != NULL ? m->status_reason : ""));
	return m->starts_at - db_now(db) < BOOKING_LEAST ? too_near(m, m->starts_at, m->booked_by == NULL, why) : BOOKING_STANDS;
}

enum booking_stands
booking_stands(struct lp_db *db, const struct message *msg, char **why, struct lp_err *err)
{
	enum booking_stands st;
	struct meeting m;
	char *calendar;
	int r = meeting_get(db, msg->meeting, &m, err);

	*why = NULL;
	if (r == -1)
		return BOOKING_ERROR;
	if (r == 0)
		return no(why, BOOKING_OVER, xstrdup("the meeting is gone"));
	st = stands(db, &m, msg, why);
	/* what was drafted is what is reserved, also where somebody moved it in the meantime */
	if (st == BOOKING_STANDS && msg->calendar != NULL && msg->recipient != NULL) {
		if ((calendar = booking_calendar(db, &m, msg, msg->recipient, err)) == NULL)
			st = BOOKING_ERROR;
		else if (strcmp(calendar, msg->calendar) != 0)
			st = no(why, BOOKING_ANEW, xstrdup("the meeting was changed since the text was made: it is made anew"));
		free(calendar);
	}
	meeting_clear(&m);
	return st;
}

int
booking_by_hand(struct lp_db *db, const struct message *msg, struct lp_err *err)
{
	char purpose[MEETING_PURPOSE_SIZE];
	struct meeting m;
	int r = meeting_get(db, msg->meeting, &m, err);

	if (r == 1) {
		r = m.booked_by != NULL || strcmp(msg->purpose, meeting_purpose(m.uid, 0, purpose)) != 0;
		meeting_clear(&m);
	}
	return r;
}
