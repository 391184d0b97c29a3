#include "llm/llm.h"

#include <stdlib.h>
#include <string.h>

#include "base/prog.h"

static const struct llm_provider *const providers[] = { &llm_offline };
static const char *const names[] = { "offline", NULL };

const struct llm_provider *
llm_get(const char *name, struct lp_err *err)
{
	const char *hint;

	for (size_t i = 0; i < sizeof(providers) / sizeof(providers[0]); i++)
		if (strcmp(providers[i]->name, name) == 0)
			return providers[i];
	hint = lp_did_you_mean(name, names);
	if (hint != NULL)
		lp_fail(err, LP_CONFIG, "llm_provider '%.40s': no such provider (did you mean '%s'?)", name, hint);
	else
		lp_fail(err, LP_CONFIG, "llm_provider '%.40s': no such provider in this version; there is 'offline'", name);
	return NULL;
}

void
brain_answer_clear(struct brain_answer *a)
{
	free(a->reasoning);
	cJSON_Delete(a->data);
	*a = (struct brain_answer){ 0 };
}
