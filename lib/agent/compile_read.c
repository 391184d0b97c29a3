/* compile_read.c - what a model proposes for a rule, judged; and how it is shown. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/compile.h"
#include "agent/proposal.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/table.h"
#include "rules/ruledef.h"
#include "rules/rulelang.h"
#include "rules/situation.h"

enum { SHOWN = 3, FIELDS_MAX = 12, VALUE_MAX = 500, WHEN_MAX = 2000 };

/* What people couldn't see as it is would be said yes to unseen. */
static bool
plain(const char *s, size_t most)
{
	char *line = proposal_line(s, most + 1);
	bool ok = strlen(s) <= most && strcmp(line, s) == 0;

	free(line);
	return ok;
}

/* Text as the field has it; -1 where the field can't have it. */
static int
value_of(const struct sf *f, const char *text, cJSON **out, struct lp_err *err)
{
	bool number = f->type == SF_NUM, yes = strcmp(text, "true") == 0;
	char *end = NULL;
	double n = 0;

	if ((number || f->type == SF_ANY) && *text != '\0' && strspn(text, "0123456789.-") == strlen(text)) {
		n = strtod(text, &end);
		number = *end == '\0' && isfinite(n);
	}
	if (f->type == SF_NUM && (end == NULL || !number))
		return lp_fail(err, LP_DATA, "%s: '%.40s' is no number", f->path, text);
	if (f->type == SF_BOOL && !yes && strcmp(text, "false") != 0)
		return lp_fail(err, LP_DATA, "%s: '%.40s' is neither true nor false", f->path, text);
	*out = f->type == SF_BOOL ? cJSON_CreateBool(yes) : number && end != NULL ? cJSON_CreateNumber(n) : cJSON_CreateString(text);
	if (situation_value_check(f, *out, err) == -1) {
		cJSON_Delete(*out);
		return -1;
	}
	return 0;
}

static int
put_field(cJSON *one, const cJSON *pair, struct lp_err *err)
{
	const char *path = json_str(pair, "field"), *text = json_str(pair, "value");
	const struct sf *f;
	cJSON *value = NULL;

	if (path == NULL || text == NULL || !plain(path, 100) || !plain(text, VALUE_MAX))
		return lp_fail(err, LP_DATA, "a field has a name and a value as text, both on one line");
	if ((f = situation_field(path, err)) == NULL)
		return -1;
	if (json_get(one, path) != NULL)
		return lp_fail(err, LP_DATA, "the field '%s' stands there twice", path);
	if (value_of(f, text, &value, err) == -1)
		return -1;
	json_set(one, path, value);
	return 0;
}

static int
situation_from(const cJSON *in, cJSON *one, struct lp_err *err)
{
	const cJSON *pair, *fields = json_get(in, "fields");

	if (!cJSON_IsArray(fields) || cJSON_GetArraySize(fields) > FIELDS_MAX || !cJSON_IsBool(json_get(in, "holds")))
		return lp_fail(err, LP_DATA, "a situation says whether it `holds`, and has a list of at most %d fields", FIELDS_MAX);
	cJSON_ArrayForEach(pair, fields)
		if (put_field(one, pair, err) == -1)
			return -1;
	return 0;
}

static bool
known(const cJSON *list, const cJSON *one)
{
	const cJSON *e;

	cJSON_ArrayForEach(e, list)
		if (cJSON_Compare(e, one, true))
			return true;
	return false;
}

/* {"holds","fields"} each, as cases of a rule: what holds comes first. */
static int
read_situations(const cJSON *in, cJSON *yes, cJSON *no, struct lp_err *err)
{
	const cJSON *e;
	int n = 0;

	if (!cJSON_IsArray(in))
		return lp_fail(err, LP_DATA, "`situations` is a list");
	cJSON_ArrayForEach(e, in) {
		cJSON *one = cJSON_CreateObject();
		bool holds = json_bool(e, "holds", false);

		n++;
		if (situation_from(e, one, err) == -1) {
			cJSON_Delete(one);
			return lp_err_prefix(err, "situation %d", n);
		}
		if (known(yes, one) || known(no, one)) {
			cJSON_Delete(one);
			return lp_fail(err, LP_DATA, "situation %d stands there twice", n);
		}
		cJSON_AddItemToArray(holds ? yes : no, one);
	}
	if (cJSON_GetArraySize(yes) != SHOWN || cJSON_GetArraySize(no) != SHOWN)
		return lp_fail(err, LP_DATA, "%d situations in which it holds and %d in which it doesn't are needed", SHOWN, SHOWN);
	return 0;
}

static void
as_cases(cJSON *from, bool is, cJSON *cases)
{
	cJSON *one;

	while ((one = cJSON_DetachItemFromArray(from, 0)) != NULL) {
		json_set_bool(one, "is", is);
		cJSON_AddItemToArray(cases, one);
	}
}

