#include "agent/advance.h"

#include "store/config.h"
#include "store/enrolments.h"
#include "store/messages.h"

int
advance_after(struct lp_db *db, int64_t message, int64_t at, struct lp_err *err)
{
	struct duration delay;
	struct message m;
	struct lp_config c;
	char text[64];
	int64_t next, due;
	int r;

	if ((r = message_next(db, message, &next, text, err)) == -1)
		return -1;
	if (r == 0) {
		if ((r = message_get(db, message, &m, err)) != 1)
			return r;
		r = m.enrolment != 0 ? enrolment_finish(db, m.enrolment, err) : 0;
		message_clear(&m);
		return r == -1 ? -1 : 0;
	}
	if (duration_parse(text, &delay, err) == -1 || config_load(db, &c, err) == -1)
		return -1;
	r = hours_after(&c.hours, at, &delay, &due, err);
	config_clear(&c);
	if (r == -1)
		return -1;
	return message_due(db, next, due, err);
}
