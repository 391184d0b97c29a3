#include "account/account_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "account/account.h"
#include "account/account_login.h"
#include "base/json.h"

/* What a file says of an account: all of `show` but what LeadPilot itself found out. */
static cJSON *
definition(const struct account *a)
{
	static const char *const own[] = { "id", "uuid", "channel", "status", "status_reason", "inbox_read_at", "inbox_tried_at", "inbox_error" };
	cJSON *j = account_json(a);

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		json_rm(j, own[i]);
	return j;
}

/* A list is written with commas on the command line, so it may be a list here. */
static int
scalar(const struct ydoc *doc, const struct ynode *v, struct buf *text, struct lp_err *err)
{
	buf_reset(text);
	if (v->kind == Y_SCALAR)
		buf_puts(text, v->s);
	else if (v->kind == Y_MAP)
		return yaml_fail(doc, v, err, "'%s' is a map", v->key);
	for (size_t i = 0; v->kind == Y_SEQ && i < v->nkids; i++) {
		if (v->kids[i]->kind != Y_SCALAR)
			return yaml_fail(doc, v->kids[i], err, "'%s' is a list of plain values", v->key);
		buf_printf(text, "%s%s", i > 0 ? "," : "", v->kids[i]->s);
	}
	return 0;
}

static int
read_one(const struct ydoc *doc, const struct ynode *map, const char *const where[3], struct account *a, struct lp_err *err)
{
	struct buf text = { 0 };
	struct lp_err why;
	int r = 0;

	if (map->kind != Y_MAP)
		return yaml_fail(doc, map, err, "an account is a map: name, kind, address, ...");
	for (int pass = 0; r == 0 && pass < 2; pass++) /* the kind first: it says what other keys there are */
		for (size_t i = 0; r == 0 && i < map->nkids; i++) {
			const struct ynode *v = map->kids[i];

			if ((strcmp(v->key, "kind") == 0) != (pass == 0))
				continue;
			r = scalar(doc, v, &text, err);
			if (r == 0 && account_set(a, v->key, buf_str(&text), where[0], where[1], &why) == -1)
				r = yaml_fail(doc, v, err, "%s", why.msg);
		}
	account_token_file(a, where[2]);
	if (r == 0 && account_check(a, &why) == -1)
		r = yaml_fail(doc, map, err, "%s", why.msg);
	buf_free(&text);
	return r;
}

int
account_file_read(const struct ydoc *doc, const char *dir, const char *home, const char *data_dir, struct account_file *f, struct lp_err *err)
{
	const char *const where[3] = { dir, home, data_dir };
	const struct ynode *list = yaml_get(doc->root, "accounts");

	*f = (struct account_file){ 0 };
	if (list == NULL || list->kind != Y_SEQ)
		return list != NULL ? yaml_fail(doc, list, err, "'accounts' is a list") : lp_fail(err, LP_DATA, "%s: no section 'accounts'", doc->name);
	f->list = xcalloc(list->nkids, sizeof(*f->list));
	for (size_t i = 0; i < list->nkids; i++) {
		account_init(&f->list[f->n++]);
		if (read_one(doc, list->kids[i], where, &f->list[i], err) == -1)
			goto fail;
		for (size_t k = 0; k < i; k++)
			if (strcmp(f->list[k].name, f->list[i].name) == 0) {
				yaml_fail(doc, list->kids[i], err, "a second account '%s'", f->list[i].name);
				goto fail;
			}
	}
	return 0;
fail:
	account_file_free(f);
	return -1;
}

void
account_file_free(struct account_file *f)
{
	for (size_t i = 0; i < f->n; i++)
		account_clear(&f->list[i]);
	free(f->list);
	*f = (struct account_file){ 0 };
}

/* The row's place in the file, or NULL. */
static struct account *
in_file(struct account_file *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->list[i].name, name) == 0)
			return &f->list[i];
	return NULL;
}

static char *
value_text(const cJSON *v)
{
	return v == NULL ? xstrdup("(default)") : cJSON_IsString(v) ? xstrdup(v->valuestring) : json_print(v);
}

/* "sales.daily_limit: 30 -> 25", a line a key. Returns whether there is any. */
static bool
differ(const cJSON *was, const cJSON *is, const char *name, struct buf *diff)
{
	const cJSON *list[2] = { was, is }, *v;
	bool any = false;

	for (int k = 0; k < 2; k++)
		cJSON_ArrayForEach(v, list[k]) {
			const cJSON *other = json_get(list[1 - k], v->string);
			char *a, *b;

			if (other != NULL && (k == 1 || cJSON_Compare(v, other, 1)))
				continue;
			a = value_text(k == 0 ? v : NULL);
			b = value_text(k == 0 ? other : v);
			buf_printf(diff, "%s.%s: %s -> %s\n", name, v->string, a, b);
			any = true;
			free(a);
			free(b);
		}
	return any;
}

static int
by_hand(const char *name, const char *what, struct lp_err *err)
{
	return lp_fail(err, LP_NOPERM, "account '%s' %s since the last load (see dump; --force overrules)", name, what);
}

