/*
 * Judging: the situation is walked once into slots; an operand then costs one compare.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "rules/cond_int.h"

struct facts *
facts_new(const struct condset *set)
{
	struct facts *f = xcalloc(1, sizeof(*f));

	f->set = set;
	return f;
}

void
facts_free(struct facts *f)
{
	size_t i;

	if (f == NULL)
		return;
	for (i = 0; i < f->nslots; i++)
		buf_free(&f->slots[i].fold);
	free(f->slots);
	buf_free(&f->scratch);
	free(f);
}

/* The hash is cheap and not keyed, and keys come from outside: only the whole path decides. The first of two equal paths counts. */
static void
put(struct facts *f, uint64_t hash, size_t len, const cJSON *v)
{
	const struct condset *set = f->set;
	size_t i;

	for (i = hash & set->mask; set->table[i] != 0; i = (i + 1) & set->mask) {
		const struct field *d = &set->fields[set->table[i] - 1];
		struct fact *s = &f->slots[set->table[i] - 1];

		if (d->hash != hash || d->len != len || memcmp(d->path, f->path, len) != 0)
			continue;
		if (s->gen != f->gen) {
			s->gen = f->gen;
			s->v = v;
			s->folded = false;
		}
		return;
	}
}

/* node's members, whose paths begin with the len bytes in f->path. What is longer than any field can be is passed over. */
static void
walk(struct facts *f, const cJSON *node, uint64_t hash, size_t len)
{
	bool list = cJSON_IsArray(node);
	char digits[16], *end = f->path + sizeof(f->path);
	const cJSON *c;
	unsigned n = 0;

	if (len > 0) {
		if (len == sizeof(f->path))
			return;
		f->path[len++] = '.';
		hash = path_hash(hash, ".", 1);
	}
	for (c = node->child; c != NULL; c = c->next, n++) {
		const char *key = c->string;
		char *p = f->path + len;
		uint64_t h = hash;

		if (list) {
			snprintf(digits, sizeof(digits), "%u", n);
			key = digits;
		}
		if (key == NULL)
			continue;
		for (; *key != '\0' && p < end; key++) {
			*p++ = *key;
			h = path_hash(h, key, 1);
		}
		if (*key != '\0')
			continue;
		put(f, h, (size_t)(p - f->path), c);
		if (c->child != NULL && (cJSON_IsObject(c) || f->set->has_index))
			walk(f, c, h, (size_t)(p - f->path));
	}
}

void
facts_load(struct facts *f, const cJSON *situation, int64_t now)
{
	if (f->nslots < f->set->nfields) {
		f->slots = xrealloc(f->slots, f->set->nfields * sizeof(*f->slots));
		memset(f->slots + f->nslots, 0, (f->set->nfields - f->nslots) * sizeof(*f->slots));
		f->nslots = f->set->nfields;
	}
	f->gen++;
	f->given_now = now;
	f->now_known = false;
	if (cJSON_IsObject(situation))
		walk(f, situation, PATH_HASH, 0);
}

static int64_t
facts_now(struct facts *f)
{
	double ms;

	if (!f->now_known) {
		f->now = f->slots[0].gen == f->gen && cond_time(f->slots[0].v, &ms) ? (int64_t)ms : f->given_now;
		f->now_known = true;
	}
	return f->now;
}

bool
cond_number(const cJSON *v, double *d)
{
	const char *s, *p;
	char *end;

	if (cJSON_IsBool(v)) {
		*d = cJSON_IsTrue(v);
		return true;
	}
	if (cJSON_IsNumber(v)) {
		*d = v->valuedouble;
		return isfinite(*d);
	}
	if (!cJSON_IsString(v))
		return false;
	/* decimal only: strtod would also take 0x10, inf and nan */
	for (s = v->valuestring; *s != '\0' && strchr(" \t\r\n", *s) != NULL; s++)
		;
	p = s + strspn(s, "+-.0123456789eE");
	if (p == s || strspn(p, " \t\r\n") != strlen(p))
		return false;
	*d = strtod(s, &end);
	return end == p && isfinite(*d);
}

