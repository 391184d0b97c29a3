/*
 * What came back: bounces and complaints.  Anybody can write one, so it is believed only of a message that we really sent, and what is
 * suppressed is the address that we really mailed, whatever the report claims.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "agent/receive_int.h"
#include "sender/volume.h"
#include "store/config.h"
#include "store/enrolments.h"
#include "store/returns.h"
#include "store/suppressions.h"

int
receive_about(struct received *x, struct outbox *o, struct lp_err *err)
{
	int r;

	*o = (struct outbox){ 0 };
	if (x->m.message == 0 || (!match_names_ours(&x->m) && strcmp(x->m.by, "recipient") != 0))
		return 0;
	if ((r = outbox_get(x->db, x->m.message, o, err)) != 1)
		return r;
	if ((o->state == OUT_SENT || o->state == OUT_UNKNOWN || o->state == OUT_RESERVED) && *o->recipient != '\0')
		return 1;
	outbox_clear(o);
	return 0;
}

/* For the log, and the count. */
static int
add(struct received *x, struct volume_done *done, int r)
{
	x->res->stopped += done->stopped;
	buf_puts(&x->done, buf_str(&done->text));
	buf_free(&done->text);
	return r == -1 ? -1 : 0;
}

static int
dead(struct received *x, const struct outbox *o, const char *what, struct lp_err *err)
{
	char *why = xasprintf("%s (i%" PRId64 ")%s%s", what, x->res->seq, *x->reason != '\0' ? ": " : "", x->reason);
	struct volume_done done = { 0 };
	int r = add(x, &done, volume_dead(x->db, o, x->m.person, why, &done, err));

	if (r != -1)
		r = receive_notice(x, "bounce", xasprintf("%s: %s", o->recipient, what), xasprintf("bounce:l%" PRId64, x->m.lead), err);
	free(why);
	return r;
}

static int
ours(struct received *x, const struct outbox *o, struct lp_err *err)
{
	char *why = xasprintf("a server refuses what we send (i%" PRId64 ")%s%s", x->res->seq, *x->reason != '\0' ? ": " : "", x->reason);
	char *key = xasprintf("held:a%" PRId64 ":i%" PRId64, o->account, x->res->seq);
	struct volume_done done = { 0 };
	int r = add(x, &done, volume_ours(x->db, o, why, key, &done, err));

	free(why);
	free(key);
	return r;
}

static int
later(struct received *x, const struct outbox *o, struct lp_err *err)
{
	struct lp_config c;
	char *why;
	int64_t n, until;
	int r;

	if (returns_soft_in_a_row(x->db, x->m.message, &n, err) == -1 || config_load(x->db, &c, err) == -1)
		return -1;
	if (n >= c.soft_bounces) {
		why = xasprintf("%" PRId64 " temporary bounces in a row", n);
		r = returns_set(x->db, x->res->seq, "hard", err) == -1 ? -1 : dead(x, o, why, err);
	} else {
		why = xasprintf("a temporary bounce (i%" PRId64 ")", x->res->seq);
		if ((r = hours_after(&c.hours, db_now(x->db), &c.bounce_pause, &until, err)) == 0)
			r = receive_pause(x, x->m.person, until, why, err);
	}
	free(why);
	config_clear(&c);
	return r;
}

int
receive_bounce(struct received *x, struct lp_err *err)
{
	struct outbox o;
	int r;

	if (x->told.returned == NULL)
		return 0;
	if ((r = receive_about(x, &o, err)) != 1)
		return r;
	if (strcmp(x->told.returned, "hard") == 0)
		r = dead(x, &o, "the address is dead", err);
	else if (strcmp(x->told.returned, "soft") == 0)
		r = later(x, &o, err);
	else
		r = ours(x, &o, err);
	outbox_clear(&o);
	return r;
}

int
receive_complaint(struct received *x, struct lp_err *err)
{
	struct volume_done done = { 0 };
	struct outbox o;
	char *why;
	int r = receive_about(x, &o, err);

	if (r == -1)
		return -1;
	if (r == 0) /* that somebody complains matters, also where it can't be told who */
		return receive_notice(x, "complaint", xstrdup("a complaint that names no message of ours"), NULL, err);
	why = xasprintf("complaint (i%" PRId64 ")", x->res->seq);
	if ((r = receive_stop(x, x->m.person, why, err)) != -1)
		r = suppressions_add(x->db, "email", o.recipient, x->m.person, "called it spam", "complaint", err);
	if (r != -1)
		r = receive_notice(x, "complaint", xasprintf("%s called it spam", o.recipient), NULL, err);
	if (r != -1) {
		x->res->suppressed = true;
		buf_puts(&x->done, "; suppressed");
		r = add(x, &done, volume_complained(x->db, &o, &done, err));
	}
	free(why);
	outbox_clear(&o);
	return r;
}
