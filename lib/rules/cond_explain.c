/*
 * Explaining: every operand with what it saw, and the fewest that would have to change for a match.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "rules/cond_int.h"
#include "rules/situation.h"

enum { SHOWN = 200 };

static cJSON *
tri_json(enum tri t)
{
	return t == TRI_NULL ? cJSON_CreateNull() : cJSON_CreateBool(t == TRI_TRUE);
}

/* Long text is cut between characters: a trace is for people. */
static cJSON *
shown(const cJSON *v)
{
	size_t n = SHOWN;
	char *cut;
	cJSON *s;

	if (v == NULL)
		return cJSON_CreateNull();
	if (!cJSON_IsString(v) || strlen(v->valuestring) <= SHOWN)
		return cJSON_Duplicate(v, true);
	while (n > 0 && ((unsigned char)v->valuestring[n] & 0xc0) == 0x80)
		n--;
	cut = xasprintf("%.*s...", (int)n, v->valuestring);
	s = cJSON_CreateString(cut);
	free(cut);
	return s;
}

static const char *
note_text(const struct cond *c, const struct facts *f, enum cnote note, enum tri r, struct lp_err *err)
{
	const struct field *d = &f->set->fields[c->slot];

	if (note == N_NOT_NUMBER)
		return "not a number: can't be judged";
	if (note == N_NOT_TIME)
		return "not a time: can't be judged";
	if (note == N_NOT_TEXT)
		return "not text: can't be judged";
	if (d->undocumented) {
		situation_field(d->path, err);
		lp_err_prefix(err, "a rule with it won't load");
		return err->msg;
	}
	if (note == N_MISSING)
		return r == TRI_TRUE ? "missing: the negative holds" : "missing";
	return NULL;
}

static cJSON *
leaf_json(const struct cond *c, struct facts *f)
{
	cJSON *o = cJSON_CreateObject();
	struct lp_err err;
	enum cnote note;
	enum tri r = cond_leaf(c, f, &note);
	const cJSON *wanted = c->list != NULL ? c->list : json_get(c->json, "value");
	const char *text = note_text(c, f, note, r, &err);

	json_set_str(o, "field", f->set->fields[c->slot].path);
	json_set(o, "actual", shown(cond_actual(c, f)));
	json_set_str(o, "operator", c->name);
	if (wanted != NULL)
		json_set(o, "wanted", shown(wanted));
	json_set(o, "result", tri_json(r));
	if (text != NULL)
		json_set_str(o, "note", text);
	return o;
}

static void
trace(const struct cond *c, struct facts *f, cJSON *out)
{
	size_t i;

	if (c->nkids == 0)
		cJSON_AddItemToArray(out, leaf_json(c, f));
	for (i = 0; i < c->nkids; i++)
		trace(c->kids[i], f, out);
}

/* How many operands would have to change for c to come out as wanted. */
static size_t
cost(const struct cond *c, struct facts *f, bool want)
{
	bool all = (c->op == C_AND) == want;
	size_t i, k, sum = 0, least = SIZE_MAX;
	enum cnote note;

	if (c->op == C_NOT)
		return cost(c->kids[0], f, !want);
	if (c->nkids == 0)
		return cond_leaf(c, f, &note) != (want ? TRI_TRUE : TRI_FALSE);
	for (i = 0; i < c->nkids; i++) {
		k = cost(c->kids[i], f, want);
		sum += k;
		if (k < least)
			least = k;
	}
	return all ? sum : least;
}

static void
misses(const struct cond *c, struct facts *f, bool want, cJSON *out)
{
	size_t i, least;

	if (c->op == C_NOT) {
		misses(c->kids[0], f, !want, out);
	} else if (c->nkids == 0) {
		if (cost(c, f, want) > 0)
			cJSON_AddItemToArray(out, leaf_json(c, f));
	} else if ((c->op == C_AND) == want) {
		for (i = 0; i < c->nkids; i++)
			misses(c->kids[i], f, want, out);
	} else {
		least = cost(c, f, want);
		for (i = 0; i < c->nkids; i++)
			if (cost(c->kids[i], f, want) == least) {
				misses(c->kids[i], f, want, out);
				break;
			}
	}
}

cJSON *
cond_explain(const struct cond *c, struct facts *f)
{
	enum tri r = cond_eval(c, f);
	cJSON *o = cJSON_CreateObject(), *list = cJSON_CreateArray(), *near;

	json_set(o, "matched", tri_json(r));
	trace(c, f, list);
	json_set(o, "trace", list);
	if (r != TRI_TRUE) {
		near = cJSON_CreateArray();
		misses(c, f, true, near);
		json_set(o, "nearest_miss", near);
	}
	return o;
}
