/*
 * rulefile.h - rules and lists as a YAML file: the sections `lists:` and `rules:`.  Loading makes the file's rules the only ones.
 */
#ifndef LP_RULES_RULEFILE_H
#define LP_RULES_RULEFILE_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/yaml.h"
#include "store/rules.h"

struct rulefile {
	struct rule *rules;             /* in the file's order, checked */
	size_t n;
	cJSON *lists;                   /* {"name":[...]}; never NULL */
};

/* rulefile_read(doc, f, err): LP_DATA with file, line and column: an unknown key, a condition that doesn't compile, a case of `expect` that doesn't hold.
 * rulefile_free frees what it filled, also after a failure. */
int rulefile_read(const struct ydoc *, struct rulefile *, struct lp_err *);
void rulefile_free(struct rulefile *);

struct rulediff {
	int added, changed, removed, same;
	char *text;                     /* a line for each difference; "" for none; the caller frees */
};

/* rulefile_diff(db, f, d, err): what loading would do. */
int rulefile_diff(struct lp_db *, const struct rulefile *, struct rulediff *, struct lp_err *);
/* rulefile_clash(db, f, err): LP_NOPERM where it would undo what was changed by hand since the last load, by name. */
int rulefile_clash(struct lp_db *, const struct rulefile *, struct lp_err *);
/* rulefile_apply(db, f, why, err): make it so, in the caller's transaction. */
int rulefile_apply(struct lp_db *, struct rulefile *, const char *why, struct lp_err *);

/* rules_dump(db, &yaml, err): both sections; loading that changes nothing. The caller frees. */
int rules_dump(struct lp_db *, char **yaml, struct lp_err *);
/* rule_yaml(r): one rule as an item of `rules:`; the caller frees. */
char *rule_yaml(const struct rule *);

#endif
