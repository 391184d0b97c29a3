/*
 * unit.h - what the unit tests share: cmocka, a failure that says why, instants as people write them, tables of cases that are data.
 */
#ifndef LP_TEST_UNIT_H
#define LP_TEST_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"

static inline void
must(bool ok, const struct lp_err *err)
{
	if (!ok)
		fail_msg("%s", err->msg);
}

static inline int64_t
ms(const char *iso)
{
	struct lp_err err = { 0 };
	int64_t at = 0;

	must(lp_iso_parse(iso, &at, &err) == 0, &err);
	return at;
}

/* each_case(name, least, fn): each line of test/data/NAME, a JSON object; there must be more than `least` of them. */
static inline void
each_case(const char *name, int least, void (*fn)(cJSON *))
{
	const char *top = getenv("LP_TOP");
	char *path = xasprintf("%s/test/data/%s", top != NULL ? top : ".", name), *line = NULL;
	FILE *f = fopen(path, "r");
	size_t cap = 0;
	int n = 0;

	assert_non_null(f);
	while (getline(&line, &cap, f) != -1) {
		cJSON *c = cJSON_Parse(line);

		n++;
		if (c == NULL)
			fail_msg("%s:%d: no JSON", path, n);
		fn(c);
		cJSON_Delete(c);
	}
	assert_true(n > least);
	fclose(f);
	free(line);
	free(path);
}

#endif
