#include "agent/advance.h"

#include <string.h>

#include "store/config.h"
#include "store/enrolments.h"
#include "store/messages.h"
#include "store/tasks.h"

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

int
advance_cancel(struct lp_db *db, int64_t task, const char *why, struct lp_err *err)
{
	struct task t;
	int64_t message;
	int r;

	if ((r = task_get(db, task, &t, err)) != 1)
		return r;
	message = t.message;
	task_clear(&t);
	if ((r = task_cancel(db, task, "by_hand", why, err)) != 1 || message == 0)
		return r;
	if ((r = message_end(db, message, "skipped", why != NULL ? why : "cancelled by hand", err)) > 0)
		r = advance_after(db, message, db_now(db), err);
	return r == -1 ? -1 : 1;
}

int
advance_retry(struct lp_db *db, int64_t task, const char *why, struct lp_err *err)
{
	struct task t;
	int r;

	if ((r = task_get(db, task, &t, err)) != 1)
		return r;
	if (strcmp(t.status, "awaiting_approval") == 0 || strcmp(t.status, "failed") == 0)
		r = task_release(db, task, db_now(db), NULL, why, err);
	else
		r = task_reopen(db, task, why, err);
	if (r == 1 && t.message != 0)
		r = message_reopen(db, t.message, err);
	task_clear(&t);
	return r;
}
