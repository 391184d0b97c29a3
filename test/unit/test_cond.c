/* Conditions: the table test/data/conditions.jsonl, what doesn't compile, explanations, folding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/json.h"
#include "rules/cond.h"
#include "rules/situation.h"

static struct lp_err err;

static cJSON *
js(const char *s)
{
	cJSON *v = json_parse(s, strlen(s), &err);

	if (v == NULL)
		fail_msg("%s: %s", err.msg, s);
	return v;
}

static void
table(void **state)
{
	struct condset *all = condset_new(NULL);
	struct facts *f = facts_new(all);
	struct lines in;
	const char *s;
	size_t n, cases = 0;
	int fd = open("test/data/conditions.jsonl", O_RDONLY), r;

	(void)state;
	assert_true(fd >= 0);
	lines_init(&in, fd, "conditions.jsonl");
	while ((r = lines_next(&in, &s, &n, &err)) == 1) {
		cJSON *o = json_object(s, n, &err), *want = json_get(o, "expected"), *again;
		struct cond *c;
		enum tri t = cJSON_IsNull(want) ? TRI_NULL : cJSON_IsTrue(want) ? TRI_TRUE : TRI_FALSE;

		assert_non_null(want);
		/* one set for all: no condition may see another's fields */
		if ((c = cond_compile(all, json_get(o, "condition"), COND_OPEN, &err)) == NULL)
			fail_msg("line %zu: %s", in.number, err.msg);
		facts_load(f, json_get(o, "situation"), 0);
		if (cond_eval(c, f) != t)
			fail_msg("line %zu: got %d, want %d: %s", in.number, cond_eval(c, f), t, s);
		again = cond_explain(c, f);
		assert_true(cJSON_Compare(json_get(again, "matched"), want, true));
		assert_true(cJSON_GetArraySize(json_get(again, "trace")) > 0);
		assert_true((t == TRI_TRUE) == (json_get(again, "nearest_miss") == NULL));
		cJSON_Delete(again);
		cJSON_Delete(o);
		cases++;
	}
	assert_int_equal(r, 0);
	assert_true(cases > 500);
	lines_free(&in);
	close(fd);
	facts_free(f);
	condset_free(all);
}

