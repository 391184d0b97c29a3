/* Lists of leads as other programs export them: test/data/leads/NAME is read, and must give what NAME.expected says, line by line. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/json.h"
#include "source/leadfile.h"

static char *
data_path(const char *name, const char *suffix)
{
	const char *top = getenv("LP_TOP");

	return xasprintf("%s/test/data/leads/%s%s", top != NULL ? top : ".", name, suffix);
}

/* One line a row: {"line":2,"lead":{...}} or {"line":3,"error":"..."}; first what the file is. */
static char *
read_all(struct leadfile *f)
{
	struct buf out = { 0 };
	struct lead_row row;
	struct lp_err err;
	char *what = leadfile_what(f), *s;
	cJSON *o;
	int got;

	buf_printf(&out, "%s\n", what);
	free(what);
	while ((got = leadfile_next(f, &row, &err)) != 0) {
		o = cJSON_CreateObject();
		json_set_num(o, "line", (double)row.line);
		if (got == 1)
			json_set(o, "lead", row.lead);
		else
			json_set_str(o, "error", err.msg);
		if (row.opt_out != NULL)
			json_set_str(o, "opt_out", row.opt_out);
		s = json_print(o);
		buf_printf(&out, "%s\n", s);
		free(s);
		free(row.opt_out);
		cJSON_Delete(o);
	}
	return buf_steal(&out);
}

static char *
slurp(const char *path)
{
	struct buf b = { 0 };
	char chunk[4096];
	FILE *f = fopen(path, "rb");
	size_t n;

	if (f == NULL)
		return NULL;
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		buf_add(&b, chunk, n);
	fclose(f);
	return buf_steal(&b);
}

static void
check_file(void **state)
{
	const char *name = *state;
	char *path = data_path(name, ""), *expected_path = data_path(name, ".expected"), *got, *want;
	struct lp_err err;
	struct leadfile *f;
	int fd = open(path, O_RDONLY);

	assert_true(fd >= 0);
	f = leadfile_read(fd, name, &err);
	close(fd);
	if (f == NULL)
		fail_msg("%s", err.msg);
	got = read_all(f);
	want = slurp(expected_path);
	assert_string_equal(got, want != NULL ? want : "");
	leadfile_free(f);
	free(got);
	free(want);
	free(path);
	free(expected_path);
}

static struct leadfile *
parse(const char *s, size_t n, struct lp_err *err)
{
	struct buf b = { 0 };

	buf_add(&b, s, n);
	return leadfile_parse(&b, "x.csv", err);
}

static void
no_table(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		const char *why;
	} cases[] = {
		{ "", 0, "no rows" },
		{ "\xff\xfe", 2, "no rows" },
		{ "PK\3\4....", 8, "save it as CSV" },
		{ "[{\"email\":\"a@b.example\"}]", 25, "JSON array" },
		{ "colour,size\nred,1\n", 18, "x.csv:1: no column for an e-mail address" },
		{ "\0\0\0\0\0\0\0\0", 8, "header" },
	};
	struct lp_err err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		err.kind = LP_OK;
		assert_null(parse(cases[i].text, cases[i].n, &err));
		assert_int_equal(err.kind, LP_DATA);
		if (strstr(err.msg, cases[i].why) == NULL)
			fail_msg("case %zu: '%s' has no '%s'", i, err.msg, cases[i].why);
	}
}

/* A row too long is skipped, and the quote that swallows the file is given up after a bounded look. */
static void
too_long(void **state)
{
	struct buf b = { 0 };
	struct lead_row row;
	struct lp_err err;
	struct leadfile *f;
	size_t i, good = 0, bad = 0;
	int got;

	(void)state;
	buf_puts(&b, "email,note\nfirst@a.example,x\nlong@a.example,");
	for (i = 0; i < 10u << 20; i++)
		buf_putc(&b, 'x');
	buf_puts(&b, "\nsecond@a.example,\"open\n");
	for (i = 0; i < 2u << 18; i++)
		buf_puts(&b, "fill@a.example,1\n");
	f = leadfile_parse(&b, "x.csv", &err);
	assert_non_null(f);
	while ((got = leadfile_next(f, &row, &err)) != 0) {
		if (got == 1)
			good++;
		else {
			assert_int_equal(row.line, bad == 0 ? 3 : 4);
			assert_non_null(strstr(err.msg, bad == 0 ? "row longer than" : "never closed"));
			bad++;
		}
		cJSON_Delete(row.lead);
	}
	assert_int_equal(bad, 2);
	assert_int_equal(good, 1 + (2u << 18));
	leadfile_free(f);
}

