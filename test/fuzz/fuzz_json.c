#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What parses prints, and what was printed parses to the same. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct lp_err err;
	cJSON *v = json_parse((const char *)data, len, &err), *again;
	char *a, *b;

	if (v == NULL)
		return 0;
	a = json_canon(v);
	again = json_parse(a, strlen(a), &err);
	if (again == NULL)
		__builtin_trap();
	b = json_canon(again);
	if (strcmp(a, b) != 0)
		__builtin_trap();
	free(a);
	free(b);
	cJSON_Delete(v);
	cJSON_Delete(again);
	return 0;
}
