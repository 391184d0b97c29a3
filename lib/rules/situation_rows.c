#include "rules/situation_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hours.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/tz.h"
#include "rules/situation.h"
#include "store/views.h"

unsigned
situation_has(const cJSON *s)
{
	const cJSON *m;
	unsigned has = 0;

	cJSON_ArrayForEach(m, s)
		has |= situation_root(m->string);
	return has;
}

/* 0 where it was added or the row is gone, -1 */
static int
add(cJSON *s, const char *member, cJSON *view, struct lp_err *err)
{
	if (view == NULL)
		return err->kind == LP_NO ? 0 : -1;
	json_rm(view, "uuid");
	json_set(s, member, view);
	return 0;
}

static void
lead_extras(cJSON *lead)
{
	const char *first = json_str(lead, "first_name"), *last = json_str(lead, "last_name"), *email = json_str(lead, "email"), *at;
	char *name;

	if (first != NULL || last != NULL) {
		name = xasprintf("%s%s%s", first != NULL ? first : "", first != NULL && last != NULL ? " " : "", last != NULL ? last : "");
		json_set_str(lead, "name", name);
		free(name);
	}
	if (email != NULL && (at = strrchr(email, '@')) != NULL)
		json_set_str(lead, "domain", at + 1);
}

static int
time_of(cJSON *s, int64_t now, const char *zone, bool lead_time, struct lp_err *err)
{
	const char *there = json_str(json_get(s, "lead"), "timezone");
	cJSON *o = cJSON_CreateObject();
	char iso[LP_ISO_SIZE], date[40];
	struct tz_civil c;

	json_set(s, "time", o);
	json_set_str(o, "iso", lp_iso(now, iso));
	json_set_str(o, "timezone", zone);
	if (tz_local(zone, now, &c, err) == -1)
		return -1;
	snprintf(date, sizeof(date), "%04d-%02d-%02d", c.year, c.month, c.day);
	json_set_str(o, "date", date);
	json_set_str(o, "weekday", hours_day_name(c.weekday));
	json_set_num(o, "hour", c.hour);
	json_set_num(o, "minute", c.minute);
	/* an unknown zone of a lead is no time at all, not UTC */
	if (lead_time && there != NULL && tz_local(there, now, &c, NULL) == 0) {
		json_set_num(o, "lead_hour", c.hour);
		json_set_str(o, "lead_weekday", hours_day_name(c.weekday));
	}
	return 0;
}

static void
draft_of(cJSON *s, const struct message *m)
{
	cJSON *draft;

	if (m == NULL || *m->content_hash == '\0')
		return;
	draft = cJSON_CreateObject();
	json_set_str(draft, "channel", m->channel);
	if (m->subject != NULL)
		json_set_str(draft, "subject", m->subject);
	if (m->body != NULL)
		json_set_str(draft, "body", m->body);
	json_set(s, "draft", draft);
}

cJSON *
situation_of(struct lp_db *db, const struct task *t, const struct decision *d, const struct message *m, int64_t now, const char *zone,
    bool lead_time, struct lp_err *err)
{
	bool decided = d != NULL && d->seq != 0;
	cJSON *s = cJSON_CreateObject(), *data, *task;

	if (decided) {
		json_set_str(s, "action", d->action);
		if ((data = cJSON_Parse(d->data != NULL ? d->data : "{}")) != NULL)
			json_set(s, "data", data);
	}
	if ((task = task_json(db, t->seq, false, err)) == NULL)
		goto fail;
	/* the lease is no business of a rule, nor of what is kept of the situation */
	json_rm(task, "uuid");
	json_rm(task, "lease");
	json_set(s, "task", task);
	if ((t->lead != 0 && (add(s, "lead", view_lead(db, t->lead, err), err) == -1 || add(s, "counts", view_counts(db, t->lead, err), err) == -1)) ||
	    (t->campaign != 0 && add(s, "campaign", view_campaign(db, t->campaign, err), err) == -1) ||
	    (t->message != 0 && add(s, "message", view_message(db, t->message, err), err) == -1) ||
	    (t->inbox != 0 && add(s, "reply", view_reply(db, t->inbox, err), err) == -1))
		goto fail;
	draft_of(s, m);
	if (json_get(s, "lead") != NULL)
		lead_extras(json_get(s, "lead"));
	if (time_of(s, now, zone, lead_time, err) == 0)
		return s;
fail:
	cJSON_Delete(s);
	return NULL;
}

cJSON *
situation_planned(struct lp_db *db, int64_t lead, int64_t campaign, int64_t now, const char *zone, struct lp_err *err)
{
	cJSON *s = cJSON_CreateObject();

	if (add(s, "lead", view_lead(db, lead, err), err) == 0 && add(s, "counts", view_counts(db, lead, err), err) == 0 &&
	    add(s, "campaign", view_campaign(db, campaign, err), err) == 0) {
		if (json_get(s, "lead") != NULL)
			lead_extras(json_get(s, "lead"));
		if (time_of(s, now, zone, true, err) == 0)
			return s;
	}
	cJSON_Delete(s);
	return NULL;
}
