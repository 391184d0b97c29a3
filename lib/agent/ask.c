#include "agent/ask_int.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/calls.h"
#include "store/tasks.h"

enum { TRIES = 4, BEAT = 10 * LP_SECOND };

static volatile bool interrupted;

static void
interrupt(int sig)
{
	(void)sig;
	interrupted = true;
}

struct ask *
ask_new(void)
{
	struct ask *a = xcalloc(1, sizeof(*a));

	return a;
}

static void
ask_free(struct ask *a)
{
	if (a == NULL)
		return;
	if (a->free_ctx != NULL)
		a->free_ctx(a->ctx);
	free(a->system);
	free(a->user);
	cJSON_Delete(a->schema);
	free(a);
}

struct asker *
asker_new(struct lp_db *db, int most)
{
	struct asker *a = xcalloc(1, sizeof(*a));

	a->db = db;
	a->most = most;
	return a;
}

static void
forget_questions(struct asker *a)
{
	for (size_t i = 0; i < a->n; i++) {
		ask_free(a->q[i]->ask);
		free(a->q[i]);
	}
	a->n = 0;
}

void
asker_free(struct asker *a)
{
	if (a == NULL)
		return;
	forget_questions(a);
	free(a->q);
	ask_unload(a);
	free(a);
}

void
asker_push(struct asker *a, struct ask *ask)
{
	if (a->n == a->cap) {
		a->cap = a->cap > 0 ? 2 * a->cap : 32;
		a->q = xrealloc(a->q, a->cap * sizeof(*a->q));
	}
	a->q[a->n] = xcalloc(1, sizeof(**a->q));
	a->q[a->n++]->ask = ask;
	if (ask->env != NULL)
		ask->env->waiting++;
}

static int
failed_to_start(struct asker *a, struct stage *s, struct question *q, const struct lp_err *why, struct lp_err *err)
{
	int ok;

	q->mend = why->kind == LP_CONFIG;
	a->open--;
	if (db_begin(a->db, err) == -1)
		return -1;
	ok = call_ended(a->db, q->call, &(struct call_end){ .tokens_in = -1, .tokens_cached = -1, .tokens_out = -1, .error = why->msg }, err) == 0 &&
	    ask_other_side(a, s, q, why->msg, 15 * 60, err) != -1;
	return db_end(a->db, ok, ok ? err : NULL) == -1 || !ok ? -1 : 0;
}

static int
start(struct asker *a, struct stage *s, struct question *q, struct lp_err *err)
{
	int64_t now = lp_now_real(), left;
	struct lp_err why;

	if (q->deadline == 0)
		q->deadline = now + duration_ms(&a->c.timeout);
	left = q->deadline - now;
	q->flying = true;
	q->without = a->side[q->with].without;
	if (model_start(a->pool, &a->side[q->with].set, &(struct model_request){ .system = q->ask->system, .user = q->ask->user, .name = q->ask->name,
	    .about = q->ask->about, .schema = q->ask->schema, .temperature = q->ask->temperature, .max_tokens = a->c.max_tokens,
	    .timeout_ms = left > 1000 ? left : 1000, .without = q->without }, q, &why) == 0)
		return 0;
	q->flying = false;
	return failed_to_start(a, s, q, &why, err);
}

/* All that may go now and has room: reserved in one commit, then started. */
static int
launch(struct asker *a, struct stage *s, struct lp_err *err)
{
	struct question **go = xmalloc((size_t)a->most * sizeof(*go));
	int room = a->most - model_in_flight(a->pool), n = 0, r = 0;
	int64_t now = lp_now_real();
	bool any = false;

	for (size_t i = 0; i < a->n && !any; i++)
		any = !a->q[i]->over && !a->q[i]->flying && a->q[i]->not_before <= now;
	if (room > 0 && any && !interrupted) {
		if ((r = db_begin(a->db, err)) == -1)
			goto out;
		for (size_t i = 0; i < a->n && n < room && r != -1; i++) {
			struct question *q = a->q[i];

			if (q->over || q->flying || q->not_before > now)
				continue;
			if ((r = ask_reserve(a, s, q, err)) == 1)
				go[n++] = q;
		}
		if (db_end(a->db, r != -1, r != -1 ? err : NULL) == -1)
			r = -1;
		for (int i = 0; i < n && r != -1; i++)
			r = start(a, s, go[i], err);
	}
out:
	free(go);
	return r == -1 ? -1 : 0;
}

