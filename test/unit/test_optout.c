#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "mail/hidden.h"
#include "mail/optout.h"
#include "mail/plain.h"

static void
unescape(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++)
		if (strncmp(s, "\\n", 2) == 0) {
			buf_putc(b, '\n');
			s++;
		} else if (strncmp(s, "\\u200b", 6) == 0) {
			buf_puts(b, "\xe2\x80\x8b");
			s += 5;
		} else
			buf_putc(b, *s);
}

/* Each line of the file, "subject | text" or text: is it an opt-out? All that are wrong are told at once. */
static void
all(const char *name, bool expected, size_t least)
{
	char *path = xasprintf("%s/test/data/optout/%s", getenv("LP_TOP") != NULL ? getenv("LP_TOP") : ".", name);
	FILE *f = fopen(path, "r");
	struct buf b = { 0 };
	char line[2000];
	size_t n = 0, wrong = 0;

	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL) {
		char *bar, *text = line, *subject = NULL;

		if (*line == '#')
			continue;
		line[strcspn(line, "\n")] = '\0';
		if ((bar = strstr(line, " | ")) != NULL) {
			*bar = '\0';
			subject = line;
			text = bar + 3;
		}
		buf_reset(&b);
		unescape(&b, text);
		n++;
		if (mail_opts_out(subject, buf_str(&b)) != expected) {
			fprintf(stderr, "# %s: '%s' '%s'\n", name, subject != NULL ? subject : "", text);
			wrong++;
		}
	}
	fclose(f);
	free(path);
	buf_free(&b);
	assert_true(n >= least);
	assert_int_equal(wrong, 0);
}

static void
test_yes(void **state)
{
	(void)state;
	all("yes.txt", true, 200);
}

static void
test_no(void **state)
{
	(void)state;
	all("no.txt", false, 180);
}

/* A sentence without end, clauses without end: bounded. */
static void
test_long(void **state)
{
	static const char *const parts[] = { "stop ", "please ", "remove me from ", ",", "\n", "nehmen sie mich bitte ", "stop emailing\n\n",
		". ", "\xcc\x81", "e-" };
	struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		buf_reset(&b);
		while (b.len < 1 << 18)
			buf_puts(&b, parts[i]);
		mail_opts_out(b.s, b.s);
	}
	buf_reset(&b);
	while (b.len < 1 << 16)
		buf_puts(&b, "We think about it and about it. ");
	buf_puts(&b, "\n\nPlease take me off your list.\n");
	assert_true(mail_opts_out(NULL, b.s));
	buf_free(&b);
}

static void
test_visible(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = { { "", "" }, { "Grüße, Ada 👍 日本", "Grüße, Ada 👍 日本" }, { "s\xe2\x80\x8bt\xc2\xado\xe2\x81\xa0p", "stop" },
		{ "a\xf3\xa0\x81\xa9\xf3\xa0\x81\xa7" "b", "ab" }, { "\xe2\x80\xae" "dcba\xe2\x80\xac", "dcba" }, { "\xe2\x9d\xa4\xef\xb8\x8f", "\xe2\x9d\xa4" },
		{ "x\xf3\xa0\x84\x80y", "xy" }, { "\xef\xbb\xbfz", "z" }, { "a\xff" "b\xe2", "a\xff" "b\xe2" }, { "\xe3\x85\xa4q", "q" } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *s = mail_visible(cases[i].in);

		assert_string_equal(s, cases[i].out);
		free(s);
	}
}

static void
test_plain(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = { { "D\xc3\x89sabonner", "desabonner" }, { "de\xcc\x81sabonner", "desabonner" }, { "Straße ŁÓDŹ Ærø", "strasse lodz aero" },
		{ "don’t – „x“…", "don't - \"x\"..." }, { "ＳＴＯＰ", "stop" }, { "a\xc2\xa0" "b\tc", "a b c" }, { "й", "и" } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf b = { 0 };

		mail_plain(&b, cases[i].in, strlen(cases[i].in));
		assert_string_equal(b.s, cases[i].out);
		buf_free(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_yes), cmocka_unit_test(test_no), cmocka_unit_test(test_long),
		cmocka_unit_test(test_visible), cmocka_unit_test(test_plain) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
