/*
 * What comes back to an invitation (iTIP, RFC 5546). Part of booking.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/booking.h"
#include "agent/booking_words.h"
#include "base/mem.h"
#include "calendar/itip.h"
#include "store/config.h"
#include "store/enrolments.h"
#include "store/lead_row.h"
#include "store/log.h"
#include "store/match.h"
#include "store/notify.h"
#include "store/outbox.h"
#include "store/persons.h"

struct answer {
	struct lp_db *db;
	const struct mail_in *mail;
	int64_t inbox, task;
	struct itip_answer a;
	struct meeting m;
	struct lead_row l;
	struct meeting_reply_result *r;
};

static int
say(struct answer *x, char *text, struct lp_err *err)
{
	int r = log_add(x->db, &(struct log_entry){ .type = "observation", .task = x->task, .lead = x->m.lead, .campaign = x->m.campaign, .inbox = x->inbox,
	    .account = x->m.account, .text = text }, err);

	free(text);
	return r;
}

/* One notice an answer; takes both texts over. */
static int
tell(struct answer *x, char *title, char *message, char *command, struct lp_err *err)
{
	char key[64];
	int r;

	snprintf(key, sizeof(key), "meeting:%" PRId64 ":i%" PRId64, x->m.seq, x->inbox);
	r = notify_add(x->db, &(struct notice){ .type = "meeting", .title = title, .message = message, .command = command, .task = x->task,
	    .lead = x->m.lead, .dedupe = key }, err);
	free(title);
	free(message);
	free(command);
	return r;
}

static char *
who(const struct answer *x)
{
	const struct lead_row *l = &x->l;

	if (l->first_name == NULL && l->last_name == NULL)
		return xstrdup(x->m.attendee != NULL ? x->m.attendee : "the lead");
	return xasprintf("%s%s%s", l->first_name != NULL ? l->first_name : "", l->first_name != NULL && l->last_name != NULL ? " " : "",
	    l->last_name != NULL ? l->last_name : "");
}

/* Only whom it is with may say whether they come: the address invited, or another of the same person. 1, 0, -1. */
static int
may_answer(struct answer *x, struct lp_err *err)
{
	const char *from = match_from(x->mail);
	int64_t person = 0;
	int r;

	if (from == NULL)
		return 0;
	if (x->m.attendee != NULL && strcmp(x->m.attendee, from) == 0)
		return 1;
	if ((r = persons_find(x->db, "email", from, &person, err)) != 1)
		return r;
	return x->l.person != 0 && person == x->l.person;
}

/* An answer proves that the invitation arrived, where nobody knew. 1 it has left, 0, -1. */
static int
has_left(struct answer *x, struct lp_err *err)
{
	int64_t message, task, seq = x->m.seq;
	struct outbox o;
	int r;

	if (strcmp(x->m.status, "reserved") != 0)
		return 1;
	if ((r = meeting_message(x->db, seq, x->m.sequence, &message, &task, err)) != 1)
		return r;
	r = outbox_get(x->db, message, &o, err);
	if (r == 1 && (r = o.state == OUT_UNKNOWN) == 1) {
		r = outbox_record(x->db, message, &(struct outbox_result){ .state = OUT_SENT, .response = "an answer to the invitation names it" }, err);
		if (r != -1)
			r = task_release(x->db, o.task, 0, NULL, "an answer proves that it was sent", err) == -1 ? -1 : 1;
	}
	outbox_clear(&o);
	if (r == 1) {
		meeting_clear(&x->m);
		r = meeting_get(x->db, seq, &x->m, err);
	}
	return r;
}

/* ---- the answers */

static int
accepted(struct answer *x, struct lp_err *err)
{
	struct lp_config c;
	char *when, *name;
	bool notice;
	int r;

	if (x->l.person != 0 && enrolments_stop_person(x->db, x->l.person, "a meeting is booked", err) == -1)
		return -1;
	if (config_load(x->db, &c, err) == -1)
		return -1;
	notice = c.notify_on_meeting_booked;
	config_clear(&c);
	if (!notice)
		return 0;
	if ((when = booking_span(x->m.timezone, NULL, x->m.starts_at, x->m.ends_at, err)) == NULL)
		return -1;
	name = who(x);
	r = tell(x, xasprintf("Meeting booked with %s", name), xasprintf("%s accepted: %s.%s%s", name, when, x->a.comment != NULL ? "\n\n" : "",
	    x->a.comment != NULL ? x->a.comment : ""), xasprintf("lp-book show b%" PRId64, x->m.seq), err);
	free(name);
	free(when);
	return r;
}

static int
declined(struct answer *x, struct lp_err *err)
{
	char *when = booking_span(x->m.timezone, NULL, x->m.starts_at, x->m.ends_at, err), *name = who(x);
	int r = -1;

	if (when != NULL)
		r = tell(x, xasprintf("%s declined the meeting", name), xasprintf("%s can't come: %s. The time is free again.%s%s", name, when,
		    x->a.comment != NULL ? "\n\n" : "", x->a.comment != NULL ? x->a.comment : ""),
		    xasprintf("lp-book slots --lead l%" PRId64, x->m.lead), err);
	free(name);
	free(when);
	return r;
}

