#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "mail/bounce.h"
#include "mail/kind.h"
#include "mail/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define NOW INT64_C(1772445600000) /* 2 March 2026 */

static void
good(const char *s, size_t most)
{
	if (s != NULL && (strlen(s) > most || !utf8_ok(s, strlen(s))))
		__builtin_trap();
}

static void
check_bounce(const struct mail_in *m)
{
	struct mail_bounce b;

	if (mail_bounce(m, &b)) {
		if (b.n == 0 || b.n > BOUNCE_RCPT_MAX || (b.hard && b.n == 1 && b.ours))
			__builtin_trap();
		for (size_t i = 0; i < b.n; i++) {
			good(b.rcpt[i].address, 400);
			good(b.rcpt[i].status, 11);
			good(b.rcpt[i].diagnostic, 500);
			if (strcmp(b.rcpt[i].action, "failed") != 0 && strcmp(b.rcpt[i].action, "delayed") != 0)
				__builtin_trap();
		}
		good(b.message_id, MAIL_FIELD_MAX);
	} else if (b.n != 0 || b.message_id != NULL)
		__builtin_trap();
	mail_bounce_clear(&b);
}

/* Whatever comes in has a kind; what is told of it is valid, bounded, and no date is past or far ahead. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct mail_complaint c;
	struct mail_kind_of k;
	struct mail_in m;
	struct lp_err err;
	char *reply;

	if (mail_parse((const char *)data, len, &m, &err) == 0) {
		reply = mail_reply_text(m.text);
		mail_kind(&m, reply, NOW, &k);
		good(k.reason, sizeof(k.reason) - 1);
		if (k.until != 0 && (k.until <= NOW || k.until > NOW + 368 * LP_DAY || k.kind != MAIL_AUTO_REPLY))
			__builtin_trap();
		check_bounce(&m);
		mail_complaint(&m, &c);
		good(c.address, 400);
		mail_complaint_clear(&c);
		free(reply);
	}
	mail_in_clear(&m);
	return 0;
}
