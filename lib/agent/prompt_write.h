/*
 * prompt_write.h - what a model is told that writes a message.  As prompt.h.
 */
#ifndef LP_AGENT_PROMPT_WRITE_H
#define LP_AGENT_PROMPT_WRITE_H

#include "agent/prompt.h"

struct prompt_writing {
	const char *brief;              /* the user's: what the message is to say */
	const char *goal, *tone, *language; /* of the campaign; NULL for none */
	const char *channel;
	const char *sender;             /* the name under it; NULL: no name is to be put there */
	bool with_subject;
	bool is_answer;                 /* to a reply: the last text of theirs in the situation */
	bool greeted;                   /* the greeting is put over it by the program, and the closing under it */
	bool footer;                    /* something stands under it */
	int max_words;
	int attempt;                    /* of the task: from the second on it asks for other words */
};

/*
 * prompt_write(db, writing, situation, memories, p, err): the answer is {"subject","body"}, or {"body"} where no subject is asked for. `system` is equal for
 * all messages of a step.
 */
int prompt_write(struct lp_db *, const struct prompt_writing *, const cJSON *situation, const cJSON *memories, struct prompt *, struct lp_err *);

/* prompt_write_words(w): our own words to it, without the user's: what must not come back. The caller frees. */
char *prompt_write_words(const struct prompt_writing *);

#endif
