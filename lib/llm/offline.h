/* offline.h - between the files of the offline brain. */
#ifndef LP_LLM_OFFLINE_H
#define LP_LLM_OFFLINE_H

#include "llm/llm.h"

/* Each answers one kind of question; 0 always. */
int offline_classify(const struct brain_question *, struct brain_answer *);
int offline_referral(const struct brain_question *, struct brain_answer *);

#endif
