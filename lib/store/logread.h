/*
 * logread.h - reading the audit trail: lists, one thing's whole story, and the proof that nothing was taken out.
 */
#ifndef LP_STORE_LOGREAD_H
#define LP_STORE_LOGREAD_H

#include <cjson/cJSON.h>
#include <stdint.h>

#include "store/db.h"

struct log_filter {
	const char *type;               /* NULL for any */
	int64_t task, lead, campaign;   /* 0 for any */
	int64_t since, until;           /* ms; 0 for none; until is not included */
	int64_t after;                  /* only rows with a larger seq; 0 for all */
	int64_t limit;
};
/* log_list(db, filter, err): the newest rows that fit, oldest first, as an array: {id, uuid, created_at, log_type, task_id, …, message, reasoning,
 * confidence, details}.  A payload that was erased leaves "erased": true.  The UUID is made of the row's time and hash. NULL on failure. */
cJSON *log_list(struct lp_db *, const struct log_filter *, struct lp_err *);
int64_t log_seq(const cJSON *row);      /* of an element of log_list */
int log_type_ok(const char *);

/* log_named(db, word, &kind, &seq, err): what a word names: a handle of any kind, a UUID, an e-mail address (its lead), the name of a campaign, an account or
 * a rule. 0; -1 with LP_NO. That the row of a handle is there isn't looked at. */
int log_named(struct lp_db *, const char *word, char *kind, int64_t *seq, struct lp_err *);

/*
 * log_why(db, word, err): the whole story of what log_named finds: an object with the rows that there are: "lead", "task", "message", "reply", "about" (an
 * account, meeting, notice, memory or enrolment itself), "calls" (of models), "decisions", "verdicts" (with the situation judged), "approvals", "outbox", "replies" (with their
 * texts), "memories", "notices" and "log" in order of time, its decisions with the "memories" that they were made with.  An approval, a notice, a meeting
 * and a log row are told as their task; a campaign and an account without what is a single lead's.  NULL: LP_NO where there is no such thing.
 */
cJSON *log_why(struct lp_db *, const char *word, struct lp_err *);

struct log_proof {
	int64_t rows, erased;           /* rows verified; of them without payload, lead erased */
	int64_t head;                   /* the last row: its seq and hash; 0 for an empty log */
	char hash[LP_HEX_SIZE];
	int64_t bad;                    /* the first row that isn't as it was; 0: none */
	char why[200];
};
/*
 * log_verify(db, noted, proof, err): walks the chain once, on one snapshot. 1 it holds, 0 it doesn't (bad and why), -1. `noted` (NULL for none) is a
 * head that was printed before, "g12 HASH" or the hash alone: that row must be there still, whatever came after it; LP_USAGE where it is no head.
 */
int log_verify(struct lp_db *, const char *noted, struct log_proof *, struct lp_err *);

#endif
