/* Templates: what they say, what they refuse, and that a choice is the lead's for ever. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/json.h"
#include "campaign/merge.h"
#include "campaign/template.h"

static const char lead_json[] =
    "{\"first_name\":\"Ada\",\"last_name\":\"Lovelace\",\"company\":\"Acme \\u0026 Co\",\"title\":\"  \","
    "\"email\":\"ada@acme.example\",\"custom\":{\"shop_system\":\"Shopify\",\"n\":12,\"evil\":\"{{last_name}} {a|b} %s\","
    "\"lines\":\"one\\r\\nBcc: all@x.example\\n\\ttwo\\u0007\",\"title\":\"Countess\",\"ok\":true,\"zw\":\"\\u200b\"}}";

/* What comes out, or "! " and the error. */
static char *
say(const char *text, bool spintax, int64_t lead, enum template_shape shape)
{
	struct template_choice choice = { .seed = "seed", .what = "c1:1:a", .lead = lead };
	struct merge m = { .sender_name = "Sam", .sender_email = "sam@us.example" };
	struct lp_err err = { 0 };
	struct template *t = template_compile(text, spintax, &err);
	struct buf out = { 0 };
	cJSON *o = json_object(lead_json, strlen(lead_json), NULL);

	m.lead = o;
	buf_puts(&out, "> ");
	if (t == NULL || template_render(t, merge_value, &m, &choice, shape, &out, &err) == -1) {
		assert_int_equal(err.kind, LP_DATA);
		if (t != NULL)
			assert_string_equal(out.s, "> "); /* nothing half filled is left */
		buf_reset(&out);
		buf_printf(&out, "! %s", err.msg);
	}
	merge_clear(&m);
	cJSON_Delete(o);
	template_free(t);
	return buf_steal(&out);
}

/* test/data/templates.txt: shape, template, expected; \n is a line feed. */
static void
data(void **state)
{
	char path[4096], line[8192];
	const char *top = getenv("LP_TOP");
	FILE *f;
	int n = 0, cases = 0;

	(void)state;
	snprintf(path, sizeof(path), "%s/test/data/templates.txt", top != NULL ? top : ".");
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL) {
		char *shape = line, *text, *want, *got, *p, *q;

		n++;
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || line[0] == '\0')
			continue;
		text = strstr(line, " :: ");
		assert_non_null(text);
		*text = '\0';
		text += 4;
		want = strstr(text, " :: ");
		assert_non_null(want);
		*want = '\0';
		want += 4;
		for (p = q = text; *p != '\0'; p++)
			if (p[0] == '\\' && p[1] == 'n') {
				*q++ = '\n';
				p++;
			} else
				*q++ = *p;
		*q = '\0';
		got = say(text, strchr(shape, 's') != NULL, 7, strchr(shape, 'l') != NULL ? TEMPLATE_LINE : TEMPLATE_TEXT);
		for (p = got; *p != '\0'; p++)
			if (*p == '\n')
				*p = '~';
		if (strcmp(got, want) != 0)
			fail_msg("templates.txt:%d: '%s' gives '%s', not '%s'", n, text, got, want);
		free(got);
		cases++;
	}
	fclose(f);
	assert_true(cases > 50);
}

static void
choices_stay(void **state)
{
	static const char text[] = "{a|b|c} {1|2|{3|4}} {{first_name}}";
	char *first[200], *again;
	int seen = 0, i;

	(void)state;
	for (i = 0; i < 200; i++)
		first[i] = say(text, true, i, TEMPLATE_TEXT);
	for (i = 199; i >= 0; i--) {
		again = say(text, true, i, TEMPLATE_TEXT);
		assert_string_equal(first[i], again);
		free(again);
	}
	for (i = 1; i < 200; i++)
		seen += strcmp(first[i], first[0]) != 0;
	assert_in_range(seen, 100, 199); /* 12 texts: they do differ */
	for (i = 0; i < 200; i++)
		free(first[i]);
}

static void
variants_by_weight(void **state)
{
	static const int64_t weights[] = { 3, 0, 1 };
	int64_t none[] = { 0, 0 };
	int count[3] = { 0 }, i;
	size_t v;

	(void)state;
	for (i = 0; i < 4000; i++) {
		struct template_choice c = { .seed = "s", .what = "c1:1", .lead = i };

		v = template_pick(&c, weights, 3);
		assert_int_equal(v, template_pick(&c, weights, 3));
		count[v]++;
	}
	assert_in_range(count[0], 2900, 3100);
	assert_int_equal(count[1], 0);
	assert_int_equal(template_pick(&(struct template_choice){ .seed = "s", .what = "x", .lead = 1 }, none, 2), 0);
}

static void
uses(void **state)
{
	struct lp_err err;
	struct template *t = template_compile("Hi {{ first_name | there }},\n\xc3\xa9 {{company}} {x|{{shop_system}}}", true, &err);
	const struct template_use *u;

	(void)state;
	assert_non_null(t);
	assert_int_equal(template_uses(t, &u), 3);
	assert_string_equal(u[0].field, "first_name");
	assert_true(u[0].fallback);
	assert_string_equal(u[1].field, "company");
	assert_false(u[1].fallback);
	assert_int_equal(u[1].line, 2);
	assert_int_equal(u[1].col, 3);
	assert_string_equal(u[2].field, "shop_system");
	assert_int_equal(template_spins(t), 1);
	template_free(t);
}

static void
names(void **state)
{
	char *s;

	(void)state;
	assert_true(merge_is_field("first_name"));
	assert_true(merge_is_field("First Name"));
	assert_true(merge_is_field("lead.company"));
	assert_false(merge_is_field("custom.company"));
	assert_false(merge_is_field("frist_name"));
	s = merge_custom("lead.custom.Shop System");
	assert_string_equal(s, "shop_system");
	free(s);
}

static void
sizes(void **state)
{
	struct buf b = { 0 };
	struct lp_err err;
	size_t i;

	(void)state;
	for (i = 0; i < 40000; i++)
		buf_puts(&b, "{{x}}");
	struct template *t = template_compile(buf_str(&b), false, &err);
	assert_non_null(t);
	template_free(t);
	for (i = 0; i < 40000; i++)
		buf_puts(&b, "{{x}}");
	assert_null(template_compile(buf_str(&b), false, &err));
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(data),
		cmocka_unit_test(choices_stay),
		cmocka_unit_test(variants_by_weight),
		cmocka_unit_test(uses),
		cmocka_unit_test(names),
		cmocka_unit_test(sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
