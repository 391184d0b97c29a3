/*
 * `when:` text to condition_json and back.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/prog.h"
#include "rules/cond.h"
#include "rules/rulelang_int.h"

enum { MAX_DEPTH = 32, MAX_TEXT = 100000 };

static cJSON *parse_or(struct lex *);

static cJSON *
word_value(const char *s)
{
	if (strcmp(s, "true") == 0 || strcmp(s, "false") == 0)
		return cJSON_CreateBool(*s == 't');
	if (strcmp(s, "null") == 0)
		return cJSON_CreateNull();
	if (word_number(s))
		return cJSON_CreateNumber(strtod(s, NULL));
	return cJSON_CreateString(s);
}

/* Text in quotes is never a list's name: "$x" in quotes is kept as $$x. */
static cJSON *
text_value(const char *s)
{
	char *escaped;
	cJSON *v;

	if (*s != '$')
		return cJSON_CreateString(s);
	escaped = xasprintf("$%s", s);
	v = cJSON_CreateString(escaped);
	free(escaped);
	return v;
}

/* An element: one token, or several words up to the comma: [Globex, Initech Corp]. */
static cJSON *
parse_element(struct lex *l)
{
	struct buf words = { 0 };
	const char *end = NULL;
	cJSON *v;
	char *s;

	if (l->tok == T_TEXT) {
		v = text_value(buf_str(&l->word));
		if (lex_next(l) == 0)
			return v;
		cJSON_Delete(v);
		return NULL;
	}
	while (l->tok == T_WORD) {
		if (end != NULL)
			buf_putc(&words, ' ');
		buf_puts(&words, buf_str(&l->word));
		end = l->p;
		if (lex_next(l) == -1) {
			buf_free(&words);
			return NULL;
		}
	}
	if (end == NULL) {
		lex_fail(l, "expected a value in the list, found %s", lex_found(l));
		return NULL;
	}
	s = buf_steal(&words);
	v = word_value(s);
	free(s);
	return v;
}

static cJSON *
parse_list(struct lex *l)
{
	cJSON *list = cJSON_CreateArray(), *v;

	if (lex_next(l) == -1)
		goto fail;
	while (l->tok != T_LISTEND) {
		if ((v = parse_element(l)) == NULL)
			goto fail;
		cJSON_AddItemToArray(list, v);
		if (l->tok == T_COMMA) {
			if (lex_next(l) == -1)
				goto fail;
		} else if (l->tok != T_LISTEND) {
			lex_fail(l, "expected ',' or ']' in the list, found %s", lex_found(l));
			goto fail;
		}
	}
	if (lex_next(l) == 0)
		return list;
fail:
	cJSON_Delete(list);
	return NULL;
}

static cJSON *
parse_value(struct lex *l, const char *op)
{
	cJSON *v;

	if (l->tok == T_LIST)
		return parse_list(l);
	if (l->tok == T_TEXT)
		v = text_value(buf_str(&l->word));
	else if (l->tok == T_WORD && !lex_is(l, "and") && !lex_is(l, "or") && !lex_is(l, "not"))
		v = word_value(buf_str(&l->word));
	else {
		lex_fail(l, "expected a value after '%s', found %s", op, lex_found(l));
		return NULL;
	}
	if (lex_next(l) == 0)
		return v;
	cJSON_Delete(v);
	return NULL;
}

/* between LOW and HIGH, or between [LOW, HIGH] */
static cJSON *
parse_between(struct lex *l)
{
	cJSON *low = parse_value(l, "between"), *high, *pair;

	if (low == NULL || cJSON_IsArray(low))
		return low;
	if (!lex_is(l, "and")) {
		lex_fail(l, "expected 'and' between the two values of 'between', found %s", lex_found(l));
		cJSON_Delete(low);
		return NULL;
	}
	if (lex_next(l) == -1 || (high = parse_value(l, "between")) == NULL) {
		cJSON_Delete(low);
		return NULL;
	}
	pair = cJSON_CreateArray();
	cJSON_AddItemToArray(pair, low);
	cJSON_AddItemToArray(pair, high);
	return pair;
}

