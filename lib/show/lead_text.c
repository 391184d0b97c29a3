#include "show/lead_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/normal.h"
#include "base/table.h"

static void
print_fields(const cJSON *lead, const char *zone)
{
	const cJSON *v, *x;
	char when[TABLE_TIME_SIZE];

	cJSON_ArrayForEach(v, lead) {
		size_t n = strlen(v->string);

		if (cJSON_IsArray(v) || strcmp(v->string, "uuid") == 0)
			continue;
		if (cJSON_IsString(v) && n > 3 && strcmp(v->string + n - 3, "_at") == 0)
			printf("%-16s%s\n", v->string, table_time(v->valuestring, zone, when));
		else if (cJSON_IsString(v))
			printf("%-16s%s\n", v->string, v->valuestring);
		else if (strcmp(v->string, "suppressed") == 0)
			printf("%-16sby %s, %s: %s\n", v->string, json_text(v, "kind"), table_time(json_text(v, "since"), zone, when), json_text(v, "reason"));
		else
			cJSON_ArrayForEach(x, v) {
				char *name = xasprintf("%s.%s", v->string, x->string);

				printf("%-16s%s%s\n", name, strlen(name) < 16 ? "" : "  ", cJSON_IsString(x) ? x->valuestring : "");
				free(name);
			}
	}
}

/* A list of the story as a table; `cols` name the members, those that end in _at are times. */
static void
print_part(const cJSON *story, const char *zone, const char *part, size_t n, const char *const *heads, const char *const *cols)
{
	const cJSON *list = json_get(story, part), *row;
	char when[TABLE_MAX_COLS][TABLE_TIME_SIZE];
	const char *text[TABLE_MAX_COLS];
	struct table *t = table_new(n, heads);
	size_t i;

	cJSON_ArrayForEach(row, list) {
		for (i = 0; i < n; i++) {
			size_t len = strlen(cols[i]);

			text[i] = json_str(row, cols[i]);
			if (len > 3 && strcmp(cols[i] + len - 3, "_at") == 0)
				text[i] = table_time(text[i], zone, when[i]);
		}
		table_row(t, text);
	}
	if (cJSON_GetArraySize(list) > 0)
		putchar('\n');
	table_print(t);
}

void
lead_text_story(const cJSON *s, const char *zone)
{
	print_fields(s, zone);
	print_part(s, zone, "addresses", 3, (const char *const[]){ "KNOWN BY", "", "FROM" }, (const char *const[]){ "value", "kind", "source" });
	print_part(s, zone, "consents", 5, (const char *const[]){ "CONSENT", "GIVEN", "SOURCE", "WITHDRAWN", "REASON" },
	    (const char *const[]){ "channel", "given_at", "source", "withdrawn_at", "withdrawn_reason" });
	print_part(s, zone, "enrolments", 5, (const char *const[]){ "CAMPAIGN", "STATUS", "ACCOUNT", "SINCE", "REASON" },
	    (const char *const[]){ "campaign", "status", "account", "enrolled_at", "stop_reason" });
	print_part(s, zone, "messages", 6, (const char *const[]){ "MESSAGE", "STATUS", "DUE", "SENT", "SUBJECT", "REASON" },
	    (const char *const[]){ "id", "status", "due_at", "sent_at", "subject", "status_reason" });
	print_part(s, zone, "replies", 5, (const char *const[]){ "FROM THEM", "AT", "KIND", "CLASS", "SUBJECT" },
	    (const char *const[]){ "id", "received_at", "kind", "classification", "subject" });
	print_part(s, zone, "meetings", 5, (const char *const[]){ "MEETING", "STATUS", "AT", "TITLE", "REASON" },
	    (const char *const[]){ "id", "status", "starts_at", "title", "status_reason" });
	print_part(s, zone, "tasks", 5, (const char *const[]){ "TASK", "TYPE", "STATUS", "FOR", "HELD" },
	    (const char *const[]){ "id", "task_type", "status", "scheduled_for", "hold_reason" });
	print_part(s, zone, "memories", 3, (const char *const[]){ "MEMORY", "KEY", "VALUE" }, (const char *const[]){ "id", "key", "value" });
	print_part(s, zone, "suppressions", 4, (const char *const[]){ "SUPPRESSED", "SINCE", "BY", "REASON" },
	    (const char *const[]){ "kind", "created_at", "source", "reason" });
	print_part(s, zone, "log", 4, (const char *const[]){ "LOG", "AT", "TYPE", "WHAT" },
	    (const char *const[]){ "id", "created_at", "log_type", "message" });
}

void
lead_text_mapping(const struct leadfile *f)
{
	static const char *const heads[] = { "COLUMN", "BECOMES" };
	const struct mapping *m = leadfile_mapping(f);
	struct table *t = table_new(2, heads);
	char *what = leadfile_what(f);
	size_t i;

	printf("%s: %s\n", leadfile_name(f), what);
	free(what);
	for (i = 0; i < m->n; i++) {
		const struct map_column *c = &m->col[i];
		char *becomes = c->field == LF_CUSTOM ? xasprintf("custom.%s", c->custom) : xstrdup(mapping_field_name(c->field));

		table_row(t, (const char *[]){ c->header, becomes });
		free(becomes);
	}
	table_print(t);
}

struct table *
lead_text_table(void)
{
	static const char *const heads[] = { "LEAD", "STATUS", "NAME", "COMPANY", "E-MAIL" };

	return table_new(5, heads);
}

int
lead_text_row(const cJSON *lead, void *t)
{
	char *both = xasprintf("%s %s", json_text(lead, "first_name"), json_text(lead, "last_name")), *name = normal_text(both);

	table_row(t, (const char *[]){ json_text(lead, "id"), json_text(lead, "status"), name, json_text(lead, "company"), json_text(lead, "email") });
	free(both);
	free(name);
	return 0;
}

void
lead_text_suppressed(const cJSON *list, const char *zone)
{
	static const char *const heads[] = { "KIND", "VALUE", "SINCE", "BY", "REASON" };
	struct table *t = table_new(5, heads);
	char when[TABLE_TIME_SIZE];
	const cJSON *row;

	cJSON_ArrayForEach(row, list)
		table_row(t, (const char *[]){ json_text(row, "kind"), json_text(row, "value"), table_time(json_text(row, "created_at"), zone, when),
		                 json_text(row, "source"), json_text(row, "reason") });
	table_print(t);
}
