#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/normal.h"
#include "source/leadfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What would be stored is well-formed, its address can stand in a header, and it reads back as the same lead. */
static void
judge(const cJSON *lead)
{
	const char *email = json_str(lead, "email");
	char *text = json_print(lead), *again;
	struct lead_row row;
	struct leadfile *f;
	struct buf b = { 0 };
	struct lp_err err;

	if (!utf8_ok(text, strlen(text)))
		__builtin_trap();
	if (email != NULL && ((again = normal_email(email, &err)) == NULL || strcmp(again, email) != 0 || strpbrk(email, "\r\n ,;<>") != NULL))
		__builtin_trap();
	else if (email != NULL)
		free(again);
	buf_puts(&b, text);
	f = leadfile_parse(&b, "again", &err);
	if (f == NULL || leadfile_next(f, &row, &err) != 1)
		__builtin_trap();
	if (email != NULL && strcmp(email, json_str(row.lead, "email")) != 0)
		__builtin_trap();
	cJSON_Delete(row.lead);
	free(row.opt_out);
	leadfile_free(f);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct buf b = { 0 };
	struct lead_row row;
	struct lp_err err;
	struct leadfile *f;
	size_t line = 0;
	int got;

	buf_add(&b, data, len);
	if ((f = leadfile_parse(&b, "fuzz", &err)) == NULL)
		return 0;
	while ((got = leadfile_next(f, &row, &err)) != 0) {
		if (row.line < line) /* only forward: an unclosed quote is given up line by line */
			__builtin_trap();
		line = row.line;
		if (got == -1)
			continue;
		judge(row.lead);
		cJSON_Delete(row.lead);
		free(row.opt_out);
	}
	leadfile_free(f);
	return 0;
}
