#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "campaign/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const char *
lookup(void *ctx, const char *field)
{
	(void)ctx;
	return strlen(field) % 3 == 0 ? NULL : "{{value}}\n{a|b}";
}

static void
run(const char *text, bool spintax)
{
	struct template_choice c = { .seed = "s", .what = "w", .lead = 3 };
	struct lp_err err;
	struct template *t = template_compile(text, spintax, &err);
	struct buf a = { 0 }, b = { 0 };
	const struct template_use *u;
	size_t n, i, bare = 0;
	int ra;

	if (t == NULL)
		return;
	n = template_uses(t, &u);
	for (i = 0; i < n; i++) {
		if (u[i].line < 1 || u[i].col < 1 || u[i].field[0] == '\0')
			__builtin_trap();
		bare += !u[i].fallback && strlen(u[i].field) % 3 == 0;
	}
	ra = template_render(t, lookup, NULL, &c, TEMPLATE_LINE, &a, &err);
	if (ra != template_render(t, lookup, NULL, &c, TEMPLATE_LINE, &b, &err) || strcmp(buf_str(&a), buf_str(&b)) != 0)
		__builtin_trap(); /* the same, for ever */
	if (!spintax && (ra == -1) != (bare > 0) && a.len < 1000)
		__builtin_trap(); /* half filled, or refused without need */
	buf_free(&a);
	buf_free(&b);
	template_free(t);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text;

	if (memchr(data, '\0', len) != NULL)
		return 0;
	text = xstrndup((const char *)data, len);
	run(text, false);
	run(text, true);
	free(text);
	return 0;
}
