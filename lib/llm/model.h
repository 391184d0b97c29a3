/*
 * model.h - language models over their wire formats.  One small interface, one file a provider, one line in the table of model.c.
 *
 * A provider turns a question into one HTTP request and an HTTP response into an answer; both are pure. It knows nothing of tasks, money or the
 * database, and nothing that a model answers is believed here: it is JSON of the shape that was asked for, or it is told what it is.
 */
#ifndef LP_LLM_MODEL_H
#define LP_LLM_MODEL_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "net/http.h"

#define MODEL_TEXT_MAX ((size_t)64 << 10) /* bytes of an answer that are kept */

struct model_setting {
	const char *provider, *model;
	const char *base_url;           /* NULL: the provider's own */
	const char *key;                /* the secret itself, in memory alone; NULL for none */
	const char *command;            /* of the provider 'command': program and arguments, blanks between */
	const char *ca_file;            /* certificates to trust instead of the system's; NULL */
};

/* What some models don't take, and say so: the question is asked once more without it. */
enum { MODEL_NO_TEMPERATURE = 1, MODEL_NO_FORMAT = 2, MODEL_NO_MAX_TOKENS = 4 };

struct model_request {
	const char *system, *user;      /* the stable part is `system`: what prompt caches hit */
	const char *name, *about;       /* of the answer: letters, digits and '_'; one line. NULL without schema */
	const cJSON *schema;            /* JSON Schema of the answer, an object with additionalProperties false; NULL: plain text */
	double temperature;             /* below 0: the provider's own */
	int64_t max_tokens;
	int64_t timeout_ms;             /* of this one call */
	int without;                    /* MODEL_NO_…: what it doesn't take */
};

enum model_outcome {
	MODEL_OK,
	MODEL_INVALID,     /* no JSON object in what it said: `text` has it raw */
	MODEL_REFUSED,     /* it won't */
	MODEL_CUT,         /* the answer ran into max_tokens */
	MODEL_TOO_LONG,    /* the question is longer than it can read */
	MODEL_RETRY,       /* 429, 5xx, time-out, a cut line, HTML: may pass; retry_ms */
	MODEL_CONFIG,      /* a wrong key, no such model, a certificate, a request that it refuses: a person must mend it */
	MODEL_QUOTA        /* the account has no money left */
};

struct model_answer {
	enum model_outcome outcome;
	char *text;                     /* as it came, cut to MODEL_TEXT_MAX; NULL where there is none */
	cJSON *json;                    /* an object, of MODEL_OK with a schema */
	int64_t tokens_in, tokens_cached, tokens_out; /* as billed: `in` is without the cached; -1 where it doesn't say */
	int64_t tokens_written;         /* of `in`: now in the provider's cache, which costs a quarter more; 0 where it has no such price */
	int64_t latency_ms;
	int64_t retry_ms;               /* of MODEL_RETRY: what it asked for; -1: nothing */
	int without;                    /* of MODEL_CONFIG: MODEL_NO_…, what it said that it doesn't take; else 0 */
	bool this_one;                  /* of MODEL_CONFIG: it refuses the request itself, maybe for what is in it; another may pass */
	bool maybe_billed;              /* the line was cut after the question was sent: it may have cost */
	char error[256];                /* one line for people, no secret in it */
};
void model_answer_clear(struct model_answer *);
const char *model_outcome_name(enum model_outcome);

/* What goes out. */
struct model_call {
	char *url, *body;
	char *headers[8];               /* NULL-terminated */
};
void model_call_clear(struct model_call *);      /* wipes the headers: the key is in one */

struct model_provider {
	const char *name;
	bool needs_key;
	const char *base_url;           /* its usual place; NULL: none, one must be configured */
	/* LP_CONFIG: no model, no key, a URL that can't be. */
	int (*call)(const struct model_setting *, const struct model_request *, struct model_call *, struct lp_err *);
	/* An HTTP response with an answer in it, status 200 to 299, parsed as an object. Fills outcome, text, tokens, error. */
	void (*answer)(const cJSON *body, struct model_answer *);
};

/* model_provider_get(name, err): anthropic, openai, command; LP_CONFIG, with the nearest. */
const struct model_provider *model_provider_get(const char *name, struct lp_err *);

/* model_read(p, request, response, a): the whole judgement of a response: states, statuses, HTML instead of JSON, and the answer's JSON where one
 * was asked for. Never fails; *a is the caller's. */
void model_read(const struct model_provider *, const struct model_request *, const struct http_response *, int64_t now, struct model_answer *);

/* model_find_json(text): the first balanced JSON object in it: bare, in a fence, in prose; NULL where there is none. Linear in its length. */
cJSON *model_find_json(const char *text);

/* A pool of questions in flight. */
struct model_pool;
struct model_pool *model_pool_new(int most, struct lp_err *);
void model_pool_free(struct model_pool *);
int model_in_flight(const struct model_pool *);
/* model_start(pool, setting, request, tag, err): ask; nothing of setting and request is needed afterwards but request->schema's presence, which is
 * copied. -1: LP_CONFIG. */
int model_start(struct model_pool *, const struct model_setting *, const struct model_request *, void *tag, struct lp_err *);
/* model_next(pool, answer, tag, wait_ms, stop, err): as http_next: 1 an answer, 0 none, -1. */
int model_next(struct model_pool *, struct model_answer *, void **tag, int64_t wait_ms, volatile const bool *stop, struct lp_err *);

extern const struct model_provider model_anthropic, model_openai, model_command;

#endif
