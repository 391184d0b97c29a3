/* when: and then: as text: what they mean, what they print, what they refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/json.h"
#include "rules/rulelang.h"

static struct lp_err err;

static void
when(void **state)
{
	static const struct {
		const char *text, *json, *dump; /* dump NULL: as text */
	} good[] = {
		{ "lead.company contains $competitors", "{\"field\":\"lead.company\",\"operator\":\"contains\",\"value\":\"$competitors\"}", NULL },
		{ "reply.sentiment equals negative", "{\"field\":\"reply.sentiment\",\"operator\":\"equals\",\"value\":\"negative\"}", NULL },
		{ "counts.sent greater_than 3", "{\"field\":\"counts.sent\",\"operator\":\"greater_than\",\"value\":3}", NULL },
		{ "data.x equals \"3\"", "{\"field\":\"data.x\",\"operator\":\"equals\",\"value\":\"3\"}", NULL },
		{ "data.x equals -1.5e3", "{\"field\":\"data.x\",\"operator\":\"equals\",\"value\":-1500}", "data.x equals -1500" },
		{ "data.x equals true", "{\"field\":\"data.x\",\"operator\":\"equals\",\"value\":true}", NULL },
		{ "data.x equals \"true\"", "{\"field\":\"data.x\",\"operator\":\"equals\",\"value\":\"true\"}", NULL },
		{ "data.x equals null", "{\"field\":\"data.x\",\"operator\":\"equals\",\"value\":null}", NULL },
		{ "data.x equals 007", "{\"field\":\"data.x\",\"operator\":\"equals\",\"value\":\"007\"}", NULL },
		{ "data.x equals 1e999", "{\"field\":\"data.x\",\"operator\":\"equals\",\"value\":\"1e999\"}", NULL },
		{ "data.x equals \"and\"", "{\"field\":\"data.x\",\"operator\":\"equals\",\"value\":\"and\"}", NULL },
		{ "data.x equals ''", "{\"field\":\"data.x\",\"operator\":\"equals\",\"value\":\"\"}", "data.x equals \"\"" },
		{ "data.x equals 'it\"s'", "{\"field\":\"data.x\",\"operator\":\"equals\",\"value\":\"it\\\"s\"}", "data.x equals \"it\\\"s\"" },
		{ "data.x equals \"a\\nb\\t\\u00e9\"", "{\"field\":\"data.x\",\"operator\":\"equals\",\"value\":\"a\\nb\\té\"}", "data.x equals \"a\\nb\\té\"" },
		{ "data.x equals \"$list\"", "{\"field\":\"data.x\",\"operator\":\"equals\",\"value\":\"$$list\"}", NULL },
		{ "data.x equals $100", "{\"field\":\"data.x\",\"operator\":\"equals\",\"value\":\"$100\"}", "data.x equals \"$100\"" },
		{ "lead.country in [DE, AT, \"United Kingdom\"]",
		    "{\"field\":\"lead.country\",\"operator\":\"in\",\"value\":[\"DE\",\"AT\",\"United Kingdom\"]}", NULL },
		{ "lead.company contains [Initech Corp, this and that, 5, $more,]",
		    "{\"field\":\"lead.company\",\"operator\":\"contains\",\"value\":[\"Initech Corp\",\"this and that\",5,\"$more\"]}",
		    "lead.company contains [\"Initech Corp\", \"this and that\", 5, $more]" },
		{ "lead.country in []", "{\"field\":\"lead.country\",\"operator\":\"in\",\"value\":[]}", NULL },
		{ "time.hour between 9 and 17 and action exists",
		    "{\"operator\":\"and\",\"conditions\":[{\"field\":\"time.hour\",\"operator\":\"between\",\"value\":[9,17]},"
		    "{\"field\":\"action\",\"operator\":\"exists\"}]}", NULL },
		{ "time.hour between [9, 17]", "{\"field\":\"time.hour\",\"operator\":\"between\",\"value\":[9,17]}", "time.hour between 9 and 17" },
		{ "lead.created_at older_than 3d", "{\"field\":\"lead.created_at\",\"operator\":\"older_than\",\"value\":\"3d\"}", NULL },
		{ "lead.created_at older_than \"1d 12h\"", "{\"field\":\"lead.created_at\",\"operator\":\"older_than\",\"value\":\"1d 12h\"}", NULL },
		{ "\"lead.custom.Job Title\" exists", "{\"field\":\"lead.custom.Job Title\",\"operator\":\"exists\"}", NULL },
		{ "not lead.email exists", "{\"operator\":\"not\",\"condition\":{\"field\":\"lead.email\",\"operator\":\"exists\"}}", NULL },
		{ "a.b exists or c exists and not (d exists or e exists)",
		    "{\"operator\":\"or\",\"conditions\":[{\"field\":\"a.b\",\"operator\":\"exists\"},{\"operator\":\"and\",\"conditions\":["
		    "{\"field\":\"c\",\"operator\":\"exists\"},{\"operator\":\"not\",\"condition\":{\"operator\":\"or\",\"conditions\":["
		    "{\"field\":\"d\",\"operator\":\"exists\"},{\"field\":\"e\",\"operator\":\"exists\"}]}}]}]}", NULL },
		{ "(a exists or b exists) and c exists",
		    "{\"operator\":\"and\",\"conditions\":[{\"operator\":\"or\",\"conditions\":[{\"field\":\"a\",\"operator\":\"exists\"},"
		    "{\"field\":\"b\",\"operator\":\"exists\"}]},{\"field\":\"c\",\"operator\":\"exists\"}]}", NULL },
		{ "(a exists and b exists) and c exists",
		    "{\"operator\":\"and\",\"conditions\":[{\"operator\":\"and\",\"conditions\":[{\"field\":\"a\",\"operator\":\"exists\"},"
		    "{\"field\":\"b\",\"operator\":\"exists\"}]},{\"field\":\"c\",\"operator\":\"exists\"}]}", NULL },
		{ "not not a exists", "{\"operator\":\"not\",\"condition\":{\"operator\":\"not\",\"condition\":{\"field\":\"a\",\"operator\":\"exists\"}}}", NULL },
		{ " ( ( a\texists ) )\n", "{\"field\":\"a\",\"operator\":\"exists\"}", "a exists" },
		{ "lead.company contains Müller", "{\"field\":\"lead.company\",\"operator\":\"contains\",\"value\":\"Müller\"}", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		cJSON *j = when_parse(good[i].text, &err), *again;
		char *json, *dump, *twice;

		if (j == NULL)
			fail_msg("%s: %s", good[i].text, err.msg);
		json = json_print(j);
		assert_string_equal(json, good[i].json);
		dump = when_dump(j, &err);
		assert_string_equal(dump, good[i].dump != NULL ? good[i].dump : good[i].text);
		again = when_parse(dump, &err);
		assert_non_null(again);
		twice = when_dump(again, &err);
		assert_string_equal(twice, dump);
		free(json);
		free(dump);
		free(twice);
		cJSON_Delete(j);
		cJSON_Delete(again);
	}
}

