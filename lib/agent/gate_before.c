/*
 * Before deciding: the highest rule that matches sets the action, the highest template rule the text.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/gate_int.h"
#include "base/json.h"
#include "base/mem.h"
#include "store/approvals.h"
#include "store/notify.h"

char *
rules_json(const struct ruled *hits, size_t n)
{
	cJSON *list = cJSON_CreateArray(), *o;
	char handle[24], *s;
	size_t i;

	for (i = 0; i < n; i++) {
		o = cJSON_CreateObject();
		snprintf(handle, sizeof(handle), "r%" PRId64, hits[i].rule->seq);
		json_set_str(o, "id", handle);
		json_set_str(o, "name", hits[i].rule->name);
		json_set_num(o, "version", hits[i].rule->version);
		if (hits[i].result == TRI_NULL)
			json_set(o, "matched", cJSON_CreateNull());
		cJSON_AddItemToArray(list, o);
	}
	s = json_print(list);
	cJSON_Delete(list);
	return s;
}

static int
tell(struct lp_db *db, const struct task *t, const struct ruled *h, struct lp_err *err)
{
	char key[64], command[32], title[300];

	snprintf(key, sizeof(key), "rule:%" PRId64 ":%" PRId64, h->rule->seq, t->seq);
	snprintf(command, sizeof(command), "lp-log why t%" PRId64, t->seq);
	snprintf(title, sizeof(title), "Rule: %s", h->rule->name);
	return notify_add(db, &(struct notice){ .type = "escalation", .title = title, .message = h->why, .command = command, .task = t->seq,
	    .lead = t->lead, .dedupe = key }, err);
}

/* A child task; a chain of them ends at the depth that task_add allows. */
static int
enqueue(struct lp_db *db, const struct task *t, const struct ruled *h, const char *type, struct lp_err *err)
{
	char key[64];
	int64_t seq;
	int r;

	if (t->depth + 1 > TASK_MAX_DEPTH)
		return 0;
	snprintf(key, sizeof(key), "rule:%" PRId64 ":%" PRId64, h->rule->seq, t->seq);
	r = task_add(db, &(struct task_new){ .type = type, .priority = t->priority, .depth = t->depth + 1, .campaign = t->campaign, .lead = t->lead,
	    .inbox = t->inbox, .account = t->account, .dedupe = key, .why = h->why }, &seq, err);
	return r == -1 ? -1 : 0;
}

int
rule_acted(struct lp_db *db, const struct task *t, const struct ruled *h, const char *moment, struct lp_err *err)
{
	const char *type = json_str(h->rule->action, "enqueue");
	int r = rule_fired(db, h->rule->seq, h->rule->version, h->rule->name, t, moment, err);

	if (r != 1)
		return r;
	if (json_get(h->rule->action, "notify") != NULL && tell(db, t, h, err) == -1)
		return -1;
	return type != NULL && strcmp(moment, "decide") == 0 ? enqueue(db, t, h, type, err) : 0;
}

void
rules_decided_clear(struct rules_decided *d)
{
	free(d->template_name);
	free(d->reason);
	free(d->rules);
	*d = (struct rules_decided){ 0 };
}

static void
take(struct rules_decided *d, const struct ruled *h)
{
	const char *action = json_str(h->rule->action, "action");
	char *both;

	if (h->type == RULE_TEMPLATE) {
		d->template_name = xstrdup(json_str(h->rule->action, "template"));
		d->template_rule = h->rule->seq;
		d->template_version = h->rule->version;
	} else {
		if (action != NULL)
			snprintf(d->action, sizeof(d->action), "%s", action);
		d->rule = h->rule->seq;
		d->rule_version = h->rule->version;
	}
	both = d->reason != NULL ? xasprintf("%s; %s", d->reason, h->why) : xstrdup(h->why);
	free(d->reason);
	d->reason = both;
}

static int
pick(struct lp_db *db, const struct task *t, const struct ruled *hits, size_t n, struct rules_decided *d, struct lp_err *err)
{
	size_t i;
	int r;

	for (i = 0; i < n; i++) {
		const struct ruled *h = &hits[i];

		/* the highest of its kind wins alone; what stands below it, also what can't be judged, doesn't matter */
		if (h->type == RULE_TEMPLATE ? d->template_rule != 0 : d->rule != 0)
			continue;
		if (h->result == TRI_NULL) {
			r = h->broken ? 0 : approvals_rule_shown(db, t, "", h->rule->seq, h->rule->version, err);
			if (r == -1)
				return -1;
			if (r == 1)
				continue;
			free(d->reason);
			d->reason = xstrdup(h->why);
			d->hold = h->broken ? HOLD_MEND : HOLD_APPROVAL;
			d->rules = rules_json(h, 1);
			return 0;
		}
		take(d, h);
	}
	for (i = 0; i < n; i++)
		if ((hits[i].rule->seq == d->rule || hits[i].rule->seq == d->template_rule) && rule_acted(db, t, &hits[i], "decide", err) == -1)
			return -1;
	return 0;
}

int
rules_before_decision(struct gate *g, struct lp_db *db, const struct task *t, int64_t now, struct rules_decided *d, struct lp_err *err)
{
	char hash[LP_HEX_SIZE];
	struct ruled *hits;
	cJSON *situation;
	size_t n;
	int r;

	*d = (struct rules_decided){ 0 };
	if (gate_refresh(g, db, err) == -1)
		return -1;
	if (ruleset_size(g->set) == 0)
		return 0;
	if ((situation = situation_of(db, t, NULL, now, g->zone, g->lead_time, hash, err)) == NULL)
		return -1;
	ruleset_judge(g->set, situation, now, t->type, true, &hits, &n);
	r = pick(db, t, hits, n, d, err);
	ruled_free(hits, n);
	cJSON_Delete(situation);
	if (r == -1)
		rules_decided_clear(d);
	return r;
}
