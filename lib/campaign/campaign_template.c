/* campaign_template.c - the template of a step by WhatsApp, which the service has approved: its name, its language, and what stands in its places. */
#include "campaign/campaign_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "campaign/campaign_template.h"

#define PARAMETERS_MAX 20
#define NAME_MAX_BYTES 512

static int
read_name(struct cdef_reader *r, const struct ynode *map, const struct ynode *n, const char *key, const char *of, const char **out)
{
	if (n == NULL)
		return yaml_fail(r->doc, map, r->err, "the template has no '%s'", key);
	if (cdef_text(r, n, false, out) == -1)
		return -1;
	if (strlen(*out) > NAME_MAX_BYTES || (*out)[strspn(*out, of)] != '\0')
		return yaml_fail(r->doc, n, r->err, "'%.60s' is no template's %s", *out, key);
	return 0;
}

static int
read_parameters(struct cdef_reader *r, const struct ynode *n, cJSON *list)
{
	const char *s;

	if (n == NULL)
		return 0;
	if (n->kind != Y_SEQ || n->nkids > PARAMETERS_MAX)
		return yaml_fail(r->doc, n, r->err, "'parameters' wants a list of at most %d", PARAMETERS_MAX);
	for (size_t i = 0; i < n->nkids; i++) {
		if (cdef_text(r, n->kids[i], false, &s) == -1 || cdef_template(r, n->kids[i], s) == -1)
			return -1;
		cJSON_AddItemToArray(list, cJSON_CreateString(s));
	}
	return 0;
}

int
cdef_whatsapp_template(struct cdef_reader *r, const struct ynode *n, const char *channel, cJSON **out)
{
	static const char *const keys[] = { "name", "language", "parameters", NULL };
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	const char *name = NULL, *language = NULL;
	cJSON *o, *list;

	if (n == NULL)
		return 0;
	if (strcmp(channel, "whatsapp") != 0)
		return yaml_fail(r->doc, n, r->err, "a message by %s has no 'template': that is WhatsApp's", channel);
	if (n->kind != Y_MAP)
		return yaml_fail(r->doc, n, r->err, "'template' wants a map: name, language, parameters");
	if (yaml_only(r->doc, n, keys, r->err) == -1 || read_name(r, n, yaml_get(n, "name"), "name", letters, &name) == -1 ||
	    read_name(r, n, yaml_get(n, "language"), "language", letters, &language) == -1)
		return -1;
	list = cJSON_CreateArray();
	if (read_parameters(r, yaml_get(n, "parameters"), list) == -1) {
		cJSON_Delete(list);
		return -1;
	}
	o = cJSON_CreateObject();
	json_set_str(o, "name", name);
	json_set_str(o, "language", language);
	json_set(o, "parameters", list);
	cJSON_Delete(*out);
	*out = o;
	return 0;
}

char *
template_shown(const cJSON *t)
{
	struct buf b = { 0 };
	const cJSON *p;
	int n = 0;

	buf_printf(&b, "Template '%s' (%s)\n", json_text(t, "name"), json_text(t, "language"));
	cJSON_ArrayForEach(p, json_get(t, "parameters"))
		buf_printf(&b, "{{%d}} %s\n", ++n, cJSON_IsString(p) ? p->valuestring : "");
	return buf_steal(&b);
}

bool
template_alone(const char *json)
{
	cJSON *t = json != NULL ? cJSON_Parse(json) : NULL;
	bool alone = json_bool(t, "only", false);

	cJSON_Delete(t);
	return alone;
}
