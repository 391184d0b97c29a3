/*
 * openai.c - Chat Completions: POST {base}/chat/completions (platform.openai.com, "Create chat completion"), which llama.cpp, Ollama, vLLM, OpenRouter and
 * others speak too, each a little differently: a structured answer is asked for by response_format, and found in the text where the server doesn't know
 * that; the token limit has the name that the server reads; usage may be missing. Servers of one's own hold the model to a schema without showing it to
 * it, or know none: there the question says it too.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "llm/model.h"
#include "llm/model_int.h"

static cJSON *
said(const char *role, const char *text)
{
	cJSON *m = cJSON_CreateObject();

	json_set_str(m, "role", role);
	json_set_str(m, "content", text);
	return m;
}

static cJSON *
format(const struct model_request *q)
{
	cJSON *f = cJSON_CreateObject(), *s = cJSON_CreateObject();

	json_set_str(f, "type", "json_schema");
	json_set_str(s, "name", q->name);
	json_set_str(s, "description", q->about);
	json_set_bool(s, "strict", false); /* strict forbids optional members, which our answers have */
	json_set(s, "schema", cJSON_Duplicate(q->schema, true));
	json_set(f, "json_schema", s);
	return f;
}

static char *
with_schema(const struct model_request *q)
{
	char *schema = json_print(q->schema), *s = xasprintf("%s\nThe answer is one JSON object by this JSON Schema, and nothing else:\n%s\n", q->system, schema);

	free(schema);
	return s;
}

static int
call(const struct model_setting *s, const struct model_request *q, struct model_call *c, struct lp_err *err)
{
	/* the hosted service has its own name for the limit, and for who says what is to be done */
	bool hosted = s->base_url == NULL || strstr(s->base_url, "://api.openai.com") != NULL, limit_new = hosted || (q->without & MODEL_NO_MAX_TOKENS) != 0;
	bool formed = q->schema != NULL && (q->without & MODEL_NO_FORMAT) == 0;
	cJSON *body = cJSON_CreateObject(), *messages = cJSON_CreateArray();
	char *bearer, *system = q->schema != NULL && (!hosted || !formed) ? with_schema(q) : xstrdup(q->system);
	int r;

	json_set_str(body, "model", s->model);
	cJSON_AddItemToArray(messages, said(hosted ? "developer" : "system", system));
	free(system);
	cJSON_AddItemToArray(messages, said("user", q->user));
	json_set(body, "messages", messages);
	json_set_num(body, limit_new ? "max_completion_tokens" : "max_tokens", (double)q->max_tokens);
	if (q->temperature >= 0 && (q->without & MODEL_NO_TEMPERATURE) == 0)
		json_set_num(body, "temperature", q->temperature);
	if (formed)
		json_set(body, "response_format", format(q));
	c->body = json_print(body);
	cJSON_Delete(body);
	if (model_url(s, &model_openai, "/chat/completions", c, err) == -1)
		return -1;
	model_header(c, "Content-Type", "application/json");
	if (s->key == NULL)
		return 0;
	bearer = xasprintf("Bearer %s", s->key);
	r = model_header_secret(c, "Authorization", bearer, err);
	wipe(bearer);
	return r;
}

static void
usage(const cJSON *body, struct model_answer *a)
{
	const cJSON *u = json_get(body, "usage");
	int64_t in = model_count(u, "prompt_tokens", -1), cached = model_count(json_get(u, "prompt_tokens_details"), "cached_tokens", 0);

	/* more in the cache than there was: not to be believed */
	model_usage(a, cached > in ? -1 : in - cached, cached, model_count(u, "completion_tokens", -1));
}

static void
answer(const cJSON *body, struct model_answer *a)
{
	const cJSON *choice = cJSON_GetArrayItem(json_get(body, "choices"), 0), *m = json_get(choice, "message");
	const char *why = json_str(choice, "finish_reason"), *text = json_str(m, "content"), *refusal = json_str(m, "refusal");

	usage(body, a);
	if (text != NULL)
		a->text = xstrdup(text);
	if (!cJSON_IsObject(m))
		model_say(a, MODEL_RETRY, "the answer has no choices");
	else if ((refusal != NULL && *refusal != '\0') || (why != NULL && strcmp(why, "content_filter") == 0))
		model_say(a, MODEL_REFUSED, "the model refused%s%.150s", refusal != NULL ? ": " : "", refusal != NULL ? refusal : "");
	else if (why != NULL && strcmp(why, "length") == 0)
		model_say(a, MODEL_CUT, "the answer ran into llm_max_tokens");
	else
		a->outcome = MODEL_OK;
}

const struct model_provider model_openai = { .name = "openai", .needs_key = false, .base_url = "https://api.openai.com/v1", .call = call,
	.answer = answer };
