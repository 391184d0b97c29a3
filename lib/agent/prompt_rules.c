/* prompt_rules.c - the user's rules in natural language, asked of a model. */
#include <stdio.h>

#include "agent/prompt_int.h"
#include "base/json.h"

int
prompt_rules(struct lp_db *db, const cJSON *rules, const cJSON *situation, struct prompt *p, struct lp_err *err)
{
	static const char *const names[] = { "id", "matches", "reason", NULL };
	static const char *const types[] = { "string", "boolean", "string" };
	static const char *const about[] = { "of the condition", "does it hold?", "why, in one sentence" };
	static const char *const outer[] = { "answers", NULL };
	static const char *const outer_types[] = { "array" };
	static const char *const outer_about[] = { "one for each condition" };
	struct buf system = { 0 }, user = { 0 };
	const cJSON *r;

	*p = (struct prompt){ 0 };
	if (prompt_system(db, &system, false, err) == -1) {
		buf_free(&system);
		return -1;
	}
	buf_puts(&system, "\nYou are asked whether conditions of the user hold for what is known. Judge by what is said there and by common knowledge; leave an\n"
	    "answer out where neither tells. Say yes only where you would stand by it.\n");
	buf_puts(&user, "The conditions:\n");
	cJSON_ArrayForEach(r, rules)
		buf_printf(&user, "- %s: %s\n", json_str(r, "id"), json_str(r, "say"));
	buf_puts(&user, "\nWhat is known:\n\n");
	prompt_situation(db, &user, situation, NULL);
	buf_puts(&user, "\nWhich of the conditions hold?\n");
	p->schema = prompt_object(outer, outer_types, outer_about);
	json_set(json_get(json_get(p->schema, "properties"), "answers"), "items", prompt_object(names, types, about));
	p->system = buf_steal(&system);
	p->user = buf_steal(&user);
	return 0;
}
