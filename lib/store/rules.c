#include "store/rules.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "store/log.h"

void
rule_clear(struct rule *r)
{
	free(r->name);
	free(r->type);
	free(r->description);
	free(r->say);
	free(r->then);
	cJSON_Delete(r->condition);
	cJSON_Delete(r->action);
	cJSON_Delete(r->applies_to);
	cJSON_Delete(r->expect);
	*r = (struct rule){ 0 };
}

void
rules_free(struct rule *rules, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		rule_clear(&rules[i]);
	free(rules);
}

#define RULE_COLUMNS \
	"seq, id, name, rule_type, description, condition, condition_json, action, action_json, applies_to, expect, priority, is_enabled," \
	" version, times_triggered, last_triggered_at, loaded_hash"

static char *
text(sqlite3_stmt *st, int col)
{
	return db_null(st, col) ? NULL : xstrdup(db_text(st, col));
}

static cJSON *
json(sqlite3_stmt *st, int col)
{
	return db_null(st, col) ? NULL : cJSON_Parse(db_text(st, col));
}

static void
fill(struct rule *r, sqlite3_stmt *st)
{
	int c = 0;

	*r = (struct rule){ 0 };
	r->seq = db_int64(st, c++);
	snprintf(r->id, sizeof(r->id), "%s", db_text(st, c++));
	r->name = text(st, c++);
	r->type = text(st, c++);
	r->description = text(st, c++);
	r->say = text(st, c++);
	r->condition = json(st, c++);
	r->then = text(st, c++);
	r->action = json(st, c++);
	r->applies_to = json(st, c++);
	r->expect = json(st, c++);
	r->priority = (int)db_int64(st, c++);
	r->enabled = db_int64(st, c++) != 0;
	r->version = (int)db_int64(st, c++);
	r->times_triggered = db_int64(st, c++);
	r->last_triggered_at = db_time(st, c++);
	snprintf(r->loaded_hash, sizeof(r->loaded_hash), "%s", db_null(st, c) ? "" : db_text(st, c));
}

int
rules_all(struct lp_db *db, bool enabled_only, struct rule **rules, size_t *n, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT " RULE_COLUMNS " FROM agent_rules WHERE is_enabled OR NOT ?1 ORDER BY priority DESC, seq";
	sqlite3_stmt *st = db_query(db, err, sql, "i", (int)enabled_only);
	int r;

	*rules = NULL;
	*n = 0;
	if (st == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1) {
		if ((*n & (*n - 1)) == 0)
			*rules = xrealloc(*rules, (*n > 0 ? *n * 2 : 1) * sizeof(**rules));
		fill(&(*rules)[(*n)++], st);
	}
	if (r == -1) {
		rules_free(*rules, *n);
		*rules = NULL;
		*n = 0;
	}
	return r;
}

int
rule_find(struct lp_db *db, const char *word, int64_t *seq, struct lp_err *err)
{
	/* a name may look like a handle: the name is what its owner gave it, and wins */
	static const char sql[] = "SELECT seq FROM agent_rules WHERE name = ?1 OR id = ?1 OR seq = ?2 ORDER BY name = ?1 DESC LIMIT 1";
	int64_t handle = 0;

	if (!lp_handle(word, 'r', &handle))
		handle = 0;
	return db_int(db, err, seq, sql, "sI", word, handle);
}

int
rule_get(struct lp_db *db, int64_t seq, struct rule *rule, struct lp_err *err)
{
	static const char sql[] = "SELECT " RULE_COLUMNS " FROM agent_rules WHERE seq = ?1";
	sqlite3_stmt *st = db_query(db, err, sql, "I", seq);
	int r;

	*rule = (struct rule){ 0 };
	if (st == NULL)
		return -1;
	if ((r = db_step(db, st, err)) == 1) {
		fill(rule, st);
		db_done(st);
	}
	return r;
}

static void
copy(cJSON *o, const char *key, const cJSON *v)
{
	if (v != NULL)
		json_set(o, key, cJSON_Duplicate(v, true));
}

cJSON *
rule_definition(const struct rule *r)
{
	cJSON *o = cJSON_CreateObject();

	json_set_str(o, "name", r->name);
	json_set_str(o, "type", r->type);
	if (r->description != NULL)
		json_set_str(o, "description", r->description);
	if (r->say != NULL)
		json_set_str(o, "say", r->say);
	copy(o, "condition", r->condition);
	if (r->then != NULL)
		json_set_str(o, "then", r->then);
	copy(o, "action", r->action);
	copy(o, "applies_to", r->applies_to);
	if (r->expect != NULL)
		copy(o, "expect", r->expect);
	else
		json_set(o, "expect", cJSON_CreateArray());
	json_set_num(o, "priority", r->priority);
	json_set_bool(o, "enabled", r->enabled);
	return o;
}

static char *
hash_text(const char *s, char out[LP_HEX_SIZE])
{
	unsigned char h[LP_HASH_SIZE];

	lp_sha256(s, strlen(s), h);
	return lp_hex(h, out);
}

