/* One spelling for addresses, numbers, profiles, names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/country.h"
#include "base/mem.h"
#include "base/normal.h"

static void
emails_good(void **state)
{
	static const char *const cases[][2] = {
		{ "ada@acme.example", "ada@acme.example" },
		{ "  Ada.Byrne+x@ACME.Example\t", "ada.byrne+x@acme.example" },
		{ "mailto:ada@acme.example", "ada@acme.example" },
		{ "\xc2\xa0" "ada@acme.example\xe2\x80\x8b", "ada@acme.example" },
		{ "a@b.co", "a@b.co" },
		{ "o'neil=x@xn--mnchen-3ya.example", "o'neil=x@xn--mnchen-3ya.example" },
		{ "info@M\xc3\x9cNCHEN.example", "info@xn--mnchen-3ya.example" },
		{ "info@stra\xc3\x9f" "e.example", "info@xn--strae-oqa.example" },
		{ "J\xc3\x9cRGEN@acme.example", "j\xc3\xbcrgen@acme.example" },
	};
	struct lp_err err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *got = normal_email(cases[i][0], &err);

		assert_non_null(got);
		assert_string_equal(got, cases[i][1]);
		free(got);
	}
}

static void
emails_bad(void **state)
{
	static const char *const cases[] = { "", " ", "@", "a@", "@b.example", "a", "a@b", "a@b@c.example", "a@b.example,c@d.example",
		"a@b.example;c@d.example", "a b@c.example", "a@b c.example", "a@b.example\nBcc: x@y.example", "a@b.example\r\nBcc: x@y.example",
		"a\x01@b.example", "Ada <a@b.example>", "<a@b.example>", "\"a b\"@c.example", "a..b@c.example", ".a@c.example", "a.@c.example",
		"a@-b.example", "a@b-.example", "a@.example", "a@b..example", "a@b.example.", "a@1.2.3.4", "a@[1.2.3.4]", "a@b_c.example",
		"j\xc3rgen@c.example", "a@\xcc\x88.example", "a\xe2\x80\xae" "b@c.example", "a@b\xe2\x80\x8b.example", "a@b.exam\xc2\xa0ple", "a(comment)@b.example", "a@b.example/x",
		"1234567890123456789012345678901234567890123456789012345678901234x@b.example",
		"a@1234567890123456789012345678901234567890123456789012345678901234.example" };
	struct lp_err err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		err.kind = LP_OK;
		if (normal_email(cases[i], &err) != NULL)
			fail_msg("'%s' was taken", cases[i]);
		assert_int_equal(err.kind, LP_DATA);
		assert_null(strchr(err.msg, '\n'));
	}
}

static void
phones(void **state)
{
	static const struct {
		const char *in, *country, *out; /* NULL: not certain */
	} cases[] = {
		{ "+49 30 123456", NULL, "+4930123456" },
		{ "+49 (0)30 / 123-456", NULL, "+4930123456" },
		{ "0049 30 123456", NULL, "+4930123456" },
		{ "tel:+1-202-555-0142", NULL, "+12025550142" },
		{ "'+353 86 555 0142", NULL, "+353865550142" },
		{ "030 123456", "Germany", "+4930123456" },
		{ "030 123456", "de", "+4930123456" },
		{ "30 123456", "Germany", NULL },                /* local, or without its zero? */
		{ "(202) 555-0142", "United States", "+12025550142" },
		{ "1 202 555 0142", "US", "+12025550142" },
		{ "555-0142", "US", NULL },
		{ "02 1234 5678", "Italy", "+390212345678" },    /* Italy keeps its zero */
		{ "030 123456", NULL, NULL },
		{ "030 123456", "Atlantis", NULL },
		{ "+49 30 123456 ext. 7", NULL, NULL },
		{ "+49 30 123456; +49 30 654321", NULL, NULL },
		{ "+0301234567", NULL, NULL },
		{ "+12", NULL, NULL },
		{ "+1234567890123456", NULL, NULL },
		{ "", "US", NULL },
		{ "+", NULL, NULL },
		{ "12345678901234567890123456789012345678901234567890", "US", NULL },
		{ "call me", "US", NULL },
	};
	char out[NORMAL_PHONE_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool got = normal_phone(cases[i].in, cases[i].country, out);

		if (got != (cases[i].out != NULL))
			fail_msg("'%s' (%s): %s", cases[i].in, cases[i].country != NULL ? cases[i].country : "-", got ? out : "no");
		if (got)
			assert_string_equal(out, cases[i].out);
	}
}

typedef char *one(const char *);

static char *
domain(const char *s)
{
	return normal_domain(s, NULL);
}

static char *
country(const char *s)
{
	const struct country *c = country_find(s);

	return c != NULL ? xstrdup(c->code) : NULL;
}

