#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "mail/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
good(const char *s, size_t most)
{
	if (s != NULL && (strlen(s) > most || !utf8_ok(s, strlen(s))))
		__builtin_trap();
}

/* Whatever comes in, what comes out is bounded, valid UTF-8. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct mail_in m;
	struct lp_err err;

	if (mail_parse((const char *)data, len, &m, &err) == 0) {
		good(m.subject, MAIL_FIELD_MAX);
		good(m.text, MAIL_TEXT_MAX);
		good(m.message_id, MAIL_FIELD_MAX);
		good(m.in_reply_to, MAIL_FIELD_MAX);
		good(m.return_path, MAIL_FIELD_MAX);
		if (m.text == NULL || m.nreferences > MAIL_LIST_MAX || m.nfrom > MAIL_LIST_MAX)
			__builtin_trap();
		for (size_t i = 0; i < m.nfrom; i++) {
			good(m.from[i].name, MAIL_FIELD_MAX);
			good(m.from[i].address, MAIL_FIELD_MAX);
		}
	}
	mail_in_clear(&m);
	return 0;
}
