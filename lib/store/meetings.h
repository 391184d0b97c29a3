/*
 * meetings.h - meetings, from the time that is held before an invitation is written to the lead's answer.
 *
 * reserved: an invitation is being made, approved or sent; its time is held. proposed: it was sent. confirmed, declined: what the lead said.
 * cancelled: called off, or an invitation that never left (two triggers of the schema see to that: whatever ends its message or task frees the time
 * in the same commit). A change of a meeting that has left is kept beside it (next) and is taken over when its own message was sent; until then
 * both times are held. Nothing here commits; every change writes its log row.
 */
#ifndef LP_STORE_MEETINGS_H
#define LP_STORE_MEETINGS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/tz.h"
#include "store/db.h"

#define MEETING_UID_SIZE 200

struct meeting {
	int64_t seq;
	char id[LP_UUID_SIZE];
	char *uid;                      /* RFC 5545 */
	int sequence;
	int64_t lead, campaign, thread, account, inbox, task; /* 0 for none */
	char *booked_by;                /* the person who typed it; NULL: the agent */
	char status[12], partstat[16];
	char *status_reason, *attendee, *title, *location; /* NULL for none */
	int64_t replied_at;             /* DTSTAMP of the answer that counts; 0: none */
	int64_t starts_at, ends_at;     /* ms */
	char timezone[TZ_NAME_SIZE];
	char *others;                   /* JSON array of instants */
	int next_sequence;              /* 0: no change is on its way */
	int64_t next_starts_at, next_ends_at; /* 0, with a next_sequence: it is being called off */
};
void meeting_clear(struct meeting *);

/* meeting_get, meeting_by_uid: 1, 0, -1. meeting_find: by handle (b7) or UUID; LP_USAGE for another word. */
int meeting_get(struct lp_db *, int64_t seq, struct meeting *, struct lp_err *);
int meeting_by_uid(struct lp_db *, const char *uid, struct meeting *, struct lp_err *);
int meeting_find(struct lp_db *, const char *word, int64_t *seq, struct lp_err *);

/* meeting_uid(db, purpose, account, out, err): the one UID of "inbox:UUID" (the reply that asked for it), "task:UUID" or "hand:UUID": a retry, a takeover
 * and a second pipeline arrive at the same meeting. */
int meeting_uid(struct lp_db *, const char *purpose, int64_t account, char out[MEETING_UID_SIZE], struct lp_err *);
/* meeting_purpose(uid, sequence, out): of the message by which it leaves: "meet:UID:SEQUENCE". */
#define MEETING_PURPOSE_SIZE (MEETING_UID_SIZE + 24)
char *meeting_purpose(const char *uid, int sequence, char out[MEETING_PURPOSE_SIZE]);

struct meeting_new {
	const char *uid;
	int64_t lead, campaign, thread, account, inbox, task;
	const char *booked_by, *attendee, *timezone, *title, *location, *others; /* attendee and timezone must be there */
	int64_t starts_at, ends_at;
	int64_t buffer;                 /* ms that must be free before and after */
	int64_t day_from, day_until;    /* the day that `per_day` counts in; unused with per_day 0 */
	int64_t per_day;                /* at most so many meetings begin on it; 0: any number */
};
/*
 * meeting_reserve(db, new, &seq, err): hold the time: 1; 0 where it is taken or the day is full (nothing is written); -1. A meeting of that UID that is
 * reserved, or was given up before it left, is moved there. LP_BUG for one that has left. In a transaction for writing, so that of any number of
 * pipelines one alone gets a time.
 */
int meeting_reserve(struct lp_db *, const struct meeting_new *, int64_t *seq, struct lp_err *);
/* meeting_task(db, seq, task, err): which task books it, where that came after. */
int meeting_task(struct lp_db *, int64_t seq, int64_t task, struct lp_err *);
/* meeting_attendee(db, seq, address, err): whom it is with, where the lead's address changed since. */
int meeting_attendee(struct lp_db *, int64_t seq, const char *address, struct lp_err *);

/*
 * meeting_change(db, seq, starts_at, ends_at, why, &sequence, err): a change of a meeting that was sent is on its way; 0 and 0: it is called off. `sequence`
 * is the change's. 1; 0 where that time is taken by another; -1. LP_DATA: it hasn't left, is over, or a change of it is on its way already.
 */
int meeting_change(struct lp_db *, int64_t seq, int64_t starts_at, int64_t ends_at, const char *why, int *sequence, struct lp_err *);

/* meeting_sent(db, message, err): the message left: its meeting is proposed (and the lead's sequence ends), moved or cancelled. Called where a message
 * becomes sent. */
int meeting_sent(struct lp_db *, int64_t message, struct lp_err *);

/*
 * meeting_answered(db, m, partstat, at, inbox, err): the lead's answer (ACCEPTED, DECLINED, TENTATIVE) with its DTSTAMP: confirmed, and the lead booked;
 * declined, and the time free; or proposed still. 1; 0 where an answer as new or newer is on record; 2 where it was declined before and its time is
 * another's by now (nothing is written); -1.
 */
int meeting_answered(struct lp_db *, const struct meeting *, const char *partstat, int64_t at, int64_t inbox, struct lp_err *);

/* Times that are held, between two instants, in order; without those of the meeting `except` (0: of all). The caller frees. */
struct meeting_span {
	int64_t from, until;
};
int meetings_held(struct lp_db *, int64_t from, int64_t until, int64_t except, struct meeting_span **, size_t *n, struct lp_err *);

/* Where a meeting with a lead is arranged: the thread, account and campaign of the last mail that it was sent; else the only account that sends
 * mail, if there is just one. 1; 0 where there is none or more than one to choose from; -1. */
struct meeting_place {
	int64_t thread, account, campaign; /* 0 for none */
};
int meeting_place(struct lp_db *, int64_t lead, struct meeting_place *, struct lp_err *);

/* meeting_ahead(db, lead, &seq, err): the next one with that person, in any of their leads, that is reserved, proposed or confirmed and not over: 1, 0, -1. */
int meeting_ahead(struct lp_db *, int64_t lead, int64_t *seq, struct lp_err *);

/* meeting_message(db, seq, sequence, &message, &task, err): the message of that SEQUENCE of it, and the task that last had it: 1, 0, -1. */
int meeting_message(struct lp_db *, int64_t seq, int sequence, int64_t *message, int64_t *task, struct lp_err *);

struct meeting_filter {
	const char *status;             /* NULL: reserved, proposed and confirmed ones that aren't over; "all"; or one status */
	int64_t lead;                   /* 0: any */
	int64_t limit;                  /* 0: all */
};
/* meetings_list(db, filter, err): an array of objects in order of time, as meeting_json. LP_USAGE for an unknown status. The caller frees. */
cJSON *meetings_list(struct lp_db *, const struct meeting_filter *, struct lp_err *);
/* meeting_json(db, seq, err): everything of one; ids as handles. NULL with LP_NO. */
cJSON *meeting_json(struct lp_db *, int64_t seq, struct lp_err *);

#endif
