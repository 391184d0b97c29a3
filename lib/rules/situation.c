#include "rules/situation.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/prog.h"
#include "llm/classify.h"
#include "store/tasks.h"

static const char *const channels[] = { "email", "whatsapp", "sms", NULL };
static const char *const reply_kinds[] = { "reply", "auto_reply", "bounce", "complaint", "unsubscribe", "own", "other", NULL };
static const char *const lead_states[] = { "active", "paused", "replied", "booked", "bounced", "stopped", "suppressed", "forgotten",
	NULL };
static const char *const campaign_states[] = { "draft", "running", "paused", "finished", NULL };
static const char *const sentiments[] = { "positive", "neutral", "negative", NULL };
static const char *const weekdays[] = { "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", NULL };

const struct sf situation_fields[] = {
	{ "action", SF_TEXT, NULL, "what was decided: send_email, send_response, book_meeting, ..." },
	{ "data.*", SF_ANY, NULL, "what the decision carries along" },

	{ "task.id", SF_TEXT, NULL, "handle, as t1207" },
	{ "task.task_type", SF_ENUM, task_types, "the kind of task" },
	{ "task.priority", SF_NUM, NULL, "higher goes first" },
	{ "task.attempt", SF_NUM, NULL, "1 at the first try" },
	{ "task.depth", SF_NUM, NULL, "0, or how many tasks led to this one" },
	{ "task.input_data.*", SF_ANY, NULL, "what the task was queued with" },

	{ "lead.id", SF_TEXT, NULL, "handle, as l12" },
	{ "lead.email", SF_TEXT, NULL, "address, in lower case" },
	{ "lead.domain", SF_TEXT, NULL, "what stands behind the @ of the address" },
	{ "lead.first_name", SF_TEXT, NULL, "" },
	{ "lead.last_name", SF_TEXT, NULL, "" },
	{ "lead.name", SF_TEXT, NULL, "first and last name" },
	{ "lead.title", SF_TEXT, NULL, "job title" },
	{ "lead.company", SF_TEXT, NULL, "" },
	{ "lead.company_domain", SF_TEXT, NULL, "" },
	{ "lead.website", SF_TEXT, NULL, "" },
	{ "lead.linkedin_url", SF_TEXT, NULL, "" },
	{ "lead.phone", SF_TEXT, NULL, "" },
	{ "lead.whatsapp", SF_TEXT, NULL, "" },
	{ "lead.city", SF_TEXT, NULL, "" },
	{ "lead.country", SF_TEXT, NULL, "as imported" },
	{ "lead.timezone", SF_TEXT, NULL, "IANA name" },
	{ "lead.industry", SF_TEXT, NULL, "" },
	{ "lead.employees", SF_ANY, NULL, "as imported: 120 is a number, 51-200 can't be judged as one" },
	{ "lead.status", SF_ENUM, lead_states, "" },
	{ "lead.source", SF_TEXT, NULL, "where the data is from" },
	{ "lead.lawful_basis", SF_TEXT, NULL, "" },
	{ "lead.created_at", SF_TIME, NULL, "when the lead was imported" },
	{ "lead.contacted_at", SF_TIME, NULL, "when the first message left; missing before" },
	{ "lead.custom.*", SF_ANY, NULL, "columns of your own: lead.custom.NAME" },

	{ "campaign.id", SF_TEXT, NULL, "handle, as c3" },
	{ "campaign.name", SF_TEXT, NULL, "" },
	{ "campaign.status", SF_ENUM, campaign_states, "" },
	{ "campaign.goal", SF_TEXT, NULL, "" },
	{ "campaign.version", SF_NUM, NULL, "" },

	{ "message.id", SF_TEXT, NULL, "handle, as m88" },
	{ "message.purpose", SF_TEXT, NULL, "why it exists: seq:ENROLMENT:STEP, resp:INBOX, meet:..., hand:..." },
	{ "message.step", SF_NUM, NULL, "1 is the first of the sequence; missing for an answer" },
	{ "message.variant", SF_TEXT, NULL, "A/B variant" },
	{ "message.channel", SF_ENUM, channels, "" },
	{ "message.account", SF_TEXT, NULL, "name of the account it goes from" },
	{ "message.recipient", SF_TEXT, NULL, "address it was drafted for" },

	{ "draft.subject", SF_TEXT, NULL, "of the text that is to leave" },
	{ "draft.body", SF_TEXT, NULL, "the text that is to leave" },
	{ "draft.channel", SF_ENUM, channels, "" },

	{ "reply.id", SF_TEXT, NULL, "handle, as i41" },
	{ "reply.kind", SF_ENUM, reply_kinds, "what the mail itself shows" },
	{ "reply.class", SF_ENUM, reply_classes, "what kind of answer it is" },
	{ "reply.sentiment", SF_ENUM, sentiments, "" },
	{ "reply.confidence", SF_NUM, NULL, "of the class, 0 to 1" },
	{ "reply.text", SF_TEXT, NULL, "without what it quotes" },
	{ "reply.subject", SF_TEXT, NULL, "" },
	{ "reply.from_address", SF_TEXT, NULL, "" },
	{ "reply.from_name", SF_TEXT, NULL, "" },
	{ "reply.mentions_availability", SF_BOOL, NULL, "names days, times or a calendar" },
	{ "reply.received_at", SF_TIME, NULL, "" },

	{ "counts.sent", SF_NUM, NULL, "messages that the lead was sent, ever" },
	{ "counts.since_reply", SF_NUM, NULL, "messages that the lead was sent since its last reply" },
	{ "counts.replies", SF_NUM, NULL, "replies of the lead" },
	{ "counts.days_since_last", SF_NUM, NULL, "whole days since the last message; missing before the first" },

	{ "time.iso", SF_TIME, NULL, "now, in UTC" },
	{ "time.date", SF_TIME, NULL, "YYYY-MM-DD in the schedule's zone" },
	{ "time.weekday", SF_ENUM, weekdays, "in the schedule's zone" },
	{ "time.hour", SF_NUM, NULL, "0 to 23 in the schedule's zone" },
	{ "time.minute", SF_NUM, NULL, "0 to 59" },
	{ "time.timezone", SF_TEXT, NULL, "the schedule's zone" },
	{ "time.lead_hour", SF_NUM, NULL, "0 to 23 where the lead is; missing where the zone isn't known" },
	{ "time.lead_weekday", SF_ENUM, weekdays, "where the lead is; missing where the zone isn't known" },
};
const size_t situation_nfields = sizeof(situation_fields) / sizeof(situation_fields[0]);

