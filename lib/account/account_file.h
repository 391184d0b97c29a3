/*
 * account_file.h - the section `accounts:` of leadpilot.yaml: a list of maps with the keys of `lp-accounts set`.
 */
#ifndef LP_ACCOUNT_ACCOUNT_FILE_H
#define LP_ACCOUNT_ACCOUNT_FILE_H

#include "base/mem.h"
#include "base/yaml.h"
#include "store/accounts.h"

struct account_file {
	struct account *list;
	size_t n;
};

/* account_file_read(doc, dir, home, data_dir, f, err): judged as `add` judges; a path is relative to `dir`, "~/" to `home`; tokens lie under `data_dir` where a file
 * for them isn't given. Servers are not looked for. LP_DATA with file, line, column. */
int account_file_read(const struct ydoc *, const char *dir, const char *home, const char *data_dir, struct account_file *, struct lp_err *);
void account_file_free(struct account_file *);

/*
 * account_file_apply(db, f, force, diff, err): the accounts become those of the file; what has changed goes to *diff, a line each. An account that
 * the file doesn't have is removed, and refused where something depends on it. LP_NOPERM names what was changed by hand since the last
 * load and would be undone, unless `force`. The caller holds a transaction. Returns how many accounts changed.
 */
int account_file_apply(struct lp_db *, struct account_file *, bool force, struct buf *diff, struct lp_err *);

/* account_file_dump(db, out, err): the section; loading it changes nothing. */
int account_file_dump(struct lp_db *, struct buf *out, struct lp_err *);

#endif
