/* config_file.c - the section `config:` of leadpilot.yaml: reading it, writing it, and what was changed beside it. */
#include "store/config.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"

/* A node as a person would type it after KEY=: a list becomes words with commas. NULL where it is neither text nor a list of it. */
static char *
node_text(const struct ynode *n)
{
	static const char *const nulls[] = { "", "~", "null", "Null", "NULL" };
	struct buf b = { 0 };

	if (n->kind == Y_SCALAR) {
		for (size_t i = 0; !n->quoted && i < 5; i++)
			if (strcmp(n->s, nulls[i]) == 0)
				return xstrdup("");
		return xstrdup(n->s);
	}
	if (n->kind == Y_MAP)
		return NULL;
	for (size_t i = 0; i < n->nkids; i++) {
		if (n->kids[i]->kind != Y_SCALAR) {
			buf_free(&b);
			return NULL;
		}
		buf_printf(&b, "%s%s", i > 0 ? "," : "", n->kids[i]->s);
	}
	return buf_steal(&b);
}

static bool
is_list(const struct config_key *k)
{
	return k->type == C_DAYS || k->type == C_DATES || k->type == C_APPROVALS;
}

static int
read_key(const struct ydoc *doc, const struct ynode *section, const struct config_key *k, struct config_change *c, struct lp_err *err)
{
	const struct ynode *n = yaml_get(section, k->name);
	struct lp_err why;
	char *text;
	int r;

	c->key = k;
	if (n == NULL) {
		c->implied = true;
		c->stored = xstrdup(k->dflt);
		return 0;
	}
	if (n->kind == Y_MAP || (n->kind == Y_SEQ && !is_list(k)) || (text = node_text(n)) == NULL)
		return yaml_fail(doc, n, err, "%s is not a %s", k->name, is_list(k) ? "list of words" : "single value");
	r = config_value(k, text, &c->stored, &why);
	free(text);
	return r == 0 ? 0 : yaml_fail(doc, n, err, "%s", why.msg);
}

int
config_file_read(const struct ydoc *doc, struct config_file *f, struct lp_err *err)
{
	static const char *const sections[] = { "config", "lists", "rules", "accounts", "campaigns", NULL };
	const char **names = xcalloc(config_nkeys + 1, sizeof(*names));
	const struct ynode *section = NULL;
	int r = -1;

	*f = (struct config_file){ xcalloc(config_nkeys, sizeof(*f->changes)), config_nkeys };
	for (size_t i = 0; i < config_nkeys; i++)
		names[i] = config_keys[i].name;
	if (doc->root != NULL && doc->root->kind != Y_MAP)
		yaml_fail(doc, doc->root, err, "not a map of sections (want 'config:')");
	else if (doc->root == NULL || yaml_get(doc->root, "config") == NULL)
		lp_fail(err, LP_DATA, "%s: has no section 'config:'", doc->name);
	else if (yaml_only(doc, doc->root, sections, err) == 0) {
		section = yaml_get(doc->root, "config");
		if (section->kind != Y_MAP)
			yaml_fail(doc, section, err, "the section 'config:' is not a map of keys");
		else
			r = yaml_only(doc, section, names, err);
	}
	for (size_t i = 0; r == 0 && i < config_nkeys; i++)
		r = read_key(doc, section, &config_keys[i], &f->changes[i], err);
	free(names);
	if (r == -1)
		config_file_free(f);
	return r;
}

void
config_file_free(struct config_file *f)
{
	for (size_t i = 0; f->changes != NULL && i < f->n; i++)
		free(f->changes[i].stored);
	free(f->changes);
	*f = (struct config_file){ 0 };
}

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

int
config_file_check(struct lp_db *db, const struct config_file *f, struct lp_err *err)
{
	cJSON *loaded = NULL;
	struct buf b = { 0 };
	char **now, *text = NULL, *shown;
	const char *base;

	if (db_str(db, err, &text, "SELECT loaded FROM agent_configs", "") == -1)
		return -1;
	if (text != NULL && (loaded = json_object(text, strlen(text), err)) == NULL) {
		free(text);
		return -1;
	}
	free(text);
	if (config_values(db, &now, err) == -1) {
		cJSON_Delete(loaded);
		return -1;
	}
	for (size_t i = 0; i < f->n; i++) {
		/* before the first load the file's own words win, and only what it doesn't speak of can be lost */
		if (same(now[i], f->changes[i].stored) || (loaded == NULL && !f->changes[i].implied))
			continue;
		base = loaded != NULL ? json_str(loaded, config_keys[i].name) : config_keys[i].dflt;
		if (same(now[i], base))
			continue;
		shown = config_shown(&config_keys[i], now[i]);
		buf_printf(&b, "%s%s (now '%.80s')", b.len > 0 ? ", " : "", config_keys[i].name, shown);
		free(shown);
	}
	config_values_free(now);
	cJSON_Delete(loaded);
	if (b.len == 0)
		return 0;
	lp_fail(err, LP_NOPERM, "changed by hand and not so in the file: %.700s; put it into the file, or --force", buf_str(&b));
	buf_free(&b);
	return -1;
}

int
config_file_loaded(struct lp_db *db, struct lp_err *err)
{
	cJSON *o = cJSON_CreateObject();
	char **now, *text;
	int r;

	if (config_values(db, &now, err) == -1) {
		cJSON_Delete(o);
		return -1;
	}
	for (size_t i = 0; i < config_nkeys; i++)
		json_set_str(o, config_keys[i].name, now[i]);
	config_values_free(now);
	text = json_print(o);
	cJSON_Delete(o);
	r = db_exec(db, err, "UPDATE agent_configs SET loaded = ?1", "s", text);
	free(text);
	return r == -1 ? -1 : 0;
}

static void
dump_value(struct buf *out, const struct config_key *k, const char *stored)
{
	cJSON *v = config_as_json(k, stored);
	const cJSON *e;
	const char *sep = "";
	char *s;

	if (cJSON_IsArray(v)) {
		buf_putc(out, '[');
		cJSON_ArrayForEach(e, v)
		{
			/* quoted: a date is then a string to every reader of YAML */
			buf_printf(out, "%s\"%s\"", sep, e->valuestring);
			sep = ", ";
		}
		buf_putc(out, ']');
	} else if (cJSON_IsBool(v))
		buf_puts(out, cJSON_IsTrue(v) ? "true" : "false");
	else if (k->type == C_INT || k->type == C_NUM)
		buf_puts(out, stored);
	else if (k->type == C_TIME || k->type == C_NO_OR_TIME)
		buf_printf(out, "\"%s\"", stored); /* YAML 1.1 takes 09:00 for a number to the base of sixty */
	else {
		s = yaml_emit_str(stored, 4);
		buf_puts(out, s);
		free(s);
	}
	cJSON_Delete(v);
}

int
config_dump(struct lp_db *db, char **yaml, struct lp_err *err)
{
	struct buf b = { 0 };
	char **now;

	if (config_values(db, &now, err) == -1)
		return -1;
	buf_puts(&b, "config:\n");
	for (size_t i = 0; i < config_nkeys; i++) {
		if (now[i] == NULL)
			continue;
		buf_printf(&b, "  %s: ", config_keys[i].name);
		dump_value(&b, &config_keys[i], now[i]);
		buf_putc(&b, '\n');
	}
	config_values_free(now);
	*yaml = buf_steal(&b);
	return 0;
}
