/*
 * itip.h - invitations: iTIP (RFC 5546) over iCalendar (RFC 5545), for mail (RFC 6047).  Knows nothing of the database and of mail.
 *
 * Instants are ms UTC. Making an invitation is ours and depends on the input alone; reading one, which is hostile input, is libical's.
 */
#ifndef LP_CALENDAR_ITIP_H
#define LP_CALENDAR_ITIP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define ITIP_SIZE_MAX ((size_t)1 << 20)  /* bytes of an object that is read */
#define ITIP_TEXT_MAX ((size_t)4000)     /* bytes kept of a comment */
#define ITIP_FIELD_MAX ((size_t)1000)    /* bytes kept of a UID, an address, a summary */

/* One meeting with one guest. Strings are UTF-8, the caller's; those marked optional may be NULL or empty. */
struct itip_event {
	const char *method;            /* "REQUEST": an invitation, or with a higher sequence the same meeting moved; "CANCEL" */
	const char *uid;               /* the meeting's for ever */
	int sequence;                  /* from 0; higher with every change */
	int64_t dtstamp;               /* when this object was made */
	int64_t starts, ends;
	const char *zone;              /* IANA: its wall clock is what the calendar shows to whoever lives there */
	const char *summary;
	const char *location;          /* optional */
	const char *description;       /* optional: several lines, each ending in \n or \r\n */
	const char *organizer, *organizer_name;  /* address; name optional */
	const char *attendee, *attendee_name;
};

/* itip_make(e, err): the VCALENDAR: folded at 75 octets, CRLF, with the VTIMEZONE of its zone from the system's rules, right for the
 * time of the event and a year on. The same input gives the same bytes (under the same time zone files). The caller frees.
 * NULL: LP_DATA naming the field: a control character or line break where none may be, invalid UTF-8, an address that is none, no time
 * between start and end, an unknown method; LP_CONFIG for an unknown zone. */
char *itip_make(const struct itip_event *, struct lp_err *);

/* What came back. Strings are valid UTF-8 without control characters (comment keeps \n and \t), NULL where missing, and owned. */
struct itip_answer {
	char *method;                  /* upper case: REPLY, COUNTER, DECLINECOUNTER, REFRESH, REQUEST, CANCEL */
	char *uid;
	int sequence;                  /* 0 where missing */
	int64_t recurrence;            /* the instance meant, of a repeated event; 0 none */
	int64_t dtstamp;               /* ms; 0 where missing */
	int64_t starts, ends;          /* the time it names; 0 where it names none (a REPLY need not). Of a COUNTER the one proposed. An all-day
	                                * date is midnight UTC */
	bool all_day, repeats;         /* dates without a time; a rule or further dates */
	char *attendee;                /* whoever answers (the first ATTENDEE, of a REQUEST or CANCEL too), lower case; as honest as the sender */
	char *partstat;                /* the attendee's, upper case: ACCEPTED, DECLINED, TENTATIVE, DELEGATED, NEEDS-ACTION ... */
	char *organizer;               /* lower case */
	char *summary, *location, *comment;
};

/* itip_read(text, a, err): the first VEVENT of an iTIP object, line ends as they come, folded or unfolded. Bounded in time and memory
 * whatever it holds: an RRULE is not followed. 0, or -1 with LP_DATA: larger than ITIP_SIZE_MAX, no VCALENDAR, no METHOD or one that isn't
 * listed above, no VEVENT, no UID. a is cleared by itip_answer_clear, also after a failure. */
int itip_read(const char *text, struct itip_answer *, struct lp_err *);
void itip_answer_clear(struct itip_answer *);

#endif