static const struct {
	const char *name;
	enum sf_root bit;
} roots[] = { { "action", SR_ACTION }, { "data", SR_DATA }, { "task", SR_TASK }, { "lead", SR_LEAD }, { "campaign", SR_CAMPAIGN },
	{ "message", SR_MESSAGE }, { "draft", SR_DRAFT }, { "reply", SR_REPLY }, { "counts", SR_COUNTS }, { "time", SR_TIME } };

unsigned
situation_root(const char *path)
{
	size_t n = strcspn(path, "."), i;

	for (i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
		if (strlen(roots[i].name) == n && memcmp(roots[i].name, path, n) == 0)
			return roots[i].bit;
	return 0;
}

const char *
situation_type_name(enum sf_type t)
{
	static const char *const names[] = { "anything", "text", "a number", "true or false", "a time", "a word", "a list" };

	return names[t];
}

/* "lead.custom.*" takes any path below it; a list takes "lead.tags.0". */
static bool
field_matches(const struct sf *f, const char *path)
{
	size_t n = strlen(f->path);

	if (strcmp(f->path, path) == 0)
		return true;
	if (n > 2 && strcmp(f->path + n - 2, ".*") == 0)
		return strncmp(path, f->path, n - 1) == 0 && path[n - 1] != '\0';
	return f->type == SF_LIST && strncmp(path, f->path, n) == 0 && path[n] == '.' && path[n + 1] != '\0' &&
	    path[n + 1 + strspn(path + n + 1, "0123456789")] == '\0';
}

static int
no_field(const char *path, struct lp_err *err)
{
	const char **names = xmalloc((situation_nfields + 1) * sizeof(*names));
	const char *near;
	size_t i;

	for (i = 0; i < situation_nfields; i++)
		names[i] = situation_fields[i].path;
	names[i] = NULL;
	near = lp_did_you_mean(path, names);
	free(names);
	if (near != NULL)
		return lp_fail(err, LP_DATA, "no field '%s' in a situation (did you mean '%s'?)", path, near);
	if (strncmp(path, "lead.", 5) == 0)
		return lp_fail(err, LP_DATA, "no field '%s' in a situation (columns of your own are lead.custom.NAME)", path);
	return lp_fail(err, LP_DATA, "no field '%s' in a situation (lp-rules(5) lists them)", path);
}

const struct sf *
situation_field(const char *path, struct lp_err *err)
{
	size_t i;

	for (i = 0; i < situation_nfields; i++)
		if (field_matches(&situation_fields[i], path))
			return &situation_fields[i];
	no_field(path, err);
	return NULL;
}

int
situation_value_check(const struct sf *f, const cJSON *value, struct lp_err *err)
{
	const char *near;
	size_t i;

	if (f->type == SF_ENUM && cJSON_IsString(value)) {
		for (i = 0; f->values[i] != NULL; i++)
			if (strcmp(f->values[i], value->valuestring) == 0)
				return 0;
		near = lp_did_you_mean(value->valuestring, f->values);
		if (near != NULL)
			return lp_fail(err, LP_DATA, "%s is never '%s' (did you mean '%s'?)", f->path, value->valuestring, near);
		return lp_fail(err, LP_DATA, "%s is never '%s'", f->path, value->valuestring);
	}
	if ((f->type == SF_ENUM || f->type == SF_TEXT) && (cJSON_IsNumber(value) || cJSON_IsBool(value)))
		return lp_fail(err, LP_DATA, "%s is text, and never equals a number, true or false (put the value in quotes)", f->path);
	if (f->type == SF_NUM && !cJSON_IsNumber(value) && !cJSON_IsNull(value))
		return lp_fail(err, LP_DATA, "%s is a number, and never equals anything else", f->path);
	if (f->type == SF_BOOL && !cJSON_IsBool(value) && !cJSON_IsNull(value))
		return lp_fail(err, LP_DATA, "%s is true or false, and never equals anything else", f->path);
	return 0;
}
