#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mail/authres.h"
#include "net/imap.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The header of a mail as any server may have left it. What is taken from it is bounded, printable and without blanks. */
static void
good(const char *s, size_t size)
{
	if (memchr(s, '\0', size) == NULL)
		__builtin_trap();
	for (; *s != '\0'; s++)
		if (*s <= 0x20 || *s > 0x7e)
			__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct mail_auth a;
	struct buf wire = { 0 };
	char out[64], *text;

	mail_auth((const char *)data, len, "ours.example", &a);
	good(a.by, sizeof(a.by));
	good(a.dkim, sizeof(a.dkim));
	good(a.dkim_domain, sizeof(a.dkim_domain));
	good(a.spf, sizeof(a.spf));
	good(a.spf_domain, sizeof(a.spf_domain));
	good(a.dmarc, sizeof(a.dmarc));
	good(a.received_spf, sizeof(a.received_spf));
	good(a.sign_domain, sizeof(a.sign_domain));
	if (a.dkim_aligned && strstr(a.dkim_domain, "ours.example") == NULL)
		__builtin_trap();
	text = xstrndup((const char *)data, len);
	if (mail_tag(text, "p", out, sizeof(out)) > 0 && strlen(out) >= sizeof(out))
		__builtin_trap();
	if (imap_folder(text, &wire))
		for (const char *s = buf_str(&wire); *s != '\0'; s++)
			if (*s < 0x20 || *s > 0x7e)
				__builtin_trap();
	buf_free(&wire);
	free(text);
	return 0;
}
