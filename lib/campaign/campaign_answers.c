/* campaign_answers.c - what a campaign's text has for those who reply: answers to questions, and responses by the kind of reply. */
#include "campaign/campaign_int.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "campaign/answer_words.h"

#define QUESTION_MAX 500

/* As the kinds of reply are called; what is automatic, asks to be left alone or is angry is never answered by a template. */
const char *const campaign_responses[] = { "interested", "meeting_request", "question", "referral", "not_now", "not_interested", "wrong_person", NULL };

static int
read_template(struct cdef_reader *r, const struct ynode *n, const char *key, cJSON *o)
{
	const char *s = NULL;

	if (n == NULL)
		return 0;
	if (cdef_text(r, n, true, &s) == -1 || cdef_template(r, n, s) == -1)
		return -1;
	json_set_str(o, key, s);
	return 0;
}

static int
add_question(struct cdef_reader *r, const struct ynode *n, const cJSON *answers, cJSON *list)
{
	struct answer_words w;
	const cJSON *a, *q;
	const char *s = NULL;
	int number = 0;

	if (cdef_text(r, n, false, &s) == -1)
		return -1;
	if (strlen(s) > QUESTION_MAX)
		return yaml_fail(r->doc, n, r->err, "a question is longer than %d bytes", QUESTION_MAX);
	answer_words(s, strlen(s), NULL, &w);
	if (w.n == 0)
		return yaml_fail(r->doc, n, r->err, "'%s' has no word that another question hasn't: nothing to find it by", s);
	cJSON_ArrayForEach(a, answers) {
		number++;
		cJSON_ArrayForEach(q, json_get(a, "q"))
			if (strcmp(q->valuestring, s) == 0)
				return yaml_fail(r->doc, n, r->err, "'%s' is here twice: answer %d has it too", s, number);
	}
	cJSON_AddItemToArray(list, cJSON_CreateString(s));
	return 0;
}

static int
read_questions(struct cdef_reader *r, const struct ynode *map, const cJSON *answers, cJSON *list)
{
	const struct ynode *n = yaml_get(map, "q");
	size_t i;

	if (n == NULL)
		return yaml_fail(r->doc, map, r->err, "no 'q': the question that this answers");
	if (n->kind == Y_SCALAR)
		return add_question(r, n, answers, list);
	if (n->kind != Y_SEQ || n->nkids == 0 || n->nkids > CAMPAIGN_PHRASINGS_MAX)
		return yaml_fail(r->doc, n, r->err, "'q' wants a question, or a list of 1 to %d ways to ask it", CAMPAIGN_PHRASINGS_MAX);
	for (i = 0; i < n->nkids; i++)
		if (add_question(r, n->kids[i], answers, list) == -1)
			return -1;
	return 0;
}

static int
read_answer(struct cdef_reader *r, const struct ynode *n, cJSON *answers)
{
	static const char *const keys[] = { "q", "a", NULL };
	cJSON *o = cJSON_CreateObject(), *list = cJSON_CreateArray();

	cJSON_AddItemToArray(answers, o);
	json_set(o, "q", list);
	if (yaml_only(r->doc, n, keys, r->err) == -1 || read_questions(r, n, answers, list) == -1)
		return -1;
	if (yaml_get(n, "a") == NULL)
		return yaml_fail(r->doc, n, r->err, "no 'a': the answer");
	return read_template(r, yaml_get(n, "a"), "a", o);
}

static int
read_answers(struct cdef_reader *r, const struct ynode *n, cJSON *def)
{
	cJSON *answers;
	size_t i;

	if (n == NULL)
		return 0;
	if (n->kind != Y_SEQ || n->nkids == 0 || n->nkids > CAMPAIGN_ANSWERS_MAX)
		return yaml_fail(r->doc, n, r->err, "'answers' wants a list of 1 to %d", CAMPAIGN_ANSWERS_MAX);
	answers = cJSON_CreateArray();
	json_set(def, "answers", answers);
	for (i = 0; i < n->nkids; i++)
		if (read_answer(r, n->kids[i], answers) == -1)
			return -1;
	return 0;
}

static int
read_responses(struct cdef_reader *r, const struct ynode *n, cJSON *def)
{
	cJSON *o;
	size_t i;

	if (n == NULL)
		return 0;
	if (yaml_only(r->doc, n, campaign_responses, r->err) == -1)
		return -1;
	if (n->nkids == 0)
		return yaml_fail(r->doc, n, r->err, "'responses' has none");
	o = cJSON_CreateObject();
	json_set(def, "responses", o);
	for (i = 0; i < n->nkids; i++)
		if ((n->kids[i]->kind == Y_MAP ? cdef_response_brief(r, n->kids[i], o) : read_template(r, n->kids[i], n->kids[i]->key, o)) == -1)
			return -1;
	return 0;
}

int
cdef_answers(struct cdef_reader *r, const struct ynode *map, cJSON *def)
{
	return read_template(r, yaml_get(map, "greeting"), "greeting", def) == -1 || read_template(r, yaml_get(map, "closing"), "closing", def) == -1 ||
		read_answers(r, yaml_get(map, "answers"), def) == -1 || read_responses(r, yaml_get(map, "responses"), def) == -1 ? -1 : 0;
}

const char *
campaign_answer(const cJSON *def, int number)
{
	return number > 0 ? json_str(cJSON_GetArrayItem(json_get(def, "answers"), number - 1), "a") : NULL;
}

const char *
campaign_response(const cJSON *def, const char *class)
{
	return class != NULL ? json_str(json_get(def, "responses"), class) : NULL;
}

static void
part(struct buf *b, const char *s)
{
	size_t n = s != NULL ? strlen(s) : 0;

	while (n > 0 && s[n - 1] == '\n')
		n--;
	if (n > 0)
		buf_printf(b, "%s%.*s", b->len > 0 ? "\n\n" : "", (int)n, s);
}

char *
campaign_answer_body(const cJSON *def, const char *text)
{
	struct buf b = { 0 };

	part(&b, json_str(def, "greeting"));
	part(&b, text);
	part(&b, json_str(def, "closing"));
	buf_putc(&b, '\n');
	return buf_steal(&b);
}
