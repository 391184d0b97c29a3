#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/json.h"
#include "channel/phone.h"
#include "channel/phone_int.h"
#include "channel/sms_text.h"

static char *
times(const char *s, int n)
{
	struct buf b = { 0 };

	while (n-- > 0)
		buf_puts(&b, s);
	return buf_steal(&b);
}

static void
segments_of_texts(void **state)
{
	static const struct {
		const char *s;
		int n;
		bool ucs2;
		int units, segments;
		const char *odd;
	} cases[] = {
		{ "", 1, false, 0, 1, "" },
		{ "a", 160, false, 160, 1, "" },
		{ "a", 161, false, 161, 2, "" },
		{ "a", 306, false, 306, 2, "" },
		{ "a", 307, false, 307, 3, "" },
		{ "€", 80, false, 160, 1, "" },
		{ "[", 81, false, 162, 2, "" },
		/* 153 is odd: the 77th pair doesn't fit, so a segment holds 76 */
		{ "€", 152, false, 304, 2, "" },
		{ "€", 153, false, 306, 3, "" },
		{ "àÄñ£Ω¿\n", 10, false, 70, 1, "" },
		{ "`", 1, true, 1, 1, "`" },
		{ "ç", 1, true, 1, 1, "ç" },
		{ "ж", 70, true, 70, 1, "ж" },
		{ "ж", 71, true, 71, 2, "ж" },
		{ "ж", 134, true, 134, 2, "ж" },
		{ "ж", 135, true, 135, 3, "ж" },
		{ "👍", 35, true, 70, 1, "👍" },
		/* 67 is odd: 33 pairs a segment */
		{ "👍", 66, true, 132, 2, "👍" },
		{ "👍", 67, true, 134, 3, "👍" },
	};
	struct sms_count c;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *s = times(cases[i].s, cases[i].n);

		sms_count(s, &c);
		if (c.ucs2 != cases[i].ucs2 || c.units != cases[i].units || c.segments != cases[i].segments || strcmp(c.odd, cases[i].odd) != 0)
			fail_msg("%d of '%s': %s %d units %d segments odd '%s'", cases[i].n, cases[i].s, c.ucs2 ? "UCS-2" : "GSM", c.units, c.segments, c.odd);
		free(s);
	}
}

enum who { META, TWILIO };

