/* ask_side.c - who is asked, with which key, and what it costs. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/ask_int.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/secret.h"

enum { KEY_LEAST = 8 };

static void
side_up(struct asker *a, struct side *s, struct config_model *m)
{
	const struct model_provider *p;

	s->m = m;
	s->set = (struct model_setting){ .provider = m->provider, .model = m->model, .base_url = m->base_url, .command = a->c.command, .ca_file = a->c.ca_file };
	snprintf(s->name, sizeof(s->name), "%s%s%s", m->provider, m->base_url != NULL ? " " : "", m->base_url != NULL ? m->base_url : "");
	if ((p = model_provider_get(m->provider, &s->why)) == NULL ||
	    secret_get(m->key_env, m->key_command, m == &a->c.first ? "llm_key_command" : "llm_fallback_key_command", &s->key, &s->why) == -1)
		return;
	s->set.key = s->key;
	/* a simulated file costs nobody money */
	if (db_simulated(a->db) && p->call != NULL && !http_loopback(m->base_url != NULL ? m->base_url : p->base_url)) {
		lp_fail(&s->why, LP_CONFIG, "this is a simulated file: no model beyond this machine is asked");
		return;
	}
	s->ready = true;
}

void
ask_unload(struct asker *a)
{
	model_pool_free(a->pool);
	a->pool = NULL;
	for (int i = 0; i < 2; i++) {
		wipe(a->side[i].key);
		a->side[i] = (struct side){ 0 };
	}
	config_models_clear(&a->c);
	a->loaded = false;
}

int
ask_load(struct asker *a, struct lp_err *err)
{
	if (a->loaded)
		return 0;
	if (config_models(a->db, &a->c, err) == -1 || (a->pool = model_pool_new(a->most, err)) == NULL)
		return -1;
	side_up(a, &a->side[0], &a->c.first);
	a->nsides = 1;
	if (a->c.fallback.provider != NULL && strcmp(a->c.fallback.provider, "offline") != 0) {
		side_up(a, &a->side[1], &a->c.fallback);
		a->nsides = 2;
	}
	a->loaded = true;
	return 0;
}

int64_t
ask_micros(double tokens, double price)
{
	double m = tokens * price; /* a price of a million tokens is one of millionths for one */

	return m < 0 ? 0 : m > 1e15 ? (int64_t)1e15 : (int64_t)(m + 0.999999);
}

/* A token is at least one byte, and far more of them than a quarter too many. */
int64_t
ask_worst(const struct asker *a, const struct question *x)
{
	const struct ask *q = x->ask;
	const struct config_model *m = a->side[x->with].m;
	double in = (double)(strlen(q->system) + strlen(q->user)) + 500;
	char *schema = q->schema != NULL ? json_print(q->schema) : NULL;

	if (schema != NULL)
		in += 2 * (double)strlen(schema); /* where it is said too */
	free(schema);
	return ask_micros(in, m->price_in) + ask_micros((double)a->c.max_tokens, m->price_out);
}

int64_t
ask_cost(const struct asker *a, const struct question *q, const struct model_answer *r)
{
	const struct config_model *m = a->side[q->with].m;

	if (r->tokens_out == -1)
		/* it doesn't say: what failed before it was read costs nothing */
		return r->outcome == MODEL_OK || r->outcome == MODEL_INVALID || r->outcome == MODEL_CUT || r->outcome == MODEL_REFUSED || r->maybe_billed ?
		    q->worst : 0;
	return ask_micros((double)r->tokens_in + (double)r->tokens_written / 4, m->price_in) + ask_micros((double)r->tokens_cached, m->price_cached) +
	    ask_micros((double)r->tokens_out, m->price_out);
}

void
ask_hash(const struct asker *a, struct question *q)
{
	const struct config_model *m = a->side[q->with].m;
	char *schema = q->ask->schema != NULL ? json_canon(q->ask->schema) : NULL, t[32];
	unsigned char h[LP_HASH_SIZE];
	struct sha s;

	snprintf(t, sizeof(t), "%g %" PRId64, q->ask->temperature, a->c.max_tokens);
	sha_init(&s);
	sha_field(&s, "leadpilot-prompt-1");
	sha_field(&s, a->side[q->with].name);
	sha_field(&s, m->model);
	sha_field(&s, t);
	sha_field(&s, q->ask->system);
	sha_field(&s, q->ask->user);
	sha_field(&s, schema);
	sha_end(&s, h);
	lp_hex(h, q->hash);
	free(schema);
}

/* The secret, and at the end also its beginning: what was cut there. */
static void
blank(char *s, const char *key)
{
	size_t n = strlen(key), len = strlen(s), least = n < 6 ? n : 6;
	char *at = s;

	while ((at = strstr(at, key)) != NULL)
		memset(at, '*', n);
	for (size_t part = len < n - 1 ? len : n - 1; part >= least && part > 0; part--)
		if (memcmp(s + len - part, key, part) == 0) {
			memset(s + len - part, '*', part);
			break;
		}
}

static void
blank_json(cJSON *v, const char *key)
{
	for (; v != NULL; v = v->next) {
		if (v->valuestring != NULL)
			blank(v->valuestring, key);
		blank_json(v->child, key);
	}
}

void
ask_redact(const struct asker *a, const struct question *q, struct model_answer *r)
{
	const char *key = a->side[q->with].key;

	/* a server of one's own takes any word for a key, as EMPTY or x: no secret, and it may stand in an answer */
	if (key == NULL || strlen(key) < KEY_LEAST)
		return;
	blank(r->error, key);
	if (r->text != NULL)
		blank(r->text, key);
	blank_json(r->json, key);
}
