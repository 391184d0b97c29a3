/*
 * log.h - adding to the audit trail.  Call it in the transaction of the change it tells of: they commit together or not at all.
 * The chain's format is written down in schema/001-leadpilot.sql, table agent_logs.
 */
#ifndef LP_STORE_LOG_H
#define LP_STORE_LOG_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

struct log_entry {
	const char *type;           /* decision, action, observation, learning, error, approval, rule_triggered */
	int64_t task, lead, campaign, message, inbox, account, rule; /* seqs; 0 for none */
	int rule_version;
	const char *text;           /* one line for people */
	const char *reasoning;      /* or NULL */
	double confidence;          /* used only with reasoning */
	const char *details;        /* JSON text, or NULL */
};

/* log_add(db, entry, err): append. The caller holds a transaction. Returns 0 or -1. */
int log_add(struct lp_db *, const struct log_entry *, struct lp_err *);

/* The hashes, for whoever verifies. Text of numbers is decimal; `confidence` prints as %.17g, NULL where there is none. */
void log_payload_hash(const unsigned char salt[16], const char *message, const char *reasoning, const char *confidence,
    const char *details, unsigned char out[LP_HASH_SIZE]);
struct log_row {
	int64_t seq;
	const char *created_at, *log_type;
	int64_t ids[8];             /* task lead campaign message inbox account rule rule_version; 0 is NULL */
	const unsigned char *payload_hash;
};
void log_row_hash(const struct log_row *, const unsigned char prev[LP_HASH_SIZE], unsigned char out[LP_HASH_SIZE]);

#endif
