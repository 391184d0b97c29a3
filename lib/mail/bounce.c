#include "mail/bounce.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/mem.h"
#include "mail/bounce_int.h"
#include "mail/parse_int.h"
#include "mail/plain.h"

#define DIAGNOSTIC_MAX 500

/* A field of a report or a header, unfolded: name and value. Returns where the next line begins; *name is empty for an empty line. */
static const char *
next_field(const char *s, struct buf *name, struct buf *value)
{
	size_t n = strcspn(s, ":\n");
	const char *end;

	buf_reset(name);
	buf_reset(value);
	if (s[n] == ':') {
		buf_add(name, s, n);
		while (name->len > 0 && strchr(" \t", name->s[name->len - 1]) != NULL)
			name->s[--name->len] = '\0';
		s += n + 1;
	} else if (n == strspn(s, " \t\r")) {
		s += n;
		return *s == '\n' ? s + 1 : s;
	}
	for (;;) {
		s += strspn(s, " \t");
		end = s + strcspn(s, "\n");
		if (value->len > 0 && end > s)
			buf_putc(value, ' ');
		buf_add(value, s, (size_t)(end - s));
		s = *end == '\n' ? end + 1 : end;
		if ((*s != ' ' && *s != '\t') || s[strspn(s, " \t\r")] == '\n')
			break;
	}
	while (value->len > 0 && strchr(" \t\r", value->s[value->len - 1]) != NULL)
		value->s[--value->len] = '\0';
	if (name->len == 0)
		buf_puts(name, "?");
	return s;
}

/* "rfc822; Bob@Globex.example", "utf-8; b\x{F6}b@globex.example" (RFC 6533, 3): the address, lower case; NULL. */
static char *
address_of(const char *value)
{
	const char *semi = strchr(value, ';'), *s = semi != NULL ? semi + 1 : value;
	struct buf b = { 0 };
	char *out;

	s += strspn(s, " \t<\"'");
	for (; *s != '\0' && strchr(" \t>\"',;", *s) == NULL; s++) {
		char *end = NULL;
		unsigned long c = strncmp(s, "\\x{", 3) == 0 ? strtoul(s + 3, &end, 16) : 0;

		if (end != NULL && *end == '}' && end - s <= 10 && c >= 0x20 && c < 0x110000 && (c < 0xd800 || c > 0xdfff)) {
			char u[4];
			size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

			for (size_t i = n; i > 1; i--, c >>= 6)
				u[i - 1] = (char)(0x80 | (c & 0x3f));
			u[0] = (char)(n == 1 ? c : (0xffu << (8 - n) & 0xffu) | c);
			buf_add(&b, u, n);
			s = end;
		} else
			buf_putc(&b, *s);
	}
	out = mail_lower(buf_steal(&b));
	if (strchr(out, '@') == NULL || strchr(out, '@') == out || strlen(out) > 320 || !utf8_ok(out, strlen(out))) {
		free(out);
		return NULL;
	}
	return out;
}

struct mail_bounce_rcpt *
bounce_add(struct mail_bounce *b)
{
	if (b->n == BOUNCE_RCPT_MAX)
		return NULL;
	b->rcpt = xrealloc(b->rcpt, (b->n + 1) * sizeof(*b->rcpt));
	b->rcpt[b->n] = (struct mail_bounce_rcpt){ 0 };
	return &b->rcpt[b->n++];
}

/* One recipient's fields, as they are collected. */
struct group {
	char *original, *final, *status, *action, *diagnostic;
};

static void
replace(char **at, char *value)
{
	free(*at);
	*at = value;
}

static void
group_clear(struct group *g)
{
	free(g->original);
	free(g->final);
	free(g->status);
	free(g->action);
	free(g->diagnostic);
	*g = (struct group){ 0 };
}

/* "smtp; 550 5.1.1 ...": without the word that says what kind of code it is. */
static char *
diagnostic_of(const char *value)
{
	const char *semi = strchr(value, ';');

	if (semi != NULL && semi - value < 20 && memchr(value, ' ', (size_t)(semi - value)) == NULL)
		value = semi + 1 + strspn(semi + 1, " ");
	return mail_clean(value, DIAGNOSTIC_MAX, false, NULL);
}