/* Where the model and our judgement differ, by the situation. */
static int
agree(struct rule *r, const cJSON *cases, const cJSON *lists, struct lp_err *err)
{
	cJSON *all = r->expect;
	const cJSON *e;
	int rc = 0, n = 0;

	cJSON_ArrayForEach(e, cases) {
		struct lp_err why;
		char *text;

		n++;
		r->expect = cJSON_CreateArray();
		cJSON_AddItemToArray(r->expect, cJSON_Duplicate(e, true));
		if ((rc = rule_check(r, lists, &why)) == -1 && strncmp(why.msg, "expect:", 7) == 0) {
			text = json_print(e);
			lp_fail(err, LP_DATA, "of the situation %.300s (`is`: does it hold, as you say) the condition says the opposite, or nothing", text);
			free(text);
		} else if (rc == -1)
			*err = why;
		cJSON_Delete(r->expect);
		if (rc == -1)
			break;
	}
	r->expect = all;
	return rc;
}

static int
propose(struct rule *r, const char *when, const cJSON *situations, const cJSON *lists, struct lp_err *err)
{
	cJSON *yes = cJSON_CreateArray(), *no = cJSON_CreateArray(), *cases = cJSON_CreateArray(), *condition = NULL;
	int rc = -1;

	if (!plain(when, WHEN_MAX))
		lp_fail(err, LP_DATA, "`when` is one line of at most %d bytes, without control characters", WHEN_MAX);
	else if ((condition = when_parse(when, err)) == NULL)
		lp_err_prefix(err, "when");
	else if ((rc = read_situations(situations, yes, no, err)) == 0) {
		cJSON *was = r->condition;

		as_cases(yes, true, cases);
		as_cases(no, false, cases);
		r->condition = condition;
		if ((rc = agree(r, cases, lists, err)) == -1)
			r->condition = was;
		else {
			cJSON_Delete(was);
			cJSON_Delete(r->expect);
			r->expect = cases;
			condition = cases = NULL;
		}
	}
	cJSON_Delete(condition);
	cJSON_Delete(yes);
	cJSON_Delete(no);
	cJSON_Delete(cases);
	return rc;
}

int
compile_read(const cJSON *in, const cJSON *lists, struct rule *r, char **remark, struct lp_err *err)
{
	const char *when = json_str(in, "when"), *said = json_str(in, "remark");

	free(*remark);
	*remark = said != NULL && *said != '\0' ? proposal_line(said, 300) : NULL;
	if (when == NULL)
		return lp_fail(err, LP_DATA, "`when` is missing, or no text");
	if (*when == '\0')
		return 0;
	return propose(r, when, json_get(in, "situations"), lists, err) == -1 ? -1 : 1;
}

/* ---- shown ---- */

enum lp_kind
compile_status(enum compile_outcome o)
{
	static const enum lp_kind status[] = { [COMPILE_PROPOSED] = LP_OK, [COMPILE_FAILED] = LP_NO, [COMPILE_CANT] = LP_NO, [COMPILE_RETRY] = LP_TEMP,
		[COMPILE_BUDGET] = LP_TEMP, [COMPILE_MEND] = LP_CONFIG };

	return status[o];
}

static void
put_cases(struct buf *b, const cJSON *cases, bool is)
{
	const cJSON *e, *m;

	cJSON_ArrayForEach(e, cases) {
		const char *sep = "    ";

		if (cJSON_IsTrue(json_get(e, "is")) != is)
			continue;
		cJSON_ArrayForEach(m, e) {
			char *v;

			if (strcmp(m->string, "is") == 0)
				continue;
			v = json_print(m);
			buf_printf(b, "%s%s %s", sep, m->string, v);
			free(v);
			sep = ", ";
		}
		buf_puts(b, *sep == ' ' ? "    (nothing known)\n" : "\n");
	}
}

char *
compile_text(const struct compile *c)
{
	struct buf b = { 0 }, safe = { 0 };
	char *when = rule_when(&c->rule);

	buf_printf(&b, "%s\n  say:  %s\n", c->rule.name, c->rule.say);
	if (c->outcome != COMPILE_PROPOSED)
		buf_printf(&b, "  no condition: %s\n", c->why != NULL ? c->why : "");
	else {
		buf_printf(&b, "  when: %s\n  then: %s\n  matches:\n", when, c->rule.then);
		put_cases(&b, c->rule.expect, true);
		buf_puts(&b, "  doesn't match:\n");
		put_cases(&b, c->rule.expect, false);
		if (c->remark != NULL)
			buf_printf(&b, "  remark of %s: %s\n", c->brain, c->remark);
	}
	free(when);
	text_safe(&safe, buf_str(&b), "");
	buf_free(&b);
	return buf_steal(&safe);
}

cJSON *
compile_json(const struct compile *c)
{
	static const char *const outcomes[] = { "proposed", "failed", "cant", "retry", "budget", "mend" };
	cJSON *o = cJSON_CreateObject();
	char id[24], *when = rule_when(&c->rule);

	snprintf(id, sizeof(id), "r%" PRId64, c->rule.seq);
	json_set_str(o, "id", id);
	json_set_str(o, "name", c->rule.name);
	json_set_str(o, "say", c->rule.say);
	json_set_str(o, "outcome", outcomes[c->outcome]);
	if (c->outcome == COMPILE_PROPOSED) {
		json_set_str(o, "when", when);
		json_set(o, "condition", cJSON_Duplicate(c->rule.condition, true));
		json_set(o, "expect", cJSON_Duplicate(c->rule.expect, true));
	} else
		json_set_str(o, "why", c->why);
	if (c->remark != NULL)
		json_set_str(o, "remark", c->remark);
	if (*c->brain != '\0')
		json_set_str(o, "brain", c->brain);
	free(when);
	return o;
}
