/*
 * rules.h - the user's rules, their versions, the named lists, and what fired.  The store keeps a rule's parts as text and JSON; what they
 * mean is rules/ruleset.h's business.  Nothing here commits; every change of a rule is a new version, with a log row, in the caller's transaction.
 */
#ifndef LP_STORE_RULES_H
#define LP_STORE_RULES_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/tasks.h"

struct rule {
	int64_t seq;                    /* 0: not stored yet */
	char id[LP_UUID_SIZE];
	char *name, *type;
	char *description;              /* NULL for none, likewise say, applies_to */
	char *say;                      /* the condition in natural language */
	cJSON *condition;               /* condition_json, or NULL */
	char *then;                     /* the action as text */
	cJSON *action;                  /* action_json */
	cJSON *applies_to;              /* array of task types */
	cJSON *expect;                  /* array of cases; never NULL once stored */
	int priority;
	bool enabled;
	int version;
	int64_t times_triggered, last_triggered_at;
	char loaded_hash[LP_HEX_SIZE];  /* "" where never loaded from a file */
};
void rule_clear(struct rule *);
void rules_free(struct rule *, size_t n);

/* rules_all(db, enabled_only, &rules, &n, err): by priority (highest first), then age: the order in which they count. rules_free frees. */
int rules_all(struct lp_db *, bool enabled_only, struct rule **, size_t *n, struct lp_err *);
/* rule_find(db, word, &seq, err): a handle (r5), a UUID or a name: 1, 0, -1. */
int rule_find(struct lp_db *, const char *, int64_t *seq, struct lp_err *);
int rule_get(struct lp_db *, int64_t seq, struct rule *, struct lp_err *);      /* 1, 0, -1 */

/* rule_definition(r): all that makes the rule, without its counters; the caller frees. rule_hash: of its canonical form. */
cJSON *rule_definition(const struct rule *);
char *rule_hash(const struct rule *, char out[LP_HEX_SIZE]);

/* rule_put(db, r, why, err): store a new one (seq 0: sets seq and id) or a change. 1 stored, as a new version; 0 nothing differs; -1 (LP_DATA where
 * the name is taken). `why` (NULL for none) goes into the log. */
int rule_put(struct lp_db *, struct rule *, const char *why, struct lp_err *);
/* rule_remove: 1, 0 no such rule, -1. Its versions stay. */
int rule_remove(struct lp_db *, int64_t seq, const char *why, struct lp_err *);
/* rule_loaded(db, seq, hash, err): the definition that a file gave it. */
int rule_loaded(struct lp_db *, int64_t seq, const char *hash, struct lp_err *);

/* rule_lists(db, err): {"name":[…]}; the caller frees. rule_lists_changed: names of those changed by hand since the last load: array; the caller frees. */
cJSON *rule_lists(struct lp_db *, struct lp_err *);
cJSON *rule_lists_changed(struct lp_db *, struct lp_err *);
/* rule_list_put(db, name, items, loaded, why, err): 1 stored, 0 the same as before (where `loaded`, remembered as such), -1. rule_list_remove: 1, 0, -1. */
int rule_list_put(struct lp_db *, const char *name, const cJSON *items, bool loaded, const char *why, struct lp_err *);
int rule_list_remove(struct lp_db *, const char *name, const char *why, struct lp_err *);

/* ruleset_version(db, &v, zone, err): counts every change of rules and lists; the schedule's time zone, where zone isn't NULL. */
int ruleset_version(struct lp_db *, int64_t *, char zone[64], struct lp_err *);

/* rule_fired(db, rule, version, name, task, moment, err): counted once a task and moment (decide, gate), with a log row. 1 counted, 0 it was already, -1. */
int rule_fired(struct lp_db *, int64_t rule, int version, const char *name, const struct task *, const char *moment, struct lp_err *);

/* rule_json(r): as `lp-rules list -j` shows it; condition and action as JSON. The caller frees. */
cJSON *rule_json(const struct rule *);

#endif
