/* What a server says, whole or byte by byte: the same, bounded, one line of printable text; and what is made of it. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "channel/smtp.h"
#include "net/smtp_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
printable(const char *s, size_t most)
{
	if (strlen(s) > most)
		__builtin_trap();
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			__builtin_trap();
}

static void
judge(const struct smtp_answer *a)
{
	for (int at = SMTP_AT_READY; at <= SMTP_AT_END; at++) {
		struct smtp_outcome o = { .end = a->code >= 400 ? SMTP_SAID_NO : SMTP_TAKEN, .at = (enum smtp_at)at, .code = a->code };
		struct channel_result r;

		memcpy(o.text, a->text, sizeof(o.text));
		smtp_result(&o, &r);
		printable(r.text, sizeof(r.text) - 1);
		if (r.state == CHANNEL_UNKNOWN || (r.state == CHANNEL_ACCEPTED) != (o.end == SMTP_TAKEN) ||
		    (r.blame == BLAME_ADDRESS && (r.state != CHANNEL_REFUSED || at <= SMTP_AT_MAIL)))
			__builtin_trap();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct smtp_answer whole = { 0 }, bytes = { 0 };
	struct smtp_offer offer = { 0 };
	const char *s = (const char *)data;
	struct buf wire = { 0 };
	size_t used, one, fed = 0;
	int r = smtp_answer_add(&whole, s, len, &used), each = 0;

	while (each == 0 && fed < len) {
		each = smtp_answer_add(&bytes, s + fed, 1, &one);
		fed++;
	}
	if (each != r || whole.code != bytes.code || strcmp(whole.text, bytes.text) != 0 || (r == 1 && fed != used))
		__builtin_trap();
	printable(whole.text, sizeof(whole.text) - 1);
	if (r == 1)
		judge(&whole);
	for (size_t i = 0, n; i < len; i += n + 1) {
		const char *nl = memchr(s + i, '\n', len - i);
		char line[512];

		n = nl != NULL ? (size_t)(nl - s) - i : len - i;
		if (n >= sizeof(line))
			continue;
		memcpy(line, s + i, n);
		line[n] = '\0';
		smtp_offer_line(&offer, line);
	}
	/* nothing in a message ends it but its end */
	smtp_wire(s, len, &wire);
	for (size_t i = 0; i + 4 <= wire.len; i++)
		if (memcmp(wire.s + i, "\n.\r\n", 4) == 0 && i + 4 != wire.len)
			__builtin_trap();
	buf_free(&wire);
	return 0;
}
