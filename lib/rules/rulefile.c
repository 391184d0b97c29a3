#include "rules/rulefile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "rules/ruledef.h"

enum { MAX_RULES = 2000, MAX_LISTS = 200 };

void
rulefile_free(struct rulefile *f)
{
	rules_free(f->rules, f->n);
	cJSON_Delete(f->lists);
	*f = (struct rulefile){ 0 };
}

static int
list_name_ok(const char *s)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";

	return *s != '\0' && strchr(letters, *s) != NULL && strlen(s) <= 60 && s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")] == '\0';
}

static int
read_lists(const struct ydoc *doc, const struct ynode *map, cJSON *lists, struct lp_err *err)
{
	size_t i, k;

	if (map == NULL || (map->kind == Y_SCALAR && *map->s == '\0'))
		return 0;
	if (map->kind != Y_MAP)
		return yaml_fail(doc, map, err, "'lists' wants names with lists: competitors: [Globex, Initech]");
	if (map->nkids > MAX_LISTS)
		return yaml_fail(doc, map, err, "more than %d lists", MAX_LISTS);
	for (i = 0; i < map->nkids; i++) {
		const struct ynode *l = map->kids[i];

		if (!list_name_ok(l->key))
			return yaml_fail(doc, l, err, "'%s' is no name for a list (letters, digits, - and _)", l->key);
		if (l->kind != Y_SEQ)
			return yaml_fail(doc, l, err, "list '%s' is not a list", l->key);
		for (k = 0; k < l->nkids; k++)
			if (l->kids[k]->kind != Y_SCALAR)
				return yaml_fail(doc, l->kids[k], err, "list '%s' wants words and numbers", l->key);
		cJSON_AddItemToObject(lists, l->key, yaml_json(l));
	}
	return 0;
}

/* One key of a rule, with its place where it is wrong. */
static int
read_key(const struct ydoc *doc, const struct ynode *v, struct rule *r, struct lp_err *err)
{
	cJSON *json;
	int n;

	if (strcmp(v->key, "expect") == 0 || (strcmp(v->key, "applies_to") == 0 && v->kind == Y_SEQ)) {
		json = yaml_json(v);
		n = rule_set_json(r, v->key, json, err);
		cJSON_Delete(json);
	} else if (v->kind != Y_SCALAR)
		return yaml_fail(doc, v, err, "'%s' wants text", v->key);
	else
		n = rule_set(r, v->key, v->s, err);
	if (n == -1) {
		char msg[sizeof(err->msg)];

		memcpy(msg, err->msg, sizeof(msg));
		return yaml_fail(doc, v, err, "%.900s", msg);
	}
	return 0;
}

/* The message of rule_check begins with the key it is about: say where that stands. */
static int
place(const struct ydoc *doc, const struct ynode *map, const struct rule *r, struct lp_err *err)
{
	char msg[sizeof(err->msg)];
	const struct ynode *at = map;
	const char *const *k;

	memcpy(msg, err->msg, sizeof(msg));
	for (k = rule_keys; *k != NULL; k++)
		if (strncmp(msg, *k, strlen(*k)) == 0 && msg[strlen(*k)] == ':' && yaml_get(map, *k) != NULL)
			at = yaml_get(map, *k);
	return yaml_fail(doc, at, err, "rule '%s': %.800s", r->name != NULL ? r->name : "", msg);
}

static int
read_rule(const struct ydoc *doc, const struct ynode *map, struct rule *r, const cJSON *lists, struct lp_err *err)
{
	size_t i;

	if (map->kind != Y_MAP)
		return yaml_fail(doc, map, err, "a rule wants keys: name, type, when, then");
	if (yaml_only(doc, map, rule_keys, err) == -1)
		return -1;
	for (i = 0; i < map->nkids; i++)
		if (read_key(doc, map->kids[i], r, err) == -1)
			return -1;
	return rule_check(r, lists, err) == -1 ? place(doc, map, r, err) : 0;
}

