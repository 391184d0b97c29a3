/* deliver_mail.c - the bytes of a mail as it leaves: from, to, thread, the way out, and the text as it was approved. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/tz.h"
#include "mail/compose.h"
#include "mail/text_html.h"
#include "sender/deliver.h"
#include "sender/phone.h"
#include "sender/unsubscribe.h"
#include "store/inbox.h"
#include "store/messages.h"
#include "store/views.h"

/* What a message is made of, and must live until it is composed. */
struct parts {
	struct message m;
	char **ids;             /* references: the thread's messages, then the mail that it answers */
	size_t nids;
	char *thread_subject, *to_name, *link, *mailto, *html;
	struct mail_out out;
};

static void
parts_clear(struct parts *p)
{
	message_clear(&p->m);
	for (size_t i = 0; i < p->nids; i++)
		free(p->ids[i]);
	free(p->ids);
	free(p->thread_subject);
	free(p->to_name);
	free(p->link);
	free(p->mailto);
	free(p->html);
}

/* In-Reply-To and References, where it is a follow-up or an answer; and the thread's subject, where it has none of its own. */
static int
thread_parts(struct lp_db *db, struct parts *p, struct lp_err *err)
{
	char *answered = NULL;

	if (p->m.thread != 0 && thread_references(db, p->m.thread, &p->ids, &p->nids, &p->thread_subject, err) == -1)
		return -1;
	if (p->m.inbox != 0 && inbox_rfc_id(db, p->m.inbox, &answered, err) == -1)
		return -1;
	p->ids = xrealloc(p->ids, (p->nids + 2) * sizeof(*p->ids));
	if (answered != NULL)
		p->ids[p->nids++] = answered;
	p->ids[p->nids] = NULL;
	if (p->nids > 0) {
		p->out.in_reply_to = p->ids[p->nids - 1];
		p->out.references = (const char *const *)p->ids;
	}
	p->out.subject = p->m.subject != NULL && *p->m.subject != '\0' ? p->m.subject : p->thread_subject;
	return 0;
}

static int
lead_name(struct lp_db *db, struct parts *p, struct lp_err *err)
{
	const char *first, *last;
	cJSON *lead;

	if (p->m.lead == 0)
		return 0;
	lead = view_lead(db, p->m.lead, err);
	if (lead == NULL)
		return -1;
	first = json_str(lead, "first_name");
	last = json_str(lead, "last_name");
	if (first != NULL || last != NULL)
		p->to_name = xasprintf("%s%s%s", first != NULL ? first : "", first != NULL && last != NULL ? " " : "", last != NULL ? last : "");
	p->out.to_name = p->to_name;
	cJSON_Delete(lead);
	return 0;
}

/* Of what nobody asked for. An answer, an invitation that somebody wanted, and what a person of ours typed for one reader is no mailing. */
static int
unsubscribe_parts(struct lp_db *db, const struct account *a, const struct config_law *c, struct parts *p, struct lp_err *err)
{
	if (p->m.inbox != 0 || p->m.meeting != 0 || p->m.lead == 0 || message_by_hand(&p->m))
		return 0;
	p->out.unsubscribe_url = p->link = unsubscribe_link(db, c, a, &p->m, &p->out.one_click);
	if (unsubscribe_mailto(db, a, &p->m, &p->mailto, err) == -1)
		return -1;
	p->out.unsubscribe_mailto = p->mailto;
	return 0;
}

/* The offset of the sender's wall clock, for the Date header. An unknown zone is UTC here: the hours were judged before. */
static int
zone_minutes(const char *zone, int64_t ms)
{
	struct tz_civil c;

	return zone != NULL && tz_local(zone, ms, &c, NULL) == 0 ? (int)(c.offset_s / 60) : 0;
}

int
deliver_compose(struct lp_db *db, const struct account *a, int64_t message, int64_t date, struct buf *out, struct lp_err *err)
{
	struct parts p = { 0 };
	struct config_law law = { 0 };
	int r;

	if (phone_channel(a->channel))
		return deliver_phone(db, a, message, date, out, err);
	r = message_get(db, message, &p.m, err);
	if (r == 1 && p.m.body == NULL)
		r = lp_fail(err, LP_DATA, "the message has no text yet");
	else if (r == 0)
		r = lp_fail(err, LP_DATA, "no such message");
	if (r == 1)
		r = thread_parts(db, &p, err) == -1 || lead_name(db, &p, err) == -1 ? -1 : 0;
	if (r == 0) {
		p.out.from_name = a->display_name;
		p.out.from_address = a->address;
		p.out.to_address = p.m.recipient;
		p.out.reply_to = json_str(a->settings, "reply_to");
		p.out.text = p.m.body;
		p.out.html = p.m.html;
		p.out.calendar = p.m.calendar;
		p.out.message_id = p.m.rfc_message_id;
		p.out.date = date;
		p.out.zone = zone_minutes(a->timezone, date);
		/* an answer that no person wrote says so: two agents facing each other must see it */
		if (p.m.inbox != 0 && strcmp(p.m.origin, "person") != 0)
			p.out.automatic = MAIL_AUTO_REPLIED;
		r = config_law(db, &law, err);
		/* made of the very text that was approved, each time the same */
		if (r == 0 && law.html && p.m.html == NULL && p.m.calendar == NULL)
			p.out.html = p.html = mail_text_html(p.m.body);
		if (r == 0 && (r = unsubscribe_parts(db, a, &law, &p, err)) == 0)
			r = mail_compose(&p.out, out, err);
	}
	config_law_clear(&law);
	parts_clear(&p);
	return r;
}

int
deliver_check(struct lp_db *db, const struct account *a, int64_t message, struct lp_err *err)
{
	struct buf out = { 0 };
	int r = deliver_compose(db, a, message, db_now(db), &out, err);

	buf_free(&out);
	return r;
}
