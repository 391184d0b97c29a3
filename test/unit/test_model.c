/* The models' wire formats: what goes out, byte by byte where it matters, and what each kind of answer is taken for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/json.h"
#include "llm/model.h"

static const char KEY[] = "sk-SECRET-1";

static cJSON *
schema(void)
{
	return cJSON_Parse("{\"type\":\"object\",\"properties\":{\"action\":{\"type\":\"string\"}},\"required\":[\"action\"],\"additionalProperties\":false}");
}

static cJSON *
goes_out(const char *provider, const char *base, const char *key, struct model_call *c)
{
	struct model_setting s = { .provider = provider, .model = "m-1", .base_url = base, .key = key };
	cJSON *sch = schema(), *body;
	struct model_request q = { .system = "You decide.", .user = "What now?", .name = "decide", .about = "the decision", .schema = sch,
		.temperature = 0, .max_tokens = 100 };
	struct lp_err err = { 0 };

	*c = (struct model_call){ 0 };
	if (model_provider_get(provider, &err)->call(&s, &q, c, &err) == -1)
		fail_msg("%s", err.msg);
	cJSON_Delete(sch);
	body = cJSON_Parse(c->body);
	assert_non_null(body);
	return body;
}

static bool
has_header(const struct model_call *c, const char *line)
{
	for (int i = 0; c->headers[i] != NULL; i++)
		if (strcmp(c->headers[i], line) == 0)
			return true;
	return false;
}

static void
test_anthropic_request(void **state)
{
	struct model_call c;
	cJSON *b = goes_out("anthropic", NULL, KEY, &c), *tool = cJSON_GetArrayItem(json_get(b, "tools"), 0);

	(void)state;
	assert_string_equal(c.url, "https://api.anthropic.com/v1/messages");
	assert_true(has_header(&c, "x-api-key: sk-SECRET-1"));
	assert_true(has_header(&c, "anthropic-version: 2023-06-01"));
	assert_null(strstr(c.body, KEY));
	assert_string_equal(json_str(b, "model"), "m-1");
	assert_int_equal(json_num(b, "max_tokens", 0), 100);
	assert_string_equal(json_str(tool, "name"), "decide");
	assert_true(cJSON_IsObject(json_get(tool, "input_schema")));
	assert_string_equal(json_str(json_get(b, "tool_choice"), "type"), "tool");
	assert_string_equal(json_str(cJSON_GetArrayItem(json_get(b, "messages"), 0), "content"), "What now?");
	assert_string_equal(json_str(json_get(cJSON_GetArrayItem(json_get(b, "system"), 0), "cache_control"), "type"), "ephemeral");
	cJSON_Delete(b);
	model_call_clear(&c);
	/* with and without the version in the address */
	cJSON_Delete(goes_out("anthropic", "http://127.0.0.1:9/v1/", KEY, &c));
	assert_string_equal(c.url, "http://127.0.0.1:9/v1/messages");
	model_call_clear(&c);
}

static void
test_openai_request(void **state)
{
	struct model_call c;
	cJSON *b = goes_out("openai", NULL, KEY, &c);

	(void)state;
	assert_string_equal(c.url, "https://api.openai.com/v1/chat/completions");
	assert_true(has_header(&c, "Authorization: Bearer sk-SECRET-1"));
	assert_non_null(json_get(b, "max_completion_tokens"));
	assert_string_equal(json_str(json_get(json_get(b, "response_format"), "json_schema"), "name"), "decide");
	cJSON_Delete(b);
	model_call_clear(&c);
	/* what speaks the same language elsewhere reads max_tokens, and needs no key */
	b = goes_out("openai", "http://localhost:11434/v1", NULL, &c);
	assert_string_equal(c.url, "http://localhost:11434/v1/chat/completions");
	assert_non_null(json_get(b, "max_tokens"));
	assert_null(json_get(b, "max_completion_tokens"));
	assert_null(c.headers[1]);
	cJSON_Delete(b);
	model_call_clear(&c);
}

