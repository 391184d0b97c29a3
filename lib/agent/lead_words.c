#include "agent/lead_words.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/normal.h"

/* The word of one line, which the caller frees, or NULL with the error. */
static char *
word_of(const char *s, size_t n, struct lp_err *err)
{
	const char *id = s;
	cJSON *j = NULL;
	char *word = NULL;

	if (s[0] == '{') {
		if ((j = json_object(s, n, err)) == NULL)
			return NULL;
		if ((id = json_str(j, "id")) == NULL)
			id = json_str(j, "email");
	}
	if (id == NULL)
		lp_fail(err, LP_DATA, "neither \"id\" nor \"email\"");
	else {
		id += strspn(id, " \t");
		word = xstrndup(id, strcspn(id, " \t\r"));
	}
	cJSON_Delete(j);
	return word;
}

struct words {
	char **word;
	size_t n;
};

static void
add(struct words *w, char *word)
{
	if ((w->n & (w->n - 1)) == 0)
		w->word = xrealloc(w->word, (w->n > 0 ? 2 * w->n : 1) * sizeof(*w->word));
	w->word[w->n++] = word;
}

int
lead_words(int fd, lead_words_bad *bad, void *ctx, char ***words, size_t *n, struct lp_err *err)
{
	struct words w = { 0 };
	struct lines in;
	struct lp_err why;
	const char *s;
	char *word;
	size_t len;
	int r;

	lines_init(&in, fd, "-");
	while ((r = lines_next(&in, &s, &len, &why)) != 0) {
		if (r == -1 && why.kind != LP_DATA)
			break;
		if (r == -1 || (word = word_of(s, len, &why)) == NULL) {
			bad(in.number, why.msg, ctx);
			continue;
		}
		add(&w, word);
	}
	lines_free(&in);
	if (r == -1 && err != NULL)
		*err = why;
	*words = w.word;
	*n = w.n;
	return r;
}

static int
add_lead(const cJSON *lead, void *ctx)
{
	add(ctx, xstrdup(json_str(lead, "id")));
	return 0;
}

int
lead_words_where(struct lp_db *db, const struct lead_filter *f, char ***words, size_t *n, struct lp_err *err)
{
	struct words w = { 0 };
	int r = leads_each(db, f, add_lead, &w, err);

	*words = w.word;
	*n = w.n;
	return r;
}

int
lead_lines(int fd, cJSON *list, lead_words_bad *bad, void *ctx, struct lp_err *err)
{
	struct lines in;
	const char *s;
	size_t len;
	char *t;
	int r;

	lines_init(&in, fd, "-");
	while ((r = lines_next(&in, &s, &len, err)) != 0) {
		if (r == -1 && err->kind != LP_DATA)
			break;
		if (r == -1 || !utf8_ok(s, len)) {
			bad(in.number, r == -1 ? err->msg : "invalid UTF-8", ctx);
			continue;
		}
		t = normal_text(s);
		if (*t != '#')
			cJSON_AddItemToArray(list, cJSON_CreateString(t));
		free(t);
	}
	lines_free(&in);
	return r;
}
