#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "campaign/campaign_def.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static size_t
read_all(const char *text, size_t len, cJSON ***defs)
{
	struct lp_err err;
	struct ydoc *d = yaml_parse(text, len, "fuzz", &err);
	size_t n = 0;

	*defs = NULL;
	if (d != NULL && campaign_defs(d, defs, &n, &err) == -1)
		n = 0;
	ydoc_free(d);
	return n;
}

/* What was read can be written, and reads back as the same definition. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	cJSON **defs, **again;
	size_t n = read_all((const char *)data, len, &defs), i;

	for (i = 0; i < n; i++) {
		char *yaml = campaign_def_yaml(defs[i]), a[LP_HEX_SIZE], b[LP_HEX_SIZE];

		if (read_all(yaml, strlen(yaml), &again) != 1)
			__builtin_trap();
		if (strcmp(json_hash(defs[i], a), json_hash(again[0], b)) != 0)
			__builtin_trap();
		cJSON_Delete(again[0]);
		free(again);
		free(yaml);
		cJSON_Delete(defs[i]);
	}
	free(defs);
	return 0;
}
