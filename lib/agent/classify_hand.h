/*
 * classify_hand.h - what replies are, by hand: lines in, opinions out.  The offline classifier says it; where it is less sure than offline_threshold and
 * a model is configured, that one is asked, as it is in the pipeline, and no bolder (second.h).
 */
#ifndef LP_AGENT_CLASSIFY_HAND_H
#define LP_AGENT_CLASSIFY_HAND_H

#include <stdint.h>

#include "llm/classify.h"
#include "store/db.h"

struct asker;
struct classify_hand {
	const struct classifier *classifier;
	int64_t now;
	struct lp_db *db;               /* NULL, likewise asker: nobody else is asked */
	struct asker *asker;
	double threshold;
};

/*
 * classify_hand(h, fd, name, status, err): a line {"subject","text","original"} each to the end, an opinion (classified_json) each on standard output in their order,
 * with "brain" where a model said it, or "second_opinion": why it couldn't. What is wrong with a line is warned of by its number and *status
 * becomes LP_DATA. 0; -1 system or database trouble. Commits its calls.
 */
int classify_hand(const struct classify_hand *, int fd, const char *name, int *status, struct lp_err *);

#endif
