#include "sender/volume.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mailbox.h"
#include "sender/volume_int.h"
#include "store/account_stop.h"
#include "store/accounts.h"
#include "store/campaigns.h"
#include "store/log.h"
#include "store/notify.h"
#include "store/returns.h"
#include "store/stops.h"
#include "store/suppressions.h"

#define SLOW (LP_HOUR)          /* where we are asked to slow down, and not for how long */
#define SLOW_QUOTA (LP_DAY)     /* a day's quota is used up: it is a rolling day's */

/* One notice for all the accounts that stopped with one cause. */
static int
tell_stopped(struct lp_db *db, const struct buf *names, bool many, const char *why, const char *key, const struct outbox *o, struct lp_err *err)
{
	char *title, *command;
	struct buf list = { 0 };
	const char *s = buf_str((struct buf *)names);
	int r;

	for (; *s != '\0'; s++) /* "a b" for the command, "a, b" for people */
		buf_puts(&list, *s == ' ' ? ", " : (char[]){ *s, '\0' });
	title = xasprintf("Account%s %s %s stopped", many ? "s" : "", buf_str(&list), many ? "are" : "is");
	command = xasprintf("lp-accounts start %s", buf_str((struct buf *)names));
	r = notify_add(db, &(struct notice){ .type = "error", .title = title, .message = why, .command = command, .task = o != NULL ? o->task : 0,
	    .lead = o != NULL ? o->lead : 0, .dedupe = key }, err);
	free(title);
	free(command);
	buf_free(&list);
	return r;
}

/* Stop one; its name goes into `names` where this stopped it. */
static int
stop_one(struct lp_db *db, int64_t account, const char *cause, const char *why, struct buf *names, struct volume_done *done, struct lp_err *err)
{
	struct account a;
	int r = account_stop(db, account, cause, why, err);

	if (r != 1 || (r = account_get(db, account, &a, err)) != 1)
		return r;
	buf_printf(names, "%s%s", names->len > 0 ? " " : "", a.name);
	if (done != NULL)
		buf_printf(&done->text, "; account %s stopped", a.name);
	account_clear(&a);
	return 1;
}

int
volume_stop(struct lp_db *db, int64_t account, const char *cause, const char *why, struct volume_done *done, struct lp_err *err)
{
	struct buf names = { 0 };
	char key[64];
	int r = stop_one(db, account, cause, why, &names, done, err);

	if (r == 1) {
		snprintf(key, sizeof(key), "held:a%" PRId64 ":%" PRId64, account, db_now(db));
		r = tell_stopped(db, &names, false, why, key, NULL, err) == -1 ? -1 : 1;
	}
	buf_free(&names);
	return r;
}

/* The others that send from the domain: what the world holds against it, it holds against them. A mailbox provider's domain isn't ours to lose. */
static int
stop_neighbours(struct lp_db *db, int64_t account, const char *name, const char *domain, const char *why, struct buf *names, struct volume_done *done,
    struct lp_err *err)
{
	int64_t *seqs = NULL;
	char *because;
	size_t n = 0;
	int r;

	if (domain == NULL || mailbox_provider(domain) != NULL)
		return 0;
	because = xasprintf("%s, of account %s at the same domain", why, name);
	r = accounts_at(db, domain, &seqs, &n, err);
	for (size_t i = 0; r != -1 && i < n; i++)
		if (seqs[i] != account)
			r = stop_one(db, seqs[i], "refusals", because, names, done, err);
	free(seqs);
	free(because);
	return r == -1 ? -1 : 0;
}

int
volume_ours(struct lp_db *db, const struct outbox *o, const char *why, const char *key, struct volume_done *done, struct lp_err *err)
{
	struct buf names = { 0 };
	struct account a;
	int r;

	if ((r = account_get(db, o->account, &a, err)) != 1)
		return r;
	if ((r = stop_one(db, o->account, "refusals", why, &names, done, err)) != -1)
		r = stop_neighbours(db, o->account, a.name, mailbox_domain(a.address), why, &names, done, err);
	if (r != -1 && names.len > 0)
		r = tell_stopped(db, &names, strchr(names.s, ' ') != NULL, why, key, o, err);
	buf_free(&names);
	account_clear(&a);
	return r == -1 ? -1 : 0;
}

/* ---- what one answer means */

static bool
has(const char *text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strstr(text, *words) != NULL)
			return true;
	return false;
}

