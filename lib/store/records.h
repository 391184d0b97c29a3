/*
 * records.h - what the stages leave on record for a task: decisions and verdicts.  The envelope's members of the same names are
 * only views of these rows.  Nothing here commits.
 */
#ifndef LP_STORE_RECORDS_H
#define LP_STORE_RECORDS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/tasks.h"

struct decision {
	int64_t seq;
	char action[32];
	char *reasoning;
	double confidence;
	bool requires_approval;
	char *data;                     /* JSON object text */
	char brain[64];
	int64_t call;                   /* model_calls.seq, where a model was asked; 0 */
	char *memories;                 /* JSON array text of the handles it was made with, or NULL; kept in its log row alone */
};
void decision_clear(struct decision *);
void decision_copy(struct decision *, const struct decision *from);     /* *to holds nothing before */
/* decision_get(db, task, inputs_hash, d, err): 1, 0, -1. inputs_hash NULL: the task's last decision. */
int decision_get(struct lp_db *, int64_t task, const char *inputs_hash, struct decision *, struct lp_err *);
/* decision_put: stores it, sets d->seq, and logs it with its reasoning. */
int decision_put(struct lp_db *, const struct task *, const char *inputs_hash, struct decision *, struct lp_err *);
cJSON *decision_json(const struct decision *);

enum verdict { V_ALLOW, V_DELAY, V_HOLD, V_BLOCK };          /* the larger is the stricter */
enum hold { HOLD_NONE, HOLD_APPROVAL, HOLD_MEND };

struct verdict_row {
	int64_t seq;
	char stage[8];                  /* decide book draft gate send */
	enum verdict verdict;
	enum hold hold;                 /* of V_HOLD */
	int64_t until;                  /* of V_DELAY, ms */
	char *reason;
	char content_hash[LP_HEX_SIZE]; /* of the message judged; "" for none */
	int64_t ruleset;
	char *rules;                    /* JSON array text: {"id":"r5","name":…,"version":n} */
};
void verdict_clear(struct verdict_row *);
/* verdict_put(db, task, row, situation, err): stores it for the task's current try and sets row->seq; `situation` (JSON text or NULL) is
 * kept as the gate's input. `reason` NULL is "". Logs anything but allow. */
int verdict_put(struct lp_db *, const struct task *, struct verdict_row *, const char *situation, struct lp_err *);
/* verdict_last(db, task, stage, row, err): the last of the task's current try, of one stage or (NULL) of any: 1, 0, -1. */
int verdict_last(struct lp_db *, const struct task *, const char *stage, struct verdict_row *, struct lp_err *);
cJSON *verdict_json(const struct verdict_row *);              /* the envelope's "gate" */

#endif
