#include "show/approval_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/table.h"

/* "Label:    text", on one line whatever is in it; nothing where there is no text. */
static void
field(struct buf *out, const char *label, const char *text)
{
	if (*text == '\0')
		return;
	buf_printf(out, "%-10s", label);
	text_line(out, text);
	buf_putc(out, '\n');
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