/* It may pass: again after a while, with some jitter, as long as there is time. */
static bool
again_later(struct question *q, const struct model_answer *r)
{
	int64_t wait = LP_SECOND / 2, now = lp_now_real();
	char c = q->hash[q->tries % 60];

	for (int i = 1; i < q->tries && wait < 8 * LP_SECOND; i++)
		wait *= 2;
	if (r->retry_ms > wait)
		wait = r->retry_ms;
	wait += (wait < 4 * LP_SECOND ? wait : 4 * LP_SECOND) * (c <= '9' ? c - '0' : c - 'a' + 10) / 16; /* spread by what the hash says */
	if (q->tries >= TRIES || now + wait + LP_SECOND > q->deadline)
		return false;
	q->not_before = now + wait;
	return true;
}

/* For how many failures it counts: what only a person can mend won't be otherwise for the next task, nor what didn't answer in all that time; a request that
 * is refused may be so for what stands in it, and what a lead wrote must not close the way for all others. */
static int
weight(const struct question *q, const struct model_answer *r)
{
	if (r->this_one)
		return 1;
	return r->outcome != MODEL_RETRY || lp_now_real() + LP_SECOND / 10 >= q->deadline ? TRIES : q->tries;
}

static int
judge(struct asker *a, struct stage *s, struct question *q, struct model_answer *r, struct lp_err *err)
{
	bool said = r->outcome == MODEL_OK || r->outcome == MODEL_INVALID || r->outcome == MODEL_CUT || r->outcome == MODEL_REFUSED;
	struct side *side = &a->side[q->with];

	q->tries++;
	q->mend = r->outcome == MODEL_CONFIG || r->outcome == MODEL_QUOTA;
	a->open--;
	if (call_ended(a->db, q->call, &(struct call_end){ .cost_micros = ask_cost(a, q, r), .tokens_in = r->tokens_in,
	    .tokens_cached = r->tokens_cached, .tokens_out = r->tokens_out, .latency_ms = r->latency_ms, .answer = r->text,
	    .error = r->outcome == MODEL_OK ? NULL : r->error }, err) == -1)
		return -1;
	if (said && circuit_worked(a->db, side->name, err) == -1)
		return -1;
	if (r->outcome == MODEL_OK)
		return ask_give(a, s, q, &(struct ask_result){ .outcome = ASK_ANSWER, .json = r->json, .text = r->text, .call = q->call }, err);
	/* asked again with the reason it would be longer still; the other may read more */
	if (r->outcome == MODEL_TOO_LONG && q->with + 1 < a->nsides)
		return ask_other_side(a, s, q, r->error, 0, err) == -1 ? -1 : 0;
	if (r->outcome == MODEL_TOO_LONG)
		q->ask->again = true;
	if (said || r->outcome == MODEL_TOO_LONG)
		return ask_give(a, s, q, &(struct ask_result){ .outcome = ASK_INVALID, .text = r->text, .call = q->call, .error = r->error }, err);
	if ((r->without & ~q->without) != 0) {
		side->without |= r->without;
		q->tries = 0;
		return 0;
	}
	if (r->outcome == MODEL_RETRY && again_later(q, r))
		return 0;
	if (circuit_failed(a->db, side->name, weight(q, r), r->error, err) == -1)
		return -1;
	return ask_other_side(a, s, q, r->error, r->retry_ms > 0 ? r->retry_ms / 1000 : 0, err) == -1 ? -1 : 0;
}

/* How long until the next one may go; a second where one is in flight, for it may end. */
static int64_t
until_next(const struct asker *a)
{
	int64_t now = lp_now_real(), wait = LP_SECOND;

	for (size_t i = 0; i < a->n; i++)
		if (!a->q[i]->over && !a->q[i]->flying && a->q[i]->not_before - now < wait)
			wait = a->q[i]->not_before > now ? a->q[i]->not_before - now : 0;
	return model_in_flight(a->pool) == a->most ? LP_SECOND : wait;
}

