/*
 * merge.h - what a merge field stands for: the lead's fields, the lead's custom fields, and who writes.  Pure.
 *
 * A name is looked for as it stands, then in the form that import gives to a column's header: {{Shop System}} is {{shop_system}}.
 * {{custom.title}} is the custom field where a field of ours has the same name.
 */
#ifndef LP_CAMPAIGN_MERGE_H
#define LP_CAMPAIGN_MERGE_H

#include <cjson/cJSON.h>
#include <stdbool.h>

struct merge {
	const cJSON *lead;              /* as view_lead gives it */
	const char *sender_name;        /* the account's; NULL where it has none, likewise below */
	const char *sender_email;
	const char *postal_address;     /* the organisation's */
	char *made;                     /* what merge_value put together; merge_clear */
};

/* merge_value(m, field): a template_lookup: the value, valid until the next call, or NULL. */
const char *merge_value(void *merge, const char *field);
void merge_clear(struct merge *);

/* merge_fields: what every lead can have, NULL-terminated: first_name … sender_email. */
extern const char *const merge_fields[];
/* merge_is_field(name): is it one of those, also as {{First Name}} or {{lead.first_name}}? */
bool merge_is_field(const char *name);
/* merge_custom(name): the key among the custom fields that it stands for; the caller frees. */
char *merge_custom(const char *name);

#endif
