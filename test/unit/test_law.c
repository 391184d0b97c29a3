/* What the law asks for: the table and a file over it, whose country, the foot's words, a text as HTML, tokens of every size. */

#include "world.h"

#include "base/country.h"
#include "mail/optout.h"
#include "mail/text_html.h"
#include "sender/footer.h"
#include "sender/law.h"
#include "sender/unsubscribe.h"

/* Our own words come back quoted, with or without their mark: nobody opts out by quoting us. */
static void
test_words(void **state)
{
	char text[2000];

	(void)state;
	for (int i = 0; i < FOOTER_LANGUAGES; i++) {
		const struct footer_words *w = &footer_words[i];
		const char *const each[] = { w->source, w->rights, w->link };

		assert_false(mail_opts_out(NULL, w->reply));
		for (int k = 0; k < 3; k++) {
			const char *at = strstr(each[k], "%s");

			assert_non_null(at);
			assert_null(strchr(at + 1, '%'));
			snprintf(text, sizeof(text), "Sounds good, call me.\n\nHello\n-- \n%.*shttps://acme.example/u/uABC%s\n%s\n", (int)(at - each[k]), each[k], at + 2, w->reply);
			assert_false(mail_opts_out("Re: A question", text));
			snprintf(text, sizeof(text), "%.*shttps://acme.example/u/uABC%s", (int)(at - each[k]), each[k], at + 2);
			if (mail_opts_out(NULL, text))
				fail_msg("reads like an opt-out: %s", text);
		}
	}
}

static void
test_table(void **state)
{
	static const char *const codes[] = { "DE", "us", "GB", "CA", "FR", "ZA" };
	struct law_rule r;
	struct lp_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		assert_int_equal(law_rule(NULL, codes[i], &r, &err), 0);
		assert_true(strlen(r.source) > 5);
	}
	assert_int_equal(law_rule(NULL, "DE", &r, &err), 0);
	assert_int_equal(r.email, LAW_OPT_IN);
	assert_int_equal(law_rule(NULL, "US", &r, &err), 0);
	assert_int_equal(r.email, LAW_OPT_OUT);
	assert_true(r.postal);
	assert_false(r.identification);
	assert_int_equal(law_rule(NULL, "CA", &r, &err), 0);
	assert_int_equal(r.email, LAW_IMPLIED);
	assert_int_equal(law_rule(NULL, "QQ", &r, &err), 0);
	assert_string_equal(r.country, "*");
	assert_int_equal(r.email, LAW_OPT_IN);
	assert_int_equal(law_rule(NULL, NULL, &r, &err), 0);
	assert_string_equal(r.country, "*");
}

static void
test_file(void **state)
{
	static const struct {
		const char *text, *error; /* NULL: good */
	} cases[] = { { "", NULL }, { "# x\n\nDE\temail=opt-out\tus", NULL }, { "DE\temail=opt-out\n", ":1: three fields" }, { "DEU\temail=opt-in\tx\n", ":1: three fields" },
		{ "D\temail=opt-in\tx\n", ":1: three fields" }, { "*\tpostal=no\tx\nFR\tpostal=maybe\tx\n", ":2: 'postal=maybe'" }, { "FR\temail\tx\n", "'email'" },
		{ "FR\temail=\tx\n", "'email='" }, { "FR\t=x\tx\n", "'=x'" }, { "FR\tfax=yes\tx\n", "'fax=yes'" }, { "\t\t\n", "three fields" }, { "FR\t\t\n", "three fields" },
		{ "FR\temail=opt-in\t\xff\n", "invalid UTF-8" } };
	char file[] = "/tmp/test_law.XXXXXX";
	struct law_rule r;
	struct lp_err err;
	int fd = mkstemp(file), n;
	FILE *f;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		f = fopen(file, "w");
		fputs(cases[i].text, f);
		fclose(f);
		n = law_rules_check(file, &err);
		if ((n == -1) != (cases[i].error != NULL) || (n == -1 && strstr(err.msg, cases[i].error) == NULL))
			fail_msg("case %zu: %s", i, n == -1 ? err.msg : "taken");
	}
	f = fopen(file, "w");
	fputs("DE\temail=opt-out\tus", f);
	fclose(f);
	assert_int_equal(law_rule(file, "DE", &r, &err), 0);
	assert_int_equal(r.email, LAW_OPT_OUT);
	assert_true(r.postal && r.identification); /* what a row doesn't say is asked for */
	assert_string_equal(r.source, "us");
	assert_int_equal(law_rule(file, "US", &r, &err), 0);
	assert_false(r.identification);
	/* a line without an end */
	f = fopen(file, "w");
	for (int i = 0; i < 5000; i++)
		fputs("DE\t", f);
	fclose(f);
	assert_int_equal(law_rules_check(file, &err), -1);
	unlink(file);
	assert_int_equal(law_rules_check(file, &err), -1);
	assert_int_equal(err.kind, LP_CONFIG);
}