bool
cond_time(const cJSON *v, double *ms)
{
	int64_t t;

	if (!cJSON_IsString(v) || lp_iso_parse(v->valuestring, &t, NULL) == -1)
		return false;
	*ms = (double)t;
	return true;
}

/* Text as JavaScript's String() makes it, of what has one. NULL for lists and objects. */
static const char *
text_of(const cJSON *v, char out[32])
{
	double d;

	if (cJSON_IsString(v))
		return v->valuestring;
	if (cJSON_IsBool(v))
		return cJSON_IsTrue(v) ? "true" : "false";
	if (!cJSON_IsNumber(v))
		return NULL;
	d = v->valuedouble;
	/* from 2^53 on every double is whole */
	if (fabs(d) < 1e21 && (fabs(d) >= 9007199254740992.0 || d == (double)(int64_t)d))
		snprintf(out, 32, "%.0f", d);
	else {
		snprintf(out, 32, "%.15g", d);
		if (strtod(out, NULL) != d)
			snprintf(out, 32, "%.17g", d);
	}
	return out;
}

static bool
text_test(const struct cond *c, const char *s, size_t n)
{
	size_t i;

	if (c->op == C_MATCHES)
		return regexec(&c->re, s, 0, NULL, 0) == 0;
	for (i = 0; i < c->nvals; i++) {
		const struct cval *w = &c->vals[i];

		if (w->len > n)
			continue;
		if (c->op == C_CONTAINS ? strstr(s, w->s) != NULL :
		    c->op == C_STARTS   ? memcmp(s, w->s, w->len) == 0 :
					  memcmp(s + n - w->len, w->s, w->len) == 0)
			return true;
	}
	return false;
}

static enum tri
text_leaf(const struct cond *c, struct facts *f, struct fact *slot, enum cnote *note)
{
	const cJSON *v = slot->v, *e;
	enum tri r = TRI_FALSE;
	char num[32];
	const char *s;

	if (cJSON_IsString(v) && c->op != C_MATCHES) {
		if (!slot->folded) {
			buf_reset(&slot->fold);
			utf8_fold_add(&slot->fold, v->valuestring, strlen(v->valuestring));
			slot->folded = true;
		}
		return text_test(c, slot->fold.s, slot->fold.len) ? TRI_TRUE : TRI_FALSE;
	}
	/* a list: any of its elements; what has no text can't be judged, unless another element matches */
	for (e = cJSON_IsArray(v) ? v->child : v; e != NULL; e = cJSON_IsArray(v) ? e->next : NULL) {
		if (cJSON_IsNull(e))
			continue;
		if ((s = text_of(e, num)) == NULL) {
			r = TRI_NULL;
			*note = N_NOT_TEXT;
			continue;
		}
		if (c->op != C_MATCHES) {
			buf_reset(&f->scratch);
			utf8_fold_add(&f->scratch, s, strlen(s));
			s = f->scratch.s;
		}
		if (text_test(c, s, strlen(s))) {
			*note = N_NONE;
			return TRI_TRUE;
		}
	}
	return r;
}

/* Strict: "5" is not 5, "DE" is not "de". */
static bool
same(const cJSON *v, const struct cval *w)
{
	switch (w->type) {
	case V_NULL:
		return cJSON_IsNull(v);
	case V_BOOL:
		return cJSON_IsBool(v) && cJSON_IsTrue(v) == (w->num != 0);
	case V_NUM:
		return cJSON_IsNumber(v) && v->valuedouble == w->num;
	default:
		return cJSON_IsString(v) && strcmp(v->valuestring, w->s) == 0;
	}
}

static bool
any_same(const cJSON *v, const struct cond *c)
{
	size_t i;

	for (i = 0; i < c->nvals; i++)
		if (same(v, &c->vals[i]))
			return true;
	return false;
}

static bool
in_list(const cJSON *v, const struct cond *c)
{
	const cJSON *e;

	if (!cJSON_IsArray(v))
		return any_same(v, c);
	cJSON_ArrayForEach(e, v)
		if (any_same(e, c))
			return true;
	return false;
}

