#include "agent/sending.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/actions.h"
#include "agent/reserve.h"
#include "base/json.h"
#include "store/records.h"

/* By whom the text was made is one thing; whatever goes by mail goes through this door. */
static bool
goes_by_mail(const struct action *a)
{
	return a != NULL && (a->carrier == BY_SEND || a->carrier == BY_BOOK);
}

/* Does the type have an action that lp-send puts on the wire? */
static bool
may_send(const char *type)
{
	for (const char *const *name = actions_of(type); *name != NULL; name++)
		if (goes_by_mail(action_get(*name)))
			return true;
	return false;
}

/* 1: the rows leave it to us; 0: not ours, or somebody before us said no; -1. Without a decision the door says what is missing. */
static int
is_ours(struct lp_db *db, const struct task *t, struct lp_err *err)
{
	struct decision d = { 0 };
	struct verdict_row v = { 0 };
	const struct action *a = NULL;
	int decided, judged = 0, r;

	if ((decided = decision_get(db, t->seq, NULL, &d, err)) == 1)
		a = action_get(d.action);
	if (decided != -1)
		judged = verdict_last(db, t, NULL, &v, err);
	if (decided == -1 || judged == -1)
		r = -1;
	else
		r = (decided == 0 || goes_by_mail(a)) && (judged == 0 || v.verdict == V_ALLOW);
	decision_clear(&d);
	verdict_clear(&v);
	return r;
}

static void
tell_result(struct env *e, int64_t message, const char *state, int code, const char *text, int64_t next)
{
	cJSON *o = cJSON_CreateObject();
	char handle[24], iso[LP_ISO_SIZE];

	snprintf(handle, sizeof(handle), "m%" PRId64, message);
	json_set_str(o, "message_id", handle);
	json_set_str(o, "state", state);
	if (code != 0)
		json_set_num(o, "code", code);
	if (text != NULL && *text != '\0')
		json_set_str(o, "response", text);
	if (next != 0)
		json_set_str(o, "next_try_at", lp_iso(next, iso));
	env_set(e, "result", o);
}

static void
tell_outbox(struct env *e, const struct outbox *o)
{
	tell_result(e, o->message, outbox_state_name(o->state), o->code, o->response, o->state == OUT_DEFERRED ? o->next_try_at : 0);
}

/* What only a person can mend holds the task, on record. */
static int
hold(struct stage *s, struct env *e, const struct task *t, const char *why, struct lp_err *err)
{
	struct verdict_row v = { .stage = "send", .verdict = V_HOLD, .hold = HOLD_MEND };
	struct task mine;
	int r;

	if (db_begin(s->db, err) == -1)
		return -1;
	if ((r = task_mine(s->db, t->seq, t->lease, &mine, err)) == 1) {
		task_clear(&mine);
		v.reason = xstrdup(why);
		r = verdict_put(s->db, t, &v, NULL, err) == -1 ? -1 : 1;
	}
	if (db_end(s->db, r != -1, r != -1 ? err : NULL) == -1)
		r = -1;
	if (r == 1)
		env_set(e, "gate", verdict_json(&v));
	else if (r == 0)
		env_error(e, "lease_lost", "the task isn't running under this lease any more", false, 0);
	verdict_clear(&v);
	return r == -1 ? -1 : 0;
}

static int
put_on_wire(struct stage *s, struct env *e, struct wire *w, int64_t message, struct lp_err *err)
{
	struct channel_result r;
	struct outbox o;
	int got;

	if (deliver(s->db, w, message, &r, err) == -1 || (got = outbox_get(s->db, message, &o, err)) == -1)
		return -1;
	if (got == 1)
		tell_outbox(e, &o);
	outbox_clear(&o);
	return 0;
}

/* A run that died had reserved it: is it there already? 1: no, go on; 0: told. */
static int
look(struct stage *s, struct env *e, struct wire *w, int64_t message, struct lp_err *err)
{
	struct channel_result r;
	int found = deliver_look(s->db, w, message, &r, err);

	if (found == 1)
		tell_result(e, message, outbox_state_name(OUT_SENT), r.code, r.text, 0);
	else if (found == 2)
		env_error(e, "channel", r.text, true, 0);
	return found == -1 ? -1 : found == 0;
}

