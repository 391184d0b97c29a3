#include "show/why_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/prog.h"
#include "base/table.h"

/* One line, whatever is in it: what others wrote can't do anything to the terminal. */
static void __attribute__((format(printf, 2, 3)))
say(const char *indent, const char *fmt, ...)
{
	struct buf text = { 0 }, safe = { 0 };
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&text, fmt, ap);
	va_end(ap);
	text_line(&safe, buf_str(&text));
	printf("%s%s\n", indent, buf_str(&safe));
	buf_free(&text);
	buf_free(&safe);
}

static void
line(const char *indent, const char *text)
{
	say(indent, "%s", text);
}

static void
block(const char *indent, const char *text)
{
	struct buf safe = { 0 };

	text_safe(&safe, text, indent);
	fputs(buf_str(&safe), stdout);
	buf_free(&safe);
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
	const cJSON *m;
	const char *id;
	size_t i;

	when(row, "created_at", zone);
	printf("%-7s %-14s ", json_text(row, "id"), json_text(row, "log_type"));
	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if ((id = json_str(row, ids[i])) != NULL)
			printf("%s ", id);
	line("", json_bool(row, "erased", false) ? "(erased with its lead)" : json_text(row, "message"));
	if (json_str(row, "reasoning") != NULL) {
		printf("%18s", "");
		line("because ", json_text(row, "reasoning"));
	}
	cJSON_ArrayForEach(m, json_get(row, "memories")) {
		if (json_str(m, "key") != NULL)
			say("                  knowing ", "%s: %s (%s %s)", json_text(m, "key"), json_text(m, "value"), json_text(m, "memory_type"), json_text(m, "id"));
		else
			say("                  knowing ", "%s, forgotten since", json_text(m, "id"));
	}
}

static void
about_lead(const cJSON *o)
{
	bool named = *json_text(o, "first_name") != '\0' || *json_text(o, "last_name") != '\0';

	say("lead      ", "%s  %s%s%s%s%s <%s>, %s", json_text(o, "id"), json_text(o, "first_name"),
	    *json_text(o, "first_name") != '\0' && *json_text(o, "last_name") != '\0' ? " " : "", json_text(o, "last_name"),
	    named && *json_text(o, "company") != '\0' ? ", " : "", json_text(o, "company"), json_text(o, "email"), json_text(o, "status"));
	if (json_str(o, "status_reason") != NULL)
		line("          ", json_text(o, "status_reason"));
}

static void
about_message(const cJSON *o)
{
	say("message   ", "%s  step %d, variant %s, by %s from %s: %s", json_text(o, "id"), (int)json_num(o, "step", 0), json_text(o, "variant"),
	    json_text(o, "channel"), json_text(o, "account"), json_text(o, "status"));
	if (json_str(o, "status_reason") != NULL)
		line("          ", json_text(o, "status_reason"));
	if (json_str(o, "body") == NULL)
		return;
	line("          To: ", json_text(o, "recipient"));
	if (json_str(o, "subject") != NULL)
		line("          Subject: ", json_text(o, "subject"));
	block("          > ", json_text(o, "body"));
}

static void
about_task(const cJSON *o, const char *zone)
{
	char t[TABLE_TIME_SIZE];

	printf("task      %s  %s: %s%s%s, for %s, tried %d time%s\n", json_text(o, "id"), json_text(o, "task_type"), json_text(o, "status"),
	    json_str(o, "outcome") != NULL ? ", " : "", json_text(o, "outcome"), table_time(json_str(o, "scheduled_for"), zone, t),
	    (int)json_num(o, "tries", 0), json_num(o, "tries", 0) == 1 ? "" : "s");
	if (json_str(o, "hold_reason") != NULL)
		line("          held: ", json_text(o, "hold_reason"));
	if (json_str(o, "error_message") != NULL)
		line("          last error: ", json_text(o, "error_message"));
}

static void
about_rule(const cJSON *o)
{
	char *c = json_print(json_get(o, "condition_json"));

	say("rule      ", "%s  %s (%s), version %d, triggered %d times", json_text(o, "id"), json_text(o, "name"), json_text(o, "rule_type"), (int)json_num(o, "version", 0),
	    (int)json_num(o, "times_triggered", 0));
	line("          when ", json_str(o, "condition") != NULL ? json_text(o, "condition") : c);
	free(c);
}

