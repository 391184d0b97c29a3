/*
 * booking.h - meetings: a time is chosen and held, an invitation (or a change, or a cancellation) becomes a message like any other, and the
 * lead's answer to it is taken in.  lp-send is the only wire.
 */
#ifndef LP_AGENT_BOOKING_H
#define LP_AGENT_BOOKING_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/stage.h"
#include "mail/parse.h"
#include "store/meetings.h"
#include "store/messages.h"


#define BOOKING_LEAST LP_HOUR   /* an invitation leaves no later than so long before */

/*
 * booking_item: lp-book's stage.  For a decision book_meeting: a time that the reply names, else the first that is free (booking_time.h), is reserved
 * and a message planned for it, in the stage's transaction; the same task finds its reservation again, one that is over or taken by now in the
 * .ics file of busy times is put elsewhere.  Where nothing fits the task is held with the reason.  Puts "meeting" into the envelope.
 */
int booking_item(struct stage *, struct env *, struct lp_err *);

/* booking_stands(db, message, &why, err): does this message still say what the meeting's row says? *why is the caller's, but for STANDS. */
enum booking_stands { BOOKING_ERROR = -1, BOOKING_STANDS, BOOKING_ANEW /* its time has come too near: another is chosen */, BOOKING_MEND /* for a person */,
	BOOKING_OVER /* never */ };
enum booking_stands booking_stands(struct lp_db *, const struct message *, char **why, struct lp_err *);

/* booking_by_hand(db, message, err): did a person type it (a meeting of their own, any change)? 1, 0, -1. */
int booking_by_hand(struct lp_db *, const struct message *, struct lp_err *);

/* ---- by hand. Each in the caller's transaction; LP_DATA says why not, LP_NO where there is no such row. */

struct booking_hand {
	int64_t meeting, task;          /* what came of it; task 0: nothing has to leave */
};
struct booking_ask {
	int64_t lead, account;          /* of add; account 0: the one that wrote to the lead last, else the only one */
	int64_t starts_at;              /* ms */
	int64_t length;                 /* ms; 0: meeting_length */
	const char *text;               /* words of theirs in the mail, over the time; NULL */
	const char *by, *why;           /* login name; for the log, or NULL */
};
/* booking_add: reserve that time and queue its invitation. Refused where it is another meeting's, or too near. */
int booking_add(struct lp_db *, const struct booking_ask *, struct booking_hand *, struct lp_err *);
/* booking_move, booking_cancel: an invitation that hasn't left is changed in place or given up; of one that has, a message with the next SEQUENCE is
 * queued, and the meeting is as it was until that has left. */
int booking_move(struct lp_db *, int64_t meeting, const struct booking_ask *, struct booking_hand *, struct lp_err *);
int booking_cancel(struct lp_db *, int64_t meeting, const struct booking_ask *, struct booking_hand *, struct lp_err *);

/* ---- answers */

/*
 * meeting_reply(db, mail, inbox, task, r, err): the calendar part of a mail that came in. 1: it was an answer to an invitation of ours by somebody who may
 * give it (*r says what), nothing of it is left to classify; 0: it was none; -1. Accepted: confirmed, the lead booked, the sequence ended, a
 * notice. Declined: the time is free, a notice. Countered: a notice with what to type. An older answer, or one to an earlier SEQUENCE, changes nothing.
 */
struct meeting_reply_result {
	int64_t meeting;
	char what[24];                  /* accepted declined tentative countered outdated */
};
int meeting_reply(struct lp_db *, const struct mail_in *, int64_t inbox, int64_t task, struct meeting_reply_result *, struct lp_err *);

#endif
