/*
 * enqueue.h - tasks from outside, as JSON.
 */
#ifndef LP_AGENT_ENQUEUE_H
#define LP_AGENT_ENQUEUE_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

/*
 * enqueue_json(db, o, &seq, err): {"task_type", "lead_id", "campaign_id", "account_id", "message_id", "input_data", "priority",
 * "scheduled_for", "dedupe_key"}: names as people type them (l12 or an address, c3 or a name, …).  1 added, 0 a live task has the key (*seq is
 * its), -1.  LP_DATA names the member; also a type that nobody carries out in this version.  For send_message and follow_up the
 * message is the one named, else the lead's next planned one (in the campaign, where named): nothing but a planned message is ever sent.
 * The caller holds a transaction.
 */
int enqueue_json(struct lp_db *, const cJSON *, int64_t *seq, struct lp_err *);

struct enqueue_count {
	int64_t added, known, refused;
};
/* enqueue_lines(db, fd, dry, n, err): JSON Lines to the end, committed in bursts; bad lines are reported on standard error with their
 * number and counted. 0, or -1 for database or system trouble. */
int enqueue_lines(struct lp_db *, int fd, bool dry, struct enqueue_count *, struct lp_err *);

#endif
