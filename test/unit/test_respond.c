/* What a reply comes to: the offline brain's table, the text of a decision, the subject and the links of an answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "agent/respond.h"
#include "base/json.h"
#include "base/mem.h"
#include "llm/llm.h"
#include "rules/actions.h"
#include "rules/situation.h"

static void
offline(void **state)
{
	static const struct {
		const char *situation, *action, *data;
	} t[] = {
		{ "{}", "escalate", NULL },
		{ "{\"reply\":{\"class\":\"question\",\"confidence\":0.5},\"answer\":{\"number\":1,\"score\":1,\"sure\":true}}", "escalate", NULL },
		{ "{\"reply\":{\"class\":\"question\",\"confidence\":0.5},\"config\":{\"min_confidence\":0.4},\"answer\":{\"number\":1,\"score\":0.83,\"sure\":true,"
		  "\"why\":\"x\"}}", "send_response", "{\"answer\":1,\"score\":0.83}" },
		{ "{\"reply\":{\"class\":\"question\",\"confidence\":0.9},\"answer\":{\"number\":1,\"score\":0.9,\"sure\":false}}", "escalate", NULL },
		{ "{\"reply\":{\"class\":\"question\",\"confidence\":0.9}}", "escalate", NULL },
		{ "{\"reply\":{\"class\":\"question\",\"confidence\":0.9},\"responses\":[\"question\"]}", "send_response", "{\"response\":\"question\"}" },
		{ "{\"reply\":{\"class\":\"interested\",\"confidence\":0.9}}", "book_meeting", NULL },
		{ "{\"reply\":{\"class\":\"interested\",\"confidence\":0.9},\"responses\":[\"interested\"]}", "send_response", "{\"response\":\"interested\"}" },
		{ "{\"reply\":{\"class\":\"interested\",\"confidence\":0.9,\"mentions_availability\":true},\"responses\":[\"interested\"]}", "book_meeting", NULL },
		{ "{\"reply\":{\"class\":\"meeting_request\",\"confidence\":0.9},\"responses\":[\"meeting_request\"]}", "book_meeting", NULL },
		{ "{\"reply\":{\"class\":\"not_now\",\"confidence\":0.9}}", "skip", NULL },
		{ "{\"reply\":{\"class\":\"not_now\",\"confidence\":0.9},\"responses\":[\"not_now\"]}", "send_response", "{\"response\":\"not_now\"}" },
		{ "{\"reply\":{\"class\":\"not_interested\",\"confidence\":0.9},\"responses\":[\"not_now\"]}", "skip", NULL },
		{ "{\"reply\":{\"class\":\"wrong_person\",\"confidence\":0.9}}", "skip", NULL },
		{ "{\"reply\":{\"class\":\"referral\",\"confidence\":0.9}}", "escalate", NULL },
		{ "{\"reply\":{\"class\":\"out_of_office\",\"confidence\":0.9}}", "add_to_sequence", NULL },
		{ "{\"reply\":{\"class\":\"unsubscribe\",\"confidence\":0.9},\"responses\":[\"not_interested\"]}", "skip", NULL },
		{ "{\"reply\":{\"class\":\"angry\",\"confidence\":0.9}}", "escalate", NULL },
		{ "{\"reply\":{\"class\":\"other\",\"confidence\":1}}", "escalate", NULL },
		{ "{\"reply\":{\"class\":\"no_such\",\"confidence\":1}}", "escalate", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		cJSON *s = cJSON_Parse(t[i].situation);
		struct brain_answer a = { 0 };
		struct lp_err err;
		char *data;

		assert_non_null(s);
		assert_int_equal(llm_offline.decide(&(struct brain_question){ .task_type = "respond_to_reply", .actions = actions_of("respond_to_reply"),
		    .situation = s }, &a, &err), 0);
		data = a.data != NULL ? json_print(a.data) : xstrdup("");
		if (strcmp(a.action, t[i].action) != 0 || strcmp(data, t[i].data != NULL ? t[i].data : "") != 0)
			fail_msg("%s: %s %s", t[i].situation, a.action, data);
		assert_true(action_allowed("respond_to_reply", a.action));
		assert_true(a.confidence >= 0 && a.confidence <= 1 && *a.reasoning != '\0');
		/* a response to a question answers nothing: a person sees it first */
		assert_true(a.requires_approval == (t[i].data != NULL && strstr(t[i].data, "\"question\"") != NULL));
		free(data);
		brain_answer_clear(&a);
		cJSON_Delete(s);
	}
}