static int
answered(struct answer *x, struct lp_err *err)
{
	const char *partstat = x->a.partstat != NULL ? x->a.partstat : "";
	bool yes = strcmp(partstat, "ACCEPTED") == 0, no = strcmp(partstat, "DECLINED") == 0;
	int64_t at = x->a.dtstamp != 0 ? x->a.dtstamp : db_now(x->db);
	int r;

	if (!yes && !no && strcmp(partstat, "TENTATIVE") != 0) {
		snprintf(x->r->what, sizeof(x->r->what), "outdated");
		return say(x, xasprintf("i%" PRId64 ": an answer to b%" PRId64 " that says neither yes nor no (%.20s)", x->inbox, x->m.seq, partstat), err);
	}
	snprintf(x->r->what, sizeof(x->r->what), "%s", yes ? "accepted" : no ? "declined" : "tentative");
	if ((r = meeting_answered(x->db, &x->m, partstat, at, x->inbox, err)) == 1)
		return yes ? accepted(x, err) : no ? declined(x, err) : 0;
	if (r == 2)
		return tell(x, xstrdup("A meeting was accepted whose time is another's by now"), xasprintf("b%" PRId64 " was declined first; its time was given to"
		    " another meeting since. Propose another one.", x->m.seq), xasprintf("lp-book slots --lead l%" PRId64, x->m.lead), err);
	snprintf(x->r->what, sizeof(x->r->what), "outdated");
	return r == -1 ? -1 : say(x, xasprintf("i%" PRId64 ": an answer to b%" PRId64 " that changes nothing: it is %s", x->inbox, x->m.seq, x->m.status), err);
}

static int
countered(struct answer *x, struct lp_err *err)
{
	char iso[LP_ISO_SIZE], *when, *name;
	int r;

	snprintf(x->r->what, sizeof(x->r->what), "countered");
	if (x->a.starts <= 0 || x->a.all_day)
		return say(x, xasprintf("i%" PRId64 ": a counter-proposal to b%" PRId64 " that names no time", x->inbox, x->m.seq), err);
	if ((when = booking_time(x->m.timezone, x->a.starts, err)) == NULL)
		return -1;
	name = who(x);
	lp_iso(x->a.starts, iso);
	r = tell(x, xasprintf("%s proposes another time", name), xasprintf("%s would rather meet on %s.%s%s", name, when, x->a.comment != NULL ? "\n\n" : "",
	    x->a.comment != NULL ? x->a.comment : ""), xasprintf("lp-book move b%" PRId64 " --at %.16sZ", x->m.seq, iso), err);
	if (r == 0)
		r = say(x, xasprintf("i%" PRId64 ": b%" PRId64 " is countered with %s", x->inbox, x->m.seq, iso), err);
	free(name);
	free(when);
	return r;
}

static int
take(struct answer *x, struct lp_err *err)
{
	const char *method = x->a.method != NULL ? x->a.method : "";
	int r;

	if ((r = may_answer(x, err)) != 1)
		return r == -1 ? -1 : say(x, xasprintf("i%" PRId64 ": an answer to b%" PRId64 " by somebody else: it changes nothing", x->inbox, x->m.seq), err);
	if ((r = has_left(x, err)) != 1)
		return r == -1 ? -1 : say(x, xasprintf("i%" PRId64 ": an answer to b%" PRId64 ", which never left", x->inbox, x->m.seq), err);
	x->r->meeting = x->m.seq;
	snprintf(x->r->what, sizeof(x->r->what), "outdated");
	if (x->a.sequence < x->m.sequence)
		r = say(x, xasprintf("i%" PRId64 ": an answer to an earlier time of b%" PRId64, x->inbox, x->m.seq), err);
	else if (strcmp(method, "REPLY") == 0)
		r = answered(x, err);
	else if (strcmp(method, "COUNTER") == 0)
		r = countered(x, err);
	else
		r = say(x, xasprintf("i%" PRId64 ": %.20s for b%" PRId64, x->inbox, method, x->m.seq), err);
	return r == -1 ? -1 : 1;
}

int
meeting_reply(struct lp_db *db, const struct mail_in *mail, int64_t inbox, int64_t task, struct meeting_reply_result *result, struct lp_err *err)
{
	struct answer x = { .db = db, .mail = mail, .inbox = inbox, .task = task, .r = result };
	struct lp_err why;
	int r;

	*result = (struct meeting_reply_result){ 0 };
	if (mail->calendar == NULL)
		return 0;
	/* what can't be read is a mail like any other */
	if (itip_read(mail->calendar, &x.a, &why) == -1)
		return 0;
	r = x.a.uid != NULL ? meeting_by_uid(db, x.a.uid, &x.m, err) : 0;
	if (r == 1 && x.m.lead != 0)
		r = lead_row_get(db, x.m.lead, &x.l, err) == -1 ? -1 : 1;
	if (r == 1)
		r = take(&x, err);
	itip_answer_clear(&x.a);
	meeting_clear(&x.m);
	lead_row_clear(&x.l);
	return r;
}
