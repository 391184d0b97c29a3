/*
 * What came back: bounces and complaints.  Anybody can write one, so it is believed only of a message that we really sent, and what is
 * suppressed is the address that we really mailed, whatever the report claims.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "agent/receive_int.h"
#include "store/accounts.h"
#include "store/config.h"
#include "store/enrolments.h"
#include "store/notify.h"
#include "store/returns.h"
#include "store/suppressions.h"

#define RATE_DAYS 7
#define BOUNCES_LEAST 50        /* messages sent, or a rate says nothing */
#define BOUNCES_MOST 5          /* per cent */
#define COMPLAINTS_LEAST 100
#define COMPLAINTS_MOST 3       /* per mille */

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

/* Nothing leaves from it until a person has looked. */
static int
hold_account(struct received *x, int64_t account, const char *why, struct lp_err *err)
{
	struct account a;
	char *key, *command, *title;
	int r = account_status(x->db, account, "stopped", why, err);

	if (r != 1)
		return r;
	if ((r = account_get(x->db, account, &a, err)) != 1)
		return r;
	buf_printf(&x->done, "; account %s stopped", a.name);
	title = xasprintf("Account %s is stopped", a.name);
	command = xasprintf("lp-accounts start %s", a.name);
	key = xasprintf("held:a%" PRId64 ":i%" PRId64, account, x->res->seq);
	r = notify_add(x->db, &(struct notice){ .type = "error", .title = title, .message = why, .command = command, .task = x->n->task,
	    .lead = x->m.lead, .dedupe = key }, err);
	free(title);
	free(command);
	free(key);
	account_clear(&a);
	return r;
}

/* Too much of what an account sends comes back: it stops before the world stops listening to it. */
static int
check_rates(struct received *x, int64_t account, struct lp_err *err)
{
	struct returns back;
	char *why = NULL;
	int r;

	if (returns_of(x->db, account, db_now(x->db) - RATE_DAYS * LP_DAY, &back, err) == -1)
		return -1;
	if (back.sent >= BOUNCES_LEAST && back.hard * 100 >= back.sent * BOUNCES_MOST)
		why = xasprintf("%" PRId64 " of %" PRId64 " messages of the last %d days came back from dead addresses", back.hard, back.sent, RATE_DAYS);
	else if (back.sent >= COMPLAINTS_LEAST && back.complaints * 1000 >= back.sent * COMPLAINTS_MOST)
		why = xasprintf("%" PRId64 " of %" PRId64 " messages of the last %d days were called spam", back.complaints, back.sent, RATE_DAYS);
	if (why == NULL)
		return 0;
	r = hold_account(x, account, why, err);
	free(why);
	return r;
}

static int
dead(struct received *x, const struct outbox *o, const char *what, struct lp_err *err)
{
	char *why = xasprintf("%s (i%" PRId64 ")%s%s", what, x->res->seq, *x->reason != '\0' ? ": " : "", x->reason);
	int r = receive_stop(x, x->m.person, why, err);

	if (r != -1 && (r = suppressions_add(x->db, "email", o->recipient, x->m.person, why, "bounce", err)) != -1)
		r = returns_bounced(x->db, x->m.person, o->recipient, why, err);
	if (r != -1)
		r = receive_notice(x, "bounce", xasprintf("%s: %s", o->recipient, what), xasprintf("bounce:l%" PRId64, x->m.lead), err);
	free(why);
	if (r == -1)
		return -1;
	buf_puts(&x->done, "; the address is suppressed");
	return check_rates(x, o->account, err);
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
	char *why;
	int r;

	if (x->told.returned == NULL)
		return 0;
	if ((r = receive_about(x, &o, err)) != 1)
		return r;
	if (strcmp(x->told.returned, "hard") == 0)
		r = dead(x, &o, "the address is dead", err);
	else if (strcmp(x->told.returned, "soft") == 0)
		r = later(x, &o, err);
	else {
		why = xasprintf("a server refuses what we send (i%" PRId64 ")%s%s", x->res->seq, *x->reason != '\0' ? ": " : "", x->reason);
		r = hold_account(x, o.account, why, err);
		free(why);
	}
	outbox_clear(&o);
	return r;
}

int
receive_complaint(struct received *x, struct lp_err *err)
{
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
		r = check_rates(x, o.account, err);
	}
	free(why);
	outbox_clear(&o);
	return r;
}
