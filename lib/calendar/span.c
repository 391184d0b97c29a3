#include "calendar/span.h"

#include <stdlib.h>

#include "base/mem.h"

void
spans_add(struct spans *s, int64_t from, int64_t until)
{
	if (until <= from)
		return;
	if (s->n == s->cap) {
		s->cap = s->cap != 0 ? 2 * s->cap : 64;
		s->at = xrealloc(s->at, s->cap * sizeof(*s->at));
	}
	s->at[s->n++] = (struct busy_span){ from, until };
}

static int
by_start(const void *a, const void *b)
{
	const struct busy_span *x = a, *y = b;

	return x->from != y->from ? (x->from < y->from ? -1 : 1) : (x->until > y->until) - (x->until < y->until);
}

void
spans_join(struct spans *s)
{
	size_t k = 0;

	if (s->n == 0)
		return;
	qsort(s->at, s->n, sizeof(*s->at), by_start);
	for (size_t i = 1; i < s->n; i++) {
		if (s->at[i].from > s->at[k].until)
			s->at[++k] = s->at[i];
		else if (s->at[i].until > s->at[k].until)
			s->at[k].until = s->at[i].until;
	}
	s->n = k + 1;
}