static bool
is_one_of(const char *status, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(status, *list) == 0)
			return true;
	return false;
}

/* We are asked to come slower, not to mend something: how long to wait, or 0. */
static int64_t
slow_for(const struct channel_result *r)
{
	/* who we are can't be shown (SPF, DKIM, DMARC, PTR, TLS): waiting mends nothing, though the code says "later" */
	static const char *const mend[] = { "4.7.23", "4.7.24", "4.7.25", "4.7.26", "4.7.27", "4.7.29", "4.7.30", "4.7.31", "4.7.32", NULL };
	static const char *const quota[] = { "5.4.5", "4.4.5", "5.7.705", "5.7.708", NULL };
	static const char *const words[] = { "spf", "dkim", "dmarc", "unauthenticated", "not authenticated", "reverse dns", "ptr record", NULL };
	static const char *const daily[] = { "daily", "quota", "sending limit", NULL };
	char text[sizeof(r->text)];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)(r->text[i] >= 'A' && r->text[i] <= 'Z' ? r->text[i] + 32 : r->text[i]);
	if (is_one_of(r->status, quota) || (strcmp(r->status, "") == 0 && has(text, daily)))
		return r->retry_ms > 0 ? r->retry_ms : SLOW_QUOTA;
	if (r->state != CHANNEL_DEFERRED || is_one_of(r->status, mend) || has(text, words))
		return 0;
	return r->retry_ms > 0 ? r->retry_ms : SLOW;
}

static int
slow_down(struct lp_db *db, const struct outbox *o, struct channel_result *r, int64_t wait, struct lp_err *err)
{
	struct account a;
	char *title, *why, key[64], day[LP_ISO_SIZE], handle[48];
	int s;

	if (wait > SLOW_QUOTA)
		wait = SLOW_QUOTA;
	r->state = CHANNEL_DEFERRED;
	r->retry_ms = wait;
	if ((s = account_get(db, o->account, &a, err)) != 1)
		return s;
	why = xasprintf("a server asks us to slow down (m%" PRId64 "): %s", o->message, r->text);
	title = xasprintf("Account %s is asked to slow down", a.name);
	snprintf(key, sizeof(key), "slow:a%" PRId64 ":%.10s", o->account, lp_iso(db_now(db), day));
	snprintf(handle, sizeof(handle), "lp-accounts show a%" PRId64, o->account);
	if ((s = account_slow(db, o->account, db_now(db) + wait, why, err)) == 1)
		s = notify_add(db, &(struct notice){ .type = "error", .title = title, .message = why, .command = handle, .task = o->task, .lead = o->lead,
		    .dedupe = key }, err);
	free(why);
	free(title);
	account_clear(&a);
	return s == -1 ? -1 : 0;
}

static int
ours(struct lp_db *db, const struct outbox *o, struct channel_result *r, struct lp_err *err)
{
	int64_t wait = slow_for(r);
	char *why, key[80];
	int s;

	if (wait > 0)
		return slow_down(db, o, r, wait, err);
	why = xasprintf("a server refuses what we send (m%" PRId64 "): %s", o->message, r->text);
	snprintf(key, sizeof(key), "held:a%" PRId64 ":m%" PRId64 ":%" PRId64, o->account, o->message, db_now(db));
	r->state = CHANNEL_DEFERRED; /* for when it is mended */
	s = volume_ours(db, o, why, key, NULL, err);
	free(why);
	return s;
}

/* Refused to one, it would be refused to all: the campaign waits for whoever mends its template, and the message with it. */
static int
template_wrong(struct lp_db *db, const struct outbox *o, struct channel_result *r, struct lp_err *err)
{
	char *why = xasprintf("the service refuses its template (m%" PRId64 "): %s", o->message, r->text), *name = NULL, *title, key[80], command[48];
	int s = campaign_set_status(db, o->campaign, "paused", why, err);

	r->state = CHANNEL_DEFERRED; /* for when it is mended */
	if (s == 1 && (s = campaign_name(db, o->campaign, &name, err)) == 1) {
		title = xasprintf("Campaign '%s' is paused", name);
		snprintf(key, sizeof(key), "template:c%" PRId64 ":m%" PRId64 ":%" PRId64, o->campaign, o->message, db_now(db));
		snprintf(command, sizeof(command), "lp-campaigns start c%" PRId64, o->campaign);
		s = notify_add(db, &(struct notice){ .type = "error", .title = title, .message = why, .command = command, .task = o->task, .lead = o->lead,
		    .dedupe = key }, err);
		free(title);
	}
	free(name);
	free(why);
	return s == -1 ? -1 : 0;
}

