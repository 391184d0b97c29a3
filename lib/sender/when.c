#include "sender/when.h"

#include <stdio.h>
#include <string.h>

#include "account/account.h"
#include "base/json.h"
#include "store/campaigns.h"
#include "store/lead_row.h"

int
when_day(const char *zone, int64_t ms, int64_t *day, char text[11], struct lp_err *err)
{
	struct tz_civil c;
	char tmp[40];

	if (tz_local(zone, ms, &c, err) == -1)
		return -1;
	*day = tz_day(&c);
	snprintf(tmp, sizeof(tmp), "%04d-%02d-%02d", c.year, c.month, c.day);
	memcpy(text, tmp, 10);
	text[10] = '\0';
	return 0;
}

void
when_clear(struct when *w)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		hours_free(&w->all[i]);
	*w = (struct when){ 0 };
}

static struct hours *
add(struct when *w, const struct hours *like)
{
	struct hours *h = &w->all[w->n];
	size_t i;

	*h = *like;
	h->off = NULL;
	h->noff = 0;
	for (i = 0; i < like->noff; i++)
		hours_add_off(h, like->off[i].from, like->off[i].to);
	w->list[w->n++] = h;
	return h;
}

static int
add_account(struct when *w, const struct lp_config *c, const struct account *a, struct lp_err *err)
{
	struct hours *h = &w->all[w->n];

	if (account_hours(a, &c->hours, h, err) == -1)
		return -1;
	w->list[w->n++] = h;
	snprintf(w->zone, sizeof(w->zone), "%s", h->timezone);
	return 0;
}

/* What the campaign says itself: hours: {timezone, days, start, end} and holidays; anything it leaves out is the agent's. */
static int
add_campaign(struct lp_db *db, struct when *w, const struct lp_config *c, int64_t campaign, int version, struct lp_err *err)
{
	cJSON *def = campaign_definition(db, campaign, version, err), *own, *days, *d;
	struct hours *h;
	const char *s;
	int64_t day;
	int wd, r = -1;

	if (def == NULL)
		return -1;
	own = json_get(def, "hours");
	h = add(w, &c->hours);
	if (cJSON_IsObject(own))
		h->always = false;
	if ((s = json_str(own, "timezone")) != NULL)
		snprintf(h->timezone, sizeof(h->timezone), "%s", s);
	if ((s = json_str(own, "start")) != NULL && hours_time(s, &h->start, err) == -1)
		goto out;
	if ((s = json_str(own, "end")) != NULL && hours_time(s, &h->end, err) == -1)
		goto out;
	if ((days = json_get(own, "days")) != NULL) {
		h->days = 0;
		cJSON_ArrayForEach(d, days) {
			if (!cJSON_IsString(d) || hours_day(d->valuestring, &wd, err) == -1)
				goto out;
			h->days |= 1u << wd;
		}
	}
	cJSON_ArrayForEach(d, json_get(def, "holidays")) {
		if (!cJSON_IsString(d) || hours_date(d->valuestring, &day, err) == -1)
			goto out;
		hours_add_off(h, day, day);
	}
	r = 0;
out:
	cJSON_Delete(def);
	return r;
}

int
when_load(struct lp_db *db, const struct lp_config *c, const struct account *a, int64_t campaign, int version, int64_t lead, struct when *w,
    struct lp_err *err)
{
	struct hours *h;
	struct lead_row row;
	int r;

	*w = (struct when){ 0 };
	add(w, &c->hours);
	if (add_account(w, c, a, err) == -1 || (campaign != 0 && add_campaign(db, w, c, campaign, version, err) == -1))
		goto fail;
	if (lead != 0) {
		if ((r = lead_row_get(db, lead, &row, err)) == -1)
			goto fail;
		/* a zone that isn't known here is no zone: the lead's file isn't ours to correct in mid-flight */
		if (r == 1 && row.timezone != NULL && tz_ok(row.timezone, NULL) == 0) {
			h = add(w, &c->hours);
			snprintf(h->timezone, sizeof(h->timezone), "%s", row.timezone);
		}
		lead_row_clear(&row);
	}
	return 0;
fail:
	when_clear(w);
	return -1;
}
