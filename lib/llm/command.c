/*
 * command.c - the provider 'command': any program that reads one JSON object and writes an answer.
 *
 * In: {"model","system","user","temperature","max_tokens","name","schema"}. Out: {"json":{…}} or {"text":"…"}, each with an optional
 * "usage":{"input_tokens","cached_tokens","output_tokens"}; or just text, in which the first JSON object counts. Exit status 0: answered; 75: try
 * again later; any other: a person must mend it, and the first line on standard error says what.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "llm/model_int.h"

#define OUTPUT_MAX ((size_t)4 << 20)

int
model_command_start(const struct model_setting *s, const struct model_request *q, struct child *c, struct lp_err *err)
{
	cJSON *o = cJSON_CreateObject();
	char *text;
	int r;

	if (s->command == NULL || *s->command == '\0') {
		cJSON_Delete(o);
		return lp_fail(err, LP_CONFIG, "llm_command is not set: the provider 'command' needs a program");
	}
	if (s->model != NULL)
		json_set_str(o, "model", s->model);
	json_set_str(o, "system", q->system);
	json_set_str(o, "user", q->user);
	if (q->temperature >= 0)
		json_set_num(o, "temperature", q->temperature);
	json_set_num(o, "max_tokens", (double)q->max_tokens);
	if (q->schema != NULL) {
		json_set_str(o, "name", q->name);
		json_set(o, "schema", cJSON_Duplicate(q->schema, true));
	}
	text = json_print(o);
	r = child_start(c, s->command, text, strlen(text), q->timeout_ms, OUTPUT_MAX, err);
	free(text);
	cJSON_Delete(o);
	if (r == -1) {
		err->kind = LP_CONFIG;
		lp_err_prefix(err, "llm_command");
	}
	return r;
}

void
model_command_read(struct child *c, bool wants_json, struct model_answer *a)
{
	cJSON *o, *u;

	if (c->timed_out) {
		model_say(a, MODEL_RETRY, "the command took too long");
		return;
	}
	if (c->too_large) {
		model_say(a, MODEL_CONFIG, "the command printed too much");
		return;
	}
	if (c->status != 0) {
		model_say(a, c->status == 75 ? MODEL_RETRY : MODEL_CONFIG, "the command ended with status %d: %.*s", c->status,
		    (int)strcspn(buf_str(&c->complaint), "\n"), buf_str(&c->complaint));
		return;
	}
	a->outcome = MODEL_OK;
	o = json_parse(buf_str(&c->text), c->text.len, NULL);
	u = json_get(o, "usage");
	model_usage(a, model_count(u, "input_tokens", -1), model_count(u, "cached_tokens", 0), model_count(u, "output_tokens", -1));
	if (cJSON_IsObject(json_get(o, "json"))) {
		a->json = cJSON_DetachItemFromObjectCaseSensitive(o, "json");
		a->text = json_print(a->json);
	} else
		a->text = xstrdup(json_str(o, "text") != NULL ? json_str(o, "text") : buf_str(&c->text));
	cJSON_Delete(o);
	model_settle(wants_json, a);
}

const struct model_provider model_command = { .name = "command" };
