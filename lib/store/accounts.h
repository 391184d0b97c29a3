/*
 * accounts.h - senders: where mail leaves and comes in, with their limits, hours, absences and the state of their inbox.
 *
 * Nothing here commits; every change writes its log row.  What a value may be is judged before it comes here (account/account.h).
 */
#ifndef LP_STORE_ACCOUNTS_H
#define LP_STORE_ACCOUNTS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

#define DAY_SIZE 11 /* "2026-12-24" and its NUL */

struct absence {
	char first[DAY_SIZE], last[DAY_SIZE];
};

/* A row. The names are the columns and the keys of `lp-accounts set`. Strings are owned; account_clear frees them. */
struct account {
	int64_t seq;
	char id[LP_UUID_SIZE];
	char *name, *kind, *channel, *address, *display_name;
	cJSON *settings;                /* of the kind: an object */
	char status[12];                /* active, paused: by hand; stopped: by LeadPilot */
	char *status_reason;
	int64_t daily_limit;
	int64_t ramp_start;             /* first day's limit; -1: no ramp */
	int64_t ramp_step;
	char ramp_from[DAY_SIZE];       /* "" until it begins */
	int64_t answer_share;           /* per cent */
	int64_t gap_seconds;
	char *timezone, *start_time, *end_time; /* NULL: the agent's */
	char *days;                     /* JSON array text, or NULL */
	struct absence *absences;       /* by first day */
	size_t nabsences;
	int64_t inbox_read_at, inbox_tried_at; /* ms; 0: never */
	char *inbox_error;
	char *loaded_hash;
};

void account_init(struct account *);    /* a new one with the defaults */
void account_clear(struct account *);

/* account_get(db, seq, a, err): 1, 0 no such account, -1. */
int account_get(struct lp_db *, int64_t seq, struct account *, struct lp_err *);
/* account_find(db, word, &seq, err): by name, handle (a3), UUID or address: 1, 0, -1. LP_DATA where two have the address. */
int account_find(struct lp_db *, const char *word, int64_t *seq, struct lp_err *);
/* accounts_list(db, status, &seqs, &n, err): by name; NULL is all. The caller frees. */
int accounts_list(struct lp_db *, const char *status, int64_t **seqs, size_t *n, struct lp_err *);

/* account_put(db, a, what, err): insert (a->seq 0: seq and id are set) or update, absences too, and log it with `what`, the keys
 * that changed. A ramp without a first day begins today. LP_DATA where the name is taken. */
int account_put(struct lp_db *, struct account *, const char *what, struct lp_err *);
/* account_status(db, seq, status, reason, err): 1 changed, 0 it was so already, -1. */
int account_status(struct lp_db *, int64_t seq, const char *status, const char *reason, struct lp_err *);
/* account_remove(db, seq, err): LP_NOPERM names what still depends on it. */
int account_remove(struct lp_db *, int64_t seq, struct lp_err *);

/* The inbox: a good reading; a failed try. The log has a row where a state begins or ends, not one every ten minutes. */
int account_inbox_read(struct lp_db *, int64_t seq, int64_t at, struct lp_err *);
int account_inbox_failed(struct lp_db *, int64_t seq, const char *why, struct lp_err *);

/* account_settings(a): the settings as a channel's open takes them: with the account's "address" among them. The caller frees. */
cJSON *account_settings(const struct account *);

/* account_json(a): as `lp-accounts show -j` prints it: the keys as they are set, ids as handle and UUID. The caller frees. */
cJSON *account_json(const struct account *);

#endif