static void
test_country(void **state)
{
	static const struct {
		const char *country, *phone, *domain, *email, *want;
	} cases[] = { { "DE", "+33123456789", NULL, "x@y.it", "DE" }, { "Atlantis", "+33123456789", NULL, NULL, NULL }, { NULL, "+33123456789", "acme.fr", "x@acme.FR", "FR" },
		/* hints that don't agree are none: the laxer law isn't ours to pick */
		{ NULL, "+33123456789", "acme.it", NULL, NULL }, { NULL, "+447700900123", NULL, "x@firma.de", NULL }, { NULL, NULL, "acme.fr", "x@firma.de", NULL },
		{ NULL, "+33123456789", "acme.com", "x@acme.io", "FR" },
		{ NULL, "+12025550123", NULL, "x@y.com", NULL }, { NULL, "+77012345678", NULL, NULL, NULL }, { NULL, "030 1234", "acme.it", NULL, "IT" },
		{ NULL, NULL, "acme.co.uk", NULL, "GB" }, { NULL, NULL, NULL, "x@firma.AT", "AT" }, { NULL, NULL, "acme.io", "x@y.me", NULL }, { NULL, NULL, "localhost", NULL, NULL },
		{ NULL, "+", NULL, "x@", NULL }, { NULL, "+420123456789", NULL, NULL, "CZ" } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lead_row l = { .country = (char *)(uintptr_t)cases[i].country, .phone = (char *)(uintptr_t)cases[i].phone,
			.company_domain = (char *)(uintptr_t)cases[i].domain, .email = (char *)(uintptr_t)cases[i].email };
		const char *got = law_country(&l);

		if ((got == NULL) != (cases[i].want == NULL) || (got != NULL && strcmp(got, cases[i].want) != 0))
			fail_msg("case %zu: %s", i, got != NULL ? got : "none");
	}
}

static void
test_html(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = { { "Hi\nyou\n\nBye\n", "<p>Hi<br>\nyou</p>\n<p>Bye</p>\n" }, { "a <b> & \"c\"", "<p>a &lt;b&gt; &amp; &quot;c&quot;</p>\n" },
		{ "See https://a.example/x?a=1&b=2.", "<p>See <a href=\"https://a.example/x?a=1&amp;b=2\">https://a.example/x?a=1&amp;b=2</a>.</p>\n" },
		{ "(https://a.example)", "<p>(<a href=\"https://a.example\">https://a.example</a>)</p>\n" },
		{ "https://a.example/\"><script>x</script>", "<p><a href=\"https://a.example/\">https://a.example/</a>&quot;&gt;&lt;script&gt;x&lt;/script&gt;</p>\n" },
		{ "javascript:x data:text/html,x xhttps://a.example https://", "<p>javascript:x data:text/html,x xhttps://a.example https://</p>\n" }, { "", "" }, { "\n\n \n", "" } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *got = mail_text_html(cases[i].in);
		size_t head = strlen("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>\n");

		assert_int_equal(strncmp(got + head, cases[i].out, strlen(cases[i].out)), 0);
		assert_string_equal(got + head + strlen(cases[i].out), "</body></html>\n");
		free(got);
	}
}

static void
test_tokens(void **state)
{
	static const int64_t numbers[] = { 1, 2, 255, 256, 65536, INT64_C(0xffffffff), INT64_C(0xffffffffff) };
	char token[UNSUBSCRIBE_SIZE], other[UNSUBSCRIBE_SIZE], junk[400];
	struct unsubscribe u;
	int same, most = 0;

	(void)state;
	world_make(NOW, "");
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct message m = { .seq = numbers[i], .lead = numbers[i], .campaign = numbers[i] & 0xffffffff };

		unsubscribe_make(db, &m, token);
		assert_int_equal(strlen(token), 44);
		assert_true(unsubscribe_read(db, token, &u));
		assert_true(u.lead == m.lead && u.campaign == m.campaign && u.message == m.seq);
		/* whatever letter is another one, also one that spells the same bytes */
		for (size_t k = 0; token[k] != '\0'; k++) {
			char was = token[k];

			for (int c = 1; c < 128; c++) {
				token[k] = (char)c;
				if (c != was && unsubscribe_read(db, token, &u))
					fail_msg("'%c' at %zu of a token counts as '%c'", c, k, was);
			}
			token[k] = was;
		}
		token[43] = '\0';
		assert_false(unsubscribe_read(db, token, &u));
	}
	/* those of neighbours look nothing alike: numbers can't be read out of them */
	for (int64_t n = 1; n < 40; n++) {
		struct message a = { .seq = n, .lead = n, .campaign = 1 }, b = { .seq = n + 1, .lead = n + 1, .campaign = 1 };

		unsubscribe_make(db, &a, token);
		unsubscribe_make(db, &b, other);
		same = 0;
		for (int k = 1; k < 44; k++)
			same += token[k] == other[k];
		if (same > most)
			most = same;
	}
	assert_true(most < 8);
	memset(junk, 'u', sizeof(junk) - 1);
	junk[sizeof(junk) - 1] = '\0';
	assert_false(unsubscribe_read(db, junk, &u));
	assert_false(unsubscribe_read(db, "", &u));
	assert_false(unsubscribe_read(db, "u\xff\xfe", &u));
	world_end(state);
}