static int
check_operator(const struct lex *l)
{
	const char *near, *s = buf_str(&l->word);
	static const char *const signs[][2] = { { "=", "equals" }, { "==", "equals" }, { "is", "equals" }, { "!=", "not_equals" },
		{ ">", "greater_than" }, { "<", "less_than" }, { ">=", "at_least" }, { "<=", "at_most" }, { "has", "contains" } };
	size_t i;

	for (i = 0; cond_operators[i] != NULL; i++)
		if (strcmp(cond_operators[i], s) == 0 && strcmp(s, "and") != 0 && strcmp(s, "or") != 0 && strcmp(s, "not") != 0)
			return 0;
	near = lp_did_you_mean(s, cond_operators);
	for (i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (strcmp(signs[i][0], s) == 0)
			near = signs[i][1];
	if (near != NULL)
		return lex_fail(l, "unknown operator %s (did you mean '%s'?)", lex_found(l), near);
	return lex_fail(l, "unknown operator %s (lp-rules(5) lists them)", lex_found(l));
}

static cJSON *
parse_leaf(struct lex *l)
{
	cJSON *leaf = cJSON_CreateObject(), *v;
	char op[32];

	if (l->tok != T_WORD && l->tok != T_TEXT) {
		lex_fail(l, "expected a field, found %s", lex_found(l));
		goto fail;
	}
	json_set_str(leaf, "field", buf_str(&l->word));
	if (lex_next(l) == -1)
		goto fail;
	if (l->tok != T_WORD) {
		lex_fail(l, "expected an operator after the field, found %s", lex_found(l));
		goto fail;
	}
	if (check_operator(l) == -1)
		goto fail;
	/* a known operator fits */
	memcpy(op, buf_str(&l->word), l->word.len + 1);
	json_set_str(leaf, "operator", op);
	if (lex_next(l) == -1)
		goto fail;
	if (strcmp(op, "exists") == 0 || strcmp(op, "not_exists") == 0)
		return leaf;
	if ((v = strcmp(op, "between") == 0 ? parse_between(l) : parse_value(l, op)) == NULL)
		goto fail;
	json_set(leaf, "value", v);
	return leaf;
fail:
	cJSON_Delete(leaf);
	return NULL;
}

static cJSON *
parse_unary(struct lex *l)
{
	cJSON *c = NULL, *o;

	if (l->depth >= MAX_DEPTH) {
		lex_fail(l, "nested deeper than %d", MAX_DEPTH);
		return NULL;
	}
	l->depth++;
	if (lex_is(l, "not")) {
		if (lex_next(l) == 0 && (c = parse_unary(l)) != NULL) {
			o = cJSON_CreateObject();
			json_set_str(o, "operator", "not");
			json_set(o, "condition", c);
			c = o;
		}
	} else if (l->tok == T_OPEN) {
		if (lex_next(l) == 0 && (c = parse_or(l)) != NULL && l->tok != T_CLOSE) {
			lex_fail(l, "expected ')', found %s", lex_found(l));
			cJSON_Delete(c);
			c = NULL;
		}
		if (c != NULL && lex_next(l) == -1) {
			cJSON_Delete(c);
			c = NULL;
		}
	} else
		c = parse_leaf(l);
	l->depth--;
	return c;
}

/* One or more of `next`, joined with `word`: a single one stays itself. */
static cJSON *
parse_joined(struct lex *l, const char *word, cJSON *(*next)(struct lex *))
{
	cJSON *first = next(l), *o, *list, *c;

	if (first == NULL || !lex_is(l, word))
		return first;
	o = cJSON_CreateObject();
	list = cJSON_CreateArray();
	json_set_str(o, "operator", word);
	json_set(o, "conditions", list);
	cJSON_AddItemToArray(list, first);
	while (lex_is(l, word)) {
		if (lex_next(l) == -1 || (c = next(l)) == NULL) {
			cJSON_Delete(o);
			return NULL;
		}
		cJSON_AddItemToArray(list, c);
	}
	return o;
}

static cJSON *
parse_and(struct lex *l)
{
	return parse_joined(l, "and", parse_unary);
}

static cJSON *
parse_or(struct lex *l)
{
	return parse_joined(l, "or", parse_and);
}

cJSON *
when_parse(const char *text, struct lp_err *err)
{
	struct lex l;
	cJSON *c = NULL;

	lex_init(&l, text, err);
	if (!utf8_ok(text, strlen(text)))
		lp_fail(err, LP_DATA, "invalid UTF-8");
	else if (strlen(text) > MAX_TEXT)
		lp_fail(err, LP_DATA, "longer than %d bytes", MAX_TEXT);
	else if (lex_next(&l) == 0)
		c = parse_or(&l);
	if (c != NULL && l.tok != T_END) {
		lex_fail(&l, "expected 'and', 'or' or the end, found %s%s", lex_found(&l),
		    l.tok == T_WORD || l.tok == T_TEXT ? " (text with spaces wants quotes)" : "");
		cJSON_Delete(c);
		c = NULL;
	}
	lex_free(&l);
	return c;
}

/* ---- back ---- */

static int
dump_value(struct buf *out, const cJSON *v, struct lp_err *err)
{
	const char *s;
	char *num;
	const cJSON *e;

	if (cJSON_IsArray(v)) {
		buf_putc(out, '[');
		cJSON_ArrayForEach(e, v) {
			if (e != v->child)
				buf_puts(out, ", ");
			if (cJSON_IsArray(e) || dump_value(out, e, err) == -1)
				return lp_fail(err, LP_DATA, "a list within a list");
		}
		buf_putc(out, ']');
	} else if (cJSON_IsString(v)) {
		s = v->valuestring;
		/* $$x is the text $x, $x a list; "$100", no name, is written as text */
		if (*s == '$' && s[1] != '$' && s[1] != '\0' && strchr("0123456789", s[1]) == NULL && word_plain(s + 1, false))
			buf_puts(out, s);
		else
			word_add(out, s[0] == '$' && s[1] == '$' ? s + 1 : s, true);
	} else if (cJSON_IsObject(v) || v == NULL) {
		return lp_fail(err, LP_DATA, v == NULL ? "no value" : "a value that is an object");
	} else {
		num = json_print(v);
		buf_puts(out, num);
		free(num);
	}
	return 0;
}

static int
dump_leaf(struct buf *out, const cJSON *c, const char *op, struct lp_err *err)
{
	const char *field = json_str(c, "field");
	const cJSON *v = json_get(c, "value"), *low = NULL;

	if (field == NULL)
		return lp_fail(err, LP_DATA, "'%s' without a field", op);
	word_add(out, field, false);
	buf_printf(out, " %s", op);
	if (strcmp(op, "exists") == 0 || strcmp(op, "not_exists") == 0)
		return 0;
	buf_putc(out, ' ');
	if (strcmp(op, "between") == 0 && cJSON_IsArray(v) && cJSON_GetArraySize(v) == 2)
		low = v->child;
	if (low == NULL || cJSON_IsArray(low) || cJSON_IsArray(low->next))
		return dump_value(out, v, err);
	if (dump_value(out, low, err) == -1)
		return -1;
	buf_puts(out, " and ");
	return dump_value(out, low->next, err);
}

/* or is 1, and 2, not 3: what binds no tighter than what stands around it needs parentheses. */
static int
dump(struct buf *out, const cJSON *c, int outer, int depth, struct lp_err *err)
{
	const char *op = json_str(c, "operator");
	const cJSON *kids = json_get(c, "conditions"), *k;
	int level, r = 0;

	if (op == NULL)
		return lp_fail(err, LP_DATA, "a condition wants \"operator\"");
	if (depth > MAX_DEPTH)
		return lp_fail(err, LP_DATA, "nested deeper than %d", MAX_DEPTH);
	if (strcmp(op, "not") == 0) {
		k = json_get(c, "condition");
		buf_puts(out, "not ");
		return dump(out, k != NULL ? k : cJSON_GetArrayItem(kids, 0), 3, depth + 1, err);
	}
	if (strcmp(op, "and") != 0 && strcmp(op, "or") != 0)
		return dump_leaf(out, c, op, err);
	level = *op == 'a' ? 2 : 1;
	if (!cJSON_IsArray(kids) || kids->child == NULL)
		return lp_fail(err, LP_DATA, "'%s' wants a list of conditions", op);
	if (level <= outer)
		buf_putc(out, '(');
	for (k = kids->child; k != NULL && r == 0; k = k->next) {
		if (k != kids->child)
			buf_printf(out, " %s ", op);
		r = dump(out, k, level, depth + 1, err);
	}
	if (level <= outer)
		buf_putc(out, ')');
	return r;
}

char *
when_dump(const cJSON *c, struct lp_err *err)
{
	struct buf out = { 0 };

	if (dump(&out, c, 0, 0, err) == -1) {
		buf_free(&out);
		return NULL;
	}
	return buf_steal(&out);
}
