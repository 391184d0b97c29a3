/* What a model may send, and what is left of it: a case a line in test/data/proposals.jsonl. */


#include "unit.h"

#include "agent/proposal.h"
#include "rules/actions.h"

static void
check(cJSON *c)
{
	const char *about = json_str(c, "about"), *bad = json_str(c, "bad"), *type = json_str(c, "type"), *reasoning = json_str(c, "reasoning");
	struct decision d = { 0 };
	char why[300];
	int64_t now;
	int r;

	assert_int_equal(lp_iso_parse("2026-03-02T12:00:00Z", &now, NULL), 0);
	r = proposal_read(json_get(c, "in"), type, actions_of(type), now, &d, why, sizeof(why));
	if ((r == -1) != (bad != NULL) || (bad != NULL && strstr(why, bad) == NULL))
		fail_msg("%s: %d, '%s'", about, r, why);
	if (r == 0) {
		cJSON *data = cJSON_Parse(d.data);

		if (strcmp(d.action, json_str(c, "action")) != 0 || d.requires_approval != json_bool(c, "approval", false) ||
		    !cJSON_Compare(data, json_get(c, "data"), true) || (reasoning != NULL && strcmp(d.reasoning, reasoning) != 0) ||
		    (*why != '\0') != json_bool(c, "left_out", false))
			fail_msg("%s: %s, data %s, '%s', '%s'", about, d.action, d.data, d.reasoning, why);
		cJSON_Delete(data);
	}
	for (const char *s = why; *s != '\0'; s++)
		assert_true((unsigned char)*s >= 0x20);
	decision_clear(&d);
}

static void
test_cases(void **state)
{
	(void)state;
	each_case("proposals.jsonl", 20, check);
}

/* Two megabytes of reasons are a kilobyte of them, whole characters each. */
static void
test_large(void **state)
{
	size_t n = 2 << 20;
	char *text = xmalloc(n + 1), *line;
	struct decision d = { 0 };
	cJSON *in = cJSON_Parse("{\"action\":\"skip\",\"confidence\":0.5}");
	char why[300];

	(void)state;
	for (size_t i = 0; i + 2 < n; i += 3)
		memcpy(text + i, "\xe2\x82\xac", 3);
	text[n - n % 3] = '\0';
	json_set_str(in, "reasoning", text);
	assert_int_equal(proposal_read(in, "respond_to_reply", actions_of("respond_to_reply"), 0, &d, why, sizeof(why)), 0);
	assert_in_range(strlen(d.reasoning), PROPOSAL_REASON_MAX - 3, PROPOSAL_REASON_MAX + 3);
	assert_true(utf8_ok(d.reasoning, strlen(d.reasoning)));
	for (size_t most = 0; most < 12; most++) {
		line = proposal_line("a\xe2\x82\xac\xf0\x9f\x91\x8d z", most);
		assert_true(utf8_ok(line, strlen(line)));
		free(line);
	}
	decision_clear(&d);
	cJSON_Delete(in);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases), cmocka_unit_test(test_large) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
