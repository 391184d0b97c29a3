/*
 * `then:` text to action_json and back, and what each type of rule may do.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/duration.h"
#include "base/json.h"
#include "base/prog.h"
#include "rules/rulelang_int.h"

/* By enum rule_type. */
static const char *const rule_type_names[RULE_TYPES + 1] = { "filter", "action", "constraint", "template", "schedule", "escalation", NULL };

enum effect { E_BLOCK = 1, E_SKIP = 2, E_HOLD = 4, E_ALLOW = 8, E_DELAY = 16, E_STOP = 32, E_NOTIFY = 64, E_TEMPLATE = 128,
	E_ENQUEUE = 256, E_ACTION = 512 };
enum { E_VERDICTS = E_BLOCK | E_SKIP | E_HOLD | E_ALLOW | E_DELAY };

static const struct {
	unsigned may;           /* effects this type can have */
	unsigned must;          /* at least one of these */
	const char *words;      /* for messages */
} types[RULE_TYPES] = {
	[RULE_FILTER] = { E_BLOCK | E_SKIP | E_HOLD | E_ALLOW | E_NOTIFY, E_BLOCK | E_SKIP | E_HOLD | E_ALLOW,
	    "block, skip, hold or allow; and notify" },
	[RULE_ACTION] = { E_ENQUEUE | E_ACTION | E_NOTIFY, E_ENQUEUE | E_ACTION, "do ACTION or enqueue TYPE; and notify" },
	[RULE_CONSTRAINT] = { E_BLOCK | E_SKIP | E_HOLD | E_STOP | E_NOTIFY, E_BLOCK | E_SKIP | E_HOLD | E_STOP,
	    "block, skip, hold or stop; and notify" },
	[RULE_TEMPLATE] = { E_TEMPLATE | E_NOTIFY, E_TEMPLATE, "send template \"TEXT\"; and notify" },
	[RULE_SCHEDULE] = { E_DELAY | E_NOTIFY, E_DELAY, "delay, delay 3d or delay until 2026-12-01; and notify" },
	[RULE_ESCALATION] = { E_STOP | E_NOTIFY | E_HOLD | E_BLOCK, E_STOP | E_NOTIFY | E_HOLD | E_BLOCK,
	    "stop, hold or block; and notify" },
};

/* In the order in which they are written. */
static const struct {
	const char *word;
	enum effect effect;
} words[] = { { "block", E_BLOCK }, { "skip", E_SKIP }, { "hold", E_HOLD }, { "allow", E_ALLOW }, { "delay", E_DELAY },
	{ "do", E_ACTION }, { "enqueue", E_ENQUEUE }, { "send", E_TEMPLATE }, { "stop", E_STOP }, { "notify", E_NOTIFY } };
enum { NWORDS = sizeof(words) / sizeof(words[0]) };

int
rule_type_parse(const char *s, enum rule_type *type, struct lp_err *err)
{
	const char *near;
	int i;

	for (i = 0; i < RULE_TYPES; i++)
		if (strcmp(rule_type_names[i], s) == 0) {
			*type = (enum rule_type)i;
			return 0;
		}
	if ((near = lp_did_you_mean(s, rule_type_names)) != NULL)
		return lp_fail(err, LP_DATA, "unknown rule type '%s' (did you mean '%s'?)", s, near);
	return lp_fail(err, LP_DATA, "unknown rule type '%s' (filter, action, constraint, template, schedule or escalation)", s);
}

/* ---- judging ---- */

