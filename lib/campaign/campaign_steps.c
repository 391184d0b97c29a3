/* campaign_steps.c - the steps of a campaign's text, and their variants. */
#include "campaign/campaign_int.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/duration.h"
#include "base/json.h"

#define SUBJECT_MAX 250

static const char *const channels[] = { "email", "whatsapp", "sms", NULL };

/* A template's own places, "2:7: …", after the place of its node. */
int
cdef_template(struct cdef_reader *r, const struct ynode *n, const char *s)
{
	struct lp_err why;
	struct template *t = template_compile(s, r->spintax, &why);
	const char *line = why.msg, *col, *what;

	if (t != NULL) {
		template_free(t);
		return 0;
	}
	col = strchr(line, ':');
	what = col != NULL ? strstr(col, ": ") : NULL;
	if (what == NULL)
		return yaml_fail(r->doc, n, r->err, "'%s': %s", n->key, why.msg);
	return yaml_fail(r->doc, n, r->err, "'%s', line %.*s, column %.*s: %s", n->key, (int)(col - line), line, (int)(what - col - 1),
	    col + 1, what + 2);
}

static int
read_subject(struct cdef_reader *r, const struct ynode *n, const char *channel, const char **out)
{
	if (n == NULL)
		return 0;
	if (strcmp(channel, "email") != 0)
		return yaml_fail(r->doc, n, r->err, "a message by %s has no subject", channel);
	if (cdef_text(r, n, false, out) == -1 || cdef_template(r, n, *out) == -1)
		return -1;
	if (strlen(*out) > SUBJECT_MAX)
		return yaml_fail(r->doc, n, r->err, "'subject' is longer than %d bytes", SUBJECT_MAX);
	if (strncasecmp(*out, "re:", 3) == 0 || strncasecmp(*out, "fwd:", 4) == 0 || strncasecmp(*out, "fw:", 3) == 0)
		return yaml_fail(r->doc, n, r->err, "a subject that claims to be an answer: leave it out, and the mail goes into the thread before it");
	return 0;
}

struct texts {
	const char *subject, *body, *brief;
	cJSON *template;        /* the step's or the variant's own */
};

/* What this map says, else what the step says for all its variants. */
static int
read_texts(struct cdef_reader *r, const struct ynode *map, const char *channel, struct texts *t)
{
	const struct ynode *body = yaml_get(map, "body"), *brief = yaml_get(map, "brief");

	if (body != NULL && brief != NULL)
		return yaml_fail(r->doc, brief, r->err, "both 'body' and 'brief': a text is written by you or by a model");
	if (read_subject(r, yaml_get(map, "subject"), channel, &t->subject) == -1 ||
	    cdef_whatsapp_template(r, yaml_get(map, "template"), channel, &t->template) == -1)
		return -1;
	if (body != NULL) {
		t->brief = NULL;
		if (cdef_text(r, body, true, &t->body) == -1 || cdef_template(r, body, t->body) == -1)
			return -1;
	}
	if (brief != NULL) {
		t->body = NULL;
		if (cdef_text(r, brief, true, &t->brief) == -1)
			return -1;
	}
	return 0;
}

