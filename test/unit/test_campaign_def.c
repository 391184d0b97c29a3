/* Campaigns as text: what is read, what is refused and where, and that what is written reads back the same. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/json.h"
#include "campaign/campaign_def.h"

static cJSON *
read_one(const char *yaml, struct lp_err *err)
{
	struct ydoc *d = yaml_parse(yaml, strlen(yaml), "c.yaml", err);
	cJSON **defs = NULL, *def = NULL;
	size_t n = 0;

	if (d != NULL && campaign_defs(d, &defs, &n, err) == 0) {
		assert_int_equal(n, 1);
		def = defs[0];
		free(defs);
	}
	ydoc_free(d);
	return def;
}

static void
simple(void **state)
{
	struct lp_err err;
	cJSON *def = read_one("name: hello\nsteps:\n  - {subject: \"{{first_name}}, hi\", body: x}\n  - {delay: 1d 12h, body: y}\n", &err);
	char *s;

	(void)state;
	assert_non_null(def);
	s = json_canon(def);
	assert_string_equal(s,
	    "{\"accounts\":[],\"entry\":[\"hand\",\"import\"],\"holidays\":[],\"max_leads\":500,\"name\":\"hello\",\"spintax\":false,"
	    "\"steps\":[{\"channel\":\"email\",\"delay\":\"0s\",\"variants\":[{\"body\":\"x\",\"id\":\"a\",\"subject\":\"{{first_name}}, hi\","
	    "\"weight\":1}]},{\"channel\":\"email\",\"delay\":\"1d 12h\",\"variants\":[{\"body\":\"y\",\"id\":\"a\",\"weight\":1}]}],"
	    "\"stop_on\":[\"reply\"]}");
	free(s);
	cJSON_Delete(def);
}

#define STEP "steps: [{subject: s, body: b}]\n"

static void
refusals(void **state)
{
	static const struct {
		const char *yaml, *msg;
	} t[] = {
		{ "", "c.yaml: the file is empty" },
		{ "- a\n", "c.yaml:1:1: expected a campaign: 'name:' and 'steps:'" },
		{ STEP, "c.yaml:1:1: the campaign has no 'name'" },
		{ "name: a\n", "c.yaml:1:1: the campaign has no 'steps'" },
		{ "name: a\nstep: []\n", "c.yaml:2:1: unknown key 'step' (did you mean 'steps'?)" },
		{ "name: a\nsteps: []\n", "c.yaml:2:8: 'steps' wants a list of 1 to 50" },
		{ "name: a\nsteps: [x]\n", "c.yaml:2:9: expected keys with values" },
		{ "name: c3\n" STEP, "c.yaml:1:7: 'c3' can't be a name: it looks like a handle" },
		{ "name: -n\n" STEP, "c.yaml:1:7: '-n' can't be a name" },
		{ "name: \"a\\nb\"\n" STEP, "c.yaml:1:7: 'name' has a line feed in it" },
		{ "name:\n" STEP, "c.yaml:1:6: 'name' has no value" },
		{ "name: a\nmax_leads: 0\n" STEP, "c.yaml:2:12: 'max_leads' must be between 1 and 1000000, not 0" },
		{ "name: a\nspintax: perhaps\n" STEP, "c.yaml:2:10: 'spintax' wants true or false, not 'perhaps'" },
		{ "name: a\nstop_on: [repyl]\n" STEP, "c.yaml:2:11: unknown reason to stop 'repyl' (did you mean 'reply'?)" },
		{ "name: a\nstop_on: [meeting]\n" STEP, "c.yaml:2:10: 'stop_on' without 'reply'" },
		{ "name: a\nentry: hnd\n" STEP, "c.yaml:2:8: unknown way of entry 'hnd' (did you mean 'hand'?)" },
		{ "name: a\naccounts: [x, y, x]\n" STEP, "c.yaml:2:18: 'x' is here twice" },
		{ "name: a\naccounts: {x: y}\n" STEP, "c.yaml:2:11: 'accounts' wants a list" },
		{ "name: a\nholidays: [2026-02-30]\n" STEP, "c.yaml:2:12: " },
		{ "name: a\nhours: {timezone: Europe/Berln}\n" STEP, "c.yaml:2:19: unknown time zone 'Europe/Berln'" },
		{ "name: a\nhours: {days: [mon, fry]}\n" STEP, "c.yaml:2:21: " },
		{ "name: a\nhours: {start: \"9\"}\n" STEP, "c.yaml:2:16: " },
		{ "name: a\nhours: {start: 09:00, end: 09:00}\n" STEP, "c.yaml:2:28: 'end' equals 'start': the window is empty" },
		{ "name: a\nhours: 9-17\n" STEP, "c.yaml:2:8: expected keys with values" },
		{ "name: a\nsteps: [{body: b}]\n", "c.yaml:2:9: no 'subject', and no mail before it whose thread" },
		{ "name: a\nsteps: [{subject: s}]\n", "c.yaml:2:9: no 'body'" },
		{ "name: a\nsteps: [{subject: s, body: b, brief: c}]\n", "c.yaml:2:38: both 'body' and 'brief'" },
		{ "name: a\nsteps: [{subject: s, body: b}, {body: c}]\n", "c.yaml:2:32: step 2 has no 'delay'" },
		{ "name: a\nsteps: [{subject: s, body: b}, {delay: 0, body: c}]\n", "c.yaml:2:40: 'delay' of step 2 is nothing" },
		{ "name: a\nsteps: [{subject: s, body: b}, {delay: 3 weeks, body: c}]\n", "c.yaml:2:40: 'delay': " },
		{ "name: a\nsteps: [{chanel: email, subject: s, body: b}]\n", "c.yaml:2:10: unknown key 'chanel' (did you mean 'channel'?)" },
		{ "name: a\nsteps: [{channel: fax, body: b}]\n", "c.yaml:2:19: unknown channel 'fax' (known: email, whatsapp, sms)" },
		{ "name: a\nsteps: [{channel: sms, subject: s, body: b}]\n", "c.yaml:2:33: a message by sms has no subject" },
		{ "name: a\nsteps: [{channel: sms, body: b}, {delay: 1d, body: c}]\n", "c.yaml:2:34: no 'subject', and no mail before it" },
		{ "name: a\nsteps: [{subject: \"Re: us\", body: b}]\n", "c.yaml:2:19: a subject that claims to be an answer" },
		{ "name: a\nsteps: [{subject: s, body: \"  \"}]\n", "c.yaml:2:28: 'body' is empty" },
		{ "name: a\nsteps: [{subject: \"Hi {{first_name\", body: b}]\n", "c.yaml:2:19: 'subject', line 1, column 4: '{{' without '}}'" },
		{ "name: a\nsteps:\n- subject: s\n  body: |\n    a\n    Hi {{}}\n", "c.yaml:4:9: 'body', line 2, column 4: a merge field without a name" },
		{ "name: a\nfooter: \"{name}\"\n" STEP, "c.yaml:2:9: 'footer', line 1, column 1: a merge field has two braces" },
		{ "name: a\nsteps: [{variants: []}]\n", "c.yaml:2:20: 'variants' wants a list of 1 to 26" },
		{ "name: a\nsteps: [{subject: s, variants: [{body: b}, {id: a, body: c}]}]\n", "c.yaml:2:49: two variants with the id 'a'" },
		{ "name: a\nsteps: [{subject: s, variants: [{id: \"a b\", body: c}]}]\n", "c.yaml:2:38: 'a b' can't be a variant's id" },
		{ "name: a\nsteps: [{variants: [{subject: s, body: b, weight: 0}]}]\n", "c.yaml:2:20: every variant's weight is 0" },
		{ "name: a\nsteps: [{variants: [{subject: s, body: b}, {body: c}]}]\n", "c.yaml:2:9: some variants have a subject and some" },
		{ "campaigns:\n- {name: a, " "steps: [{subject: s, body: b}]}\n- {name: a, " "steps: [{subject: s, body: b}]}\n",
		    "c.yaml:3:3: a second campaign with the name 'a'" },
		{ "name: a\n" STEP "answers: []\n", "c.yaml:3:10: 'answers' wants a list of 1 to 200" },
		{ "name: a\n" STEP "answers: [{q: What does it cost?}]\n", "c.yaml:3:11: no 'a': the answer" },
		{ "name: a\n" STEP "answers: [{a: x}]\n", "c.yaml:3:11: no 'q': the question that this answers" },
		{ "name: a\n" STEP "answers: [{q: [], a: x}]\n", "c.yaml:3:15: 'q' wants a question, or a list of 1 to 20 ways to ask it" },
		{ "name: a\n" STEP "answers: [{q: Could you tell me?, a: x}]\n", "c.yaml:3:15: 'Could you tell me?' has no word that another" },
		{ "name: a\n" STEP "answers: [{q: Price?, a: x}, {q: [Cost?, Price?], a: y}]\n", "c.yaml:3:42: 'Price?' is here twice: answer 1 has it" },
		{ "name: a\n" STEP "answers: [{q: Price?, a: \"{x}\"}]\n", "c.yaml:3:26: 'a', line 1, column 1: a merge field has two braces" },
		{ "name: a\n" STEP "answers: [{question: Price?, a: x}]\n", "c.yaml:3:12: unknown key 'question'" },
		{ "name: a\n" STEP "responses: {angry: x}\n", "c.yaml:3:13: unknown key 'angry'" },
		{ "name: a\n" STEP "responses: {}\n", "c.yaml:3:12: 'responses' has none" },
		{ "name: a\n" STEP "responses: {intrested: x}\n", "c.yaml:3:13: unknown key 'intrested' (did you mean 'interested'?)" },
		{ "name: a\n" STEP "greeting: \"Hi {{\"\n", "c.yaml:3:11: 'greeting', line 1, column 4: " },
		{ "campaigns: x\n", "c.yaml:1:12: 'campaigns' wants a list" },
		{ "campaign: x\ncampaigns: []\n", "c.yaml:1:1: unknown key 'campaign' (did you mean 'campaigns'?)" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct lp_err err = { 0 };

		assert_null(read_one(t[i].yaml, &err));
		assert_int_equal(err.kind, LP_DATA);
		if (strncmp(err.msg, t[i].msg, strlen(t[i].msg)) != 0)
			fail_msg("%s: '%s', not '%s'", t[i].yaml, err.msg, t[i].msg);
	}
}

static const char *const whole[] = {
	"name: hello\nsteps:\n  - {subject: \"{{first_name}}, hi\", body: x}\n  - {delay: 3d, body: y}\n",
	"name: \"yes\"\ngoal: |\n  two\n  lines\nicp: {a: [1, \"1\", no, ~, \"{{x}}\"], \"b: c\": {}}\naccounts: [sales, \"no\"]\nentry: [import]\n"
	"stop_on: [meeting, reply]\nmax_leads: 7\nspintax: true\nhours: {timezone: Europe/Berlin, days: [fri, mon], start: 22:00, end: \"02:00\"}\n"
	"holidays: 2026-12-24\nfooter: \"-- \\n{{sender_name|us}}\\n\"\n"
	"steps:\n- delay: 90m\n  subject: one for all\n  variants:\n  - {body: \"{a|b}\"}\n  - {id: zz, weight: 3, subject: own, brief: write it}\n"
	"- {channel: sms, delay: 3bd, body: \"No: yes\"}\n- {delay: 1d 12h, variants: [{id: q, body: \"trail \\n\\n\"}]}\n"
	"- {delay: 1h, variants: [{weight: 5, body: z}]}\n",
	"name: h\nhours: {}\nicp: 12\nsteps: [{subject: s, body: b}]\n",
	"name: h\nsteps: [{subject: s, body: b}]\ngreeting: \"Hi {{first_name|there}},\"\nclosing: \"-\\nK\"\nanswers:\n- {q: \"yes: price?\", a: \"no\"}\n"
	"- {q: [\"#cost?\", \"offers, [b] {c}?\"], a: \"two\\n\\nlines\\n\"}\nresponses: {not_now: \"ok\\n\", interested: \"  good \"}\n",
};

static void
written_reads_back(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
		struct lp_err err = { 0 };
		cJSON *a = read_one(whole[i], &err), *b;
		char *ya, *yb, *ca, *cb, ha[LP_HEX_SIZE], hb[LP_HEX_SIZE], *d;

		if (a == NULL)
			fail_msg("%s", err.msg);
		ya = campaign_def_yaml(a);
		b = read_one(ya, &err);
		if (b == NULL)
			fail_msg("%s\n%s", err.msg, ya);
		ca = json_canon(a);
		cb = json_canon(b);
		assert_string_equal(ca, cb);
		yb = campaign_def_yaml(b);
		assert_string_equal(ya, yb);
		assert_string_equal(json_hash(a, ha), json_hash(b, hb));
		d = campaign_def_diff(a, b);
		assert_string_equal(d, "");
		free(d);
		json_set_num(b, "max_leads", 8);
		assert_string_not_equal(json_hash(a, ha), json_hash(b, hb));
		cJSON_Delete(a);
		cJSON_Delete(b);
		free(ya);
		free(yb);
		free(ca);
		free(cb);
	}
}

static void
differences(void **state)
{
	struct lp_err err;
	cJSON *a = read_one("name: h\nmax_leads: 5\nsteps: [{subject: s, body: b}, {delay: 1d, body: c}]\n", &err);
	cJSON *b = read_one("name: h\nmax_leads: 6\nsteps: [{subject: s, body: b}, {delay: 2d, body: c}]\n", &err);
	char *d = campaign_def_diff(a, b);

	(void)state;
	assert_string_equal(d, "- max_leads: 5\n+ max_leads: 6\n-   - delay: 1d\n+   - delay: 2d\n");
	free(d);
	d = campaign_def_diff(NULL, a);
	assert_non_null(strstr(d, "+ name: h\n"));
	free(d);
	cJSON_Delete(a);
	cJSON_Delete(b);
}

static int
count(const char *where, int step, const char *variant, enum template_shape shape, const struct template *t, void *ctx, struct lp_err *err)
{
	const struct template_use *u;

	(void)step;
	(void)variant;
	(void)shape;
	(void)err;
	buf_printf(ctx, "%s %zu; ", where, template_uses(t, &u));
	return 0;
}

static void
templates(void **state)
{
	struct lp_err err;
	cJSON *def = read_one("name: h\nfooter: \"{{x}}\"\nsteps: [{subject: \"{{s}}\", variants: [{body: \"{{b}} {{c}}\\n\"}, {brief: \"{{d\"}]},"
			      "{channel: sms, delay: 1d, body: y}]\n", &err);
	struct buf b = { 0 };
	char *s;

	(void)state;
	assert_non_null(def);
	assert_int_equal(campaign_each(def, count, &b, &err), 0);
	assert_string_equal(buf_str(&b), "step 1, variant a: subject 1; step 1, variant a: body 3; step 1, variant b: subject 1; step 2: body 0; ");
	buf_free(&b);
	cJSON_Delete(def);
	def = read_one("name: h\nfooter: \"{{x}}\"\nsteps: [{subject: s, brief: d}]\ngreeting: \"Hi {{n}},\"\nclosing: K\n"
		       "answers: [{q: Price?, a: \"{{p}} {{q}}\"}]\nresponses: {not_now: later}\n", &err);
	assert_non_null(def);
	assert_int_equal(campaign_each(def, count, &b, &err), 0);
	assert_string_equal(buf_str(&b), "step 1: subject 0; answer 1 3; response not_now 1; ");
	buf_free(&b);
	assert_string_equal(campaign_answer(def, 1), "{{p}} {{q}}");
	assert_null(campaign_answer(def, 0));
	assert_null(campaign_answer(def, 2));
	assert_string_equal(campaign_response(def, "not_now"), "later");
	assert_null(campaign_response(def, "interested"));
	s = campaign_answer_body(def, "text\n\n");
	assert_string_equal(s, "Hi {{n}},\n\ntext\n\nK\n");
	free(s);
	s = campaign_body(def, "email", "text\n\n");
	assert_string_equal(s, "text\n\n{{x}}");
	free(s);
	s = campaign_body(def, "sms", "text\n");
	assert_string_equal(s, "text\n");
	free(s);
	cJSON_Delete(def);
}

static void
examples(void **state)
{
	static const char *const files[] = { "hello", "returns" };
	const char *top = getenv("LP_TOP");
	struct lp_err err;
	size_t i, n;

	(void)state;
	for (i = 0; i < 2; i++) {
		char path[4096];
		cJSON **defs;
		struct ydoc *d;

		snprintf(path, sizeof(path), "%s/examples/%s.yaml", top != NULL ? top : ".", files[i]);
		d = yaml_load(path, &err);
		if (d == NULL || campaign_defs(d, &defs, &n, &err) == -1)
			fail_msg("%s", err.msg);
		assert_string_equal(json_str(defs[0], "name"), files[i]);
		cJSON_Delete(defs[0]);
		free(defs);
		ydoc_free(d);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(simple),
		cmocka_unit_test(refusals),
		cmocka_unit_test(written_reads_back),
		cmocka_unit_test(differences),
		cmocka_unit_test(templates),
		cmocka_unit_test(examples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
