#include "agent/deliver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/tz.h"
#include "mail/compose.h"
#include "store/inbox.h"
#include "store/log.h"
#include "store/messages.h"
#include "store/tasks.h"
#include "store/views.h"

#define TRIES_MAX 11 /* with the back-off below: three days */

void
wires_close(struct wire **list)
{
	struct wire *w, *next;

	for (w = *list; w != NULL; w = next) {
		next = w->next;
		w->ch->close(w->conn);
		account_clear(&w->account);
		free(w);
	}
	*list = NULL;
}

struct wire *
wire_open(struct wire **list, struct lp_db *db, int64_t account, bool *fatal, struct lp_err *err)
{
	struct wire *w;
	int r;

	*fatal = false;
	for (w = *list; w != NULL; w = w->next)
		if (w->account.seq == account)
			return w;
	w = xcalloc(1, sizeof(*w));
	r = account_get(db, account, &w->account, err);
	*fatal = r == -1;
	if (r == 0)
		lp_fail(err, LP_CONFIG, "the message has no account");
	if (r != 1 || (w->ch = channel_get(w->account.kind, err)) == NULL)
		goto fail;
	if (w->ch->reaches_past_loopback && db_simulated(db)) {
		lp_fail(err, LP_CONFIG, "this is a simulated file: nothing of it reaches past this machine");
		goto fail;
	}
	w->conn = w->ch->open_out(w->account.settings, err);
	if (w->conn == NULL)
		goto fail;
	w->next = *list;
	*list = w;
	return w;
fail:
	if (!*fatal && w->account.name != NULL)
		lp_err_prefix(err, "account %s", w->account.name);
	account_clear(&w->account);
	free(w);
	return NULL;
}

/* What a message is made of, and must live until it is composed. */
struct parts {
	struct message m;
	char **ids;             /* references: the thread's messages, then the mail that it answers */
	size_t nids;
	char *thread_subject, *to_name, *mailto;
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
	free(p->mailto);
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

static void
unsubscribe_parts(const struct account *a, struct parts *p)
{
	const char *u = json_str(a->settings, "unsubscribe");

	if (u == NULL)
		return;
	if (strncasecmp(u, "https:", 6) == 0)
		p->out.unsubscribe_url = u;
	else { /* what comes back with that subject is an opt-out to lp-read */
		p->mailto = xasprintf("mailto:%s?subject=unsubscribe", u);
		p->out.unsubscribe_mailto = p->mailto;
	}
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
	int r = message_get(db, message, &p.m, err);

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
		unsubscribe_parts(a, &p);
		r = mail_compose(&p.out, out, err);
	}
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

static int64_t
next_try(int tries, int64_t now)
{
	int64_t wait = 5 * LP_MINUTE;

	for (; tries > 1 && wait < 12 * LP_HOUR; tries--)
		wait *= 3;
	return now + (wait < 12 * LP_HOUR ? wait : 12 * LP_HOUR);
}

static int
record(struct lp_db *db, const struct outbox *o, const struct channel_result *r, struct lp_err *err)
{
	static const enum outbox_state states[] = { [CHANNEL_ACCEPTED] = OUT_SENT, [CHANNEL_DEFERRED] = OUT_DEFERRED,
		[CHANNEL_REFUSED] = OUT_REFUSED, [CHANNEL_UNKNOWN] = OUT_UNKNOWN };
	enum outbox_state s = states[r->state];
	int ok;

	if (s == OUT_DEFERRED && o->tries >= TRIES_MAX)
		s = OUT_REFUSED; /* three days are enough */
	if (db_begin(db, err) == -1)
		return -1;
	ok = outbox_record(db, o->message, s, r->code, r->text, s == OUT_DEFERRED ? next_try(o->tries, db_now(db)) : 0, err) != -1;
	return db_end(db, ok, ok ? err : NULL) == -1 || !ok ? -1 : 0;
}

struct item {
	struct message m;
	struct outbox o;
	char name[CHANNEL_NAME_SIZE];
};

static void
item_clear(struct item *x)
{
	message_clear(&x->m);
	outbox_clear(&x->o);
}

static int
item_get(struct lp_db *db, const struct wire *w, int64_t message, struct item *x, struct lp_err *err)
{
	int r;

	*x = (struct item){ 0 };
	if ((r = outbox_get(db, message, &x->o, err)) == 1)
		r = message_get(db, message, &x->m, err);
	if (r == 1 && x->o.state == OUT_RESERVED && x->o.account == w->account.seq) {
		channel_name(x->m.rfc_message_id, lp_uuid_ms(x->m.id), x->name);
		return 0;
	}
	item_clear(x);
	return r == -1 ? -1 : lp_fail(err, LP_BUG, "deliver: the message isn't reserved");
}

int
deliver_look(struct lp_db *db, struct wire *w, int64_t message, struct channel_result *r, struct lp_err *err)
{
	struct lp_err why;
	struct item x;
	int found;

	if (item_get(db, w, message, &x, err) == -1)
		return -1;
	found = w->ch->find(w->conn, x.name, r, &why);
	if (found == -1) {
		channel_say(r, CHANNEL_UNKNOWN, 0, "%s", why.msg);
		found = 2;
	} else if (found == 1 && record(db, &x.o, r, err) == -1)
		found = -1;
	item_clear(&x);
	return found;
}

int
deliver(struct lp_db *db, struct wire *w, int64_t message, struct channel_result *r, struct lp_err *err)
{
	struct buf data = { 0 };
	char hash[LP_HEX_SIZE];
	struct lp_err why;
	struct item x;
	int status;

	if (item_get(db, w, message, &x, err) == -1)
		return -1;
	message_hash(&x.m, x.o.recipient, hash);
	if (strcmp(hash, x.o.content_hash) != 0 || x.m.recipient == NULL || strcmp(x.m.recipient, x.o.recipient) != 0)
		channel_say(r, CHANNEL_DEFERRED, 0, "the message isn't what was reserved");
	else if (deliver_compose(db, &w->account, message, x.o.reserved_at, &data, &why) == -1)
		channel_say(r, CHANNEL_DEFERRED, 0, "%s", why.msg);
	else
		w->ch->deliver(w->conn,
		    &(struct channel_mail){ .name = x.name, .from = w->account.address, .to = x.o.recipient, .data = data.s, .len = data.len }, r);
	status = record(db, &x.o, r, err);
	buf_free(&data);
	item_clear(&x);
	return status;
}

int
deliver_resolve(struct lp_db *db, int64_t message, bool sent, const char *by, const char *why, struct lp_err *err)
{
	struct outbox o;
	char *text = xasprintf("%s: %s%s%s", by, sent ? "it was sent" : "it was not sent", why != NULL ? "; " : "", why != NULL ? why : "");
	int r = outbox_get(db, message, &o, err);

	if (r == 1 && o.state != OUT_UNKNOWN)
		r = 0;
	if (r == 1)
		r = outbox_record(db, message, sent ? OUT_SENT : OUT_DEFERRED, 0, text, db_now(db), err);
	if (r == 1 && task_release(db, o.task, db_now(db), NULL, text, err) == -1)
		r = -1;
	outbox_clear(&o);
	free(text);
	return r;
}
