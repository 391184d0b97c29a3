/*
 * The door for telephones: consent, the lead's hours, WhatsApp's window and tier.
 */
#include "agent/reserve_int.h"
#include "base/mem.h"
#include "sender/phone.h"

int
door_phone(struct door *x, struct lp_err *err)
{
	struct phone_ask q = { .a = x->a, .l = &x->l, .channel = x->m->channel, .recipient = x->m->recipient, .template = x->m->template, .inbox = x->m->inbox };
	struct phone_said s;

	if (phone_judge(x->db, &q, &s, err) == -1)
		return -1;
	return s.verdict == V_ALLOW ? 0 : door_no(x, s.verdict, s.verdict == V_HOLD ? HOLD_MEND : HOLD_NONE, s.until, xstrdup(s.why));
}
