#include "agent/receive_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mail/hidden.h"
#include "mail/optout.h"
#include "mail/reply.h"

#define ADDRESSES 100

/* The next value of a field in a report: "rfc822; bob@globex.example". *at is where to go on. */
static bool
field(const char **at, const char *name, char *out, size_t size)
{
	const char *s = *at;
	size_t n = strlen(name), len;

	while (s != NULL && *s != '\0') {
		const char *end = strchr(s, '\n');

		if (strncasecmp(s, name, n) == 0 && s[n] == ':') {
			s += n + 1;
			s += strspn(s, " \t");
			len = strcspn(s, "\r\n");
			snprintf(out, size, "%.*s", (int)(len < size ? len : size - 1), s);
			*at = s + len;
			return true;
		}
		s = end != NULL ? end + 1 : NULL;
	}
	return false;
}

static void
add_address(struct received *x, char *value)
{
	char *s = strchr(value, ';') != NULL ? strchr(value, ';') + 1 : value;

	s += strspn(s, " \t<");
	s[strcspn(s, " \t>")] = '\0';
	for (char *p = s; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	if (strchr(s, '@') == NULL || x->naddresses == ADDRESSES)
		return;
	x->addresses = xrealloc(x->addresses, (x->naddresses + 1) * sizeof(*x->addresses));
	x->addresses[x->naddresses++] = xstrdup(s);
}

static void
add_addresses(struct received *x, const char *name)
{
	const char *at = x->mail->report;
	char value[400];

	while (at != NULL && field(&at, name, value, sizeof(value)))
		add_address(x, value);
}

static void
returned_id(struct received *x)
{
	const char *at = x->mail->original;
	char value[1000], *s, *end;

	if (at == NULL || !field(&at, "message-id", value, sizeof(value)) || (s = strchr(value, '<')) == NULL || (end = strchr(s, '>')) == NULL)
		return;
	*end = '\0';
	x->returned_id = xstrdup(s + 1);
}

static void
bounce(struct received *x)
{
	const char *at = x->mail->report;
	char value[400], status[40] = "";

	returned_id(x);
	add_addresses(x, "original-recipient");
	add_addresses(x, "final-recipient");
	if (at == NULL || !field(&at, "action", value, sizeof(value)) || strncasecmp(value, "failed", 6) != 0)
		return;
	at = x->mail->report;
	(void)field(&at, "status", status, sizeof(status));
	at = x->mail->report;
	if (field(&at, "diagnostic-code", value, sizeof(value)))
		snprintf(x->reason, sizeof(x->reason), "%.*s", (int)sizeof(x->reason) - 1, value);
	x->told.returned = *status == '4' ? "soft" : strncmp(status, "5.7.", 4) == 0 ? "ours" : "hard";
}

static const char *
kind_of(const struct mail_in *m, const char *reply)
{
	switch (m->hint) {
	case HINT_PERSON: return mail_opts_out(m->subject, reply) ? "unsubscribe" : "reply";
	case HINT_AUTO_REPLY: return "auto_reply";
	case HINT_REPORT: return m->report_type != NULL && strcmp(m->report_type, "delivery-status") == 0 ? "bounce" : "other";
	case HINT_COMPLAINT: return "complaint";
	default: return "other";
	}
}

void
receive_kind(struct received *x)
{
	x->text = mail_visible(x->mail->text);
	x->reply = mail_reply_text(x->text);
	x->told = (struct inbox_told){ .kind = kind_of(x->mail, x->reply), .automatic = x->mail->hint != HINT_PERSON, .text = x->text,
		.reply_text = x->reply };
	if (strcmp(x->told.kind, "bounce") == 0)
		bounce(x);
	else if (strcmp(x->told.kind, "complaint") == 0) {
		returned_id(x);
		add_addresses(x, "original-rcpt-to");
		add_addresses(x, "removal-recipient");
		x->told.returned = "complaint";
	}
}

void
receive_kind_clear(struct received *x)
{
	for (size_t i = 0; i < x->naddresses; i++)
		free(x->addresses[i]);
	free(x->addresses);
	free(x->returned_id);
	free(x->text);
	free(x->reply);
}
