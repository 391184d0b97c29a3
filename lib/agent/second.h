/*
 * second.h - a model's second opinion beside what code sees and the offline brain thinks: it may be more careful than they are, never bolder.  Pure.
 *
 * - An approval that the first opinion asks for stays asked for.
 * - A mail that no person wrote, and words that ask not to be written to, are what code says they are, whatever a model makes of them.
 * - Where code sees a refusal, a complaint or words to a machine and the model sees interest, nobody is sure, and a person looks; the same where code is
 *   fairly sure of one class and the model of another that is answered.
 * - An absence lets a sequence go on, so a model alone can't say one.
 * - Somebody who is named stands in the reply's own words, or nobody is named.
 * - To somebody who is not sure to want it no invitation goes by itself.
 */
#ifndef LP_AGENT_SECOND_H
#define LP_AGENT_SECOND_H

#include "store/inbox.h"
#include "store/records.h"

#define SECOND_SURE 0.6  /* from here on the first opinion may be acted on (llm/classify.h) */
#define SECOND_DOUBT 0.2 /* the most that an opinion is worth which code contradicts */

/* second_check(task type, first, in, d, why, size): *d, a model's, made no bolder than that. `in` is the reply, or NULL. why (kept as it is where there is nothing to tell)
 * gets what was changed, in a line. */
void second_check(const char *task_type, const struct decision *first, const struct inbox_message *in, struct decision *d, char *why, size_t size);

#endif
