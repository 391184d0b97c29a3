/*
 * The door for invitations, and for what changes them.
 */
#include "agent/booking.h"
#include "agent/reserve_int.h"

int
door_meeting(struct door *x, struct lp_err *err)
{
	char *why = NULL;

	if (x->m->meeting == 0)
		return 0;
	switch (booking_stands(x->db, x->m, &why, err)) {
	case BOOKING_STANDS:
		return 0;
	case BOOKING_ANEW:
		return door_no(x, V_DELAY, HOLD_NONE, db_now(x->db) + LP_MINUTE, why);
	case BOOKING_MEND:
		return door_no(x, V_HOLD, HOLD_MEND, 0, why);
	case BOOKING_OVER:
		return door_no(x, V_BLOCK, HOLD_NONE, 0, why);
	case BOOKING_ERROR:
		break;
	}
	return -1;
}