static void
test_bad_settings(void **state)
{
	static const struct {
		const char *base, *key, *says;
	} bad[] = { { "http://models.example/v1", KEY, "plain http" }, { "ftp://x", KEY, "https" }, { "https://u:p@x/", KEY, "password" },
		{ NULL, "two\nlines", "line break" } };
	struct model_request q = { .system = "s", .user = "u", .max_tokens = 1 };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct model_setting s = { .provider = "openai", .model = "m", .base_url = bad[i].base, .key = bad[i].key };
		struct model_call c = { 0 };
		struct lp_err err = { 0 };

		assert_int_equal(model_openai.call(&s, &q, &c, &err), -1);
		assert_int_equal(err.kind, LP_CONFIG);
		if (strstr(err.msg, bad[i].says) == NULL || strstr(err.msg, "SECRET") != NULL)
			fail_msg("%zu: %s", i, err.msg);
		model_call_clear(&c);
	}
}

struct answer_case {
	const char *provider;
	long status;
	const char *headers, *body;
	enum model_outcome want;
	const char *action;             /* of the JSON, or NULL */
	int64_t retry, in, cached, out;
};

static const struct answer_case answers[] = {
	{ "anthropic", 200, "", "{\"type\":\"message\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"x\"},{\"type\":\"tool_use\",\"name\":\"decide\",\"input\":"
	  "{\"action\":\"skip\"}}],\"stop_reason\":\"tool_use\",\"usage\":{\"input_tokens\":10,\"output_tokens\":5,\"cache_read_input_tokens\":90,"
	  "\"cache_creation_input_tokens\":7}}", MODEL_OK, "skip", -1, 17, 90, 5 },
	{ "anthropic", 200, "", "{\"content\":[{\"type\":\"text\",\"text\":\"Sure: ```json\\n{\\\"action\\\": \\\"delay\\\"}\\n```\"}],\"stop_reason\":\"end_turn\"}", MODEL_OK,
	  "delay", -1, -1, -1, -1 },
	/* counts that can't be: what it cost isn't known */
	{ "anthropic", 200, "", "{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"action\\\":\\\"skip\\\"}\"}],\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":10,"
	  "\"output_tokens\":-5}}", MODEL_OK, "skip", -1, -1, -1, -1 },
	{ "anthropic", 200, "", "{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"action\\\":\\\"skip\\\"}\"}],\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":10}}",
	  MODEL_OK, "skip", -1, -1, -1, -1 },
	{ "anthropic", 200, "", "{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"action\\\":\\\"skip\\\"}\"}],\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":1e300,"
	  "\"output_tokens\":5}}", MODEL_OK, "skip", -1, -1, -1, -1 },
	{ "openai", 200, "", "{\"choices\":[{\"message\":{\"content\":\"{\\\"action\\\":\\\"skip\\\"}\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":30,"
	  "\"completion_tokens\":4,\"prompt_tokens_details\":{\"cached_tokens\":31}}}", MODEL_OK, "skip", -1, -1, -1, -1 },
	{ "anthropic", 200, "", "{\"content\":[{\"type\":\"text\",\"text\":\"I would skip.\"}],\"stop_reason\":\"end_turn\"}", MODEL_INVALID, NULL, -1, -1, -1, -1 },
	{ "anthropic", 200, "", "{\"content\":[],\"stop_reason\":\"refusal\"}", MODEL_REFUSED, NULL, -1, -1, -1, -1 },
	{ "anthropic", 200, "", "{\"content\":[{\"type\":\"tool_use\",\"input\":{\"action\":\"sk\"}}],\"stop_reason\":\"max_tokens\"}", MODEL_CUT, NULL, -1, -1, -1, -1 },
	{ "anthropic", 429, "retry-after: 12\n", "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"slow down\"}}", MODEL_RETRY, NULL, 12000, -1, -1, -1 },
	{ "anthropic", 529, "", "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}", MODEL_RETRY, NULL, -1, -1, -1, -1 },
	{ "anthropic", 529, "x-should-retry: false\n", "{}", MODEL_CONFIG, NULL, -1, -1, -1, -1 },
	{ "anthropic", 401, "", "{\"type\":\"error\",\"error\":{\"type\":\"authentication_error\",\"message\":\"invalid x-api-key\"}}", MODEL_CONFIG, NULL, -1, -1, -1, -1 },
	{ "anthropic", 400, "", "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"prompt is too long: 250000 tokens\"}}", MODEL_TOO_LONG, NULL, -1, -1, -1, -1 },
	{ "anthropic", 400, "", "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"Your credit balance is too low\"}}", MODEL_QUOTA, NULL, -1, -1, -1, -1 },
	{ "openai", 200, "", "{\"choices\":[{\"message\":{\"content\":\"{\\\"action\\\":\\\"skip\\\"}\",\"refusal\":null},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":30,"
	  "\"completion_tokens\":4,\"prompt_tokens_details\":{\"cached_tokens\":20}}}", MODEL_OK, "skip", -1, 10, 20, 4 },
	{ "openai", 200, "", "{\"choices\":[{\"message\":{\"content\":null,\"refusal\":\"I can't\"},\"finish_reason\":\"stop\"}]}", MODEL_REFUSED, NULL, -1, -1, -1, -1 },
	{ "openai", 200, "", "{\"choices\":[{\"message\":{\"content\":\"{\\\"act\"},\"finish_reason\":\"length\"}]}", MODEL_CUT, NULL, -1, -1, -1, -1 },
	{ "openai", 200, "", "{\"choices\":[]}", MODEL_RETRY, NULL, -1, -1, -1, -1 },
	{ "openai", 200, "", "<html>Welcome to the hotel</html>", MODEL_RETRY, NULL, -1, -1, -1, -1 },
	{ "openai", 200, "", "{\"choices\":[{\"mess", MODEL_RETRY, NULL, -1, -1, -1, -1 },
	{ "openai", 200, "", "{\"error\":{\"message\":\"boom\"}}", MODEL_CONFIG, NULL, -1, -1, -1, -1 },
	{ "openai", 429, "", "{\"error\":{\"message\":\"You exceeded your current quota\",\"code\":\"insufficient_quota\"}}", MODEL_QUOTA, NULL, -1, -1, -1, -1 },
	{ "openai", 400, "", "{\"error\":{\"message\":\"too many\",\"code\":\"context_length_exceeded\"}}", MODEL_TOO_LONG, NULL, -1, -1, -1, -1 },
	{ "openai", 400, "", "{\"error\":{\"message\":\"The response was filtered\",\"type\":null,\"param\":\"prompt\",\"code\":\"content_filter\",\"status\":400}}", MODEL_REFUSED, NULL, -1,
	  0, 0, 0 },
	{ "openai", 400, "", "{\"error\":{\"message\":\"your prompt was flagged\",\"code\":\"invalid_prompt\"}}", MODEL_REFUSED, NULL, -1, 0, 0, 0 },
	{ "anthropic", 400, "", "{\"error\":{\"message\":\"input length and `max_tokens` exceed context limit: 199000 + 1024 > 200000\"}}", MODEL_TOO_LONG, NULL, -1, -1, -1, -1 },
	{ "openai", 200, "", "{\"choices\":[{\"message\":{\"content\":\"{\\\"action\\\":\\\"skip\\\"}\"}}],\"usage\":{\"prompt_tokens\":30,\"completion_tokens\":4,"
	  "\"prompt_tokens_details\":{\"cached_tokens\":50}}}", MODEL_OK, "skip", -1, -1, -1, -1 },
	{ "openai", 200, "retry-after: 2\n", "{\"error\":{\"message\":\"Rate limited upstream\",\"code\":429}}", MODEL_RETRY, NULL, 2000, -1, -1, -1 },
	{ "openai", 200, "", "{\"choices\":[{\"message\":{\"content\":\"<think>First {\\\"action\\\":\\\"send_email\\\"}? No.</think>{\\\"action\\\":\\\"skip\\\"}\"}}]}", MODEL_OK,
	  "skip", -1, -1, -1, -1 },
	{ "openai", 404, "", "{\"error\":{\"message\":\"no such model\"}}", MODEL_CONFIG, NULL, -1, -1, -1, -1 },
	{ "openai", 503, "retry-after-ms: 250\n", "{\"error\":{\"code\":503,\"message\":\"Loading model\"}}", MODEL_RETRY, NULL, 250, -1, -1, -1 },
	{ "openai", 302, "", "", MODEL_CONFIG, NULL, -1, -1, -1, -1 },
};

