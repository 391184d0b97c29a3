/*
 * proposed.h - somebody who was named in a reply, taken in as a lead once a person has said yes.  Nothing here commits.
 */
#ifndef LP_AGENT_PROPOSED_H
#define LP_AGENT_PROPOSED_H

#include "store/records.h"

/*
 * proposed_lead(db, d, &why, err): the decision's data is {"email","name","named_by","named_in"}. *why, the caller's, says what came of it: new,
 * known, or refused with the reason (suppressed). The lead's source says who named them, and where. In no campaign. 0 or -1.
 */
int proposed_lead(struct lp_db *, const struct decision *, char **why, struct lp_err *);

#endif
