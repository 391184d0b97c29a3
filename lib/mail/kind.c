#include "mail/kind.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "mail/absence.h"
#include "mail/bounce.h"
#include "mail/optout.h"

static const char *const names[] = { "reply", "auto_reply", "bounce", "complaint", "unsubscribe", "other" };

const char *
mail_kind_name(enum mail_kind k)
{
	return names[k];
}

static bool
is(const char *value, const char *word)
{
	return value != NULL && strcmp(value, word) == 0;
}

static bool
starts(const char *value, const char *word)
{
	return value != NULL && strncmp(value, word, strlen(word)) == 0;
}

/* A word of a list, "oof, autoreply". */
static bool
lists(const char *value, const char *word)
{
	size_t n = strlen(word);

	for (const char *s = value; s != NULL && *s != '\0'; s += strcspn(s, ", ;"), s += strspn(s, ", ;"))
		if (strncmp(s, word, n) == 0 && strchr(", ;", s[n]) != NULL)
			return true;
	return false;
}

static const char *
sender(const struct mail_in *m)
{
	return m->nfrom > 0 ? m->from[0].address : "";
}

/* Of its sender's address: a machine's? */
static const char *
machine(const struct mail_in *m)
{
	static const char *const who[] = { "mailer-daemon@", "postmaster@", "mail-daemon@", "noreply", "no-reply", "no_reply",
		"donotreply", "do-not-reply", "do_not_reply", "nicht-antworten", "noresponder", "nepasrepondre", "ne-pas-repondre",
		"bounce@", "bounces@", "notification@", "notifications@" };

	for (size_t i = 0; i < sizeof(who) / sizeof(who[0]); i++)
		if (starts(sender(m), who[i]))
			return sender(m);
	return NULL;
}

static void
say(struct mail_kind_of *k, enum mail_kind kind, const char *what, const char *value)
{
	k->kind = kind;
	snprintf(k->reason, sizeof(k->reason), "%s%s%s", what, *value != '\0' ? ": " : "", value);
	for (size_t n = strlen(k->reason); n > 0 && n == sizeof(k->reason) - 1 && ((unsigned char)k->reason[n - 1] & 0x80) != 0; n--)
		k->reason[n - 1] = '\0'; /* cut in the middle of a character, maybe */
}

/* The header that says: don't answer this by machine. NULL: none does. */
static const char *
automatic(const struct mail_in *m, const char **value)
{
	*value = "";
	if (m->auto_submitted != NULL && !is(m->auto_submitted, "no") && !starts(m->auto_submitted, "no;") && !starts(m->auto_submitted,
	    "no ")) {
		*value = m->auto_submitted;
		return "auto-submitted";
	}
	if (m->x_autoreply != NULL)
		return m->x_autoreply;
	if (is(m->precedence, "auto_reply") || is(m->precedence, "bulk") || is(m->precedence, "junk") || is(m->precedence, "list")) {
		*value = m->precedence;
		return "precedence";
	}
	if (m->list_id != NULL) {
		*value = m->list_id;
		return "list-id";
	}
	if (m->return_path != NULL && *m->return_path == '\0') {
		*value = "<>";
		return "return-path";
	}
	if ((*value = machine(m)) != NULL)
		return "from";
	if (lists(m->auto_response_suppress, "all") || lists(m->auto_response_suppress, "autoreply")) {
		*value = m->auto_response_suppress;
		return "x-auto-response-suppress";
	}
	*value = "";
	return NULL;
}

static bool
is_report(const struct mail_in *m, struct mail_kind_of *k)
{
	struct mail_bounce b;
	struct mail_complaint c;

	if (mail_complaint(m, &c)) {
		say(k, MAIL_COMPLAINT, "feedback-type", c.type);
		mail_complaint_clear(&c);
		return true;
	}
	if (mail_bounce(m, &b)) {
		say(k, MAIL_BOUNCE, b.rcpt[0].action, b.rcpt[0].status != NULL ? b.rcpt[0].status : "");
		mail_bounce_clear(&b);
		return true;
	}
	if (m->report_type != NULL || is(m->content_type, "multipart/report")) {
		say(k, MAIL_OTHER, "report", m->report_type != NULL ? m->report_type : "");
		return true;
	}
	return false;
}

