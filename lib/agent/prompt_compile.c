/* prompt_compile.c - a rule in natural language, to be said as a condition. */
#include <stdio.h>
#include <string.h>

#include "agent/prompt_int.h"
#include "base/json.h"
#include "rules/ruledef.h"
#include "rules/situation.h"

#define LIST_SHOWN 20 /* items of a named list that are told */

static const char task[] =
    "\nYou are asked to say a condition that the user wrote in plain words as a condition that a program can judge, in this language:\n"
    "  FIELD OPERATOR VALUE, joined with and, or, not and parentheses; not binds closest, or least.\n"
    "A VALUE is a number, true, false, \"text\" as in JSON, a list [\"a\", \"b\"], or one of the named lists as $NAME.\n"
    "OPERATORS\n"
    "  equals, not_equals: strictly, case counts\n"
    "  contains, not_contains, starts_with, ends_with: in text, case doesn't count; with a list: any of its items\n"
    "  matches: a POSIX extended regular expression\n"
    "  greater_than, less_than, at_least, at_most; between LOW and HIGH: numbers, or dates as 2026-03-01\n"
    "  in, not_in: strictly one of a list\n"
    "  any_of, all_of: of a field that is a list\n"
    "  older_than: a time longer ago than \"3d\" or \"4h\"\n"
    "  exists, not_exists: without a VALUE\n"
    "A field that is missing satisfies none of them, and so satisfies the negative ones.\n"
    "FIELDS\n";

static const char wanted[] =
    "\nGive the condition, and six situations that show it: exactly three in which it must hold and three in which it must not, chosen near its edge, no two\n"
    "alike, each with only the fields that matter. A program judges them by your condition: each must come out as you say. Where the words need what no\n"
    "field tells (common knowledge, a mood, a guess), leave `when` empty and say why in `remark`; a condition that only nearly says it is worse than none.\n"
    "Invent no names of people or addresses but under example.com. Answer with the JSON object that is asked for, and nothing else.\n";

static void
put_fields(struct buf *b, bool before)
{
	for (size_t i = 0; i < situation_nfields; i++) {
		const struct sf *f = &situation_fields[i];

		if (before && (situation_root(f->path) & (SR_ACTION | SR_DATA | SR_DRAFT)) != 0)
			continue;
		buf_printf(b, "  %s: %s", f->path, f->values != NULL ? "one of" : situation_type_name(f->type));
		for (const char *const *v = f->values; v != NULL && *v != NULL; v++)
			buf_printf(b, " %s", *v);
		buf_printf(b, "%s%s\n", *f->what != '\0' ? "; " : "", f->what);
	}
}

static void
put_lists(struct buf *b, const cJSON *lists)
{
	const cJSON *l, *e;
	int n;

	if (lists == NULL || lists->child == NULL)
		return;
	buf_puts(b, "NAMED LISTS\n");
	cJSON_ArrayForEach(l, lists) {
		buf_printf(b, "  $%s:", l->string);
		n = 0;
		cJSON_ArrayForEach(e, l) {
			if (n++ == LIST_SHOWN) {
				buf_puts(b, " and more");
				break;
			}
			if (cJSON_IsString(e))
				buf_printf(b, "%s %.100s", n > 1 ? "," : "", e->valuestring);
		}
		buf_putc(b, '\n');
	}
}

/* Values travel as text: of which type they are follows from the field. */
static cJSON *
situations(void)
{
	static const char *const pair[] = { "field", "value", NULL }, *const pair_types[] = { "string", "string" };
	static const char *const pair_about[] = { "a field by its whole name", "its value, as text" };
	static const char *const one[] = { "holds", "fields", NULL }, *const one_types[] = { "boolean", "array" };
	static const char *const one_about[] = { "does the condition hold in it?", "what is known in it" };
	cJSON *s = prompt_object(one, one_types, one_about);

	json_set(json_get(json_get(s, "properties"), "fields"), "items", prompt_object(pair, pair_types, pair_about));
	return s;
}

int
prompt_compile(struct lp_db *db, const struct rule *r, const cJSON *lists, struct prompt *p, struct lp_err *err)
{
	static const char *const names[] = { "when", "situations", "remark", NULL }, *const types[] = { "string", "array", "string" };
	static const char *const about[] = { "the condition; empty where it can't be said", "three in which it holds, three in which it doesn't",
		"one sentence: what to look at before saying yes, or why it can't be said" };
	struct buf system = { 0 }, user = { 0 };

	*p = (struct prompt){ 0 };
	if (prompt_system(db, &system, false, err) == -1) {
		buf_free(&system);
		return -1;
	}
	buf_puts(&system, task);
	put_fields(&system, rule_before(rule_type_of(r)));
	put_lists(&system, lists);
	buf_puts(&system, wanted);
	buf_printf(&user, "The rule '%s' is a %s. Where its condition holds: %s.\nThe condition, in the user's words:\n%s\n", r->name, r->type, r->then, r->say);
	p->schema = prompt_object(names, types, about);
	json_set(json_get(json_get(p->schema, "properties"), "situations"), "items", situations());
	p->system = buf_steal(&system);
	p->user = buf_steal(&user);
	return 0;
}