/* What stands under which message: an answer says who writes where that is asked for, and offers no way out of a list. */
static void
test_under(void **state)
{
	char *body;
	struct config_law c = { .compliance = COMPLIANCE_STRICT, .postal_address = (char[]){ "Weg 1\nBerlin" }, .identification = (char[]){ "Lead GmbH" },
		.privacy_url = (char[]){ "https://l.example/p" } };
	struct account a = { .kind = (char[]){ "smtp" }, .address = (char[]){ "a@l.example" }, .settings = cJSON_CreateObject() };
	struct lead_row l = { .country = (char[]){ "DE" }, .source = (char[]){ "fair" } };
	struct message m = { .seq = 5, .lead = 1, .purpose = (char[]){ "seq:1:1" }, .channel = "email" };
	struct footer_for f = { &c, &a, &l, &m };
	struct lp_err err;
	struct buf why = { 0 };

	(void)state;
	world_make(NOW, "");
#define UNDER(text, want) do { \
	body = xstrdup(text); \
	assert_int_equal(footer_add(db, &f, NULL, &body, &err), 0); \
	assert_string_equal(body, want); \
	free(body); \
} while (0)
	UNDER("Hi\n\n", "Hi\n\n-- \nLead GmbH\nWeg 1, Berlin\nWe have your address from: fair\nWhat we keep about you, and your rights: https://l.example/p\n"
	      "If you would rather not hear from us, a short reply is enough.\n");
	/* what is said already, in whatever lines, isn't said again */
	UNDER("Hi\n-- \nLead GmbH, Weg 1, Berlin", "Hi\n-- \nLead GmbH, Weg 1, Berlin\n\nWe have your address from: fair\nWhat we keep about you, and your rights: https://l.example/p\n"
	      "If you would rather not hear from us, a short reply is enough.\n");
	l.contacted = true;
	UNDER("Hi", "Hi\n\n-- \nLead GmbH\nWeg 1, Berlin\nIf you would rather not hear from us, a short reply is enough.\n");
	m.inbox = 3;
	UNDER("Hi", "Hi\n\n-- \nLead GmbH\nWeg 1, Berlin\n");
	l.country[0] = 'U';
	l.country[1] = 'S';
	UNDER("Hi", "Hi\n\n-- \nWeg 1, Berlin\n");
	m.inbox = 0;
	m.meeting = 2;
	UNDER("Hi", "Hi");
	m.meeting = 0;
	snprintf(m.channel, sizeof(m.channel), "sms");
	UNDER("Hi", "Hi");
	snprintf(m.channel, sizeof(m.channel), "email");
	c.compliance = COMPLIANCE_OFF;
	UNDER("Hi", "Hi");
	c.compliance = COMPLIANCE_STRICT;
	/* each thing that was taken out is named */
	m.body = (char[]){ "Hi" };
	l.contacted = false;
	assert_int_equal(footer_missing(db, &f, &why, &err), 3);
	assert_string_equal(buf_str(&why), "the text doesn't have the postal address; the text doesn't have the page that tells people their rights; the text doesn't have a way out");
	buf_free(&why);
	/* an id of ours in the link belongs to this very message */
	c.unsubscribe_url = (char[]){ "https://l.example/u/" };
	m.body = xasprintf("Weg 1, Berlin https://l.example/p https://l.example/u/%s", unsubscribe_make(db, &(struct message){ .seq = 6, .lead = 1 }, (char[UNSUBSCRIBE_SIZE]){ 0 }));
	assert_int_equal(footer_missing(db, &f, &why, &err), 1);
	free(m.body);
	buf_free(&why);
	m.body = xasprintf("Weg 1, Berlin https://l.example/p https://l.example/u/%s", unsubscribe_make(db, &m, (char[UNSUBSCRIBE_SIZE]){ 0 }));
	assert_int_equal(footer_missing(db, &f, &why, &err), 0);
	free(m.body);
	cJSON_Delete(a.settings);
	world_end(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_words), cmocka_unit_test(test_table), cmocka_unit_test(test_file), cmocka_unit_test(test_country),
		cmocka_unit_test(test_html), cmocka_unit_test(test_tokens), cmocka_unit_test(test_under) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
