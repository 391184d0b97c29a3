/* hours_words.c - schedules as people and JSON write them. */
#include "base/hours.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"

static const char *const day_names[] = { "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday" };

const char *
hours_day_name(int weekday)
{
	return day_names[weekday];
}

static int
day_word(const char *s, size_t n, int *weekday, struct lp_err *err)
{
	for (int i = 0; i < 7; i++)
		if ((n == 3 || n == strlen(day_names[i])) && strncasecmp(s, day_names[i], n) == 0) {
			*weekday = i;
			return 0;
		}
	return lp_fail(err, LP_DATA, "unknown day '%.*s' (want monday to sunday)", n > 40 ? 40 : (int)n, s);
}

int
hours_day(const char *name, int *weekday, struct lp_err *err)
{
	return day_word(name, strlen(name), weekday, err);
}

int
hours_days(const char *list, unsigned *days, struct lp_err *err)
{
	static const char sep[] = ", ";
	const char *p = list;
	size_t n, dash;
	unsigned bits = 0;
	int from, to;

	while (*(p += strspn(p, sep)) != '\0') {
		n = strcspn(p, sep);
		dash = strcspn(p, "-");
		if (day_word(p, dash < n ? dash : n, &from, err) == -1)
			return -1;
		to = from;
		if (dash < n && day_word(p + dash + 1, n - dash - 1, &to, err) == -1)
			return -1;
		for (int i = from; bits |= 1u << i, i != to;)
			i = (i + 1) % 7;
		p += n;
	}
	*days = bits;
	return 0;
}

char *
hours_days_print(unsigned days)
{
	struct buf b = { 0 };

	for (int i = 0; i < 7; i++)
		if ((days >> i & 1) != 0)
			buf_printf(&b, "%s%s", b.len > 0 ? "," : "", day_names[i]);
	return buf_steal(&b);
}

static bool
two(const char *s, int *v)
{
	if (!isdigit((unsigned char)s[0]) || !isdigit((unsigned char)s[1]))
		return false;
	*v = (s[0] - '0') * 10 + (s[1] - '0');
	return true;
}

int
hours_time(const char *text, int *minute, struct lp_err *err)
{
	size_t n = strlen(text);
	int h, m, s = 0;

	if ((n != 5 && n != 8) || !two(text, &h) || text[2] != ':' || !two(text + 3, &m) ||
	    (n == 8 && (text[5] != ':' || !two(text + 6, &s))) || h > 24 || m > 59 || s != 0 || (h == 24 && m != 0))
		return lp_fail(err, LP_DATA, "'%.40s' is not a time of day (want 00:00 to 24:00)", text);
	*minute = h * 60 + m;
	return 0;
}

char *
hours_time_print(int minute, char out[6])
{
	snprintf(out, 6, "%02u:%02u", (unsigned)minute / 60 % 100, (unsigned)minute % 60);
	return out;
}

int
hours_date(const char *text, int64_t *day, struct lp_err *err)
{
	int64_t ms;

	if (strlen(text) != 10 || lp_iso_parse(text, &ms, NULL) == -1)
		return lp_fail(err, LP_DATA, "'%.40s' is not a date (want 2026-12-25)", text);
	*day = ms / LP_DAY - (ms % LP_DAY < 0);
	return 0;
}

/* A string member, or -1 with its name. */
static int
word(const cJSON *o, const char *key, const char **out, struct lp_err *err)
{
	const cJSON *v = json_get(o, key);

	if (v == NULL)
		return lp_fail(err, LP_DATA, "'%s' is missing", key);
	if (!cJSON_IsString(v))
		return lp_fail(err, LP_DATA, "'%s' is not a string", key);
	*out = v->valuestring;
	return 0;
}

static int
days_of(const cJSON *v, unsigned *days, struct lp_err *err)
{
	const cJSON *d;
	int weekday;

	if (v == NULL)
		return lp_fail(err, LP_DATA, "'days' is missing");
	if (cJSON_IsString(v))
		return hours_days(v->valuestring, days, err) == -1 ? lp_err_prefix(err, "'days'") : 0;
	if (!cJSON_IsArray(v))
		return lp_fail(err, LP_DATA, "'days' is not a list of days");
	*days = 0;
	cJSON_ArrayForEach(d, v)
	{
		if (!cJSON_IsString(d))
			return lp_fail(err, LP_DATA, "'days' holds something that is not a string");
		if (hours_day(d->valuestring, &weekday, err) == -1)
			return lp_err_prefix(err, "'days'");
		*days |= 1u << weekday;
	}
	return 0;
}

static int
time_of(const cJSON *o, const char *key, int *minute, struct lp_err *err)
{
	const char *text;

	if (word(o, key, &text, err) == -1)
		return -1;
	return hours_time(text, minute, err) == -1 ? lp_err_prefix(err, "'%s'", key) : 0;
}

/* {"timezone","days","start","end"} and, where wanted, "holidays" (dates); days a list or "mon-fri". Initialises h, which the caller frees;
 * checked as hours_check does. LP_DATA names the field. */
static int
hours_from_json(const cJSON *o, struct hours *h, struct lp_err *err)
{
	const cJSON *list = json_get(o, "holidays"), *d;
	const char *zone;
	int64_t day;

	hours_init(h);
	if (word(o, "timezone", &zone, err) == -1)
		return -1;
	if (tz_ok(zone, err) == -1)
		goto bad;
	snprintf(h->timezone, sizeof(h->timezone), "%s", zone);
	if (days_of(json_get(o, "days"), &h->days, err) == -1 || time_of(o, "start", &h->start, err) == -1 ||
	    time_of(o, "end", &h->end, err) == -1 || hours_check(h, err) == -1)
		goto bad;
	if (list != NULL && !cJSON_IsNull(list) && !cJSON_IsArray(list)) {
		lp_fail(err, LP_DATA, "'holidays' is not a list of dates");
		goto bad;
	}
	cJSON_ArrayForEach(d, list)
	{
		if (hours_date(cJSON_IsString(d) ? d->valuestring : "", &day, err) == -1) {
			lp_err_prefix(err, "'holidays'");
			goto bad;
		}
		hours_add_off(h, day, day);
	}
	return 0;
bad:
	hours_free(h);
	if (err != NULL)
		err->kind = LP_DATA; /* a wrong zone in a line of input is bad input */
	return -1;
}

cJSON *
hours_answer(bool open, int64_t next)
{
	cJSON *o = cJSON_CreateObject();
	char iso[LP_ISO_SIZE];

	json_set_bool(o, "open", open);
	/* years of five digits have no place in ISO 8601 */
	json_set_str(o, "next_open", next < lp_days_from_civil(10000, 1, 1) * LP_DAY ? lp_iso(next, iso) : NULL);
	return o;
}

cJSON *
hours_judge(const cJSON *in, int64_t now, struct lp_err *err)
{
	const cJSON *at = json_get(in, "at");
	int64_t ms = now, next;
	struct hours h;
	cJSON *out = NULL;
	int open;

	if (hours_from_json(in, &h, err) == -1)
		return NULL;
	if (at != NULL && !cJSON_IsNull(at) && !cJSON_IsString(at))
		lp_fail(err, LP_DATA, "'at' is not a string");
	else if (cJSON_IsString(at) && lp_iso_parse(at->valuestring, &ms, err) == -1)
		lp_err_prefix(err, "'at'");
	else if ((open = hours_open(&h, ms, err)) != -1 && hours_next_open(&h, ms, &next, err) != -1)
		out = hours_answer(open, next);
	hours_free(&h);
	return out;
}
