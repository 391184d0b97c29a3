#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "calendar/busy.h"
#include "calendar/itip.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
good(const char *s, size_t most)
{
	if (s != NULL && (strlen(s) > most || !utf8_ok(s, strlen(s))))
		__builtin_trap();
}

/* Whatever comes in, what comes out is bounded, valid UTF-8; what is taken lies in order and touches the window. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const int64_t from = INT64_C(1795392000000), until = from + 30 * LP_DAY; /* 2026-11-23 */
	char *text = xstrndup((const char *)data, len);
	struct busy_span *s;
	struct itip_answer a;
	struct lp_err err = { 0 };
	size_t n;

	if (itip_read(text, &a, &err) == 0) {
		good(a.uid, ITIP_FIELD_MAX);
		good(a.summary, ITIP_FIELD_MAX);
		good(a.attendee, ITIP_FIELD_MAX);
		good(a.organizer, ITIP_FIELD_MAX);
		good(a.comment, ITIP_TEXT_MAX);
		good(a.partstat, 40);
		if (a.uid == NULL || a.sequence < 0 || (a.ends != 0 && a.ends <= a.starts))
			__builtin_trap();
	} else if (err.kind != LP_DATA)
		__builtin_trap();
	itip_answer_clear(&a);
	free(text);
	if (busy_read((const char *)data, len, "Europe/Berlin", from, until, &s, &n, &err) == 0) {
		for (size_t i = 0; i < n; i++)
			if (s[i].until <= s[i].from || s[i].until <= from || s[i].from >= until || (i > 0 && s[i].from <= s[i - 1].until))
				__builtin_trap();
		free(s);
	} else if (err.kind != LP_DATA)
		__builtin_trap();
	return 0;
}
