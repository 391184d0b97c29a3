#include "agent/notices.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"


enum { WHOLE_MAX = 30, LISTED_MAX = 100, MESSAGE_MAX = 4000, TITLE_MAX = 160 };

char *
notices_line(const char *s, size_t most)
{
	struct buf b = { 0 };
	size_t n = strlen(s);
	char *cut;

	for (n = n < most ? n : most; n > 0 && n < strlen(s) && ((unsigned char)s[n] & 0xc0) == 0x80; n--)
		;
	cut = xstrndup(s, n);
	text_line(&b, cut);
	free(cut);
	return buf_steal(&b);
}

char *
notices_subject(const struct notice_row *rows, size_t n)
{
	char *title, *s;

	if (n != 1)
		return xasprintf("LeadPilot: %zu things need you", n);
	title = notices_line(rows[0].title, TITLE_MAX);
	s = xasprintf("LeadPilot: %s", title);
	free(title);
	return s;
}

static void
one(struct buf *out, const struct notice_row *x, size_t number, size_t n)
{
	char *title = notices_line(x->title, 2 * TITLE_MAX), *command = x->command != NULL ? notices_line(x->command, 2 * TITLE_MAX) : NULL, *message;
	size_t end = strlen(x->message);

	if (n > 1)
		buf_printf(out, "%zu. ", number);
	buf_printf(out, "%s\n", title);
	if (number <= WHOLE_MAX) {
		for (end = end < MESSAGE_MAX ? end : MESSAGE_MAX; end > 0 && ((unsigned char)x->message[end] & 0xc0) == 0x80; end--)
			;
		while (end > 0 && strchr(" \t\r\n", x->message[end - 1]) != NULL)
			end--;
		message = xstrndup(x->message, end);
		text_safe(out, message, "   ");
		free(message);
	}
	if (command != NULL)
		buf_printf(out, "   > %s\n", command);
	buf_putc(out, '\n');
	free(title);
	free(command);
}

void
notices_text(struct buf *out, const struct notice_row *rows, size_t n, const char *file)
{
	size_t shown = n < LISTED_MAX ? n : LISTED_MAX, i;

	for (i = 0; i < shown; i++)
		one(out, &rows[i], i + 1, n);
	if (shown < n)
		buf_printf(out, "And %zu more: lp-inbox notices\n\n", n - shown);
	buf_puts(out, "Done with:\n   > lp-inbox done");
	for (i = 0; i < shown; i++)
		buf_printf(out, " n%" PRId64, rows[i].seq);
	buf_puts(out, "\n-- \n");
	text_safe(out, file, "");
}
