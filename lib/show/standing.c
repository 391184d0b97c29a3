#include "show/standing.h"

#include <stdlib.h>

#include "agent/plan.h"
#include "base/json.h"
#include "sender/when.h"
#include "store/control.h"
#include "store/outbox.h"
#include "store/report.h"

static void
limit(cJSON *list, const char *name, double used, double allowed)
{
	cJSON *o = cJSON_CreateObject();

	json_set_str(o, "name", name);
	json_set_num(o, "used", used);
	json_set_num(o, "allowed", allowed);
	cJSON_AddItemToArray(list, o);
}

static int
today(struct lp_db *db, const char *zone, int64_t *day, int64_t *since, char text[11], struct lp_err *err)
{
	return when_day(zone, db_now(db), day, text, err) == -1 ? -1 : tz_midnight(zone, *day, since, err);
}

int
standing_today(struct lp_db *db, int64_t *since, struct lp_err *err)
{
	struct lp_config c;
	char text[11];
	int64_t day;
	int r;

	if (config_load(db, &c, err) == -1)
		return -1;
	r = today(db, c.hours.timezone, &day, since, text, err);
	config_clear(&c);
	return r;
}

static int
one_account(struct lp_db *db, const struct lp_config *c, int64_t seq, int64_t agent_since, cJSON *list, struct lp_err *err)
{
	struct outbox_used u;
	struct account a;
	struct when w;
	int64_t day, since;
	char text[11], iso[LP_ISO_SIZE];
	cJSON *o;
	int r = -1;

	if (account_get(db, seq, &a, err) != 1)
		return -1;
	if (when_load(db, c, &a, 0, 0, 0, &w, err) == -1)
		goto out;
	if (today(db, w.zone, &day, &since, text, err) == 0 && outbox_used(db, seq, 0, NULL, agent_since, since, &u, err) == 0) {
		o = cJSON_CreateObject();
		json_set_str(o, "name", a.name);
		json_set_str(o, "status", a.status);
		json_set_num(o, "used", (double)u.account);
		json_set_num(o, "allowed", (double)plan_capacity(&a, day));
		if (a.inbox_read_at != 0)
			json_set_str(o, "inbox_read_at", lp_iso(a.inbox_read_at, iso));
		if (a.inbox_error != NULL)
			json_set_str(o, "inbox_error", a.inbox_error);
		cJSON_AddItemToArray(list, o);
		r = 0;
	}
	when_clear(&w);
out:
	account_clear(&a);
	return r;
}

static int
fill(struct lp_db *db, const struct lp_config *c, cJSON *o, struct lp_err *err)
{
	cJSON *limits = cJSON_AddArrayToObject(o, "limits"), *accounts = cJSON_AddArrayToObject(o, "accounts");
	int64_t day, since, hour, *seqs = NULL;
	struct outbox_used u;
	char text[11], *why = NULL;
	size_t n = 0, i;
	double cost;
	int r;

	if ((r = control_stopped(db, &why, err)) == -1 || today(db, c->hours.timezone, &day, &since, text, err) == -1 ||
	    outbox_used(db, 0, 0, NULL, since, since, &u, err) == -1 || outbox_since(db, db_now(db) - LP_HOUR, &hour, err) == -1 ||
	    report_cost(db, since, &cost, err) == -1) {
		free(why);
		return -1;
	}
	json_set_bool(o, "running", r == 0);
	if (why != NULL)
		json_set_str(o, "why", why);
	free(why);
	json_set_str(o, "timezone", c->hours.timezone);
	json_set_str(o, "day", text);
	limit(limits, "max_messages_per_day", (double)u.agent, (double)c->max_messages_per_day);
	limit(limits, "max_leads_per_day", (double)u.first_contacts, (double)c->max_leads_per_day);
	limit(limits, "max_actions_per_hour", (double)hour, (double)c->max_actions_per_hour);
	limit(limits, "max_llm_cost_per_day", cost, c->max_llm_cost_per_day);
	if (accounts_list(db, NULL, &seqs, &n, err) == -1)
		return -1;
	for (i = 0, r = 0; i < n && r == 0; i++)
		r = one_account(db, c, seqs[i], since, accounts, err);
	free(seqs);
	return r;
}

cJSON *
standing(struct lp_db *db, struct lp_err *err)
{
	struct lp_config c;
	cJSON *o;
	int r;

	if (config_load(db, &c, err) == -1)
		return NULL;
	o = cJSON_CreateObject();
	r = fill(db, &c, o, err);
	config_clear(&c);
	if (r == 0)
		return o;
	cJSON_Delete(o);
	return NULL;
}