static void
when_refused(void **state)
{
	static const struct {
		const char *text, *msg;
	} bad[] = {
		{ "", "column 1: expected a field, found the end" },
		{ "lead.company", "column 13: expected an operator after the field, found the end" },
		{ "lead.company contans x", "column 14: unknown operator 'contans' (did you mean 'contains'?)" },
		{ "lead.company = x", "column 14: unknown operator '=' (did you mean 'equals'?)" },
		{ "counts.sent >= 3", "(did you mean 'at_least'?)" },
		{ "lead.company contains", "column 22: expected a value after 'contains', found the end" },
		{ "lead.company contains and x exists", "column 23: expected a value after 'contains', found 'and'" },
		{ "lead.company contains Globex Ltd", "column 30: expected 'and', 'or' or the end, found 'Ltd' (text with spaces wants quotes)" },
		{ "größe contains x y", "column 18: expected" },
		{ "a exists and", "column 13: expected a field, found the end" },
		{ "(a exists", "column 10: expected ')', found the end" },
		{ "a exists)", "column 9: expected 'and', 'or' or the end, found ')'" },
		{ "a equals \"x", "column 10: no closing quote" },
		{ "a equals \"\\q\"", "column 10: text in double quotes is as in JSON" },
		{ "a equals \"\\u0000\"", "column 10: text in double quotes" },
		{ "a in [b", "column 8: expected ',' or ']' in the list, found the end" },
		{ "a in [,]", "column 7: expected a value in the list, found ','" },
		{ "a in [[b]]", "column 7: expected a value in the list, found '['" },
		{ "a between 1", "column 12: expected 'and' between the two values" },
		{ "a between 1 and", "column 16: expected a value" },
		{ "a and exists", "column 3: unknown operator 'and'" },
		{ "\xff exists", "invalid UTF-8" },
	};
	struct buf deep = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_null(when_parse(bad[i].text, &err));
		assert_int_equal(err.kind, LP_DATA);
		if (strstr(err.msg, bad[i].msg) == NULL)
			fail_msg("%s: '%s' has no '%s'", bad[i].text, err.msg, bad[i].msg);
	}
	for (int i = 0; i < 20000; i++)
		buf_putc(&deep, '(');
	assert_null(when_parse(deep.s, &err));
	assert_non_null(strstr(err.msg, "nested deeper"));
	buf_reset(&deep);
	for (int i = 0; i < 30000; i++)
		buf_puts(&deep, "not ");
	assert_null(when_parse(deep.s, &err));
	buf_free(&deep);
}