static void
refused(void **state)
{
	static const struct {
		const char *json, *msg;
	} bad[] = {
		{ "{}", "a condition wants \"operator\"" },
		{ "[]", "a condition wants \"operator\"" },
		{ "{\"operator\":5}", "a condition wants \"operator\"" },
		{ "{\"operator\":\"equals\",\"value\":1}", "'equals' without a field" },
		{ "{\"field\":\"\",\"operator\":\"exists\"}", "'exists' without a field" },
		{ "{\"field\":7,\"operator\":\"exists\"}", "'exists' without a field" },
		{ "{\"field\":\"lead.company\",\"operator\":\"contans\",\"value\":\"x\"}", "unknown operator 'contans' (did you mean 'contains'?)" },
		{ "{\"field\":\"lead.company\",\"operator\":\"Equals\",\"value\":\"x\"}", "did you mean 'equals'?" },
		{ "{\"field\":\"lead.company\",\"operator\":\">=\",\"value\":\"x\"}", "did you mean 'at_least'?" },
		{ "{\"field\":\"lead.company\",\"operator\":\"frobnicate\",\"value\":\"x\"}", "unknown operator 'frobnicate' (lp-rules(5)" },
		{ "{\"field\":\"lead.compny\",\"operator\":\"exists\"}", "no field 'lead.compny' in a situation (did you mean 'lead.company'?)" },
		{ "{\"field\":\"lead.constructor\",\"operator\":\"exists\"}", "lead.custom.NAME" },
		{ "{\"field\":\"zzzzzzzz\",\"operator\":\"exists\"}", "lp-rules(5) lists them" },
		{ "{\"field\":\"data.\",\"operator\":\"exists\"}", "no field 'data.'" },
		{ "{\"field\":\"lead.company\",\"operator\":\"contains\"}", "'contains' has no value" },
		{ "{\"field\":\"lead.company\",\"operator\":\"contains\",\"value\":null}", "'contains' wants text, not null" },
		{ "{\"field\":\"lead.company\",\"operator\":\"contains\",\"value\":{}}", "not an object" },
		{ "{\"field\":\"lead.company\",\"operator\":\"contains\",\"value\":[[\"x\"]]}", "a list within a list" },
		{ "{\"field\":\"lead.company\",\"operator\":\"contains\",\"value\":\"$compettors\"}", "no list '$compettors' (did you mean '$competitors'?)" },
		{ "{\"field\":\"lead.company\",\"operator\":\"in\",\"value\":\"x\"}", "'in' wants a list" },
		{ "{\"field\":\"lead.company\",\"operator\":\"not_in\",\"value\":\"x\"}", "'not_in' wants a list" },
		{ "{\"field\":\"lead.company\",\"operator\":\"equals\",\"value\":[\"x\"]}", "'equals' wants one value" },
		{ "{\"field\":\"lead.company\",\"operator\":\"equals\",\"value\":\"$competitors\"}", "'equals' wants one value" },
		{ "{\"field\":\"lead.company\",\"operator\":\"exists\",\"value\":false}", "'exists' takes no value" },
		{ "{\"field\":\"lead.company\",\"operator\":\"equals\",\"value\":5}", "lead.company is text" },
		{ "{\"field\":\"counts.sent\",\"operator\":\"equals\",\"value\":\"5\"}", "counts.sent is a number" },
		{ "{\"field\":\"counts.sent\",\"operator\":\"greater_than\",\"value\":\"three\"}", "wants a number or a date" },
		{ "{\"field\":\"counts.sent\",\"operator\":\"greater_than\",\"value\":\"2026-01-01\"}", "counts.sent is a number, and the value" },
		{ "{\"field\":\"lead.created_at\",\"operator\":\"greater_than\",\"value\":5}", "lead.created_at is a time, and the value" },
		{ "{\"field\":\"lead.company\",\"operator\":\"greater_than\",\"value\":5}", "compares numbers and times" },
		{ "{\"field\":\"lead.company\",\"operator\":\"older_than\",\"value\":\"3d\"}", "wants a time" },
		{ "{\"field\":\"lead.created_at\",\"operator\":\"older_than\",\"value\":\"3x\"}", "wants a duration" },
		{ "{\"field\":\"lead.created_at\",\"operator\":\"older_than\",\"value\":\"3bd\"}", "business days" },
		{ "{\"field\":\"lead.created_at\",\"operator\":\"older_than\",\"value\":3}", "wants a duration" },
		{ "{\"field\":\"counts.sent\",\"operator\":\"between\",\"value\":[3,1]}", "lower value first" },
		{ "{\"field\":\"counts.sent\",\"operator\":\"between\",\"value\":[3]}", "two values" },
		{ "{\"field\":\"data.x\",\"operator\":\"between\",\"value\":[3,\"2026-01-01\"]}", "two numbers or two dates" },
		{ "{\"field\":\"reply.class\",\"operator\":\"equals\",\"value\":\"intrested\"}", "reply.class is never 'intrested' (did you mean 'interested'?)" },
		{ "{\"field\":\"reply.class\",\"operator\":\"in\",\"value\":[\"question\",\"qestion\"]}", "did you mean 'question'?" },
		{ "{\"field\":\"lead.company\",\"operator\":\"matches\",\"value\":\"a(b\"}", "pattern 'a(b'" },
		{ "{\"field\":\"lead.company\",\"operator\":\"matches\",\"value\":\"\"}", "wants a pattern" },
		{ "{\"field\":\"lead.company\",\"operator\":\"matches\",\"value\":[\"a\"]}", "wants a pattern" },
		{ "{\"field\":\"lead.company\",\"operator\":\"matches\",\"value\":\"(a)\\\\1\"}", "back-reference" },
		{ "{\"field\":\"lead.company\",\"operator\":\"matches\",\"value\":\"((a{1,255}){1,255}){1,255}\"}", "too large" },
		{ "{\"operator\":\"and\"}", "isn't empty" },
		{ "{\"operator\":\"and\",\"conditions\":[]}", "isn't empty" },
		{ "{\"operator\":\"or\",\"conditions\":{}}", "isn't empty" },
		{ "{\"operator\":\"not\"}", "wants one \"condition\"" },
		{ "{\"operator\":\"not\",\"conditions\":[{\"field\":\"action\",\"operator\":\"exists\"},{\"field\":\"action\",\"operator\":\"exists\"}]}", "one condition, not 2" },
		{ "{\"operator\":\"and\",\"conditions\":[{\"field\":\"action\",\"operator\":\"exists\"},{\"operator\":\"not\",\"condition\":{\"operator\":\"x\"}}]}",
		    "conditions.1: condition: unknown operator 'x'" },
		{ "{\"field\":\"action\",\"operator\":\"equals\",\"vale\":\"x\"}", "unknown key 'vale' (did you mean 'value'?)" },
		{ "{\"operator\":\"and\",\"field\":\"x\",\"conditions\":[{\"field\":\"action\",\"operator\":\"exists\"}]}", "unknown key 'field'" },
	};
	cJSON *lists = js("{\"competitors\":[\"Globex\"]}"), *c;
	struct condset *set = condset_new(lists);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		c = js(bad[i].json);
		if (cond_compile(set, c, 0, &err) != NULL)
			fail_msg("taken: %s", bad[i].json);
		assert_int_equal(err.kind, LP_DATA);
		if (strstr(err.msg, bad[i].msg) == NULL)
			fail_msg("%s: '%s' has no '%s'", bad[i].json, err.msg, bad[i].msg);
		cJSON_Delete(c);
	}
	condset_free(set);
	cJSON_Delete(lists);
}