/* "Declined", with a few words: whoever asks in them to be left alone is. */
static bool
is_calendar_answer(const struct mail_in *m, const char *reply, struct mail_kind_of *k)
{
	if (!is(m->calendar_method, "REPLY") && !is(m->calendar_method, "COUNTER") && !is(m->calendar_method, "DECLINECOUNTER") &&
	    !is(m->calendar_method, "REFRESH"))
		return false;
	if (mail_opts_out(NULL, reply))
		return false;
	say(k, MAIL_OTHER, "calendar reply", m->calendar_method);
	return true;
}

/* "m88.0123456789abcdef": which of our messages it is about (store/match.h); whether it is one, is for whoever matches. */
static bool
is_tag(const char *s)
{
	size_t digits = *s == 'm' || *s == 'M' ? strspn(s + 1, "0123456789") : 0;

	return digits > 0 && s[1 + digits] == '.' && strspn(s + 2 + digits, "0123456789abcdefABCDEF") == 16 && s[18 + digits + strspn(s + 18 + digits, " ")] == '\0';
}

/* What our List-Unsubscribe address gets: the subject that it asks for, or "unsubscribe" in the address itself. */
static bool
is_unsubscribe_link(const struct mail_in *m, struct mail_kind_of *k)
{
	const char *s = m->subject + strspn(m->subject, " "), *to = m->delivered_to;

	if (strncasecmp(s, "unsubscribe", 11) == 0 && (s[11 + strspn(s + 11, " ")] == '\0' || (s[11] == ' ' && is_tag(s + 11 + strspn(s + 11, " "))))) {
		say(k, MAIL_UNSUBSCRIBE, "subject", "unsubscribe");
		return true;
	}
	for (size_t i = 0; i <= m->nto; i++, to = i <= m->nto ? m->to[i - 1].address : NULL)
		if (to != NULL && (starts(to, "unsubscribe@") || starts(to, "unsubscribe+") || strstr(to, "+unsubscribe@") != NULL)) {
			say(k, MAIL_UNSUBSCRIBE, "to", to);
			return true;
		}
	return false;
}

/* `header`: what else says that no person wrote it. */
static bool
is_auto_reply(const struct mail_in *m, const char *reply, const char *header, const char *value, struct mail_kind_of *k)
{
	if (starts(m->auto_submitted, "auto-replied") || m->x_autoreply != NULL || is(m->precedence, "auto_reply"))
		say(k, MAIL_AUTO_REPLY, header, value);
	else if (mail_absence_subject(m->subject))
		say(k, MAIL_AUTO_REPLY, "subject", m->subject);
	else if (mail_absence_says(reply, header == NULL || strcmp(header, "list-id") == 0))
		say(k, MAIL_AUTO_REPLY, "text", "says that nobody is there");
	else
		return false;
	return true;
}

/* What came by way of a list, or asks for no automatic answer, may still be a person's. */
static bool
may_be_person(const struct mail_in *m, const char *header)
{
	bool answers = m->in_reply_to != NULL || m->nreferences > 0;

	if (header == NULL || strcmp(header, "x-auto-response-suppress") == 0)
		return true;
	return answers && (strcmp(header, "list-id") == 0 || is(m->precedence, "list")) &&
	       (m->auto_submitted == NULL || starts(m->auto_submitted, "no")) && machine(m) == NULL;
}

void
mail_kind(const struct mail_in *m, const char *reply, int64_t now, struct mail_kind_of *k)
{
	const char *value, *header = automatic(m, &value);

	*k = (struct mail_kind_of){ .kind = MAIL_REPLY, .automatic = true };
	if (is_report(m, k) || is_calendar_answer(m, reply, k) || is_unsubscribe_link(m, k)) {
		k->automatic = k->kind != MAIL_UNSUBSCRIBE || header != NULL;
		return;
	}
	if (is_auto_reply(m, reply, header, value, k)) {
		k->until = mail_absence_until(reply, now);
		if (k->until == 0)
			k->until = mail_absence_until(m->subject, now);
		return;
	}
	if (!may_be_person(m, header) || m->nfrom == 0) {
		say(k, MAIL_OTHER, header != NULL ? header : "from", header != NULL ? value : "nobody");
		return;
	}
	k->automatic = header != NULL;
	if (mail_opts_out(m->subject, reply))
		say(k, MAIL_UNSUBSCRIBE, "text", "asks not to be written to again");
	else if (header != NULL)
		say(k, MAIL_REPLY, header, value);
}
