#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "llm/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define NOW INT64_C(1795338000000)

/* What every judgement must be, whatever came. */
static void
sane(const struct model_answer *a, bool schema)
{
	if (a->outcome > MODEL_QUOTA || a->retry_ms < -1 || a->tokens_in < -1 || a->tokens_cached < -1 || a->tokens_out < -1)
		__builtin_trap();
	if (a->outcome == MODEL_OK ? a->text == NULL || (schema && !cJSON_IsObject(a->json)) : *a->error == '\0')
		__builtin_trap();
	if (a->text != NULL && (strlen(a->text) > MODEL_TEXT_MAX || !utf8_ok(a->text, strlen(a->text))))
		__builtin_trap();
	for (const char *s = a->error; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			__builtin_trap();
}

/* The first byte says of whom, with which status, and whether JSON was asked for; up to an empty line it is the header, then the body.  Then the bytes as words in
 * which an object is looked for. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const long statuses[] = { 200, 400, 401, 404, 413, 429, 500, 529 };
	static const struct model_provider *const providers[] = { &model_anthropic, &model_openai, &model_command };
	struct http_response r = { .state = HTTP_ANSWERED };
	cJSON *schema, *found;
	const char *text, *body;
	struct model_answer a;
	char *all;

	if (len == 0)
		return 0;
	all = xmalloc(len);
	memcpy(all, data + 1, len - 1);
	all[len - 1] = '\0';
	text = all;
	body = strstr(all, "\n\n");
	r.headers = body != NULL ? xstrndup(all, (size_t)(body + 1 - all)) : xstrdup("");
	body = body != NULL ? body + 2 : text;
	r.len = len - 1 - (size_t)(body - text);
	r.body = xmalloc(r.len + 1);
	memcpy(r.body, body, r.len);
	r.body[r.len] = '\0';
	r.status = statuses[data[0] & 7];
	schema = (data[0] & 8) != 0 ? cJSON_CreateObject() : NULL;
	for (size_t i = 0; i < sizeof(providers) / sizeof(providers[0]); i++) {
		if (providers[i]->answer == NULL)
			continue;
		model_read(providers[i], &(struct model_request){ .name = "x", .schema = schema }, &r, NOW, &a);
		sane(&a, schema != NULL);
		model_answer_clear(&a);
	}
	if ((found = model_find_json(r.body)) != NULL && !cJSON_IsObject(found))
		__builtin_trap();
	cJSON_Delete(found);
	cJSON_Delete(schema);
	http_response_clear(&r);
	free(all);
	return 0;
}