static char *
canonical(const struct rule *r)
{
	cJSON *o = rule_definition(r);
	char *s = json_canon(o);

	cJSON_Delete(o);
	return s;
}

char *
rule_hash(const struct rule *r, char out[LP_HEX_SIZE])
{
	char *s = canonical(r);

	hash_text(s, out);
	free(s);
	return out;
}

static int
log_change(struct lp_db *db, int64_t rule, int version, const char *what, const char *name, const char *why, const char *details,
    struct lp_err *err)
{
	char *line = xasprintf("%s '%s'%s%s", what, name, why != NULL ? ": " : "", why != NULL ? why : "");
	int r = log_add(db, &(struct log_entry){ .type = "action", .rule = rule, .rule_version = version, .text = line, .details = details }, err);

	free(line);
	return r;
}

static int
name_taken(struct lp_db *db, const struct rule *r, struct lp_err *err)
{
	int64_t other;
	int found = db_int(db, err, &other, "SELECT seq FROM agent_rules WHERE name = ?1 AND seq <> ?2", "sI", r->name, r->seq);

	return found == 1 ? lp_fail(err, LP_DATA, "there is a rule '%s' already (r%" PRId64 ")", r->name, other) : found;
}

static int
write_row(struct lp_db *db, struct rule *r, struct lp_err *err)
{
	static const char insert[] =
	    "INSERT INTO agent_rules (name, rule_type, description, condition, condition_json, action, action_json, applies_to, expect, priority,"
	    " is_enabled, version, id, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?14)";
	static const char update[] =
	    "UPDATE agent_rules SET name = ?1, rule_type = ?2, description = ?3, condition = ?4, condition_json = ?5, action = ?6, action_json = ?7,"
	    " applies_to = ?8, expect = ?9, priority = ?10, is_enabled = ?11, version = ?12, updated_at = ?14 WHERE id = ?13";
	char *condition = r->condition != NULL ? json_canon(r->condition) : NULL, *action = r->action != NULL ? json_canon(r->action) : NULL;
	char *applies = r->applies_to != NULL ? json_print(r->applies_to) : NULL, *expect = r->expect != NULL ? json_print(r->expect) : xstrdup("[]");
	bool fresh = r->seq == 0;
	int n = fresh ? db_uuid(db, r->id, err) : 0;

	if (n == 0)
		n = db_exec(db, err, fresh ? insert : update, "sssssssssiiiss", r->name, r->type, r->description, r->say, condition, r->then,
		    action, applies, expect, r->priority, (int)r->enabled, r->version, r->id, db_now_iso(db));
	if (n != -1 && fresh)
		r->seq = db_last_id(db);
	free(condition);
	free(action);
	free(applies);
	free(expect);
	return n == -1 ? -1 : 0;
}

int
rule_put(struct lp_db *db, struct rule *r, const char *why, struct lp_err *err)
{
	static const char version_sql[] =
	    "INSERT INTO rule_versions (rule_id, version, name, definition, created_at) VALUES (?1, ?2, ?3, ?4, ?5)";
	char *definition, old[LP_HEX_SIZE], new[LP_HEX_SIZE];
	struct rule before;
	bool fresh = r->seq == 0;
	int n;

	if (!fresh) {
		if ((n = rule_get(db, r->seq, &before, err)) != 1)
			return n == 0 ? lp_fail(err, LP_NOINPUT, "no rule r%" PRId64, r->seq) : -1;
		rule_hash(&before, old);
		r->version = before.version;
		rule_clear(&before);
		if (strcmp(old, rule_hash(r, new)) == 0)
			return 0;
	}
	r->version++;
	if (name_taken(db, r, err) == -1 || write_row(db, r, err) == -1)
		return -1;
	definition = canonical(r);
	n = db_exec(db, err, version_sql, "Iisss", r->seq, r->version, r->name, definition, db_now_iso(db));
	if (n != -1)
		n = log_change(db, r->seq, r->version, fresh ? "rule added" : "rule changed", r->name, why, definition, err);
	free(definition);
	return n == -1 ? -1 : 1;
}

int
rule_remove(struct lp_db *db, int64_t seq, const char *why, struct lp_err *err)
{
	struct rule r;
	int n = rule_get(db, seq, &r, err);

	if (n != 1)
		return n;
	n = db_exec(db, err, "DELETE FROM agent_rules WHERE seq = ?1", "I", seq);
	if (n != -1)
		n = log_change(db, seq, r.version, "rule removed", r.name, why, NULL, err);
	rule_clear(&r);
	return n == -1 ? -1 : 1;
}

int
rule_loaded(struct lp_db *db, int64_t seq, const char *hash, struct lp_err *err)
{
	return db_exec(db, err, "UPDATE agent_rules SET loaded_hash = ?2 WHERE seq = ?1", "Is", seq, hash) == -1 ? -1 : 0;
}

/* ---- lists ---- */

