/*
 * memory.h - what the agent keeps in mind: of a lead, of a campaign, or of all.  Nothing here commits; changes write their log rows.
 *
 * There is one memory for a type, key, lead and campaign.  What is of a lead never reaches a task of another; text that came from a lead
 * (lead_context, conversation) can be memory of that lead only.
 */
#ifndef LP_STORE_MEMORY_H
#define LP_STORE_MEMORY_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/tasks.h"

#define MEMORY_KEY_MAX 256      /* bytes; a key is one line */
#define MEMORY_VALUE_MAX 8192   /* bytes: a memory is read with every decision it is relevant to */
#define MEMORY_IMPORTANCE 0.5   /* where none is given */
#define MEMORY_OLD (90 * LP_DAY)
#define MEMORY_DEAR 0.8         /* from here on age doesn't clear it away */

struct memory_new {
	const char *type, *key, *value;
	const char *metadata;           /* JSON object text; NULL is {} */
	int64_t lead, campaign;         /* 0 for none */
	double importance;              /* 0 to 1 */
	int64_t expires;                /* ms; 0 for never */
};
/* memory_put(db, new, &seq, err): 1 new; 0 known by type, key, lead and campaign, and now as given; -1 (LP_DATA: what is wrong with it). */
int memory_put(struct lp_db *, const struct memory_new *, int64_t *seq, struct lp_err *);

/*
 * memory_relevant(db, task, limit, err): what a stage should know for this task: three learnings whose key names its type, five memories of
 * its lead, three of its campaign, three strategies; each once, the important and then the newest first, at most `limit`. An array of id,
 * memory_type, key, value, importance (empty where there is nothing), or NULL.
 */
cJSON *memory_relevant(struct lp_db *, const struct task *, int limit, struct lp_err *);

/* memory_match(words): words as a query of the full-text index: each word a phrase, any of them. Nothing in it is syntax. The caller frees;
 * NULL where there is no letter and no digit in it. */
char *memory_match(const char *words);

struct memory_filter {
	const char *type;               /* NULL for any */
	int64_t lead, campaign;         /* 0 for any */
	int64_t since;                  /* changed from then on; 0 for any */
	int64_t limit;
};
/* memory_list: newest change first, whole rows, also what has expired. memory_search: what matches any of the words and hasn't expired, by
 * relevance times importance, among the newest 2,000 that match. Arrays; NULL on failure (LP_USAGE: no words). */
cJSON *memory_list(struct lp_db *, const struct memory_filter *, struct lp_err *);
cJSON *memory_search(struct lp_db *, const char *words, const struct memory_filter *, struct lp_err *);

/* memory_forget: 1, 0 no such memory, -1. memory_forget_lead: how many were the lead's, or -1. */
int memory_forget(struct lp_db *, int64_t seq, struct lp_err *);
int memory_forget_lead(struct lp_db *, int64_t lead, struct lp_err *);
/* memory_cleanup(db, before, below, err): what has expired, whatever it is; and what was last changed before then and is less important than
 * `below`, save preferences and facts, which don't age. Returns how many, or -1. */
int memory_cleanup(struct lp_db *, int64_t before, double below, struct lp_err *);

#endif
