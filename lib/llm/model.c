#include "llm/model.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/prog.h"
#include "llm/model_int.h"

static const struct model_provider *const providers[] = { &model_anthropic, &model_openai, &model_command, NULL };
static const char *const model_names[] = { "anthropic", "openai", "command", NULL };

const struct model_provider *
model_provider_get(const char *name, struct lp_err *err)
{
	const char *near;

	for (size_t i = 0; providers[i] != NULL; i++)
		if (strcmp(providers[i]->name, name) == 0)
			return providers[i];
	near = lp_did_you_mean(name, model_names);
	if (near != NULL)
		lp_fail(err, LP_CONFIG, "there is no provider '%.40s' (did you mean '%s'?)", name, near);
	else
		lp_fail(err, LP_CONFIG, "there is no provider '%.40s' (there are: offline, anthropic, openai, command)", name);
	return NULL;
}

const char *
model_outcome_name(enum model_outcome o)
{
	static const char *const names[] = { "ok", "invalid", "refused", "cut", "too_long", "retry", "config", "quota" };

	return names[o];
}

void
model_answer_clear(struct model_answer *a)
{
	free(a->text);
	cJSON_Delete(a->json);
	*a = (struct model_answer){ 0 };
}

void
model_call_clear(struct model_call *c)
{
	free(c->url);
	free(c->body);
	for (size_t i = 0; i < sizeof(c->headers) / sizeof(c->headers[0]); i++)
		wipe(c->headers[i]);
	*c = (struct model_call){ 0 };
}