static int
through_the_door(struct stage *s, struct env *e, struct wire *w, const struct task *t, bool looked, struct lp_err *err)
{
	struct reserve_how how = { w->ch->redo_is_safe, channel_reaches(w->ch, w->account.settings), looked };
	struct message m;
	struct outbox o;
	struct verdict_row v;
	struct lp_err why = { 0 };
	int r = 0;

	switch (reserve_message(s->db, t, &w->account, &how, &m, &o, &v, &why)) {
	case RESERVE_ERROR:
		*err = why;
		r = -1;
		break;
	case RESERVE_NO:
		env_set(e, "gate", verdict_json(&v));
		break;
	case RESERVE_YES:
		r = put_on_wire(s, e, w, t->message, err);
		break;
	case RESERVE_DONE:
		tell_outbox(e, &o);
		break;
	case RESERVE_LOOK:
		r = look(s, e, w, t->message, err);
		break;
	case RESERVE_MISSING:
		env_error(e, "stage_missing", why.msg, true, 0);
		break;
	case RESERVE_LOST:
		env_error(e, "lease_lost", "the task isn't running under this lease any more", false, 0);
		break;
	}
	message_clear(&m);
	outbox_clear(&o);
	verdict_clear(&v);
	return r;
}

/* Connect before reserving: what is reserved is on its way. */
static int
send_one(struct stage *s, struct env *e, const struct task *t, struct lp_err *err)
{
	struct wire *w;
	struct message m;
	struct lp_err why;
	bool fatal, text;
	int r = message_get(s->db, t->message, &m, err);

	if (r != 1)
		return r == -1 ? -1 : env_error(e, "no_message", "the task has no message", false, 0);
	w = wire_open((struct wire **)s->ctx, s->db, m.account, &fatal, &why);
	text = m.body != NULL;
	message_clear(&m);
	if (w != NULL && wire_ready(w, &why) == -1)
		w = NULL;
	if (w == NULL && fatal) {
		*err = why;
		return -1;
	}
	if (w == NULL && why.kind == LP_CONFIG)
		return hold(s, e, t, why.msg, err);
	if (w == NULL)
		return env_error(e, "channel", why.msg, true, 0);
	/* a text that can't be a message (a broken header, "Re:" on a first one) is for a person, before it counts anywhere; where there is none,
	 * the door knows which stage is missing */
	if (text && deliver_check(s->db, &w->account, t->message, &why) == -1 && why.kind == LP_DATA)
		return hold(s, e, t, why.msg, err);
	r = through_the_door(s, e, w, t, false, err);
	if (r == 1 && (r = through_the_door(s, e, w, t, true, err)) == 1)
		r = lp_fail(err, LP_BUG, "m%" PRId64 ": looked for twice", t->message);
	return r;
}

int
sending_item(struct stage *s, struct env *e, struct lp_err *err)
{
	struct outbox o = { 0 };
	struct task t;
	int r;

	if (e->task == 0 || e->has_error || !may_send(e->type))
		return 0;
	if ((r = stage_task(s, e, &t, err)) != 1)
		return r;
	if (t.message == 0 || !may_send(t.type))
		r = 0;
	else if ((r = outbox_get(s->db, t.message, &o, err)) == 1 && (o.state == OUT_SENT || o.state == OUT_REFUSED || o.state == OUT_UNKNOWN)) {
		tell_outbox(e, &o); /* on record already */
		r = 0;
	} else if (r != -1 && (r = is_ours(s->db, &t, err)) == 1)
		r = send_one(s, e, &t, err);
	outbox_clear(&o);
	task_clear(&t);
	return r == -1 ? -1 : 0;
}

int
sending_preview(struct lp_db *db, int64_t message, struct buf *out, struct lp_err *err)
{
	struct message m;
	struct account a;
	int r = message_get(db, message, &m, err);

	if (r == 1) {
		r = m.account != 0 ? account_get(db, m.account, &a, err) : 0;
		message_clear(&m);
		if (r == 0)
			return lp_fail(err, LP_DATA, "the message has no account");
	} else if (r == 0)
		return lp_fail(err, LP_NOINPUT, "no such message");
	if (r == -1)
		return -1;
	r = deliver_compose(db, &a, message, db_now(db), out, err);
	account_clear(&a);
	return r;
}
