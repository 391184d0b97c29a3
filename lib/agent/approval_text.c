#include "agent/approval_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/table.h"

void
text_safe(struct buf *out, const char *text, const char *indent)
{
	const char *s = text;
	size_t n;

	while (*s != '\0') {
		buf_puts(out, indent);
		for (; *s != '\0' && *s != '\n'; s += n > 0 ? n : 1) {
			if (s[0] == '\r' && s[1] == '\n') {
				n = 1;
				continue;
			}
			if ((n = text_obeyed(s)) > 0)
				buf_putc(out, '?');
			else
				buf_putc(out, *s);
		}
		buf_putc(out, '\n');
		s += *s == '\n';
	}
}

/* "Label:    text", on one line whatever is in it; nothing where there is no text. */
static void
field(struct buf *out, const char *label, const char *text)
{
	struct buf line = { 0 };
	size_t i;

	if (*text == '\0')
		return;
	buf_puts(&line, text);
	for (i = 0; i < line.len; i++)
		if (line.s[i] == '\n' || line.s[i] == '\r')
			line.s[i] = ' ';
	buf_printf(out, "%-10s", label);
	text_safe(out, line.s, "");
	buf_free(&line);
}

/* A part in brackets or after a comma, where there is one. */
static void
part(struct buf *out, const char *before, const char *text, const char *after)
{
	if (*text != '\0')
		buf_printf(out, "%s%s%s", out->len > 0 ? before : "", text, after);
}

static void
lead_line(struct buf *out, const cJSON *lead)
{
	struct buf b = { 0 };

	part(&b, "", json_text(lead, "first_name"), "");
	part(&b, " ", json_text(lead, "last_name"), "");
	part(&b, ", ", json_text(lead, "title"), "");
	part(&b, ", ", json_text(lead, "company"), "");
	part(&b, ", ", json_text(lead, "country"), "");
	part(&b, " <", json_text(lead, "email"), b.len > 0 ? ">" : "");
	if (*json_text(lead, "id") != '\0')
		buf_printf(&b, " (%s)", json_text(lead, "id"));
	field(out, "Lead:", buf_str(&b));
	buf_free(&b);
}

static void
rule_lines(struct buf *out, const cJSON *rules)
{
	const cJSON *r;

	cJSON_ArrayForEach(r, rules) {
		char *s = xasprintf("%s, version %.0f (%s)", json_text(r, "name"), json_num(r, "version", 0), json_text(r, "id"));

		field(out, "Rule:", s);
		free(s);
	}
}

static void
decision_lines(struct buf *out, const cJSON *d)
{
	const cJSON *v;
	char *s;

	if (d == NULL)
		return;
	s = xasprintf("%s (%.0f%% sure, %s)", json_text(d, "action"), 100 * json_num(d, "confidence", 0), json_text(d, "brain"));
	field(out, "Decided:", s);
	free(s);
	field(out, "Because:", json_text(d, "reasoning"));
	/* what it would be done with, where that isn't a message that is shown */
	cJSON_ArrayForEach(v, json_get(d, "data"))
		if (cJSON_IsString(v)) {
			s = xasprintf("%s: %s", v->string, v->valuestring);
			field(out, "With:", s);
			free(s);
		}
}

static void
message_lines(struct buf *out, const cJSON *m)
{
	if (m == NULL)
		return;
	buf_putc(out, '\n');
	field(out, "From:", json_text(m, "account"));
	field(out, "To:", json_text(m, "recipient"));
	field(out, "Subject:", json_text(m, "subject"));
	buf_putc(out, '\n');
	text_safe(out, json_text(m, "body"), "  ");
}

