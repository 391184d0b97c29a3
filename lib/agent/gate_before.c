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
#include "store/messages.h"
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
	int r;

	/* judged at both moments where a reply is answered, and yet one alarm */
	if (h->type == RULE_ESCALATION && strcmp(t->type, "respond_to_reply") == 0)
		moment = "decide";
	r = rule_fired(db, h->rule->seq, h->rule->version, h->rule->name, t, moment, err);

	if (r != 1)
		return r;
	if (json_get(h->rule->action, "notify") != NULL && tell(db, t, h, err) == -1)
		return -1;
	return type != NULL && strcmp(moment, "decide") == 0 ? enqueue(db, t, h, type, err) : 0;
}

/* As much as fits, cut between characters. */
static void
fit(char *out, size_t size, const char *s)
{
	size_t n = strlen(s);

	if (n >= size)
		for (n = size - 1; n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80; n--)
			;
	memcpy(out, s, n);
	out[n] = '\0';
}

/* "send template X" is an action as well: the one by which this task sends. */
static void
sending(struct lp_db *db, const struct task *t, struct rule_choice *c, struct lp_err *err)
{
	struct message m = { 0 };

	if (strcmp(t->type, "respond_to_reply") == 0)
		snprintf(c->action, sizeof(c->action), "send_response");
	else if (t->message != 0 && message_get(db, t->message, &m, err) == 1)
		snprintf(c->action, sizeof(c->action), "send_%s", m.channel);
	message_clear(&m);
}

static void
take(struct lp_db *db, const struct task *t, struct rule_choice *c, const struct ruled *h, struct lp_err *err)
{
	const char *action = json_str(h->rule->action, "action"), *text = json_str(h->rule->action, "template");

	if (c->rule == 0) {
		c->rule = h->rule->seq;
		c->version = h->rule->version;
		fit(c->name, sizeof(c->name), h->rule->name);
		fit(c->reason, sizeof(c->reason), h->why);
	}
	if (text != NULL && c->template == NULL)
		c->template = xstrdup(text);
	if (*c->action != '\0')
		return;
	if (action != NULL)
		snprintf(c->action, sizeof(c->action), "%s", action);
	else if (text != NULL)
		sending(db, t, c, err);
}

/* The highest of its kind wins alone; what stands below it, also what can't be judged, doesn't matter. */
static int
pick(struct lp_db *db, const struct task *t, const struct ruled *hits, size_t n, struct rule_choice *c, struct lp_err *err)
{
	const struct ruled *won[2] = { NULL, NULL };
	size_t i;

	for (i = 0; i < n; i++) {
		const struct ruled *h = &hits[i];
		const struct ruled **kind = &won[h->type == RULE_TEMPLATE];

		if (*kind != NULL)
			continue;
		if (h->result == TRI_NULL) {
			c->rule = h->rule->seq;
			c->version = h->rule->version;
			fit(c->name, sizeof(c->name), h->rule->name);
			fit(c->reason, sizeof(c->reason), h->why);
			c->hold = true;
			return 0;
		}
		*kind = h;
	}
	for (i = 0; i < n; i++)
		if (&hits[i] == won[0] || &hits[i] == won[1]) {
			take(db, t, c, &hits[i], err);
			if (rule_acted(db, t, &hits[i], "decide", err) == -1)
				return -1;
		}
	return 0;
}

int
rules_before_decision(struct lp_db *db, const struct task *t, struct rule_choice *c, struct lp_err *err)
{
	struct gate *g = gate_now(db, err);
	struct ruled *hits;
	cJSON *situation;
	size_t n;
	int r;

	*c = (struct rule_choice){ 0 };
	if (g == NULL)
		return -1;
	if (ruleset_size(g->set) == 0)
		return 0;
	if ((situation = situation_of(db, t, NULL, NULL, db_now(db), g->zone, g->lead_time, err)) == NULL)
		return -1;
	ruleset_judge(g->set, situation, db_now(db), t->type, true, &hits, &n);
	r = pick(db, t, hits, n, c, err);
	ruled_free(hits, n);
	cJSON_Delete(situation);
	if (r == -1) {
		free(c->template);
		c->template = NULL;
	}
	return r;
}

static void
alarm_of(struct rule_alarm *a, const struct ruled *h)
{
	if (h->result == TRI_NULL) {
		if (*a->unclear == '\0')
			fit(a->unclear, sizeof(a->unclear), h->why);
		return;
	}
	if (json_get(h->rule->action, "stop") == NULL)
		return;
	if (!a->stop)
		fit(a->reason, sizeof(a->reason), h->why);
	a->stop = true;
	a->told = a->told || json_get(h->rule->action, "notify") != NULL;
}

int
rules_alarm(struct lp_db *db, const struct task *t, struct rule_alarm *a, struct lp_err *err)
{
	struct gate *g = gate_now(db, err);
	struct ruled *hits;
	cJSON *situation;
	size_t n, i;
	int r = 0;

	*a = (struct rule_alarm){ 0 };
	if (g == NULL)
		return -1;
	if (ruleset_size(g->set) == 0)
		return 0;
	if ((situation = situation_of(db, t, NULL, NULL, db_now(db), g->zone, g->lead_time, err)) == NULL)
		return -1;
	ruleset_judge(g->set, situation, db_now(db), t->type, false, &hits, &n);
	for (i = 0; i < n && r == 0; i++) {
		if (hits[i].type != RULE_ESCALATION)
			continue;
		alarm_of(a, &hits[i]);
		if (hits[i].result == TRI_TRUE && (json_get(hits[i].rule->action, "stop") != NULL || json_get(hits[i].rule->action, "notify") != NULL))
			r = rule_acted(db, t, &hits[i], "decide", err) == -1 ? -1 : 0;
	}
	ruled_free(hits, n);
	cJSON_Delete(situation);
	return r;
}
