#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "rules/rulelang.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
fixed_point(const char *text)
{
	struct lp_err err;
	cJSON *c = when_parse(text, &err), *again;
	char *a, *b;

	if (c == NULL)
		return;
	if ((a = when_dump(c, &err)) == NULL || (again = when_parse(a, &err)) == NULL || (b = when_dump(again, &err)) == NULL)
		__builtin_trap();
	if (strcmp(a, b) != 0)
		__builtin_trap();
	free(a);
	free(b);
	cJSON_Delete(c);
	cJSON_Delete(again);
}

static void
then_fixed_point(enum rule_type type, const char *text)
{
	struct lp_err err;
	cJSON *a = then_parse(type, text, &err), *again;
	char *x, *y;

	if (a == NULL)
		return;
	if ((x = then_dump(a, &err)) == NULL || (again = then_parse(type, x, &err)) == NULL || (y = then_dump(again, &err)) == NULL)
		__builtin_trap();
	if (strcmp(x, y) != 0)
		__builtin_trap();
	free(x);
	free(y);
	cJSON_Delete(a);
	cJSON_Delete(again);
}

/* What is read is written, and that reads and writes the same. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = xstrndup((const char *)data, len);
	int t;

	fixed_point(text);
	for (t = 0; t < RULE_TYPES; t++)
		then_fixed_point((enum rule_type)t, text);
	free(text);
	return 0;
}
