/* The section config: of a YAML file; and any text as the value of any key. */
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "store/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *text = xstrndup((const char *)data, n), *stored, *shown, *again;
	struct ydoc *doc = yaml_parse((const char *)data, n, "fuzz", NULL);
	struct config_file f;

	if (doc != NULL && config_file_read(doc, &f, NULL) == 0)
		config_file_free(&f);
	ydoc_free(doc);
	for (size_t i = 0; i < config_nkeys; i++) {
		/* the zone's refusal walks through all zone files: too slow for here, and fuzz_hours asks it */
		if (config_keys[i].type == C_ZONE || config_value(&config_keys[i], text, &stored, NULL) == -1)
			continue;
		/* what is shown can be typed again and is the same */
		shown = config_shown(&config_keys[i], stored);
		if (config_value(&config_keys[i], shown, &again, NULL) == -1 || (stored == NULL) != (again == NULL))
			abort();
		free(shown);
		free(stored);
		free(again);
	}
	free(text);
	return 0;
}