static int
refused_address(struct lp_db *db, const struct outbox *o, const struct channel_result *r, struct lp_err *err)
{
	char *why = xasprintf("refused at the door (m%" PRId64 "): %s", o->message, r->text), *title = xasprintf("%s: the address is dead", o->recipient);
	char key[48], command[48];
	int s = volume_dead(db, o, o->person, why, NULL, err);

	snprintf(key, sizeof(key), "bounce:l%" PRId64, o->lead);
	snprintf(command, sizeof(command), "lp-log why m%" PRId64, o->message);
	if (s == 0)
		s = notify_add(db, &(struct notice){ .type = "bounce", .title = title, .message = why, .command = command, .task = o->task, .lead = o->lead,
		    .dedupe = key }, err);
	free(why);
	free(title);
	return s;
}

static int
opted_out(struct lp_db *db, const struct outbox *o, const struct channel_result *r, struct lp_err *err)
{
	char *why = xasprintf("the service says that they opted out (m%" PRId64 "): %s", o->message, r->text);
	char *title = xasprintf("opt-out of %s", o->recipient), key[48], command[48];
	int s = 0;

	snprintf(key, sizeof(key), "optout:m%" PRId64, o->message);
	snprintf(command, sizeof(command), "lp-log why m%" PRId64, o->message);
	if (o->person != 0)
		s = stop_person(db, o->person, why, err);
	if (s != -1 && *o->recipient != '\0')
		s = suppressions_add(db, suppressions_kind(o->recipient), o->recipient, o->person, "asked not to be written to", "reply", err);
	if (s != -1 && (s = returns_mark(db, o->message, "opt_out", err)) != -1)
		s = notify_add(db, &(struct notice){ .type = "opt_out", .title = title, .message = why, .command = command, .task = o->task, .lead = o->lead,
		    .dedupe = key }, err);
	free(why);
	free(title);
	return s == -1 ? -1 : 0;
}

/* Three days of trying are enough; nobody is to blame, so nobody is suppressed. settle tells of it as of every task that fails. */
static void
give_up(const struct lp_db *db, const struct outbox *o, struct channel_result *r)
{
	char text[sizeof(r->text)];

	if (r->state != CHANNEL_DEFERRED || o->deferred_since == 0 || db_now(db) < o->deferred_since + VOLUME_DAYS * LP_DAY)
		return;
	snprintf(text, sizeof(text), "%s", r->text);
	channel_say(r, CHANNEL_REFUSED, r->code, "given up after %d days: %.460s", VOLUME_DAYS, text);
}

int
volume_outcome(struct lp_db *db, const struct outbox *o, struct channel_result *r, struct lp_err *err)
{
	bool refused = r->state == CHANNEL_REFUSED;

	if (refused && r->blame == BLAME_ADDRESS)
		return refused_address(db, o, r, err);
	if (refused && r->blame == BLAME_PERSON)
		return opted_out(db, o, r, err);
	if (refused && r->blame == BLAME_CAMPAIGN && o->campaign != 0)
		return template_wrong(db, o, r, err);
	if (r->blame == BLAME_US && (refused || r->state == CHANNEL_DEFERRED))
		return ours(db, o, r, err);
	give_up(db, o, r);
	return 0;
}

int
volume_dead(struct lp_db *db, const struct outbox *o, int64_t person, const char *why, struct volume_done *done, struct lp_err *err)
{
	int n = person != 0 ? stop_person(db, person, why, err) : 0;

	if (n == -1 || (*o->recipient != '\0' &&
	    suppressions_add(db, suppressions_kind(o->recipient), o->recipient, person, why, "bounce", err) == -1) ||
	    returns_bounced(db, person, o->recipient, why, err) == -1 || returns_mark(db, o->message, "hard", err) == -1)
		return -1;
	if (done != NULL) {
		done->stopped += n;
		buf_puts(&done->text, "; the address is suppressed");
	}
	return volume_rates(db, o->account, done, err) == -1 ? -1 : 0;
}

int
volume_complained(struct lp_db *db, const struct outbox *o, struct volume_done *done, struct lp_err *err)
{
	return returns_mark(db, o->message, "complaint", err) == -1 || volume_rates(db, o->account, done, err) == -1 ? -1 : 0;
}