/* One row: changed to what the file says, or gone. */
static int
apply_row(struct lp_db *db, const struct account *row, struct account *want, bool force, struct buf *diff, struct lp_err *err)
{
	cJSON *was = definition(row), *is = want != NULL ? definition(want) : NULL;
	char before[LP_HEX_SIZE], after[LP_HEX_SIZE];
	int changed, r = 0;

	json_hash(was, before);
	if (want == NULL) {
		buf_printf(diff, "%s: removed\n", row->name);
		if (!force && (row->loaded_hash == NULL || strcmp(row->loaded_hash, before) != 0))
			r = by_hand(row->name, row->loaded_hash == NULL ? "was added by hand" : "was changed by hand", err);
		else
			r = account_remove(db, row->seq, err);
		changed = 1;
	} else {
		/* the ramp goes on from where it began, if the file doesn't say */
		if (want->ramp_start >= 0 && want->ramp_from[0] == '\0' && row->ramp_from[0] != '\0') {
			memcpy(want->ramp_from, row->ramp_from, sizeof(want->ramp_from));
			json_set_str(is, "ramp_from", want->ramp_from);
		}
		changed = differ(was, is, row->name, diff);
		if (changed && !force && row->loaded_hash != NULL && strcmp(row->loaded_hash, before) != 0)
			r = by_hand(row->name, "was changed by hand", err);
		want->seq = row->seq;
		memcpy(want->id, row->id, sizeof(want->id));
		free(want->loaded_hash);
		want->loaded_hash = xstrdup(json_hash(is, after));
		if (r == 0 && (changed || row->loaded_hash == NULL || strcmp(row->loaded_hash, after) != 0))
			r = strcmp(row->kind, want->kind) != 0
			    ? lp_fail(err, LP_DATA, "account '%s' keeps its kind ('%s'); add another one", row->name, row->kind)
			    : account_put(db, want, "load", err);
	}
	cJSON_Delete(was);
	cJSON_Delete(is);
	return r == -1 ? -1 : changed;
}

static int
add_new(struct lp_db *db, struct account *a, struct buf *diff, struct lp_err *err)
{
	char hash[LP_HEX_SIZE];
	cJSON *def;

	buf_printf(diff, "%s: added\n", a->name);
	if (account_put(db, a, "load", err) == -1)
		return -1;
	def = definition(a);
	a->loaded_hash = xstrdup(json_hash(def, hash));
	cJSON_Delete(def);
	return account_put(db, a, "load", err);
}

int
account_file_apply(struct lp_db *db, struct account_file *f, bool force, struct buf *diff, struct lp_err *err)
{
	int64_t *seqs;
	size_t n;
	int r, changed = 0;

	if (accounts_list(db, NULL, &seqs, &n, err) == -1)
		return -1;
	for (size_t i = 0; changed != -1 && i < n; i++) {
		struct account row;

		r = account_get(db, seqs[i], &row, err);
		if (r == 1) {
			r = apply_row(db, &row, in_file(f, row.name), force, diff, err);
			account_clear(&row);
		}
		changed = r == -1 ? -1 : changed + r;
	}
	free(seqs);
	for (size_t i = 0; changed != -1 && i < f->n; i++)
		if (f->list[i].seq == 0)
			changed = add_new(db, &f->list[i], diff, err) == -1 ? -1 : changed + 1;
	return changed;
}

static void
dump_value(const char *key, const cJSON *v, struct buf *out)
{
	const cJSON *e;
	char *s;

	buf_printf(out, "%s: ", key);
	if (cJSON_IsArray(v)) {
		buf_putc(out, '[');
		cJSON_ArrayForEach(e, v) {
			s = yaml_emit_str(e->valuestring, 0);
			buf_printf(out, "%s%s", e == v->child ? "" : ", ", s);
			free(s);
		}
		buf_puts(out, "]\n");
		return;
	}
	s = cJSON_IsString(v) ? yaml_emit_str(v->valuestring, 0) : json_print(v);
	buf_printf(out, "%s\n", s);
	free(s);
}

int
account_file_dump(struct lp_db *db, struct buf *out, struct lp_err *err)
{
	int64_t *seqs;
	size_t n;
	int r = 0;

	if (accounts_list(db, NULL, &seqs, &n, err) == -1)
		return -1;
	buf_puts(out, n > 0 ? "accounts:\n" : "accounts: []\n");
	for (size_t i = 0; r != -1 && i < n; i++) {
		struct account a;
		cJSON *def, *v;

		if ((r = account_get(db, seqs[i], &a, err)) != 1)
			continue;
		def = definition(&a);
		cJSON_ArrayForEach(v, def) {
			buf_puts(out, v == def->child ? "  - " : "    ");
			dump_value(v->string, v, out);
		}
		cJSON_Delete(def);
		account_clear(&a);
	}
	free(seqs);
	return r == -1 ? -1 : 0;
}