void
approval_text(struct buf *out, const cJSON *a, const char *zone)
{
	const cJSON *m = json_get(a, "message"), *reply = json_get(a, "reply");
	char when[TABLE_TIME_SIZE];
	char *s;

	field(out, "Why:", json_text(a, "reason"));
	rule_lines(out, json_get(a, "rules"));
	decision_lines(out, json_get(a, "decision"));
	lead_line(out, json_get(a, "lead"));
	if (*json_text(a, "campaign") != '\0') {
		s = json_get(m, "step") != NULL ? xasprintf("%s, step %.0f", json_text(a, "campaign"), json_num(m, "step", 0)) : xstrdup(json_text(a, "campaign"));
		field(out, "Campaign:", s);
		free(s);
	}
	if (*json_text(m, "slot_at") != '\0')
		field(out, "Planned:", table_time(json_text(m, "slot_at"), zone, when));
	field(out, "Expires:", table_time(json_str(a, "expires_at"), zone, when));
	if (strcmp(json_text(a, "status"), "open") != 0) {
		s = xasprintf("%s%s%s%s%s", json_text(a, "status"), *json_text(a, "decided_by") != '\0' ? " by " : "", json_text(a, "decided_by"),
		    *json_text(a, "comment") != '\0' ? ": " : "", json_text(a, "comment"));
		field(out, "Status:", s);
		free(s);
	}
	if (json_bool(a, "changed", false))
		field(out, "Note:", "the text was changed since this was asked for: a yes would not count for it");
	if (reply != NULL) {
		s = xasprintf("%s <%s>", json_text(reply, "from_name"), json_text(reply, "from_address"));
		buf_putc(out, '\n');
		field(out, "Wrote:", s);
		field(out, "Subject:", json_text(reply, "subject"));
		text_safe(out, json_text(reply, "text"), "  | ");
		free(s);
	}
	message_lines(out, m);
}

char *
approval_draft(const cJSON *m)
{
	const char *subject = json_str(m, "subject"), *body = json_text(m, "body");
	bool ended = *body != '\0' && body[strlen(body) - 1] == '\n';

	return xasprintf("%s%s%s%s%s", subject != NULL ? "Subject: " : "", subject != NULL ? subject : "", subject != NULL ? "\n\n" : "", body,
	    ended ? "" : "\n");
}

static bool
blank(const char *s)
{
	return s[strspn(s, " \t\r\n")] == '\0';
}

/* A text is lines; nothing in it but tabs and line ends is a control character. */
static bool
plain(const char *s)
{
	for (; *s != '\0'; s++)
		if (((unsigned char)*s < 0x20 && *s != '\n' && *s != '\t') || *s == 0x7f)
			return false;
	return true;
}

/* Line ends as we keep them. */
static char *
unix_lines(const char *text)
{
	struct buf b = { 0 };

	for (; *text != '\0'; text++)
		if (text[0] != '\r' || text[1] != '\n')
			buf_putc(&b, *text);
	return buf_steal(&b);
}

int
approval_draft_read(const char *given, const cJSON *m, char **subject, char **body, struct lp_err *err)
{
	static const char head[] = "Subject:";
	char *text, *at, *end;
	size_t n;
	int r = 0;

	*subject = *body = NULL;
	if (!utf8_ok(given, strlen(given)))
		return lp_fail(err, LP_DATA, "the text is not UTF-8");
	at = text = unix_lines(given);
	if (!plain(text))
		r = lp_fail(err, LP_DATA, "there are control characters in the text");
	else if (json_str(m, "subject") != NULL) {
		if (strncasecmp(at, head, sizeof(head) - 1) != 0)
			r = lp_fail(err, LP_DATA, "the first line of the text must be 'Subject: …', then an empty line and the body");
		else {
			at += sizeof(head) - 1;
			at += strspn(at, " \t");
			end = at + strcspn(at, "\n");
			*subject = xstrndup(at, (size_t)(end - at));
			at = end + (*end == '\n');
			if (*at == '\n')
				at++;
			else if (*at != '\0')
				r = lp_fail(err, LP_DATA, "there must be an empty line between the subject and the body");
			if (r == 0 && blank(*subject))
				r = lp_fail(err, LP_DATA, "the subject is empty");
		}
	}
	if (r == 0 && blank(at))
		r = lp_fail(err, LP_DATA, "the body is empty");
	if (r == 0) {
		for (n = strlen(at); n > 0 && isspace((unsigned char)at[n - 1]); n--)
			;
		/* as it was ended before: a trailing line end alone is no change of the text */
		*body = xasprintf("%.*s%s", (int)n, at, *json_text(m, "body") != '\0' && json_text(m, "body")[strlen(json_text(m, "body")) - 1] == '\n' ? "\n" : "");
	} else {
		free(*subject);
		*subject = NULL;
	}
	free(text);
	return r;
}

int
approval_draft_put(cJSON *a, const char *text, struct lp_err *err)
{
	cJSON *m = json_get(a, "message");
	char *subject, *body;

	if (approval_draft_read(text, m, &subject, &body, err) == -1)
		return -1;
	if (subject != NULL)
		json_set_str(m, "subject", subject);
	json_set_str(m, "body", body);
	free(subject);
	free(body);
	return 0;
}