static int
effects_of(const cJSON *a, unsigned *has, struct lp_err *err)
{
	static const char *const keys[] = { "verdict", "skip", "delay", "until", "stop", "notify", "template", "enqueue", "action", NULL };
	static const char *const verdicts[] = { "block", "hold", "allow", "delay", NULL };
	static const unsigned bits[] = { E_BLOCK, E_HOLD, E_ALLOW, E_DELAY };
	const char *verdict = json_str(a, "verdict");
	const cJSON *m;
	size_t i;

	*has = 0;
	cJSON_ArrayForEach(m, a) {
		for (i = 0; keys[i] != NULL && strcmp(keys[i], m->string) != 0; i++)
			;
		if (keys[i] == NULL)
			return lp_fail(err, LP_DATA, "unknown key '%s' in an action", m->string);
		if (i == 1 || i == 4 || i == 5 ? !cJSON_IsTrue(m) : !cJSON_IsString(m) || *m->valuestring == '\0')
			return lp_fail(err, LP_DATA, "'%s' in an action must be %s", m->string,
			    i == 1 || i == 4 || i == 5 ? "true" : "text");
	}
	if (verdict != NULL) {
		for (i = 0; verdicts[i] != NULL && strcmp(verdicts[i], verdict) != 0; i++)
			;
		if (verdicts[i] == NULL)
			return lp_fail(err, LP_DATA, "unknown verdict '%s' (block, hold, allow or delay)", verdict);
		*has |= bits[i];
	}
	if (json_get(a, "skip") != NULL) {
		if (*has != E_BLOCK)
			return lp_fail(err, LP_DATA, "'skip' goes with the verdict block");
		*has = E_SKIP;
	}
	if ((json_get(a, "delay") != NULL || json_get(a, "until") != NULL) && *has != E_DELAY)
		return lp_fail(err, LP_DATA, "'delay' and 'until' go with the verdict delay");
	*has |= (json_get(a, "stop") != NULL ? E_STOP : 0) | (json_get(a, "notify") != NULL ? E_NOTIFY : 0) |
	    (json_get(a, "template") != NULL ? E_TEMPLATE : 0) | (json_get(a, "enqueue") != NULL ? E_ENQUEUE : 0) |
	    (json_get(a, "action") != NULL ? E_ACTION : 0);
	return 0;
}

static int
check_delay(const cJSON *a, struct lp_err *err)
{
	const char *delay = json_str(a, "delay"), *until = json_str(a, "until");
	struct duration d;
	int64_t ms;

	if (delay != NULL && until != NULL)
		return lp_fail(err, LP_DATA, "'delay' either for a time or until one");
	if (delay != NULL && (duration_parse(delay, &d, err) == -1 || duration_none(&d)))
		return lp_fail(err, LP_DATA, "'delay' wants a duration such as 3d, 2bd or 4h, not '%s'", delay);
	if (until != NULL && lp_iso_parse(until, &ms, err) == -1)
		return lp_err_prefix(err, "'until'");
	return 0;
}

/* The text is the template: a lone word would be somebody's name for one, and must not become a mail that says just that. */
static int
check_text(const cJSON *a, struct lp_err *err)
{
	const char *text = json_str(a, "template");

	if (text == NULL || text[strcspn(text, " \n")] != '\0')
		return 0;
	return lp_fail(err, LP_DATA, "'send template' wants the text itself, in quotes (\\n for a new line), not '%s'", text);
}

int
then_check(enum rule_type type, const cJSON *a, struct lp_err *err)
{
	unsigned has;

	if (!cJSON_IsObject(a))
		return lp_fail(err, LP_DATA, "an action must be an object");
	if (effects_of(a, &has, err) == -1 || check_delay(a, err) == -1 || check_text(a, err) == -1)
		return -1;
	if ((has & ~types[type].may) != 0 || (has & types[type].must) == 0)
		return lp_fail(err, LP_DATA, "%s %s rule can %s", type == RULE_ACTION || type == RULE_ESCALATION ? "an" : "a",
		    rule_type_names[type], types[type].words);
	return 0;
}

/* ---- reading ---- */

static int
take_word(struct lex *l, cJSON *a, const char *key, const char *what)
{
	if (l->tok != T_TEXT && (l->tok != T_WORD || lex_is(l, "and")))
		return lex_fail(l, "expected %s, found %s", what, lex_found(l));
	json_set_str(a, key, buf_str(&l->word));
	return lex_next(l);
}

/* delay · delay 1d 12h · delay until 2026-12-01 09:00 */
static int
take_delay(struct lex *l, cJSON *a)
{
	struct buf s = { 0 };
	bool until = lex_is(l, "until");
	int r = 0;

	json_set_str(a, "verdict", "delay");
	if (until && lex_next(l) == -1)
		return -1;
	if (l->tok == T_TEXT)
		return take_word(l, a, until ? "until" : "delay", "a time");
	while (r == 0 && l->tok == T_WORD && !lex_is(l, "and")) {
		buf_printf(&s, "%s%s", s.len > 0 ? " " : "", buf_str(&l->word));
		r = lex_next(l);
	}
	if (r == 0 && until && s.len == 0)
		r = lex_fail(l, "expected a date after 'until', found %s", lex_found(l));
	if (s.len > 0)
		json_set_str(a, until ? "until" : "delay", s.s);
	buf_free(&s);
	return r;
}

