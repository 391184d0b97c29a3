/*
 * Compiling: the tree of a condition, its operators, and a slot for each path; cond_value.c reads the values.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/prog.h"
#include "rules/cond_int.h"
#include "rules/situation.h"

enum { MAX_NODES = 1000, MAX_DEPTH = 32 };

static const struct opdef ops[] = {
	{ "equals", C_EQUALS, false, W_ONE },
	{ "not_equals", C_EQUALS, true, W_ONE },
	{ "contains", C_CONTAINS, false, W_TEXT },
	{ "not_contains", C_CONTAINS, true, W_TEXT },
	{ "greater_than", C_GREATER, false, W_NUMBER },
	{ "less_than", C_LESS, false, W_NUMBER },
	{ "at_least", C_LESS, true, W_NUMBER },
	{ "at_most", C_GREATER, true, W_NUMBER },
	{ "in", C_IN, false, W_LIST },
	{ "not_in", C_IN, true, W_LIST },
	{ "exists", C_EXISTS, false, W_NONE },
	{ "not_exists", C_EXISTS, true, W_NONE },
	{ "and", C_AND, false, W_KIDS },
	{ "or", C_OR, false, W_KIDS },
	{ "not", C_NOT, false, W_KID },
	{ "matches", C_MATCHES, false, W_PATTERN },
	{ "starts_with", C_STARTS, false, W_TEXT },
	{ "ends_with", C_ENDS, false, W_TEXT },
	{ "between", C_BETWEEN, false, W_PAIR },
	{ "any_of", C_IN, false, W_LIST },
	{ "all_of", C_ALL, false, W_LIST },
	{ "older_than", C_OLDER, false, W_AGE },
};
enum { NOPS = sizeof(ops) / sizeof(ops[0]) };

const char *const cond_operators[NOPS + 1] = { "equals", "not_equals", "contains", "not_contains", "greater_than", "less_than",
	"at_least", "at_most", "in", "not_in", "exists", "not_exists", "and", "or", "not", "matches", "starts_with", "ends_with",
	"between", "any_of", "all_of", "older_than", NULL };

static void
table_add(struct condset *set, size_t slot)
{
	size_t i;

	for (i = set->fields[slot].hash & set->mask; set->table[i] != 0; i = (i + 1) & set->mask)
		;
	set->table[i] = (int)slot + 1;
}

static int
field_slot(struct condset *set, const char *path, bool undocumented)
{
	size_t len = strlen(path), i;
	uint64_t hash = path_hash(PATH_HASH, path, len);
	const char *p;

	for (i = 0; i < set->nfields; i++)
		if (set->fields[i].hash == hash && strcmp(set->fields[i].path, path) == 0)
			return (int)i;
	if (set->nfields == set->cap) {
		set->cap = set->cap > 0 ? set->cap * 2 : 16;
		set->fields = xrealloc(set->fields, set->cap * sizeof(*set->fields));
		free(set->table);
		set->table = xcalloc(set->cap * 4, sizeof(*set->table));
		set->mask = set->cap * 4 - 1;
		for (i = 0; i < set->nfields; i++)
			table_add(set, i);
	}
	set->fields[set->nfields] =
	    (struct field){ .path = xstrdup(path), .len = len, .hash = hash, .undocumented = undocumented };
	table_add(set, set->nfields);
	for (p = path; (p = strchr(p, '.')) != NULL; p++)
		if (p[1] >= '0' && p[1] <= '9')
			set->has_index = true;
	return (int)set->nfields++;
}

struct condset *
condset_new(const cJSON *lists)
{
	struct condset *set = xcalloc(1, sizeof(*set));

	if (lists != NULL && (set->lists = cJSON_Duplicate(lists, true)) == NULL)
		lp_dief(LP_TEMP, "out of memory");
	field_slot(set, "time.iso", false);
	return set;
}

static void
cond_free(struct cond *c)
{
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < c->nkids; i++)
		cond_free(c->kids[i]);
	for (i = 0; i < c->nvals; i++)
		free(c->vals[i].s);
	if (c->re_ok)
		regfree(&c->re);
	free(c->kids);
	free(c->vals);
	cJSON_Delete(c->json);
	cJSON_Delete(c->list);
	free(c);
}

void
condset_free(struct condset *set)
{
	size_t i;

	if (set == NULL)
		return;
	for (i = 0; i < set->nall; i++)
		cond_free(set->all[i]);
	for (i = 0; i < set->nfields; i++)
		free(set->fields[i].path);
	free(set->all);
	free(set->fields);
	free(set->table);
	cJSON_Delete(set->lists);
	free(set);
}

static const struct opdef *
find_op(const char *name, struct lp_err *err)
{
	static const char *const other[][2] = { { "=", "equals" }, { "==", "equals" }, { "===", "equals" }, { "is", "equals" },
		{ "!=", "not_equals" }, { "<>", "not_equals" }, { ">", "greater_than" }, { "<", "less_than" }, { ">=", "at_least" },
		{ "<=", "at_most" }, { "~", "matches" }, { "=~", "matches" }, { "includes", "contains" }, { "regex", "matches" } };
	const char *near = NULL;
	size_t i;

	for (i = 0; i < NOPS; i++)
		if (strcmp(ops[i].name, name) == 0)
			return &ops[i];
	for (i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		if (strcmp(other[i][0], name) == 0)
			near = other[i][1];
	if (near == NULL)
		near = lp_did_you_mean(name, cond_operators);
	if (near != NULL)
		lp_fail(err, LP_DATA, "unknown operator '%s' (did you mean '%s'?)", name, near);
	else
		lp_fail(err, LP_DATA, "unknown operator '%s' (lp-rules(5) lists them)", name);
	return NULL;
}

static int
only_keys(const struct comp *k, const cJSON *j, const char *const *allowed)
{
	const char *near;
	const cJSON *m;
	size_t i;

	cJSON_ArrayForEach(m, j) {
		for (i = 0; allowed[i] != NULL && strcmp(allowed[i], m->string) != 0; i++)
			;
		if (allowed[i] != NULL)
			continue;
		near = lp_did_you_mean(m->string, allowed);
		return lp_fail(k->err, LP_DATA, "unknown key '%s'%s%s%s", m->string, near != NULL ? " (did you mean '" : "",
		    near != NULL ? near : "", near != NULL ? "'?)" : "");
	}
	return 0;
}

/* What the field can be is known for the documented ones: a typo must not switch a filter off. */
static int
check_types(const struct comp *k, const struct cond *c, const struct opdef *o, const struct sf *f, const cJSON *v)
{
	const cJSON *e;

	if (o->want == W_ONE)
		return situation_value_check(f, v, k->err);
	if (o->want == W_LIST && cJSON_IsArray(v)) {
		cJSON_ArrayForEach(e, v)
			if (cond_list_name(e) == NULL && situation_value_check(f, e, k->err) == -1)
				return -1;
		return 0;
	}
	if (o->want == W_AGE && f->type != SF_TIME && f->type != SF_ANY)
		return lp_fail(k->err, LP_DATA, "%s is %s; '%s' wants a time", f->path, situation_type_name(f->type), c->name);
	if ((o->want == W_NUMBER || o->want == W_PAIR) && f->type != SF_ANY && f->type != SF_TIME && f->type != SF_NUM)
		return lp_fail(k->err, LP_DATA, "%s is %s; '%s' compares numbers and times", f->path,
		    situation_type_name(f->type), c->name);
	if ((o->want == W_NUMBER || o->want == W_PAIR) && f->type != SF_ANY && (f->type == SF_TIME) != c->is_time)
		return lp_fail(k->err, LP_DATA, "%s is %s, and the value after '%s' isn't", f->path, situation_type_name(f->type),
		    c->name);
	return 0;
}

