/* volume_rates.c - too much comes back: the account stops.  Part of volume.h. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sender/volume_int.h"
#include "store/account_stop.h"
#include "store/accounts.h"
#include "store/config.h"
#include "store/log.h"
#include "store/notify.h"
#include "store/returns.h"

#define FADE_DAYS 7     /* so long complaints must have been under their rate before a person starts again */
#define NEVER_LEAST 1e-9 /* 0.3 isn't 0.3 in binary */

/* In so many messages at most, `n` is at least `per_cent` of them. */
static int64_t
enough_for(int64_t n, double per_cent)
{
	double most = (double)n * 100 / per_cent + NEVER_LEAST;

	return most < 1e9 ? (int64_t)most : 1000000000;
}

/* Did at least per_cent of at least `floor` come back? Counts no further than it must: 1 (*sent), 0, -1. */
static int
over(struct lp_db *db, int64_t account, int64_t since, int64_t n, double per_cent, int64_t floor, int64_t *sent, struct lp_err *err)
{
	int64_t most = enough_for(n, per_cent);

	if (n == 0 || most < floor)
		return 0;
	if (returns_sent(db, account, since, most + 1, sent, err) == -1)
		return -1;
	return *sent >= floor && *sent <= most;
}

/* "the last 7 days", "the last 36h" */
static void
print_window(const struct duration *d, char out[48])
{
	int64_t ms = duration_ms(d);
	char text[DURATION_SIZE];

	if (ms % LP_DAY == 0 && ms / LP_DAY > 1)
		snprintf(out, 48, "the last %" PRId64 " days", ms / LP_DAY);
	else
		snprintf(out, 48, "the last %s", duration_print(d, text));
}

static int
stop(struct lp_db *db, int64_t account, const char *cause, int64_t n, int64_t sent, const struct config_volume *c, struct volume_done *done, struct lp_err *err)
{
	char window[48], *why;
	int r;

	print_window(&c->window, window);
	why = xasprintf("%" PRId64 " of %" PRId64 " messages of %s %s", n, sent, window,
	    strcmp(cause, "bounces") == 0 ? "came back from dead addresses" : "were called spam");
	r = volume_stop(db, account, cause, why, done, err);
	free(why);
	return r;
}

/* One notice a window. */
static int
warn(struct lp_db *db, int64_t account, int64_t n, int64_t sent, const struct config_volume *c, struct lp_err *err)
{
	char window[48], key[64], command[48], *why, *title;
	struct account a;
	int r = account_get(db, account, &a, err);

	if (r != 1)
		return r;
	print_window(&c->window, window);
	why = xasprintf("%" PRId64 " of %" PRId64 " messages of %s were called spam; at %.15g %% it stops", n, sent, window, c->complaint_max);
	title = xasprintf("Account %s: complaints", a.name);
	snprintf(key, sizeof(key), "complaints:a%" PRId64 ":%" PRId64, account, db_now(db) / duration_ms(&c->window));
	snprintf(command, sizeof(command), "lp-accounts show a%" PRId64, account);
	r = notify_add(db, &(struct notice){ .type = "complaint", .title = title, .message = why, .command = command, .dedupe = key }, err);
	free(why);
	free(title);
	account_clear(&a);
	return r;
}

static int
judge(struct lp_db *db, int64_t account, int64_t since, const struct config_volume *c, struct volume_done *done, struct lp_err *err)
{
	struct returns back;
	int64_t sent;
	int r;

	if (returns_back(db, account, since, &back, err) == -1)
		return -1;
	if ((r = over(db, account, since, back.hard, c->bounce_max, c->bounce_floor, &sent, err)) != 0)
		return r == 1 ? stop(db, account, "bounces", back.hard, sent, c, done, err) : -1;
	if ((r = over(db, account, since, back.complaints, c->complaint_max, c->complaint_floor, &sent, err)) != 0)
		return r == 1 ? stop(db, account, "complaints", back.complaints, sent, c, done, err) : -1;
	if ((r = over(db, account, since, back.complaints, c->complaint_warn, c->complaint_floor, &sent, err)) != 0)
		return r == 1 ? warn(db, account, back.complaints, sent, c, err) : -1;
	return 0;
}

int
volume_rates(struct lp_db *db, int64_t account, struct volume_done *done, struct lp_err *err)
{
	struct account_standing s;
	struct config_volume c;
	int64_t since;
	int r;

	if ((r = account_standing(db, account, &s, err)) != 1 || config_volume(db, &c, err) == -1)
		return r == 0 ? 0 : -1;
	since = db_now(db) - duration_ms(&c.window);
	return judge(db, account, since > s.rates_from ? since : s.rates_from, &c, done, err);
}

/* Complaints fade slowly: 1 where they have, 0 and *why, -1. */
static int
faded(struct lp_db *db, int64_t account, const char *name, char **why, struct lp_err *err)
{
	struct account_standing s;
	struct config_volume c;
	struct returns back;
	char iso[LP_ISO_SIZE];
	int64_t sent;
	int r;

	if ((r = account_standing(db, account, &s, err)) != 1)
		return r;
	if (strcmp(s.stopped_for, "complaints") != 0)
		return 1;
	if (db_now(db) < s.stopped_at + FADE_DAYS * LP_DAY) {
		*why = xasprintf("account %s was stopped for complaints: not before %.10s", name, lp_iso(s.stopped_at + FADE_DAYS * LP_DAY, iso));
		return 0;
	}
	if (config_volume(db, &c, err) == -1 || returns_back(db, account, db_now(db) - duration_ms(&c.window), &back, err) == -1 ||
	    (r = over(db, account, db_now(db) - duration_ms(&c.window), back.complaints, c.complaint_max, c.complaint_floor, &sent, err)) == -1)
		return -1;
	if (r == 1)
		*why = xasprintf("account %s: %" PRId64 " of its last %" PRId64 " messages were called spam", name, back.complaints, sent);
	return r == 0;
}

static int
force_it(struct lp_db *db, int64_t account, const char *why, const char *reason, struct lp_err *err)
{
	char *text = xasprintf("started by force: %s (%s)", reason, why);
	int r = log_add(db, &(struct log_entry){ .type = "action", .account = account, .text = text }, err);

	free(text);
	return r;
}

int
volume_start(struct lp_db *db, int64_t account, bool force, const char *reason, int *released, struct lp_err *err)
{
	struct account a;
	char *why = NULL;
	int r, changed = 0;

	if ((r = account_get(db, account, &a, err)) != 1)
		return r;
	if ((r = faded(db, account, a.name, &why, err)) == 0)
		r = !force || reason == NULL || *reason == '\0' ? lp_fail(err, LP_NOPERM, "%s (--force -m REASON sends all the same)", why) :
		                                                  force_it(db, account, why, reason, err);
	if (r != -1 && (changed = account_status(db, account, "active", reason, err)) != -1 && (changed == 0 || (r = account_started(db, account, err)) != -1))
		r = account_release(db, account, err);
	if (r > 0)
		*released += r;
	free(why);
	account_clear(&a);
	return r == -1 || changed == -1 ? -1 : changed;
}
