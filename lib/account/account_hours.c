/* account_hours.c - apart from account.c, which judges settings and so draws in channels and mail: planning needs the hours alone. */
#include "account/account.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"

int
account_hours(const struct account *a, const struct hours *agent, struct hours *out, struct lp_err *err)
{
	int64_t first, last;
	const cJSON *d;
	cJSON *days;
	int day;

	hours_init(out);
	memcpy(out->timezone, agent->timezone, sizeof(out->timezone));
	out->days = agent->days;
	out->start = agent->start;
	out->end = agent->end;
	out->always = agent->always && a->days == NULL && a->start_time == NULL && a->end_time == NULL;
	for (size_t i = 0; i < agent->noff; i++)
		hours_add_off(out, agent->off[i].from, agent->off[i].to);
	for (size_t i = 0; i < a->nabsences; i++)
		if (hours_date(a->absences[i].first, &first, err) == 0 && hours_date(a->absences[i].last, &last, err) == 0)
			hours_add_off(out, first, last);
	if (a->timezone != NULL && snprintf(out->timezone, sizeof(out->timezone), "%s", a->timezone) >= (int)sizeof(out->timezone))
		return lp_fail(err, LP_CONFIG, "unknown time zone '%s'", a->timezone);
	if (a->days != NULL) {
		days = json_parse(a->days, strlen(a->days), err);
		if (days == NULL)
			return -1;
		out->days = 0;
		cJSON_ArrayForEach(d, days)
			if (cJSON_IsString(d) && hours_day(d->valuestring, &day, err) == 0)
				out->days |= 1u << day;
		cJSON_Delete(days);
	}
	if ((a->start_time != NULL && hours_time(a->start_time, &out->start, err) == -1) ||
	    (a->end_time != NULL && hours_time(a->end_time, &out->end, err) == -1))
		return -1;
	return hours_check(out, err);
}