static int
unknown_word(const struct lex *l)
{
	const char *list[NWORDS + 1], *near;
	size_t i;

	for (i = 0; i < NWORDS; i++)
		list[i] = words[i].word;
	list[NWORDS] = NULL;
	near = l->tok == T_WORD ? lp_did_you_mean(buf_str(&l->word), list) : NULL;
	if (near != NULL)
		return lex_fail(l, "unknown word %s (did you mean '%s'?)", lex_found(l), near);
	return lex_fail(l, "expected block, skip, hold, allow, delay, stop, notify, send, enqueue or do, found %s", lex_found(l));
}

static int
take_clause(struct lex *l, cJSON *a, unsigned *seen)
{
	enum effect e;
	size_t i;

	for (i = 0; i < NWORDS && !lex_is(l, words[i].word); i++)
		;
	if (i == NWORDS)
		return unknown_word(l);
	e = words[i].effect;
	if ((*seen & e) != 0 || ((e & E_VERDICTS) != 0 && (*seen & E_VERDICTS) != 0))
		return lex_fail(l, (*seen & e) != 0 ? "'%s' is there twice" : "'%s' and another verdict", words[i].word);
	*seen |= e;
	if (lex_next(l) == -1)
		return -1;
	switch (e) {
	case E_SKIP:
		json_set_bool(a, "skip", true);
		/* fall through */
	case E_BLOCK:
		json_set_str(a, "verdict", "block");
		return 0;
	case E_HOLD:
	case E_ALLOW:
		json_set_str(a, "verdict", words[i].word);
		return 0;
	case E_DELAY:
		return take_delay(l, a);
	case E_STOP:
	case E_NOTIFY:
		json_set_bool(a, words[i].word, true);
		return 0;
	case E_ENQUEUE:
		return take_word(l, a, "enqueue", "a task type after 'enqueue'");
	case E_ACTION:
		return take_word(l, a, "action", "an action after 'do'");
	default:
		if (!lex_is(l, "template"))
			return lex_fail(l, "expected 'template' after 'send', found %s", lex_found(l));
		return lex_next(l) == -1 ? -1 : take_word(l, a, "template", "a text in quotes");
	}
}

cJSON *
then_parse(enum rule_type type, const char *text, struct lp_err *err)
{
	cJSON *a = cJSON_CreateObject();
	unsigned seen = 0;
	struct lex l;
	int r;

	lex_init(&l, text, err);
	r = utf8_ok(text, strlen(text)) ? lex_next(&l) : lp_fail(err, LP_DATA, "invalid UTF-8");
	while (r == 0) {
		if ((r = take_clause(&l, a, &seen)) == -1 || l.tok == T_END)
			break;
		if (!lex_is(&l, "and"))
			r = lex_fail(&l, "expected 'and' or the end, found %s", lex_found(&l));
		else
			r = lex_next(&l);
	}
	lex_free(&l);
	if (r == 0 && then_check(type, a, err) == 0)
		return a;
	cJSON_Delete(a);
	return NULL;
}

/* ---- back ---- */

char *
then_dump(const cJSON *a, struct lp_err *err)
{
	struct buf out = { 0 };
	char text[DURATION_SIZE];
	struct duration d;
	unsigned has;
	size_t i;

	if (effects_of(a, &has, err) == -1 || check_delay(a, err) == -1)
		return NULL;
	if (has == 0) {
		lp_fail(err, LP_DATA, "an action that does nothing");
		return NULL;
	}
	for (i = 0; i < NWORDS; i++) {
		if ((has & words[i].effect) == 0)
			continue;
		buf_printf(&out, "%s%s", out.len > 0 ? " and " : "", words[i].word);
		switch (words[i].effect) {
		case E_DELAY:
			if (json_str(a, "delay") != NULL && duration_parse(json_str(a, "delay"), &d, err) == 0)
				buf_printf(&out, " %s", duration_print(&d, text));
			if (json_str(a, "until") != NULL)
				buf_printf(&out, " until %s", json_str(a, "until"));
			break;
		case E_TEMPLATE:
			buf_puts(&out, " template ");
			word_add(&out, json_str(a, "template"), false);
			break;
		case E_ENQUEUE:
			buf_putc(&out, ' ');
			word_add(&out, json_str(a, "enqueue"), false);
			break;
		case E_ACTION:
			buf_putc(&out, ' ');
			word_add(&out, json_str(a, "action"), false);
			break;
		default:
			break;
		}
	}
	return buf_steal(&out);
}