static void
answers_by_their_codes(void **state)
{
	static const struct {
		enum who who;
		long http;
		const char *body, *headers;
		enum channel_state state;
		enum channel_blame blame;
		const char *status, *id;
		int64_t retry;
	} cases[] = {
		{ META, 200, "{\"messaging_product\":\"whatsapp\",\"contacts\":[{\"input\":\"15125550100\",\"wa_id\":\"15125550100\"}],\"messages\":[{\"id\":\"wamid.A\"}]}",
		  "", CHANNEL_ACCEPTED, BLAME_NOBODY, "accepted", "wamid.A", 0 },
		{ META, 200, "{\"messages\":[{\"id\":\"wamid.A\",\"message_status\":\"held_for_quality_as\"}]}", "", CHANNEL_ACCEPTED, BLAME_NOBODY, "held_for_quality_as", "wamid.A", 0 },
		{ META, 200, "<html>", "", CHANNEL_UNKNOWN, BLAME_NOBODY, "", "", 0 },
		{ META, 200, "{\"messages\":[]}", "", CHANNEL_UNKNOWN, BLAME_NOBODY, "", "", 0 },
		{ META, 401, "{\"error\":{\"message\":\"expired\",\"code\":190}}", "", CHANNEL_REFUSED, BLAME_US, "190", "", 0 },
		{ META, 403, "{\"error\":{\"message\":\"no\",\"code\":230}}", "", CHANNEL_REFUSED, BLAME_US, "230", "", 0 },
		{ META, 400, "{\"error\":{\"message\":\"x\",\"code\":131026}}", "", CHANNEL_REFUSED, BLAME_ADDRESS, "131026", "", 0 },
		{ META, 400, "{\"error\":{\"message\":\"x\",\"code\":131047}}", "", CHANNEL_REFUSED, BLAME_NOBODY, "131047", "", 0 },
		{ META, 400, "{\"error\":{\"message\":\"x\",\"code\":131048}}", "", CHANNEL_REFUSED, BLAME_US, "131048", "", 0 },
		{ META, 400, "{\"error\":{\"message\":\"x\",\"code\":368}}", "", CHANNEL_REFUSED, BLAME_US, "368", "", 0 },
		{ META, 400, "{\"error\":{\"message\":\"x\",\"code\":131050}}", "", CHANNEL_REFUSED, BLAME_PERSON, "131050", "", 0 },
		{ META, 400, "{\"error\":{\"message\":\"x\",\"code\":132000}}", "", CHANNEL_REFUSED, BLAME_CAMPAIGN, "132000", "", 0 },
		{ META, 400, "{\"error\":{\"message\":\"x\",\"code\":132005}}", "", CHANNEL_REFUSED, BLAME_NOBODY, "132005", "", 0 },
		{ META, 400, "{\"error\":{\"message\":\"x\",\"code\":132015}}", "", CHANNEL_REFUSED, BLAME_CAMPAIGN, "132015", "", 0 },
		{ META, 403, "{\"error\":{\"message\":\"x\",\"code\":130497}}", "", CHANNEL_REFUSED, BLAME_NOBODY, "130497", "", 0 },
		{ TWILIO, 400, "{\"code\":21655,\"message\":\"x\"}", "", CHANNEL_REFUSED, BLAME_CAMPAIGN, "21655", "", 0 },
		{ META, 400, "{\"error\":{\"message\":\"x\",\"code\":131056}}", "", CHANNEL_DEFERRED, BLAME_NOBODY, "131056", "", LP_MINUTE },
		{ META, 429, "{\"error\":{\"message\":\"x\",\"code\":130429}}", "retry-after: 7\n", CHANNEL_DEFERRED, BLAME_NOBODY, "130429", "", 7000 },
		{ META, 500, "{\"error\":{\"message\":\"An unknown error occurred\",\"code\":1}}", "", CHANNEL_UNKNOWN, BLAME_NOBODY, "1", "", 0 },
		{ META, 400, "{\"error\":{\"message\":\"Invalid request\",\"code\":1}}", "", CHANNEL_REFUSED, BLAME_NOBODY, "1", "", 0 },
		{ META, 500, "{\"error\":{\"message\":\"x\",\"code\":131000}}", "", CHANNEL_DEFERRED, BLAME_NOBODY, "131000", "", 0 },
		{ META, 400, "{\"error\":{\"message\":\"x\",\"code\":99999}}", "", CHANNEL_REFUSED, BLAME_NOBODY, "99999", "", 0 },
		{ META, 500, "{\"error\":{\"message\":\"x\",\"code\":99999}}", "", CHANNEL_UNKNOWN, BLAME_NOBODY, "99999", "", 0 },
		{ META, 502, "bad gateway", "", CHANNEL_UNKNOWN, BLAME_NOBODY, "", "", 0 },
		{ META, 301, "", "", CHANNEL_REFUSED, BLAME_US, "", "", 0 },
		{ TWILIO, 201, "{\"sid\":\"SM0123456789abcdef0123456789abcdef\",\"status\":\"queued\",\"error_code\":null}", "", CHANNEL_ACCEPTED, BLAME_NOBODY, "queued",
		  "SM0123456789abcdef0123456789abcdef", 0 },
		{ TWILIO, 201, "{\"sid\":\"SM0123456789abcdef0123456789abcdef\",\"status\":\"failed\",\"error_code\":21610,\"error_message\":\"x\"}", "", CHANNEL_REFUSED, BLAME_PERSON,
		  "21610", "SM0123456789abcdef0123456789abcdef", 0 },
		{ TWILIO, 201, "{\"sid\":\"../../etc\"}", "", CHANNEL_UNKNOWN, BLAME_NOBODY, "", "", 0 },
		{ TWILIO, 201, "", "", CHANNEL_UNKNOWN, BLAME_NOBODY, "", "", 0 },
		{ TWILIO, 401, "{\"code\":20003,\"message\":\"Authenticate\",\"status\":401}", "", CHANNEL_REFUSED, BLAME_US, "20003", "", 0 },
		{ TWILIO, 400, "{\"code\":21211,\"message\":\"x\",\"status\":400}", "", CHANNEL_REFUSED, BLAME_ADDRESS, "21211", "", 0 },
		{ TWILIO, 400, "{\"code\":21614,\"message\":\"x\"}", "", CHANNEL_REFUSED, BLAME_ADDRESS, "21614", "", 0 },
		{ TWILIO, 400, "{\"code\":21610,\"message\":\"x\"}", "", CHANNEL_REFUSED, BLAME_PERSON, "21610", "", 0 },
		{ TWILIO, 400, "{\"code\":63016,\"message\":\"x\"}", "", CHANNEL_REFUSED, BLAME_NOBODY, "63016", "", 0 },
		{ TWILIO, 429, "{\"code\":20429,\"message\":\"x\"}", "retry-after: 3\n", CHANNEL_DEFERRED, BLAME_NOBODY, "20429", "", 3000 },
		{ TWILIO, 429, "", "", CHANNEL_DEFERRED, BLAME_NOBODY, "", "", 0 },
		{ TWILIO, 400, "{\"code\":99999,\"message\":\"x\"}", "", CHANNEL_REFUSED, BLAME_NOBODY, "99999", "", 0 },
		{ TWILIO, 500, "{\"code\":20500,\"message\":\"x\"}", "", CHANNEL_UNKNOWN, BLAME_NOBODY, "20500", "", 0 },
	};
	struct channel_result res;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct http_response r = { .status = cases[i].http, .body = (char *)(uintptr_t)cases[i].body, .len = strlen(cases[i].body),
			.headers = (char *)(uintptr_t)cases[i].headers };

		memset(&res, 0xff, sizeof(res));
		(cases[i].who == META ? whatsapp_answer : twilio_answer)(&r, &res);
		if (res.state != cases[i].state || res.blame != cases[i].blame || strcmp(res.status, cases[i].status) != 0 || strcmp(res.id, cases[i].id) != 0 ||
		    res.retry_ms != cases[i].retry || res.code != (int)cases[i].http)
			fail_msg("%ld %s: state %d blame %d status '%s' id '%s' retry %lld code %d: %s", cases[i].http, cases[i].body, res.state, res.blame,
			    res.status, res.id, (long long)res.retry_ms, res.code, res.text);
	}
}

