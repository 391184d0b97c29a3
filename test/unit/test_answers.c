/* Which answer fits a reply: cases as data, stems, and that each of the example's answers is given to its own questions. */

#include "world.h"

#include "campaign/answers.h"
#include "campaign/campaign_def.h"
#include "campaign/campaign_text.h"

static const char others[] =
    "campaigns:\n"
    "- name: de\n  steps: [{subject: s, body: b}]\n  answers:\n"
    "  - {q: [Was kostet es?, Wie hoch sind die Preise?], a: 40 Cent}\n"
    "  - {q: [Wie lange dauert die Einrichtung?, Wie lange dauert die Einführung?], a: zwei Tage}\n"
    "- name: fr\n  steps: [{subject: s, body: b}]\n  answers:\n  - {q: [\"Combien coûte le service ?\", \"Quels sont vos tarifs ?\", Combien ça coûte], a: peu}\n"
    "- name: es\n  steps: [{subject: s, body: b}]\n  answers:\n  - {q: \"¿Cuánto cuesta?\", a: poco}\n"
    "- name: pl\n  steps: [{subject: s, body: b}]\n  answers:\n  - {q: Ile to kosztuje?, a: malo}\n"
    "- name: sv\n  steps: [{subject: s, body: b}]\n  answers:\n  - {q: Vad kostar det?, a: lite}\n  - {q: Hur lång är uppsägningstiden?, a: kort}\n";

static void
load(struct ydoc *doc, struct lp_err *err)
{
	struct campaign_put put;
	cJSON **defs;
	size_t n, i;

	must(doc != NULL, err);
	must(campaign_defs(doc, &defs, &n, err) == 0, err);
	for (i = 0; i < n; i++) {
		must(campaign_store(db, defs[i], false, &put, err) == 0, err);
		cJSON_Delete(defs[i]);
	}
	free(defs);
	ydoc_free(doc);
}

static int
set_up(void **state)
{
	const char *top = getenv("LP_TOP");
	struct lp_err err = { 0 };
	char yaml[256];

	(void)state;
	world_make(NOW, "");
	must(db_begin(db, &err) == 0, &err);
	snprintf(yaml, sizeof(yaml), "%s/examples/returns.yaml", top != NULL ? top : ".");
	load(yaml_load(yaml, &err), &err);
	load(yaml_parse(others, strlen(others), "others", &err), &err);
	return db_end(db, true, &err);
}

static void
match(const char *faq, const char *text, struct answer_match *m)
{
	struct answer_words names = { 0 };
	struct lp_err err = { 0 };
	int64_t seq = 0;
	cJSON *def;

	answer_words_all("Kim Ann Ash Alpha", 17, &names);
	must(campaigns_find(db, faq, &seq, &err) == 1, &err);
	def = campaign_definition(db, seq, 1, &err);
	must(def != NULL, &err);
	must(answers_match(db, seq, 1, def, text, &names, m, &err) == 0, &err);
	cJSON_Delete(def);
}

static void
cases(void **state)
{
	const char *top = getenv("LP_TOP");
	char name[256], line[2000];
	int bad = 0, n = 0;
	FILE *f;

	(void)state;
	snprintf(name, sizeof(name), "%s/test/data/answers.jsonl", top != NULL ? top : ".");
	f = fopen(name, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL) {
		cJSON *o = cJSON_Parse(line);
		const char *text = json_str(o, "text"), *faq = json_str(o, "faq");
		struct answer_match m;
		int want = (int)json_num(o, "answer", -1);

		assert_non_null(text);
		match(faq != NULL ? faq : "returns", text, &m);
		assert_true(m.score >= 0 && m.score <= 1);
		assert_true(*m.why != '\0');
		if ((m.sure ? m.number : 0) != want && ++bad)
			print_message("# '%s': %s (%d, %.2f, %s), not %d\n", text, m.why, m.number, m.score, m.sure ? "sure" : "unsure", want);
		cJSON_Delete(o);
		n++;
	}
	fclose(f);
	assert_int_equal(bad, 0);
	assert_true(n > 40);
}

static void
stems(void **state)
{
	static const char *const same[][2] = { { "costs", "COST" }, { "pricing", "prices" }, { "Kosten", "kostet" }, { "integrations", "integrate" },
		{ "integrieren", "Integration" }, { "companies", "company" }, { "Einführung", "einfuhrung" }, { "takes", "take" }, { "shipping", "ships" },
		{ "Verträge", "Vertrag" }, { "coûte", "coute" } };
	static const char *const other[][2] = { { "data", "date" }, { "Preis", "Reise" }, { "cost", "coast" }, { "1", "2" } };
	struct answer_words a, b;

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		answer_words(same[i][0], strlen(same[i][0]), NULL, &a);
		answer_words(same[i][1], strlen(same[i][1]), NULL, &b);
		assert_int_equal(a.n, 1);
		assert_string_equal(a.w[0].stem, b.w[0].stem);
	}
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		answer_words(other[i][0], strlen(other[i][0]), NULL, &a);
		answer_words(other[i][1], strlen(other[i][1]), NULL, &b);
		assert_string_not_equal(a.w[0].stem, b.w[0].stem);
	}
	answer_words("Is it on the SAP list, or B2B?", 30, NULL, &a);
	assert_int_equal(a.n, 3);
	assert_true(a.w[0].weight == 2 && a.w[1].weight == 1 && a.w[2].weight == 2);
}

/* Whatever comes in: bounded, and no answer is sure of it. */
static void
hostile(void **state)
{
	static const char *const t[] = { "\" OR 1 AND NEAR(cost price) *", "hospital\" : ^{", "c1v1 version number rank", "\xf0\x9f\x98\x80\xf0\x9f\x98\x80?", "\xe2\x80\x8b?\xe2\x80\x8b?" };
	struct answer_match m;
	char *big = xcalloc(1, 1 << 20);

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		match("returns", t[i], &m);
		assert_false(m.sure);
	}
	memset(big, 'a', (1 << 20) - 1);
	match("returns", big, &m);
	assert_false(m.sure);
	for (size_t i = 0; i < (1 << 20) - 8; i += 6)
		memcpy(big + i, "cost? ", 6);
	match("returns", big, &m);
	assert_false(m.sure);
	free(big);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(stems), cmocka_unit_test(cases), cmocka_unit_test(hostile) };

	return cmocka_run_group_tests(tests, set_up, world_end);
}
