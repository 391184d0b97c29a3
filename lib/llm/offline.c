/*
 * offline - the brain that is always there: it decides from the task's type and what is known, on the machine, in microseconds.  It says
 * how sure it is, and hands over what it has no ground to decide.
 */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "llm/offline.h"

static int
say(struct brain_answer *a, const char *action, double confidence, char *reasoning)
{
	snprintf(a->action, sizeof(a->action), "%s", action);
	a->confidence = confidence;
	a->reasoning = reasoning;
	return 0;
}

static const char *
who(const struct brain_question *q)
{
	const char *name = json_str(json_get(q->situation, "lead"), "first_name");

	return name != NULL && *name != '\0' ? name : "the lead";
}

static int
send(const struct brain_question *q, struct brain_answer *a)
{
	const cJSON *message = json_get(q->situation, "message"), *counts = json_get(q->situation, "counts");
	int step = (int)json_num(message, "step", 1), sent = (int)json_num(counts, "sent", 0);
	char action[32];

	if (q->channel == NULL)
		return say(a, "escalate", 1.0, xstrdup("there is no message to send"));
	snprintf(action, sizeof(action), "send_%s", q->channel);
	if (step <= 1 || sent == 0)
		return say(a, action, 0.95, xasprintf("step %d of the sequence is due, and nothing speaks against writing to %s", step, who(q)));
	return say(a, action, 0.95, xasprintf("%s has not replied to %d message%s; step %d of the sequence is due", who(q), sent,
	    sent == 1 ? "" : "s", step));
}

static int
decide(const struct brain_question *q, struct brain_answer *a, struct lp_err *err)
{
	const char *type = q->task_type;

	(void)err;
	if (strcmp(type, "send_message") == 0 || strcmp(type, "follow_up") == 0)
		return send(q, a);
	if (strcmp(type, "classify_reply") == 0)
		return offline_classify(q, a);
	if (strcmp(type, "find_leads") == 0 && json_get(json_get(q->situation, "input"), "referral") != NULL)
		return offline_referral(q, a);
	if (strcmp(type, "generate_sequence") == 0)
		return say(a, "plan_sequence", 0.99, xasprintf("%s is enrolled and has no messages yet: one for each step", who(q)));
	if (strcmp(type, "check_inbox") == 0)
		return say(a, "read_inbox", 1.0, xstrdup("the inbox was last read longer ago than inbox_interval"));
	if (strcmp(type, "report") == 0)
		return say(a, "write_report", 1.0, xstrdup("the day's report is due"));
	if (strcmp(type, "manual") == 0)
		return say(a, "escalate", 1.0, xstrdup("the task is for a person"));
	return say(a, "escalate", 0.3, xasprintf("the offline brain has no ground to decide a %s task", type));
}

const struct llm_provider llm_offline = { .name = "offline", .decide = decide };