static void
then(void **state)
{
	static const struct {
		enum rule_type type;
		const char *text, *json, *dump;
	} good[] = {
		{ RULE_FILTER, "block", "{\"verdict\":\"block\"}", NULL },
		{ RULE_FILTER, "skip", "{\"skip\":true,\"verdict\":\"block\"}", NULL },
		{ RULE_FILTER, "hold and notify", "{\"verdict\":\"hold\",\"notify\":true}", NULL },
		{ RULE_FILTER, "allow", "{\"verdict\":\"allow\"}", NULL },
		{ RULE_CONSTRAINT, "stop", "{\"stop\":true}", NULL },
		{ RULE_CONSTRAINT, "notify and stop", "{\"notify\":true,\"stop\":true}", "stop and notify" },
		{ RULE_SCHEDULE, "delay", "{\"verdict\":\"delay\"}", NULL },
		{ RULE_SCHEDULE, "delay 3d", "{\"verdict\":\"delay\",\"delay\":\"3d\"}", NULL },
		{ RULE_SCHEDULE, "delay 1d12h and notify", "{\"verdict\":\"delay\",\"delay\":\"1d12h\",\"notify\":true}", "delay 1d 12h and notify" },
		{ RULE_SCHEDULE, "delay 2bd", "{\"verdict\":\"delay\",\"delay\":\"2bd\"}", NULL },
		{ RULE_SCHEDULE, "delay until 2026-12-01", "{\"verdict\":\"delay\",\"until\":\"2026-12-01\"}", NULL },
		{ RULE_SCHEDULE, "delay until 2026-12-01 09:00", "{\"verdict\":\"delay\",\"until\":\"2026-12-01 09:00\"}", NULL },
		{ RULE_TEMPLATE, "send template \"Hi {{first_name}},\\nours are 5.\"", "{\"template\":\"Hi {{first_name}},\\nours are 5.\"}", NULL },
		{ RULE_TEMPLATE, "send template \"our prices\"", "{\"template\":\"our prices\"}", NULL },
		{ RULE_ESCALATION, "stop and notify", "{\"stop\":true,\"notify\":true}", NULL },
		{ RULE_ACTION, "do send_response", "{\"action\":\"send_response\"}", NULL },
		{ RULE_ACTION, "enqueue book_meeting", "{\"enqueue\":\"book_meeting\"}", NULL },
		{ RULE_ACTION, "enqueue book_meeting and do skip", "{\"enqueue\":\"book_meeting\",\"action\":\"skip\"}", "do skip and enqueue book_meeting" },
	};
	static const struct {
		enum rule_type type;
		const char *text, *msg;
	} bad[] = {
		{ RULE_FILTER, "", "column 1: expected block" },
		{ RULE_FILTER, "blok", "column 1: unknown word 'blok' (did you mean 'block'?)" },
		{ RULE_FILTER, "block and hold", "column 11: 'hold' and another verdict" },
		{ RULE_FILTER, "block and block", "'block' is there twice" },
		{ RULE_FILTER, "block hold", "column 7: expected 'and' or the end, found 'hold'" },
		{ RULE_FILTER, "notify", "a filter rule can block, skip, hold or allow" },
		{ RULE_FILTER, "stop", "a filter rule can" },
		{ RULE_ACTION, "block", "an action rule can do ACTION" },
		{ RULE_ESCALATION, "allow", "an escalation rule can stop" },
		{ RULE_SCHEDULE, "delay 3x", "'delay' wants a duration such as 3d, 2bd or 4h, not '3x'" },
		{ RULE_SCHEDULE, "delay 0", "'delay' wants a duration" },
		{ RULE_SCHEDULE, "delay until", "column 12: expected a date" },
		{ RULE_SCHEDULE, "delay until tomorrow", "'until'" },
		{ RULE_SCHEDULE, "delay until 2026-02-30", "'until'" },
		{ RULE_TEMPLATE, "send", "column 5: expected 'template'" },
		{ RULE_TEMPLATE, "send template", "column 14: expected a text in quotes" },
		{ RULE_TEMPLATE, "send template \"\"", "must be text" },
		{ RULE_TEMPLATE, "send template pricing", "wants the text itself" },
		{ RULE_ACTION, "do and notify", "column 4: expected an action" },
		{ RULE_ACTION, "enqueue", "column 8: expected a task type" },
		{ RULE_FILTER, "block\xff", "invalid UTF-8" },
	};
	static const char *const bad_json[] = { "{}", "{\"verdict\":\"maybe\"}", "{\"verdict\":5}", "{\"skip\":true}", "{\"verdict\":\"hold\",\"skip\":true}",
		"{\"verdict\":\"block\",\"skip\":false}", "{\"verdict\":\"block\",\"delay\":\"3d\"}", "{\"until\":\"2026-12-01\"}", "{\"verdict\":\"block\",\"x\":1}",
		"{\"verdict\":\"block\",\"notify\":1}" };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		cJSON *a = then_parse(good[i].type, good[i].text, &err);
		char *json, *dump;

		if (a == NULL)
			fail_msg("%s: %s", good[i].text, err.msg);
		json = json_print(a);
		dump = then_dump(a, &err);
		assert_string_equal(json, good[i].json);
		assert_string_equal(dump, good[i].dump != NULL ? good[i].dump : good[i].text);
		free(json);
		free(dump);
		cJSON_Delete(a);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_null(then_parse(bad[i].type, bad[i].text, &err));
		assert_int_equal(err.kind, LP_DATA);
		if (strstr(err.msg, bad[i].msg) == NULL)
			fail_msg("%s: '%s' has no '%s'", bad[i].text, err.msg, bad[i].msg);
	}
	for (size_t i = 0; i < sizeof(bad_json) / sizeof(bad_json[0]); i++) {
		cJSON *a = json_parse(bad_json[i], strlen(bad_json[i]), &err);

		assert_int_equal(then_check(RULE_FILTER, a, &err), -1);
		cJSON_Delete(a);
	}
}

static void
types(void **state)
{
	enum rule_type t;

	(void)state;
	assert_int_equal(rule_type_parse("schedule", &t, &err), 0);
	assert_int_equal(t, RULE_SCHEDULE);
	assert_int_equal(rule_type_parse("fliter", &t, &err), -1);
	assert_string_equal(err.msg, "unknown rule type 'fliter' (did you mean 'filter'?)");
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(when), cmocka_unit_test(when_refused), cmocka_unit_test(then), cmocka_unit_test(types) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