static int
read_rules(const struct ydoc *doc, const struct ynode *seq, struct rulefile *f, struct lp_err *err)
{
	size_t i, k;

	if (seq == NULL || (seq->kind == Y_SCALAR && *seq->s == '\0'))
		return 0;
	if (seq->kind != Y_SEQ)
		return yaml_fail(doc, seq, err, "'rules' wants a list");
	if (seq->nkids > MAX_RULES)
		return yaml_fail(doc, seq, err, "more than %d rules", MAX_RULES);
	f->rules = xcalloc(seq->nkids + 1, sizeof(*f->rules));
	for (i = 0; i < seq->nkids; i++) {
		struct rule *r = &f->rules[f->n++];

		rule_init(r);
		if (read_rule(doc, seq->kids[i], r, f->lists, err) == -1)
			return -1;
		for (k = 0; k < i; k++)
			if (strcmp(f->rules[k].name, r->name) == 0)
				return yaml_fail(doc, seq->kids[i], err, "there is a rule '%s' already", r->name);
	}
	return 0;
}

int
rulefile_read(const struct ydoc *doc, struct rulefile *f, struct lp_err *err)
{
	/* one file may hold all that LeadPilot reads; the other sections are other programs' */
	static const char *const sections[] = { "config", "lists", "rules", "accounts", "campaigns", NULL };

	*f = (struct rulefile){ .lists = cJSON_CreateObject() };
	if (doc->root == NULL)
		return yaml_fail(doc, NULL, err, "empty: an empty set of rules is 'rules: []'");
	if (yaml_only(doc, doc->root, sections, err) == -1)
		return -1;
	if (yaml_get(doc->root, "rules") == NULL && yaml_get(doc->root, "lists") == NULL)
		return yaml_fail(doc, doc->root, err, "no section 'rules' in it");
	if (read_lists(doc, yaml_get(doc->root, "lists"), f->lists, err) == -1)
		return -1;
	return read_rules(doc, yaml_get(doc->root, "rules"), f, err);
}

/* ---- against what is stored ---- */

static const struct rule *
by_name(const struct rule *rules, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(rules[i].name, name) == 0)
			return &rules[i];
	return NULL;
}

static void
show_value(struct buf *out, const cJSON *v)
{
	char *s = v == NULL ? xstrdup("none") : cJSON_IsString(v) ? xstrdup(v->valuestring) : json_print(v);

	buf_puts(out, s);
	free(s);
}

/* The keys of two rules that differ, as a person wrote them. */
static void
diff_rule(struct buf *out, const struct rule *a, const struct rule *b)
{
	cJSON *x = rule_definition(a), *y = rule_definition(b), *texts[2] = { x, y };
	const struct rule *both[2] = { a, b };
	const char *const *k;

	for (int i = 0; i < 2; i++) {
		char *when = rule_when(both[i]);

		if (when != NULL)
			json_set_str(texts[i], "when", when);
		free(when);
	}
	for (k = rule_keys; *k != NULL; k++) {
		if (cJSON_Compare(json_get(x, *k), json_get(y, *k), true) || (json_get(x, *k) == NULL && json_get(y, *k) == NULL))
			continue;
		buf_printf(out, "~ rule '%s': %s: ", a->name, *k);
		show_value(out, json_get(x, *k));
		buf_puts(out, " -> ");
		show_value(out, json_get(y, *k));
		buf_putc(out, '\n');
	}
	cJSON_Delete(x);
	cJSON_Delete(y);
}

static void
diff_lists(const cJSON *now, const struct rulefile *f, struct rulediff *d, struct buf *out)
{
	const cJSON *l;

	cJSON_ArrayForEach(l, f->lists) {
		const cJSON *old = json_get(now, l->string);

		if (old == NULL) {
			buf_printf(out, "+ list '%s'\n", l->string);
			d->added++;
		} else if (!cJSON_Compare(old, l, true)) {
			buf_printf(out, "~ list '%s': ", l->string);
			show_value(out, old);
			buf_puts(out, " -> ");
			show_value(out, l);
			buf_putc(out, '\n');
			d->changed++;
		} else
			d->same++;
	}
	cJSON_ArrayForEach(l, now)
		if (json_get(f->lists, l->string) == NULL) {
			buf_printf(out, "- list '%s'\n", l->string);
			d->removed++;
		}
}

