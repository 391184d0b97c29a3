/*
 * The door and the law: what the country asks for was looked at by the gate, and is again, on the rows of this moment.
 */
#include "agent/reserve_int.h"
#include "sender/law.h"

int
door_law(struct door *x, struct lp_err *err)
{
	char *why;
	int r = law_gate(x->db, x->m, &why, err);

	return r == 1 ? door_no(x, V_HOLD, HOLD_MEND, 0, why) : r;
}
