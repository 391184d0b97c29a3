/*
 * proposal.h - what a model proposes, made harmless.  Pure.  It picks among the actions that were offered and may ask for an approval; of what it sends along
 * only the few members that an action needs are kept, each checked. Who is written to, from where, and within which limits isn't among them.
 */
#ifndef LP_AGENT_PROPOSAL_H
#define LP_AGENT_PROPOSAL_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "store/records.h"

#define PROPOSAL_REASON_MAX 1000 /* bytes of its reasoning that are kept */

/*
 * proposal_read(json, task type, actions, now, d, why, size): 0 and *d (action, reasoning, confidence, requires_approval, data), the caller's; -1 and what is wrong, for
 * the second try and for people: no such action, a confidence that is no number from 0 to 1, no reasoning. What was left out of data is
 * told in `why` too (with 0; "" for nothing).
 */
int proposal_read(const cJSON *, const char *task_type, const char *const *actions, int64_t now, struct decision *d, char *why, size_t size);

/* proposal_line(text, most): one line of it without control characters and direction marks, cut between characters; the caller frees. */
char *proposal_line(const char *, size_t most);

#endif