/* What is there by now, all in one commit; waits for the first. */
static int
land(struct asker *a, struct stage *s, struct lp_err *err)
{
	struct model_answer *r = xmalloc((size_t)a->most * sizeof(*r));
	void **q = xmalloc((size_t)a->most * sizeof(*q));
	int n = 0, got = 0, ok = -1;

	while (n < a->most && (got = model_next(a->pool, &r[n], &q[n], n == 0 ? until_next(a) : 0, &interrupted, err)) == 1)
		n++;
	if (n == a->most || got == 0)
		ok = n == 0 ? 1 : db_begin(a->db, err) == 0;
	if (n > 0 && ok == 1) {
		for (int i = 0; i < n && ok == 1; i++) {
			((struct question *)q[i])->flying = false;
			ask_redact(a, q[i], &r[i]);
			ok = judge(a, s, q[i], &r[i], err) == 0;
		}
		ok = db_end(a->db, ok, ok ? err : NULL) == 0 && ok;
	}
	for (int i = 0; i < n; i++)
		model_answer_clear(&r[i]);
	free(r);
	free(q);
	return ok == 1 ? 0 : -1;
}

/* What is over, and committed, no longer keeps its line. */
static int
let_go(struct asker *a, struct stage *s, struct lp_err *err)
{
	for (size_t i = 0; i < a->n; i++) {
		struct env *e = a->q[i]->ask->env;

		if (!a->q[i]->over || a->q[i]->told || e == NULL)
			continue;
		a->q[i]->told = true;
		if (--e->waiting == 0 && s->unordered && stage_print(s, e, err) == -1)
			return -1;
	}
	return 0;
}

/* The leases stay alive while we wait. */
static int
beat(struct asker *a, struct lp_err *err)
{
	int64_t now = lp_now_real();
	int r = 0;

	if (now - a->beat < BEAT)
		return 0;
	a->beat = now;
	if (db_begin(a->db, err) == -1)
		return -1;
	for (size_t i = 0; i < a->n && r == 0; i++)
		if (!a->q[i]->over && a->q[i]->ask->env != NULL && *a->q[i]->ask->env->lease != '\0')
			r = run_beat(a->db, a->q[i]->ask->env->lease, err);
	return db_end(a->db, r == 0, r == 0 ? err : NULL) == -1 || r == -1 ? -1 : 0;
}

/* What is in flight is dropped; nobody knows whether it is billed, so it stays reserved at its worst. */
static int
abandon(struct asker *a, struct stage *s, struct lp_err *err)
{
	int r = 0;

	if (db_begin(a->db, err) == -1)
		return -1;
	for (size_t i = 0; i < a->n && r == 0; i++)
		if (!a->q[i]->over) {
			a->q[i]->ask->again = true;
			r = ask_give_up(a, s, a->q[i], "interrupted", 0, err);
		}
	return db_end(a->db, r == 0, r == 0 ? err : NULL) == -1 || r == -1 ? -1 : 0;
}

static bool
all_over(const struct asker *a)
{
	for (size_t i = 0; i < a->n; i++)
		if (!a->q[i]->over)
			return false;
	return true;
}

static int
go_round(struct asker *a, struct stage *s, struct lp_err *err)
{
	while (!all_over(a)) {
		if (interrupted)
			return abandon(a, s, err);
		if (launch(a, s, err) == -1 || let_go(a, s, err) == -1 || beat(a, err) == -1)
			return -1;
		if (model_in_flight(a->pool) == 0) {
			int64_t wait = until_next(a);

			/* all wait for their time: nothing to poll */
			if (!all_over(a) && wait > 0)
				poll(NULL, 0, (int)wait);
			continue;
		}
		if (land(a, s, err) == -1)
			return -1;
	}
	return 0;
}

int
asker_run(struct asker *a, struct stage *s, struct lp_err *err)
{
	struct sigaction on = { .sa_handler = interrupt }, old_int, old_term;
	int r;

	if (a->n == 0)
		return 0;
	sigemptyset(&on.sa_mask);
	sigaction(SIGINT, &on, &old_int);
	sigaction(SIGTERM, &on, &old_term);
	r = ask_load(a, err) == -1 ? -1 : go_round(a, s, err);
	if (r == 0)
		r = let_go(a, s, err);
	sigaction(SIGINT, &old_int, NULL);
	sigaction(SIGTERM, &old_term, NULL);
	/* what still flies is of a run that failed: its tags must not be looked at again */
	if (r == -1 || interrupted)
		ask_unload(a);
	forget_questions(a);
	return r;
}
