#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "calendar/wishes.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Whatever is written, a wish is a window that isn't over. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const int64_t now = INT64_C(1795424400000); /* 2026-11-23T09:00Z */
	char *text = xstrndup((const char *)data, len);
	struct wish w[32];
	int n = wishes_read(text, now, "America/New_York", w, 32);

	if (n < 0 || n > 32)
		__builtin_trap();
	for (int i = 0; i < n; i++)
		if (w[i].from < now || w[i].until <= w[i].from || w[i].kind > WISH_SPAN)
			__builtin_trap();
	free(text);
	return 0;
}
