/*
 * Meetings by hand. Part of booking.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/booking.h"
#include "agent/booking_int.h"
#include "agent/booking_time.h"
#include "agent/booking_words.h"
#include "agent/respond.h"
#include "base/json.h"
#include "base/mem.h"
#include "store/lead_row.h"
#include "store/outbox.h"
#include "store/suppressions.h"
#include "store/tasks.h"

static int
far_enough(struct lp_db *db, int64_t at, struct lp_err *err)
{
	return at - db_now(db) >= BOOKING_LEAST ? 0 : lp_fail(err, LP_DATA, "%s", at <= db_now(db) ? "that time is over" :
	    "that is in less than an hour: nobody could answer");
}

/* Both zones' clocks are in the message: a slip of the zone shows. */
static int
is_taken(const char *zone, int64_t at, struct lp_err *err)
{
	char *when = booking_time(zone, at, err);

	if (when == NULL)
		return -1;
	lp_fail(err, LP_DATA, "%s is taken by another meeting (lp-book list)", when);
	free(when);
	return -1;
}

/* The message of that SEQUENCE, and the task that sends it. */
static int
queue(struct lp_db *db, const struct meeting *m, int sequence, const struct booking_ask *ask, struct booking_hand *out, struct lp_err *err)
{
	char purpose[MEETING_PURPOSE_SIZE], key[48], *text;
	struct message msg = { .purpose = meeting_purpose(m->uid, sequence, purpose), .lead = m->lead, .thread = m->thread, .account = m->account,
		.meeting = m->seq, .channel = "email" };
	cJSON *in = cJSON_CreateObject();
	int64_t seq;
	int r;

	json_set_str(in, "by", ask->by);
	if (ask->text != NULL)
		json_set_str(in, "text", ask->text);
	text = json_print(in);
	cJSON_Delete(in);
	if ((r = message_plan(db, &msg, &seq, err)) == 0)
		r = lp_fail(err, LP_BUG, "b%" PRId64 ": SEQUENCE %d has a message already", m->seq, sequence);
	snprintf(key, sizeof(key), "meet:%" PRId64 ":%d", m->seq, sequence);
	if (r == 1 && message_take(db, seq, err) == 0)
		r = task_add(db, &(struct task_new){ .type = "book_meeting", .priority = 60, .lead = m->lead, .message = seq, .account = m->account,
		    .dedupe = key, .input = text, .why = ask->why != NULL ? ask->why : "typed by a person" }, &out->task, err);
	else
		r = -1;
	free(text);
	out->meeting = m->seq;
	return r == -1 ? -1 : 0;
}

/* ---- add */

static int
lead_ok(struct lp_db *db, const struct lead_row *l, struct lp_err *err)
{
	struct suppression_hit hit;
	int r;

	if (l->email == NULL)
		return lp_fail(err, LP_DATA, "l%" PRId64 " has no e-mail address", l->seq);
	if ((r = suppressions_hit(db, l->person, l->email, &hit, err)) == 1)
		return lp_fail(err, LP_NOPERM, "l%" PRId64 " is suppressed since %.10s: %s", l->seq, hit.since, hit.reason);
	if (r == 0 && respond_lead_bars(l->status))
		return lp_fail(err, LP_NOPERM, "l%" PRId64 " is %s%s%s (lp-leads start)", l->seq, l->status, l->status_reason != NULL ? ": " : "",
		    l->status_reason != NULL ? l->status_reason : "");
	return r;
}

static int
place(struct lp_db *db, const struct booking_ask *ask, struct meeting_place *p, struct lp_err *err)
{
	int r = meeting_place(db, ask->lead, p, err);

	if (r == -1)
		return -1;
	if (ask->account != 0 && ask->account != p->account) {
		p->account = ask->account;
		p->thread = 0;
	}
	if (p->account == 0)
		return lp_fail(err, LP_DATA, "no mail was sent to l%" PRId64 " yet: say which account invites (--account)", ask->lead);
	if (p->thread == 0)
		return thread_new(db, ask->lead, p->account, "email", &p->thread, err);
	return 0;
}

static int
add(struct lp_db *db, const struct booking_ask *ask, const struct lead_row *l, const struct booking_times *t, struct booking_hand *out, struct lp_err *err)
{
	struct meeting_place p = { 0 };
	struct meeting_new n = { .lead = ask->lead, .booked_by = ask->by, .attendee = l->email, .timezone = *t->theirs != '\0' ? t->theirs : t->ours,
		.title = t->c.title, .location = t->c.location, .starts_at = ask->starts_at,
		.ends_at = ask->starts_at + (ask->length != 0 ? ask->length : t->length) };
	char uuid[LP_UUID_SIZE], purpose[64], uid[MEETING_UID_SIZE];
	struct meeting m = { 0 };
	int r;

	if (place(db, ask, &p, err) == -1 || db_uuid(db, uuid, err) == -1)
		return -1;
	snprintf(purpose, sizeof(purpose), "hand:%s", uuid);
	if (meeting_uid(db, purpose, p.account, uid, err) == -1)
		return -1;
	n.uid = uid;
	n.thread = p.thread;
	n.account = p.account;
	n.campaign = p.campaign;
	if ((r = meeting_reserve(db, &n, &out->meeting, err)) == 0)
		return is_taken(t->ours, n.starts_at, err);
	if (r == -1 || meeting_get(db, out->meeting, &m, err) != 1)
		return -1;
	r = queue(db, &m, 0, ask, out, err);
	if (r == 0)
		r = meeting_task(db, m.seq, out->task, err);
	meeting_clear(&m);
	return r;
}