static void
texts(void **state)
{
	static const struct {
		one *fn;
		const char *in, *out; /* NULL: none */
	} cases[] = {
		{ normal_text, "  a \t b\r\nc  ", "a b c" },
		{ normal_text, "a\xc2\xa0\xe3\x80\x80" "b", "a b" },
		{ normal_text, "a\xe2\x80\xae\xe2\x80\x8b\xef\xbb\xbf" "b\xc2\xad", "ab" },
		{ normal_text, "x\xf3\xa0\x81\xa9" "y", "xy" },
		{ normal_text, "McDONALD de la Cruz", "McDONALD de la Cruz" },
		{ normal_block, "\n a\r\nb\x01" "c\n\n", "a\nb c" },
		{ domain, "https://www.Acme.example/path?x#y", "acme.example" },
		{ domain, "acme.example:8080", "acme.example" },
		{ domain, "http://user:pw@acme.example/", "acme.example" },
		{ domain, "acme.example.", "acme.example" },
		{ domain, "not a domain", NULL },
		{ domain, "localhost", NULL },
		{ domain, "", NULL },
		{ normal_linkedin, "http://de.linkedin.com/in/Ada-Byrne/?trk=x", "https://www.linkedin.com/in/ada-byrne" },
		{ normal_linkedin, "linkedin.com/in/no%C3%A9", "https://www.linkedin.com/in/no%c3%a9" },
		{ normal_linkedin, "https://www.linkedin.com/in/no\xc3\xa9", "https://www.linkedin.com/in/no%c3%a9" },
		{ normal_linkedin, "https://www.linkedin.com/in/ACwAAABcD", "https://www.linkedin.com/in/ACwAAABcD" },
		{ normal_linkedin, "https://www.linkedin.com/company/acme", NULL },
		{ normal_linkedin, "https://www.linkedin.com/sales/lead/ACw,x", NULL },
		{ normal_linkedin, "https://evillinkedin.com/in/ada", NULL },
		{ normal_linkedin, "https://www.linkedin.com/in/", NULL },
		{ normal_linkedin, "https://www.linkedin.com/in/a%00b", NULL },
		{ normal_company_key, "Globex GmbH & Co. KG", "globex" },
		{ normal_company_key, "  GLOBEX,  Inc. ", "globex" },
		{ normal_company_key, "Acme Holdings S.A.", "acme holdings" },
		{ normal_company_key, "AG", "ag" },
		{ normal_company_key, "...", "" },
		{ country, "Deutschland", "DE" },
		{ country, "\xc3\x96STERREICH", "AT" },
		{ country, "usa", "US" },
		{ country, "gb", "GB" },
		{ country, "Atlantis", NULL },
		{ country, "", NULL },
	};
	size_t i;
	char *got;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		got = cases[i].fn(cases[i].in);
		if (got == NULL || cases[i].out == NULL) {
			if (got != NULL || cases[i].out != NULL)
				fail_msg("'%s' gave '%s'", cases[i].in, got != NULL ? got : "nothing");
		} else
			assert_string_equal(got, cases[i].out);
		free(got);
	}
}

static void
names(void **state)
{
	static const char *const cases[][3] = {
		{ "Ada Lovelace", "Ada", "Lovelace" },
		{ "Lovelace, Ada", "Ada", "Lovelace" },
		{ "Dr. Ada King Lovelace", "Ada", "King Lovelace" },
		{ "Ada Lovelace, PhD", "Ada", "Lovelace" },
		{ "Ludwig van Beethoven", "Ludwig", "van Beethoven" },
		{ "Cher", "Cher", "" },
		{ "", "", "" },
		{ ",", "", "" },
		{ "Prof. Dr. Otto Hahn, MBA", "Otto", "Hahn" },
	};
	char *first, *last;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		normal_name_split(cases[i][0], &first, &last);
		assert_string_equal(first, cases[i][1]);
		assert_string_equal(last, cases[i][2]);
		free(first);
		free(last);
	}
}

static void
employees(void **state)
{
	(void)state;
	assert_int_equal(normal_employees("51-200"), 51);
	assert_int_equal(normal_employees("10,001+ employees"), 10001);
	assert_int_equal(normal_employees("1.5K"), 1500);
	assert_int_equal(normal_employees("2k"), 2000);
	assert_int_equal(normal_employees("1.234.567"), 1234567);
	assert_int_equal(normal_employees("about 40"), 40);
	assert_int_equal(normal_employees("many"), -1);
	assert_int_equal(normal_employees("99999999999999999999"), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(emails_good),
		cmocka_unit_test(emails_bad),
		cmocka_unit_test(phones),
		cmocka_unit_test(texts),
		cmocka_unit_test(names),
		cmocka_unit_test(employees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
