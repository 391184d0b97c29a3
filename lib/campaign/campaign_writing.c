/* campaign_writing.c - how a model is to write for a campaign: `writing:`, and the briefs of responses. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/language.h"
#include "campaign/campaign_int.h"

#define TONE_MAX 300
#define LINKS_MAX 20

static int
read_links(struct cdef_reader *r, const struct ynode *n, cJSON *o)
{
	cJSON *list;
	const char *s;

	if (n == NULL)
		return 0;
	if (n->kind != Y_SEQ || n->nkids == 0 || n->nkids > LINKS_MAX)
		return yaml_fail(r->doc, n, r->err, "'links' wants a list of 1 to %d", LINKS_MAX);
	list = cJSON_CreateArray();
	json_set(o, "links", list);
	for (size_t i = 0; i < n->nkids; i++) {
		if (cdef_text(r, n->kids[i], false, &s) == -1)
			return -1;
		if ((strncmp(s, "https://", 8) != 0 && strncmp(s, "http://", 7) != 0) || strpbrk(s, " <>\"{}") != NULL)
			return yaml_fail(r->doc, n->kids[i], r->err, "'%s' is no whole link: https://host/path", s);
		cJSON_AddItemToArray(list, cJSON_CreateString(s));
	}
	return 0;
}

int
cdef_writing(struct cdef_reader *r, const struct ynode *map, cJSON *def)
{
	static const char *const keys[] = { "language", "tone", "max_words", "links", NULL };
	const struct ynode *n = yaml_get(map, "writing"), *language = yaml_get(n, "language"), *tone = yaml_get(n, "tone");
	const char *s = NULL;
	int64_t words = 0;
	cJSON *o;

	if (n == NULL)
		return 0;
	if (yaml_only(r->doc, n, keys, r->err) == -1)
		return -1;
	if (n->nkids == 0)
		return yaml_fail(r->doc, n, r->err, "'writing' says nothing");
	o = cJSON_CreateObject();
	json_set(def, "writing", o);
	if (cdef_text(r, language, false, &s) == -1)
		return -1;
	if (s != NULL && language_find(s) == NULL)
		return cdef_bad_word(r, language, "language", language_names());
	if (s != NULL)
		json_set_str(o, "language", language_find(s));
	s = NULL;
	if (cdef_text(r, tone, false, &s) == -1)
		return -1;
	if (s != NULL && strlen(s) > TONE_MAX)
		return yaml_fail(r->doc, tone, r->err, "'tone' is longer than %d bytes", TONE_MAX);
	if (s != NULL)
		json_set_str(o, "tone", s);
	if (yaml_int(r->doc, yaml_get(n, "max_words"), 10, CAMPAIGN_WORDS_MOST, &words, r->err) == -1)
		return -1;
	if (words != 0)
		json_set_num(o, "max_words", (double)words);
	return read_links(r, yaml_get(n, "links"), o);
}

int
cdef_response_brief(struct cdef_reader *r, const struct ynode *n, cJSON *responses)
{
	static const char *const keys[] = { "brief", NULL };
	const char *s = NULL;
	cJSON *o;

	if (yaml_only(r->doc, n, keys, r->err) == -1)
		return -1;
	if (yaml_get(n, "brief") == NULL)
		return yaml_fail(r->doc, n, r->err, "'%s' has neither a text nor a 'brief'", n->key);
	if (cdef_text(r, yaml_get(n, "brief"), true, &s) == -1)
		return -1;
	o = cJSON_CreateObject();
	json_set_str(o, "brief", s);
	json_set(responses, n->key, o);
	return 0;
}

const char *
campaign_response_brief(const cJSON *def, const char *class)
{
	return class != NULL ? json_str(json_get(json_get(def, "responses"), class), "brief") : NULL;
}

bool
campaign_responds(const cJSON *def, const char *class)
{
	return campaign_response(def, class) != NULL || campaign_response_brief(def, class) != NULL;
}

void
campaign_writing(const cJSON *def, const char *channel, bool answer, struct campaign_writing *w)
{
	const cJSON *o = json_get(def, "writing");
	bool mail = strcmp(channel, "email") == 0;
	int most = mail ? (answer ? 90 : 130) : strcmp(channel, "sms") == 0 ? 45 : 70;

	*w = (struct campaign_writing){ .language = json_str(o, "language"), .tone = json_str(o, "tone"), .max_words = (int)json_num(o, "max_words", most) };
	/* what is said for mails is too long for the phone */
	if (!mail && w->max_words > most)
		w->max_words = most;
}

/* ---- what is its own: what a text for it may point to */

static void
collect(const cJSON *v, struct buf *b)
{
	const cJSON *i;

	if (cJSON_IsString(v)) {
		buf_puts(b, v->valuestring);
		buf_putc(b, '\n');
	}
	if (cJSON_IsObject(v) || cJSON_IsArray(v))
		cJSON_ArrayForEach(i, v)
			collect(i, b);
}

char *
campaign_own_words(const cJSON *def)
{
	struct buf b = { 0 };

	collect(def, &b);
	return buf_steal(&b);
}
