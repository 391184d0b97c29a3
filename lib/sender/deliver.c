#include "sender/deliver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sender/delivered.h"
#include "sender/phone.h"
#include "sender/volume.h"
#include "store/log.h"
#include "store/messages.h"
#include "store/tasks.h"

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
	cJSON *settings;
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
	if (channel_reaches(w->ch, w->account.settings) && db_simulated(db)) {
		lp_fail(err, LP_CONFIG, "this is a simulated file: nothing of it reaches past this machine");
		goto fail;
	}
	settings = account_settings(&w->account);
	w->conn = w->ch->open_out(settings, err);
	cJSON_Delete(settings);
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

int
wire_ready(struct wire *w, struct lp_err *err)
{
	if (w->ch->ready == NULL || w->ch->ready(w->conn, err) == 0)
		return 0;
	return lp_err_prefix(err, "account %s", w->account.name);
}

/* The last try is when the days of trying end. */
static int64_t
next_try(const struct outbox *o, int64_t asked, int64_t now)
{
	int64_t wait = 5 * LP_MINUTE, end = (o->deferred_since != 0 ? o->deferred_since : now) + VOLUME_DAYS * LP_DAY;

	for (int tries = o->tries; tries > 1 && wait < 12 * LP_HOUR; tries--)
		wait *= 3;
	if (wait < asked)
		wait = asked;
	if (wait > 12 * LP_HOUR)
		wait = 12 * LP_HOUR;
	return now + wait < end || end <= now ? now + wait : end;
}

/* The outcome, and what follows from it (volume_outcome). The caller holds the transaction. */
static int
record_within(struct lp_db *db, const struct outbox *o, struct channel_result *r, struct lp_err *err)
{
	static const enum outbox_state states[] = { [CHANNEL_ACCEPTED] = OUT_SENT, [CHANNEL_DEFERRED] = OUT_DEFERRED,
		[CHANNEL_REFUSED] = OUT_REFUSED, [CHANNEL_UNKNOWN] = OUT_UNKNOWN };
	int ok;

	ok = volume_outcome(db, o, r, err) != -1 &&
	    outbox_record(db, o->message, &(struct outbox_result){ .state = states[r->state], .code = r->code, .status = r->status, .response = r->text,
	        .service_id = r->id, .next_try = r->state == CHANNEL_DEFERRED ? next_try(o, r->retry_ms, db_now(db)) : 0,
	        .ours = r->blame == BLAME_US || r->blame == BLAME_CAMPAIGN }, err) != -1 &&
	    (*r->id == '\0' || delivery_caught_up(db, o->account, r->id, err) != -1);
	return ok ? 0 : -1;
}

static int
record(struct lp_db *db, const struct outbox *o, struct channel_result *r, struct lp_err *err)
{
	bool ok;

	if (db_begin(db, err) == -1)
		return -1;
	ok = record_within(db, o, r, err) == 0;
	return db_end(db, ok, ok ? err : NULL) == -1 || !ok ? -1 : 0;
}

struct item {
	struct message m;
	struct outbox o;
	char name[CHANNEL_NAME_SIZE];
	cJSON *template;        /* by which it leaves; NULL */
};

static void
item_clear(struct item *x)
{
	message_clear(&x->m);
	outbox_clear(&x->o);
	cJSON_Delete(x->template);
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
		if ((r = phone_template(db, &x->m, x->o.reserved_at, &x->template, err)) != -1)
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
	found = w->ch->find == NULL ? lp_fail(&why, LP_TEMP, "it can't be told whether it was sent") :
	    w->ch->find(w->conn, &(struct channel_mail){ .name = x.name, .from = w->account.address, .to = x.o.recipient, .text = x.m.body,
	    .template = x.template, .reserved_at = x.o.reserved_at }, r, &why);
	if (found == -1) {
		channel_say(r, CHANNEL_UNKNOWN, 0, "%s", why.msg);
		found = 2;
	} else if (found == 1 && record(db, &x.o, r, err) == -1)
		found = -1;
	item_clear(&x);
	return found;
}

struct parcel {
	struct wire *w;
	struct item x;
	struct channel_result r;
	bool over;              /* r is there; else the channel will have it */
};

