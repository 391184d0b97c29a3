#include "show/inbox_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/table.h"

static bool
is(const cJSON *o, const char *key, const char *word)
{
	return strcmp(json_text(o, key), word) == 0;
}

/* Words of the tables, as people write them. */
static void
put_words(struct buf *out, const char *s)
{
	for (; *s != '\0'; s++)
		buf_putc(out, *s == '_' ? ' ' : *s);
}

char *
inbox_said(const cJSON *row, char out[INBOX_SAID_SIZE])
{
	const char *class = json_str(row, "classification"), *kind = json_text(row, "kind");
	double sure = json_num(row, "confidence", 0);

	if (class == NULL)
		class = strcmp(kind, "reply") != 0 ? kind : json_bool(row, "automatic", false) ? "automatic" : "not judged";
	if (json_str(row, "classification") == NULL || is(row, "classified_by", "person"))
		snprintf(out, INBOX_SAID_SIZE, "%.40s", class);
	else
		snprintf(out, INBOX_SAID_SIZE, "%.40s %.0f%%", class, 100 * sure);
	for (char *s = out; *s != '\0'; s++)
		if (*s == '_')
			*s = ' ';
	return out;
}

char *
inbox_from(const cJSON *row)
{
	const char *name = json_str(row, "name"), *company = json_text(row, "company"), *lead = json_str(row, "lead_id");

	if (lead == NULL)
		return xstrdup(json_text(row, "from_address"));
	if (name == NULL)
		name = *json_text(row, "from_name") != '\0' ? json_text(row, "from_name") : json_text(row, "from_address");
	return xasprintf("%s%s%s (%s)", name, *company != '\0' ? ", " : "", company, lead);
}

static void
put_line(struct buf *out, const char *s)
{
	text_line(out, s);
	buf_putc(out, '\n');
}

static void
put_text(struct buf *out, const cJSON *item, const char *key)
{
	struct buf b = { 0 };

	buf_puts(&b, json_text(item, key));
	while (b.len > 0 && strchr(" \t\r\n", b.s[b.len - 1]) != NULL)
		b.s[--b.len] = '\0';
	if (b.len > 0)
		text_safe(out, b.s, "  ");
	buf_free(&b);
}

static void
received(struct buf *out, const cJSON *i, const char *zone, bool whole)
{
	char when[TABLE_TIME_SIZE], said[INBOX_SAID_SIZE];
	struct buf head = { 0 };

	buf_printf(&head, "---- %s  %s  ", json_text(i, "id"), table_time(json_str(i, "at"), zone, when));
	if (is(i, "kind", "own"))
		buf_printf(&head, "written by one of us, by hand (%s)", json_text(i, "from_address"));
	else {
		buf_printf(&head, "%s%s<%s>: %s", json_text(i, "from_name"), *json_text(i, "from_name") != '\0' ? " " : "", json_text(i, "from_address"), inbox_said(i, said));
		if (json_str(i, "classified_by") != NULL)
			buf_printf(&head, " (%s)", json_text(i, "classified_by"));
		if (json_str(i, "until_at") != NULL)
			buf_printf(&head, ", until %.10s", table_time(json_str(i, "until_at"), zone, when));
	}
	put_line(out, buf_str(&head));
	if (*json_text(i, "subject") != '\0') {
		buf_puts(out, "  Subject: ");
		put_line(out, json_text(i, "subject"));
	}
	put_text(out, i, whole ? "whole" : "text");
	buf_free(&head);
}

/* Who thought of the words. */
static const char *
writer(const cJSON *m)
{
	return is(m, "origin", "person") ? "written by hand" : is(m, "origin", "model") ? "by the model" : is(m, "origin", "rule") ? "by a rule" :
	    json_get(m, "step") != NULL ? "from the campaign" : "from the campaign's answers";
}

static void
sent_state(struct buf *head, const cJSON *m)
{
	if (is(m, "status", "sent"))
		buf_puts(head, "sent");
	else if (is(m, "status", "unknown"))
		buf_puts(head, "not known whether it left");
	else if (is(m, "status", "due") || is(m, "status", "planned"))
		buf_puts(head, "not sent yet");
	else
		buf_printf(head, "not sent, %s", json_text(m, "status"));
}