static void
rules_of(const cJSON *v)
{
	const cJSON *r;

	cJSON_ArrayForEach(r, json_get(v, "rules"))
		say("                    rule ", "%s '%s' version %d", json_text(r, "id"), json_text(r, "name"), (int)json_num(r, "version", 0));
}

/* What a model was asked for, and what it said. */
static void
calls(const cJSON *list, const char *zone)
{
	const cJSON *c;

	cJSON_ArrayForEach(c, list) {
		when(c, "created_at", zone);
		if (json_get(c, "record_of") != NULL) {
			say("", "%s, %s: answered from the record, for nothing", json_text(c, "purpose"), json_text(c, "brain"));
			continue;
		}
		printf("%s, ", json_text(c, "purpose"));
		say("", "%s: %s, %.0f tokens in, %.0f cached, %.0f out, %.6f%s, %.0f ms", json_text(c, "brain"), json_text(c, "state"),
		    json_num(c, "tokens_in", 0), json_num(c, "tokens_cached", 0), json_num(c, "tokens_out", 0), json_num(c, "cost", 0),
		    strcmp(json_text(c, "state"), "reserved") == 0 ? " at most" : "", json_num(c, "latency_ms", 0));
		if (json_str(c, "error") != NULL)
			line("                  ", json_text(c, "error"));
		if (lp_verbose && json_str(c, "answer") != NULL)
			block("                  > ", json_text(c, "answer"));
	}
}

static void
decisions(const cJSON *list, const char *zone)
{
	const cJSON *d;

	cJSON_ArrayForEach(d, list) {
		when(d, "created_at", zone);
		say("", "%s: %s (%s, confidence %.2f)", json_text(d, "action"), json_text(d, "reasoning"), json_text(d, "brain"),
		    json_num(d, "confidence", 0));
	}
}

static void
verdicts(const cJSON *list, const char *zone)
{
	const cJSON *v, *member, *field;
	char *s;

	cJSON_ArrayForEach(v, list) {
		when(v, "created_at", zone);
		say("", "%s: %s%s%s%s%s", json_text(v, "stage"), json_text(v, "verdict"), *json_text(v, "hold_kind") != '\0' ? " for " : "",
		    json_text(v, "hold_kind"), *json_text(v, "reason") != '\0' ? ": " : "", json_text(v, "reason"));
		rules_of(v);
		if (!lp_verbose)
			continue;
		cJSON_ArrayForEach(member, json_get(v, "situation"))
			cJSON_ArrayForEach(field, member) {
				if (cJSON_IsObject(field) || field->string == NULL)
					continue;
				s = json_print(field);
				say("                    saw ", "%s.%s = %s", member->string, field->string, s);
				free(s);
			}
	}
}

static void
approvals(const cJSON *list, const char *zone)
{
	const cJSON *a;

	cJSON_ArrayForEach(a, list) {
		when(a, "created_at", zone);
		say("", "%s %s: %s%s%s%s%s", json_text(a, "id"), json_text(a, "status"), json_text(a, "reason"),
		    json_str(a, "decided_by") != NULL ? "; by " : "", json_text(a, "decided_by"), json_str(a, "comment") != NULL ? ": " : "", json_text(a, "comment"));
	}
}

static void
outbox(const cJSON *list, const char *zone)
{
	const cJSON *o;

	cJSON_ArrayForEach(o, list) {
		when(o, "reserved_at", zone);
		say("", "%s %s from %s to %s%s%s", json_text(o, "message_id"), json_text(o, "state"), json_text(o, "account"), json_text(o, "recipient"),
		    json_str(o, "response") != NULL ? ": " : "", json_text(o, "response"));
	}
}

