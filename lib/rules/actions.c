#include "rules/actions.h"

#include <string.h>

static const struct action table[] = {
	{ "skip", BY_SETTLE, "lp-tasks", false, NULL, "do nothing about this task, for good" },
	{ "escalate", BY_SETTLE, "lp-tasks", false, NULL, "stop and hand it to a person" },
	{ "delay", BY_SETTLE, "lp-tasks", false, NULL, "look at it again later" },
	{ "plan_sequence", BY_DRAFT, "lp-draft", false, NULL, "plan one message for each step of the campaign" },
	{ "write_report", BY_DRAFT, "lp-draft", false, NULL, "write the day's report as a notice" },
	{ "read_inbox", BY_READ, "lp-read", false, NULL, "read what came into an account's inbox" },
	{ "send_email", BY_SEND, "lp-send", true, "email", "send the message by e-mail" },
	{ "send_whatsapp", BY_SEND, "lp-send", true, "whatsapp", "send the message by WhatsApp" },
	{ "send_sms", BY_SEND, "lp-send", true, "sms", "send the message by SMS" },
	{ "send_response", BY_SEND, "lp-send", true, NULL, "answer the reply" },
	{ "search_leads", BY_NOBODY_YET, "lp-scout", false, NULL, "search for leads" },
	{ "add_lead", BY_SETTLE, "lp-tasks", false, NULL, "take in somebody who was named" },
	{ "enrich_lead", BY_NOBODY_YET, "lp-scout", false, NULL, "look up more about the lead" },
	{ "classify_interested", BY_READ, "lp-read", false, NULL, "the reply shows interest" },
	{ "classify_not_interested", BY_READ, "lp-read", false, NULL, "the reply declines" },
	{ "classify_question", BY_READ, "lp-read", false, NULL, "the reply asks something" },
	{ "classify_out_of_office", BY_READ, "lp-read", false, NULL, "the reply is an absence notice" },
	{ "classify_other", BY_READ, "lp-read", false, NULL, "none of these" },
	{ "classify_meeting_request", BY_READ, "lp-read", false, NULL, "the reply asks for a meeting" },
	{ "classify_referral", BY_READ, "lp-read", false, NULL, "the reply names somebody else" },
	{ "classify_not_now", BY_READ, "lp-read", false, NULL, "the reply asks to be written to later" },
	{ "classify_unsubscribe", BY_READ, "lp-read", false, NULL, "the reply asks not to be written to" },
	{ "classify_wrong_person", BY_READ, "lp-read", false, NULL, "the reply says that they are the wrong person" },
	{ "classify_angry", BY_READ, "lp-read", false, NULL, "the reply is a complaint" },
	{ "book_meeting", BY_BOOK, "lp-book", true, "email", "propose times and invite" },
	{ "add_to_sequence", BY_SETTLE, "lp-tasks", false, NULL, "go on with the sequence" },
	{ "learn_outcomes", BY_NOBODY_YET, "lp-learn", false, NULL, "turn outcomes into strategies" },
};

static const char *const nothing[] = { "skip", "escalate", "delay", NULL };
static const char *const find[] = { "search_leads", "add_lead", "skip", "escalate", "delay", NULL };
static const char *const enrich[] = { "enrich_lead", "skip", "escalate", "delay", NULL };
static const char *const plan[] = { "plan_sequence", "skip", "escalate", "delay", NULL };
static const char *const sending[] = { "send_email", "send_whatsapp", "send_sms", "skip", "escalate", "delay", NULL };
static const char *const inbox[] = { "read_inbox", "skip", "escalate", "delay", NULL };
static const char *const classes[] = { "classify_interested", "classify_not_interested", "classify_question", "classify_out_of_office",
	"classify_other", "classify_meeting_request", "classify_referral", "classify_not_now", "classify_unsubscribe",
	"classify_wrong_person", "classify_angry", "skip", "escalate", "delay", NULL };
static const char *const respond[] = { "send_response", "book_meeting", "add_to_sequence", "skip", "escalate", "delay", NULL };
static const char *const book[] = { "book_meeting", "skip", "escalate", "delay", NULL };
static const char *const report[] = { "write_report", "skip", "escalate", "delay", NULL };
static const char *const learn[] = { "learn_outcomes", "skip", "escalate", "delay", NULL };

static const struct {
	const char *type;
	const char *const *actions;     /* its own first */
} types[] = {
	{ "find_leads", find }, { "enrich_lead", enrich }, { "generate_sequence", plan }, { "send_message", sending },
	{ "follow_up", sending }, { "check_inbox", inbox }, { "classify_reply", classes }, { "respond_to_reply", respond },
	{ "book_meeting", book }, { "report", report }, { "learn", learn }, { "manual", nothing }
};

const struct action *
action_get(const char *name)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}

const char *const *
actions_of(const char *type)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i].type, type) == 0)
			return types[i].actions;
	return nothing;
}

bool
action_allowed(const char *type, const char *action)
{
	for (const char *const *a = actions_of(type); *a != NULL; a++)
		if (strcmp(*a, action) == 0)
			return true;
	return false;
}

bool
type_carried(const char *type, const char **program)
{
	const struct action *a = action_get(actions_of(type)[0]);

	*program = a->program;
	return a->carrier != BY_NOBODY_YET;
}

bool
approval_covers(const char *entry, const char *type, const char *action)
{
	const struct action *a = action_get(action);

	/* doing nothing, handing over and waiting need nobody's leave */
	if (a == NULL || strcmp(action, "skip") == 0 || strcmp(action, "escalate") == 0 || strcmp(action, "delay") == 0)
		return false;
	if (strcmp(entry, type) == 0 || strcmp(entry, action) == 0)
		return true;
	if (strcmp(entry, "send_message") == 0)
		return a->carrier == BY_SEND;
	return strcmp(entry, "respond_to_reply") == 0 && strcmp(action, "send_response") == 0;
}