static void
list_of_messages(void **state)
{
	static const char body[] = "{\"messages\":["
	    "{\"sid\":\"SM00000000000000000000000000000001\",\"direction\":\"inbound\",\"body\":\"Hi\",\"status\":\"received\"},"
	    "{\"sid\":\"SM00000000000000000000000000000002\",\"direction\":\"outbound-api\",\"body\":\"Hi \",\"status\":\"sent\"},"
	    "{\"sid\":\"SM00000000000000000000000000000003\",\"direction\":\"outbound-api\",\"body\":\"Hi\",\"status\":\"delivered\",\"date_created\":\"Mon, 02 Mar 2026 09:00:00 +0000\"},"
	    "{\"sid\":\"SM00000000000000000000000000000004\",\"direction\":\"outbound-api\",\"body\":\"Hi\",\"status\":\"sent\",\"date_created\":\"Mon, 02 Mar 2026 13:00:05 +0100\"}"
	    "],\"next_page_uri\":null}";
	struct http_response r = { .status = 200, .body = (char *)(uintptr_t)body, .len = sizeof(body) - 1 };
	struct channel_mail m = { .to = "+15125550100", .text = "Hi" };
	struct channel_result res;

	(void)state;
	assert_int_equal(lp_iso_parse("2026-03-02T12:00:00Z", &m.reserved_at, NULL), 0);
	/* not what came in, not other words, not what was sent hours before */
	assert_int_equal(twilio_listed(&r, &m, &res), 1);
	assert_string_equal(res.id, "SM00000000000000000000000000000004");
	assert_int_equal(res.state, CHANNEL_ACCEPTED);
	m.text = "Ho";
	assert_int_equal(twilio_listed(&r, &m, &res), 0);
	r.status = 401;
	assert_int_equal(twilio_listed(&r, &m, &res), -1);
}

static cJSON *
settings(const char *s)
{
	cJSON *o = json_object(s, strlen(s), NULL);

	assert_non_null(o);
	return o;
}

