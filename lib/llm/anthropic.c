/*
 * anthropic.c - the Messages API: POST {base}/v1/messages, version 2023-06-01 (docs.anthropic.com, "Messages").
 *
 * A structured answer is a forced tool call: valid JSON of the schema by construction, as far as the model keeps to it. The system text ends in a cache
 * mark, so that what is stable is read from the provider's cache.
 */
#include <string.h>

#include "base/json.h"
#include "llm/model.h"
#include "llm/model_int.h"

static cJSON *
text_block(const char *text)
{
	cJSON *b = cJSON_CreateObject();

	json_set_str(b, "type", "text");
	json_set_str(b, "text", text);
	return b;
}

static void
put_tool(cJSON *body, const struct model_request *q)
{
	cJSON *tools = cJSON_CreateArray(), *tool = cJSON_CreateObject(), *choice = cJSON_CreateObject();

	json_set_str(tool, "name", q->name);
	json_set_str(tool, "description", q->about);
	json_set(tool, "input_schema", cJSON_Duplicate(q->schema, true));
	cJSON_AddItemToArray(tools, tool);
	json_set(body, "tools", tools);
	json_set_str(choice, "type", "tool");
	json_set_str(choice, "name", q->name);
	json_set_bool(choice, "disable_parallel_tool_use", true);
	json_set(body, "tool_choice", choice);
}

static int
call(const struct model_setting *s, const struct model_request *q, struct model_call *c, struct lp_err *err)
{
	cJSON *body = cJSON_CreateObject(), *system = cJSON_CreateArray(), *messages = cJSON_CreateArray(), *user = cJSON_CreateObject(), *b, *mark;

	json_set_str(body, "model", s->model);
	json_set_num(body, "max_tokens", (double)q->max_tokens);
	/* this API knows 0 to 1 */
	if (q->temperature >= 0 && (q->without & MODEL_NO_TEMPERATURE) == 0)
		json_set_num(body, "temperature", q->temperature > 1 ? 1 : q->temperature);
	if (q->schema != NULL)
		put_tool(body, q);
	b = text_block(q->system);
	mark = cJSON_CreateObject();
	json_set_str(mark, "type", "ephemeral");
	json_set(b, "cache_control", mark);
	cJSON_AddItemToArray(system, b);
	json_set(body, "system", system);
	json_set_str(user, "role", "user");
	json_set_str(user, "content", q->user);
	cJSON_AddItemToArray(messages, user);
	json_set(body, "messages", messages);
	c->body = json_print(body);
	cJSON_Delete(body);
	if (model_url(s, &model_anthropic, "/v1/messages", c, err) == -1)
		return -1;
	model_header(c, "Content-Type", "application/json");
	model_header(c, "anthropic-version", "2023-06-01");
	return s->key != NULL ? model_header_secret(c, "x-api-key", s->key, err) : 0;
}

static void
usage(const cJSON *body, struct model_answer *a)
{
	const cJSON *u = json_get(body, "usage");
	int64_t in = model_count(u, "input_tokens", -1), written = model_count(u, "cache_creation_input_tokens", 0);

	/* what is written into the cache costs a quarter more than what is read anew */
	a->tokens_written = written > 0 ? written : 0;
	model_usage(a, in == -1 || written == -1 ? -1 : in + written, model_count(u, "cache_read_input_tokens", 0), model_count(u, "output_tokens", -1));
}

static void
answer(const cJSON *body, struct model_answer *a)
{
	const char *stop = json_str(body, "stop_reason");
	const cJSON *block;
	struct buf text = { 0 };

	usage(body, a);
	cJSON_ArrayForEach(block, json_get(body, "content")) {
		const char *type = json_str(block, "type"), *s = json_str(block, "text");

		if (type != NULL && strcmp(type, "tool_use") == 0 && cJSON_IsObject(json_get(block, "input")) && a->json == NULL)
			a->json = cJSON_Duplicate(json_get(block, "input"), true);
		else if (type != NULL && strcmp(type, "text") == 0 && s != NULL)
			buf_puts(&text, s);
	}
	/* words beside the tool call are no answer: what is kept as one is what was called with */
	if (a->json != NULL) {
		a->text = json_print(a->json);
		buf_free(&text);
	} else
		a->text = buf_steal(&text);
	if (stop == NULL)
		model_say(a, MODEL_RETRY, "the answer has no stop_reason: it isn't whole");
	else if (strcmp(stop, "max_tokens") == 0)
		model_say(a, MODEL_CUT, "the answer ran into llm_max_tokens");
	else if (strcmp(stop, "refusal") == 0)
		model_say(a, MODEL_REFUSED, "the model refused");
	else if (strcmp(stop, "model_context_window_exceeded") == 0)
		model_say(a, MODEL_TOO_LONG, "the question is longer than the model can read");
	else
		a->outcome = MODEL_OK;
}

const struct model_provider model_anthropic = { .name = "anthropic", .needs_key = true, .base_url = "https://api.anthropic.com", .call = call,
	.answer = answer };
