#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "mail/reply.h"

struct cases {
	char name[200];
	struct buf text, expected;
	size_t n, wrong;
};

static void
finish(struct cases *c, const char *file)
{
	char *s;

	if (*c->name == '\0')
		return;
	s = mail_reply_text(buf_str(&c->text));
	c->n++;
	if (strcmp(s, buf_str(&c->expected)) != 0) {
		fprintf(stderr, "# %s: %s\n# have: %s\n# want: %s\n", file, c->name, s, buf_str(&c->expected));
		c->wrong++;
	}
	free(s);
	buf_reset(&c->text);
	buf_reset(&c->expected);
}

/* "#### name", the mail, "====", what its writer wrote. */
static void
all(const char *file, size_t least)
{
	char *path = xasprintf("%s/test/data/reply/%s", getenv("LP_TOP") != NULL ? getenv("LP_TOP") : ".", file), line[2000];
	FILE *f = fopen(path, "r");
	struct cases c = { 0 };
	struct buf *to = &c.text;

	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, "#### ", 5) == 0) {
			finish(&c, file);
			line[strcspn(line, "\n")] = '\0';
			snprintf(c.name, sizeof(c.name), "%.190s", line + 5);
			to = &c.text;
		} else if (strcmp(line, "====\n") == 0)
			to = &c.expected;
		else
			buf_puts(to, line);
	finish(&c, file);
	fclose(f);
	free(path);
	buf_free(&c.text);
	buf_free(&c.expected);
	assert_true(c.n >= least);
	assert_int_equal(c.wrong, 0);
}

static void
test_english(void **state)
{
	(void)state;
	all("en.txt", 40);
}

static void
test_german(void **state)
{
	(void)state;
	all("de.txt", 15);
}

static void
test_romance(void **state)
{
	(void)state;
	all("romance.txt", 20);
}

static void
test_north(void **state)
{
	(void)state;
	all("north.txt", 20);
}

/* A lot of each: were one of them more than linear, this would not end. */
static void
test_hostile(void **state)
{
	static const char *const parts[] = { ">", ">\n", "On\n", "On 1", "\n", "a:\n", "On 1 a@b wrote:\n", "From:\n",
		"From: a\nTo: b\n", "To:\n\n", "--\n", "-- ",
		"----- x -----\n", "Thanks,\n", "Best regards\n", "Original Message\n", "____________________\n", " \xc2\xa0", "\xc2", "On 1\nx\n", "Le 1\xcc\x81\n", ":",
		"a>:  \n", "\xf0\x9f\x98\x80:\n" };
	struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		buf_reset(&b);
		while (b.len < 1 << 18)
			buf_puts(&b, parts[i]);
		free(mail_reply_text(b.s));
	}
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_english), cmocka_unit_test(test_german), cmocka_unit_test(test_romance),
		cmocka_unit_test(test_north), cmocka_unit_test(test_hostile) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