/* Every line opens a quote that its second one doesn't close: not a quadratic day's work. */
static void
quote_bomb(void **state)
{
	struct buf b = { 0 };
	struct lead_row row;
	struct lp_err err;
	struct leadfile *f;
	size_t i, bad = 0;
	int got;

	(void)state;
	buf_puts(&b, "email\n");
	for (i = 0; i < 1u << 18; i++)
		buf_puts(&b, "\"a\"b\n");
	f = leadfile_parse(&b, "x.csv", &err);
	assert_non_null(f);
	while ((got = leadfile_next(f, &row, &err)) == -1)
		bad++;
	assert_int_equal(got, 0);
	assert_in_range(bad, 1, 200);
	assert_non_null(strstr(err.msg, "the rest is not read"));
	leadfile_free(f);
}

static void
charsets(void **state)
{
	static const struct {
		const char *in;
		size_t n;
		enum charset was;
		const char *out;
	} cases[] = {
		{ "plain", 5, CS_UTF8, "plain" },
		{ "\xef\xbb\xbfM\xc3\xbc", 6, CS_UTF8, "M\xc3\xbc" },
		{ "M\xfc\x80\x9f", 4, CS_WINDOWS1252, "M\xc3\xbc\xe2\x82\xac\xc5\xb8" },
		{ "\xff\xfe\x3d\xd8\x00\xde!\0", 8, CS_UTF16LE, "\xf0\x9f\x98\x80!" },
		{ "\xfe\xff\xd8\x3d\xde\x00\0!", 8, CS_UTF16BE, "\xf0\x9f\x98\x80!" },
		{ "\xff\xfe\x3d\xd8!\0", 6, CS_UTF16LE, "\xef\xbf\xbd!" },           /* a lone surrogate */
		{ "\xff\xfe!\0\x3d", 5, CS_UTF16LE, "!\xef\xbf\xbd" },              /* half a unit */
		{ "e\0m\0a\0i\0l\0\n\0", 12, CS_UTF16LE, "email\n" },               /* no mark */
		{ "\0e\0m\0a\0i\0l\0\n", 12, CS_UTF16BE, "email\n" },
		{ "\xc3\xbc\xc3\xbc\xff", 5, CS_UTF8, "\xc3\xbc\xc3\xbc\xff" },     /* damaged, not another */
	};
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		b = (struct buf){ 0 };
		buf_add(&b, cases[i].in, cases[i].n);
		assert_int_equal(charset_utf8(&b), cases[i].was);
		assert_string_equal(b.s, cases[i].out);
		buf_free(&b);
	}
}

static void
mappings(void **state)
{
	static char *const headers[] = { "E-mail Address", "email_address", "FirstName", "Job Title", "Title", "Shop System (2024)", "2nd choice",
		"Shop System (2024)", "email", "#", "\xc3\x9c" "berschrift" };
	static const char *const names[] = { "e_mail_address", "email_address", "first_name_2", "job_title", "title_2", "shop_system_2024",
		"n2nd_choice", "shop_system_2024_2", "email_2", "column_10", "\xc3\x9c" "berschrift" };
	static const enum lead_field fields[] = { LF_EMAIL, LF_EMAIL, LF_FIRST_NAME, LF_TITLE, LF_CUSTOM, LF_CUSTOM, LF_CUSTOM, LF_CUSTOM, LF_EMAIL,
		LF_CUSTOM, LF_CUSTOM };
	struct mapping m;
	size_t i;

	(void)state;
	mapping_make(&m, headers, sizeof(headers) / sizeof(headers[0]));
	for (i = 0; i < m.n; i++) {
		assert_string_equal(m.col[i].custom, names[i]);
		assert_int_equal(m.col[i].field, fields[i]);
	}
	mapping_clear(&m);
}

#define FILE_TEST(file) { .name = file, .test_func = check_file, .initial_state = (void *)(uintptr_t)file }

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FILE_TEST("apollo.csv"),
		FILE_TEST("linkedin.csv"),
		FILE_TEST("salesnav.csv"),
		FILE_TEST("hubspot.csv"),
		FILE_TEST("salesforce.csv"),
		FILE_TEST("outlook.csv"),
		FILE_TEST("google.csv"),
		FILE_TEST("google-old.csv"),
		FILE_TEST("excel-de.csv"),
		FILE_TEST("utf16be.tsv"),
		FILE_TEST("leads.jsonl"),
		FILE_TEST("bad.csv"),
		cmocka_unit_test(no_table),
		cmocka_unit_test(too_long),
		cmocka_unit_test(quote_bomb),
		cmocka_unit_test(charsets),
		cmocka_unit_test(mappings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