static void
settings_judged(void **state)
{
	static const struct {
		const char *kind, *settings, *says; /* says NULL: fine */
	} cases[] = {
		{ "whatsapp", "{\"phone_number_id\":\"123\",\"token_env\":\"T\"}", NULL },
		{ "whatsapp", "{\"token_env\":\"T\"}", "phone_number_id" },
		{ "whatsapp", "{\"phone_number_id\":\"1/../2\",\"token_env\":\"T\"}", "phone_number_id" },
		{ "whatsapp", "{\"phone_number_id\":\"123\"}", "token_env" },
		{ "whatsapp", "{\"phone_number_id\":\"123\",\"token_env\":\"T\",\"token_command\":\"pass\"}", "both" },
		{ "whatsapp", "{\"phone_number_id\":\"123\",\"token_env\":\"T\",\"api_version\":\"v2/x\"}", "api_version" },
		{ "whatsapp", "{\"phone_number_id\":\"123\",\"token_env\":\"T\",\"base_url\":\"http://graph.example\"}", "plain http" },
		{ "twilio", "{\"account_sid\":\"AC0123456789abcdef0123456789abcdef\",\"token_env\":\"T\"}", NULL },
		{ "twilio", "{\"account_sid\":\"AC0123456789abcdef0123456789abcdeg\",\"token_env\":\"T\"}", "account_sid" },
		{ "twilio-whatsapp", "{\"account_sid\":\"AC0123456789abcdef0123456789abcdef\",\"token_env\":\"T\",\"messaging_service_sid\":\"MG\"}", "messaging_service_sid" },
		{ "sms-http", "{\"url\":\"https://sms.example/send\",\"form\":\"to={to}&text={text}\"}", NULL },
		{ "sms-http", "{\"url\":\"https://sms.example/send?to={to}&text={text}\",\"method\":\"GET\"}", NULL },
		{ "sms-http", "{\"url\":\"https://sms.example/send\",\"form\":\"to={to}\"}", "{text}" },
		{ "sms-http", "{\"url\":\"https://sms.example/{to}?a\",\"form\":\"to={to}&text={text}\"}", "query" },
		{ "sms-http", "{\"url\":\"https://sms.example/\",\"json\":\"{\\\"to\\\":\\\"{to}\\\",\\\"text\\\":{text}}\"}", "json" },
		{ "sms-http", "{\"url\":\"https://sms.example/\",\"form\":\"to={to}&text={text}&x={token}\"}", "{token}" },
		{ "sms-http", "{\"url\":\"https://sms.example/\",\"form\":\"to={to}&text={text}\",\"headers\":\"Authorization: Bearer {token}\"}", "token_env" },
		{ "sms-http", "{\"url\":\"https://sms.example/\",\"form\":\"to={to}&text={text}\",\"headers\":\"nonsense\"}", "headers" },
		{ "sms-http", "{\"url\":\"https://sms.example/\",\"form\":\"to={to}&text={text}\",\"accepted\":\"2xx,99\"}", "accepted" },
		{ "sms-http", "{\"url\":\"https://sms.example/\",\"form\":\"to={to}&text={text}\",\"json\":\"{}\"}", "either" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lp_err err = { 0 };
		const struct channel *ch = channel_get(cases[i].kind, &err);
		cJSON *o = settings(cases[i].settings);
		int r;

		assert_non_null(ch);
		r = ch->validate(o, &err);
		if (cases[i].says == NULL ? r != 0 : r != -1 || err.kind != LP_CONFIG || strstr(err.msg, cases[i].says) == NULL)
			fail_msg("%s %s: %d %s", cases[i].kind, cases[i].settings, r, err.msg);
		cJSON_Delete(o);
	}
}

static void
past_this_machine(void **state)
{
	static const struct {
		const char *kind, *settings;
		bool reaches;
	} cases[] = {
		{ "whatsapp", "{}", true }, { "twilio", "{}", true }, { "twilio-whatsapp", "{\"base_url\":\"https://127.0.0.1.example\"}", true },
		{ "sms-http", "{}", true }, { "sms-http", "{\"url\":\"https://sms.example\"}", true }, { "sms-http", "{\"url\":\"http://127.0.0.1:8/x\"}", false },
		{ "whatsapp", "{\"base_url\":\"http://127.0.0.1:4022\"}", false }, { "twilio", "{\"base_url\":\"http://localhost:4020\"}", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cJSON *o = settings(cases[i].settings);

		if (channel_reaches(channel_get(cases[i].kind, NULL), o) != cases[i].reaches)
			fail_msg("%s %s", cases[i].kind, cases[i].settings);
		cJSON_Delete(o);
	}
}

static void
statuses_of_any_service(void **state)
{
	static const struct {
		const char *settings, *body;
		long http;
		enum channel_state state;
		enum channel_blame blame;
		const char *id, *status;
	} cases[] = {
		{ "{}", "ok", 200, CHANNEL_ACCEPTED, BLAME_NOBODY, "", "" },
		{ "{\"id_path\":\"m.0.id\"}", "{\"m\":[{\"id\":42}]}", 202, CHANNEL_ACCEPTED, BLAME_NOBODY, "42", "" },
		{ "{\"id_path\":\"m.0.id\"}", "garbage", 200, CHANNEL_UNKNOWN, BLAME_NOBODY, "", "" },
		{ "{\"accepted\":\"202\"}", "", 200, CHANNEL_UNKNOWN, BLAME_NOBODY, "", "" },
		{ "{\"deferred\":\"429,5xx\"}", "", 503, CHANNEL_DEFERRED, BLAME_NOBODY, "", "" },
		{ "{}", "", 503, CHANNEL_UNKNOWN, BLAME_NOBODY, "", "" },
		{ "{}", "", 429, CHANNEL_DEFERRED, BLAME_NOBODY, "", "" },
		{ "{}", "", 401, CHANNEL_REFUSED, BLAME_US, "", "" },
		{ "{\"code_path\":\"e.code\"}", "{\"e\":{\"code\":\"E7\"}}", 400, CHANNEL_REFUSED, BLAME_NOBODY, "", "E7" },
		{ "{\"refused\":\"4xx\"}", "", 418, CHANNEL_REFUSED, BLAME_NOBODY, "", "" },
	};
	struct channel_result res;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct http_response r = { .status = cases[i].http, .body = (char *)(uintptr_t)cases[i].body, .len = strlen(cases[i].body) };
		cJSON *o = settings(cases[i].settings);

		sms_http_answer(o, &r, &res);
		if (res.state != cases[i].state || res.blame != cases[i].blame || strcmp(res.id, cases[i].id) != 0 || strcmp(res.status, cases[i].status) != 0)
			fail_msg("%s %ld %s: %d %d '%s' '%s'", cases[i].settings, cases[i].http, cases[i].body, res.state, res.blame, res.id, res.status);
		cJSON_Delete(o);
	}
}

static void
header_of_a_login(void **state)
{
	char *s;

	(void)state;
	/* RFC 7617, and each length modulo three */
	s = phone_basic("Aladdin", "open sesame");
	assert_string_equal(s, "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
	wipe(s);
	s = phone_basic("a", "b");
	assert_string_equal(s, "Authorization: Basic YTpi");
	wipe(s);
	s = phone_basic("a", "bc");
	assert_string_equal(s, "Authorization: Basic YTpiYw==");
	wipe(s);
}

static void
templates_judged(void **state)
{
	static const struct {
		const char *kind, *t;
		bool ok;
	} cases[] = {
		{ "whatsapp", "{\"name\":\"intro_2\",\"language\":\"en_US\",\"parameters\":[\"Ana\"]}", true },
		{ "whatsapp", "{\"name\":\"Intro\",\"language\":\"en_US\",\"parameters\":[]}", false },
		{ "whatsapp", "{\"name\":\"intro\",\"language\":\"en_US\",\"parameters\":[\"\"]}", false },
		{ "whatsapp", "{\"name\":\"intro\",\"language\":\"en_US\",\"parameters\":[\"a\\nb\"]}", false },
		{ "whatsapp", "{\"name\":\"intro\",\"parameters\":[]}", false },
		{ "twilio-whatsapp", "{\"name\":\"intro\",\"language\":\"en\",\"parameters\":[]}", false },
		{ "twilio-whatsapp", "{\"name\":\"HX0123456789abcdef0123456789abcdef\",\"language\":\"en\",\"parameters\":[]}", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cJSON *o = settings(cases[i].t);

		if ((phone_template_ok(o, cases[i].kind, NULL) == 0) != cases[i].ok)
			fail_msg("%s %s", cases[i].kind, cases[i].t);
		cJSON_Delete(o);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(segments_of_texts), cmocka_unit_test(answers_by_their_codes), cmocka_unit_test(list_of_messages),
		cmocka_unit_test(settings_judged), cmocka_unit_test(past_this_machine), cmocka_unit_test(statuses_of_any_service),
		cmocka_unit_test(header_of_a_login), cmocka_unit_test(templates_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