static bool
has_all(const cJSON *v, const struct cond *c)
{
	const cJSON *e;
	size_t i;

	for (i = 0; i < c->nvals; i++) {
		if (!cJSON_IsArray(v)) {
			if (!same(v, &c->vals[i]))
				return false;
			continue;
		}
		for (e = v->child; e != NULL && !same(e, &c->vals[i]); e = e->next)
			;
		if (e == NULL)
			return false;
	}
	return c->nvals > 0;
}

static enum tri
number_leaf(const struct cond *c, struct facts *f, const cJSON *v, enum cnote *note)
{
	bool r;
	double d;

	/* an empty cell is a missing number, not zero */
	if (cJSON_IsString(v) && v->valuestring[strspn(v->valuestring, " \t\r\n")] == '\0') {
		*note = N_MISSING;
		return TRI_FALSE;
	}
	if (c->is_time || c->op == C_OLDER ? !cond_time(v, &d) : !cond_number(v, &d)) {
		*note = c->is_time || c->op == C_OLDER ? N_NOT_TIME : N_NOT_NUMBER;
		return TRI_NULL;
	}
	switch (c->op) {
	case C_GREATER:
		r = c->neg ? d <= c->low : d > c->low;
		break;
	case C_LESS:
		r = c->neg ? d >= c->high : d < c->high;
		break;
	case C_OLDER:
		r = (double)facts_now(f) - d > c->low;
		break;
	default:
		r = d >= c->low && d <= c->high;
		break;
	}
	return r ? TRI_TRUE : TRI_FALSE;
}

const cJSON *
cond_actual(const struct cond *c, const struct facts *f)
{
	const struct fact *s = &f->slots[c->slot];

	return s->gen == f->gen ? s->v : NULL;
}

enum tri
cond_leaf(const struct cond *c, struct facts *f, enum cnote *note)
{
	struct fact *slot = &f->slots[c->slot];
	const cJSON *v = slot->gen == f->gen ? slot->v : NULL;
	enum tri r = TRI_FALSE;

	*note = N_NONE;
	if (c->op == C_EXISTS)
		return (v != NULL && !cJSON_IsNull(v)) != c->neg ? TRI_TRUE : TRI_FALSE;
	if (c->op == C_GREATER || c->op == C_LESS || c->op == C_BETWEEN || c->op == C_OLDER) {
		if (v != NULL && !cJSON_IsNull(v))
			return number_leaf(c, f, v, note);
		*note = N_MISSING;
		return TRI_FALSE;
	}
	if (v == NULL) {
		*note = N_MISSING;
	} else if (c->op == C_EQUALS) {
		r = same(v, &c->vals[0]) ? TRI_TRUE : TRI_FALSE;
	} else if (c->op == C_IN) {
		r = in_list(v, c) ? TRI_TRUE : TRI_FALSE;
	} else if (cJSON_IsNull(v)) {
		*note = N_MISSING;
	} else if (c->op == C_ALL) {
		r = has_all(v, c) ? TRI_TRUE : TRI_FALSE;
	} else
		r = text_leaf(c, f, slot, note);
	return r == TRI_NULL || !c->neg ? r : r == TRI_TRUE ? TRI_FALSE : TRI_TRUE;
}

enum tri
cond_eval(const struct cond *c, struct facts *f)
{
	enum tri r, k;
	enum cnote note;
	size_t i;

	switch (c->op) {
	case C_AND:
	case C_OR:
		/* one false settles an and, one true an or; else one null makes it null */
		r = c->op == C_AND ? TRI_TRUE : TRI_FALSE;
		for (i = 0; i < c->nkids; i++) {
			if ((k = cond_eval(c->kids[i], f)) == TRI_NULL)
				r = TRI_NULL;
			else if (k == (c->op == C_AND ? TRI_FALSE : TRI_TRUE))
				return k;
		}
		return r;
	case C_NOT:
		k = cond_eval(c->kids[0], f);
		return k == TRI_NULL ? k : k == TRI_TRUE ? TRI_FALSE : TRI_TRUE;
	default:
		return cond_leaf(c, f, &note);
	}
}
