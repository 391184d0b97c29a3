#include "agent/classify_hand.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/ask.h"
#include "agent/classifying.h"
#include "agent/prompt.h"
#include "agent/proposal.h"
#include "agent/second.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/prog.h"
#include "llm/llm.h"
#include "rules/actions.h"

enum { BURST = 64 };

struct asked {
	cJSON *out;                     /* the line's opinion */
	struct decision first;
	char *text;
	int64_t now;
};

static void
asked_free(void *arg)
{
	struct asked *x = arg;

	decision_clear(&x->first);
	free(x->text);
	free(x);
}

/* The classes alone: whoever asks by hand wants to know what it is. */
static size_t
offered(const char *out[24])
{
	size_t n = 0;

	for (const char *const *a = actions_of("classify_reply"); *a != NULL && n < 23; a++)
		if (strncmp(*a, "classify_", 9) == 0)
			out[n++] = *a;
	out[n] = NULL;
	return n;
}

static void
put(cJSON *out, const struct decision *d)
{
	cJSON *data = cJSON_Parse(d->data != NULL ? d->data : "{}"), *list = cJSON_CreateArray(), *v;
	static const char *const members[] = { "sentiment", "mentions_availability", "until", "referral" };

	json_set_str(out, "classification", d->action + 9);
	json_set_num(out, "confidence", floor(d->confidence * 100) / 100);
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if ((v = json_get(data, members[i])) != NULL)
			json_set(out, members[i], cJSON_Duplicate(v, true));
		else if (i >= 2)
			json_rm(out, members[i]);
	cJSON_AddItemToArray(list, cJSON_CreateString(d->reasoning));
	json_set(out, "reasons", list);
	json_set_str(out, "brain", d->brain);
	cJSON_Delete(data);
}

/* 0 it is on the line, 1 it can't be used. */
static int
take(const struct asked *x, const struct ask_result *r, char *why, size_t size)
{
	struct inbox_message in = { .reply_text = x->text };
	struct decision d = { 0 };
	const char *actions[24];

	offered(actions);
	if (proposal_read(r->json, "classify_reply", actions, x->now, &d, why, size) == -1)
		return 1;
	snprintf(d.brain, sizeof(d.brain), "%s", r->brain);
	second_check("classify_reply", &x->first, &in, &d, why, size);
	put(x->out, &d);
	decision_clear(&d);
	return 0;
}

static int
then(struct ask *a, struct stage *s, const struct ask_result *r, struct lp_err *err)
{
	struct asked *x = a->ctx;
	char why[300] = "", *again;
	int rc = 1;

	(void)err;
	if (r->outcome == ASK_ANSWER)
		rc = take(x, r, why, sizeof(why));
	else
		snprintf(why, sizeof(why), "%s", r->error);
	a->unusable = rc == 1;
	if (rc == 1 && (r->outcome == ASK_ANSWER || r->outcome == ASK_INVALID) && !a->again) {
		again = prompt_again(s->db, a->user, why, r->text);
		free(a->user);
		a->user = again;
		return 1;
	}
	if (rc == 1)
		json_set_str(x->out, "second_opinion", why);
	return 0;
}

static int
ask(const struct classify_hand *h, const cJSON *situation, cJSON *out, struct lp_err *err)
{
	struct asked *x = xcalloc(1, sizeof(*x));
	struct brain_answer first = { 0 };
	const char *actions[24];
	struct prompt p = { 0 };
	struct ask *a;

	offered(actions);
	if (llm_offline.decide(&(struct brain_question){ .task_type = "classify_reply", .actions = actions, .situation = situation,
	    .classifier = h->classifier, .now = h->now }, &first, err) == -1 ||
	    prompt_decide(h->db, "classify_reply", actions, situation, NULL, &p, err) == -1) {
		brain_answer_clear(&first);
		asked_free(x);
		return -1;
	}
	*x = (struct asked){ .out = out, .text = xstrdup(json_text(json_get(situation, "reply"), "text")), .now = h->now };
	snprintf(x->first.action, sizeof(x->first.action), "%s", first.action);
	snprintf(x->first.brain, sizeof(x->first.brain), "%s", llm_offline.name);
	x->first.reasoning = xstrdup(first.reasoning);
	x->first.confidence = first.confidence;
	x->first.data = first.data != NULL ? json_print(first.data) : NULL;
	brain_answer_clear(&first);
	a = ask_new();
	*a = (struct ask){ .purpose = "classify", .system = p.system, .user = p.user, .schema = p.schema, .name = "decide",
		.about = "the one action for this task, with its reasons", .temperature = 0, .then = then, .ctx = x, .free_ctx = asked_free };
	asker_push(h->asker, a);
	return 0;
}

static int
one(const struct classify_hand *h, const char *line, size_t n, cJSON **out, struct lp_err *err)
{
	cJSON *situation = NULL;
	int r = 0;

	if ((*out = classify_line(h->classifier, line, n, h->now, &situation, err)) == NULL)
		return -1;
	if (h->asker != NULL && json_num(*out, "confidence", 0) < h->threshold)
		r = ask(h, situation, *out, err);
	cJSON_Delete(situation);
	return r;
}

static int
print_all(cJSON **list, size_t n, struct lp_err *err)
{
	for (size_t i = 0; i < n; i++) {
		jsonl_put(list[i]);
		cJSON_Delete(list[i]);
	}
	return lp_flush_out(err);
}

int
classify_hand(const struct classify_hand *h, int fd, const char *name, int *status, struct lp_err *err)
{
	struct stage s = { .db = h->db };
	cJSON *list[BURST] = { 0 };
	struct lines in;
	const char *line;
	size_t n, many = 0;
	int r;

	lines_init(&in, fd, name);
	while ((r = lines_next(&in, &line, &n, err)) != 0) {
		if (r == 1)
			r = one(h, line, n, &list[many], err);
		if (r == -1 && err->kind == LP_DATA) {
			lp_warn("%s:%zu: %s", strcmp(name, "-") == 0 ? "stdin" : name, in.number, err->msg);
			*status = LP_DATA;
		} else if (r == -1)
			break;
		else
			many++;
		if (many < BURST && lines_waiting(&in))
			continue;
		if ((h->asker != NULL && asker_run(h->asker, &s, err) == -1) || print_all(list, many, err) == -1) {
			r = -1;
			break;
		}
		many = 0;
	}
	if (r == 0 && many > 0)
		r = (h->asker != NULL && asker_run(h->asker, &s, err) == -1) || print_all(list, many, err) == -1 ? -1 : 0;
	lines_free(&in);
	return r;
}
