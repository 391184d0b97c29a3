#include "store/answers.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* One word for the version, so that the index leads to its questions alone. */
static void
version_word(int64_t campaign, int version, char out[40])
{
	snprintf(out, 40, "c%" PRId64 "v%d", campaign, version);
}

int
answers_put(struct lp_db *db, int64_t campaign, int version, const struct campaign_question *q, size_t n, struct lp_err *err)
{
	static const char sql[] = "INSERT INTO campaign_answers_fts (version, words, number) VALUES (?1, ?2, ?3)";
	char word[40];

	version_word(campaign, version, word);
	for (size_t i = 0; i < n; i++)
		if (db_exec(db, err, sql, "ssi", word, q[i].words, q[i].number) == -1)
			return -1;
	return 0;
}

/* Each word in quotes: whatever it is, it is no operator of the query. */
static char *
query(const char *version, const char *words)
{
	struct buf b = { 0 };
	size_t n;

	buf_printf(&b, "version : \"%s\" AND words : (", version);
	for (bool first = true; *words != '\0'; words += n + strspn(words + n, " "), first = false) {
		n = strcspn(words, " ");
		buf_printf(&b, "%s\"%.*s\"", first ? "" : " OR ", (int)n, words);
	}
	buf_puts(&b, ")");
	return buf_steal(&b);
}

int
answers_find(struct lp_db *db, int64_t campaign, int version, const char *words, int *numbers, size_t max, size_t *n, struct lp_err *err)
{
	static const char sql[] = "SELECT number FROM campaign_answers_fts WHERE campaign_answers_fts MATCH ?1 ORDER BY rank, rowid";
	char word[40], *match;
	sqlite3_stmt *st;
	int r = 0;

	*n = 0;
	if (*words == '\0')
		return 0;
	version_word(campaign, version, word);
	match = query(word, words);
	if ((st = db_query(db, err, sql, "s", match)) == NULL)
		r = -1;
	while (r != -1 && (r = db_step(db, st, err)) == 1) {
		int number = (int)db_int64(st, 0);
		size_t i;

		for (i = 0; i < *n && numbers[i] != number; i++)
			;
		if (i == *n && *n < max)
			numbers[(*n)++] = number;
	}
	free(match);
	return r;
}