int
rulefile_diff(struct lp_db *db, const struct rulefile *f, struct rulediff *d, struct lp_err *err)
{
	char ha[LP_HEX_SIZE], hb[LP_HEX_SIZE];
	struct buf out = { 0 };
	struct rule *now;
	cJSON *lists;
	size_t n, i;

	*d = (struct rulediff){ 0 };
	if ((lists = rule_lists(db, err)) == NULL)
		return -1;
	if (rules_all(db, false, &now, &n, err) == -1) {
		cJSON_Delete(lists);
		return -1;
	}
	diff_lists(lists, f, d, &out);
	for (i = 0; i < f->n; i++) {
		const struct rule *old = by_name(now, n, f->rules[i].name);

		if (old == NULL) {
			buf_printf(&out, "+ rule '%s'\n", f->rules[i].name);
			d->added++;
		} else if (strcmp(rule_hash(old, ha), rule_hash(&f->rules[i], hb)) != 0) {
			diff_rule(&out, old, &f->rules[i]);
			d->changed++;
		} else
			d->same++;
	}
	for (i = 0; i < n; i++)
		if (by_name(f->rules, f->n, now[i].name) == NULL) {
			buf_printf(&out, "- rule '%s'\n", now[i].name);
			d->removed++;
		}
	d->text = buf_steal(&out);
	rules_free(now, n);
	cJSON_Delete(lists);
	return 0;
}

static void
name_it(struct buf *b, const char *kind, const char *name)
{
	buf_printf(b, "%s%s '%s'", b->len > 0 ? ", " : "", kind, name);
}

static void
clashing_lists(const cJSON *changed, const cJSON *now, const struct rulefile *f, struct buf *names)
{
	const cJSON *l;

	cJSON_ArrayForEach(l, changed)
		if (!cJSON_Compare(json_get(now, l->valuestring), json_get(f->lists, l->valuestring), true))
			name_it(names, "list", l->valuestring);
}

int
rulefile_clash(struct lp_db *db, const struct rulefile *f, struct lp_err *err)
{
	char ha[LP_HEX_SIZE], hb[LP_HEX_SIZE];
	cJSON *changed = rule_lists_changed(db, err), *lists = NULL;
	struct buf names = { 0 };
	struct rule *now = NULL;
	size_t n = 0, i;
	int r = -1;

	if (changed == NULL || (lists = rule_lists(db, err)) == NULL || rules_all(db, false, &now, &n, err) == -1)
		goto done;
	clashing_lists(changed, lists, f, &names);
	for (i = 0; i < n; i++) {
		const struct rule *in = by_name(f->rules, f->n, now[i].name);

		rule_hash(&now[i], ha);
		if (strcmp(ha, now[i].loaded_hash) != 0 && (in == NULL || strcmp(ha, rule_hash(in, hb)) != 0))
			name_it(&names, "rule", now[i].name);
	}
	r = names.len == 0 ? 0 : lp_fail(err, LP_NOPERM,
	    "changed by hand since the last load: %.700s; --force undoes that, lp-rules dump keeps it", names.s);
done:
	buf_free(&names);
	rules_free(now, n);
	cJSON_Delete(lists);
	cJSON_Delete(changed);
	return r;
}

static int
apply_lists(struct lp_db *db, const struct rulefile *f, const char *why, struct lp_err *err)
{
	cJSON *now = rule_lists(db, err);
	const cJSON *l;
	int r = now == NULL ? -1 : 0;

	cJSON_ArrayForEach(l, now)
		if (r != -1 && json_get(f->lists, l->string) == NULL)
			r = rule_list_remove(db, l->string, why, err);
	cJSON_ArrayForEach(l, f->lists)
		if (r != -1)
			r = rule_list_put(db, l->string, l, true, why, err);
	cJSON_Delete(now);
	return r == -1 ? -1 : 0;
}