static int
compile_leaf(struct comp *k, struct cond *c, const struct opdef *o, const cJSON *j)
{
	static const char *const allowed[] = { "field", "operator", "value", NULL };
	const char *path = json_str(j, "field");
	const struct sf *f;
	struct lp_err unknown;

	if (only_keys(k, j, allowed) == -1)
		return -1;
	if (path == NULL || *path == '\0' || strlen(path) > COND_MAX_PATH)
		return lp_fail(k->err, LP_DATA, "'%s' without a field", c->name);
	f = situation_field(path, &unknown);
	if (f == NULL && (k->flags & COND_OPEN) == 0) {
		if (k->err != NULL)
			*k->err = unknown;
		return -1;
	}
	if (cond_take_value(k, c, o, json_get(j, "value")) == -1)
		return -1;
	if (f != NULL && (k->flags & COND_OPEN) == 0 && check_types(k, c, o, f, json_get(j, "value")) == -1)
		return -1;
	/* to ask whether something is there, it need not be there */
	c->roots = c->op == C_EXISTS ? 0 : situation_root(path);
	c->slot = field_slot(k->set, path, f == NULL);
	return 0;
}

static struct cond *compile(struct comp *, const cJSON *, int depth);

static int
compile_kid(struct comp *k, struct cond *c, const cJSON *j, int depth, const char *where, size_t n)
{
	struct cond *kid = compile(k, j, depth + 1);

	if (kid == NULL && n == SIZE_MAX)
		return lp_err_prefix(k->err, "%s", where);
	if (kid == NULL)
		return lp_err_prefix(k->err, "%s.%zu", where, n);
	c->kids[c->nkids++] = kid;
	c->roots |= kid->roots;
	return 0;
}