static void
group_field(struct group *g, const char *name, const char *value)
{
	if (strcasecmp(name, "Original-Recipient") == 0)
		replace(&g->original, address_of(value));
	else if (strcasecmp(name, "Final-Recipient") == 0)
		replace(&g->final, address_of(value));
	else if (strcasecmp(name, "Status") == 0)
		replace(&g->status, bounce_status(value));
	else if (strcasecmp(name, "Action") == 0)
		replace(&g->action, mail_lower(xstrndup(value, strcspn(value, " \t(;"))));
	else if (strcasecmp(name, "Diagnostic-Code") == 0)
		replace(&g->diagnostic, diagnostic_of(value));
}

/* A status that says nothing ("5.0.0") gives way to what the far side said. */
static char *
best_status(struct group *g)
{
	char *said = g->diagnostic != NULL ? bounce_status(g->diagnostic) : NULL, *s = g->status;

	if (said != NULL && (s == NULL || strcmp(s + 1, ".0.0") == 0 || (*s == *said && strcmp(s + 1, ".3.0") == 0))) {
		free(s);
		s = said;
	} else
		free(said);
	g->status = NULL;
	return s;
}

/* Takes what the group holds over into the bounce. True where it told of a recipient, in whatever state. */
static bool
group_end(struct group *g, struct mail_bounce *b)
{
	bool told = g->action != NULL || g->final != NULL || g->original != NULL;
	bool failed = g->action != NULL ? strcmp(g->action, "failed") == 0 : g->status != NULL;
	struct buf words = { 0 };
	struct mail_bounce_rcpt *r;

	if (told && (failed || (g->action != NULL && strcmp(g->action, "delayed") == 0)) && (r = bounce_add(b)) != NULL) {
		r->address = g->original != NULL ? g->original : g->final;
		if (g->original != NULL)
			g->original = NULL;
		else
			g->final = NULL;
		r->status = best_status(g);
		r->action = xstrdup(failed ? "failed" : "delayed");
		r->diagnostic = g->diagnostic;
		g->diagnostic = NULL;
		if (r->diagnostic != NULL)
			mail_plain(&words, r->diagnostic, strlen(r->diagnostic));
		bounce_judge(r, buf_str(&words));
		buf_free(&words);
	}
	group_clear(g);
	return told;
}

/* RFC 3464. 1 it came back or is late, 0 it is another report (delivered, relayed), -1 there is nobody named in it. */
static int
read_report(const char *s, struct mail_bounce *b)
{
	struct buf name = { 0 }, value = { 0 };
	struct group g = { 0 };
	bool told = false;

	while (*s != '\0') {
		s = next_field(s, &name, &value);
		if (name.len == 0)
			told = group_end(&g, b) || told;
		else
			group_field(&g, name.s, buf_str(&value));
	}
	told = group_end(&g, b) || told;
	buf_free(&name);
	buf_free(&value);
	return b->n > 0 ? 1 : told ? 0 : -1;
}

/* The value of a header's field; NULL. The caller frees. */
static char *
header_value(const char *s, const char *wanted)
{
	struct buf name = { 0 }, value = { 0 };
	char *found = NULL;

	while (s != NULL && *s != '\0' && found == NULL) {
		s = next_field(s, &name, &value);
		if (name.len > 0 && strcasecmp(name.s, wanted) == 0)
			found = xstrdup(buf_str(&value));
	}
	buf_free(&name);
	buf_free(&value);
	return found;
}

char *
bounce_id(const char *header)
{
	char *v = header_value(header, "Message-ID"), *s = v != NULL ? strchr(v, '<') : NULL, *id = NULL;
	size_t n = s != NULL ? strcspn(s + 1, "> \t<") : 0;

	if (n > 0 && n <= 900 && s[n + 1] == '>')
		id = xstrndup(s + 1, n);
	free(v);
	return id;
}

