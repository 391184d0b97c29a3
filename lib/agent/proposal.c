#include "agent/proposal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hours.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/normal.h"

#define HOURS_MAX (24.0 * 30)
#define YEAR (366 * LP_DAY)

struct reading {
	const cJSON *in;
	cJSON *out;
	int64_t now;
	char *why;
	size_t size;
};

char *
proposal_line(const char *s, size_t most)
{
	struct buf b = { 0 };
	size_t n;

	for (const unsigned char *p = (const unsigned char *)s; *p != '\0' && b.len < most; p++) {
		if (*p < 0x20 || *p == 0x7f) {
			if (b.len > 0 && b.s[b.len - 1] != ' ')
				buf_putc(&b, ' ');
		} else if (p[0] == 0xe2 && p[1] == 0x80 && ((p[2] >= 0x8e && p[2] <= 0x8f) || (p[2] >= 0xa8 && p[2] <= 0xae)))
			p += 2;
		else if (p[0] == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0)
			p++;
		else
			buf_putc(&b, (char)*p);
	}
	/* cut between characters */
	for (n = b.len; n > 0 && ((unsigned char)b.s[n - 1] & 0xc0) == 0x80; n--)
		;
	if (n > 0 && ((unsigned char)b.s[n - 1] & 0x80) != 0 && !utf8_ok(b.s + n - 1, b.len - (n - 1))) {
		b.len = n - 1;
		b.s[b.len] = '\0';
	}
	return buf_steal(&b);
}

static void
left_out(struct reading *r, const char *member)
{
	size_t n = strlen(r->why);
	char *name = proposal_line(member, 30);

	snprintf(r->why + n, r->size - n, "%s%s", n == 0 ? "left out: " : ", ", name);
	free(name);
}

static void
take_number(struct reading *r, const cJSON *v, double least, double most)
{
	if (cJSON_IsNumber(v) && isfinite(v->valuedouble) && v->valuedouble >= least && v->valuedouble <= most)
		json_set_num(r->out, v->string, v->valuedouble);
	else
		left_out(r, v->string);
}

static void
take_word(struct reading *r, const cJSON *v, const char *const *words)
{
	for (; *words != NULL; words++)
		if (cJSON_IsString(v) && strcmp(v->valuestring, *words) == 0) {
			json_set_str(r->out, v->string, *words);
			return;
		}
	left_out(r, v->string);
}

/* A day ahead, within a year: what is further off is a mistake. */
static void
take_day(struct reading *r, const cJSON *v)
{
	char iso[LP_ISO_SIZE];
	int64_t day;

	if (cJSON_IsString(v) && hours_date(v->valuestring, &day, NULL) == 0 && day * LP_DAY > r->now && day * LP_DAY < r->now + YEAR)
		json_set_str(r->out, v->string, lp_iso(day * LP_DAY, iso));
	else if (!cJSON_IsString(v) || *v->valuestring != '\0')
		left_out(r, v->string);
}

static cJSON *
referral(struct reading *r)
{
	cJSON *o = json_get(r->out, "referral");

	if (o == NULL) {
		o = cJSON_CreateObject();
		json_set(r->out, "referral", o);
	}
	return o;
}

static void
take_referral(struct reading *r, const cJSON *v)
{
	char *s = cJSON_IsString(v) ? proposal_line(v->valuestring, 254) : NULL, *address = NULL;

	if (s == NULL)
		left_out(r, v->string);
	else if (*s == '\0')
		;
	else if (strcmp(v->string, "referral_name") == 0)
		json_set_str(referral(r), "name", s);
	else if ((address = normal_email(s, NULL)) != NULL)
		json_set_str(referral(r), "address", address);
	else
		left_out(r, v->string);
	free(address);
	free(s);
}

static void
take_data(struct reading *r, const char *type)
{
	static const char *const moods[] = { "positive", "neutral", "negative", NULL };
	bool classifying = strcmp(type, "classify_reply") == 0, answering = strcmp(type, "respond_to_reply") == 0;
	const cJSON *v;

	cJSON_ArrayForEach(v, r->in) {
		if (strcmp(v->string, "delay_hours") == 0)
			take_number(r, v, 1, HOURS_MAX);
		else if (classifying && strcmp(v->string, "sentiment") == 0)
			take_word(r, v, moods);
		else if (classifying && strcmp(v->string, "mentions_availability") == 0 && cJSON_IsBool(v))
			json_set_bool(r->out, v->string, cJSON_IsTrue(v));
		else if (classifying && strcmp(v->string, "until") == 0)
			take_day(r, v);
		else if (classifying && strncmp(v->string, "referral_", 9) == 0)
			take_referral(r, v);
		else if (answering && strcmp(v->string, "answer") == 0)
			take_number(r, v, 0, 1000);
		else if (answering && strcmp(v->string, "written") == 0 && cJSON_IsBool(v))
			json_set_bool(r->out, v->string, cJSON_IsTrue(v));
		else
			left_out(r, v->string);
	}
}

static bool
offered(const char *action, const char *const *actions)
{
	for (; *actions != NULL; actions++)
		if (strcmp(*actions, action) == 0)
			return true;
	return false;
}

int
proposal_read(const cJSON *json, const char *type, const char *const *actions, int64_t now, struct decision *d, char *why, size_t size)
{
	const char *action = json_str(json, "action"), *reasoning = json_str(json, "reasoning");
	const cJSON *sure = json_get(json, "confidence");
	struct reading r = { .in = json_get(json, "data"), .now = now, .why = why, .size = size };
	char *line;

	*why = '\0';
	if (action == NULL || !offered(action, actions)) {
		line = proposal_line(action != NULL ? action : "", 60);
		snprintf(why, size, "'%s' is none of the actions that were offered", line);
		free(line);
		return -1;
	}
	if (!cJSON_IsNumber(sure) || !(sure->valuedouble >= 0 && sure->valuedouble <= 1)) {
		snprintf(why, size, "the confidence is no number from 0 to 1");
		return -1;
	}
	if (reasoning == NULL || reasoning[strspn(reasoning, " \t\r\n")] == '\0') {
		snprintf(why, size, "there is no reasoning");
		return -1;
	}
	snprintf(d->action, sizeof(d->action), "%s", action);
	d->reasoning = proposal_line(reasoning, PROPOSAL_REASON_MAX);
	d->confidence = sure->valuedouble;
	/* it can ask for one; what it says else changes nothing */
	d->requires_approval = cJSON_IsTrue(json_get(json, "requires_approval"));
	r.out = cJSON_CreateObject();
	if (cJSON_IsObject(r.in))
		take_data(&r, type);
	if (strncmp(action, "classify_", 9) == 0)
		json_set_str(r.out, "class", action + 9);
	d->data = json_print(r.out);
	cJSON_Delete(r.out);
	return 0;
}
