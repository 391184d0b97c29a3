#include "agent/sending_int.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/reserve.h"
#include "base/json.h"
#include "rules/actions.h"
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
		sending_tell(e, &o); /* on record already */
		r = 0;
	} else if (r != -1 && (r = is_ours(s->db, &t, err)) == 1)
		r = sending_add(s->ctx, s, e, &t, err); /* has the task now, where it took it */
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