static void
too_deep(void **state)
{
	cJSON *c = js("{\"field\":\"action\",\"operator\":\"exists\"}"), *o, *list;
	struct condset *set = condset_new(NULL);

	(void)state;
	for (int i = 0; i < 50; i++) {
		o = cJSON_CreateObject();
		json_set_str(o, "operator", "not");
		json_set(o, "condition", c);
		c = o;
	}
	assert_null(cond_compile(set, c, 0, &err));
	assert_non_null(strstr(err.msg, "too large"));
	cJSON_Delete(c);
	o = cJSON_CreateObject();
	json_set_str(o, "operator", "or");
	list = cJSON_CreateArray();
	json_set(o, "conditions", list);
	for (int i = 0; i < 1001; i++)
		cJSON_AddItemToArray(list, js("{\"field\":\"action\",\"operator\":\"exists\"}"));
	assert_null(cond_compile(set, o, 0, &err));
	cJSON_Delete(o);
	condset_free(set);
}

/* The same set judges one situation after the other: nothing stays behind. */
static void
reload(void **state)
{
	struct condset *set = condset_new(NULL);
	cJSON *a = js("{\"field\":\"lead.company\",\"operator\":\"contains\",\"value\":\"globex\"}"), *s1, *s2, *late;
	struct cond *c = cond_compile(set, a, 0, &err), *d;
	struct facts *f = facts_new(set);

	(void)state;
	s1 = js("{\"lead\":{\"company\":\"GLOBEX\",\"country\":\"DE\"}}");
	s2 = js("{\"lead\":{}}");
	facts_load(f, s1, 0);
	assert_int_equal(cond_eval(c, f), TRI_TRUE);
	facts_load(f, s2, 0);
	assert_int_equal(cond_eval(c, f), TRI_FALSE);
	/* compiled after the facts were made */
	late = js("{\"field\":\"lead.country\",\"operator\":\"equals\",\"value\":\"DE\"}");
	d = cond_compile(set, late, 0, &err);
	facts_load(f, s1, 0);
	assert_int_equal(cond_eval(d, f), TRI_TRUE);
	assert_int_equal(cond_roots(d), SR_LEAD);
	cJSON_Delete(a);
	cJSON_Delete(s1);
	cJSON_Delete(s2);
	cJSON_Delete(late);
	facts_free(f);
	condset_free(set);
}

static void
lists(void **state)
{
	cJSON *l = js("{\"competitors\":[\"Globex\",\"$more\",7],\"more\":[\"Initech\"],\"loop\":[\"$loop\"]}");
	cJSON *in = js("{\"field\":\"lead.company\",\"operator\":\"contains\",\"value\":\"$competitors\"}");
	cJSON *loop = js("{\"field\":\"lead.company\",\"operator\":\"contains\",\"value\":\"$loop\"}");
	cJSON *s = js("{\"lead\":{\"company\":\"INITECH 2\"}}"), *x;
	struct condset *set = condset_new(l);
	struct cond *c = cond_compile(set, in, 0, &err);
	struct facts *f = facts_new(set);
	char *text;

	(void)state;
	assert_non_null(c);
	facts_load(f, s, 0);
	assert_int_equal(cond_eval(c, f), TRI_TRUE);
	x = cond_explain(c, f);
	text = json_print(x);
	assert_string_equal(text, "{\"matched\":true,\"trace\":[{\"field\":\"lead.company\",\"actual\":\"INITECH 2\","
	    "\"operator\":\"contains\",\"wanted\":[\"globex\",\"initech\",\"7\"],\"result\":true}]}");
	free(text);
	cJSON_Delete(x);
	assert_null(cond_compile(set, loop, 0, &err));
	assert_non_null(strstr(err.msg, "lists that name lists"));
	cJSON_Delete(l);
	cJSON_Delete(in);
	cJSON_Delete(loop);
	cJSON_Delete(s);
	facts_free(f);
	condset_free(set);
}

