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

/* ---- replies */

static bool
has(const cJSON *list, const char *word)
{
	const cJSON *i;

	cJSON_ArrayForEach(i, list)
		if (cJSON_IsString(i) && strcmp(i->valuestring, word) == 0)
			return true;
	return false;
}

static int
say_response(struct brain_answer *a, const char *class, double confidence, const char *reasoning)
{
	a->data = cJSON_CreateObject();
	json_set_str(a->data, "response", class);
	return say(a, "send_response", confidence, xstrdup(reasoning));
}

static int
question(const struct brain_question *q, struct brain_answer *a, double confidence)
{
	const cJSON *answer = json_get(q->situation, "answer");
	double score = json_num(answer, "score", 0);
	const char *why = json_str(answer, "why");

	if (json_bool(answer, "sure", false)) {
		a->data = cJSON_CreateObject();
		json_set_num(a->data, "answer", json_num(answer, "number", 0));
		json_set_num(a->data, "score", score);
		return say(a, "send_response", score < confidence ? score : confidence, xasprintf("%s asks a question: %s", who(q), why));
	}
	if (has(json_get(q->situation, "responses"), "question")) {
		a->requires_approval = true;
		return say_response(a, "question", confidence, "no answer of the campaign fits the question: its response to questions is shown to a person first");
	}
	return say(a, "escalate", confidence, xasprintf("%s asks a question, and no answer is sure: %s", who(q), why != NULL ? why : "there is none"));
}

/* What most kinds of reply come to where the campaign has no words for them. */
static const struct {
	const char *class, *action, *reasoning;
	bool response;          /* a response of the campaign comes before that */
} replies[] = {
	{ "not_now", "skip", "it isn't the time now: nothing to answer, it is looked at again later", true },
	{ "not_interested", "skip", "a no is taken for a no", true },
	{ "wrong_person", "skip", "it is the wrong person: nothing to answer", true },
	{ "referral", "escalate", "somebody else is named: a person says whether they are written to", true },
	{ "out_of_office", "add_to_sequence", "away for now: the sequence goes on afterwards", false },
	{ "unsubscribe", "skip", "asked not to be written to: silence is the answer", false },
	{ "angry", "escalate", "it is a complaint: a person answers", false },
};

static int
positive(const struct brain_question *q, struct brain_answer *a, const char *class, double confidence)
{
	bool meeting = strcmp(class, "meeting_request") == 0, times = json_bool(json_get(q->situation, "reply"), "mentions_availability", false);

	if (meeting || times)
		return say(a, "book_meeting", confidence, xasprintf("%s %s", who(q), meeting ? "asks for a meeting" : "is interested and names times"));
	if (has(json_get(q->situation, "responses"), class))
		return say_response(a, class, confidence, "interested, and the campaign has a response to that");
	return say(a, "book_meeting", confidence, xasprintf("%s is interested: a meeting is proposed", who(q)));
}

static int
respond(const struct brain_question *q, struct brain_answer *a)
{
	const cJSON *reply = json_get(q->situation, "reply");
	const char *class = json_str(reply, "class");
	double confidence = json_num(reply, "confidence", 0), least = json_num(json_get(q->situation, "config"), "min_confidence", 0.6);

	if (class == NULL)
		return say(a, "escalate", 1.0, xstrdup("the reply wasn't judged: what it says isn't known"));
	if (confidence < least)
		return say(a, "escalate", confidence, xasprintf("it isn't sure that the reply is '%s' (%.2f, under min_confidence %.2f)", class, confidence,
		    least));
	if (strcmp(class, "interested") == 0 || strcmp(class, "meeting_request") == 0)
		return positive(q, a, class, confidence);
	if (strcmp(class, "question") == 0)
		return question(q, a, confidence);
	for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++)
		if (strcmp(replies[i].class, class) == 0) {
			if (replies[i].response && has(json_get(q->situation, "responses"), class))
				return say_response(a, class, confidence, "the campaign has a response to such a reply");
			return say(a, replies[i].action, confidence, xstrdup(replies[i].reasoning));
		}
	return say(a, "escalate", confidence, xasprintf("a reply of the class '%s' is for a person", class));
}

static int
decide(const struct brain_question *q, struct brain_answer *a, struct lp_err *err)
{
	const char *type = q->task_type;

	(void)err;
	if (strcmp(type, "send_message") == 0 || strcmp(type, "follow_up") == 0)
		return send(q, a);
	if (strcmp(type, "respond_to_reply") == 0)
		return respond(q, a);
	if (strcmp(type, "classify_reply") == 0)
		return offline_classify(q, a);
	if (strcmp(type, "find_leads") == 0 && json_get(json_get(q->situation, "input"), "referral") != NULL)
		return offline_referral(q, a);
	if (strcmp(type, "generate_sequence") == 0)
		return say(a, "plan_sequence", 0.99, xasprintf("%s is enrolled and has no messages yet: one for each step", who(q)));
	if (strcmp(type, "book_meeting") == 0)
		return say(a, "book_meeting", 0.95, xasprintf("a meeting with %s was asked for", who(q)));
	if (strcmp(type, "check_inbox") == 0)
		return say(a, "read_inbox", 1.0, xstrdup("the inbox was last read longer ago than inbox_interval"));
	if (strcmp(type, "report") == 0)
		return say(a, "write_report", 1.0, xstrdup("the day's report is due"));
	if (strcmp(type, "manual") == 0)
		return say(a, "escalate", 1.0, xstrdup("the task is for a person"));
	return say(a, "escalate", 0.3, xasprintf("the offline brain has no ground to decide a %s task", type));
}

const struct llm_provider llm_offline = { .name = "offline", .decide = decide };