void
model_say(struct model_answer *a, enum model_outcome o, const char *fmt, ...)
{
	va_list ap;

	a->outcome = o;
	va_start(ap, fmt);
	vsnprintf(a->error, sizeof(a->error), fmt, ap);
	va_end(ap);
	for (char *s = a->error; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = ' ';
	/* cut between characters */
	for (size_t n = strlen(a->error), i = 0; n > 0 && i < 3 && ((unsigned char)a->error[n - 1] & 0x80) != 0 && n == sizeof(a->error) - 1; i++)
		a->error[--n] = '\0';
}

int
model_url(const struct model_setting *s, const struct model_provider *p, const char *path, struct model_call *c, struct lp_err *err)
{
	const char *base = s->base_url != NULL ? s->base_url : p->base_url;
	size_t n = strlen(base), version = 0;

	while (n > 0 && base[n - 1] == '/')
		n--;
	/* people give the address with and without the version that is in the path */
	if (strncmp(path, "/v1/", 4) == 0 && n >= 3 && strncmp(base + n - 3, "/v1", 3) == 0)
		version = 3;
	c->url = xasprintf("%.*s%s", (int)n, base, path + version);
	return http_url_ok(c->url, s->key == NULL, err) == -1 ? lp_err_prefix(err, "llm_base_url") : 0;
}

static void
push(struct model_call *c, char *line)
{
	size_t i = 0;

	while (c->headers[i] != NULL)
		i++;
	c->headers[i] = line;
}

void
model_header(struct model_call *c, const char *name, const char *value)
{
	push(c, xasprintf("%s: %s", name, value));
}

int
model_header_secret(struct model_call *c, const char *name, const char *value, struct lp_err *err)
{
	for (const char *s = value; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || (unsigned char)*s >= 0x7f)
			return lp_fail(err, LP_CONFIG, "the key has a line break or another character that can't be in one");
	model_header(c, name, value);
	return 0;
}

void
model_settle(bool wants_json, struct model_answer *a)
{
	size_t n = a->text != NULL ? strlen(a->text) : 0;

	if (a->outcome != MODEL_OK)
		return;
	if (wants_json && a->json == NULL && n > 0)
		a->json = model_find_json(a->text);
	if (wants_json && a->json == NULL)
		model_say(a, MODEL_INVALID, "no JSON object in the answer");
	else if (!wants_json && n == 0)
		model_say(a, MODEL_INVALID, "the answer is empty");
	if (n > MODEL_TEXT_MAX) {
		for (n = MODEL_TEXT_MAX; n > 0 && ((unsigned char)a->text[n] & 0xc0) == 0x80; n--)
			;
		a->text[n] = '\0';
	}
}

int64_t
model_count(const cJSON *usage, const char *name, int64_t absent)
{
	const cJSON *v = json_get(usage, name);

	if (v == NULL || cJSON_IsNull(v))
		return absent;
	return cJSON_IsNumber(v) && v->valuedouble >= 0 && v->valuedouble <= 1e12 ? (int64_t)v->valuedouble : -1;
}

void
model_usage(struct model_answer *a, int64_t in, int64_t cached, int64_t out)
{
	if (in == -1 || cached == -1 || out == -1)
		return;
	a->tokens_in = in;
	a->tokens_cached = cached;
	a->tokens_out = out;
}

/* The words of an error body in either form, else nothing. */
static const char *
complaint(const cJSON *body, const char **code)
{
	const cJSON *e = json_get(body, "error");

	*code = "";
	if (cJSON_IsString(e))
		return e->valuestring;
	if (json_str(e, "code") != NULL)
		*code = json_str(e, "code");
	else if (json_str(e, "type") != NULL)
		*code = json_str(e, "type");
	return json_str(e, "message") != NULL ? json_str(e, "message") : "";
}

static bool
says_too_long(const char *code, const char *words)
{
	return strcmp(code, "context_length_exceeded") == 0 || strcmp(code, "request_too_large") == 0 || strstr(words, "prompt is too long") != NULL ||
	    strstr(words, "maximum context length") != NULL || strstr(words, "exceeds the available context size") != NULL ||
	    strstr(words, "exceed context limit") != NULL || strstr(words, "exceeds the maximum number of tokens") != NULL;
}

/* Its filter took offence at this question: no fault of the next one's, and nothing was made that could be billed. */
static bool
says_filtered(const char *code)
{
	return strcmp(code, "content_filter") == 0 || strcmp(code, "invalid_prompt") == 0;
}

/* Which part of the request it doesn't take: newer models know no temperature or another name of the limit, smaller servers no schema. */
static int
not_taken(long status, const cJSON *body, const char *words)
{
	const char *param = json_str(json_get(body, "error"), "param");

	if (status != 400 && status != 422)
		return 0;
	if (param == NULL)
		param = words;
	if (strstr(param, "temperature") != NULL)
		return MODEL_NO_TEMPERATURE;
	if (strstr(param, "response_format") != NULL || strstr(param, "json_schema") != NULL)
		return MODEL_NO_FORMAT;
	return strstr(param, "max_tokens") != NULL && strstr(words, "max_completion_tokens") != NULL ? MODEL_NO_MAX_TOKENS : 0;
}

/* A status that is no success. */
static void
read_status(const struct http_response *r, const cJSON *body, int64_t now, struct model_answer *a)
{
	const char *code, *words = complaint(body, &code);
	const cJSON *number = json_get(json_get(body, "error"), "code");
	enum model_outcome o = MODEL_CONFIG;
	long status = r->status;
	char again[8];

	/* a router's 200 around another's failure */
	if (status < 300 && cJSON_IsNumber(number) && number->valuedouble >= 400 && number->valuedouble < 600)
		status = (long)number->valuedouble;
	if (says_too_long(code, words) || status == 413)
		o = MODEL_TOO_LONG;
	else if (says_filtered(code) && status == 400) {
		o = MODEL_REFUSED;
		a->tokens_in = a->tokens_cached = a->tokens_out = 0;
	} else if (strcmp(code, "insufficient_quota") == 0 || status == 402 || strstr(words, "credit balance is too low") != NULL)
		o = MODEL_QUOTA;
	else if (status == 408 || status == 409 || status == 425 || status == 429 || status >= 500)
		o = MODEL_RETRY;
	if (o == MODEL_RETRY && http_header(r, "x-should-retry", again, sizeof(again)) && strcmp(again, "false") == 0)
		o = MODEL_CONFIG;
	model_say(a, o, "HTTP %ld%s%.200s", status, *words != '\0' ? ": " : "", words);
	a->retry_ms = o == MODEL_RETRY ? http_retry_after(r, now) : -1;
	a->this_one = o == MODEL_CONFIG && (status == 400 || status == 422);
	a->without = o == MODEL_CONFIG ? not_taken(status, body, words) : 0;
}

void
model_read(const struct model_provider *p, const struct model_request *q, const struct http_response *r, int64_t now, struct model_answer *a)
{
	cJSON *body;

	*a = (struct model_answer){ .latency_ms = r->latency_ms, .retry_ms = -1, .tokens_in = -1, .tokens_cached = -1, .tokens_out = -1 };
	if (r->state != HTTP_ANSWERED) {
		model_say(a, r->retryable ? MODEL_RETRY : MODEL_CONFIG, "%s", r->error);
		a->maybe_billed = r->state == HTTP_LOST;
		return;
	}
	body = json_parse(r->body, r->len, NULL);
	if (r->status < 200 || r->status > 299)
		read_status(r, body, now, a);
	else if (!cJSON_IsObject(body)) {
		/* a portal's page, a proxy's, half an answer: whoever was asked didn't say this */
		model_say(a, MODEL_RETRY, "HTTP %ld, and the answer is no JSON", r->status);
		a->maybe_billed = true;
	} else if (json_get(body, "error") != NULL && !cJSON_IsNull(json_get(body, "error")))
		read_status(r, body, now, a);
	else {
		p->answer(body, a);
		model_settle(q->schema != NULL, a);
	}
	cJSON_Delete(body);
}
