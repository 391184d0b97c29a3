/*
 * control.h - the panic words: stop and start, of everything or of one campaign, account or lead.  Nothing here commits but
 * control_stop_file_make; every change writes its log row.
 */
#ifndef LP_STORE_CONTROL_H
#define LP_STORE_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

/* control_stopped(db, &why, err): 1 where nothing may leave: the agent is stopped (or was never started), or a file named STOP lies beside the
 * database; *why (which may be NULL) is one line that the caller frees. 0, -1. The reserving transaction asks this. */
int control_stopped(struct lp_db *, char **why, struct lp_err *);

/* control_stop_file(path): the path of the STOP file beside a database; the caller frees. _there: does it exist (or can't that be told)? */
char *control_stop_file(const char *db_path);
bool control_stop_file_there(const char *db_path);
/* control_stop_file_make: stop without the database: where it can't be written. 0, -1. */
int control_stop_file_make(const char *db_path, struct lp_err *);

/* control_find(db, kind, word, &seq, err): 'c' campaign, 'a' account: by handle, UUID or name; 'l' lead: by handle, UUID or address. 0, or -1
 * with LP_NO (no such) or LP_USAGE (a handle of another kind). */
int control_find(struct lp_db *, char kind, const char *word, int64_t *seq, struct lp_err *);

struct control_target {
	char kind;          /* 0: the agent */
	int64_t seq;
	const char *word;   /* as it was named */
};
/* control_targets(db, campaign, account, lead, out, &n, err): what the options name, by control_find; the agent where all are NULL. */
int control_targets(struct lp_db *, const char *campaign, const char *account, const char *lead, struct control_target out[3], size_t *n,
    struct lp_err *);

/* control_set(db, kind, seq, on, why, err): start or stop it; kind 0 is the agent (seq unused). 1 changed, 0 it was so already, -1. LP_NOPERM where
 * it can't be started like that (a campaign that is a draft or finished, a lead that opted out). */
int control_set(struct lp_db *, char kind, int64_t seq, bool on, const char *why, struct lp_err *);

struct control_counts {
	int64_t wire;       /* messages on the wire: reserved, their fate not yet known here */
	int64_t unknown;    /* left or not, not known: lp-send resolve */
	int64_t running, pending, approval, mend; /* tasks */
};
/* control_counts(db, kind, seq, c, err): of what concerns it; kind 0: all. */
int control_counts(struct lp_db *, char kind, int64_t seq, struct control_counts *, struct lp_err *);

#endif
