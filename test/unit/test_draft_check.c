/* Texts of a model, good and bad: a case a line in test/data/drafts.jsonl. */


#include "unit.h"

#include "agent/draft_check.h"
#include "agent/prompt_write.h"
#include "base/language.h"

static char *told;
static int wrong;

/* All that is wrong is told at once. */
static void
bad_case(const char *about, int r, const char *what)
{
	fprintf(stderr, "%s: %d, '%s'\n", about, r, what);
	wrong++;
}

static void
check(cJSON *c)
{
	const char *about = json_str(c, "about"), *bad = json_str(c, "bad"), *body = json_str(c, "body_out");
	const cJSON *o = json_get(c, "rules");
	struct draft_rules rules = { .channel = json_str(o, "channel") != NULL ? json_str(o, "channel") : "email",
		.with_subject = json_bool(o, "with_subject", true), .max_words = (int)json_num(o, "max_words", 120), .language = json_str(o, "language"),
		.ours = "Our page https://lead.example/returns tells more.\nkim@lead.example\n+46 8 123 456 78\n", .company = json_str(o, "company"),
		.fence = "data-0123456789ab", .instructions = told };
	struct draft_text t;
	char why[300];
	int r = draft_check(&rules, json_get(c, "in"), &t, why, sizeof(why));

	if ((r == -1) != (bad != NULL) || (bad != NULL && strstr(why, bad) == NULL))
		bad_case(about, r, why);
	if (r == 0) {
		assert_true(t.body[strlen(t.body) - 1] == '\n');
		assert_true((t.subject != NULL) == rules.with_subject);
		if (body != NULL && strcmp(body, t.body) != 0)
			bad_case(about, r, t.body);
	} else if (r == -1)
		assert_true(t.body == NULL && *why != '\0');
	for (const char *s = why; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 && *s != '\n')
			fail_msg("%s: a control character in '%s'", about, why);
	draft_text_clear(&t);
}

static void
test_cases(void **state)
{
	(void)state;
	each_case("drafts.jsonl", 100, check);
	assert_int_equal(wrong, 0);
}

/* Two megabytes are looked at no further than their length. */
static void
test_large(void **state)
{
	size_t n = 2 << 20;
	char *text = xmalloc(n + 1), why[300];
	struct draft_text t;
	cJSON *in = cJSON_CreateObject();

	(void)state;
	for (size_t i = 0; i < n; i += 4)
		memcpy(text + i, "a.b ", 4);
	text[n] = '\0';
	json_set_str(in, "subject", "Returns at Alpha");
	json_set_str(in, "body", text);
	assert_int_equal(draft_check(&(struct draft_rules){ .channel = "email", .with_subject = true, .max_words = 100 }, in, &t, why, sizeof(why)), -1);
	assert_non_null(strstr(why, "2097152 bytes long"));
	cJSON_Delete(in);
	free(text);
}

static void
test_languages(void **state)
{
	(void)state;
	assert_string_equal(language_find("de"), "German");
	assert_string_equal(language_find("DEUTSCH"), "German");
	assert_string_equal(language_find("Svenska"), "Swedish");
	assert_string_equal(language_find("fran\xc3\xa7"
	                                    "ais"), "French");
	assert_null(language_find("Klingon"));
	assert_null(language_other("Hvordan h\xc3\xa5ndterer I returneringer? Vi har en l\xc3\xb8sning som er god for jer, og det er ikke sv\xc3\xa6rt at komme i gang med den.",
	    "Norwegian"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases), cmocka_unit_test(test_large), cmocka_unit_test(test_languages) };
	const struct prompt_writing w = { .channel = "email", .with_subject = true, .max_words = 100 };
	int r;

	told = prompt_write_words(&w);
	r = cmocka_run_group_tests(tests, NULL, NULL);
	free(told);
	return r;
}
