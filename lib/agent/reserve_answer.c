/*
 * The door for answers: nothing automatic is answered, only the newest reply is, once a day without a person, and to nobody but who wrote it.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "agent/consent.h"
#include "agent/reserve_int.h"
#include "base/mem.h"
#include "store/inbox.h"

int
door_recipient(struct door *x, char **to, struct lp_err *err)
{
	struct inbox_message in;
	int r;

	*to = NULL;
	if (x->m->inbox == 0) {
		*to = xstrdup(lead_row_address(&x->l, x->m->channel));
		return 0;
	}
	if ((r = inbox_get(x->db, x->m->inbox, &in, err)) != 1)
		return r == -1 ? -1 : door_no(x, V_BLOCK, HOLD_NONE, 0, xstrdup("the reply is gone"));
	r = respond_address(x->db, &in, &x->l, to, err);
	inbox_clear(&in);
	if (r == -1 && err->kind == LP_DATA)
		return door_no(x, V_BLOCK, HOLD_NONE, 0, xstrdup(err->msg));
	return r;
}

/* One automatic answer a thread and rolling day. What was reserved before is that one. */
static int
once_a_day(struct door *x, const struct thread *t, struct lp_err *err)
{
	int64_t again = t->answered_at + LP_DAY;
	int r;

	if (x->redo || t->answered_at == 0 || db_now(x->db) >= again || (r = consent_automatic(x->db, x->t, x->m, err)) == 0)
		return 0;
	return r == -1 ? -1 : door_no(x, V_DELAY, HOLD_NONE, again, xstrdup("this thread had an automatic answer within the day"));
}

static int
judge(struct door *x, const struct respond *reply, struct lp_err *err)
{
	char *why = NULL;
	int r = 0;

	/* a person of ours who answers by hand knows what they answer */
	if (!message_by_hand(x->m))
		r = respond_bar(x->db, reply, &why, err);
	if (r != 0)
		return r == -1 ? -1 : door_no(x, V_BLOCK, HOLD_NONE, 0, why);
	if (reply->thread.seq == 0 || reply->thread.seq != x->m->thread || reply->in.lead != x->m->lead || reply->thread.lead != x->m->lead)
		return door_no(x, V_HOLD, HOLD_MEND, 0, xstrdup("the answer isn't in the reply's thread and lead"));
	if (reply->thread.account != x->a->seq || x->m->account != x->a->seq)
		return door_no(x, V_HOLD, HOLD_MEND, 0, xstrdup("the account isn't the thread's"));
	return once_a_day(x, &reply->thread, err);
}

int
door_answer(struct door *x, struct lp_err *err)
{
	struct respond reply;
	int r;

	if (x->m->inbox == 0)
		return 0;
	if ((r = respond_load(x->db, x->m->inbox, 0, &reply, err)) != 1)
		return r == -1 ? -1 : door_no(x, V_BLOCK, HOLD_NONE, 0, xstrdup("the reply is gone"));
	r = judge(x, &reply, err);
	respond_clear(&reply);
	return r;
}

int
door_answered(struct door *x, struct lp_err *err)
{
	int r;

	if (x->m->inbox == 0 || x->m->thread == 0 || (r = consent_automatic(x->db, x->t, x->m, err)) == 0)
		return 0;
	return r == -1 ? -1 : thread_answered(x->db, x->m->thread, db_now(x->db), err);
}
