/*
 * gate_int.h - what gate.c and gate_before.c share. Not for others.
 */
#ifndef LP_AGENT_GATE_INT_H
#define LP_AGENT_GATE_INT_H

#include "agent/gate.h"
#include "rules/ruleset.h"
#include "rules/situation_rows.h"

struct gate {
	struct lp_db *db;               /* whose rules these are */
	int64_t version;
	char zone[64];
	bool lead_time;
	struct ruleset *set;
};

/* gate_now(db, err): the rules compiled, read again where they changed. The process's own, until the next call; NULL with err set. */
struct gate *gate_now(struct lp_db *, struct lp_err *);

/* rules_json(hits, n): [{"id","name","version"}], of the rules that matched or couldn't be judged; the caller frees. */
char *rules_json(const struct ruled *, size_t n);

/* rule_acted(db, t, hit, moment, err): count, log, notify and enqueue, once a task and moment. */
int rule_acted(struct lp_db *, const struct task *, const struct ruled *, const char *moment, struct lp_err *);

#endif
