/* What a program asks of a YAML tree: members, types, JSON. The parser is in yaml.c, writing in yaml_emit.c. */
#include "base/yaml.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/prog.h"

struct ynode *
yaml_get(const struct ynode *map, const char *key)
{
	size_t i;

	if (map == NULL || map->kind != Y_MAP)
		return NULL;
	for (i = 0; i < map->nkids; i++)
		if (strcmp(map->kids[i]->key, key) == 0)
			return map->kids[i];
	return NULL;
}

int
yaml_fail(const struct ydoc *doc, const struct ynode *n, struct lp_err *err, const char *fmt, ...)
{
	struct buf b = { 0 };
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	if (n != NULL)
		lp_fail(err, LP_DATA, "%s:%d:%d: %s", doc->name, n->line, n->col, buf_str(&b));
	else
		lp_fail(err, LP_DATA, "%s: %s", doc->name, buf_str(&b));
	buf_free(&b);
	return -1;
}

int
yaml_only(const struct ydoc *doc, const struct ynode *map, const char *const *allowed, struct lp_err *err)
{
	size_t i, k;

	if (map == NULL)
		return 0;
	if (map->kind != Y_MAP)
		return yaml_fail(doc, map, err, "expected keys with values");
	for (i = 0; i < map->nkids; i++) {
		const char *near, *key = map->kids[i]->key;
		struct ynode at = { .line = map->kids[i]->key_line, .col = map->kids[i]->key_col };

		for (k = 0; allowed[k] != NULL && strcmp(allowed[k], key) != 0; k++)
			;
		if (allowed[k] != NULL)
			continue;
		if ((near = lp_did_you_mean(key, allowed)) != NULL)
			return yaml_fail(doc, &at, err, "unknown key '%s' (did you mean '%s'?)", key, near);
		return yaml_fail(doc, &at, err, "unknown key '%s'", key);
	}
	return 0;
}

static const char *
label(const struct ynode *n)
{
	return n->key != NULL ? n->key : "value";
}

static bool
is_null(const struct ynode *n)
{
	return n->kind == Y_SCALAR && !n->quoted &&
	    (n->s[0] == '\0' || strcmp(n->s, "~") == 0 || strcmp(n->s, "null") == 0 || strcmp(n->s, "Null") == 0 ||
		strcmp(n->s, "NULL") == 0);
}

/* A scalar with something in it, else the refusal that says what was wanted. */
static int
want_scalar(const struct ydoc *doc, const struct ynode *n, const char *what, struct lp_err *err)
{
	if (n->kind == Y_SEQ)
		return yaml_fail(doc, n, err, "'%s' wants %s, not a list", label(n), what);
	if (n->kind == Y_MAP)
		return yaml_fail(doc, n, err, "'%s' wants %s, not keys (a value that starts with '{' needs quotes)",
		    label(n), what);
	if (is_null(n))
		return yaml_fail(doc, n, err, "'%s' has no value", label(n));
	return 0;
}

int
yaml_str(const struct ydoc *doc, const struct ynode *n, const char **out, struct lp_err *err)
{
	if (n == NULL)
		return 0;
	if (want_scalar(doc, n, "text", err) == -1)
		return -1;
	*out = n->s;
	return 0;
}

int
yaml_int(const struct ydoc *doc, const struct ynode *n, int64_t least, int64_t most, int64_t *out, struct lp_err *err)
{
	long long v;
	char *end;

	if (n == NULL)
		return 0;
	if (want_scalar(doc, n, "a whole number", err) == -1)
		return -1;
	errno = 0;
	v = strtoll(n->s, &end, 10);
	if (n->quoted || *end != '\0' || end == n->s || strchr(" \t+", n->s[0]) != NULL)
		return yaml_fail(doc, n, err, "'%s' wants a whole number, not '%s'", label(n), n->s);
	if (errno == ERANGE || v < least || v > most)
		return yaml_fail(doc, n, err, "'%s' must be between %lld and %lld, not %s", label(n), (long long)least,
		    (long long)most, n->s);
	*out = v;
	return 0;
}

/* A decimal number as YAML 1.2 and JSON have it; strtod alone would also take "nan", "0x1p3" and the locale's comma. */
static bool
decimal(const char *s, double *out)
{
	const char *p = s;
	size_t digits = 0;
	char *end;

	if (*p == '-' || *p == '+')
		p++;
	for (; *p >= '0' && *p <= '9'; p++)
		digits++;
	if (*p == '.')
		for (p++; *p >= '0' && *p <= '9'; p++)
			digits++;
	if (digits == 0)
		return false;
	if (*p == 'e' || *p == 'E') {
		p++;
		if (*p == '-' || *p == '+')
			p++;
		if (*p < '0' || *p > '9')
			return false;
		while (*p >= '0' && *p <= '9')
			p++;
	}
	if (*p != '\0')
		return false;
	*out = strtod(s, &end);
	return *end == '\0' && isfinite(*out);
}

int
yaml_bool(const struct ydoc *doc, const struct ynode *n, bool *out, struct lp_err *err)
{
	static const char *const yes[] = { "true", "yes", "on" }, *const no[] = { "false", "no", "off" };
	size_t i;

	if (n == NULL)
		return 0;
	if (want_scalar(doc, n, "true or false", err) == -1)
		return -1;
	for (i = 0; i < 3 && !n->quoted; i++) {
		if (strcasecmp(n->s, yes[i]) == 0) {
			*out = true;
			return 0;
		}
		if (strcasecmp(n->s, no[i]) == 0) {
			*out = false;
			return 0;
		}
	}
	return yaml_fail(doc, n, err, "'%s' wants true or false, not '%s'", label(n), n->s);
}

/* "+49 …", "0049 …" and "01069" are telephone numbers and postcodes, and 2^53 is where doubles begin to lie: all those stay text. */
static bool
json_number(const char *s, double *v)
{
	const char *p = *s == '-' ? s + 1 : s;

	if (*p == '+' || (p[0] == '0' && p[1] >= '0' && p[1] <= '9'))
		return false;
	return decimal(s, v) && fabs(*v) <= 9007199254740992.0;
}

static cJSON *
scalar_json(const struct ynode *n)
{
	double v;

	if (n->quoted)
		return cJSON_CreateString(n->s);
	if (is_null(n))
		return cJSON_CreateNull();
	if (strcmp(n->s, "true") == 0 || strcmp(n->s, "True") == 0 || strcmp(n->s, "TRUE") == 0)
		return cJSON_CreateTrue();
	if (strcmp(n->s, "false") == 0 || strcmp(n->s, "False") == 0 || strcmp(n->s, "FALSE") == 0)
		return cJSON_CreateFalse();
	if (json_number(n->s, &v))
		return cJSON_CreateNumber(v);
	return cJSON_CreateString(n->s);
}

cJSON *
yaml_json(const struct ynode *n)
{
	cJSON *v;
	size_t i;

	if (n == NULL)
		return cJSON_CreateNull();
	if (n->kind == Y_SCALAR)
		return scalar_json(n);
	v = n->kind == Y_SEQ ? cJSON_CreateArray() : cJSON_CreateObject();
	for (i = 0; i < n->nkids; i++)
		if (n->kind == Y_SEQ)
			cJSON_AddItemToArray(v, yaml_json(n->kids[i]));
		else
			cJSON_AddItemToObject(v, n->kids[i]->key, yaml_json(n->kids[i]));
	return v;
}
