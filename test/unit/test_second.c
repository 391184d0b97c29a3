/* A model's second opinion beside code's: a case a line in test/data/second.jsonl. */
#include "unit.h"

#include <math.h>


#include "agent/second.h"

static struct decision
decision_of(const cJSON *o, const char *brain)
{
	struct decision d = { .confidence = json_num(o, "confidence", 0), .requires_approval = json_bool(o, "approval", false), .reasoning = xstrdup("r") };
	const cJSON *data = json_get(o, "data");

	snprintf(d.action, sizeof(d.action), "%s", json_str(o, "action"));
	snprintf(d.brain, sizeof(d.brain), "%s", brain);
	d.data = data != NULL ? json_print(data) : NULL;
	return d;
}

static void
check(cJSON *c)
{
	struct decision first = decision_of(json_get(c, "first"), "offline"), d = decision_of(json_get(c, "in"), "anthropic:m");
	struct inbox_message in = { .automatic = json_bool(c, "automatic", false), .confidence = json_num(c, "sure", 0), .reply_text = (char *)json_str(c, "text") };
	const char *about = json_str(c, "about"), *told = json_str(c, "told");
	cJSON *data, *want = json_get(c, "data");
	char why[300] = "";

	snprintf(in.class, sizeof(in.class), "%s", json_text(c, "class"));
	second_check(json_str(c, "type"), &first, in.reply_text != NULL ? &in : NULL, &d, why, sizeof(why));
	if (strcmp(d.action, json_str(c, "action")) != 0 || fabs(d.confidence - json_num(c, "confidence", 0)) > 1e-9 ||
	    d.requires_approval != json_bool(c, "approval", false) || (told != NULL ? strstr(why, told) == NULL : *why != '\0'))
		fail_msg("%s: %s %g %d '%s'", about, d.action, d.confidence, d.requires_approval, why);
	data = cJSON_Parse(d.data != NULL ? d.data : "{}");
	if (want != NULL && !cJSON_Compare(data, want, true))
		fail_msg("%s: data %s", about, d.data);
	cJSON_Delete(data);
	decision_clear(&first);
	decision_clear(&d);
}

static void
test_cases(void **state)
{
	(void)state;
	each_case("second.jsonl", 20, check);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
