#include "campaign/merge.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "source/mapping.h"

/* The columns of view_lead that a person may be told about themselves, and the sender's. */
const char *const merge_fields[] = { "first_name", "last_name", "full_name", "title", "company", "company_domain", "website",
	"linkedin_url", "email", "phone", "whatsapp", "city", "country", "industry", "employees", "sender_name", "sender_email",
	"postal_address", NULL };

static const char *
known(const char *name)
{
	size_t i;

	for (i = 0; merge_fields[i] != NULL; i++)
		if (strcmp(merge_fields[i], name) == 0)
			return merge_fields[i];
	return NULL;
}

static const char *
without(const char *name, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(name, prefix, n) == 0 ? name + n : name;
}

/* The field of ours that a name stands for, or NULL. */
static const char *
field_of(const char *name)
{
	const char *f, *bare = without(name, "lead.");
	char *snake;

	if (strncmp(bare, "custom.", 7) == 0)
		return NULL;
	if ((f = known(bare)) != NULL)
		return f;
	snake = mapping_snake(bare);
	f = known(snake);
	free(snake);
	return f;
}

bool
merge_is_field(const char *name)
{
	return field_of(name) != NULL;
}

char *
merge_custom(const char *name)
{
	return mapping_snake(without(without(name, "lead."), "custom."));
}

static const char *
made(struct merge *m, char *s)
{
	free(m->made);
	m->made = s;
	return s;
}

/* Text, or a number as it was written. Truths, lists and objects are no words for a mail. */
static const char *
as_text(struct merge *m, const cJSON *v)
{
	if (cJSON_IsString(v))
		return v->valuestring;
	if (cJSON_IsNumber(v))
		return made(m, json_print(v));
	return NULL;
}

static const char *
full_name(struct merge *m)
{
	const char *first = json_str(m->lead, "first_name"), *last = json_str(m->lead, "last_name");

	if (first == NULL || last == NULL)
		return first != NULL ? first : last;
	return made(m, xasprintf("%s %s", first, last));
}

const char *
merge_value(void *merge, const char *field)
{
	struct merge *m = merge;
	const cJSON *custom = json_get(m->lead, "custom"), *v;
	const char *f = field_of(field);
	char *key;

	if (f != NULL && strcmp(f, "full_name") == 0)
		return full_name(m);
	if (f != NULL && strcmp(f, "sender_name") == 0)
		return m->sender_name;
	if (f != NULL && strcmp(f, "sender_email") == 0)
		return m->sender_email;
	if (f != NULL && strcmp(f, "postal_address") == 0)
		return m->postal_address;
	if (f != NULL)
		return as_text(m, json_get(m->lead, f));
	if ((v = json_get(custom, without(without(field, "lead."), "custom."))) == NULL) {
		key = merge_custom(field);
		v = json_get(custom, key);
		free(key);
	}
	return as_text(m, v);
}

void
merge_clear(struct merge *m)
{
	free(m->made);
	m->made = NULL;
}
