/*
 * reserve_volume.c - how much, how fast: what is over a limit waits for the next moment at which it may leave; too much that comes back stops the account.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/plan.h"
#include "agent/reserve_int.h"
#include "base/json.h"
#include "base/mem.h"
#include "channel/mailhosts.h"
#include "sender/unsubscribe.h"
#include "sender/volume.h"
#include "store/account_stop.h"
#include "store/config.h"
#include "store/notify.h"

#define BULK 5000               /* messages to one provider within a day */
#define BULK_WARN (BULK * 80 / 100)

int
door_wait(struct door *x, int64_t at, char *reason, struct lp_err *err)
{
	int64_t open;

	if (at < db_now(x->db))
		at = db_now(x->db);
	if (hours_all_next_open(x->w.list, x->w.n, at, &open, err) == -1) {
		free(reason);
		return -1;
	}
	return door_no(x, V_DELAY, HOLD_NONE, open == HOURS_NEVER ? at : open, reason);
}

/* ---- within a day of the calendar */

static int
day_limit(struct door *x, const char *zone, const char *what, int64_t used, int64_t allowed, struct lp_err *err)
{
	int64_t day, midnight;
	char text[11];

	if (used < allowed)
		return 0;
	if (when_day(zone, db_now(x->db), &day, text, err) == -1 || tz_midnight(zone, day + 1, &midnight, err) == -1)
		return -1;
	return door_wait(x, midnight, xasprintf("%s: %" PRId64 " of %" PRId64 " used today", what, used, allowed), err);
}

int
door_limits(struct door *x, struct lp_err *err)
{
	int64_t agent_day, account_day, agent_since, account_since;
	const char *zone = x->c.hours.timezone;
	struct outbox_used u;
	char text[11];
	int r;

	if (when_day(zone, db_now(x->db), &agent_day, text, err) == -1 || tz_midnight(zone, agent_day, &agent_since, err) == -1 ||
	    when_day(x->w.zone, db_now(x->db), &account_day, text, err) == -1 || tz_midnight(x->w.zone, account_day, &account_since, err) == -1 ||
	    outbox_used(x->db, x->a->seq, x->m->lead, x->l.company_key, agent_since, account_since, &u, err) == -1)
		return -1;
	if (u.lead >= x->c.max_messages_per_lead)
		return door_no(x, V_BLOCK, HOLD_NONE, 0, xasprintf("max_messages_per_lead: the lead had %" PRId64 " of %" PRId64, u.lead, x->c.max_messages_per_lead));
	if ((r = day_limit(x, zone, "max_messages_per_day", u.agent, x->c.max_messages_per_day, err)) != 0 ||
	    (r = day_limit(x, x->w.zone, "the account's daily_limit", u.account, plan_capacity(x->a, account_day), err)) != 0 ||
	    (u.lead == 0 && (r = day_limit(x, zone, "max_leads_per_day", u.first_contacts, x->c.max_leads_per_day, err)) != 0) ||
	    (x->l.company_key != NULL && (r = day_limit(x, zone, "max_messages_per_company", u.company, x->c.max_messages_per_company, err)) != 0))
		return r;
	return 0;
}

/* ---- within a time that slides */

/* At most `most` within `span` up to now: 0, 1 it waits until the one that is the limit's last falls out, -1. */
static int
within(struct door *x, int64_t account, int64_t most, int64_t span, const char *what, const char *span_name, struct lp_err *err)
{
	int64_t at;
	int r;

	if (most <= 0)
		return door_wait(x, db_now(x->db) + span, xasprintf("%s: none is allowed", what), err);
	if ((r = outbox_nth(x->db, account, most, db_now(x->db) - span, &at, err)) != 1 || at + span <= db_now(x->db))
		return r == -1 ? -1 : 0;
	return door_wait(x, at + span, xasprintf("%s: %" PRId64 " of %" PRId64 " within %s", what, most, most, span_name), err);
}

/* Two messages of an account are never nearer than its gap, however late a tick comes. Who has to wait, waits a little longer than that, as the seed says: else
 * a late tick's messages would leave in step. */
static int
gap(struct door *x, struct lp_err *err)
{
	int64_t least = x->a->gap_seconds * LP_SECOND, last, jitter;
	int r;

	if (least == 0 || (r = outbox_last(x->db, x->a->seq, x->m->seq, &last, err)) == 0)
		return 0;
	if (r == -1)
		return -1;
	if (db_now(x->db) >= last + least)
		return 0;
	jitter = (int64_t)(lp_seeded(db_seed(x->db), x->m->id, last / LP_SECOND) % (uint64_t)(least / 4 + 1));
	return door_wait(x, last + least + jitter, xasprintf("gap_seconds: the account's last message left less than %" PRId64 " seconds ago", x->a->gap_seconds), err);
}

