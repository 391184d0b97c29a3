#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Every scalar that was read can be written so that it is read as the same string again. */
static void
comes_back(const struct ynode *n, int indent)
{
	struct lp_err err;
	struct ydoc *d;
	char *y, *text;
	size_t i;

	for (i = 0; i < n->nkids; i++)
		comes_back(n->kids[i], indent);
	if (n->kind != Y_SCALAR)
		return;
	y = yaml_emit_str(n->s, indent);
	text = xasprintf(indent > 0 ? "a:\n  b: %s\nc: d\n" : "a: {b: %s, x: y}\nc: d\n", y);
	d = yaml_parse(text, strlen(text), "emitted", &err);
	if (d == NULL || d->root->nkids != 2 || strcmp(d->root->kids[0]->kids[0]->s, n->s) != 0)
		__builtin_trap();
	ydoc_free(d);
	free(text);
	free(y);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct lp_err err;
	struct ydoc *d = yaml_parse((const char *)data, len, "fuzz", &err);
	cJSON *v;

	if (d == NULL)
		return 0;
	v = yaml_json(d->root);
	cJSON_Delete(v);
	if (d->root != NULL) {
		comes_back(d->root, 0);
		comes_back(d->root, 4);
	}
	ydoc_free(d);
	return 0;
}
