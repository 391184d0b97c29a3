#include "agent/why_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/prog.h"
#include "base/table.h"

static const char *
str(const cJSON *o, const char *key)
{
	const char *s = json_str(o, key);

	return s != NULL ? s : "";
}

/* One line, whatever is in it. */
static void
line(const char *indent, const char *text)
{
	fputs(indent, stdout);
	for (; *text != '\0'; text++)
		putchar((unsigned char)*text < 0x20 || *text == 0x7f ? ' ' : *text);
	putchar('\n');
}

static void
when(const cJSON *o, const char *key, const char *zone)
{
	char t[TABLE_TIME_SIZE];

	printf("%-16s  ", table_time(json_str(o, key), zone, t));
}

void
why_log_line(const cJSON *row, const char *zone)
{
	static const char *const ids[] = { "task_id", "lead_id", "campaign_id", "message_id", "inbox_message_id", "account_id", "rule_id" };
	const char *id;
	size_t i;

	when(row, "created_at", zone);
	printf("%-7s %-14s ", str(row, "id"), str(row, "log_type"));
	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if ((id = json_str(row, ids[i])) != NULL)
			printf("%s ", id);
	line("", json_bool(row, "erased", false) ? "(erased with its lead)" : str(row, "message"));
	if (json_str(row, "reasoning") != NULL) {
		printf("%18s", "");
		line("because ", str(row, "reasoning"));
	}
}

static void
about_lead(const cJSON *o)
{
	char name[300];

	snprintf(name, sizeof(name), "%s  %s%s%s, %s <%s>, %s", str(o, "id"), str(o, "first_name"), *str(o, "first_name") != '\0' ? " " : "",
	    str(o, "last_name"), str(o, "company"), str(o, "email"), str(o, "status"));
	line("lead      ", name);
	if (json_str(o, "status_reason") != NULL)
		line("          ", str(o, "status_reason"));
}

static void
about_message(const cJSON *o)
{
	const char *s, *nl;

	printf("message   %s  step %d, variant %s, by %s from %s: %s\n", str(o, "id"), (int)json_num(o, "step", 0), str(o, "variant"),
	    str(o, "channel"), str(o, "account"), str(o, "status"));
	if (json_str(o, "status_reason") != NULL)
		line("          ", str(o, "status_reason"));
	if (json_str(o, "body") == NULL)
		return;
	printf("          To: %s\n", str(o, "recipient"));
	if (json_str(o, "subject") != NULL)
		line("          Subject: ", str(o, "subject"));
	for (s = str(o, "body"); *s != '\0'; s = *nl != '\0' ? nl + 1 : nl) {
		nl = s + strcspn(s, "\n");
		printf("          > %.*s\n", (int)(nl - s), s);
	}
}

static void
about_task(const cJSON *o, const char *zone)
{
	char t[TABLE_TIME_SIZE];

	printf("task      %s  %s: %s%s%s, for %s, tried %d time%s\n", str(o, "id"), str(o, "task_type"), str(o, "status"),
	    json_str(o, "outcome") != NULL ? ", " : "", str(o, "outcome"), table_time(json_str(o, "scheduled_for"), zone, t),
	    (int)json_num(o, "tries", 0), json_num(o, "tries", 0) == 1 ? "" : "s");
	if (json_str(o, "hold_reason") != NULL)
		line("          held: ", str(o, "hold_reason"));
	if (json_str(o, "error_message") != NULL)
		line("          last error: ", str(o, "error_message"));
}

static void
about_rule(const cJSON *o)
{
	char *c = json_print(json_get(o, "condition_json"));

	printf("rule      %s  %s (%s), version %d, triggered %d times\n", str(o, "id"), str(o, "name"), str(o, "rule_type"), (int)json_num(o, "version", 0),
	    (int)json_num(o, "times_triggered", 0));
	line("          when ", json_str(o, "condition") != NULL ? str(o, "condition") : c);
	free(c);
}

static void
rules_of(const cJSON *v)
{
	const cJSON *r;

	cJSON_ArrayForEach(r, json_get(v, "rules"))
		printf("%18s  rule %s '%s' version %d\n", "", str(r, "id"), str(r, "name"), (int)json_num(r, "version", 0));
}

static void
decisions(const cJSON *list, const char *zone)
{
	const cJSON *d;
	char text[700];

	cJSON_ArrayForEach(d, list) {
		when(d, "created_at", zone);
		snprintf(text, sizeof(text), "%s: %s (%s, confidence %.2f)", str(d, "action"), str(d, "reasoning"), str(d, "brain"),
		    json_num(d, "confidence", 0));
		line("", text);
	}
}

