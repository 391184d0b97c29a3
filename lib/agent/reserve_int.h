/*
 * reserve_int.h - what the two halves of the door share.  Not for others.
 */
#ifndef LP_AGENT_RESERVE_INT_H
#define LP_AGENT_RESERVE_INT_H

#include "agent/reserve.h"
#include "agent/respond.h"
#include "sender/when.h"
#include "store/config.h"
#include "store/lead_row.h"

struct door {
	struct lp_db *db;
	const struct task *t;
	const struct account *a;
	const struct reserve_how *how;
	struct message *m;
	struct verdict_row *v;
	struct lp_config c;
	struct decision d;
	struct lead_row l;
	struct when w;
	bool redo;                      /* it was reserved before: deferred, or its run died */
};

/* door_no(x, what, hold, until, reason): the verdict; takes the reason over. 1. */
int door_no(struct door *, enum verdict, enum hold, int64_t until, char *reason);

/* door_meeting (reserve_meeting.c): the time is held for this message and no other, and there is still time to answer. 0, 1, -1. */
int door_meeting(struct door *, struct lp_err *);

/* door_law (reserve_law.c): what the country asks of an unasked-for message is there. 0, 1, -1. */
int door_law(struct door *, struct lp_err *);
/* door_phone (reserve_phone.c): what holds of telephones alone: 0, 1, -1. */
int door_phone(struct door *, struct lp_err *);

/* Answers (reserve_answer.c). door_recipient(x, &to, err): where it must go, by the rows of now; the caller frees. 0, 1 (a verdict), -1. */
int door_recipient(struct door *, char **to, struct lp_err *);
/* door_answer: what holds of answers alone: 0, 1, -1. door_answered: it is reserved: count the turn where no person had a part in it. */
int door_answer(struct door *, struct lp_err *);
int door_answered(struct door *, struct lp_err *);

/*
 * How much and how fast (reserve_volume.c), after the hours: 0, 1 (a verdict), -1.
 * door_standing: what came back of what the account sent; whether it was asked to slow down. door_limits: those of a day. door_pace: those of a time that
 * slides, and the gap. door_bulk: what the big providers count.  door_wait(x, at, reason, err): the verdict: not before `at`, nor before all are open; takes
 * the reason over. 1, -1.
 */
int door_standing(struct door *, struct lp_err *);
int door_limits(struct door *, struct lp_err *);
int door_pace(struct door *, struct lp_err *);
int door_bulk(struct door *, struct lp_err *);
int door_wait(struct door *, int64_t at, char *reason, struct lp_err *);

#endif
