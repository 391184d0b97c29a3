/* ask_door.c - what a question must pass before it is asked, and how an answer is handed back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/ask_int.h"
#include "base/tz.h"
#include "sender/when.h"
#include "store/calls.h"
#include "store/notify.h"

enum { WAIT_FOR_ROOM = 50 }; /* ms */

static int
day_began(const struct asker *a, int64_t *since, int64_t *next, struct lp_err *err)
{
	int64_t day;
	char text[11];

	return when_day(a->c.timezone, db_now(a->db), &day, text, err) == -1 || tz_midnight(a->c.timezone, day, since, err) == -1 ||
	    tz_midnight(a->c.timezone, day + 1, next, err) == -1 ? -1 : 0;
}

static int
tell_budget(struct asker *a, int64_t since, struct lp_err *err)
{
	char key[48], iso[LP_ISO_SIZE];

	snprintf(key, sizeof(key), "budget:%.10s", lp_iso(since, iso));
	return notify_add(a->db, &(struct notice){ .type = "error", .title = "No money left for models today",
	    .message = "max_llm_cost_per_day is reached: what needs a model waits for tomorrow", .command = "lp-report", .dedupe = key }, err);
}

static void
brain_name(const struct asker *a, const struct question *q, char out[64])
{
	snprintf(out, 64, "%.20s:%.42s", a->side[q->with].m->provider, a->side[q->with].m->model != NULL ? a->side[q->with].m->model : "");
}

/* In the caller's transaction. A stage's trouble with one answer must not undo another's. */
int
ask_give(struct asker *a, struct stage *s, struct question *q, struct ask_result *r, struct lp_err *err)
{
	char brain[64];
	int more;

	brain_name(a, q, brain);
	r->brain = brain;
	if ((more = q->ask->then(q->ask, s, r, err)) == -1)
		return -1;
	if ((more == 1 || q->ask->unusable) && r->call != 0 && call_unusable(a->db, r->call, err) == -1)
		return -1;
	q->ask->unusable = false;
	if (more == 1 && !q->ask->again) {
		q->ask->again = true;
		q->tries = 0;
		q->not_before = 0;
		q->deadline = 0;
		q->flying = false;
	} else
		q->over = true;
	return 0;
}

int
ask_give_up(struct asker *a, struct stage *s, struct question *q, const char *error, int64_t after, struct lp_err *err)
{
	return ask_give(a, s, q, &(struct ask_result){ .outcome = ASK_RETRY, .error = error, .retry_after = after, .mend = q->mend,
	    .call = q->call }, err);
}

/* Nobody to ask at this side: 1 the other is tried, 0 it was given up, -1. */
int
ask_other_side(struct asker *a, struct stage *s, struct question *q, const char *error, int64_t after, struct lp_err *err)
{
	if (q->with + 1 < a->nsides) {
		q->with++;
		q->tries = 0;
		q->not_before = 0;
		q->deadline = 0;
		return 1;
	}
	return ask_give_up(a, s, q, error, after, err);
}

static int
from_record(struct asker *a, struct stage *s, struct question *q, char *answer, struct lp_err *err)
{
	struct ask_result r = { .outcome = ASK_ANSWER, .text = answer, .call = q->call };
	cJSON *json = NULL;
	int rc;

	if (q->ask->schema != NULL) {
		json = model_find_json(answer);
		if (json == NULL)
			r = (struct ask_result){ .outcome = ASK_INVALID, .text = answer, .call = q->call, .error = "no JSON object in the answer" };
		r.json = json;
	}
	rc = ask_give(a, s, q, &r, err);
	cJSON_Delete(json);
	return rc;
}

/* One question through the door, in a transaction: 1 it may fly, 0 it waits, is over or goes another way, -1. */
int
ask_reserve(struct asker *a, struct stage *s, struct question *q, struct lp_err *err)
{
	struct side *side = &a->side[q->with];
	int64_t since, tomorrow, until, cache = duration_ms(&a->c.cache);
	struct call_new call;
	char *answer, *why, text[300];
	int r;

	if (!side->ready) {
		q->mend = true;
		snprintf(text, sizeof(text), "%.250s", side->why.msg);
		return ask_other_side(a, s, q, text, 15 * 60, err) == -1 ? -1 : 0;
	}
	ask_hash(a, q);
	call = (struct call_new){ .task = q->ask->task, .provider = side->m->provider, .model = side->m->model != NULL ? side->m->model : "",
		.purpose = q->ask->purpose, .prompt_hash = q->hash };
	if (cache > 0 && (r = call_known(a->db, q->hash, db_now(a->db) - cache, &q->call, &answer, err)) != 0) {
		if (r == 1) {
			r = call_again(a->db, &call, q->call, err) == -1 ? -1 : from_record(a, s, q, answer, err);
			free(answer);
		}
		return r;
	}
	if ((r = circuit_open(a->db, side->name, &until, &why, err)) != 0) {
		snprintf(text, sizeof(text), "%.100s isn't asked for a while: %.150s", side->name, why != NULL ? why : "it failed");
		free(why);
		return r == -1 || ask_other_side(a, s, q, text, (until - db_now(a->db)) / 1000 + 1, err) == -1 ? -1 : 0;
	}
	if (day_began(a, &since, &tomorrow, err) == -1)
		return -1;
	call.worst_micros = q->worst = ask_worst(a, q);
	r = call_reserve(a->db, &call, since, ask_micros(1e6, a->c.max_cost_per_day), &q->call, err);
	if (r == 1)
		a->open++;
	else if (r == 0 && a->open > 0)
		/* what flies counts at its worst, and costs far less: when it is over there may be room */
		q->not_before = lp_now_real() + WAIT_FOR_ROOM;
	else if (r == 0)
		r = tell_budget(a, since, err) == -1 || ask_give(a, s, q, &(struct ask_result){ .outcome = ASK_BUDGET, .until = tomorrow,
		    .error = "max_llm_cost_per_day is reached" }, err) == -1 ? -1 : 0;
	return r;
}