int
door_pace(struct door *x, struct lp_err *err)
{
	const char *host = json_str(x->a->settings, "host");
	struct mailhost m = { 0 };
	int r;

	if ((r = within(x, 0, x->c.max_actions_per_hour, LP_HOUR, "max_actions_per_hour", "the hour", err)) != 0)
		return r;
	/* what a provider lets one account send, whatever our own limits are */
	mailhost_account(x->a->address, host, &m);
	if ((m.per_minute != 0 && (r = within(x, x->a->seq, m.per_minute, LP_MINUTE, host, "a minute", err)) != 0) ||
	    (m.per_day != 0 && (r = within(x, x->a->seq, m.per_day, LP_DAY, host, "24 hours", err)) != 0))
		return r;
	return gap(x, err);
}

/* ---- what comes back */

int
door_standing(struct door *x, struct lp_err *err)
{
	struct account_standing s;
	struct account now;
	char iso[LP_ISO_SIZE];
	int r;

	if (account_standing(x->db, x->a->seq, &s, err) == -1)
		return -1;
	if (s.slow_until > db_now(x->db))
		return door_wait(x, s.slow_until, xasprintf("account %s was asked to slow down, until %s", x->a->name, lp_iso(s.slow_until, iso)), err);
	if ((r = volume_rates(x->db, x->a->seq, NULL, err)) != 1)
		return r;
	if ((r = account_get(x->db, x->a->seq, &now, err)) != 1)
		return -1;
	r = door_no(x, V_HOLD, HOLD_MEND, 0, xasprintf("account %s is %s: %s (lp-accounts start)", now.name, now.status, now.status_reason));
	account_clear(&now);
	return r;
}

/* ---- what the big providers count */

static int
tell_bulk(struct door *x, const char *sender, const char *provider, bool is_bulk, int64_t n, struct lp_err *err)
{
	char *title = xasprintf(is_bulk ? "%s is a bulk sender to %s from now on" : "%s sends much to %s", sender, provider), *text, key[360];
	int r;

	text = is_bulk ? xasprintf("%" PRId64 " messages within 24 hours; that counts for ever: each message needs a one-click way out (unsubscribe_url)", n) :
	                 xasprintf("%" PRId64 " messages within 24 hours; from %d on it is a bulk sender there, for ever", n, BULK);
	snprintf(key, sizeof(key), "bulk:%s:%s%s", sender, provider, is_bulk ? ":is" : "");
	r = notify_add(x->db, &(struct notice){ .type = "error", .title = title, .message = text, .command = "lp-report", .dedupe = key }, err);
	free(title);
	free(text);
	return r;
}

/* A bulk sender's mail to Gmail needs a link that takes one click (RFC 8058): 0 it has one, or is no mail of a campaign; 1 held, -1. */
static int
needs_one_click(struct door *x, const char *sender, struct lp_err *err)
{
	struct config_law law;
	bool own = false;
	char *link;

	if (x->m->enrolment == 0)
		return 0;
	if (config_law(x->db, &law, err) == -1)
		return -1;
	link = unsubscribe_link(x->db, &law, x->a, x->m, &own);
	config_law_clear(&law);
	free(link);
	if (link != NULL && own)
		return 0;
	return door_no(x, V_HOLD, HOLD_MEND, 0, xasprintf("%s is a bulk sender to gmail: mail there needs a one-click way out (unsubscribe_url)", sender));
}

/* Counted with the message that is about to leave. What a company's own domain carries by Google or Microsoft isn't seen: only a look-up of its MX would tell. */
int
door_bulk(struct door *x, struct lp_err *err)
{
	char sender[MAILBOX_ORG_SIZE];
	const char *provider;
	int64_t n;
	int bulk, r;

	if (strcmp(x->m->channel, "email") != 0)
		return 0;
	if (outbox_bulk(x->db, x->a->seq, x->m->recipient, &provider, sender, err) == -1)
		return -1;
	if (provider == NULL)
		return 0;
	if (outbox_to_provider(x->db, sender, provider, db_now(x->db) - LP_DAY, BULK, &n, err) == -1)
		return -1;
	if (++n >= BULK_WARN && tell_bulk(x, sender, provider, false, n, err) == -1)
		return -1;
	if (strcmp(provider, "gmail") != 0)
		return 0;
	if ((bulk = bulk_sender(x->db, sender, provider, err)) == -1)
		return -1;
	if (!bulk && n < BULK)
		return 0;
	if ((r = needs_one_click(x, sender, err)) != 0 || bulk)
		return r;
	return bulk_sender_add(x->db, sender, provider, err) == -1 || tell_bulk(x, sender, provider, true, n, err) == -1 ? -1 : 0;
}