static void
test_answers(void **state)
{
	cJSON *sch = schema();
	struct model_request q = { .schema = sch };

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		const struct answer_case *c = &answers[i];
		struct http_response r = { .state = HTTP_ANSWERED, .status = c->status, .body = (char *)c->body, .len = strlen(c->body),
			.headers = (char *)c->headers };
		struct model_answer a;
		const char *action;

		model_read(model_provider_get(c->provider, NULL), &q, &r, 0, &a);
		action = json_str(a.json, "action");
		if (a.outcome != c->want || a.retry_ms != c->retry || a.tokens_in != c->in || a.tokens_cached != c->cached || a.tokens_out != c->out ||
		    (c->want == MODEL_OK && (action == NULL || strcmp(action, c->action) != 0)) || (a.outcome != MODEL_OK && *a.error == '\0'))
			fail_msg("%zu: %s, retry %d, tokens %d %d %d, '%s'", i, model_outcome_name(a.outcome), (int)a.retry_ms, (int)a.tokens_in,
			    (int)a.tokens_cached, (int)a.tokens_out, a.error);
		model_answer_clear(&a);
	}
	cJSON_Delete(sch);
}

/* What is kept of an endless answer has an end, between characters. */
static void
test_long(void **state)
{
	struct model_request q = { .system = "s" };
	struct model_answer a;
	struct buf b = { 0 };
	size_t n;

	(void)state;
	buf_puts(&b, "{\"choices\":[{\"message\":{\"content\":\"x");
	for (size_t i = 0; i < MODEL_TEXT_MAX; i++)
		buf_puts(&b, "\xc3\xa9");
	buf_puts(&b, "\"}}]}");
	model_read(&model_openai, &q, &(struct http_response){ .state = HTTP_ANSWERED, .status = 200, .body = b.s, .len = b.len, .headers = (char *)(uintptr_t)"" }, 0, &a);
	assert_int_equal(a.outcome, MODEL_OK);
	n = strlen(a.text);
	assert_in_range(n, MODEL_TEXT_MAX - 3, MODEL_TEXT_MAX);
	assert_true(utf8_ok(a.text, n));
	model_answer_clear(&a);
	buf_free(&b);
}