static void
messages(const cJSON *list, const char *zone)
{
	const cJSON *m;

	cJSON_ArrayForEach(m, list) {
		when(m, json_str(m, "sent_at") != NULL ? "sent_at" : json_str(m, "slot_at") != NULL ? "slot_at" : "due_at", zone);
		say("", "%s %s step %d: %s%s%s%s%s", json_text(m, "id"), json_text(m, "campaign"), (int)json_num(m, "step", 0), json_text(m, "status"),
		    json_str(m, "status_reason") != NULL ? ", " : "", json_text(m, "status_reason"), json_str(m, "subject") != NULL ? ": " : "", json_text(m, "subject"));
	}
}

static void
reply_body(const cJSON *r, const char *indent)
{
	if (json_str(r, "class") != NULL)
		say(indent, "read as %s%s%s, confidence %.2f", json_text(r, "class"), json_str(r, "sentiment") != NULL ? ", " : "", json_text(r, "sentiment"),
		    json_num(r, "confidence", 0));
}

static void
about_reply(const cJSON *o)
{
	say("reply     ", "%s  %s from %s: %s", json_text(o, "id"), json_text(o, "kind"), json_text(o, "from_address"), json_text(o, "subject"));
	reply_body(o, "          ");
	block("          > ", json_text(o, "text"));
}

static void
replies(const cJSON *list, const char *zone)
{
	const cJSON *r;

	cJSON_ArrayForEach(r, list) {
		when(r, "created_at", zone);
		say("", "%s %s from %s: %s", json_text(r, "id"), json_text(r, "kind"), json_text(r, "from_address"), json_text(r, "subject"));
		reply_body(r, "                  ");
		block("                  > ", json_text(r, "text"));
	}
}

/* An account, meeting, notice, memory or enrolment: what it holds. */
static void
about_other(const cJSON *o, const char *zone)
{
	char t[TABLE_TIME_SIZE];
	const cJSON *v;
	int64_t ms;

	cJSON_ArrayForEach(v, o) {
		if (strcmp(v->string, "uuid") == 0)
			continue;
		printf("%-16s", v->string);
		if (cJSON_IsNumber(v))
			printf(" %g\n", v->valuedouble);
		else
			line(" ", strlen(v->valuestring) == LP_ISO_SIZE - 1 && lp_iso_parse(v->valuestring, &ms, NULL) == 0 ?
			    table_time(v->valuestring, zone, t) : v->valuestring);
	}
}

static void
memories(const cJSON *list, const char *zone)
{
	const cJSON *m;

	(void)zone;
	cJSON_ArrayForEach(m, list) {
		say("  ", "%s %s %s: %s", json_text(m, "id"), json_text(m, "memory_type"), json_text(m, "key"), json_text(m, "value"));
	}
}

static void
notices(const cJSON *list, const char *zone)
{
	const cJSON *n;

	cJSON_ArrayForEach(n, list) {
		when(n, "created_at", zone);
		line("", json_text(n, "title"));
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
	} parts[] = { { "messages", "Its messages", messages }, { "calls", "Models asked", calls }, { "decisions", "Decided", decisions }, { "verdicts", "Judged", verdicts },
		{ "approvals", "Approvals", approvals }, { "outbox", "On the wire", outbox }, { "replies", "Replies", replies }, { "memories", "Remembered", memories },
		{ "notices", "Notices", notices }, { "log", "Step by step", log_rows } };
	const cJSON *o;
	size_t i;

	if ((o = json_get(story, "about")) != NULL)
		about_other(o, zone);
	if ((o = json_get(story, "lead")) != NULL)
		about_lead(o);
	if ((o = json_get(story, "campaign")) != NULL)
		say("campaign  ", "%s  %s, version %d: %s", json_text(o, "id"), json_text(o, "name"), (int)json_num(o, "version", 0), json_text(o, "status"));
	if ((o = json_get(story, "task")) != NULL)
		about_task(o, zone);
	if ((o = json_get(story, "message")) != NULL)
		about_message(o);
	if ((o = json_get(story, "reply")) != NULL)
		about_reply(o);
	if ((o = json_get(story, "rule")) != NULL)
		about_rule(o);
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if ((o = json_get(story, parts[i].member)) != NULL) {
			printf("\n%s\n", parts[i].head);
			parts[i].print(o, zone);
		}
}