static void
chosen(void **state)
{
	static const struct {
		const char *class, *brain, *said, *action, *data;
		double confidence;
	} t[] = {
		{ "question", "offline", "{\"answer\":1}", "send_response", "{\"answer\":1,\"version\":3,\"score\":0.8}", 0.8 },
		{ "question", "model", "{\"answer\":2}", "send_response", "{\"answer\":2,\"version\":3,\"score\":0}", 0 },
		{ "question", "model", "{\"answer\":3}", "escalate", "{}", 0.9 },
		{ "question", "model", "{\"answer\":1e99}", "escalate", "{}", 0.9 },
		{ "question", "model", "{\"answer\":-1}", "escalate", "{}", 0.9 },
		{ "question", "model", "{\"answer\":1,\"body\":\"evil\",\"to\":\"eve\",\"template\":\"evil\"}", "send_response",
		  "{\"answer\":1,\"version\":3,\"score\":0.8}", 0.8 },
		{ "question", "rule", "{}", "send_response", "{\"answer\":1,\"version\":3,\"score\":0.8}", 0.8 },
		{ "question", "rule", "{\"template\":\"own\"}", "send_response", "{\"template\":\"own\"}", 0.9 },
		{ "interested", "rule", "{}", "send_response", "{\"response\":\"interested\",\"version\":3}", 0.85 },
		{ "interested", "model", "{\"response\":\"interested\"}", "send_response", "{\"response\":\"interested\",\"version\":3}", 0.85 },
		{ "interested", "model", "{\"response\":\"not_now\"}", "escalate", "{}", 0.9 },
		{ "not_now", "model", "{\"response\":\"not_now\"}", "escalate", "{}", 0.9 },
	};
	struct respond r = { .thread.seq = 1, .version = 3, .match = { .number = 1, .score = 0.8, .sure = true, .why = "x" } };

	(void)state;
	r.in.confidence = 0.85;
	r.def = cJSON_Parse("{\"answers\":[{\"q\":[\"a\"],\"a\":\"A\"},{\"q\":[\"b\"],\"a\":\"B\"}],\"responses\":{\"interested\":\"I\"}}");
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct decision d = { .action = "send_response", .confidence = 0.9, .data = xstrdup(t[i].said) };

		memcpy(r.in.class, t[i].class, strlen(t[i].class) + 1);
		memcpy(d.brain, t[i].brain, strlen(t[i].brain) + 1);
		respond_choose(&r, &d);
		if (strcmp(d.action, t[i].action) != 0 || strcmp(d.data, t[i].data) != 0 || d.confidence != t[i].confidence)
			fail_msg("%s %s %s: %s %s %g", t[i].class, t[i].brain, t[i].said, d.action, d.data, d.confidence);
		decision_clear(&d);
	}
	/* in no thread of ours there is nothing to answer into */
	r.thread.seq = 0;
	{
		struct decision d = { .action = "send_response", .confidence = 0.9, .data = xstrdup("{\"answer\":1}") };

		respond_choose(&r, &d);
		assert_string_equal(d.action, "escalate");
		decision_clear(&d);
	}
	cJSON_Delete(r.def);
}

static void
subjects(void **state)
{
	static const struct {
		const char *theirs, *first, *want;
	} t[] = {
		{ "Re: Returns at Alpha", "Returns at Alpha", "Re: Returns at Alpha" },
		{ "AW: WG: returns at ALPHA", "Returns at Alpha", "Re: Returns at Alpha" },
		{ "Re[2]: Sv: Returns at Alpha [ticket 12]", "Returns at Alpha", "Re: Returns at Alpha [ticket 12]" },
		{ "[External] Re: Returns at Alpha", "Returns at Alpha", "Re: Returns at Alpha" },
		{ "Another thing", "Returns at Alpha", "Re: Another thing" },
		{ "Rebate: yes", NULL, "Re: Rebate: yes" },
		{ "Re: https://evil.example", "Returns at Alpha", "Re: Returns at Alpha" },
		{ "Re: go to www.evil.example", "Returns", "Re: Returns" },
		{ "a\r\nBcc: eve@evil.example", "Returns", "Re: a Bcc: eve@evil.example" },
		{ NULL, "Re: Returns", "Re: Returns" },
		{ "Re:", "Returns", "Re: Returns" },
		{ "", NULL, NULL },
		{ "Re: https://evil.example", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct inbox_message in = { .subject = xstrdup(t[i].theirs) };
		char *s = respond_subject(&in, t[i].first);

		if (t[i].want == NULL)
			assert_null(s);
		else
			assert_string_equal(s, t[i].want);
		free(s);
		free(in.subject);
	}
}

static void
links(void **state)
{
	static const char *const allowed[] = { "see https://lead.example/prices, or write", "www.lead.example", NULL };
	static const char *const fine[] = { "", "See https://lead.example/prices.", "(https://lead.example/prices)", "www.lead.example!", "24/7, and/or e.g. this",
		"3.5 of 4." };
	static const struct {
		const char *text, *link;
	} bad[] = { { "x https://evil.example/a.", "https://evil.example/a" }, { "<HTTP://evil.example>", "HTTP://evil.example" },
		{ "[a](www.evil.example)", "www.evil.example" }, { "evil.example/x", "evil.example/x" }, { "mailto:eve@evil.example?", "mailto:eve@evil.example" },
		{ "https://lead.example/prices2", "https://lead.example/prices2" } };

	(void)state;
	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++)
		assert_null(respond_link(fine[i], allowed));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char *s = respond_link(bad[i].text, allowed);

		assert_non_null(s);
		assert_string_equal(s, bad[i].link);
		free(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(offline), cmocka_unit_test(chosen), cmocka_unit_test(subjects), cmocka_unit_test(links) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
