#include "agent/sending_look.h"

#include <stdlib.h>
#include <string.h>

#include "sender/phone.h"
#include "sender/volume.h"
#include "store/messages.h"
#include "store/tasks.h"

#define FOR (3 * LP_DAY) /* what isn't listed by then won't be */

static int
record(struct lp_db *db, struct outbox *o, struct channel_result *r, struct lp_err *err)
{
	enum outbox_state s = r->state == CHANNEL_REFUSED ? OUT_REFUSED : OUT_SENT;
	int ok;

	if (db_begin(db, err) == -1)
		return -1;
	ok = volume_outcome(db, o, r, err) != -1 && outbox_record(db, o->message, &(struct outbox_result){ .state = s, .code = r->code, .status = r->status,
	    .response = r->text, .service_id = r->id }, err) != -1 && task_release(db, o->task, db_now(db), NULL, "the service knows the message", err) != -1;
	return db_end(db, ok, ok ? err : NULL) == -1 || !ok ? -1 : 1;
}

/* 1 found, 0, 2 the service can't be asked now, -1. */
static int
look(struct lp_db *db, struct wire *w, struct message *m, struct outbox *o, struct lp_err *err)
{
	struct channel_result r;
	struct lp_err why = { 0 };
	char name[CHANNEL_NAME_SIZE];
	cJSON *template;
	int got = phone_template(db, m, o->reserved_at, &template, err);

	if (got == -1)
		return -1;
	channel_name(m->rfc_message_id, lp_uuid_ms(m->id), name);
	got = w->ch->find(w->conn, &(struct channel_mail){ .name = name, .from = w->account.address, .to = o->recipient, .text = m->body, .template = template,
	    .reserved_at = o->reserved_at }, &r, &why);
	cJSON_Delete(template);
	/* that a service doesn't list it is proof only where the channel says so, and then the run that reserved it has looked already */
	return got == 1 ? record(db, o, &r, err) : got == -1 && why.kind == LP_TEMP ? 2 : 0;
}

/* Nothing is connected, and no secret looked up, for a kind that can't be asked. 1, 0, -1. */
static int
can_tell(struct lp_db *db, int64_t account, struct lp_err *err)
{
	const struct channel *ch;
	struct account a;
	int r = account_get(db, account, &a, err);

	if (r == 1) {
		ch = channel_get(a.kind, NULL);
		r = ch != NULL && ch->find != NULL;
		account_clear(&a);
	}
	return r;
}

/* 0, -1. An account that is *silent isn't tried again: a dead service costs one time-out. */
static int
one(struct lp_db *db, struct wire **wires, int64_t message, int64_t *silent, int *looked, int *found, struct lp_err *err)
{
	struct message m = { 0 };
	struct outbox o = { 0 };
	struct lp_err why;
	struct wire *w;
	bool fatal;
	int r = outbox_get(db, message, &o, err);

	if (r == 1 && o.account != *silent && (r = can_tell(db, o.account, err)) == 1 && (r = message_get(db, message, &m, err)) == 1 &&
	    (w = wire_open(wires, db, o.account, &fatal, &why)) != NULL) {
		*looked += 1;
		if ((r = look(db, w, &m, &o, err)) == 1)
			*found += 1;
		else if (r == 2)
			*silent = o.account;
	}
	message_clear(&m);
	outbox_clear(&o);
	return r == -1 ? -1 : 0;
}

int
sending_look(struct lp_db *db, struct wire **wires, int *looked, int *found, struct lp_err *err)
{
	int64_t *seqs, silent = 0;
	size_t n;
	int r = outbox_unknown(db, db_now(db) - FOR, &seqs, &n, err);

	*looked = *found = 0;
	for (size_t i = 0; r == 0 && i < n; i++)
		r = one(db, wires, seqs[i], &silent, looked, found, err);
	free(seqs);
	return r;
}
