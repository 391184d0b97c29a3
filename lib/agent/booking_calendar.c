/*
 * The calendar part of a meeting's message. Part of booking.h.
 */
#include <stdlib.h>
#include <string.h>

#include "agent/booking_int.h"
#include "base/json.h"
#include "base/mem.h"
#include "calendar/itip.h"
#include "store/accounts.h"
#include "store/views.h"

static char *
name_of(const cJSON *lead)
{
	const char *first = json_str(lead, "first_name"), *last = json_str(lead, "last_name");

	if (first == NULL && last == NULL)
		return NULL;
	return xasprintf("%s%s%s", first != NULL ? first : "", first != NULL && last != NULL ? " " : "", last != NULL ? last : "");
}

char *
booking_calendar(struct lp_db *db, const struct meeting *m, const struct message *msg, const char *to, struct lp_err *err)
{
	bool next = m->next_sequence != 0, cancels = booking_cancels(m, msg);
	/* the instant of the message's making, which never changes: the same rows give the same bytes */
	struct itip_event e = { .method = cancels ? "CANCEL" : "REQUEST", .uid = m->uid, .sequence = next ? m->next_sequence : m->sequence,
		.starts = next && !cancels ? m->next_starts_at : m->starts_at, .ends = next && !cancels ? m->next_ends_at : m->ends_at,
		.zone = m->timezone, .summary = m->title, .location = m->location, .attendee = to, .dtstamp = lp_uuid_ms(msg->id) };
	struct account a = { 0 };
	char *text = NULL, *name = NULL;
	cJSON *lead = NULL;
	int r = account_get(db, m->account, &a, err);

	if (r == 0)
		lp_fail(err, LP_DATA, "the meeting's account is gone");
	if (r == 1 && (m->lead == 0 || (lead = view_lead(db, m->lead, err)) != NULL)) {
		e.attendee_name = name = name_of(lead);
		e.organizer = a.address;
		e.organizer_name = a.display_name;
		text = itip_make(&e, err);
	}
	free(name);
	cJSON_Delete(lead);
	account_clear(&a);
	return text;
}
