/* model_pool.c - questions in flight, whichever way they go out. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "llm/model_int.h"

struct question {
	bool busy, wants_json;
	const struct model_provider *provider;
	struct child child;
	bool by_child;
	int64_t started;
	void *tag;
};

struct model_pool {
	struct http_pool *http;         /* made when first needed: a program that asks a command starts no libcurl */
	struct question *q;
	int most, running, children;
};

struct model_pool *
model_pool_new(int most, struct lp_err *err)
{
	struct model_pool *p = xcalloc(1, sizeof(*p));

	(void)err;
	p->most = most < 1 ? 1 : most;
	p->q = xcalloc((size_t)p->most, sizeof(*p->q));
	return p;
}

void
model_pool_free(struct model_pool *p)
{
	if (p == NULL)
		return;
	for (int i = 0; i < p->most; i++)
		if (p->q[i].busy && p->q[i].by_child)
			child_clear(&p->q[i].child);
	http_pool_free(p->http);
	free(p->q);
	free(p);
}

int
model_in_flight(const struct model_pool *p)
{
	return p->running;
}

static int
start_http(struct model_pool *p, struct question *x, const struct model_setting *s, const struct model_request *q, struct lp_err *err)
{
	struct model_call c = { 0 };
	int r = -1;

	if (s->model == NULL || *s->model == '\0')
		return lp_fail(err, LP_CONFIG, "llm_model is not set");
	if (x->provider->needs_key && s->key == NULL && s->base_url == NULL)
		return lp_fail(err, LP_CONFIG, "no key: set llm_key_env to the NAME of the environment variable that holds it");
	if ((p->http != NULL || (p->http = http_pool_new(p->most, err)) != NULL) && x->provider->call(s, q, &c, err) == 0)
		r = http_start(p->http, &(struct http_request){ .method = "POST", .url = c.url, .headers = (const char *const *)c.headers,
		    .body = c.body, .body_len = strlen(c.body), .total_ms = q->timeout_ms, .insecure_ok = s->key == NULL, .ca_file = s->ca_file }, x,
		    err);
	model_call_clear(&c);
	return r;
}

int
model_start(struct model_pool *p, const struct model_setting *s, const struct model_request *q, void *tag, struct lp_err *err)
{
	const struct model_provider *provider = model_provider_get(s->provider, err);
	struct question *x = p->q;
	int r;

	if (provider == NULL)
		return -1;
	while (x < p->q + p->most && x->busy)
		x++;
	if (x == p->q + p->most)
		return lp_fail(err, LP_BUG, "%d questions are in flight already", p->most);
	*x = (struct question){ .provider = provider, .wants_json = q->schema != NULL, .tag = tag, .started = lp_now_real(),
		.by_child = provider->call == NULL };
	r = x->by_child ? model_command_start(s, q, &x->child, err) : start_http(p, x, s, q, err);
	if (r == 0) {
		x->busy = true;
		p->running++;
		p->children += x->by_child;
	}
	return r;
}

static void
done(struct model_pool *p, struct question *x, void **tag)
{
	*tag = x->tag;
	x->busy = false;
	p->running--;
	p->children -= x->by_child;
}

static bool
next_child(struct model_pool *p, struct model_answer *a, void **tag)
{
	for (struct question *x = p->q; x < p->q + p->most; x++)
		if (x->busy && x->by_child && child_step(&x->child)) {
			*a = (struct model_answer){ .latency_ms = lp_now_real() - x->started, .retry_ms = -1, .tokens_in = -1, .tokens_cached = -1,
				.tokens_out = -1 };
			model_command_read(&x->child, x->wants_json, a);
			child_clear(&x->child);
			done(p, x, tag);
			return true;
		}
	return false;
}

static void
wait_children(const struct model_pool *p, int64_t ms)
{
	struct pollfd *fds = xmalloc((size_t)p->most * 3 * sizeof(*fds));
	nfds_t n = 0;
	bool closed = false;

	for (const struct question *x = p->q; x < p->q + p->most; x++)
		if (x->busy && x->by_child) {
			int k = child_fds(&x->child, fds + n);

			closed = closed || k == 0;
			n += (nfds_t)k;
		}
	poll(fds, n, closed ? 5 : ms < 100 ? (int)ms : 100);
	free(fds);
}

int
model_next(struct model_pool *p, struct model_answer *a, void **tag, int64_t wait_ms, volatile const bool *stop, struct lp_err *err)
{
	int64_t until = wait_ms < 0 ? INT64_MAX : lp_now_real() + wait_ms, left;
	struct model_request q = { 0 };
	static const cJSON some;
	struct http_response r;
	void *which;
	int n;

	for (;;) {
		if (p->running == 0)
			return 0;
		if (next_child(p, a, tag))
			return 1;
		left = until == INT64_MAX ? 1000 : until - lp_now_real();
		if (left <= 0 && wait_ms >= 0)
			left = 0;
		/* with both kinds in flight each is looked at in turn */
		if (p->running > p->children) {
			n = http_next(p->http, &r, &which, p->children > 0 ? 10 : left < 1000 ? left : 1000, stop, err);
			if (n == -1)
				return -1;
			if (n == 1) {
				struct question *x = which;

				q.schema = x->wants_json ? &some : NULL;
				model_read(x->provider, &q, &r, lp_now_real(), a);
				http_response_clear(&r);
				done(p, x, tag);
				return 1;
			}
		} else
			wait_children(p, left);
		if ((stop != NULL && *stop) || lp_now_real() >= until)
			return 0;
	}
}
