#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "rules/cond.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* {"condition":…,"situation":…,"lists":…}: what compiles is judged alike by itself and with its explanation. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct lp_err err;
	cJSON *in = json_object((const char *)data, len, &err), *lists, *x, *matched;
	struct condset *set;
	struct cond *c;
	struct facts *f;
	enum tri t;

	if (in == NULL)
		return 0;
	lists = json_get(in, "lists");
	set = condset_new(cJSON_IsObject(lists) ? lists : NULL);
	cond_compile(set, json_get(in, "condition"), 0, &err);
	if ((c = cond_compile(set, json_get(in, "condition"), COND_OPEN, &err)) != NULL) {
		f = facts_new(set);
		facts_load(f, json_get(in, "situation"), 0);
		t = cond_eval(c, f);
		x = cond_explain(c, f);
		matched = json_get(x, "matched");
		if (cJSON_IsNull(matched) != (t == TRI_NULL) || cJSON_IsTrue(matched) != (t == TRI_TRUE))
			__builtin_trap();
		cJSON_Delete(x);
		facts_free(f);
	}
	condset_free(set);
	cJSON_Delete(in);
	return 0;
}