cJSON *
rule_lists(struct lp_db *db, struct lp_err *err)
{
	sqlite3_stmt *st = db_query(db, err, "SELECT name, items FROM rule_lists ORDER BY name", "");
	cJSON *o, *items;
	int r;

	if (st == NULL)
		return NULL;
	o = cJSON_CreateObject();
	while ((r = db_step(db, st, err)) == 1)
		if ((items = json(st, 1)) != NULL)
			cJSON_AddItemToObject(o, db_text(st, 0), items);
	if (r == -1) {
		cJSON_Delete(o);
		return NULL;
	}
	return o;
}

cJSON *
rule_lists_changed(struct lp_db *db, struct lp_err *err)
{
	sqlite3_stmt *st = db_query(db, err, "SELECT name, items, loaded_hash FROM rule_lists ORDER BY name", "");
	cJSON *names;
	char hash[LP_HEX_SIZE];
	int r;

	if (st == NULL)
		return NULL;
	names = cJSON_CreateArray();
	while ((r = db_step(db, st, err)) == 1)
		if (db_null(st, 2) || strcmp(db_text(st, 2), hash_text(db_text(st, 1), hash)) != 0)
			cJSON_AddItemToArray(names, cJSON_CreateString(db_text(st, 0)));
	if (r == -1) {
		cJSON_Delete(names);
		return NULL;
	}
	return names;
}

int
rule_list_put(struct lp_db *db, const char *name, const cJSON *items, bool loaded, const char *why, struct lp_err *err)
{
	static const char sql[] =
	    "INSERT INTO rule_lists (name, items, updated_at) VALUES (?1, ?2, ?3)"
	    " ON CONFLICT (name) DO UPDATE SET items = excluded.items, updated_at = excluded.updated_at WHERE items <> excluded.items";
	static const char loaded_sql[] = "UPDATE rule_lists SET loaded_hash = ?2 WHERE name = ?1";
	char *s = json_canon(items), hash[LP_HEX_SIZE];
	int n = db_exec(db, err, sql, "sss", name, s, db_now_iso(db));

	if (n != -1 && loaded && db_exec(db, err, loaded_sql, "ss", name, hash_text(s, hash)) == -1)
		n = -1;
	if (n > 0 && log_change(db, 0, 0, "list stored", name, why, s, err) == -1)
		n = -1;
	free(s);
	return n;
}

int
rule_list_remove(struct lp_db *db, const char *name, const char *why, struct lp_err *err)
{
	int n = db_exec(db, err, "DELETE FROM rule_lists WHERE name = ?1", "s", name);

	return n > 0 && log_change(db, 0, 0, "list removed", name, why, NULL, err) == -1 ? -1 : n;
}

int
ruleset_version(struct lp_db *db, int64_t *v, char zone[64], struct lp_err *err)
{
	sqlite3_stmt *st = db_query(db, err, "SELECT ruleset, schedule_timezone FROM agent_configs", "");
	int r;

	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return -1;
	if (r == 0)
		return lp_fail(err, LP_BUG, "the file has no configuration");
	*v = db_int64(st, 0);
	if (zone != NULL)
		snprintf(zone, 64, "%s", db_text(st, 1));
	db_done(st);
	return 0;
}

/* ---- what fired ---- */

int
rule_fired(struct lp_db *db, int64_t rule, int version, const char *name, const struct task *t, const char *moment, struct lp_err *err)
{
	static const char sql[] =
	    "INSERT INTO rule_firings (rule_id, task_id, moment, version, at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";
	static const char count_sql[] = "UPDATE agent_rules SET times_triggered = times_triggered + 1, last_triggered_at = ?2 WHERE seq = ?1";
	char *line;
	int n = db_exec(db, err, sql, "IIsis", rule, t->seq, moment, version, db_now_iso(db));

	if (n <= 0)
		return n;
	if (db_exec(db, err, count_sql, "Is", rule, db_now_iso(db)) == -1)
		return -1;
	line = xasprintf("rule '%s' matched", name);
	n = log_add(db, &(struct log_entry){ .type = "rule_triggered", .task = t->seq, .lead = t->lead, .campaign = t->campaign,
	    .message = t->message, .inbox = t->inbox, .account = t->account, .rule = rule, .rule_version = version, .text = line }, err);
	free(line);
	return n == -1 ? -1 : 1;
}

cJSON *
rule_json(const struct rule *r)
{
	cJSON *o = cJSON_CreateObject(), *d = rule_definition(r), *m;
	char handle[24], iso[LP_ISO_SIZE];

	snprintf(handle, sizeof(handle), "r%" PRId64, r->seq);
	json_set_str(o, "id", handle);
	json_set_str(o, "uuid", r->id);
	while ((m = d->child) != NULL) {
		cJSON_DetachItemViaPointer(d, m);
		cJSON_AddItemToObject(o, m->string, m);
	}
	cJSON_Delete(d);
	json_set_num(o, "version", r->version);
	json_set_num(o, "times_triggered", (double)r->times_triggered);
	if (r->last_triggered_at != 0)
		json_set_str(o, "last_triggered_at", lp_iso(r->last_triggered_at, iso));
	return o;
}