/* What it doesn't take, by its own word; words beside a tool call are not what is kept; what went into the cache. */
static void
test_beside(void **state)
{
	static const struct {
		const char *provider;
		long status;
		const char *body;
		int without;
		const char *text;
		int64_t written;
	} cases[] = {
		{ "openai", 400, "{\"error\":{\"message\":\"Unsupported value\",\"param\":\"temperature\",\"code\":\"unsupported_value\"}}", MODEL_NO_TEMPERATURE, NULL, 0 },
		{ "openai", 400, "{\"error\":{\"message\":\"This response_format type is unavailable now\"}}", MODEL_NO_FORMAT, NULL, 0 },
		{ "openai", 400, "{\"error\":{\"message\":\"Use 'max_completion_tokens' instead.\",\"param\":\"max_tokens\"}}", MODEL_NO_MAX_TOKENS, NULL, 0 },
		{ "openai", 400, "{\"error\":{\"message\":\"max_tokens is too large\",\"param\":\"max_tokens\"}}", 0, NULL, 0 },
		{ "openai", 401, "{\"error\":{\"message\":\"temperature\"}}", 0, NULL, 0 },
		{ "anthropic", 400, "{\"type\":\"error\",\"error\":{\"message\":\"temperature is not supported\"}}", MODEL_NO_TEMPERATURE, NULL, 0 },
		{ "anthropic", 200, "{\"content\":[{\"type\":\"text\",\"text\":\"Or {\\\"action\\\":\\\"skip\\\"}?\"},{\"type\":\"tool_use\",\"input\":{\"action\":\"delay\"}}],"
		  "\"stop_reason\":\"tool_use\",\"usage\":{\"input_tokens\":1,\"output_tokens\":1,\"cache_creation_input_tokens\":7}}", 0, "{\"action\":\"delay\"}", 7 },
	};
	cJSON *sch = schema();
	struct model_request q = { .schema = sch };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct http_response r = { .state = HTTP_ANSWERED, .status = cases[i].status, .body = (char *)cases[i].body, .len = strlen(cases[i].body) };
		struct model_answer a;

		model_read(model_provider_get(cases[i].provider, NULL), &q, &r, 0, &a);
		if (a.without != cases[i].without || a.tokens_written != cases[i].written || (cases[i].text != NULL && strcmp(a.text, cases[i].text) != 0))
			fail_msg("%zu: without %d, written %d, text '%s'", i, a.without, (int)a.tokens_written, a.text != NULL ? a.text : "");
		model_answer_clear(&a);
	}
	cJSON_Delete(sch);
}

