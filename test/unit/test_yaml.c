/* YAML as a tree, its refusals with their place, and strings written so that they come back. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/yaml.h"

static struct ydoc *
parse(const char *text)
{
	struct lp_err err = { 0 };
	struct ydoc *d = yaml_parse(text, strlen(text), "f.yaml", &err);

	if (d == NULL)
		fail_msg("'%s': %s", text, err.msg);
	return d;
}

static void
trees(void **state)
{
	static const struct {
		const char *yaml, *json;
	} t[] = {
		{ "", "null" },
		{ "# nothing\n", "null" },
		{ "\xef\xbb\xbf" "a: 1\n", "{\"a\":1}" },
		{ "a: [1, two, \"3\", 4.5, -6]", "{\"a\":[1,\"two\",\"3\",4.5,-6]}" },
		{ "a: {b: {c: ~, d: null, e: }}", "{\"a\":{\"b\":{\"c\":null,\"d\":null,\"e\":null}}}" },
		{ "a: true\nb: no\nc: 'true'\n", "{\"a\":true,\"b\":\"no\",\"c\":\"true\"}" },
		{ "tel: +49171\nzip: 01069\ndate: 2026-11-22\nat: 09:00\nv: 0.5\nhex: 0x10\nbig: 12345678901234567890\n",
		    "{\"tel\":\"+49171\",\"zip\":\"01069\",\"date\":\"2026-11-22\",\"at\":\"09:00\",\"v\":0.5,\"hex\":\"0x10\","
		    "\"big\":\"12345678901234567890\"}" },
		{ "body: |\n  Hi,\n\n  you\n", "{\"body\":\"Hi,\\n\\nyou\\n\"}" },
		{ "a: >-\n  one\n  two\n", "{\"a\":\"one two\"}" },
		{ "- {delay: 3d, body: \"Any {{first_name|there}}?\"}\n",
		    "[{\"delay\":\"3d\",\"body\":\"Any {{first_name|there}}?\"}]" },
		{ "---\na: 1\n...\n", "{\"a\":1}" },
		{ "a: .nan\nb: 1e400\nc: -\n", NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct lp_err err;
		struct ydoc *d = yaml_parse(t[i].yaml, strlen(t[i].yaml), "t", &err);
		cJSON *v;
		char *s;

		if (t[i].json == NULL) {
			ydoc_free(d);
			continue;
		}
		assert_non_null(d);
		v = yaml_json(d->root);
		s = json_print(v);
		assert_string_equal(s, t[i].json);
		free(s);
		cJSON_Delete(v);
		ydoc_free(d);
	}
}

static void
refusals(void **state)
{
	static const struct {
		const char *yaml, *msg; /* how the message begins */
	} t[] = {
		{ "a: 1\nb: 2\na: 3\n", "f.yaml:3:1: key 'a' is here twice (first in line 1)" },
		{ "a: &x 1\n", "f.yaml:1:4: anchors, aliases and tags" },
		{ "a: *x\n", "f.yaml:1:4: anchors, aliases and tags" },
		{ "a: !!str 1\n", "f.yaml:1:4: anchors, aliases and tags" },
		{ "a: 1\n---\nb: 2\n", "f.yaml:2:1: a second document" },
		{ "subject: {{first_name}}, hi\n", "f.yaml:1:11: a key must be plain text (a value that starts with '{{'" },
		{ "? [a, b]\n: 1\n", "f.yaml:1:3: a key must be plain text" },
		{ "a:\n\t- b\n", "f.yaml:2:1: found character that cannot start any token (a tab" },
		{ "subject: Hi: you\n", "f.yaml:1:12: mapping values are not allowed in this context (is the" },
		{ "a: \"open\n", "f.yaml:2:1: found unexpected end of stream" },
		{ "a: [1, 2\nb: 3\n", "f.yaml:2:" },
		{ "a: x\nb: \xff\n", "f.yaml:2: invalid UTF-8" },
		{ "a: \"x\\0y\"\n", "f.yaml:1:4: NUL character" },
		{ "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
		    "f.yaml:1:34: nested deeper than 32" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct lp_err err = { 0 };

		assert_null(yaml_parse(t[i].yaml, strlen(t[i].yaml), "f.yaml", &err));
		assert_int_equal(err.kind, LP_DATA);
		if (strncmp(err.msg, t[i].msg, strlen(t[i].msg)) != 0)
			fail_msg("case %zu: '%s', not '%s'", i, err.msg, t[i].msg);
	}
}

static void
large(void **state)
{
	struct lp_err err = { 0 };
	struct buf b = { 0 };
	size_t i;

	(void)state;
	buf_add(&b, "a: x\0y", 6);
	assert_null(yaml_parse(b.s, b.len, "-", &err));
	assert_string_equal(err.msg, "stdin:1: NUL byte");
	buf_reset(&b);
	buf_puts(&b, "[");
	for (i = 0; i < 260000; i++)
		buf_puts(&b, "a,");
	assert_null(yaml_parse(b.s, b.len, "f", &err));
	assert_non_null(strstr(err.msg, "more than 250000 values"));
	buf_reset(&b);
	for (i = 0; i < (size_t)5 << 18; i++)
		buf_puts(&b, "# ab");
	assert_null(yaml_parse(b.s, b.len, "f", &err));
	assert_string_equal(err.msg, "f: larger than 4 MB");
	buf_free(&b);
	assert_null(yaml_load("/nonexistent/x.yaml", &err));
	assert_int_equal(err.kind, LP_NOINPUT);
	assert_null(yaml_load("/", &err));
	assert_int_equal(err.kind, LP_NOINPUT);
}