int
rulefile_apply(struct lp_db *db, struct rulefile *f, const char *why, struct lp_err *err)
{
	char hash[LP_HEX_SIZE];
	struct rule *now;
	size_t n, i;
	int r;

	if (apply_lists(db, f, why, err) == -1 || rules_all(db, false, &now, &n, err) == -1)
		return -1;
	for (i = 0, r = 0; i < n && r != -1; i++)
		if (by_name(f->rules, f->n, now[i].name) == NULL)
			r = rule_remove(db, now[i].seq, why, err);
	for (i = 0; i < f->n && r != -1; i++) {
		const struct rule *old = by_name(now, n, f->rules[i].name);

		if (old != NULL) {
			f->rules[i].seq = old->seq;
			memcpy(f->rules[i].id, old->id, sizeof(old->id));
		}
		if ((r = rule_put(db, &f->rules[i], why, err)) != -1)
			r = rule_loaded(db, f->rules[i].seq, rule_hash(&f->rules[i], hash), err);
	}
	rules_free(now, n);
	return r == -1 ? -1 : 0;
}

/* ---- as text ---- */

static void
yaml_value(struct buf *out, const char *prefix, const char *key, const cJSON *v, bool flow)
{
	char *k = yaml_emit_str(key, 0), *s;

	s = cJSON_IsString(v) ? yaml_emit_str(v->valuestring, flow ? 0 : 6) : json_print(v);
	buf_printf(out, "%s%s: %s", prefix, k, s);
	free(k);
	free(s);
}

static void
yaml_cases(struct buf *out, const cJSON *cases)
{
	const cJSON *c, *m;

	if (cJSON_GetArraySize(cases) == 0)
		return;
	buf_puts(out, "    expect:\n");
	cJSON_ArrayForEach(c, cases) {
		buf_puts(out, "      - {");
		cJSON_ArrayForEach(m, c)
			yaml_value(out, m == c->child ? "" : ", ", m->string, m, true);
		buf_puts(out, "}\n");
	}
}

char *
rule_yaml(const struct rule *r)
{
	struct buf out = { 0 };
	char *when = rule_when(r);
	const cJSON *e;
	const struct {
		const char *key, *text;
	} texts[] = { { "name", r->name }, { "type", r->type }, { "description", r->description }, { "say", r->say }, { "when", when },
		{ "then", r->then } };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].text != NULL) {
			char *s = yaml_emit_str(texts[i].text, 6);

			buf_printf(&out, "%s%s: %s\n", i == 0 ? "  - " : "    ", texts[i].key, s);
			free(s);
		}
	free(when);
	if (r->applies_to != NULL) {
		buf_puts(&out, "    applies_to: [");
		cJSON_ArrayForEach(e, r->applies_to)
			buf_printf(&out, "%s%s", e == r->applies_to->child ? "" : ", ", e->valuestring);
		buf_puts(&out, "]\n");
	}
	if (r->priority != 0)
		buf_printf(&out, "    priority: %d\n", r->priority);
	if (!r->enabled)
		buf_puts(&out, "    enabled: false\n");
	yaml_cases(&out, r->expect);
	return buf_steal(&out);
}

int
rules_dump(struct lp_db *db, char **yaml, struct lp_err *err)
{
	cJSON *lists = rule_lists(db, err);
	struct buf out = { 0 };
	struct rule *rules;
	const cJSON *l, *e;
	size_t n, i;

	if (lists == NULL)
		return -1;
	if (rules_all(db, false, &rules, &n, err) == -1) {
		cJSON_Delete(lists);
		return -1;
	}
	buf_puts(&out, lists->child != NULL ? "lists:\n" : "lists: {}\n");
	cJSON_ArrayForEach(l, lists) {
		buf_printf(&out, "  %s:%s\n", l->string, l->child != NULL ? "" : " []");
		cJSON_ArrayForEach(e, l) {
			char *s = cJSON_IsString(e) ? yaml_emit_str(e->valuestring, 0) : json_print(e);

			buf_printf(&out, "    - %s\n", s);
			free(s);
		}
	}
	buf_puts(&out, n > 0 ? "rules:\n" : "rules: []\n");
	for (i = 0; i < n; i++) {
		char *s = rule_yaml(&rules[i]);

		buf_puts(&out, s);
		free(s);
	}
	*yaml = buf_steal(&out);
	rules_free(rules, n);
	cJSON_Delete(lists);
	return 0;
}
