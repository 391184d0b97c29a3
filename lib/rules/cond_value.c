/*
 * The value after an operator, made ready to be compared: needles folded, lists looked up, patterns, durations and dates read.
 */
#include <stdlib.h>
#include <string.h>

#include "base/duration.h"
#include "base/json.h"
#include "base/prog.h"
#include "rules/cond_int.h"

enum { MAX_PATTERN = 1000, MAX_EXPANDED = 20000, MAX_VALUES = 100000 };

/* The name behind "$name"; NULL where the text is just text. "$100" is money, not a list. */
const char *
cond_list_name(const cJSON *v)
{
	const char *s = cJSON_IsString(v) ? v->valuestring : "";

	if (s[0] != '$' || !((s[1] >= 'a' && s[1] <= 'z') || (s[1] >= 'A' && s[1] <= 'Z') || s[1] == '_'))
		return NULL;
	return s[1 + strspn(s + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")] == '\0' ? s + 1 : NULL;
}

static int
no_list(const struct comp *k, const char *name)
{
	const char *names[257], *near;
	const cJSON *l;
	size_t n = 0;

	cJSON_ArrayForEach(l, k->set->lists)
		if (n < 256)
			names[n++] = l->string;
	names[n] = NULL;
	if ((near = lp_did_you_mean(name, names)) != NULL)
		return lp_fail(k->err, LP_DATA, "no list '$%s' (did you mean '$%s'?)", name, near);
	return lp_fail(k->err, LP_DATA, "no list '$%s' (name it under 'lists:'; text that begins with a dollar is '$$...')", name);
}

static int
add_value(const struct comp *k, struct cond *c, const cJSON *v, bool fold)
{
	struct cval w = { V_NULL, 0, NULL, 0 };
	char *num;

	if (c->nvals >= MAX_VALUES)
		return lp_fail(k->err, LP_DATA, "more than %d values", MAX_VALUES);
	if (fold && !cJSON_IsString(v)) {
		if (cJSON_IsNull(v))
			return lp_fail(k->err, LP_DATA, "'%s' wants text, not null", c->name);
		w.type = V_STR;
		num = json_print(v);
		w.s = utf8_fold(num);
		free(num);
	} else if (cJSON_IsString(v)) {
		/* "$$x" is the text "$x" */
		const char *s = v->valuestring + (v->valuestring[0] == '$' && v->valuestring[1] == '$');

		w.type = V_STR;
		w.s = fold ? utf8_fold(s) : xstrdup(s);
	} else if (cJSON_IsBool(v))
		w = (struct cval){ V_BOOL, cJSON_IsTrue(v), NULL, 0 };
	else if (cJSON_IsNumber(v))
		w = (struct cval){ V_NUM, v->valuedouble, NULL, 0 };
	w.len = w.s != NULL ? strlen(w.s) : 0;
	if ((c->nvals & (c->nvals - 1)) == 0)
		c->vals = xrealloc(c->vals, (c->nvals > 0 ? c->nvals * 2 : 1) * sizeof(*c->vals));
	c->vals[c->nvals++] = w;
	return 0;
}

/* One value, a list, or a named list: into c->vals. Lists don't nest; a list may name lists. */
static int
take_values(struct comp *k, struct cond *c, const cJSON *v, bool fold, int depth)
{
	const char *name = cond_list_name(v);
	const cJSON *e, *l;

	if (name != NULL) {
		if ((l = json_get(k->set->lists, name)) == NULL)
			return no_list(k, name);
		if (depth > 2)
			return lp_fail(k->err, LP_DATA, "lists that name lists that name lists ('$%s')", name);
		return take_values(k, c, l, fold, depth + 1);
	}
	if (cJSON_IsObject(v))
		return lp_fail(k->err, LP_DATA, "'%s' takes a value or a list, not an object", c->name);
	if (!cJSON_IsArray(v))
		return add_value(k, c, v, fold);
	cJSON_ArrayForEach(e, v) {
		if (cJSON_IsArray(e) || cJSON_IsObject(e))
			return lp_fail(k->err, LP_DATA, "a list within a list after '%s'", c->name);
		if (take_values(k, c, e, fold, depth + 1) == -1)
			return -1;
	}
	return 0;
}

static void
keep_list(struct cond *c, const cJSON *value)
{
	size_t i;

	if (cond_list_name(value) == NULL)
		return;
	c->list = cJSON_CreateArray();
	for (i = 0; i < c->nvals && i < 20; i++)
		cJSON_AddItemToArray(c->list,
		    c->vals[i].s != NULL ? cJSON_CreateString(c->vals[i].s) : cJSON_CreateNumber(c->vals[i].num));
}

/*
 * A pattern is the operator's, but must not eat the machine: glibc expands nested {1,255}, and matches back-references by trying.
 */
static int
take_pattern(struct comp *k, struct cond *c, const cJSON *v)
{
	const char *s = cJSON_IsString(v) ? v->valuestring : NULL, *p;
	char why[128];
	double size = (double)strlen(s != NULL ? s : "");
	int r;

	if (s == NULL || *s == '\0')
		return lp_fail(k->err, LP_DATA, "'matches' wants a pattern (a POSIX extended regular expression) as text");
	if (strlen(s) > MAX_PATTERN)
		return lp_fail(k->err, LP_DATA, "pattern longer than %d bytes", MAX_PATTERN);
	for (p = s; *p != '\0'; p++) {
		if (*p == '\\' && p[1] != '\0') {
			if (p[1] >= '1' && p[1] <= '9')
				return lp_fail(k->err, LP_DATA, "back-reference '\\%c' in a pattern", p[1]);
			p++;
		} else if (*p == '{') {
			const char *q = p + 1 + strcspn(p + 1, ",}");
			double lo = strtod(p + 1, NULL), hi = *q == ',' ? strtod(q + 1, NULL) : 0;

			lo = lo > hi ? lo : hi;
			size *= lo > 1 ? lo : 1;
		}
	}
	if (!(size <= MAX_EXPANDED))
		return lp_fail(k->err, LP_DATA, "repetitions make the pattern too large (length times counts over %d)", MAX_EXPANDED);
	if ((r = regcomp(&c->re, s, REG_EXTENDED | REG_NOSUB)) != 0) {
		regerror(r, &c->re, why, sizeof(why));
		return lp_fail(k->err, LP_DATA, "pattern '%.100s': %s", s, why);
	}
	c->re_ok = true;
	return 0;
}

static int
take_bound(struct comp *k, struct cond *c, const cJSON *v, double *out, bool *is_time)
{
	*is_time = false;
	if (!cJSON_IsBool(v) && cond_number(v, out))
		return 0;
	if (cond_time(v, out)) {
		*is_time = true;
		return 0;
	}
	return lp_fail(k->err, LP_DATA, "'%s' wants a number or a date (2026-11-22)", c->name);
}

static int
take_numbers(struct comp *k, struct cond *c, const struct opdef *o, const cJSON *v)
{
	double a, b;
	bool ta, tb;
	struct duration d;

	switch (o->want) {
	case W_AGE:
		if (!cJSON_IsString(v) || duration_parse(v->valuestring, &d, NULL) == -1)
			return lp_fail(k->err, LP_DATA, "'older_than' wants a duration such as 3d, 4h or \"1d 12h\"");
		if (d.bdays != 0)
			return lp_fail(k->err, LP_DATA, "'older_than' can't count business days");
		c->low = (double)duration_ms(&d);
		return 0;
	case W_PAIR:
		if (!cJSON_IsArray(v) || cJSON_GetArraySize(v) != 2)
			return lp_fail(k->err, LP_DATA, "'between' wants two values, [LOW, HIGH]");
		if (take_bound(k, c, cJSON_GetArrayItem(v, 0), &a, &ta) == -1 ||
		    take_bound(k, c, cJSON_GetArrayItem(v, 1), &b, &tb) == -1)
			return -1;
		if (ta != tb || a > b)
			return lp_fail(k->err, LP_DATA, ta != tb ? "'between' wants two numbers or two dates" :
			    "'between' wants the lower value first (over midnight: at_least 22 or less_than 6)");
		c->low = a;
		c->high = b;
		c->is_time = ta;
		return 0;
	default:
		if (take_bound(k, c, v, &a, &c->is_time) == -1)
			return -1;
		c->low = c->high = a;
		return 0;
	}
}

int
cond_take_value(struct comp *k, struct cond *c, const struct opdef *o, const cJSON *v)
{
	if (o->want == W_NONE) {
		if (v != NULL && !cJSON_IsNull(v) && !cJSON_IsTrue(v))
			return lp_fail(k->err, LP_DATA, "'%s' takes no value", c->name);
		return 0;
	}
	if (v == NULL)
		return lp_fail(k->err, LP_DATA, "'%s' has no value", c->name);
	switch (o->want) {
	case W_ONE:
		if (cJSON_IsArray(v) || cJSON_IsObject(v) || cond_list_name(v) != NULL)
			return lp_fail(k->err, LP_DATA, "'%s' wants one value (for a list: %s)", c->name,
			    c->neg ? "not_in" : "in, any_of, all_of");
		return add_value(k, c, v, false);
	case W_LIST:
		if (!cJSON_IsArray(v) && cond_list_name(v) == NULL)
			return lp_fail(k->err, LP_DATA, "'%s' wants a list", c->name);
		if (take_values(k, c, v, false, 0) == -1)
			return -1;
		keep_list(c, v);
		return 0;
	case W_TEXT:
		if (take_values(k, c, v, true, 0) == -1)
			return -1;
		keep_list(c, v);
		return 0;
	case W_PATTERN:
		return take_pattern(k, c, v);
	default:
		return take_numbers(k, c, o, v);
	}
}