static int
read_id(struct cdef_reader *r, const struct ynode *n, size_t number, const cJSON *list, char id[32])
{
	const char *s = NULL;
	const cJSON *v;

	snprintf(id, 32, "%c", (char)('a' + number));
	if (n != NULL) {
		if (cdef_text(r, n, false, &s) == -1)
			return -1;
		if (strlen(s) > 31 || s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")] != '\0')
			return yaml_fail(r->doc, n, r->err, "'%s' can't be a variant's id: letters, digits, - and _, at most 31", s);
		snprintf(id, 32, "%s", s);
	}
	cJSON_ArrayForEach(v, list)
		if (strcmp(json_str(v, "id"), id) == 0)
			return yaml_fail(r->doc, n, r->err, "two variants with the id '%s'", id);
	return 0;
}

static int
add_variant(struct cdef_reader *r, const struct ynode *n, const struct texts *t, const char *id, int64_t weight, cJSON *list)
{
	cJSON *v;

	if (t->body == NULL && t->brief == NULL && t->template == NULL)
		return yaml_fail(r->doc, n, r->err, "no 'body' (and no 'brief' for a model)");
	v = cJSON_CreateObject();
	json_set_str(v, "id", id);
	json_set_num(v, "weight", (double)weight);
	if (t->subject != NULL)
		json_set_str(v, "subject", t->subject);
	if (t->body != NULL || t->brief != NULL)
		json_set_str(v, t->body != NULL ? "body" : "brief", t->body != NULL ? t->body : t->brief);
	if (t->template != NULL)
		json_set(v, "template", cJSON_Duplicate(t->template, true));
	cJSON_AddItemToArray(list, v);
	return 0;
}

static int
read_variants(struct cdef_reader *r, const struct ynode *n, const char *channel, const struct texts *of_step, cJSON *list)
{
	static const char *const keys[] = { "id", "weight", "subject", "body", "brief", "template", NULL };
	int64_t total = 0, weight;
	char id[32];
	size_t i;
	int rc;

	if (n->kind != Y_SEQ || n->nkids == 0 || n->nkids > CAMPAIGN_VARIANTS_MAX)
		return yaml_fail(r->doc, n, r->err, "'variants' wants a list of 1 to %d", CAMPAIGN_VARIANTS_MAX);
	for (i = 0; i < n->nkids; i++) {
		struct texts t = *of_step;

		weight = 1;
		t.template = cJSON_Duplicate(of_step->template, true);
		rc = yaml_only(r->doc, n->kids[i], keys, r->err) == -1 || read_texts(r, n->kids[i], channel, &t) == -1 ||
		    read_id(r, yaml_get(n->kids[i], "id"), i, list, id) == -1 ||
		    yaml_int(r->doc, yaml_get(n->kids[i], "weight"), 0, 1000, &weight, r->err) == -1 ||
		    add_variant(r, n->kids[i], &t, id, weight, list) == -1 ? -1 : 0;
		cJSON_Delete(t.template);
		if (rc == -1)
			return -1;
		total += weight;
	}
	return total > 0 ? 0 : yaml_fail(r->doc, n, r->err, "every variant's weight is 0: none would be sent");
}

/* All variants of a step have a subject of their own, or none has: a step is in the thread or begins one. */
static int
check_thread(struct cdef_reader *r, const struct ynode *n, const char *channel, const cJSON *list)
{
	int with = 0, without = 0, given = 0;
	const cJSON *v;

	if (strcmp(channel, "email") != 0)
		return 0;
	cJSON_ArrayForEach(v, list) {
		*(json_str(v, "subject") != NULL ? &with : &without) += 1;
		given += json_str(v, "brief") == NULL;
	}
	if (with > 0 && without > 0)
		return yaml_fail(r->doc, n, r->err, "some variants have a subject and some have none");
	/* a model that writes the first mail writes its subject */
	if (without > 0 && given > 0 && !r->thread)
		return yaml_fail(r->doc, n, r->err, "no 'subject', and no mail before it whose thread it could go into");
	r->thread = true;
	return 0;
}

static int
read_delay(struct cdef_reader *r, const struct ynode *map, int step, cJSON *o)
{
	const struct ynode *n = yaml_get(map, "delay");
	char print[DURATION_SIZE];
	struct duration d = { 0 };
	const char *s = NULL;
	struct lp_err why;

	if (n == NULL && step > 1)
		return yaml_fail(r->doc, map, r->err, "step %d has no 'delay': how long after the step before (3d, 3bd)", step);
	if (yaml_str(r->doc, n, &s, r->err) == -1)
		return -1;
	if (s != NULL && duration_parse(s, &d, &why) == -1)
		return yaml_fail(r->doc, n, r->err, "'delay': %s", why.msg);
	if (step > 1 && duration_none(&d))
		return yaml_fail(r->doc, n, r->err, "'delay' of step %d is nothing: two messages at once", step);
	json_set_str(o, "delay", duration_print(&d, print));
	return 0;
}

static int
read_step(struct cdef_reader *r, const struct ynode *n, int step, cJSON *steps)
{
	static const char *const keys[] = { "channel", "delay", "subject", "body", "brief", "template", "variants", NULL };
	const struct ynode *channel_node = yaml_get(n, "channel"), *variants = yaml_get(n, "variants");
	cJSON *o = cJSON_CreateObject(), *list;
	const char *channel = "email";
	struct texts t = { 0 };
	int rc;

	cJSON_AddItemToArray(steps, o);
	if (yaml_only(r->doc, n, keys, r->err) == -1 || cdef_text(r, channel_node, false, &channel) == -1)
		return -1;
	if (!cdef_one_of(channel, channels))
		return cdef_bad_word(r, channel_node, "channel", channels);
	json_set_str(o, "channel", channel);
	list = cJSON_CreateArray();
	json_set(o, "variants", list);
	if ((rc = read_delay(r, n, step, o)) == 0 && (rc = read_texts(r, n, channel, &t)) == 0)
		rc = variants != NULL ? read_variants(r, variants, channel, &t, list) : add_variant(r, n, &t, "a", 1, list);
	cJSON_Delete(t.template);
	return rc == -1 ? -1 : check_thread(r, n, channel, list);
}

int
cdef_steps(struct cdef_reader *r, const struct ynode *map, cJSON *def)
{
	const struct ynode *n = yaml_get(map, "steps");
	cJSON *steps = cJSON_CreateArray();
	size_t i;

	json_set(def, "steps", steps);
	if (n == NULL)
		return yaml_fail(r->doc, map, r->err, "the campaign has no 'steps'");
	if (n->kind != Y_SEQ || n->nkids == 0 || n->nkids > CAMPAIGN_STEPS_MAX)
		return yaml_fail(r->doc, n, r->err, "'steps' wants a list of 1 to %d", CAMPAIGN_STEPS_MAX);
	for (i = 0; i < n->nkids; i++)
		if (read_step(r, n->kids[i], (int)i + 1, steps) == -1)
			return -1;
	return 0;
}