static void
readers(void **state)
{
	struct ydoc *d = parse("n: 12\nbad: 12x\nbig: 99999999999999999999\nq: \"12\"\nf: 0.25\nt: Yes\ns: text\nl: [1]\nnone:\n"
			       "m: {a: b}\nnan: nan\n");
	struct lp_err err;
	const char *s = "as it was";
	int64_t n = 7;
	bool t = false;

	(void)state;
	assert_int_equal(yaml_int(d, yaml_get(d->root, "missing"), 0, 9, &n, &err), 0);
	assert_int_equal(n, 7);
	assert_int_equal(yaml_int(d, yaml_get(d->root, "n"), 0, 99, &n, &err), 0);
	assert_int_equal(n, 12);
	assert_int_equal(yaml_int(d, yaml_get(d->root, "n"), 0, 9, &n, &err), -1);
	assert_string_equal(err.msg, "f.yaml:1:4: 'n' must be between 0 and 9, not 12");
	assert_int_equal(yaml_int(d, yaml_get(d->root, "bad"), 0, 99, &n, &err), -1);
	assert_string_equal(err.msg, "f.yaml:2:6: 'bad' wants a whole number, not '12x'");
	assert_int_equal(yaml_int(d, yaml_get(d->root, "big"), 0, INT64_MAX, &n, &err), -1);
	assert_int_equal(yaml_int(d, yaml_get(d->root, "q"), 0, 99, &n, &err), -1);
	assert_int_equal(yaml_int(d, yaml_get(d->root, "l"), 0, 99, &n, &err), -1);
	assert_string_equal(err.msg, "f.yaml:8:4: 'l' wants a whole number, not a list");
	assert_int_equal(yaml_bool(d, yaml_get(d->root, "t"), &t, &err), 0);
	assert_true(t);
	assert_int_equal(yaml_bool(d, yaml_get(d->root, "s"), &t, &err), -1);
	assert_string_equal(err.msg, "f.yaml:7:4: 's' wants true or false, not 'text'");
	assert_int_equal(yaml_str(d, yaml_get(d->root, "s"), &s, &err), 0);
	assert_string_equal(s, "text");
	assert_int_equal(yaml_str(d, yaml_get(d->root, "none"), &s, &err), -1);
	assert_string_equal(err.msg, "f.yaml:9:6: 'none' has no value");
	assert_int_equal(yaml_str(d, yaml_get(d->root, "m"), &s, &err), -1);
	ydoc_free(d);
}

static void
unknown_keys(void **state)
{
	static const char *const allowed[] = { "name", "steps", NULL };
	struct ydoc *d = parse("name: a\nstep: b\n");
	struct lp_err err;

	(void)state;
	assert_int_equal(yaml_only(d, d->root, allowed, &err), -1);
	assert_string_equal(err.msg, "f.yaml:2:1: unknown key 'step' (did you mean 'steps'?)");
	ydoc_free(d);
	d = parse("zzz: a\n");
	assert_int_equal(yaml_only(d, d->root, allowed, &err), -1);
	assert_string_equal(err.msg, "f.yaml:1:1: unknown key 'zzz'");
	ydoc_free(d);
}

static void
strings_come_back(void **state)
{
	static const char *const t[] = { "", "plain", "two words", "3d", "no", "Yes", "null", "~", "12", "1.5", "09:00",
		"2026-11-22", "0x1f", "+49 171", "- x", "-", "?", "a: b", "a:", ":a", "a #b", "#a", "{{first_name}}, hi", "[x]",
		" lead", "trail ", "tab\there", "\ttab", "quote \"q\" \\ back", "it's", "'x'", "one\ntwo", "one\ntwo\n",
		"one\n\n\n", "\none", " one\ntwo", "one\n  \ntwo", "one\n\n  two\n-- \nMe\n", "one\n", "\n", "\n\n", "a\r\nb", "caf\xc3\xa9",
		"\xc2\x85", "\xe2\x80\xa8x", "\xef\xbb\xbfx", "\xf0\x9f\x98\x80", "...", "---", "%x", "@x", "`x", "\x01", "a, b", "<<",
		"=", "Hi {{a|b}},\n\n{x|y}: z # no\n", "a\n\tb", "\xe2\x80\x94 dash" };
	size_t i;
	int how;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		for (how = 0; how < 3; how++) {
			char *y = yaml_emit_str(t[i], how == 1 ? 4 : 0), *text;
			struct ydoc *d;

			text = xasprintf(how == 2 ? "k: [%s, x]\nz: end\n" : "k:\n  j: %s\nz: end\n", y);
			d = parse(text);
			if (how == 2)
				assert_int_equal(d->root->kids[0]->nkids, 2);
			if (strcmp(d->root->kids[0]->kids[0]->s, t[i]) != 0)
				fail_msg("'%s' as %s", t[i], text);
			cJSON *v = yaml_json(d->root->kids[0]->kids[0]);
			assert_true(cJSON_IsString(v));
			cJSON_Delete(v);
			assert_string_equal(d->root->kids[1]->s, "end");
			ydoc_free(d);
			free(text);
			free(y);
		}
}

static void
strings_look_well(void **state)
{
	static const struct {
		const char *s, *yaml;
	} t[] = {
		{ "3d", "3d" },
		{ "a, b", "a, b" },
		{ "no", "\"no\"" },
		{ "one\ntwo\n", "|\n  one\n  two" },
		{ "one\n\ntwo", "|-\n  one\n\n  two" },
		{ "{{a}}", "\"{{a}}\"" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		char *y = yaml_emit_str(t[i].s, 2);

		assert_string_equal(y, t[i].yaml);
		free(y);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trees),
		cmocka_unit_test(refusals),
		cmocka_unit_test(large),
		cmocka_unit_test(readers),
		cmocka_unit_test(unknown_keys),
		cmocka_unit_test(strings_come_back),
		cmocka_unit_test(strings_look_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
