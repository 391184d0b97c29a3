#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "mail/hidden.h"
#include "mail/optout.h"
#include "mail/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What a person wrote is no more than what came, and as valid. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = xstrndup((const char *)data, len), *reply = mail_reply_text(text), *seen = mail_visible(text);
	size_t n = strlen(reply);

	if (n > strlen(text) + 1 || (n > 0 && reply[n - 1] != '\n') || strlen(seen) > strlen(text))
		__builtin_trap();
	if (utf8_ok(text, strlen(text)) && (!utf8_ok(reply, n) || !utf8_ok(seen, strlen(seen))))
		__builtin_trap();
	mail_opts_out(text, reply);
	mail_opts_out(NULL, seen);
	free(seen);
	free(reply);
	free(text);
	return 0;
}