static void
test_find_json(void **state)
{
	static const char *const texts[][2] = {
		{ "{\"a\":1}", "{\"a\":1}" }, { "Here: {\"a\":{\"b\":\"}\"}} and more", "{\"a\":{\"b\":\"}\"}}" }, { "use {braces} like {\"a\":2}", "{\"a\":2}" },
		{ "```json\n{\"a\":\"x\ny\"}\n```", "{\"a\":\"x\\ny\"}" }, { "{\"a\":\"\\\"{\"}", "{\"a\":\"\\\"{\"}" }, { "{\"a\":1", NULL }, { "none", NULL },
		{ " <think>{\"a\":1}</think>\n{\"a\":2}", "{\"a\":2}" }, { "<think>{\"a\":1}", NULL }, { "", NULL }, { "[1,2]", NULL }, { "{{{{{{", NULL }, { "{'a':1}", NULL } };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		cJSON *o = model_find_json(texts[i][0]);
		char *s = o != NULL ? cJSON_PrintUnformatted(o) : NULL;

		if ((s == NULL) != (texts[i][1] == NULL) || (s != NULL && strcmp(s, texts[i][1]) != 0))
			fail_msg("%s: %s", texts[i][0], s != NULL ? s : "nothing");
		free(s);
		cJSON_Delete(o);
	}
}

static void
script(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fprintf(f, "#!/bin/sh\n%s\n", text);
	fclose(f);
	assert_int_equal(chmod(path, 0700), 0);
}

static void
test_command(void **state)
{
	static const struct {
		const char *script;
		enum model_outcome want;
		const char *action;
	} cases[] = {
		{ "read line; case $line in *'\"user\":\"What now?\"'*) echo '{\"json\":{\"action\":\"skip\"},\"usage\":{\"input_tokens\":3}}';; esac", MODEL_OK, "skip" },
		{ "cat >/dev/null; echo 'well, {\"action\":\"delay\"}'", MODEL_OK, "delay" },
		{ "echo \"{\\\"text\\\":\\\"{\\\\\\\"action\\\\\\\":\\\\\\\"${OPENAI_API_KEY-none}\\\\\\\"}\\\"}\"", MODEL_OK, "none" },
		{ "echo no", MODEL_INVALID, NULL }, { "exit 75", MODEL_RETRY, NULL }, { "echo broken >&2; exit 1", MODEL_CONFIG, NULL },
		{ "sleep 60", MODEL_RETRY, NULL }, { "cat", MODEL_OK, NULL } };
	char dir[] = "/tmp/lp-model.XXXXXX", *path;
	cJSON *sch = schema();

	(void)state;
	assert_non_null(mkdtemp(dir));
	path = xasprintf("%s/brain", dir);
	setenv("OPENAI_API_KEY", KEY, 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct model_setting s = { .provider = "command", .command = path };
		struct model_request q = { .system = "s", .user = "What now?", .name = "decide", .schema = sch, .max_tokens = 9, .timeout_ms = 1500 };
		struct lp_err err = { 0 };
		struct model_pool *p = model_pool_new(1, &err);
		struct model_answer a;
		void *tag;

		script(path, cases[i].script);
		if (model_start(p, &s, &q, NULL, &err) == -1 || model_next(p, &a, &tag, -1, NULL, &err) != 1)
			fail_msg("%zu: %s", i, err.msg);
		if (a.outcome != cases[i].want || (cases[i].action != NULL && strcmp(json_str(a.json, "action"), cases[i].action) != 0))
			fail_msg("%zu: %s '%s' %s", i, model_outcome_name(a.outcome), a.error, a.text != NULL ? a.text : "");
		model_answer_clear(&a);
		model_pool_free(p);
	}
	unlink(path);
	rmdir(dir);
	free(path);
	cJSON_Delete(sch);
}

static void
test_unset(void **state)
{
	static const struct model_setting settings[] = { { .provider = "command" }, { .provider = "anthropic", .model = "m" }, { .provider = "openai" },
		{ .provider = "antropic", .model = "m" } };
	struct model_request q = { .system = "s", .user = "u", .max_tokens = 9, .timeout_ms = 100 };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct lp_err err = { 0 };
		struct model_pool *p = model_pool_new(1, &err);

		assert_int_equal(model_start(p, &settings[i], &q, NULL, &err), -1);
		assert_int_equal(err.kind, LP_CONFIG);
		assert_int_equal(model_in_flight(p), 0);
		model_pool_free(p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_anthropic_request), cmocka_unit_test(test_openai_request),
		cmocka_unit_test(test_bad_settings), cmocka_unit_test(test_answers), cmocka_unit_test(test_find_json), cmocka_unit_test(test_beside), cmocka_unit_test(test_long), cmocka_unit_test(test_command),
		cmocka_unit_test(test_unset) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
