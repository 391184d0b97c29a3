#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "mail/html.h"
#include "mail/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
good(const char *s, size_t most)
{
	if (s != NULL && (strlen(s) > most || !utf8_ok(s, strlen(s))))
		__builtin_trap();
}

/* Bytes that no mail holds, but that the HTML reader gets from one: UTF-8. */
static void
html(const char *s, size_t len)
{
	char *text;

	if (!utf8_ok(s, len))
		return;
	text = mail_html_text(s, len);
	good(text, 1 << 20);
	free(text);
}

/* Whatever comes in, what comes out is bounded, valid UTF-8. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct mail_in m;
	struct lp_err err;

	if (mail_parse((const char *)data, len, &m, &err) == 0) {
		good(m.reply_to, MAIL_FIELD_MAX);
		good(m.delivered_to, MAIL_FIELD_MAX);
		good(m.list_id, MAIL_FIELD_MAX);
		good(m.html, MAIL_HTML_MAX);
		good(m.report, MAIL_TEXT_MAX);
		good(m.original, MAIL_TEXT_MAX);
		good(m.calendar, MAIL_TEXT_MAX);
		good(m.calendar_method, MAIL_FIELD_MAX);
		for (size_t i = 0; i < m.nparts; i++) {
			good(m.parts[i].filename, 255);
			good(m.parts[i].type, 200);
			if (strpbrk(m.parts[i].filename != NULL ? m.parts[i].filename : "", "/\\") != NULL || m.parts[i].size > 4 * len + 1000)
				__builtin_trap();
		}
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
	html((const char *)data, len);
	return 0;
}
