/*
 * booking_int.h - what the files of booking.h share. Not for others.
 */
#ifndef LP_AGENT_BOOKING_INT_H
#define LP_AGENT_BOOKING_INT_H

#include "store/meetings.h"
#include "store/messages.h"

/* booking_again(db, m, err): hold the time of a meeting that was given up before it left: 1; 0 it is another's by now; -1. */
int booking_again(struct lp_db *, const struct meeting *, struct lp_err *);

/* booking_cancels(meeting, message): is it the message that calls it off? */
bool booking_cancels(const struct meeting *, const struct message *);

/* booking_calendar(db, m, msg, to, err): the message's iCalendar part, a function of the rows alone; the caller frees. NULL with LP_DATA. */
char *booking_calendar(struct lp_db *, const struct meeting *, const struct message *, const char *to, struct lp_err *);

#endif
