#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <sqlite3.h>

#include "store/memory.h"

static void
a_question_is_words(void **state)
{
	static const struct {
		const char *words, *match; /* NULL: nothing to look for */
	} table[] = {
		{ "price", "\"price\"" },
		{ "  what's the\tprice? ", "\"what's\" OR \"the\" OR \"price?\"" },
		{ "AND OR NOT NEAR", "\"AND\" OR \"OR\" OR \"NOT\" OR \"NEAR\"" },
		{ "a\"b \"c", "\"a\"\"b\" OR \"\"\"c\"" },
		{ "key:x* ^y -z (w)", "\"key:x*\" OR \"^y\" OR \"-z\" OR \"(w)\"" },
		{ "Z\xc3\xbcrich ?", "\"Z\xc3\xbcrich\"" },
		{ "", NULL },
		{ " ?! \"\" - ", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		char *m = memory_match(table[i].words);

		if (table[i].match == NULL)
			assert_null(m);
		else
			assert_string_equal(m, table[i].match);
		free(m);
	}
}

/* Every printable character, alone and inside a word: the index itself must take what is made of it. */
static void
the_index_takes_it(void **state)
{
	sqlite3 *h;
	sqlite3_stmt *st;

	(void)state;
	assert_int_equal(sqlite3_open(":memory:", &h), SQLITE_OK);
	assert_int_equal(sqlite3_exec(h, "CREATE VIRTUAL TABLE f USING fts5(key, value); INSERT INTO f VALUES ('k', 'word')", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(h, "SELECT count(*) FROM f WHERE f MATCH ?1", -1, &st, NULL), SQLITE_OK);
	for (int c = 1; c < 256; c++) {
		char words[] = { (char)c, ' ', 'x', (char)c, (char)c, 'y', ' ', (char)c, 'w', 'o', 'r', 'd', (char)c, '\0' };
		char *m = memory_match(words);

		assert_non_null(m);
		sqlite3_bind_text(st, 1, m, -1, SQLITE_TRANSIENT);
		if (sqlite3_step(st) != SQLITE_ROW)
			fail_msg("character %d: %s: %s", c, m, sqlite3_errmsg(h));
		/* beside a word, what is neither letter nor digit is nothing */
		if (c == '"' || c == '*' || c == '(' || c == '\'' || c == ' ')
			assert_int_equal(sqlite3_column_int(st, 0), 1);
		sqlite3_reset(st);
		free(m);
	}
	sqlite3_finalize(st);
	sqlite3_close(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_question_is_words), cmocka_unit_test(the_index_takes_it) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