static void
sent(struct buf *out, const cJSON *m, const char *zone)
{
	char when[TABLE_TIME_SIZE];
	struct buf head = { 0 };

	buf_printf(&head, "---- %s  %s  ", json_text(m, "id"), table_time(json_str(m, "at"), zone, when));
	if (*json_text(m, "recipient") != '\0')
		buf_printf(&head, "to %s: ", json_text(m, "recipient"));
	sent_state(&head, m);
	if (json_get(m, "step") != NULL)
		buf_printf(&head, ", step %.0f", json_num(m, "step", 0));
	if (json_str(m, "text") != NULL)
		buf_printf(&head, ", %s", writer(m));
	if (json_str(m, "by") != NULL)
		buf_printf(&head, ", approved by %s", json_text(m, "by"));
	if (json_str(m, "status_reason") != NULL)
		buf_printf(&head, " (%s)", json_text(m, "status_reason"));
	put_line(out, buf_str(&head));
	if (*json_text(m, "subject") != '\0') {
		buf_puts(out, "  Subject: ");
		put_line(out, json_text(m, "subject"));
	}
	put_text(out, m, "text");
	if (json_str(m, "approval") != NULL)
		buf_printf(out, "  > lp-approve show %s\n", json_text(m, "approval"));
	buf_free(&head);
}

static void
meeting(struct buf *out, const cJSON *b, const char *zone)
{
	char when[TABLE_TIME_SIZE], starts[TABLE_TIME_SIZE];
	struct buf head = { 0 };

	buf_printf(&head, "---- %s  %s  meeting %s: %s, %s", json_text(b, "id"), table_time(json_str(b, "at"), zone, when), json_text(b, "status"), json_text(b, "subject"),
	    table_time(json_str(b, "text"), zone, starts));
	if (json_str(b, "status_reason") != NULL)
		buf_printf(&head, " (%s)", json_text(b, "status_reason"));
	put_line(out, buf_str(&head));
	buf_free(&head);
}

static void
head_of(struct buf *out, const cJSON *t)
{
	struct buf b = { 0 };
	char *who = inbox_from(t);

	if (json_str(t, "id") == NULL)
		return free(who);
	buf_printf(&b, "%s  %s", json_text(t, "id"), who);
	if (*json_text(t, "email") != '\0')
		buf_printf(&b, " <%s>", json_text(t, "email"));
	if (*json_text(t, "lead_status") != '\0')
		buf_printf(&b, ", %s", json_text(t, "lead_status"));
	if (*json_text(t, "campaign") != '\0')
		buf_printf(&b, "; campaign %s", json_text(t, "campaign"));
	if (is(t, "owner", "person"))
		buf_printf(&b, "; a person's%s%s", *json_text(t, "owner_reason") != '\0' ? ": " : "", json_text(t, "owner_reason"));
	put_line(out, buf_str(&b));
	buf_free(&b);
	free(who);
}

static void
waiting(struct buf *out, const cJSON *w, const char *zone)
{
	char when[TABLE_TIME_SIZE];
	struct buf b = { 0 };

	buf_printf(&b, "%s ", json_text(w, "task_id"));
	put_words(&b, json_text(w, "task_type"));
	buf_puts(&b, is(w, "waits", "approval") ? " waits for your yes" : is(w, "waits", "mend") ? " waits until something is mended" :
	    is(w, "waits", "failed") ? " failed" : is(w, "status", "running") ? " is at work" : " is to be done");
	if (json_str(w, "at") != NULL)
		buf_printf(&b, " from %s", table_time(json_str(w, "at"), zone, when));
	if (*json_text(w, "reason") != '\0')
		buf_printf(&b, ": %s", json_text(w, "reason"));
	put_line(out, buf_str(&b));
	if (json_str(w, "command") != NULL)
		buf_printf(out, "  > %s\n", json_text(w, "command"));
	buf_free(&b);
}

void
inbox_text(struct buf *out, const cJSON *t, const char *zone, bool whole)
{
	const cJSON *x;

	head_of(out, t);
	cJSON_ArrayForEach(x, json_get(t, "items")) {
		/* a step that was never written and never will be */
		if (is(x, "type", "sent") && json_str(x, "text") == NULL && !is(x, "status", "planned") && !is(x, "status", "due"))
			continue;
		if (out->len > 0)
			buf_putc(out, '\n');
		if (is(x, "type", "received"))
			received(out, x, zone, whole);
		else if (is(x, "type", "sent"))
			sent(out, x, zone);
		else
			meeting(out, x, zone);
	}
	if (cJSON_GetArraySize(json_get(t, "waits")) > 0)
		buf_putc(out, '\n');
	cJSON_ArrayForEach(x, json_get(t, "waits"))
		waiting(out, x, zone);
}