static void
verdicts(const cJSON *list, const char *zone)
{
	const cJSON *v, *member, *field;
	char text[700], *s;

	cJSON_ArrayForEach(v, list) {
		when(v, "created_at", zone);
		snprintf(text, sizeof(text), "%s: %s%s%s%s", str(v, "stage"), str(v, "verdict"), *str(v, "hold_kind") != '\0' ? " for " : "",
		    str(v, "hold_kind"), *str(v, "reason") != '\0' ? ": " : "");
		fputs(text, stdout);
		line("", str(v, "reason"));
		rules_of(v);
		if (!lp_verbose)
			continue;
		cJSON_ArrayForEach(member, json_get(v, "situation"))
			cJSON_ArrayForEach(field, member) {
				if (cJSON_IsObject(field) || field->string == NULL)
					continue;
				s = json_print(field);
				printf("%18s  saw %s.%s = %.100s\n", "", member->string, field->string, s);
				free(s);
			}
	}
}

static void
approvals(const cJSON *list, const char *zone)
{
	const cJSON *a;
	char text[700];

	cJSON_ArrayForEach(a, list) {
		when(a, "created_at", zone);
		snprintf(text, sizeof(text), "%s %s: %s%s%s%s%s", str(a, "id"), str(a, "status"), str(a, "reason"),
		    json_str(a, "decided_by") != NULL ? "; by " : "", str(a, "decided_by"), json_str(a, "comment") != NULL ? ": " : "", str(a, "comment"));
		line("", text);
	}
}

static void
outbox(const cJSON *list, const char *zone)
{
	const cJSON *o;
	char text[700];

	cJSON_ArrayForEach(o, list) {
		when(o, "reserved_at", zone);
		snprintf(text, sizeof(text), "%s %s from %s to %s%s%s", str(o, "message_id"), str(o, "state"), str(o, "account"), str(o, "recipient"),
		    json_str(o, "response") != NULL ? ": " : "", str(o, "response"));
		line("", text);
	}
}

static void
messages(const cJSON *list, const char *zone)
{
	const cJSON *m;
	char text[500];

	cJSON_ArrayForEach(m, list) {
		when(m, json_str(m, "sent_at") != NULL ? "sent_at" : json_str(m, "slot_at") != NULL ? "slot_at" : "due_at", zone);
		snprintf(text, sizeof(text), "%s %s step %d: %s%s%s%s%s", str(m, "id"), str(m, "campaign"), (int)json_num(m, "step", 0), str(m, "status"),
		    json_str(m, "status_reason") != NULL ? ", " : "", str(m, "status_reason"), json_str(m, "subject") != NULL ? ": " : "", str(m, "subject"));
		line("", text);
	}
}

static void
memories(const cJSON *list, const char *zone)
{
	const cJSON *m;
	char text[500];

	(void)zone;
	cJSON_ArrayForEach(m, list) {
		snprintf(text, sizeof(text), "%s %s %s: %s", str(m, "id"), str(m, "memory_type"), str(m, "key"), str(m, "value"));
		line("  ", text);
	}
}

static void
notices(const cJSON *list, const char *zone)
{
	const cJSON *n;

	cJSON_ArrayForEach(n, list) {
		when(n, "created_at", zone);
		line("", str(n, "title"));
	}
}

static void
log_rows(const cJSON *list, const char *zone)
{
	const cJSON *row;

	cJSON_ArrayForEach(row, list)
		why_log_line(row, zone);
}

void
why_text(const cJSON *story, const char *zone)
{
	static const struct {
		const char *member, *head;
		void (*print)(const cJSON *, const char *);
	} parts[] = { { "messages", "Its messages", messages }, { "decisions", "Decided", decisions }, { "verdicts", "Judged", verdicts },
		{ "approvals", "Approvals", approvals }, { "outbox", "On the wire", outbox }, { "memories", "Remembered", memories },
		{ "notices", "Notices", notices }, { "log", "Step by step", log_rows } };
	const cJSON *o;
	size_t i;

	if ((o = json_get(story, "lead")) != NULL)
		about_lead(o);
	if ((o = json_get(story, "campaign")) != NULL)
		printf("campaign  %s  %s, version %d: %s\n", str(o, "id"), str(o, "name"), (int)json_num(o, "version", 0), str(o, "status"));
	if ((o = json_get(story, "task")) != NULL)
		about_task(o, zone);
	if ((o = json_get(story, "message")) != NULL)
		about_message(o);
	if ((o = json_get(story, "reply")) != NULL)
		printf("reply     %s  from %s: %s\n", str(o, "id"), str(o, "from_address"), str(o, "subject"));
	if ((o = json_get(story, "rule")) != NULL)
		about_rule(o);
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if ((o = json_get(story, parts[i].member)) != NULL) {
			printf("\n%s\n", parts[i].head);
			parts[i].print(o, zone);
		}
}
