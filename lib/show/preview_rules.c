/* preview_rules.c - what the rules would say of a message that isn't there yet. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "rules/situation_rows.h"
#include "show/preview_int.h"

/* The members that a task and a message row would add. */
static void
add_planned(cJSON *s, const struct pv_message *m, const cJSON *o)
{
	const char *channel = json_str(o, "channel");
	cJSON *task = cJSON_CreateObject(), *message = cJSON_CreateObject(), *draft;
	char action[32];

	snprintf(action, sizeof(action), "send_%s", channel);
	json_set_str(s, "action", action);
	json_set(s, "data", cJSON_CreateObject());
	json_set_str(task, "task_type", m->step > 1 ? "follow_up" : "send_message");
	json_set_str(task, "status", "running");
	json_set_num(task, "priority", 0);
	json_set(s, "task", task);
	json_set_num(message, "step", m->step);
	json_set_str(message, "variant", json_str(o, "variant"));
	json_set_str(message, "channel", channel);
	json_set_str(message, "status", "planned");
	if (json_str(o, "account") != NULL)
		json_set_str(message, "account", json_str(o, "account"));
	json_set(s, "message", message);
	if (json_str(o, "body") == NULL)
		return;
	draft = cJSON_CreateObject();
	json_set_str(draft, "channel", channel);
	if (json_str(o, "subject") != NULL)
		json_set_str(draft, "subject", json_str(o, "subject"));
	json_set_str(draft, "body", json_str(o, "body"));
	json_set(s, "draft", draft);
}

/* Does what the rule asks for keep the message from leaving at that time? */
static bool
holds_back(const struct ruled *hit)
{
	const cJSON *a = hit->rule->action;
	const char *verdict = json_str(a, "verdict");

	return hit->result == TRI_NULL || json_get(a, "stop") != NULL || json_get(a, "skip") != NULL ||
	    (verdict != NULL && strcmp(verdict, "allow") != 0);
}

int
preview_rules(struct preview *p, const struct pv_message *m, const cJSON *o, cJSON *holds, struct lp_err *err)
{
	const struct pv_lead *l = &p->lead[m->lead];
	int64_t at = m->at != 0 ? m->at : p->now;
	struct ruled *hits;
	size_t n, i;
	cJSON *s;

	if (p->rules == NULL && (p->rules = ruleset_new(p->db, err)) == NULL)
		return -1;
	if ((s = situation_planned(p->db, l->row.lead, p->campaign, at, p->config.hours.timezone, err)) == NULL)
		return -1;
	add_planned(s, m, o);
	ruleset_judge(p->rules, s, at, m->step > 1 ? "follow_up" : "send_message", false, &hits, &n);
	for (i = 0; i < n; i++)
		if (holds_back(&hits[i]))
			cJSON_AddItemToArray(holds, cJSON_CreateString(hits[i].why));
	ruled_free(hits, n);
	cJSON_Delete(s);
	return 0;
}
