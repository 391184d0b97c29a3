/* campaign_int.h - what the parts of the campaign reader share. */
#ifndef LP_CAMPAIGN_CAMPAIGN_INT_H
#define LP_CAMPAIGN_CAMPAIGN_INT_H

#include "campaign/campaign_def.h"

struct cdef_reader {
	const struct ydoc *doc;
	struct lp_err *err;
	bool spintax;
	bool thread;            /* an earlier step began a thread that a mail without subject can go into */
};

/* All return 0, or -1 with the place. A NULL node leaves the output as it was. */
/* Text with something in it, and without control characters but, where asked, line feeds and tabs. */
int cdef_text(struct cdef_reader *, const struct ynode *, bool lines, const char **out);
/* Refuse a word, with the nearest known one or all of them. Always -1. */
int cdef_bad_word(struct cdef_reader *, const struct ynode *, const char *what, const char *const *words);
bool cdef_one_of(const char *, const char *const *words);
/* Into *out in place of what was there. */
int cdef_whatsapp_template(struct cdef_reader *, const struct ynode *, const char *channel, cJSON **out);
int cdef_template(struct cdef_reader *, const struct ynode *, const char *text);
int cdef_steps(struct cdef_reader *, const struct ynode *campaign, cJSON *def);
int cdef_answers(struct cdef_reader *, const struct ynode *campaign, cJSON *def);
int cdef_writing(struct cdef_reader *, const struct ynode *campaign, cJSON *def);
/* A response that is a map: {brief: ...}. */
int cdef_response_brief(struct cdef_reader *, const struct ynode *, cJSON *responses);

#endif
