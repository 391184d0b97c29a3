#include "sender/slots.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/mem.h"

/* The instant that is `s` open seconds into the day. */
static int64_t
open_second(const struct hours_window *w, size_t nw, int64_t s)
{
	int64_t len;

	for (size_t i = 0; i < nw; i++) {
		len = (w[i].until - w[i].from) / LP_SECOND;
		if (s < len)
			return w[i].from + s * LP_SECOND;
		s -= len;
	}
	return w[nw - 1].until - LP_SECOND; /* not reached: every place is below the total */
}

size_t
slots_make(const struct slots_plan *p, const struct hours_window *w, size_t nw, int64_t *out)
{
	int64_t total = 0, n = p->capacity, gap = p->gap_s > 0 ? p->gap_s : 1, begin, end, room;
	char *what;

	for (size_t i = 0; i < nw; i++)
		total += (w[i].until - w[i].from) / LP_SECOND;
	if (n > SLOTS_MAX)
		n = SLOTS_MAX;
	if (n > total / gap)
		n = total / gap;
	if (n <= 0)
		return 0;
	what = xasprintf("slot:%s:%" PRId64, p->account, p->day);
	for (int64_t k = 0; k < n; k++) {
		/* parts from rounding the exact cuts: the remainder is spread over the day, not left at its end */
		begin = total * k / n;
		end = total * (k + 1) / n;
		room = end - begin - gap;
		if (p->jitter_s >= 0 && room > p->jitter_s)
			room = p->jitter_s;
		out[k] = open_second(w, nw, begin + (int64_t)(lp_seeded(p->seed, what, k) % (uint64_t)(room + 1)));
	}
	free(what);
	return (size_t)n;
}

int64_t
slots_ramp(int64_t start, int64_t step, int64_t limit, int64_t days)
{
	int64_t allowed;

	if (days < 0)
		return 0;
	if (step <= 0)
		allowed = start;
	else
		allowed = days > (limit - start) / step ? limit : start + step * days;
	return allowed < limit ? allowed : limit;
}

int64_t
slots_capacity(int64_t allowed, int64_t answer_percent)
{
	return allowed - allowed * answer_percent / 100;
}