int
booking_add(struct lp_db *db, const struct booking_ask *ask, struct booking_hand *out, struct lp_err *err)
{
	struct booking_times t = { 0 };
	struct lead_row l = { 0 };
	int r;

	*out = (struct booking_hand){ 0 };
	if (far_enough(db, ask->starts_at, err) == -1)
		return -1;
	if ((r = lead_row_get(db, ask->lead, &l, err)) != 1)
		return r == -1 ? -1 : lp_fail(err, LP_NO, "no such lead: l%" PRId64, ask->lead);
	if ((r = lead_ok(db, &l, err)) == 0 && (r = booking_settings(db, ask->lead, 0, &t, err)) == 0)
		r = add(db, ask, &l, &t, out, err);
	booking_times_clear(&t);
	lead_row_clear(&l);
	return r;
}

/* ---- a meeting that is there */

static int
get(struct lp_db *db, int64_t seq, struct meeting *m, struct lp_err *err)
{
	int r = meeting_get(db, seq, m, err);

	return r == 1 ? 0 : r == -1 ? -1 : lp_fail(err, LP_NO, "no such meeting: b%" PRId64, seq);
}

/* Its invitation, where that can still be changed. */
static int
unsent(struct lp_db *db, const struct meeting *m, int64_t *message, int64_t *task, struct lp_err *err)
{
	struct outbox o;
	int r = meeting_message(db, m->seq, 0, message, task, err);

	if (r != 1)
		return r == -1 ? -1 : lp_fail(err, LP_BUG, "b%" PRId64 " has no message", m->seq);
	if (outbox_get(db, *message, &o, err) == -1)
		return -1;
	if (o.state == OUT_UNKNOWN)
		r = lp_fail(err, LP_DATA, "it isn't known whether the invitation left: lp-send resolve m%" PRId64 " sent|unsent", *message);
	else if (o.state == OUT_RESERVED)
		r = lp_fail(err, LP_TEMP, "the invitation is on the wire just now");
	outbox_clear(&o);
	return r == -1 ? -1 : 0;
}

static int
put_elsewhere(struct lp_db *db, const struct meeting *m, int64_t at, int64_t length, const char *by, struct lp_err *err)
{
	struct meeting_new n = { .uid = m->uid, .lead = m->lead, .booked_by = by, .attendee = m->attendee, .timezone = m->timezone, .title = m->title,
		.location = m->location, .starts_at = at, .ends_at = at + length };
	int64_t seq;

	return meeting_reserve(db, &n, &seq, err);
}

int
booking_again(struct lp_db *db, const struct meeting *m, struct lp_err *err)
{
	return put_elsewhere(db, m, m->starts_at, m->ends_at - m->starts_at, NULL, err);
}

/* Nobody was told of the old time: the row moves, and its text is made anew. */
static int
move_unsent(struct lp_db *db, const struct meeting *m, const struct booking_ask *ask, int64_t length, struct booking_hand *out, struct lp_err *err)
{
	int64_t message;
	int r;

	if (unsent(db, m, &message, &out->task, err) == -1)
		return -1;
	if ((r = put_elsewhere(db, m, ask->starts_at, length, ask->by, err)) != 1)
		return r == -1 ? -1 : is_taken(m->timezone, ask->starts_at, err);
	/* what waits for a yes to the old text asks for one to the new */
	return task_release(db, out->task, db_now(db), NULL, ask->why != NULL ? ask->why : "the meeting was moved", err) == -1 ? -1 : 0;
}

int
booking_move(struct lp_db *db, int64_t seq, const struct booking_ask *ask, struct booking_hand *out, struct lp_err *err)
{
	struct meeting m;
	int64_t length;
	int r, sequence;

	*out = (struct booking_hand){ .meeting = seq };
	if (far_enough(db, ask->starts_at, err) == -1 || get(db, seq, &m, err) == -1)
		return -1;
	length = ask->length != 0 ? ask->length : m.ends_at - m.starts_at;
	if (strcmp(m.status, "reserved") == 0)
		r = move_unsent(db, &m, ask, length, out, err);
	else if ((r = meeting_change(db, seq, ask->starts_at, ask->starts_at + length, ask->why, &sequence, err)) == 0)
		r = is_taken(m.timezone, ask->starts_at, err);
	else if (r == 1)
		r = queue(db, &m, sequence, ask, out, err);
	meeting_clear(&m);
	return r;
}

static int
give_up(struct lp_db *db, const struct meeting *m, const struct booking_ask *ask, struct lp_err *err)
{
	const char *why = ask->why != NULL ? ask->why : "called off by hand";
	int64_t message, task;

	if (unsent(db, m, &message, &task, err) == -1)
		return -1;
	return message_end(db, message, "superseded", why, err) == -1 || (task != 0 && task_cancel(db, task, "by_hand", why, err) == -1) ? -1 : 0;
}

int
booking_cancel(struct lp_db *db, int64_t seq, const struct booking_ask *ask, struct booking_hand *out, struct lp_err *err)
{
	struct meeting m;
	int r, sequence;

	*out = (struct booking_hand){ .meeting = seq };
	if (get(db, seq, &m, err) == -1)
		return -1;
	if (strcmp(m.status, "reserved") == 0)
		r = give_up(db, &m, ask, err);
	else if ((r = meeting_change(db, seq, 0, 0, ask->why, &sequence, err)) == 1)
		r = queue(db, &m, sequence, ask, out, err);
	meeting_clear(&m);
	return r;
}