/* Many reads, one lock. */
int
deliver_make(struct lp_db *db, const struct account *a, int64_t message, int64_t date, struct made *x, struct lp_err *err)
{
	struct message m;
	int r;

	x->date = date;
	*x->hash = '\0';
	buf_reset(&x->data);
	if (db_look(db, err) == -1)
		return -1;
	r = message_get(db, message, &m, err);
	if (r == 1 && m.body != NULL) {
		if (m.recipient != NULL)
			message_hash(&m, m.recipient, x->hash);
		r = deliver_compose(db, a, message, date, &x->data, err);
	}
	message_clear(&m);
	return db_end(db, true, r == -1 ? NULL : err) == -1 || r == -1 ? -1 : 0;
}

static int
get_parcel(struct lp_db *db, struct wire *w, int64_t message, struct parcel *p, struct lp_err *err)
{
	int r;

	if (db_look(db, err) == -1)
		return -1;
	r = item_get(db, w, message, &p->x, err);
	return db_end(db, true, r == -1 ? NULL : err) == -1 || r == -1 ? -1 : 0;
}

struct parcel *
deliver_begin(struct lp_db *db, struct wire *w, int64_t message, const struct made *made, struct lp_err *err)
{
	struct parcel *p = xcalloc(1, sizeof(*p));
	struct buf data = { 0 };
	char hash[LP_HEX_SIZE];
	struct lp_err why;
	bool same;

	p->w = w;
	p->over = true;
	if (get_parcel(db, w, message, p, err) == -1) {
		item_clear(&p->x);
		free(p);
		return NULL;
	}
	message_hash(&p->x.m, p->x.o.recipient, hash);
	if (strcmp(hash, p->x.o.content_hash) != 0 || p->x.m.recipient == NULL || strcmp(p->x.m.recipient, p->x.o.recipient) != 0)
		channel_say(&p->r, CHANNEL_DEFERRED, 0, "the message isn't what was reserved");
	else if (!(same = made != NULL && made->date == p->x.o.reserved_at && strcmp(made->hash, hash) == 0) &&
	    deliver_compose(db, &w->account, message, p->x.o.reserved_at, &data, &why) == -1)
		channel_say(&p->r, CHANNEL_DEFERRED, 0, "%s", why.msg);
	else {
		struct channel_mail mail = { .name = p->x.name, .from = w->account.address, .to = p->x.o.recipient,
			.data = same ? made->data.s : data.s, .len = same ? made->data.len : data.len, .text = p->x.m.body, .template = p->x.template, .reserved_at = p->x.o.reserved_at };

		p->over = w->ch->begin == NULL;
		if (p->over)
			w->ch->deliver(w->conn, &mail, &p->r);
		else
			w->ch->begin(w->conn, &mail);
	}
	buf_free(&data);
	return p;
}

bool
deliver_step(struct parcel *p)
{
	if (!p->over && p->w->ch->step(p->w->conn)) {
		p->w->ch->end(p->w->conn, &p->r, NULL);
		p->over = true;
	}
	return p->over;
}

int
deliver_record(struct lp_db *db, struct parcel *p, struct channel_result *r, struct lp_err *err)
{
	*r = p->r; /* as it came: a second try begins from there */
	return record_within(db, &p->x.o, r, err);
}

void
deliver_free(struct parcel *p)
{
	if (p == NULL)
		return;
	item_clear(&p->x);
	free(p);
}

int
deliver(struct lp_db *db, struct wire *w, int64_t message, struct channel_result *r, struct lp_err *err)
{
	struct parcel *p = deliver_begin(db, w, message, NULL, err);
	int status;

	if (p == NULL)
		return -1;
	if (!p->over)
		channel_wait(w->ch, w->conn);
	deliver_step(p);
	*r = p->r;
	status = record(db, &p->x.o, r, err);
	deliver_free(p);
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
		r = outbox_record(db, message, &(struct outbox_result){ .state = sent ? OUT_SENT : OUT_DEFERRED, .response = text,
		    .next_try = db_now(db) }, err);
	if (r == 1 && task_release(db, o.task, db_now(db), NULL, text, err) == -1)
		r = -1;
	outbox_clear(&o);
	free(text);
	return r;
}
