#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/oauth_int.h"
#include "net/oauth_login.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
visible(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s <= 0x20 || (unsigned char)*s >= 0x7f)
			__builtin_trap();
}

/* The first byte says what it is: a provider's answer with that status, or a browser's request. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const long statuses[] = { 200, 400, 401, 403, 429, 500 };
	struct oauth_tokens t = { 0 };
	struct oauth_answer a;
	struct oauth_back b;
	struct lp_err err;

	if (len == 0)
		return 0;
	if (data[0] % 7 == 6) {
		char *head = xmalloc(len);

		memcpy(head, data + 1, len - 1);
		if (oauth_back_parse(head, len - 1, &b)) {
			if (*b.state == '\0' || (*b.code == '\0') == (*b.error == '\0'))
				__builtin_trap();
			visible(b.state);
			visible(b.code);
			visible(b.error);
		}
		free(head);
		return 0;
	}
	if (oauth_parse(statuses[data[0] % 7], (const char *)data + 1, len - 1, &a, &err) == 0) {
		if (a.body == NULL || (a.status == 200) != (*a.error == '\0'))
			__builtin_trap();
		if (*a.error == '\0' && oauth_take(&a, 1000000, &t, &err) == 0) {
			if (t.expires_at <= t.issued_at || t.expires_at > t.issued_at + 86400000)
				__builtin_trap();
			visible(t.access);
			visible(t.refresh != NULL ? t.refresh : "");
		}
		oauth_tokens_clear(&t);
		oauth_answer_clear(&a);
	}
	return 0;
}