/* Where the report leaves the address out, whom the returned message went to, if that was one. */
static void
fill_address(const struct mail_in *m, struct mail_bounce *b)
{
	char *to;

	if (b->n != 1 || b->rcpt[0].address != NULL || (to = header_value(m->original, "To")) == NULL)
		return;
	if (strchr(to, ',') == NULL && strchr(to, '@') != NULL)
		b->rcpt[0].address = address_of(strchr(to, '<') != NULL ? strchr(to, '<') : to);
	free(to);
}

static void
sum_up(const struct mail_in *m, struct mail_bounce *b)
{
	b->delayed = true;
	for (size_t i = 0; i < b->n; i++) {
		b->delayed = b->delayed && strcmp(b->rcpt[i].action, "delayed") == 0;
		b->hard = b->hard || b->rcpt[i].hard;
		b->ours = b->ours || b->rcpt[i].ours;
	}
	fill_address(m, b);
	if (b->message_id == NULL && m->original != NULL)
		b->message_id = bounce_id(m->original);
	if (b->message_id == NULL) /* many set it, none needs to */
		b->message_id = xstrdup(m->in_reply_to != NULL ? m->in_reply_to : m->nreferences > 0 ? m->references[m->nreferences - 1] : NULL);
}

int
mail_bounce(const struct mail_in *m, struct mail_bounce *b)
{
	bool other = m->report_type != NULL && strcmp(m->report_type, "delivery-status") != 0;
	int r = -1;

	*b = (struct mail_bounce){ 0 };
	if (m->report != NULL && !other)
		r = read_report(m->report, b);
	if (r == -1 && !other)
		r = bounce_text(m, b);
	if (r != 1) {
		mail_bounce_clear(b);
		return 0;
	}
	sum_up(m, b);
	return 1;
}

void
mail_bounce_clear(struct mail_bounce *b)
{
	for (size_t i = 0; i < b->n; i++) {
		free(b->rcpt[i].address);
		free(b->rcpt[i].status);
		free(b->rcpt[i].action);
		free(b->rcpt[i].diagnostic);
	}
	free(b->rcpt);
	free(b->message_id);
	*b = (struct mail_bounce){ 0 };
}

/* Microsoft's programme sends no report, but the message itself. */
static bool
from_microsoft(const struct mail_in *m)
{
	return m->nfrom > 0 && strcmp(m->from[0].address, "staff@hotmail.com") == 0 && m->original != NULL &&
	       strncasecmp(m->subject, "complaint about message from", 28) == 0;
}

static char *
complainer(const char *header, const char *name)
{
	char *v = header_value(header, name), *a = v != NULL ? address_of(strchr(v, '<') != NULL ? strchr(v, '<') : v) : NULL;

	free(v);
	return a;
}

int
mail_complaint(const struct mail_in *m, struct mail_complaint *c)
{
	static const char *const types[] = { "abuse", "fraud", "virus", "other", "opt-out", "opt-out-list", "unsubscribe", "dismissal",
		"miscategorized", NULL };
	bool known = false;

	*c = (struct mail_complaint){ 0 };
	if (m->report_type != NULL && strcmp(m->report_type, "feedback-report") == 0 && m->report != NULL)
		c->type = mail_lower(header_value(m->report, "Feedback-Type"));
	else if (from_microsoft(m))
		c->type = xstrdup("abuse");
	for (size_t i = 0; c->type != NULL && types[i] != NULL; i++)
		known = known || strcmp(c->type, types[i]) == 0;
	if (!known) {
		mail_complaint_clear(c);
		return 0;
	}
	c->address = complainer(m->report, "Original-Rcpt-To");
	if (c->address == NULL)
		c->address = complainer(m->report, "Removal-Recipient");
	if (c->address == NULL)
		c->address = complainer(m->original, "X-HmXmrOriginalRecipient");
	if (c->address == NULL)
		c->address = complainer(m->original, "To");
	c->message_id = bounce_id(m->original);
	return 1;
}

void
mail_complaint_clear(struct mail_complaint *c)
{
	free(c->type);
	free(c->address);
	free(c->message_id);
	*c = (struct mail_complaint){ 0 };
}