static void
nearest_miss(void **state)
{
	/* two ways to a match: the second is nearer */
	cJSON *j = js("{\"operator\":\"or\",\"conditions\":["
	    "{\"operator\":\"and\",\"conditions\":[{\"field\":\"lead.city\",\"operator\":\"exists\"},{\"field\":\"lead.title\",\"operator\":\"exists\"}]},"
	    "{\"operator\":\"and\",\"conditions\":[{\"field\":\"counts.sent\",\"operator\":\"greater_than\",\"value\":2},"
	    "{\"operator\":\"not\",\"condition\":{\"field\":\"reply.class\",\"operator\":\"exists\"}}]}]}");
	cJSON *s = js("{\"counts\":{\"sent\":2}}"), *x, *near;
	struct condset *set = condset_new(NULL);
	struct cond *c = cond_compile(set, j, 0, &err);
	struct facts *f = facts_new(set);

	(void)state;
	facts_load(f, s, 0);
	x = cond_explain(c, f);
	assert_int_equal(cJSON_GetArraySize(json_get(x, "trace")), 4);
	near = json_get(x, "nearest_miss");
	assert_int_equal(cJSON_GetArraySize(near), 1);
	assert_string_equal(json_str(near->child, "field"), "counts.sent");
	cJSON_Delete(x);
	cJSON_Delete(s);
	/* a value that can't be judged is what stands in the way */
	s = js("{\"counts\":{\"sent\":\"many\"}}");
	facts_load(f, s, 0);
	x = cond_explain(c, f);
	assert_true(cJSON_IsNull(json_get(x, "matched")));
	assert_string_equal(json_str(json_get(x, "nearest_miss")->child, "note"), "not a number: can't be judged");
	cJSON_Delete(x);
	cJSON_Delete(s);
	cJSON_Delete(j);
	facts_free(f);
	condset_free(set);
}

/* Two keys with one hash under FNV-1a are still two fields. */
static void
hash_collision(void **state)
{
	struct condset *set = condset_new(NULL);
	cJSON *j = js("{\"field\":\"8yn0iYCKYHlIj4-BwPqk\",\"operator\":\"exists\"}");
	cJSON *s = js("{\"GReLUrM4wMqfg9yzV3KQ\":1}");
	struct cond *c = cond_compile(set, j, COND_OPEN, &err);
	struct facts *f = facts_new(set);

	(void)state;
	facts_load(f, s, 0);
	assert_int_equal(cond_eval(c, f), TRI_FALSE);
	cJSON_Delete(j);
	cJSON_Delete(s);
	facts_free(f);
	condset_free(set);
}

static void
folding(void **state)
{
	static const char *const same[][2] = { { "ABC xyz", "abc XYZ" }, { "ÄÖÜß", "äöüß" }, { "ẞ", "ß" }, { "ΣΊΣΥΦΟΣ", "σίσυφος" },
		{ "ЖЁЯ", "жёя" }, { "ԱՖ", "աֆ" }, { "Ｚ", "ｚ" }, { "İ", "i" }, { "Ȿ", "Ȿ" }, { "Ÿ", "ÿ" }, { "Ǆ", "ǆ" }, { "ǅ", "ǆ" } };
	static const char *const other[][2] = { { "ı", "i" }, { "ß", "ss" }, { "é", "e" }, { "×", "÷" }, { "ª", "a" } };
	struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		char *x = utf8_fold(same[i][0]), *y = utf8_fold(same[i][1]);

		assert_string_equal(x, y);
		free(x);
		free(y);
	}
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		char *x = utf8_fold(other[i][0]), *y = utf8_fold(other[i][1]);

		assert_string_not_equal(x, y);
		free(x);
		free(y);
	}
	/* grows by a half at most, and cut sequences pass as they are */
	utf8_fold_add(&b, "ȺȾȺȾȺȾȺȾȺȾȺȾȺȾȺȾȺȾȺȾȺȾȺȾȺȾȺȾȺȾȺȾȺȾȺȾȺȾȺȾ", 80);
	assert_int_equal(b.len, 120);
	buf_reset(&b);
	utf8_fold_add(&b, "A\xc3", 2);
	assert_string_equal(b.s, "a\xc3");
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(table), cmocka_unit_test(refused), cmocka_unit_test(too_deep),
		cmocka_unit_test(reload), cmocka_unit_test(lists), cmocka_unit_test(nearest_miss), cmocka_unit_test(hash_collision),
		cmocka_unit_test(folding) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