static int
compile_kids(struct comp *k, struct cond *c, const cJSON *j, int depth)
{
	static const char *const many[] = { "operator", "conditions", NULL };
	static const char *const one[] = { "operator", "condition", "conditions", NULL };
	const cJSON *list = json_get(j, "conditions"), *single = json_get(j, "condition"), *e;
	int n = cJSON_IsArray(list) ? cJSON_GetArraySize(list) : 0;
	size_t i = 0;

	if (only_keys(k, j, c->op == C_NOT ? one : many) == -1)
		return -1;
	if (c->op == C_NOT && single != NULL && list == NULL) {
		c->kids = xmalloc(sizeof(*c->kids));
		return compile_kid(k, c, single, depth, "condition", SIZE_MAX);
	}
	if (n == 0 || single != NULL)
		return lp_fail(k->err, LP_DATA, "'%s' wants %s", c->name,
		    c->op == C_NOT ? "one \"condition\"" : "a list of \"conditions\" that isn't empty");
	if (c->op == C_NOT && n != 1)
		return lp_fail(k->err, LP_DATA, "'not' wants one condition, not %d", n);
	c->kids = xmalloc((size_t)n * sizeof(*c->kids));
	cJSON_ArrayForEach(e, list)
		if (compile_kid(k, c, e, depth, "conditions", i++) == -1)
			return -1;
	return 0;
}

static struct cond *
compile(struct comp *k, const cJSON *j, int depth)
{
	const struct opdef *o;
	struct cond *c;
	const char *name;
	int r;

	if (!cJSON_IsObject(j) || (name = json_str(j, "operator")) == NULL) {
		lp_fail(k->err, LP_DATA, "a condition wants \"operator\" (and \"field\", \"value\")");
		return NULL;
	}
	if (depth > MAX_DEPTH || ++k->nodes > MAX_NODES) {
		lp_fail(k->err, LP_DATA, "condition too large (at most %d parts, %d deep)", MAX_NODES, MAX_DEPTH);
		return NULL;
	}
	if ((o = find_op(name, k->err)) == NULL)
		return NULL;
	c = xcalloc(1, sizeof(*c));
	c->op = o->op;
	c->neg = o->neg;
	c->name = o->name;
	r = o->want == W_KIDS || o->want == W_KID ? compile_kids(k, c, j, depth) : compile_leaf(k, c, o, j);
	if (r == -1) {
		cond_free(c);
		return NULL;
	}
	/* a part's own text is needed only to explain it, the whole is what callers keep */
	if ((c->nkids == 0 || depth == 0) && (c->json = cJSON_Duplicate(j, true)) == NULL)
		lp_dief(LP_TEMP, "out of memory");
	return c;
}

struct cond *
cond_compile(struct condset *set, const cJSON *j, unsigned flags, struct lp_err *err)
{
	struct comp k = { .set = set, .flags = flags, .err = err };
	struct cond *c = compile(&k, j, 0);

	if (c == NULL)
		return NULL;
	if ((set->nall & (set->nall - 1)) == 0)
		set->all = xrealloc(set->all, (set->nall > 0 ? set->nall * 2 : 1) * sizeof(*set->all));
	set->all[set->nall++] = c;
	return c;
}

bool
condset_has(const struct condset *set, const char *path)
{
	size_t i;

	for (i = 0; i < set->nfields; i++)
		if (strcmp(set->fields[i].path, path) == 0)
			return true;
	return false;
}

unsigned
cond_roots(const struct cond *c)
{
	return c->roots;
}
